"""Sampling plans as text, and which frames they take from an index."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core.errors import UsageError
from dataflow.media.plan import Fps, Keyframes, Plan, Shots, Uniform, parse_plan
from dataflow.media.sampling import choose_frames, thin_out
from dataflow.media.video_index import VideoIndex

counts = st.integers(1, 10_000)
rates = st.decimals("0.001", "1000", places=3).map(lambda rate: float(f"{float(rate):g}"))
plans = st.one_of(
    st.builds(Uniform, counts, st.booleans()),
    st.builds(Fps, rates, counts),
    st.builds(Keyframes, counts),
    st.builds(Shots, counts, counts),
)


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("uniform:16", Uniform(16)),
        ("uniform:8:keyframe", Uniform(8, keyframe=True)),
        ("fps:2:64", Fps(2.0, 64)),
        ("fps:0.5:10", Fps(0.5, 10)),
        ("keyframes:32", Keyframes(32)),
        ("shots:2:40", Shots(2, 40)),
        (" Uniform:016 ", Uniform(16)),
    ],
)
def test_the_forms_of_a_plan(text, plan):
    assert parse_plan(text) == plan


@given(plans)
def test_the_text_of_a_plan_names_that_plan(plan):
    assert parse_plan(str(plan)) == plan


@given(st.text(max_size=30) | st.from_regex(r"(uniform|fps|shots|keyframes)(:[0-9a-z.-]{0,6}){0,4}", fullmatch=True))
def test_any_text_is_a_plan_or_an_error_that_lists_the_plans(text):
    try:
        plan = parse_plan(text)
    except UsageError as error:
        assert "uniform:N:keyframe" in str(error)
        assert "shots:PER_SHOT:MAX" in str(error)
    else:
        assert parse_plan(str(plan)) == plan


@pytest.mark.parametrize(
    "text", ["", "uniform", "uniform:0", "uniform:-1", "uniform:16:key", "fps:0:4", "fps:2", "uniform:99999"]
)
def test_a_slip_is_refused(text):
    with pytest.raises(UsageError):
        parse_plan(text)


def steady(frames: int, keys: list[int] | None = None) -> VideoIndex:
    return VideoIndex(range(frames), frames, Fraction(1, 10), keys or [0])


def no_shots() -> list[tuple[float, float]]:
    raise AssertionError("shots are looked for only where the plan needs them")


@st.composite
def indexes(draw: st.DrawFn) -> VideoIndex:
    ticks = sorted(draw(st.sets(st.integers(-1000, 100_000), min_size=1, max_size=60)))
    keys = sorted(draw(st.sets(st.sampled_from(ticks), max_size=10)))
    return VideoIndex(ticks, ticks[-1] + draw(st.integers(1, 500)), Fraction(1, 1000), keys)


@given(plans, indexes())
def test_a_plan_takes_existing_frames_in_order_without_repeating_any(plan: Plan, index: VideoIndex):
    chosen = choose_frames(plan, index, lambda: [(0.0, index.duration / 2), (index.duration / 2, index.duration)])
    most = plan.count if isinstance(plan, Uniform) else plan.max_frames
    assert chosen
    assert chosen == sorted(set(chosen))
    assert chosen[0] >= 0 and chosen[-1] < len(index.ticks)
    assert len(chosen) <= most


@given(st.integers(1, 300), st.integers(1, 300))
def test_uniform_over_a_steady_rate_gives_as_many_frames_as_asked_or_all(count, frames):
    assert len(choose_frames(Uniform(count), steady(frames), no_shots)) == min(count, frames)


def test_a_rate_above_the_videos_own_takes_every_frame_once():
    assert choose_frames(Fps(1000, 5000), steady(30), no_shots) == list(range(30))


def test_a_rate_is_thinned_out_evenly_to_its_maximum():
    assert choose_frames(Fps(10, 3), steady(30), no_shots) == [5, 15, 25]


def test_a_rate_below_one_frame_gives_the_first():
    assert choose_frames(Fps(0.01, 8), steady(30), no_shots) == [0]


def test_shots_give_frames_of_every_shot():
    chosen = choose_frames(Shots(2, 100), steady(40), lambda: [(0.0, 1.0), (1.0, 4.0)])
    assert chosen == [2, 7, 17, 32]


def test_a_file_that_marks_no_keyframe_still_has_a_first_frame():
    index = VideoIndex(range(10), 10, Fraction(1, 10), [])
    assert choose_frames(Keyframes(4), index, no_shots) == [0]


@given(st.lists(st.integers(), max_size=50), st.integers(1, 20))
def test_thinning_out_keeps_order_and_number(items, most):
    kept = thin_out(list(enumerate(items)), most)
    assert len(kept) == min(len(items), most)
    assert kept == sorted(kept)
