"""What is broken fails with its reason, what is half there yields what exists and says so."""

from __future__ import annotations

import os

import pytest

from dataflow.core.errors import MediaError
from dataflow.media.plan import Uniform
from dataflow.media.video import read_frames
from tests.media.damage import DAMAGE, audio_only, cut, flipped_bits, noise_inside, zeros_inside
from tests.media.media_clips import CLIPS, Clip, read_number

FAST_START = Clip("fast.mp4", "libx264", options={"g": "30", "bf": "3"}, container={"movflags": "faststart"})


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("empty", "is empty"),
        ("text", "is not a video: it is text$"),
        ("html", "begins with the text '<!DOCTYPE"),
        ("random", "cannot be opened as a video"),
        ("no moov", "no moov box"),
        ("first kilobyte", "no moov box"),
        ("playlist", "is not a video"),
        ("header lost", "cannot be opened as a video"),
    ],
)
def test_what_is_no_video_fails_with_the_reason_and_the_files_name(clips, tmp_path, kind, reason):
    path = tmp_path / "sample.mp4"
    path.write_bytes(DAMAGE[kind](clips["gop30.mp4"].read_bytes()))
    with pytest.raises(MediaError, match=reason) as caught:
        read_frames(path, Uniform(4))
    assert "sample.mp4" in str(caught.value)


def test_sound_alone_is_no_video(tmp_path):
    with pytest.raises(MediaError, match=r"no video stream, only sound$"):
        read_frames(audio_only(tmp_path / "a.m4a"), Uniform(4))


def test_a_cover_picture_is_no_video(tmp_path):
    with pytest.raises(MediaError, match="only sound and a cover picture"):
        read_frames(audio_only(tmp_path / "a.mp4", cover=True), Uniform(4))


def test_a_missing_file_a_folder_and_a_pipe_are_named(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    for name, reason in (("none.mp4", "no such file"), ("", "is a folder"), ("pipe.mp4", "a pipe or a device")):
        with pytest.raises(MediaError, match=reason):
            read_frames(tmp_path / name, Uniform(4))


@pytest.mark.parametrize("name", ["h264.mkv", "vp9.webm", "mpeg4.avi", "animated.gif", "fragments.mp4", "h264.avi"])
def test_a_file_cut_at_60_percent_yields_the_frames_that_exist_and_says_so(clips, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(cut(clips[name].read_bytes(), 0.6))
    video = read_frames(path, Uniform(8))
    assert 25 < video.total_frames < 70
    assert [read_number(frame.data) for frame in video.frames[:-1]] == [frame.index for frame in video.frames[:-1]]
    assert any("cut off" in note for note in video.notes)


def test_an_mp4_cut_behind_its_index_tells_what_it_declares_and_what_it_holds(tmp_path):
    path = FAST_START.make(tmp_path)
    path.write_bytes(cut(path.read_bytes(), 0.6))
    video = read_frames(path, Uniform(8))
    assert [read_number(frame.data) for frame in video.frames] == [frame.index for frame in video.frames]
    assert any("it declares 3.00 s and holds" in note for note in video.notes)


@pytest.mark.parametrize("name", ["h264.ts", "mpeg2.mpg"])
def test_a_stream_cut_anywhere_is_a_shorter_stream(clips, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(cut(clips[name].read_bytes(), 0.6))
    video = read_frames(path, Uniform(8))
    assert [read_number(frame.data) for frame in video.frames] == [frame.index for frame in video.frames]
    assert 25 < video.total_frames < 70


@pytest.mark.parametrize("start", [0.2, 0.5])
def test_a_recording_that_begins_in_the_middle_of_a_group_gives_the_frames_that_decode(clips, tmp_path, start):
    path = tmp_path / "a.ts"
    data = clips["h264.ts"].read_bytes()
    path.write_bytes(data[int(len(data) * start) // 188 * 188 :])
    video = read_frames(path, Uniform(6))
    numbers = [read_number(frame.data) for frame in video.frames]
    assert len(numbers) == 6
    assert len({number - frame.index for number, frame in zip(numbers, video.frames, strict=True)}) == 1


@pytest.mark.parametrize("name", ["hevc.mp4", "av1.mp4"])
def test_a_hole_in_a_file_costs_the_frames_in_it_and_is_said(clips, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(zeros_inside(clips[name].read_bytes()))
    video = read_frames(path, Uniform(8))
    assert len(video.frames) >= 4
    assert any("cannot be decoded and were left out" in note for note in video.notes)
    times = [frame.time for frame in video.frames]
    assert times == sorted(set(times))


@pytest.mark.parametrize("clip", CLIPS, ids=[clip.name for clip in CLIPS])
@pytest.mark.parametrize("harm", [noise_inside, zeros_inside, flipped_bits, lambda data: cut(data, 0.3)])
def test_whatever_is_damaged_gives_frames_or_a_media_error(clips, tmp_path, clip, harm):
    path = tmp_path / clip.name
    path.write_bytes(harm(clips[clip.name].read_bytes()))
    try:
        video = read_frames(path, Uniform(4))
    except MediaError as error:
        assert clip.name in str(error)
    else:
        assert video.frames
        assert len({frame.index for frame in video.frames}) == len(video.frames)


def test_a_playlist_never_opens_what_it_names(clips, tmp_path):
    """The HLS, DASH and concat demuxers would read other files of this machine."""
    target = clips["gop30.mp4"]
    for text in (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{target}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile {target}\n",
    ):
        path = tmp_path / "clip.m3u8"
        path.write_text(text)
        with pytest.raises(MediaError):
            read_frames(path, Uniform(1))


def test_a_name_that_looks_like_a_pattern_or_a_protocol_is_a_plain_file(clips, tmp_path):
    for name in ("frame%03d.mp4", "concat:a|b.mp4", "a b#c?d.mp4", "Ünïcode 视频.mp4"):
        path = tmp_path / name
        path.write_bytes(clips["gop30.mp4"].read_bytes())
        assert len(read_frames(path, Uniform(2)).frames) == 2
