"""Which rule a model's name stands for, and what the published rules say of images of known sizes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.media.tokens.families import ASSUMED, MEASURED, rule_of
from dataflow.media.tokens.internvl import INTERNVL
from dataflow.media.tokens.qwen import QWEN2, QWEN3, smart_resize

MODELS = [
    *("gpt-4o", "gpt-4o-mini", "gpt-4.1-mini", "gpt-5", "gpt-5.2", "gpt-5.4", "gpt-6-sol", "o3", "o4-mini"),
    *("gemini-2.5-flash", "gemini-3-pro-preview", "gemma-3-27b-it", "claude-sonnet-4-5", "claude-opus-4-8"),
    *("Qwen/Qwen2.5-VL-7B-Instruct", "Qwen/Qwen3-VL-8B-Instruct", "OpenGVLab/InternVL3-8B", "house-model"),
]


@pytest.mark.parametrize(
    ("model", "size", "tokens"),
    [
        # OpenAI, "Images and vision", "Calculating costs": the guide's own examples and its table of numbers
        ("gpt-4o", (1024, 1024), 765),
        ("gpt-4o-2024-08-06", (2048, 4096), 1105),
        ("gpt-4o", (512, 512), 85 + 170),
        ("openai/gpt-4.1", (1024, 1024), 765),
        ("gpt-4o-mini", (1024, 1024), 2833 + 4 * 5667),
        ("gpt-5", (1024, 1024), 70 + 4 * 140),
        ("gpt-5.1", (1024, 1024), 70 + 4 * 140),
        ("gpt-5-chat-latest", (512, 512), 70 + 140),
        ("o3", (1024, 1024), 75 + 4 * 150),
        ("gpt-4.1-mini", (1024, 1024), 1659),  # 1,024 patches x 1.62
        ("gpt-4.1-nano", (1800, 2400), 3572),  # 1,452 patches x 2.46
        ("gpt-5-mini-2025-08-07", (1800, 2400), 2353),
        ("gpt-5.4-nano", (1024, 1024), 2520),
        ("o4-mini", (1024, 1024), 1762),
        ("gpt-5.4", (640, 480), 360),
        ("gpt-6-astra", (1280, 720), 1104),
        ("gpt-6-sol", (2048, 2048), 4916),  # as it is; 5.4 would bring it down to 2,500 patches
        ("gpt-5.4", (2048, 2048), 3000),
        # Vertex AI, "Image understanding"; Gemini API, "Image understanding": 6 tiles for 960x540
        ("gemini-2.5-flash", (384, 384), 258),
        ("google/gemini-2.5-pro", (960, 540), 6 * 258),
        ("gemini-2.0-flash", (1536, 1536), 4 * 258),
        ("gemini-2.0-flash", (448, 252), 2 * 258),
        ("gemini-3-pro-preview", (448, 252), 1120),
        ("google/gemma-3-12b-it", (4000, 3000), 256),
        # Claude Docs, "Vision": 28x28 patches; what users measured of its limits
        ("claude-sonnet-4-5", (1000, 1000), 1296),
        ("claude-haiku-4-5-20251001", (1092, 1092), 1521),
        ("claude-sonnet-4-5", (4000, 4000), 1521),
        ("claude-opus-4-7", (1932, 1932), 4761),
        ("claude-opus-4-6", (1932, 1932), 1521),
        ("us.anthropic.claude-opus-5-20260101-v1:0", (1932, 1932), 4761),
        # Qwen's processors
        ("Qwen/Qwen2.5-VL-7B-Instruct", (448, 448), 16 * 16 + 2),
        ("Qwen/Qwen3-VL-8B-Instruct", (1024, 1024), 32 * 32 + 2),
        ("qwen3-vl-plus", (100, 100), 64 + 2),
        # InternVL 1.5, section 3.2
        ("OpenGVLab/InternVL2_5-8B", (448, 448), 256 + 2),
        ("OpenGVLab/InternVL3-8B", (896, 448), 3 * 256 + 2),
        ("OpenGVLab/InternVL3-8B", (1792, 1344), 13 * 256 + 2),
    ],
)
def test_an_image_takes_what_the_published_rule_of_the_family_says(
    model: str, size: tuple[int, int], tokens: int
) -> None:
    assert rule_of(model).image(*size) == tokens


def test_families_are_known_by_name_wherever_it_stands_and_a_name_that_none_has_is_said_to_be_assumed() -> None:
    assert rule_of("/models/Qwen3-VL-4B/") is QWEN3
    assert rule_of("qwen-vl-max") is rule_of("Qwen/Qwen2-VL-2B-Instruct") is QWEN2
    assert rule_of("OpenGVLab/InternVL3-8B", "vllm") is INTERNVL
    assert rule_of("anything", "embedded") is rule_of("embedded") is MEASURED
    assert rule_of("house-model") is rule_of("") is ASSUMED
    assert "not known" in ASSUMED.name and ASSUMED.image(448, 448) == QWEN2.image(448, 448)
    assert MEASURED.image(2000, 2000) == 0


@given(model=st.sampled_from(MODELS), width=st.integers(1, 9000), height=st.integers(1, 9000))
def test_any_size_has_a_count_and_no_count_is_beyond_what_the_family_takes(model: str, width: int, height: int) -> None:
    tokens = rule_of(model).image(width, height)
    # the dearest: 4o-mini's twelve tiles, 10,000 patches times 1.2, Qwen's 16,384
    assert 0 < tokens <= 2833 + 12 * 5667


@given(
    model=st.sampled_from([model for model in MODELS if "InternVL" not in model]),  # its grids favour the upright
    side=st.integers(16, 4000),
    shape=st.floats(0.3, 3),
)
def test_turning_an_image_changes_nothing(model: str, side: int, shape: float) -> None:
    rule, other = rule_of(model), max(16, round(side * shape))
    assert rule.image(side, other) == pytest.approx(rule.image(other, side), rel=0.03)


def test_frames_count_as_images_unless_they_are_sent_as_one_video() -> None:
    for model in MODELS:
        rule = rule_of(model)
        assert rule.frames(448, 252, 16) == 16 * rule.image(448, 252)
    assert QWEN2.frames(448, 252, 16, as_video=True) == 8 * 16 * 9 + 2
    assert QWEN3.frames(448, 252, 15, as_video=True) == 8 * (14 * 8 + 9)
    assert INTERNVL.frames(448, 252, 16, as_video=True) == 16 * 258
    assert rule_of("gpt-4o").frames(448, 252, 16, as_video=True) == 16 * 255


@pytest.mark.parametrize(
    ("size", "resized"),
    [((1280, 720), (1288, 728)), ((640, 480), (644, 476)), ((448, 448), (448, 448)), ((30, 30), (56, 56))],
)
def test_qwens_sizes_round_to_multiples_of_28(size: tuple[int, int], resized: tuple[int, int]) -> None:
    assert smart_resize(*size) == resized


@given(st.integers(30, 5000), st.integers(30, 5000))
def test_qwens_area_keeps_its_limits_and_the_shape_its_shape(width: int, height: int) -> None:
    if max(width, height) > 20 * min(width, height):
        return
    across, down = smart_resize(width, height, max_pixels=1_000_000)
    assert across % 28 == down % 28 == 0
    assert 4 * 28 * 28 <= across * down <= 1_000_000
    assert across / down == pytest.approx(width / height, rel=1.0)


def test_a_shape_that_no_model_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="201x1"):
        smart_resize(201, 1)


@pytest.mark.parametrize(
    ("model", "detail", "size", "tokens"),
    [
        ("gpt-4o", "low", (1024, 1024), 85),
        ("gpt-4o", "low", (10, 10), 85),
        ("gpt-4o-mini", "low", (2048, 2048), 2833),
        ("openai/gpt-4o-2024-11-20", "low", (1024, 1024), 85),
        ("gpt-4o", "high", (1024, 1024), 765),
        ("gpt-4o", "auto", (1024, 1024), 765),
        ("o3", "low", (1024, 1024), 75),
        ("gpt-5", "low", (1024, 1024), 70),
        ("gpt-4.1-mini", "low", (1024, 1024), 415),  # 16 x 16 patches of 32 pixels, times 1.62
        ("gpt-4.1-mini", "high", (1024, 1024), 1659),
        ("gpt-5.5", "high", (4000, 4000), 3000),  # at most 2500 patches, times 1.2
        ("gpt-5.4", "original", (3200, 3200), 12_000),  # 100 x 100 patches, times 1.2
    ],
)
def test_the_detail_counts_for_models_that_heed_it(model: str, detail: str, size: tuple[int, int], tokens: int) -> None:
    assert rule_of(model, detail=detail).image(*size) == tokens


@pytest.mark.parametrize("model", ["Qwen2.5-VL-7B", "gemini-2.5-flash", "claude-sonnet-4-5"])
def test_other_models_heed_no_detail(model: str) -> None:
    assert rule_of(model, detail="low").image(900, 700) == rule_of(model).image(900, 700)
