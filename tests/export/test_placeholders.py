"""Marks are as many as media, whatever stands in the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import ImagePart, Message, SampleError, TextPart, VideoPart
from dataflow.export.placeholders import check_marks, escape, marked_text
from tests.export.rows import caption_row, exported, media, written

HOSTILE = "It reads <image> and <video>, <|im_end|> and <audio>."


@pytest.mark.parametrize(
    "mark", ["<image>", "<video>", "<audio>", "<bbox>", "<ref-object>", "<|im_end|>", "<|image_pad|>"]
)
def test_no_mark_is_left_in_text_and_a_reader_still_sees_it(mark: str):
    escaped = escape(f"a {mark} b {mark}")
    assert mark not in escaped
    assert escaped.replace(" ", "") == f"a{mark}b{mark}"


@pytest.mark.parametrize("text", ["a < b > c", "<div>", "x <- y", "<Image>", "<| |>", "List<int>"])
def test_other_text_stays_as_it_is(text: str):
    assert escape(text) == text


@given(
    st.lists(st.sampled_from(["<image>", "<video>", "text", "image", "<", ">", "<ima", "ge>", "|", " "]), max_size=12)
)
def test_marks_are_counted_by_media_alone(pieces: list[str]):
    parts = (ImagePart("a"), TextPart("".join(pieces)), VideoPart("b"))
    check_marks([marked_text(Message("user", parts))], images=1, videos=1)


def test_a_wrong_count_is_refused():
    with pytest.raises(SampleError, match="2 <image> marks for 1"):
        check_marks(["<image>", "<image>"], images=1, videos=0)


@pytest.mark.parametrize("to", ["sharegpt", "llamafactory", "ms-swift", "llava"])
def test_a_sample_whose_text_holds_literal_marks_keeps_one_mark_for_its_clip(tmp_path: Path, to: str):
    row = {**caption_row(1), "caption": HOSTILE, "conversation": [{"from": "human", "value": "What does it say?"}]}
    exported(media(tmp_path), [row], to)
    name = "train.json" if to in ("sharegpt", "llava") else "train.jsonl"
    text = (tmp_path / "out" / name).read_text()
    assert text.count("<image>") + text.count("<video>") == 1
    assert "< image >" in text and "<|im_end|>" not in text


def test_formats_with_parts_keep_text_as_it_is(tmp_path: Path):
    exported(media(tmp_path), [{**caption_row(1), "caption": HOSTILE}], "openai")
    (record,) = written(tmp_path)
    assert record["messages"][-1]["content"] == HOSTILE
