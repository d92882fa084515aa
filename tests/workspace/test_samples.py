"""The committed sample media decode to what `dataflow/workspace/samples/__init__.py` says they show."""

from __future__ import annotations

import itertools

import av
import numpy as np
import pytest
from PIL import Image

from dataflow.workspace.inputs import DATA
from dataflow.workspace.samples import clips, frames, pictures
from dataflow.workspace.samples.clips import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, WHITE, YELLOW

VIDEOS, IMAGES, FRAMES = DATA / "videos", DATA / "images", DATA / "frames"

# What JPEG, h264 and another FreeType may move a colour by, of 255.
TOLERANCE = 12


def decode(name: str) -> tuple[list[float], list[np.ndarray]]:
    """Times in seconds and RGB pictures of a clip."""
    with av.open(str(VIDEOS / name)) as container:
        decoded = list(container.decode(video=0))
    return [frame.time for frame in decoded], [frame.to_ndarray(format="rgb24") for frame in decoded]


def near(colour, wanted) -> bool:
    return bool(np.abs(np.asarray(colour, dtype=int) - np.asarray(wanted)).max() <= TOLERANCE)


def centre_of(picture: np.ndarray, colour) -> tuple[float, float]:
    """Where the pixels of a colour lie on average: x, y."""
    rows, columns = np.nonzero(np.abs(picture.astype(int) - np.array(colour)).max(axis=2) <= 2 * TOLERANCE)
    assert len(rows) > 1000
    return float(columns.mean()), float(rows.mean())


def test_all_sample_data_together_stay_under_two_megabytes():
    assert sum(file.stat().st_size for file in DATA.rglob("*") if file.is_file()) < 2_000_000


@pytest.mark.parametrize(
    ("name", "seconds", "sound"), [("sample1.mp4", 6, 0), ("sample2.mp4", 6, 0), ("sample3.mp4", 4, 1)]
)
def test_clips_are_h264_that_browsers_play_from_the_first_byte(name, seconds, sound):
    with av.open(str(VIDEOS / name)) as container:
        video = container.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height, float(video.average_rate)) == (640, 360, 24.0)
        assert container.duration / av.time_base == pytest.approx(seconds, abs=0.05)
        assert len(container.streams.audio) == sound
    content = (VIDEOS / name).read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize("clip", clips.CLIPS, ids=lambda clip: clip.name)
def test_every_frame_of_a_committed_clip_is_the_one_that_is_drawn(clip):
    times, decoded = decode(clip.name)
    assert len(decoded) == round(clip.seconds * clips.RATE)
    assert times == pytest.approx([number / clips.RATE for number in range(len(times))], abs=1e-3)
    for number, (drawn, picture) in enumerate(zip(clips.frames_of(clip), decoded, strict=True)):
        if number % 6 == 0:
            assert np.abs(drawn.astype(int) - picture).mean() < 4


def test_sample1_has_three_shots_of_two_seconds_and_no_other_cut():
    times, decoded = decode("sample1.mp4")
    jumps = [np.abs(a.astype(int) - b).mean() > 30 for a, b in itertools.pairwise(decoded)]
    assert [times[number + 1] for number, jump in enumerate(jumps) if jump] == pytest.approx([2.0, 4.0], abs=1e-3)
    assert [near(decoded[at][5, 5], ground) for at, ground in ((0, BLUE), (60, GREEN), (120, RED))] == [True] * 3


@pytest.mark.parametrize(
    ("name", "first", "last", "colour", "move"),
    [
        ("sample1.mp4", 2, 46, YELLOW, (1, 0)),
        ("sample1.mp4", 50, 94, WHITE, (0, 1)),
        ("sample1.mp4", 98, 142, BLACK, (-1, 0)),
        ("sample2.mp4", 50, 118, BLUE, (0, -1)),
        ("sample3.mp4", 2, 94, YELLOW, (-1, 0)),
    ],
)
def test_shapes_move_the_way_that_is_documented(name, first, last, colour, move):
    _, decoded = decode(name)
    (x0, y0), (x1, y1) = centre_of(decoded[first], colour), centre_of(decoded[last], colour)
    for moved, direction in ((x1 - x0, move[0]), (y1 - y0, move[1])):
        assert moved * direction > 150 if direction else abs(moved) < 5


