from __future__ import annotations

import asyncio
from pathlib import Path

import av
import numpy as np
import pytest

from dataflow.core.errors import MediaError
from dataflow.media.probe import probe
from dataflow.viewer.preview import how_to_play_job, preview_job
from dataflow.viewer.preview_cache import PreviewCache
from tests.media.media_clips import Clip
from tests.viewer.clips import FPS, SECONDS, make_clip

COLOUR = (200, 60, 40)


def colour_of(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24")
    return np.asarray(frame[2:40, 200:].mean(axis=(0, 1)))


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("h264.mp4", "direct"),
        ("h264.mov", "direct"),
        ("vp9.webm", "direct"),
        ("h264.ts", "remux"),
        ("h264.mkv", "remux"),
        ("h264.avi", "transcode"),
        ("mpeg4.avi", "transcode"),
        ("hevc.mp4", "transcode"),
        ("hevc.mkv", "transcode"),
    ],
)
def test_a_preview_shows_the_same_pictures_for_as_long(tmp_path: Path, name: str, how: str) -> None:
    clip = make_clip(tmp_path / name, COLOUR)
    assert how_to_play_job(str(clip))["how"] == how
    if how == "direct":
        return
    assert preview_job(str(clip), str(tmp_path / "preview.mp4")) == how
    info = probe(tmp_path / "preview.mp4")
    assert (info.codec, info.width, info.height, info.frames) == ("h264", 320, 180, FPS * SECONDS)
    assert info.duration == pytest.approx(SECONDS, abs=0.1)
    assert np.abs(colour_of(tmp_path / "preview.mp4") - COLOUR).max() < 12


def test_a_preview_of_a_recording_whose_clock_shows_hours_begins_at_once(tmp_path: Path) -> None:
    clip = Clip("late.ts", "libx264", frames=60, options={"g": "30"}, first_tick=200_000).make(tmp_path)
    assert preview_job(str(clip), str(tmp_path / "preview.mp4")) == "remux"
    with av.open(str(tmp_path / "preview.mp4")) as container:
        times = sorted(frame.time for frame in container.decode(video=0))
    assert (len(times), times[0], times[-1]) == (60, 0, pytest.approx(59 / 30, abs=0.001))


def test_a_preview_keeps_the_sound(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "mpeg4.avi", sound=True)
    preview_job(str(clip), str(tmp_path / "preview.mp4"))
    with av.open(str(tmp_path / "preview.mp4")) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        samples = sum(frame.samples for frame in container.decode(audio=0))
    assert samples / 48000 == pytest.approx(SECONDS, abs=0.15)


def test_a_large_clip_is_made_smaller_and_sides_are_even(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "mpeg4.avi", size=(1214, 402))
    preview_job(str(clip), str(tmp_path / "preview.mp4"))
    info = probe(tmp_path / "preview.mp4")
    assert (info.width, info.height) == (960, 318)


def test_a_torn_clip_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "h264.ts")
    clip.write_bytes(clip.read_bytes()[:-2000])
    preview_job(str(clip), str(tmp_path / "preview.mp4"))
    assert probe(tmp_path / "preview.mp4").frames >= 5


def test_what_is_no_video_has_no_preview(tmp_path: Path) -> None:
    (tmp_path / "x.avi").write_bytes(bytes(range(256)) * 40)
    with pytest.raises(MediaError):
        how_to_play_job(str(tmp_path / "x.avi"))


def test_a_preview_is_made_once_and_the_oldest_go_first(tmp_path: Path) -> None:
    clips = [make_clip(tmp_path / f"mpeg4_{number}.avi") for number in range(3)]

    async def make() -> None:
        cache = PreviewCache(tmp_path / "cache", max_bytes=1)
        first, again = await asyncio.gather(cache.get(clips[0]), cache.get(clips[0]))
        assert (first, cache.made) == (again, 1)
        second = await cache.get(clips[1])
        assert second.exists() and not first.exists()  # there is room for the newest alone
        cache.max_bytes = 10**9
        await cache.get(clips[0])
        assert {file.name for file in cache.folder.iterdir()} == {first.name, second.name}

    asyncio.run(make())


def test_a_clip_that_cannot_be_decoded_leaves_nothing_behind(tmp_path: Path) -> None:
    broken = tmp_path / "broken.avi"
    broken.write_bytes(b"RIFF" + bytes(5000))

    async def make() -> None:
        cache = PreviewCache(tmp_path / "cache")
        with pytest.raises(MediaError):
            await cache.get(broken)
        assert list(cache.folder.iterdir()) == []

    asyncio.run(make())
