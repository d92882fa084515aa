"""The sample datasets that a pipeline reads when it is given no input."""

from __future__ import annotations

import json

import pytest

from dataflow.core.errors import UsageError
from dataflow.workspace import sample_input


def rows(path):
    text = path.read_text()
    return [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)


@pytest.mark.parametrize("pipeline", ["video_caption", "video_qa", "image_vqa", "context_vqa"])
def test_the_media_of_a_sample_dataset_lie_where_it_says_relative_to_its_folder(pipeline):
    path = sample_input(pipeline)
    samples = rows(path)
    assert len(samples) == 3
    for sample in samples:
        assert sample["conversation"][0]["from"] == "human"
        media = sample.get("video", []) + sample.get("image", [])
        assert media and all((path.parent / name).is_file() for name in media)


def test_image_vqa_reads_all_three_pictures():
    names = [sample["image"][0] for sample in rows(sample_input("image_vqa"))]
    assert names == ["./images/person.png", "./images/landscape.png", "./images/street.jpg"]


def test_the_multi_role_sample_has_the_fields_of_the_documentation():
    path = sample_input("multirole_video_qa")
    for sample in rows(path):
        assert set(sample) == {"Meta", "Clips"}
        for clip in sample["Clips"]:
            assert set(clip) == {"Audio_Text", "Frames_Images", "Description"}
            assert len(clip["Frames_Images"]) == 2
            assert all((path.parent / name).is_file() for name in clip["Frames_Images"])


def test_a_pipeline_without_sample_data_is_told_to_name_its_input():
    with pytest.raises(UsageError, match=r"'my_pipeline'.*--input"):
        sample_input("my_pipeline")
