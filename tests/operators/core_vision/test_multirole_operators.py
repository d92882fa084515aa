"""The four operators of multi-role video QA: what they read, write, and ask."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from dataflow import Pipeline
from dataflow.core import InputError, UsageError
from dataflow.operators.core_vision import (
    MultiroleVideoQAFinalGenerator,
    MultiroleVideoQAGenerate,
    MultiroleVideoQAInitialGenerator,
    MultiroleVideoQAMultiAgentGenerator,
)
from dataflow.serving.embedded import EmbeddedVLMServing
from dataflow.utils.storage import FileStorage
from tests.commands import read_jsonl, write_jsonl
from tests.operators.core_vision.roles import CALL, call, labels, merge, pairs, rows, stage_of, talk
from tests.operators.core_vision.runs import run, serving
from tests.servers import ModelServer

KEYS = {"input_meta_key": "Meta", "input_clips_key": "Clips", "output_key": "QA"}
PLANNED = ["draft", "call", "expert", "expert", "merge", "call", "synthesis", "labels"]


def discussion(folder: Path) -> list[dict[str, Any]]:
    return read_jsonl(folder / "cache/s_step1.discussion.jsonl")


def test_three_operators_called_as_documented_write_the_documented_fields(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script=talk())
    given = rows(tmp_path)
    source = write_jsonl(tmp_path / "in.jsonl", given)
    storage = FileStorage(str(source), str(tmp_path / "cache"), "m", "jsonl")
    llm = serving(model_server)
    init_df = MultiroleVideoQAInitialGenerator(llm_serving=llm).run(storage=storage.step(), **KEYS)
    middle_df = MultiroleVideoQAMultiAgentGenerator(llm_serving=llm, max_iterations=3).run(df=init_df, **KEYS)
    done = MultiroleVideoQAFinalGenerator(llm_serving=llm).run(storage=storage, df=middle_df, **KEYS)
    assert done.path == tmp_path / "cache/m_step2.jsonl"
    (row,) = read_jsonl(done.path)
    assert row == {
        "id": 1,
        **given[0],
        "QA": [
            {"Label": "content", "Question": "who?", "Answer": "reply to who"},
            {"Label": "style", "Question": "how cut?", "Answer": "reply to how cut"},
            {"Label": "style", "Question": "how painted?", "Answer": "reply to how painted"},
            {"Label": "content", "Question": "where then?", "Answer": "reply to where then"},
        ],
    }
    assert [list(pair) for pair in row["QA"]] == [["Label", "Question", "Answer"]] * 4
    assert [stage_of(request) for request in model_server.requests()] == PLANNED
    assert read_jsonl(source) == given
    assert (tmp_path / "cache/m_step1.jsonl").exists()


def test_the_operator_that_is_all_three_asks_the_same_and_writes_the_same(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script=talk())
    given = rows(tmp_path, 3)
    source = write_jsonl(tmp_path / "in.jsonl", given)
    llm = serving(model_server)
    one = Pipeline([MultiroleVideoQAGenerate(llm)]).run(source, tmp_path / "one")
    asked = model_server.stats()["requests"]
    stages = [MultiroleVideoQAInitialGenerator, MultiroleVideoQAMultiAgentGenerator, MultiroleVideoQAFinalGenerator]
    ledger = tmp_path / "one/ledger.sqlite"
    (tmp_path / "three").mkdir()
    shutil.copy(ledger, tmp_path / "three/ledger.sqlite")
    three = Pipeline([stage(llm) for stage in stages]).run(source, tmp_path / "three")
    assert asked == 3 * len(PLANNED) and model_server.stats()["requests"] == asked
    assert list(three.rows()) == list(one.rows())


def test_a_plain_dataframe_is_worked_on_and_the_input_stays(model_server: ModelServer, tmp_path: Path) -> None:
    import pandas as pd

    model_server.configure(answer="script", script=talk())
    given = rows(tmp_path, 2)
    for row in given:
        for clip in row["Clips"]:
            clip["Frames_Images"] = [str(tmp_path / path) for path in clip["Frames_Images"]]
    source = write_jsonl(tmp_path / "in.jsonl", given)
    frame = pd.read_json(source, lines=True)
    storage = FileStorage(str(source), str(tmp_path / "cache"), "m", "jsonl")
    done = MultiroleVideoQAGenerate(serving(model_server)).run(storage=storage, df=frame, **KEYS)
    assert done.path == tmp_path / "cache/m_step1.jsonl"
    assert [len(qa) for qa in done.dataframe()["QA"]] == [4, 4]
    assert list(frame.columns) == ["Meta", "Clips"] and read_jsonl(source) == given


def test_what_three_eager_steps_say_stands_beside_each_of_them(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script=talk())
    storage = FileStorage(str(write_jsonl(tmp_path / "in.jsonl", rows(tmp_path))), str(tmp_path / "cache"), "m")
    llm = serving(model_server)
    df = MultiroleVideoQAInitialGenerator(llm, provenance=True).run(storage=storage.step())
    df = MultiroleVideoQAMultiAgentGenerator(llm, provenance=True).run(df=df)
    MultiroleVideoQAFinalGenerator(llm, provenance=True).run(storage=storage, df=df)
    found = {path.name: set(read_jsonl(path)[0]) for path in (tmp_path / "cache").glob("*.discussion.jsonl")}
    assert found == {
        "m_step1.discussion.jsonl": {"id", "clips", "draft"},
        "m_step1_MultiroleVideoQAMultiAgentGenerator.discussion.jsonl": {"id", "clips", "rounds"},
        "m_step2.discussion.jsonl": {"id", "clips", "final"},
    }


def test_provenance_names_a_role_and_clips_for_every_pair_and_the_discussion_explains_it(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script=talk())
    given = [{"id": f"ad-{number}", **row} for number, row in enumerate(rows(tmp_path, 2))]
    done, _ = run(MultiroleVideoQAGenerate(serving(model_server), provenance=True), given, tmp_path)
    told = discussion(tmp_path)
    assert [record["id"] for record in told] == [row["id"] for row in done] == ["ad-0", "ad-1"]
    for row, record in zip(done, told, strict=True):
        assert [(pair["Source"], pair["Clip"]) for pair in row["QA"]] == [
            ({"role": "draft author", "round": 0}, [1, 2]),
            ({"role": "Cutter", "round": 1}, [2]),
            ({"role": "Painter", "round": 1}, [1]),
            ({"role": "draft author", "round": 0}, [1, 2]),
        ]
        assert [{k: v for k, v in pair.items() if k != "of"} for pair in record["final"]] == row["QA"]
        first, second = record["rounds"]
        assert [expert["role"] for expert in first["call"]["experts"]] == ["Cutter", "Painter"]
        assert [(entry["role"], len(entry["pairs"])) for entry in first["proposals"]] == [("Cutter", 1), ("Painter", 2)]
        assert [(one["action"], one["pair"], one["result"]) for one in first["decisions"]] == [
            ("add", "E1.1", "Q3"),
            ("add", "E2.1", "Q4"),
            ("drop", "E2.2", None),
            ("correct", "Q2", "Q2"),
        ]
        assert [pair["id"] for pair in first["pairs"]] == ["Q1", "Q2", "Q3", "Q4"]
        assert second["call"]["decision"] == "NO_EXPERTS" and "pairs" not in second


def test_without_provenance_there_is_no_discussion_file_and_an_old_one_goes(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script=talk())
    run(MultiroleVideoQAGenerate(serving(model_server), provenance=True), rows(tmp_path), tmp_path)
    assert discussion(tmp_path)
    (row,), _ = run(MultiroleVideoQAGenerate(serving(model_server)), [], tmp_path)
    assert not list((tmp_path / "cache").glob("*discussion*"))
    assert {tuple(pair) for pair in row["QA"]} == {("Label", "Question", "Answer")}


def test_a_pair_without_a_known_origin_is_the_editors_and_rests_on_all_clips(
    model_server: ModelServer, tmp_path: Path
) -> None:
    script = talk(call=call(), synthesis=pairs("what of it", clips=(99,)), labels=labels("theme"))
    model_server.configure(answer="script", script=script)
    (row,), _ = run(MultiroleVideoQAGenerate(serving(model_server), provenance=True), rows(tmp_path), tmp_path)
    (pair,) = row["QA"]
    assert (pair["Source"], pair["Clip"]) == ({"role": "editor", "round": 0}, [1, 2])


@pytest.mark.parametrize("operator", [MultiroleVideoQAMultiAgentGenerator, MultiroleVideoQAFinalGenerator])
def test_a_later_stage_without_its_former_one_is_an_error_before_anything_is_asked(
    model_server: ModelServer, tmp_path: Path, operator: Any
) -> None:
    with pytest.raises(InputError, match="no column 'QA'"):
        run(operator(serving(model_server)), rows(tmp_path), tmp_path)
    assert model_server.stats()["requests"] == 0


def test_the_editor_takes_pairs_that_somebody_else_has_written(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script=talk())
    own = [{"Question": "who?", "Answer": "she"}, {"Question": "how cut?", "Answer": "hard", "Label": "mine"}]
    given = [{**row, "QA": own} for row in rows(tmp_path)]
    (row,), _ = run(MultiroleVideoQAFinalGenerator(serving(model_server), provenance=True), given, tmp_path)
    assert row["QA"][0]["Source"] == {"role": "given", "round": 0}
    assert [stage_of(request) for request in model_server.requests()] == ["synthesis", "labels"]


def test_more_pairs_than_wanted_are_cut_and_a_label_left_out_is_that_of_the_author(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script=talk(labels=labels("Style")))
    (row,), _ = run(MultiroleVideoQAGenerate(serving(model_server), num_qa=2), rows(tmp_path), tmp_path)
    assert [pair["Label"] for pair in row["QA"]] == ["style", "content"]


def test_pairs_that_ask_the_same_are_left_out(model_server: ModelServer, tmp_path: Path) -> None:
    script = talk(
        expert={"Your role: Cutter": pairs("who", "how cut"), "Your role: Painter": pairs("how cut", "how painted")},
        merge=merge(("add", "E1.2"), ("add", "E2.2"), ("add", "E2.2"), ("correct", "Q1", "where?", "there")),
    )
    model_server.configure(answer="script", script=script)
    run(MultiroleVideoQAGenerate(serving(model_server), provenance=True), rows(tmp_path), tmp_path)
    (record,) = discussion(tmp_path)
    first = record["rounds"][0]
    assert [entry["left_out"][0]["reason"] for entry in first["proposals"]] == ["asked already"] * 2
    assert [one.get("note") for one in first["decisions"]] == [
        None,
        None,
        "there is no pair or open proposal 'E2.2'",
        "asked already",
    ]
    assert [pair["Question"] for pair in first["pairs"]] == ["who?", "where?", "how cut?", "how painted?"]


def test_rounds_are_bounded_and_each_sees_what_the_former_did(model_server: ModelServer, tmp_path: Path) -> None:
    experts = {f"Your role: {name}": pairs(f"ask {name}") for name in ("A", "B")}
    calls = {"This is round 1 of at most 2": call("A"), CALL: call("B")}
    script = talk(call=calls, expert=experts, merge=merge(("add", "E1.1")))
    model_server.configure(answer="script", script=script)
    run(MultiroleVideoQAGenerate(serving(model_server), max_iterations=2), rows(tmp_path), tmp_path)
    log = model_server.requests()
    assert [stage_of(request) for request in log] == [
        *("draft", "call", "expert", "merge", "call", "expert", "merge", "synthesis", "labels")
    ]
    second = log[4]["messages"][1]["content"][-1]["text"]
    assert "Round 1: A (look at A): 1 proposed; 1 added or corrected." in second and '"question":"ask A?"' in second


def test_no_rounds_leave_draft_and_editor(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script=talk())
    run(MultiroleVideoQAGenerate(serving(model_server), max_iterations=0), rows(tmp_path), tmp_path)
    assert [stage_of(request) for request in model_server.requests()] == ["draft", "synthesis", "labels"]


def test_what_is_wanted_can_be_said_in_other_words_and_all_roles_hear_it(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(answer="script", script=talk())
    given = [{**row, "brand": "ACME"} for row in rows(tmp_path)]
    operator = MultiroleVideoQAGenerate(serving(model_server), prompt_template="Ask about {brand} { only }.")
    run(operator, given, tmp_path)
    said = [request["messages"][1]["content"][-2]["text"] for request in model_server.requests()]
    assert said == ["Ask about ACME { only }."] * len(PLANNED)


@pytest.mark.parametrize(
    "setting", [{"max_frames": 0}, {"max_iterations": -1}, {"max_experts": 0}, {"num_qa": "ten"}, {"max_frames": True}]
)
def test_a_setting_that_is_no_number_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(setting))):
        MultiroleVideoQAGenerate(EmbeddedVLMServing(), **setting)


def test_every_prompt_stands_in_the_manifest(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(answer="script", script=talk())
    run(MultiroleVideoQAGenerate(serving(model_server)), rows(tmp_path), tmp_path)
    manifest = (tmp_path / "cache/run.json").read_text()
    names = ["", "_draft", "_call", "_expert", "_merge", "_synthesis", "_labels", "_correction"]
    assert all(f'"multirole{name}":' in manifest for name in names)
