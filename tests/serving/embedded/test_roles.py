"""The embedded serving in the roles of multi-role video QA: what it says is true of what was drawn."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from dataflow import Pipeline
from dataflow.operators.core_vision import MultiroleVideoQAGenerate
from dataflow.serving.embedded import EmbeddedVLMServing
from tests.commands import read_jsonl

GREEN, BLUE, YELLOW, WHITE, RED = (30, 140, 60), (25, 70, 190), (250, 215, 40), (255, 255, 255), (220, 20, 30)


def frame(path: Path, ground: tuple[int, int, int], mark: tuple[int, int, int] | None = None, left: int = 0) -> str:
    """A picture of one ground, with a block of another colour at so many pixels from the left."""
    image = Image.new("RGB", (160, 90), ground)
    if mark is not None:
        ImageDraw.Draw(image).rectangle((left, 30, left + 34, 64), fill=mark)
    image.save(path)
    return str(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was made of three drawn clips, and the discussion."""
    folder = tmp_path_factory.mktemp("roles")
    clips = [
        [frame(folder / "a.png", BLUE, YELLOW, 0), frame(folder / "b.png", BLUE, YELLOW, 125)],
        [frame(folder / "c.png", GREEN), frame(folder / "d.png", GREEN)],
        [frame(folder / "e.png", WHITE, RED, 62)],
    ]
    given = [{"Meta": "drawn", "Clips": [{"Frames_Images": paths} for paths in clips]}]
    operator = MultiroleVideoQAGenerate(EmbeddedVLMServing(), num_qa=60, provenance=True)
    (row,) = Pipeline([operator]).run(given, folder / "out").rows()
    (told,) = read_jsonl(folder / "out/pipeline_step1.discussion.jsonl")
    return row, told


def answer(row: dict[str, Any], question: str) -> tuple[str, list[int]]:
    (pair,) = [pair for pair in row["QA"] if pair["Question"] == question]
    return pair["Answer"], pair["Clip"]


@pytest.mark.parametrize(
    ("question", "reply", "clips"),
    [
        ("Which colour fills most of the picture in clip 1?", "The picture is mostly blue.", [1]),
        ("Which colour fills most of the picture in clip 2?", "The picture is mostly green.", [2]),
        ("Which colours are seen in clip 1 apart from blue?", "There is yellow.", [1]),
        ("Which colours are seen in clip 3 apart from white?", "There is red.", [3]),
        (
            "Where does most of the yellow go in clip 1?",
            "At first it is at the left edge, at last at the right edge.",
            [1],
        ),
        ("Where in the picture is most of the red in clip 3?", "It is in the middle.", [3]),
        ("How does the main colour change from clip 1 to clip 2?", "It changes from blue to green.", [1, 2]),
        ("Which clip of the video is the brightest?", "Clip 3 is.", [1, 2, 3]),
        ("In which part of the video is blue seen?", "In clip 1.", [1]),
        ("Is the video wider than it is high?", "Yes, it is in landscape format.", [1, 2, 3]),
    ],
)
def test_what_was_drawn_is_asked_and_answered(made: Any, question: str, reply: str, clips: list[int]) -> None:
    assert answer(made[0], question) == (reply, clips)


def test_nothing_is_said_that_was_not_drawn(made: Any) -> None:
    seen = {1: {"blue", "yellow"}, 2: {"green"}, 3: {"white", "red"}}
    for pair in made[0]["QA"]:
        allowed = set().union(*(seen[clip] for clip in pair["Clip"]))
        named = set(re.findall(r"\b(blue|yellow|green|white|red|black|orange|grey|brown|purple)\b", str(pair)))
        assert named <= allowed, pair


def test_experts_are_called_for_what_is_there_and_the_master_ends_when_all_is_asked(made: Any) -> None:
    rounds = made[1]["rounds"]
    assert [[expert["role"] for expert in one["call"]["experts"]] for one in rounds] == [
        ["Colour analyst", "Light analyst", "Composition analyst"],
        ["Continuity analyst"],
        [],
    ]
    for one in rounds[:2]:
        assert {decision["action"] for decision in one["decisions"]} == {"add"}
        assert all(decision["result"] for decision in one["decisions"])


def test_labels_are_those_that_the_prompt_lists(made: Any) -> None:
    assert {pair["Label"] for pair in made[0]["QA"]} == {"style", "content", "sequence"}
