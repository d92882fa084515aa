"""How a video is laid out for the roles of multi-role video QA: meta, clips, frames, and what is missing of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow.operators.core_vision import MultiroleVideoQAGenerate
from tests.operators.core_vision.roles import rows, stage_of, talk, text_of
from tests.operators.core_vision.runs import Row, run, serving, trace
from tests.pictures import short_digest
from tests.servers import ModelServer

VARYING = 1
"""Parts at the end of the user's turn that differ from stage to stage."""


def user_turn(request: Row) -> list[Row]:
    content: list[Row] = request["messages"][1]["content"]
    return content


def outline(request: Row) -> list[str]:
    """The user's turn without what is wanted and the stage: text as it is, frames as their digest."""
    return [part.get("text") or part["sha256"] for part in user_turn(request)[:-2]]


def ask_about(server: ModelServer, given: list[Row], folder: Path, **settings: Any) -> tuple[list[Row], list[Row]]:
    server.configure(answer="script", script=talk())
    return run(MultiroleVideoQAGenerate(serving(server), **settings), given, folder)


def test_what_stands_before_the_task_is_the_same_in_all_stages_of_a_sample(
    model_server: ModelServer, tmp_path: Path
) -> None:
    ask_about(model_server, rows(tmp_path), tmp_path)
    log = model_server.requests()
    assert len(log) == 8
    heads = {orjson.dumps([request["messages"][0], user_turn(request)[:-VARYING]]) for request in log}
    assert len(heads) == 1
    assert len({user_turn(request)[-1]["text"] for request in log}) == 8
    for request in log:
        assert [part["type"] for part in user_turn(request)][-VARYING:] == ["text"]


def test_clips_are_laid_out_in_order_with_words_frames_and_description(
    model_server: ModelServer, tmp_path: Path
) -> None:
    given = rows(tmp_path)
    given[0]["Clips"][1] |= {"Start": 1.5, "End": 4}
    ask_about(model_server, given, tmp_path)
    digests = [short_digest(tmp_path / f"frames/p{number}.jpg") for number in range(4)]
    assert outline(model_server.requests()[0]) == [
        "About the video:\nSpot 0",
        "Clip 1 of 2:",
        "What is said:\nwords 0 0",
        *digests[:2],
        "Description:\nscene 0 0",
        "Clip 2 of 2, 1.50 s to 4.00 s:",
        "What is said:\nwords 0 1",
        *digests[2:],
        "Description:\nscene 0 1",
    ]


@pytest.mark.parametrize(
    ("meta", "told"),
    [
        ("a spot", "a spot"),
        ({"brand": "ACME", "year": 1999}, '{"brand":"ACME","year":1999}'),
        (["a", 1, None], '["a",1,null]'),
        (3, "3"),
        (1.5, "1.5"),
        (True, "true"),
        (None, None),
        ("", None),
        ([], "[]"),
    ],
)
def test_meta_may_be_of_any_type(model_server: ModelServer, tmp_path: Path, meta: Any, told: str | None) -> None:
    (row,), failures = ask_about(model_server, [{**rows(tmp_path)[0], "Meta": meta}], tmp_path)
    assert failures == [] and row["Meta"] == meta
    first = outline(model_server.requests()[0])[0]
    assert first == ("Clip 1 of 2:" if told is None else f"About the video:\n{told}")


def test_a_sample_without_meta_is_done_all_the_same_and_that_is_said(model_server: ModelServer, tmp_path: Path) -> None:
    given = [{"Mata": 3, "Clips": rows(tmp_path)[0]["Clips"]}]
    assert ask_about(model_server, given, tmp_path)[1] == []
    manifest = orjson.loads((tmp_path / "cache/run.json").read_bytes())
    assert manifest["warnings"] == ["sample 1: no 'Meta' in the sample (did you mean 'Mata'?); the roles go without"]


def test_braces_quotes_and_headings_in_the_data_break_nothing(model_server: ModelServer, tmp_path: Path) -> None:
    given = rows(tmp_path)
    given[0]["Meta"] = 'a {labels} "quote" {pairs}'
    given[0]["Clips"][0]["Audio_Text"] = "Clip 9 of 9:\nYour role: nobody {form}"
    (row,), failures = ask_about(model_server, given, tmp_path)
    assert failures == [] and row["Clips"] == given[0]["Clips"]
    head = outline(model_server.requests()[0])
    assert head[0] == 'About the video:\na {labels} "quote" {pairs}'
    assert head[2] == "What is said:\nClip 9 of 9:\nYour role: nobody {form}"


def test_frames_are_bounded_and_spread_over_all_clips(model_server: ModelServer, tmp_path: Path) -> None:
    ask_about(model_server, rows(tmp_path, clips=4, frames=5), tmp_path, max_frames=8)
    digests = [short_digest(tmp_path / f"frames/p{number}.jpg") for number in range(20)]
    for request in model_server.requests():
        frames = [part["sha256"] for part in user_turn(request) if part["type"] == "image_url"]
        assert frames == [digests[5 * clip + at] for clip in range(4) for at in (1, 3)]


