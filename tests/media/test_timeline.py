"""Timestamps that begin anew become one line of time: no frame is lost, moved or shown at another's time."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.media.plan import parse_plan
from dataflow.media.probe import probe
from dataflow.media.timeline import PartFinder, joined
from dataflow.media.video import read_frames
from tests.media.damage import wrong_time
from tests.media.media_clips import Clip, numbered_picture, read_number, write_clip

CLOCK = 2**33
STEP = 3000


def packet(pts: int, key: bool = False) -> av.Packet:
    one = av.Packet(b"x")
    one.pts = one.dts = pts
    one.is_keyframe = key
    return one


def parts_of(times: list[int], format: str = "mpegts", keys: bool = True) -> tuple[list[int], list[int]]:
    finder = PartFinder(av.ContainerFormat(format, "r"), Fraction(1, 90000))
    ticks = [finder.tick(packet(time, keys), number) for number, time in enumerate(times)]
    starts = finder.starts(len(ticks))
    return starts, joined(ticks, [STEP] * len(ticks), starts)


@given(st.lists(st.tuples(st.integers(0, CLOCK - 1), st.integers(20, 50)), min_size=1, max_size=6))
def test_parts_follow_each_other_whatever_their_clocks_show(parts):
    times = [(begin + number * STEP) % CLOCK for begin, frames in parts for number in range(frames)]
    _, line = parts_of(times)
    steps = {after - before for before, after in pairwise(line)}
    # a gap shorter than a leap stays one; a part that happens to go on where the last ended is none
    assert all(0 <= step <= 10 * 90000 for step in steps)


def test_a_clock_that_begins_again_at_0_is_no_new_part():
    times = [(CLOCK - 5 * STEP + number * STEP) % CLOCK for number in range(10)]
    assert parts_of(times)[0] == [0]


def test_a_gap_is_closed_only_where_the_clock_may_leap():
    times = [begin + number * STEP for begin in (0, 30 * 90000) for number in range(20)]
    assert parts_of(times)[0] == [0, 20]
    assert parts_of(times, "matroska") == ([0], times)


def test_slides_are_no_parts():
    times = [number * 40 * 90000 for number in range(10)]
    assert parts_of(times) == ([0], times)


def test_one_wrong_timestamp_is_no_part():
    times = [number * STEP for number in range(40)]
    assert parts_of([*times[:20], 10**7, *times[21:]], keys=False)[0] == [0]


def test_a_small_step_back_away_from_a_keyframe_is_jitter():
    assert parts_of([0, STEP, STEP - 10, 2 * STEP], keys=False)[0] == [0]
    assert parts_of([0, STEP, STEP - 10, 2 * STEP], keys=True)[0] == [0, 2]


@pytest.mark.parametrize(("name", "parts"), [("joined.mpg", 3), ("joined.ts", 3), ("leaps.ts", 3)])
def test_joined_files_are_told(clips, name, parts):
    assert f"its {parts} parts are taken one after the other" in probe(clips[name]).notes[0]


def test_a_clock_that_turns_is_nothing_to_tell(clips):
    assert probe(clips["clock_turns.ts"]).notes == ()


def test_the_frames_before_a_join_that_need_none_after_it_are_all_there(clips):
    """FFmpeg marks the last packets before a join as damaged; nothing is missing in them."""
    video = read_frames(clips["joined.ts"], parse_plan("uniform:5000"))
    assert [read_number(frame.data) for frame in video.frames] == list(range(90))
    assert [frame.time for frame in video.frames] == pytest.approx([number / 30 for number in range(90)], abs=0.001)


@pytest.mark.parametrize(("name", "block"), [("mpeg2.mpg", 2048), ("h264.ts", 188)])
def test_a_part_that_begins_in_the_middle_of_a_group_costs_only_what_cannot_be_decoded(clips, tmp_path, name, block):
    whole = clips[name].read_bytes()
    path = tmp_path / name
    path.write_bytes(whole + whole[len(whole) // 3 // block * block :])
    video = read_frames(path, parse_plan("uniform:5000"))
    numbers = [read_number(frame.data) for frame in video.frames]
    assert numbers[:88] == list(range(88))  # the rest of a torn picture can land in the last one before it
    assert numbers[90:] == list(range(numbers[90], 90)) and len(numbers) > 120
    times = [frame.time for frame in video.frames]
    assert times == sorted(set(times))


@pytest.mark.parametrize(("name", "codec"), [("a.ts", "libx264"), ("a.mpg", "mpeg2video")])
def test_parts_of_two_sizes_are_all_shown_each_in_its_own_and_that_is_told(tmp_path, name, codec):
    path, whole = tmp_path / name, b""
    for first, size in ((0, (192, 128)), (30, (256, 192))):
        write_clip(path, Clip(name, codec, frames=30, size=size, options={"bf": "2"}), first)
        whole += path.read_bytes()
    path.write_bytes(whole)
    video = read_frames(path, parse_plan("uniform:5000"))
    assert [read_number(frame.data) for frame in video.frames] == list(range(60))
    assert [(frame.width, frame.height) for frame in video.frames] == [(192, 128)] * 30 + [(256, 192)] * 30
    told = "its picture changes its size: 192x128, 256x192; every frame keeps its own"
    assert video.notes[-1] == probe(path).notes[-1] == told
    assert probe(path).width == video.width == 192


@pytest.mark.parametrize("name", ["h264.ts", "mpeg2.ts"])
def test_a_picture_with_a_wrong_timestamp_costs_itself_alone(clips, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(wrong_time(clips[name].read_bytes()))
    video = read_frames(path, parse_plan("uniform:5000"))
    numbers = [read_number(frame.data) for frame in video.frames]
    assert len(numbers) == 89 and numbers == sorted(numbers)
    assert [frame.time for frame in video.frames] == pytest.approx([number / 30 for number in numbers], abs=0.001)
    assert video.duration == pytest.approx(3, abs=0.05)
    assert video.notes == ("1 frame with a wrong timestamp left out",)


def test_a_video_that_begins_long_after_its_sound_is_not_cut_off(tmp_path):
    path = tmp_path / "late.ts"
    with av.open(str(path), "w") as out:
        sound, pictures = out.add_stream("mp2", rate=44100), out.add_stream("mpeg2video", rate=25)
        pictures.width, pictures.height, pictures.pix_fmt = 192, 128, "yuv420p"
        for number in range(25 * 44100 // 1152):
            silence = av.AudioFrame(format="s16", layout="stereo", samples=1152)
            silence.sample_rate, silence.pts = 44100, number * 1152
            out.mux(sound.encode(silence))
        for number in range(40):
            picture = av.VideoFrame.from_ndarray(numbered_picture(number, 192, 128), "rgb24")
            picture.pts = 24 * 25 + number
            out.mux(pictures.encode(picture))
        out.mux(pictures.encode(None))
    info = probe(path)
    assert (info.frames, info.notes) == (40, ())
    assert info.duration == pytest.approx(40 / 25, abs=0.001)
