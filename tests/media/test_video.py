"""Every plan returns the exact frames asked for, with their true times, whatever the codec and the container."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dataflow.media.plan import parse_plan
from dataflow.media.video import VideoFrames, planned_frames, read_frames
from tests.media.media_clips import CLIPS, Clip, read_number, uniform_numbers

by_name = pytest.mark.parametrize("clip", CLIPS, ids=[clip.name for clip in CLIPS])


def numbers(video: VideoFrames, clip: Clip) -> list[int]:
    """The numbers that the frames show, counted from the first that is not cut away."""
    return [read_number(frame.data) - clip.hidden for frame in video.frames]


@by_name
@pytest.mark.parametrize("count", [1, 7, 16])
def test_uniform_takes_the_frames_at_the_midpoints(clips, clip, count):
    video = read_frames(clips[clip.name], parse_plan(f"uniform:{count}"))
    times = clip.times()
    expected = uniform_numbers(times, count, video.duration)
    assert numbers(video, clip) == expected
    assert [frame.index for frame in video.frames] == expected
    assert [frame.time for frame in video.frames] == pytest.approx([times[number] for number in expected], abs=0.001)


@by_name
def test_asking_for_more_frames_than_there_are_gives_each_once(clips, clip):
    video = read_frames(clips[clip.name], parse_plan("uniform:5000"))
    assert numbers(video, clip) == list(range(len(clip.times())))
    assert video.total_frames == len(clip.times())


@by_name
def test_a_steady_rate_takes_the_frames_then_on_screen(clips, clip):
    video = read_frames(clips[clip.name], parse_plan("fps:4:100"))
    times = clip.times()
    targets = np.arange(0, video.duration - 1e-6, 0.25)
    expected = sorted({max(number for number, time in enumerate(times) if time <= at + 0.0006) for at in targets})
    assert numbers(video, clip) == expected


@by_name
@pytest.mark.parametrize("plan", ["uniform:6:keyframe", "keyframes:4"])
def test_keyframe_plans_report_the_number_and_time_of_what_they_took(clips, clip, plan):
    video = read_frames(clips[clip.name], parse_plan(plan))
    times = clip.times()
    assert video.frames
    assert numbers(video, clip) == [frame.index for frame in video.frames]
    assert [frame.time for frame in video.frames] == pytest.approx(
        [times[frame.index] for frame in video.frames], abs=0.001
    )


def test_keyframes_are_those_of_the_encoder(clips):
    video = read_frames(clips["gop30.mp4"], parse_plan("keyframes:100"))
    assert [frame.index for frame in video.frames] == [0, 30, 60]


def test_the_nearest_keyframe_is_taken(clips):
    video = read_frames(clips["gop30.mp4"], parse_plan("uniform:2:keyframe"))
    assert [frame.index for frame in video.frames] == [30, 60]  # midpoints 22.5 and 67.5


def test_uneven_frames_are_taken_by_time_not_by_number(clips):
    video = read_frames(clips["uneven.mp4"], parse_plan("uniform:10"))
    assert [frame.index for frame in video.frames] != [9 * part + 4 for part in range(10)]
    assert 40 in [frame.index for frame in video.frames]  # on screen during the pause of 0.6 s


def test_a_rotated_clip_is_shown_upright(clips):
    video = read_frames(clips["rotated.mp4"], parse_plan("uniform:1"))
    assert (video.width, video.height) == (192, 128)
    assert (video.frames[0].width, video.frames[0].height) == (192, 128)


def test_wide_pixels_are_made_square(clips):
    video = read_frames(clips["wide_pixels.mkv"], parse_plan("uniform:1"))
    assert (video.width, video.height) == (192, 128)


def test_frames_without_usable_timestamps_are_numbered_and_that_is_said(clips):
    video = read_frames(clips["raw.h264"], parse_plan("uniform:3"))
    assert any("no usable timestamps" in note for note in video.notes)


@pytest.mark.parametrize("name", ["gop30.mp4", "h264.avi", "dropped_unevenly.avi", "dropped_mpeg4.avi"])
def test_an_ordinary_file_has_no_notes(clips, name):
    assert read_frames(clips[name], parse_plan("uniform:3")).notes == ()


@pytest.mark.parametrize("name", ["dropped.avi", "dropped_unevenly.avi", "dropped_mjpeg.avi"])
def test_what_was_dropped_from_an_avi_leaves_its_gap(clips, name):
    clip = next(clip for clip in CLIPS if clip.name == name)
    video = read_frames(clips[name], parse_plan("uniform:5000"))
    assert [frame.time for frame in video.frames] == pytest.approx(clip.times(), abs=0.001)
    assert video.duration == pytest.approx(clip.times()[-1] + 3 / 50, abs=0.05)


def test_arrays_show_the_same_frames_as_jpeg(clips):
    plan = parse_plan("uniform:4")
    arrays = read_frames(clips["gop30.mp4"], plan, encode="rgb")
    jpegs = read_frames(clips["gop30.mp4"], plan, quality=95)
    assert arrays.frames[0].data.shape == (128, 192, 3)
    assert arrays.frames[0].data.dtype == np.uint8
    for array, jpeg in zip(arrays.frames, jpegs.frames, strict=True):
        picture = np.asarray(Image.open(io.BytesIO(jpeg.data)), dtype=int)
        assert abs(picture - array.data).mean() < 4


def test_the_longer_side_is_bounded_and_nothing_is_enlarged(clips):
    small = read_frames(clips["gop30.mp4"], parse_plan("uniform:1"), max_side=96).frames[0]
    assert (small.width, small.height) == (96, 64)
    assert Image.open(io.BytesIO(small.data)).size == (96, 64)
    same = read_frames(clips["gop30.mp4"], parse_plan("uniform:1"), max_side=4000).frames[0]
    assert (same.width, same.height) == (192, 128)


def test_a_pixel_budget_per_frame_gives_multiples_of_28(clips):
    frame = read_frames(clips["gop30.mp4"], parse_plan("uniform:1"), max_pixels=12000).frames[0]
    assert (frame.width % 28, frame.height % 28) == (0, 0)
    assert frame.width * frame.height <= 12000
    assert Image.open(io.BytesIO(frame.data)).size == (frame.width, frame.height)


def test_a_pixel_budget_for_the_video_is_shared_by_its_frames(clips):
    video = read_frames(clips["gop30.mp4"], parse_plan("uniform:8"), max_video_pixels=60000)
    assert sum(frame.width * frame.height for frame in video.frames) <= 60000
    assert len(video.frames) == 8


@pytest.mark.parametrize("plan", ["uniform:5", "uniform:3:keyframe", "fps:2:4", "shots:1:8"])
def test_the_frames_that_a_plan_would_take_are_known_without_decoding_them(clips, plan):
    video = read_frames(clips["gop30.mp4"], parse_plan(plan))
    assert planned_frames(clips["gop30.mp4"], parse_plan(plan)) == [(frame.index, frame.time) for frame in video.frames]
