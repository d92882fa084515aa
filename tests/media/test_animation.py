"""Animated images as clips: GIF, PNG and WebP."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dataflow.core.errors import MediaError
from dataflow.media.plan import parse_plan
from dataflow.media.probe import probe
from dataflow.media.shots import detect_shots
from dataflow.media.video import read_frames


def write_animation(path, kind: str, durations=(100,) * 10):
    """Ever redder frames; frame n has red 20 n."""
    frames = [Image.new("RGB", (64, 48), (20 * number, 0, 0)) for number in range(10)]
    frames[0].save(path, kind, save_all=True, append_images=frames[1:], duration=list(durations), lossless=True)
    return path


def shown(video) -> list[int]:
    reds = [np.asarray(Image.open(io.BytesIO(frame.data)))[24, 32, 0] for frame in video.frames]
    return [round(red / 20) for red in reds]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_is_sampled_like_a_video(tmp_path, kind):
    path = write_animation(tmp_path / f"a.{kind.lower()}", kind)
    video = read_frames(path, parse_plan("uniform:4"))
    assert shown(video) == [frame.index for frame in video.frames] == [1, 3, 6, 8]
    assert [frame.time for frame in video.frames] == pytest.approx([0.1, 0.3, 0.6, 0.8])
    assert video.duration == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_long_frame_of_an_animation_fills_its_time(tmp_path, kind):
    path = write_animation(tmp_path / f"a.{kind.lower()}", kind, [100] * 9 + [9100])
    assert shown(read_frames(path, parse_plan("uniform:5"))) == [9]


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_the_shots_of_an_animation_are_found(tmp_path, kind):
    colours = ["red"] * 20 + ["navy"] * 20
    frames = [Image.new("RGB", (64, 48), colour) for colour in colours]
    path = tmp_path / f"a.{kind.lower()}"
    frames[0].save(path, kind, save_all=True, append_images=frames[1:], duration=[50 + at % 2 for at in range(40)])
    scan = detect_shots(path)
    assert [transition.kind for transition in scan.transitions] == ["cut"]
    assert scan.transitions[0].time == pytest.approx(1.0, abs=0.1)


def test_an_animated_webp_is_probed_as_a_video(tmp_path):
    info = probe(write_animation(tmp_path / "a.webp", "WEBP"))
    assert (info.kind, info.frames, info.width, info.height) == ("video", 10, 64, 48)


def test_a_damaged_webp_is_a_media_error(tmp_path):
    path = write_animation(tmp_path / "a.webp", "WEBP")
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(MediaError, match=r"a\.webp cannot be decoded"):
        read_frames(path, parse_plan("uniform:4"))
