"""`dataflow show`: what a thing is for, what it takes, and an example."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataflow.registry import OURS
from tests.commands import dataflow


@pytest.mark.parametrize("name", [name for kind in OURS for name in OURS[kind]])
def test_everything_of_ours_is_shown_with_an_example(name: str, tmp_path: Path) -> None:
    told = dataflow("show", name, cwd=tmp_path)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith(name) and "Example" in told.stdout and "nothing about itself" not in told.stdout


def test_an_operator_is_shown_with_what_it_hands_on_and_what_its_columns_hold(tmp_path: Path) -> None:
    told = dataflow("show", "MultiroleVideoQAFinalGenerator", cwd=tmp_path).stdout.splitlines()
    assert [line.split() for line in told if "max_frames  " in line or "output_key  " in line] == [
        ["max_frames", "32"],
        ["output_key", "QA", "output", "pairs"],
    ]


def test_an_unknown_name_has_its_near_misses(tmp_path: Path) -> None:
    told = dataflow("show", "vidoe_qa", cwd=tmp_path)
    assert told.returncode == 2 and "did you mean 'video_qa'" in told.stderr
