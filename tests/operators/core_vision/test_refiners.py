"""Refiners: text in the shapes in which models write it, as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow.operators.core_vision import VQARefiner, WikiQARefiner
from dataflow.utils.storage import FileStorage
from tests.commands import read_jsonl, write_jsonl
from tests.operators.core_vision.runs import run, trace

ARTICLE = (
    "Nightmare Alley is a 2021 American psychological thriller film directed by Guillermo del Toro.\n\n"
    "It is based on the novel of 1946 by William Lindsay Gresham. Critics asked many questions about its length."
)
PAIRS = [
    ("What genre does this film belong to?", "Psychological thriller"),
    ("Who directed it?", "Guillermo del Toro"),
]
RECORDS = [{"question": question, "answer": answer} for question, answer in PAIRS]


def lines(form: str, between: str = "\n\n") -> str:
    return between.join(form.format(n=number, q=q, a=a) for number, (q, a) in enumerate(PAIRS, start=1))


PAIR_SHAPES = {
    "marked": lines("Question: {q}\nAnswer: {a}"),
    "short marks": lines("Q: {q}\nA: {a}"),
    "bullets": lines("- Q: {q}\n  A: {a}"),
    "numbered marks": lines("Q{n}: {q}\nA{n}: {a}"),
    "bold": lines("**Question {n}:** {q}\n**Answer:** {a}"),
    "numbered list": lines("{n}. {q}\n   Answer: {a}"),
    "headings": lines("### Question {n}\n{q}\n\n### Answer {n}\n{a}"),
    "Ans.": lines("Q. {q}\nAns. {a}", "\n"),
    "one line": lines("Q: {q} | A: {a}", "\n"),
    "table": "| Question | Answer |\n|---|---|\n" + lines("| {q} | {a} |", "\n"),
    "tags": lines("<question>{q}</question>\n<answer>{a}</answer>"),
    "full-width": lines("问题：{q}\n答案：{a}"),
    "French spacing": lines("Question : {q}\nRéponse : {a}"),
    "CRLF": lines("Q: {q}\r\nA: {a}", "\r\n\r\n"),
    "JSON": orjson.dumps(RECORDS).decode(),
    "fenced JSON": f"```json\n{orjson.dumps({'qas': RECORDS}, option=orjson.OPT_INDENT_2).decode()}\n```",
    "trailing commas": "[" + lines('{{"Q": "{q}", "A": "{a}",}},', "\n") + "]",
    "thought first": f"<think>Q: no?\nA: no</think>\n{lines('Q: {q}' + chr(10) + 'A: {a}')}",
}
ARTICLE_SHAPES = {
    **{f"article, {name}": f"{ARTICLE}\n\n{text}" for name, text in PAIR_SHAPES.items() if name != "thought first"},
    "headed": f"# Article\n\n{ARTICLE}\n\n## Questions and Answers\n\n{PAIR_SHAPES['marked']}",
    "labelled": f"**Article:**\n{ARTICLE}\n\n---\n\n**Q&A Pairs**\n\n{PAIR_SHAPES['bullets']}",
    "chatter": f"Sure! The article:\n\n{ARTICLE}\n\nHere are the question-answer pairs:\n\n{PAIR_SHAPES['bold']}",
    "thought before": f"<think>What is it?</think>\n{ARTICLE}\n\n{PAIR_SHAPES['marked']}",
    "one object": orjson.dumps({"context": ARTICLE, "qas": RECORDS}).decode(),
    "fenced object": f"```json\n{orjson.dumps({'article': ARTICLE, 'questions': RECORDS}).decode()}\n```",
}


@pytest.mark.parametrize("shape", ARTICLE_SHAPES)
def test_an_article_with_pairs_becomes_what_the_seed_prints(tmp_path: Path, shape: str) -> None:
    (row,), failures = run(WikiQARefiner(), [{"id": 1, "vqa": ARTICLE_SHAPES[shape]}], tmp_path)
    assert failures == []
    assert row["context_vqa"] == {"context": ARTICLE, "qas": RECORDS}
    assert row["context_vqa_checks"] == {"speaks_of_image": False, "answers_in_context": [True, True]}
    assert row["vqa"] == ARTICLE_SHAPES[shape]


@pytest.mark.parametrize("shape", PAIR_SHAPES)
def test_pairs_in_text_become_a_list_of_them(tmp_path: Path, shape: str) -> None:
    (row,), failures = run(VQARefiner(), [{"vqa": PAIR_SHAPES[shape]}], tmp_path)
    assert failures == []
    assert row["vqa_pairs"] == RECORDS


@pytest.mark.parametrize("refiner", [WikiQARefiner, VQARefiner])
@pytest.mark.parametrize(
    "text", ["", "   \n", "There is nothing to ask here.", '{"error": "overloaded"}', "Question: "]
)
def test_text_without_pairs_fails_with_the_text_kept(tmp_path: Path, refiner: Any, text: str) -> None:
    rows, (failure,) = run(refiner(), [{"vqa": text}], tmp_path)
    assert rows == []
    assert (failure["kind"], failure["raw"], failure["operator"]) == ("answer", text, refiner.__name__)


@pytest.mark.parametrize("refiner", [WikiQARefiner, VQARefiner])
@pytest.mark.parametrize("around", ["{}", "<|begin_of_box|>{}<|end_of_box|>", "Great question!\n\n{}"])
def test_a_text_that_is_a_refusal_is_set_aside_as_one(tmp_path: Path, refiner: Any, around: str) -> None:
    text = around.format("I'm sorry, but I can't help with identifying people in images.")
    rows, (failure,) = run(refiner(), [{"vqa": text}], tmp_path)
    assert rows == [] and failure["kind"] == "refused"


def test_an_article_that_is_a_refusal_is_none_whatever_pairs_stand_behind_it(tmp_path: Path) -> None:
    text = f"I'm sorry, but I can't help with identifying this person.\n\n{PAIR_SHAPES['marked']}"
    rows, (failure,) = run(WikiQARefiner(), [{"vqa": text}], tmp_path)
    assert rows == [] and failure["kind"] == "refused"


def test_of_a_text_that_was_kept_although_cut_off_the_last_pair_is_left_out(tmp_path: Path) -> None:
    cut = {"vqa": ARTICLE_SHAPES["headed"][:-4], "vqa_status": "cut off by the token limit"}
    (row,), _ = run(WikiQARefiner(), [cut], tmp_path / "wiki")
    assert row["context_vqa"] == {"context": ARTICLE, "qas": RECORDS[:1]}
    (row,), _ = run(VQARefiner(), [cut], tmp_path / "vqa")
    assert row["vqa_pairs"] == RECORDS[:1]


@pytest.mark.parametrize("refiner", [WikiQARefiner, VQARefiner])
def test_a_text_that_was_cut_off_in_its_first_pair_fails_with_the_cure(tmp_path: Path, refiner: Any) -> None:
    cut = {"vqa": f"{ARTICLE}\n\nQuestion: Who directed it?\nAnswer: Guill", "vqa_status": "cut off by the token limit"}
    rows, (failure,) = run(refiner(), [cut], tmp_path)
    assert rows == [] and failure["kind"] == "cut_off" and "raise --max-tokens" in failure["message"]


@pytest.mark.parametrize("refiner", [WikiQARefiner, VQARefiner])
def test_a_field_that_is_missing_or_no_text_fails_its_sample_alone(tmp_path: Path, refiner: Any) -> None:
    good = ARTICLE_SHAPES["headed"]
    rows, failures = run(refiner(), [{"vqa": None}, {"vqa": good}, {"vqa": 7}, {"other": 1}], tmp_path)
    assert [row["id"] for row in rows] == [2]
    assert [failure["id"] for failure in failures] == [1, 3, 4]


def test_data_that_a_file_format_has_made_of_the_text_is_read_too(tmp_path: Path) -> None:
    (row,), _ = run(WikiQARefiner(), [{"vqa": {"context": ARTICLE, "qas": RECORDS}}], tmp_path)
    assert row["context_vqa"] == {"context": ARTICLE, "qas": RECORDS}


def test_pairs_without_an_article_are_no_context_vqa(tmp_path: Path) -> None:
    _, (failure,) = run(WikiQARefiner(), [{"vqa": PAIR_SHAPES["marked"]}], tmp_path)
    assert "article" in failure["message"]


JUDGED = (
    f"In this image a poster of the film is seen. {ARTICLE}\n\n"
    "Q: Who directed it?\nA: Guillermo del Toro\n\nQ: Who played in it?\nA: Bradley Cooper\n\nQ: Is it long?\nA: Yes"
)


def test_checks_stand_beside_the_data_and_filter_nothing(tmp_path: Path) -> None:
    (row,), _ = run(WikiQARefiner(), [{"vqa": JUDGED}], tmp_path, output_key="wiki")
    assert set(row["wiki"]) == {"context", "qas"} and len(row["wiki"]["qas"]) == 3
    assert row["wiki_checks"] == {"speaks_of_image": True, "answers_in_context": [True, False, None]}


def test_articles_that_speak_of_the_image_are_left_out_on_request(tmp_path: Path) -> None:
    rows, failures = run(WikiQARefiner(reject_speaks_of_image=True), [{"vqa": JUDGED}], tmp_path)
    assert rows == failures == []
    (rejected,) = read_jsonl(tmp_path / "cache/s_step1.rejected.jsonl")
    assert rejected["reason"] == "the article speaks of the image"


def test_answers_that_the_article_does_not_hold_are_left_out_on_request(tmp_path: Path) -> None:
    no_other = f"{ARTICLE}\n\nQ: Who played in it?\nA: Bradley Cooper"
    rows, _ = run(WikiQARefiner(drop_answers_not_in_context=True), [{"vqa": JUDGED}, {"vqa": no_other}], tmp_path)
    assert [pair["answer"] for pair in rows[0]["context_vqa"]["qas"]] == ["Guillermo del Toro", "Yes"]
    assert rows[0]["context_vqa_checks"]["answers_in_context"] == [True, None]
    assert len(rows) == 1
    assert len(read_jsonl(tmp_path / "cache/s_step1.rejected.jsonl")) == 1


def test_faulty_pairs_are_left_out_on_request_and_the_trace_says_why(tmp_path: Path) -> None:
    text = "Q: Who runs?\nA: a dog\n\nQ: Who runs?\nA: a cat\n\nQ: What does the caption say?\nA: nothing"
    (row,), _ = run(VQARefiner(drop_faulty=True), [{"vqa": text}], tmp_path)
    assert row["vqa_pairs"] == [{"question": "Who runs?", "answer": "a dog"}]
    assert len(trace(tmp_path)[0]["notes"]["dropped_pairs"]) == 2
    (row,), _ = run(VQARefiner(), [{"vqa": text}], tmp_path / "all")
    assert len(row["vqa_pairs"]) == 3


@pytest.mark.parametrize("kind", ["json", "jsonl", "csv", "parquet"])
def test_the_data_go_through_every_file_format(tmp_path: Path, kind: str) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", [{"vqa": ARTICLE_SHAPES["headed"]}, {"vqa": JUDGED}])
    storage = FileStorage(str(source), str(tmp_path / "cache"), "s", kind)
    WikiQARefiner().run(storage=storage.step())
    rows = list(storage.step().rows())
    assert rows[0]["context_vqa"] == {"context": ARTICLE, "qas": RECORDS}
    assert rows[1]["context_vqa_checks"]["answers_in_context"] == [True, False, None]
