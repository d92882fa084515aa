"""What is in a file, and a sheet of its frames to look at."""

from __future__ import annotations

import av
import pytest
from PIL import Image

from dataflow.core.errors import MediaError, OutputError, UsageError
from dataflow.media.contact_sheet import contact_sheet
from dataflow.media.plan import Uniform
from dataflow.media.probe import MediaInfo, probe
from dataflow.media.video import read_frames
from tests.media.damage import DAMAGE, audio_only
from tests.media.pictures import encoded, exif_of


@pytest.mark.parametrize(
    ("name", "codec", "keyframes"),
    [("gop30.mp4", "h264", 3), ("hevc.mp4", "hevc", 3), ("vp9.webm", "vp9", 3), ("intra.mov", "mjpeg", 90)],
)
def test_the_facts_of_a_video(clips, name, codec, keyframes):
    info = probe(clips[name])
    assert (info.kind, info.codec, info.frames, info.keyframes) == ("video", codec, 90, keyframes)
    assert (info.width, info.height) == (192, 128)
    assert info.fps == pytest.approx(30, abs=0.1)
    assert info.duration == pytest.approx(3, abs=0.01)
    assert not info.audio


def test_a_rotated_video_is_described_as_it_is_displayed(clips):
    info = probe(clips["rotated.mp4"])
    assert (info.width, info.height, info.rotation) == (192, 128, 90)


def test_a_second_mp4_in_the_same_file_is_told(clips, tmp_path):
    whole = clips["gop30.mp4"].read_bytes()
    (tmp_path / "two.mp4").write_bytes(whole + whole)
    info = probe(tmp_path / "two.mp4")
    assert info.frames == 90
    assert "another MP4 follows in the same file" in info.notes[0]


def test_an_animated_gif_is_a_video_and_a_still_one_an_image(clips, tmp_path):
    assert probe(clips["animated.gif"]).kind == "video"
    Image.new("RGB", (10, 20)).save(tmp_path / "still.gif")
    assert probe(tmp_path / "still.gif").kind == "image"


def test_the_facts_of_an_image(tmp_path):
    tags = Image.Exif()
    tags[0x0112] = 6
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=tags)
    assert probe(tmp_path / "a.jpg") == MediaInfo("image", "jpeg", "RGB", 30, 40, rotation=90)


def test_a_camera_that_writes_exif_into_every_frame_costs_no_clip(tmp_path):
    path = tmp_path / "camera.avi"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for number in range(5):
            packet = av.Packet(encoded(Image.new("RGB", (64, 48), "red"), "JPEG", exif=exif_of(1)))
            packet.pts = packet.dts = number
            packet.stream, packet.is_keyframe = stream, True
            out.mux(packet)
    info = probe(path)
    assert (info.kind, info.codec, info.frames, info.rotation) == ("video", "mjpeg", 5, 0)
    assert len(read_frames(path, Uniform(3)).frames) == 3


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "TIFF", "JPEG2000"])
def test_of_a_damaged_picture_it_is_said_what_is_wrong_with_the_picture(tmp_path, kind):
    path = tmp_path / {"TIFF": "a.tif", "JPEG2000": "a.jp2"}.get(kind, f"a.{kind.lower()}")
    path.write_bytes(encoded(Image.new("RGB", (64, 48)), kind)[:24])
    with pytest.raises(MediaError) as caught:
        probe(path)
    assert path.name in str(caught.value) and "video" not in str(caught.value)


def test_an_animation_that_is_damaged_is_still_the_picture_that_it_begins_with(tmp_path):
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "green", "blue")]
    data = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    at = data.index(b"acTL") - 4
    control, frame = data[at : at + 20], data[at + 20 : at + 58]  # a chunk each, here in the wrong order
    (tmp_path / "a.png").write_bytes(data[:at] + frame + control + data[at + 58 :])
    info = probe(tmp_path / "a.png")
    assert (info.kind, info.width, info.height) == ("image", 64, 48)
    assert "cannot be read as a video" in info.notes[0]


@pytest.mark.parametrize("kind", ["PNG", "BMP", "HEIF", "JPEG"])
def test_a_picture_of_any_size_is_told_of(tmp_path, monkeypatch, kind):
    if kind == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    path = tmp_path / "a.bin"
    path.write_bytes(encoded(Image.new("RGB", (640, 480)), kind))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    info = probe(path)
    assert (info.kind, info.width, info.height) == ("image", 640, 480)


@pytest.mark.parametrize("kind", DAMAGE)
def test_what_is_neither_fails(clips, tmp_path, kind):
    path = tmp_path / "a.mp4"
    path.write_bytes(DAMAGE[kind](clips["gop30.mp4"].read_bytes()))
    with pytest.raises(MediaError):
        probe(path)


def test_sound_alone_fails(tmp_path):
    with pytest.raises(MediaError, match="only sound"):
        probe(audio_only(tmp_path / "a.m4a"))


@pytest.mark.parametrize("encode", ["jpeg", "rgb"])
def test_a_contact_sheet_shows_every_frame(clips, tmp_path, encode):
    frames = read_frames(clips["gop30.mp4"], Uniform(5), encode=encode).frames
    sheet = Image.open(contact_sheet(frames, tmp_path / "sheet.png"))
    assert sheet.width > 3 * 192 and sheet.height > 2 * 128
    assert sheet.getpixel((sheet.width - 20, sheet.height - 40)) == (255, 255, 255)  # the sixth place is free


def test_a_sheet_that_cannot_be_written_says_why(clips, tmp_path):
    frames = read_frames(clips["gop30.mp4"], Uniform(1)).frames
    with pytest.raises(OutputError, match="cannot be written"):
        contact_sheet(frames, tmp_path / "no folder" / "sheet.png")
    with pytest.raises(UsageError, match="name a picture format"):
        contact_sheet(frames, tmp_path / "sheet.what")
    with pytest.raises(UsageError, match="at least one frame"):
        contact_sheet([], tmp_path / "sheet.png")
