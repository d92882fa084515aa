"""The pipeline `multirole_video_qa`: its steps, settings and sample data."""

from __future__ import annotations

import pytest

from dataflow.core import UsageError
from dataflow.pipelines.multirole_video_qa import RECIPE
from dataflow.serving.embedded import EmbeddedVLMServing


def test_it_cuts_videos_and_discusses_them() -> None:
    cut, discuss = RECIPE.steps(EmbeddedVLMServing(), {})
    assert (cut.name, discuss.name) == ("VideoToClips", "MultiroleVideoQAGenerate")
    assert dict(cut.keys)["output_clips_key"] == dict(discuss.keys)["input_clips_key"] == "Clips"
    assert discuss.operator.provenance is False


def test_both_steps_are_told_other_names_of_columns() -> None:
    settings = {"input_clips_key": "Parts", "input_meta_key": "Info", "input_video_key": "film", "output_key": "pairs"}
    cut, discuss = RECIPE.steps(EmbeddedVLMServing(), settings)
    assert dict(cut.keys) == {
        "input_video_key": "film",
        "input_transcript_key": "transcript",
        "output_meta_key": "Info",
        "output_clips_key": "Parts",
    }
    assert dict(discuss.keys) == {"input_meta_key": "Info", "input_clips_key": "Parts", "output_key": "pairs"}


def test_settings_go_to_the_step_that_knows_them() -> None:
    settings = {"sampling": "fps:1:20", "max_frames": 9, "max_experts": 2, "provenance": True, "num_qa": 4}
    cut, discuss = RECIPE.steps(EmbeddedVLMServing(), settings)
    assert cut.operator.sampling == "fps:1:20"
    names = ("max_frames", "max_experts", "provenance", "num_qa")
    assert [getattr(discuss.operator, name) for name in names] == [9, 2, True, 4]


def test_an_unknown_setting_is_refused_with_its_near_misses() -> None:
    with pytest.raises(UsageError, match="did you mean 'max_frames'"):
        RECIPE.steps(EmbeddedVLMServing(), {"max_frame": 3})
