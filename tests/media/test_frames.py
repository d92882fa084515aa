"""Frames for the running system: decoded in another process, once for all who want them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import numpy as np
import pytest

from dataflow.core.errors import MediaError, UsageError
from dataflow.core.loop import run_blocking
from dataflow.media.byte_cache import ByteCache
from dataflow.media.frames import CACHE, frame_bytes, media_info, video_frames
from dataflow.media.plan import Uniform
from dataflow.media.video import Frame, VideoFrames, read_frames
from tests.media.damage import DAMAGE
from tests.media.media_clips import read_number


def test_the_frames_are_those_of_read_frames(clips):
    path = clips["gop30.mp4"]
    assert run_blocking(video_frames(path, "uniform:5")) == read_frames(path, Uniform(5))


def test_the_parent_process_loads_no_decoder():
    script = "import sys, dataflow.media.frames; print({'av', 'PIL', 'numpy', 'simplejpeg'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout.strip() == b"set()"


def test_arrays_come_over_as_arrays(clips):
    video = run_blocking(video_frames(clips["gop30.mp4"], "uniform:2", encode="rgb"))
    assert all(isinstance(frame.data, np.ndarray) and frame.data.shape == (128, 192, 3) for frame in video.frames)
    assert [read_number(frame.data) for frame in video.frames] == [22, 67]


def test_a_caption_and_then_its_questions_decode_once(clips):
    before = CACHE.made
    caption = run_blocking(video_frames(clips["hevc.mp4"], "uniform:6"))
    questions = run_blocking(video_frames(str(clips["hevc.mp4"]), Uniform(6)))
    assert questions is caption
    assert CACHE.made == before + 1


def test_two_who_ask_at_once_share_one_decode(clips):
    async def both() -> list[VideoFrames]:
        return await asyncio.gather(*(video_frames(clips["vp9.webm"], "uniform:6") for _ in range(5)))

    before = CACHE.made
    assert len({id(video) for video in run_blocking(both())}) == 1
    assert CACHE.made == before + 1


def test_another_size_plan_or_content_is_decoded_anew(clips, tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(clips["gop30.mp4"].read_bytes())
    before = CACHE.made
    run_blocking(video_frames(path, "uniform:2"))
    run_blocking(video_frames(path, "uniform:3"))
    run_blocking(video_frames(path, "uniform:2", max_side=100))
    path.write_bytes(clips["gop250.mp4"].read_bytes())
    os.utime(path, ns=(1, 1))
    assert run_blocking(video_frames(path, "uniform:2")).total_frames == 400
    assert CACHE.made == before + 4


def test_one_who_gives_up_does_not_take_the_frames_from_the_other(clips):
    async def one_gives_up() -> VideoFrames:
        leaver = asyncio.ensure_future(video_frames(clips["av1.mp4"], "uniform:9"))
        stayer = asyncio.ensure_future(video_frames(clips["av1.mp4"], "uniform:9"))
        await asyncio.sleep(0)
        leaver.cancel()
        return await stayer

    assert len(run_blocking(one_gives_up()).frames) == 9


def test_a_failure_is_told_every_time_and_not_kept(clips, tmp_path):
    path = tmp_path / "sample.mp4"
    path.write_bytes(DAMAGE["no moov"](clips["gop30.mp4"].read_bytes()))
    for _ in range(2):
        with pytest.raises(MediaError, match=r"sample\.mp4 is an MP4 without its index"):
            run_blocking(video_frames(path, "uniform:4"))


def test_a_bad_plan_is_refused_before_anything_is_started():
    with pytest.raises(UsageError, match="uniform:N"):
        run_blocking(video_frames("none.mp4", "every second one"))


def test_a_video_over_its_time_fails_with_its_name(clips):
    with pytest.raises(MediaError, match=r"gop250\.mp4: given up after 0\.001 s"):
        run_blocking(video_frames(clips["gop250.mp4"], "uniform:50", timeout=0.001))


def of_size(size: int) -> VideoFrames:
    return VideoFrames((Frame(0.0, 0, bytes(size), 1, 1),), 1.0, 1.0, 1, 1, 1)


def test_the_cache_is_bounded_in_bytes_and_forgets_the_oldest_first():
    cache = ByteCache(max_bytes=1000, size=frame_bytes)

    async def use(*keys: str, size: int = 400) -> None:
        async def decode() -> VideoFrames:
            return of_size(size)

        for key in keys:
            await cache.get(key, decode)
            assert cache.held_bytes <= 1000

    asyncio.run(use("a", "b", "a", "c", "a"))
    assert cache.made == 3
    asyncio.run(use("b"))
    assert cache.made == 4
    asyncio.run(use("huge", "huge", size=5000))
    assert cache.made == 6


def test_ten_damaged_clips_among_good_ones_cost_ten(clips, tmp_path):
    """Every clip is asked for at once; the broken ones fail with their reasons, the others are all there."""
    content = clips["gop30.mp4"].read_bytes()
    for number in range(30):
        (tmp_path / f"good{number}.mp4").write_bytes(content)
    for name, harm in DAMAGE.items():
        (tmp_path / f"bad {name}.mp4").write_bytes(harm(content))
    (tmp_path / "bad folder.mp4").mkdir()
    names = [*sorted(path.name for path in tmp_path.iterdir()), "bad missing.mp4"]

    async def everything() -> list[object]:
        asked = (video_frames(tmp_path / name, "uniform:3") for name in names)
        return await asyncio.gather(*asked, return_exceptions=True)

    for name, outcome in zip(names, run_blocking(everything()), strict=True):
        if name.startswith("good"):
            assert isinstance(outcome, VideoFrames) and len(outcome.frames) == 3
        else:
            assert isinstance(outcome, MediaError) and name in str(outcome)


def test_the_facts_of_a_file_come_from_the_pool_too(clips):
    info = run_blocking(media_info(clips["gop30.mp4"]))
    assert (info.kind, info.codec, info.frames, info.keyframes) == ("video", "h264", 90, 3)
