"""The `image_vqa` pipeline: text as printed and the pairs in it, where it asks with its own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dataflow import Pipeline, RunOptions
from dataflow.export.columns import columns_of
from dataflow.operators.core_vision import VQARefiner
from dataflow.registry import find
from dataflow.serving import APIVLMServing_openai
from tests.commands import read_jsonl
from tests.operators.core_vision.runs import Row
from tests.pictures import make_pictures
from tests.servers import ModelServer

DOG = {"question": "What does the dog chase?", "answer": "a red ball"}
LAWN = {"question": "Where does it run?", "answer": "over the lawn"}
COUNT = {"question": "How many dogs are there?", "answer": "one"}
FAULTY = [
    {"question": "Is the red ball a ball that is red?", "answer": "red ball"},
    {"question": "what does the dog chase", "answer": "a toy"},
    {"question": "Who owns the dog?", "answer": "I'm sorry, but I can't identify people in images."},
]
CORRECTION = "cannot be used"


def text(*pairs: dict[str, str]) -> str:
    """Pairs in the form that the prompt asks for, which is that of the documentation."""
    return "\n\n".join(f"- Q: {pair['question']}\n  A: {pair['answer']}" for pair in pairs)


def image_vqa(
    server: ModelServer, folder: Path, more: list[Any] | None = None, rows: list[Row] | None = None, **settings: Any
) -> list[Row]:
    serving = APIVLMServing_openai(server.url, model_name="stub")
    steps = find("pipelines", "image_vqa").steps(serving, settings)
    given = rows or [{"image": [str(path)]} for path in make_pictures(folder / "p", 2)]
    done = Pipeline([*steps, *(more or [])]).run(given, folder, prefix="v", options=RunOptions(quiet=True))
    return list(done.rows())


def one(folder: Path, **fields: Any) -> list[Row]:
    (path,) = make_pictures(folder / "p", 1)
    return [{"image": [str(path)], **fields}]


def failure(folder: Path) -> Row:
    (found,) = read_jsonl(folder / "v_step1.failures.jsonl")
    return found


def test_the_number_of_pairs_stands_in_our_prompt_and_in_that_of_the_user(
    model_server: ModelServer, tmp_path: Path
) -> None:
    image_vqa(model_server, tmp_path / "1")
    image_vqa(model_server, tmp_path / "2", num_qa=9)
    image_vqa(model_server, tmp_path / "3", num_qa=8, prompt_template="{num_qa} pairs, please")
    sent = {request["messages"][1]["content"][1]["text"][:40] for request in model_server.requests()}
    assert any("write 3 q" in text for text in sent) and any("write 9 q" in text for text in sent)
    assert "8 pairs, please" in sent


def test_the_text_is_kept_as_printed_and_its_pairs_stand_beside_it(model_server: ModelServer, tmp_path: Path) -> None:
    said = f"Sure! Here are three question-answer pairs:\n\n{text(DOG, LAWN, COUNT)}\n\nLet me know if you need more!"
    model_server.configure(answer="script", script={".": said})
    (row,) = image_vqa(model_server, tmp_path, rows=one(tmp_path))
    assert row["vqa"] == text(DOG, LAWN, COUNT)
    assert row["vqa_pairs"] == [DOG, LAWN, COUNT]
    assert set(row) == {"id", "image", "conversation", "vqa", "vqa_pairs"}


@pytest.mark.parametrize(
    "around",
    [
        "<|begin_of_box|>{}<|end_of_box|>",
        "{}<|im_end|>",
        "{}<|eot_id|>",
        "<think>Three, then.</think>{}</s>",
        "<|channel|>analysis<|message|>- Q: What?\n  A: that<|end|><|start|>assistant<|channel|>final<|message|>{}",
    ],
)
def test_text_and_pairs_are_free_of_what_the_model_puts_around_them(
    model_server: ModelServer, tmp_path: Path, around: str
) -> None:
    model_server.configure(answer="script", script={".": around.replace("{}", text(DOG, LAWN, COUNT))})
    (row,) = image_vqa(model_server, tmp_path, rows=one(tmp_path))
    assert (row["vqa"], row["vqa_pairs"]) == (text(DOG, LAWN, COUNT), [DOG, LAWN, COUNT])


def test_pairs_with_a_fault_are_not_among_them_and_the_trace_says_why(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={".": text(DOG, *FAULTY, LAWN)})
    (row,) = image_vqa(model_server, tmp_path, rows=one(tmp_path))
    assert row["vqa_pairs"] == [DOG, LAWN] and row["vqa_status"] == "2 of 3 pairs"
    (noted,) = (line["notes"] for line in read_jsonl(tmp_path / "v_step1.trace.jsonl") if "notes" in line)
    assert [one["question"] for one in noted["dropped_pairs"]] == [pair["question"] for pair in FAULTY]
    assert len({one["reason"] for one in noted["dropped_pairs"]}) == 3


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("A brown dog runs over the lawn.", "answer"),
        (text(FAULTY[0]), "answer"),
        (text(FAULTY[2]), "refused"),
        ("I'm sorry, but I can't help with that.", "refused"),
    ],
)
def test_an_answer_without_a_usable_pair_is_corrected_once_and_then_set_aside(
    model_server: ModelServer, tmp_path: Path, said: str, kind: str
) -> None:
    model_server.configure(answer="script", script={CORRECTION: text(DOG), ".": said})
    (row,) = image_vqa(model_server, tmp_path / "mended", rows=one(tmp_path))
    assert row["vqa_pairs"] == [DOG] and model_server.stats()["requests"] == 2
    model_server.configure(script={".": said})
    assert image_vqa(model_server, tmp_path, rows=one(tmp_path)) == []
    assert (failure(tmp_path)["kind"], failure(tmp_path)["raw"]) == (kind, said)


def test_of_a_text_that_was_cut_off_the_complete_pairs_are_all_there_is(
    model_server: ModelServer, tmp_path: Path
) -> None:
    whole = text(DOG, LAWN, COUNT)
    # The endpoint cuts answers in half, here behind `A: on`.
    model_server.configure(answer="script", script={".": whole[:-1] + "x" * (len(whole) - 1)}, faults={"length": 1.0})
    (row,) = image_vqa(model_server, tmp_path, rows=one(tmp_path))
    assert (row["vqa"], row["vqa_pairs"]) == (text(DOG, LAWN), [DOG, LAWN])
    assert row["vqa_status"] == "2 of 3 pairs"
    assert model_server.stats()["requests"] == 1


def test_a_sample_that_asks_something_itself_is_answered_with_free_text(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={"dog's breed": "A terrier.", ".": text(DOG, LAWN, COUNT)})
    turns = [{"from": "human", "value": "What is the dog's breed?"}]
    asks = one(tmp_path, conversation=turns, vqa_pairs=[COUNT], vqa_status="1 of 3 pairs")
    rows = image_vqa(model_server, tmp_path, rows=[*asks, *one(tmp_path)])
    assert [row["vqa"] for row in rows] == ["A terrier.", text(DOG, LAWN, COUNT)]
    assert [row.get("vqa_pairs") for row in rows] == [None, [DOG, LAWN, COUNT]]
    assert "vqa_pairs" not in rows[0] and "vqa_status" not in rows[0]


def test_a_prompt_of_the_user_is_answered_with_free_text_unless_told_otherwise(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script={"haiku": "Red ball on green lawn.", ".": text(DOG)})
    (row,) = image_vqa(model_server, tmp_path / "1", rows=one(tmp_path), prompt_template="Write a haiku.")
    assert row["vqa"] == "Red ball on green lawn." and "vqa_pairs" not in row
    settings = {"PromptedVQAGenerator.prompt_template": "Write a pair.", "answer_form": "pairs"}
    (row,) = image_vqa(model_server, tmp_path / "2", rows=one(tmp_path), num_qa=1, **settings)
    assert row["vqa_pairs"] == [DOG]


def test_a_refiner_after_it_reads_the_text_anew(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": text(DOG, FAULTY[1], LAWN)})
    (row,) = image_vqa(model_server, tmp_path / "1", [VQARefiner(drop_faulty=True)], one(tmp_path))
    assert row["vqa_pairs"] == [DOG, LAWN]
    (row,) = image_vqa(model_server, tmp_path / "2", [VQARefiner().bind(output_key="all")], one(tmp_path))
    assert (row["vqa_pairs"], row["all"]) == ([DOG, LAWN], [DOG, FAULTY[1], LAWN])


def test_text_and_pairs_are_told_once_whatever_the_column_is_called(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script={".": text(DOG, LAWN, COUNT)})
    (row,) = image_vqa(model_server, tmp_path, rows=one(tmp_path), output_answer_key="asked")
    keys = {"input_conversation_key": "conversation", "output_answer_key": "asked"}
    columns = columns_of({"operators": [{"name": "PromptedVQAGenerator", "keys": keys}]})
    assert row["asked_pairs"] == [DOG, LAWN, COUNT]
    assert columns.filled(row) == ["asked_pairs"]


@pytest.mark.parametrize(
    "prompt", ["Generate complete QA pairs based on image content and caption.", "请根据图片生成问答对。"]
)
def test_a_conversation_that_asks_for_pairs_in_its_own_words_gets_them_listed(
    prompt: str, model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script=[f"Sure! Here you are:\n\n{text(DOG, LAWN)}"])
    (row,) = image_vqa(model_server, tmp_path, rows=one(tmp_path, conversation=[{"from": "human", "value": prompt}]))
    assert row["vqa"] == text(DOG, LAWN)
    assert row["vqa_pairs"] == [DOG, LAWN]


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("Answer the question: what is the dog doing?", "It chases a red ball over the lawn."),
        ("Describe the picture of Qatar.", text(DOG)),
    ],
)
def test_any_other_conversation_is_answered_with_text_alone(
    prompt: str, answer: str, model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script=[answer])
    (row,) = image_vqa(model_server, tmp_path, rows=one(tmp_path, conversation=[{"from": "human", "value": prompt}]))
    assert row["vqa"] == answer
    assert "vqa_pairs" not in row
    assert len(model_server.requests()) == 1