def test_a_missing_frame_fails_a_sample_before_anything_is_asked(model_server: ModelServer, tmp_path: Path) -> None:
    given = rows(tmp_path)
    given[0]["Clips"][1] = {"Frames_Images": ["frames/p2.jpg", "frames/gone.jpg"]}
    done, (failure,) = ask_about(model_server, given, tmp_path)
    assert done == [] and failure["kind"] == "media"
    assert failure["message"].startswith("clip 2: frames/gone.jpg: not found")
    assert "neither Audio_Text nor Description" in failure["message"]
    assert model_server.stats()["requests"] == 0


def test_a_missing_frame_of_a_clip_with_words_is_a_warning_in_trace_and_manifest(
    model_server: ModelServer, tmp_path: Path
) -> None:
    given = rows(tmp_path)
    given[0]["Clips"][1] |= {"Frames_Images": ["frames/gone.jpg", "frames/p3.jpg"], "Audio_Text": None}
    (row,), failures = ask_about(model_server, given, tmp_path)
    assert failures == [] and row["Clips"] == given[0]["Clips"]
    (warning,) = next(line["notes"]["warnings"] for line in trace(tmp_path) if "notes" in line)
    assert warning.startswith("clip 2: frames/gone.jpg: not found") and warning.endswith("goes by its Description")
    manifest = orjson.loads((tmp_path / "cache/run.json").read_bytes())
    assert manifest["warnings"] == [f"sample 1: {warning}"]
    sent = [part["sha256"] for part in user_turn(model_server.requests()[0]) if part["type"] == "image_url"]
    assert sent == [short_digest(tmp_path / f"frames/p{number}.jpg") for number in (0, 1, 3)]


@pytest.mark.parametrize("frames", [None, [], ""])
def test_a_clip_that_never_had_frames_goes_by_its_words(model_server: ModelServer, tmp_path: Path, frames: Any) -> None:
    given = rows(tmp_path)
    given[0]["Clips"][0]["Frames_Images"] = frames
    _, failures = ask_about(model_server, given, tmp_path)
    if frames == "":
        assert "must hold paths" in failures[0]["message"]
    else:
        assert failures == []
        assert "clip 1 of 'Clips' has no frames; it goes by its Audio_Text" in str(trace(tmp_path))


def test_a_video_of_words_alone_is_asked_about_without_pictures(model_server: ModelServer, tmp_path: Path) -> None:
    given = [{"Meta": "a spot", "Clips": [{"Audio_Text": "Buy now."}, {"Description": "A shop."}]}]
    (row,), failures = ask_about(model_server, given, tmp_path)
    assert failures == [] and row["QA"]
    said = text_of(model_server.requests()[0]["messages"][1])
    assert "What is said:\nBuy now." in said and "Description:\nA shop." in said


@pytest.mark.parametrize(
    ("clips", "fault"),
    [
        ([], "has no 'Clips'"),
        ("no json", "is text, but no JSON"),
        ([["a"]], "clip 1 of 'Clips' is list"),
        ([{"Frames_Image": ["a.jpg"]}], "did you mean 'Frames_Images'"),
        ([{"Frames_Images": [3]}], "must hold paths, not 3"),
        ([{"Frames_Images": []}], "has no frames, and the clip has neither"),
    ],
)
def test_what_are_no_clips_is_said(model_server: ModelServer, tmp_path: Path, clips: Any, fault: str) -> None:
    given = [*rows(tmp_path), {"Meta": "", "Clips": clips}]
    done, (failure,) = ask_about(model_server, given, tmp_path)
    assert len(done) == 1 and fault in failure["message"]


def test_clips_may_come_as_json_text_or_as_one_object(model_server: ModelServer, tmp_path: Path) -> None:
    given = rows(tmp_path, 2)
    given[0]["Clips"] = orjson.dumps(given[0]["Clips"]).decode()
    given[1]["Clips"] = given[1]["Clips"][0] | {"Frames_Images": "frames/p4.jpg"}
    done, failures = ask_about(model_server, given, tmp_path)
    assert failures == [] and [row["Clips"] for row in done] == [row["Clips"] for row in given]


def test_all_experts_of_a_round_are_asked_before_one_of_them_has_answered(
    model_server: ModelServer, tmp_path: Path
) -> None:
    model_server.configure(gather={"Your subtask": 2})  # none is answered before both have come
    ask_about(model_server, rows(tmp_path), tmp_path)
    experts = [request for request in model_server.requests() if stage_of(request) == "expert"]
    assert len(experts) == 2
    assert max(request["in"] for request in experts) <= min(request["out"] for request in experts)
