"""Qwen's resize rule and the token estimates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.media.tokens import image_tokens, smart_resize, video_tokens

sides = st.integers(30, 5000)


@pytest.mark.parametrize(
    ("size", "resized"),
    [((1280, 720), (1288, 728)), ((640, 480), (644, 476)), ((448, 448), (448, 448)), ((30, 30), (56, 56))],
)
def test_sizes_round_to_multiples_of_28(size, resized):
    assert smart_resize(*size) == resized


@given(sides, sides)
def test_the_area_keeps_its_limits_and_the_shape_its_shape(width, height):
    if max(width, height) > 20 * min(width, height):
        return
    across, down = smart_resize(width, height, max_pixels=1_000_000)
    assert across % 28 == down % 28 == 0
    assert 4 * 28 * 28 <= across * down <= 1_000_000
    assert across / down == pytest.approx(width / height, rel=1.0)


def test_a_shape_that_no_model_takes_is_refused():
    with pytest.raises(ValueError, match="201x1"):
        smart_resize(201, 1)


@pytest.mark.parametrize(
    ("size", "tokens"), [((1024, 1024), 765), ((2048, 4096), 1105), ((512, 512), 255), ((100, 100), 255)]
)
def test_openai_tokens_are_those_of_its_guide(size, tokens):
    assert image_tokens(*size, family="openai") == tokens


def test_qwen_tokens_are_merged_patches_and_two_marks():
    assert image_tokens(448, 448) == 16 * 16 + 2


def test_a_video_sent_as_one_halves_its_frames():
    assert video_tokens(448, 252, 16) == 16 * image_tokens(448, 252)
    assert video_tokens(448, 252, 16, as_video=True) == 8 * (image_tokens(448, 252) - 2) + 2
