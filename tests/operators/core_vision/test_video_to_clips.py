"""Videos cut at their shots into the clips that multi-role video QA reads."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from PIL import Image

from dataflow import Pipeline
from dataflow.core import InputError, UsageError
from dataflow.media.shots import detect_shots
from dataflow.operators.core_vision import VideoToClips
from dataflow.workspace.inputs import sample_input
from tests.commands import read_jsonl, write_jsonl
from tests.media.media_clips import CLIPS
from tests.serving.embedded.drawing import draw_clip, write

Row = dict[str, Any]


def cut(folder: Path, given: list[Row], **settings: Any) -> tuple[list[Row], list[Row]]:
    """The rows with their clips, and the failures."""
    source = write_jsonl(folder / "in.jsonl", given)
    done = Pipeline([VideoToClips(**settings)]).run(source, folder / "out", prefix="c")
    failures = folder / "out/c_step1.failures.jsonl"
    return list(done.rows()), read_jsonl(failures) if failures.exists() else []


def drawn(folder: Path, seed: int, joints: tuple[str, ...] = ("cut",)) -> Path:
    random = Random(seed)
    clip = draw_clip(random, joints=joints)
    while len(clip.shots) < 2:
        clip = draw_clip(random, joints=joints)
    return write(clip, folder / f"drawn{seed}.mp4")


def stamp(seconds: float) -> str:
    whole, rest = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d},{rest:03d}"


def subtitles(spans: list[tuple[float, float]]) -> str:
    """One line in the middle of every span."""
    cues = []
    for number, (start, end) in enumerate(spans, start=1):
        third = (end - start) / 3
        cues.append(f"{number}\n{stamp(start + third)} --> {stamp(end - third)}\nline {number}\n")
    return "\n".join(cues)


def test_times_are_those_of_the_shots_and_each_line_falls_into_its_clip(tmp_path: Path) -> None:
    videos = [drawn(tmp_path, seed, ("cut", "fade", "dissolve")) for seed in range(6)]
    shots = {video.name: [(shot.start, shot.end) for shot in detect_shots(video).shots] for video in videos}
    assert sum(len(spans) > 1 for spans in shots.values()) >= 5
    for video in videos:
        video.with_suffix(".srt").write_text(subtitles(shots[video.name]))
    rows, failures = cut(tmp_path, [{"video": [video.name]} for video in videos])
    assert failures == [] and len(rows) == 6
    for row in rows:
        clips = row["Clips"]
        assert [(clip["Start"], clip["End"]) for clip in clips] == shots[row["video"][0]]
        assert [clip["Audio_Text"] for clip in clips] == [f"line {at}" for at in range(1, len(clips) + 1)]
        assert all(len(clip["Frames_Images"]) == 4 for clip in clips)


@pytest.mark.parametrize("name", ["uneven.mp4", "edit_list.mp4", "rotated.mp4", "vp9.webm", "h264.ts", "animated.gif"])
def test_awkward_files_are_cut_where_the_detector_cuts_them(tmp_path: Path, name: str) -> None:
    video = next(clip for clip in CLIPS if clip.name == name).make(tmp_path)
    spans = [(shot.start, shot.end) for shot in detect_shots(video).shots]
    (tmp_path / "said.srt").write_text(subtitles(spans))
    (row,), failures = cut(tmp_path, [{"video": video.name, "transcript": "said.srt"}])
    assert failures == []
    assert [(clip["Start"], clip["End"]) for clip in row["Clips"]] == spans
    assert [clip["Audio_Text"] for clip in row["Clips"]] == [f"line {at}" for at in range(1, len(spans) + 1)]
    for clip in row["Clips"]:
        times = [float(Path(path).stem.split("_")[1][:-1]) for path in clip["Frames_Images"]]
        assert times and all(clip["Start"] - 0.01 <= time <= clip["End"] for time in times)


def test_frames_are_small_jpeg_files_beside_the_ledger(tmp_path: Path) -> None:
    video = drawn(tmp_path, 1)
    (row,), _ = cut(tmp_path, [{"video": video.name}], max_side=64)
    for clip in row["Clips"]:
        assert clip["Description"] == ""
        for path in clip["Frames_Images"]:
            assert Path(path).is_relative_to(tmp_path / "out/clips")
            image = Image.open(io.BytesIO(Path(path).read_bytes()))
            assert image.format == "JPEG" and max(image.size) <= 64


@pytest.mark.parametrize("sampling", ["uniform:1", "shots:1:1", "keyframes:1", "fps:1:2"])
def test_every_clip_has_a_frame_whatever_the_plan(tmp_path: Path, sampling: str) -> None:
    (row,), _ = cut(tmp_path, [{"video": drawn(tmp_path, 2).name}], sampling=sampling)
    assert len(row["Clips"]) >= 2
    assert all(clip["Frames_Images"] for clip in row["Clips"])


def test_meta_tells_of_the_video_and_an_own_meta_stays(tmp_path: Path) -> None:
    video = drawn(tmp_path, 1)
    own = {"brand": "ACME"}
    rows, _ = cut(tmp_path, [{"video": video.name}, {"video": video.name, "Meta": own}])
    shots = detect_shots(video).shots
    told = f"video of {shots[-1].end:.2f} seconds in {len(shots)} shots, with"
    assert rows[0]["Meta"].startswith(f"A {told}")
    ((named, _), _) = cut(tmp_path, [{"video": video.name}, {"video": video.name, "Meta": own}], name_in_meta=True)
    assert named["Meta"].startswith(f"{video.name}: a {told}")
    assert rows[1]["Meta"] == own
    assert rows[0]["Clips"] == rows[1]["Clips"]


def test_a_sample_with_clips_of_its_own_passes_unchanged(tmp_path: Path) -> None:
    given = {"id": "a", "Meta": 3, "Clips": [{"Description": "a shop"}], "video": "gone.mp4"}
    assert cut(tmp_path, [given]) == ([given], [])


def test_a_dataset_with_neither_videos_nor_clips_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column 'video' or 'Clips'"):
        cut(tmp_path, [{"clip": "a.mp4"}])


SEGMENTS = [{"start": 0.1, "end": 0.3, "text": "hello"}]


@pytest.mark.parametrize("transcript", [SEGMENTS, {"segments": SEGMENTS}, orjson.dumps(SEGMENTS).decode()])
def test_a_transcript_column_goes_before_the_file_beside_the_video(tmp_path: Path, transcript: Any) -> None:
    video = drawn(tmp_path, 1)
    video.with_suffix(".vtt").write_text("WEBVTT\n\n00:00.000 --> 00:00.500\nfrom the file\n")
    rows, _ = cut(tmp_path, [{"video": video.name, "transcript": transcript}, {"video": video.name}])
    assert [row["Clips"][0]["Audio_Text"] for row in rows] == ["hello", "from the file"]
    assert all(clip["Audio_Text"] == "" for row in rows for clip in row["Clips"][1:])


def test_words_without_times_go_to_a_meta_of_ours_and_are_warned_of_beside_an_own_one(tmp_path: Path) -> None:
    video = drawn(tmp_path, 1)
    given = [{"video": video.name, "transcript": "Buy now."}, {"video": video.name, "transcript": "x", "Meta": "own"}]
    rows, _ = cut(tmp_path, given)
    assert rows[0]["Meta"].endswith("What is said in it: Buy now.") and rows[1]["Meta"] == "own"
    assert all(clip["Audio_Text"] == "" for row in rows for clip in row["Clips"])
    manifest = orjson.loads((tmp_path / "out/run.json").read_bytes())
    assert len(manifest["warnings"]) == 1 and "has no times" in manifest["warnings"][0]


def test_in_a_video_of_one_shot_words_without_times_are_its_own(tmp_path: Path) -> None:
    video = sample_input("video_qa").parent / "videos/sample3.mp4"
    (row,), _ = cut(tmp_path, [{"video": str(video), "transcript": "Buy now."}])
    assert [clip["Audio_Text"] for clip in row["Clips"]] == ["Buy now."]


def test_the_same_content_is_cut_once_and_a_second_run_decodes_nothing(tmp_path: Path) -> None:
    video = drawn(tmp_path, 1)
    first, _ = cut(tmp_path, [{"video": video.name}])
    (home,) = (tmp_path / "out/clips").iterdir()
    written = {path: path.stat().st_mtime_ns for path in home.iterdir()}
    (tmp_path / "copy.mp4").write_bytes(video.read_bytes())
    again, _ = cut(tmp_path, [{"video": video.name}, {"video": "copy.mp4"}])
    assert again[0] == first[0] and again[1]["Clips"] == first[0]["Clips"]
    assert {path: path.stat().st_mtime_ns for path in home.iterdir()} == written
    assert list((tmp_path / "out/clips").iterdir()) == [home]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"video": "gone.mp4"}, "gone.mp4: not found"),
        ({"video": ["a.mp4", "b.mp4"]}, "names 2 videos"),
        ({"video": "text.mp4"}, "text.mp4"),
        ({"video": "good.mp4", "transcript": [{"text": "hi"}]}, "segment 1 of the transcript"),
    ],
)
def test_what_cannot_be_cut_is_set_aside_with_the_reason(tmp_path: Path, row: Row, fault: str) -> None:
    drawn(tmp_path, 1).rename(tmp_path / "good.mp4")
    (tmp_path / "text.mp4").write_text("dear diary")
    rows, (failure,) = cut(tmp_path, [{"video": "good.mp4"}, row])
    assert len(rows) == 1 and fault in failure["message"]


BAD_FILES = {
    "gone": None,
    "words": b"dear diary",
    "empty": b"",
    "bytes": bytes(range(256)) * 40,
    "torn": b"1\n00:00:01,000 --> 00:",
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
@pytest.mark.parametrize("name", ["good.srt", "good.en.vtt", "elsewhere.srt"])
def test_a_bad_subtitle_file_costs_its_text_with_a_warning_and_not_the_sample(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    drawn(tmp_path, 1).rename(tmp_path / "good.mp4")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    named = content is None or name == "elsewhere.srt"
    given: Row = {"video": "good.mp4"} | ({"transcript": name} if named else {})
    (row,), failures = cut(tmp_path, [given])
    assert failures == [] and [clip["Audio_Text"] for clip in row["Clips"]] == [""] * len(row["Clips"])
    (warning,) = orjson.loads((tmp_path / "out/run.json").read_bytes())["warnings"]
    assert name in warning and warning.startswith("sample 1: ")


def test_subtitles_with_a_language_in_their_name_are_found(tmp_path: Path) -> None:
    video = drawn(tmp_path, 1)
    (shot, *_) = detect_shots(video).shots
    video.with_suffix(".de.srt").write_text(subtitles([(shot.start, shot.end)]).replace("line", "Zeile"))
    (row,), _ = cut(tmp_path, [{"video": video.name}])
    assert row["Clips"][0]["Audio_Text"] == "Zeile 1"


@pytest.mark.parametrize("setting", [{"sampling": "all"}, {"max_side": 4}])
def test_a_setting_that_does_not_do_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        VideoToClips(**setting)