def test_sample2_begins_with_dark_text_on_a_white_card_that_stands_still():
    _, decoded = decode("sample2.mp4")
    card = decoded[24]
    assert near(card[5, 5], WHITE)
    rows, columns = np.nonzero(card.max(axis=2) < 60)
    assert 0.4 < rows.mean() / 360 < 0.6 and columns.max() - columns.min() > 300
    assert np.abs(decoded[2].astype(int) - decoded[46]).mean() < 1


def test_sample2_ends_in_a_fade_to_black():
    times, decoded = decode("sample2.mp4")
    assert near(decoded[times.index(5.0) if 5.0 in times else 120][5, 5], ORANGE)
    light = [float(picture.mean()) for time, picture in zip(times, decoded, strict=True) if time >= 5.0]
    assert all(after <= before + 0.5 for before, after in itertools.pairwise(light))
    assert max(light[-4:]) < 2


def test_sample3_is_one_purple_shot_with_a_tone_of_440_hertz():
    _, decoded = decode("sample3.mp4")
    assert all(near(picture[5, 5], PURPLE) for picture in decoded)
    with av.open(str(VIDEOS / "sample3.mp4")) as container:
        rate = container.streams.audio[0].rate
        wave = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    assert len(wave) / rate == pytest.approx(4.0, abs=0.1)
    loudness = np.abs(np.fft.rfft(wave))
    assert np.fft.rfftfreq(len(wave), 1 / rate)[loudness.argmax()] == pytest.approx(440, abs=1)


@pytest.mark.parametrize(
    ("name", "size", "places"),
    [
        ("person.png", (480, 720), {(150, 250): (240, 232, 200), (240, 550): (24, 22, 26), (240, 235): (24, 22, 26)}),
        ("landscape.png", (800, 500), {(230, 220): YELLOW, (400, 3): (61, 111, 200), (200, 450): (46, 130, 62)}),
        ("street.jpg", (800, 600), {(20 + 160 * n, 400): colour for n, colour in enumerate(pictures.HOUSES)}),
    ],
)
def test_pictures_show_what_is_documented(name, size, places):
    with Image.open(IMAGES / name) as picture:
        assert picture.format == ("JPEG" if name.endswith("jpg") else "PNG")
        assert picture.size == size
        assert {place: colour for place, colour in places.items() if not near(picture.getpixel(place), colour)} == {}


def test_the_person_stands_under_a_title_in_gold():
    with Image.open(IMAGES / "person.png") as picture:
        title = np.asarray(picture)[40:110]
    rows, columns = np.nonzero(np.abs(title.astype(int) - clips.GOLD).max(axis=2) <= TOLERANCE)
    assert len(rows) > 500 and columns.max() - columns.min() > 350


def test_the_street_carries_camera_and_date():
    with Image.open(IMAGES / "street.jpg") as picture:
        assert dict(picture.getexif()) == pictures.CAMERA


def test_pictures_drawn_anew_are_the_committed_ones(tmp_path):
    pictures.draw_pictures(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(file.name for file in IMAGES.iterdir())
    for file in tmp_path.iterdir():
        with Image.open(file) as drawn, Image.open(IMAGES / file.name) as committed:
            assert np.abs(np.asarray(drawn).astype(int) - np.asarray(committed)).mean() < 2


def test_frames_are_those_of_the_clips_at_the_time_in_their_name():
    assert sorted(file.name for file in FRAMES.iterdir()) == sorted(frames.frame_name(*at) for at in frames.MOMENTS)
    for clip, second in frames.MOMENTS:
        wanted = frames.frame_at(VIDEOS / f"{clip}.mp4", second).resize(frames.SIZE)
        with Image.open(FRAMES / frames.frame_name(clip, second)) as frame:
            assert np.abs(np.asarray(wanted).astype(int) - np.asarray(frame)).mean() < 4


def test_a_clip_is_made_the_same_byte_for_byte_every_time(tmp_path):
    clip = clips.Clip("short.mp4", (clips.Shot(0.5, BLUE, YELLOW, "triangle", ((0.2, 0.5), (0.8, 0.5))),), tone=300.0)
    for name in ("a.mp4", "b.mp4"):
        clips.encode(clip, tmp_path / name)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
