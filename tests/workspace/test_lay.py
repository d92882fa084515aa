"""Laying a workspace: every file where the documentation says it is, and nothing of the user's touched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dataflow.core.errors import OutputError
from dataflow.workspace import lay
from dataflow.workspace.inputs import DATA
from dataflow.workspace.lay import SCRIPTS

ROOT = Path(__file__).parents[2]

DOCUMENTED = [
    "pipelines/gpu_pipelines/video_caption_pipeline.py",
    "pipelines/gpu_pipelines/video_qa_pipeline.py",
    "pipelines/gpu_pipelines/multirole_videoqa_pipeline.py",
    "gpu_pipelines/context_vqa.py",
    "api_pipelines/image_vqa.py",
    "dataflow/example/video_caption/sample_data.json",
    "dataflow/example/video_caption/videos/sample1.mp4",
    "dataflow/example/video_caption/videos/sample2.mp4",
    "example_data/image_contextvqa/sample_data.json",
    "example_data/image_contextvqa/person.png",
    "data/image_vqa/sample_data.json",
    "data/image_vqa/person.png",
    "example_data/multirole_videoqa/sample_data.jsonl",
]


def test_every_documented_path_is_there(tmp_path):
    laid = lay(tmp_path / "new" / "workspace")
    assert [name for name in DOCUMENTED if not (tmp_path / "new" / "workspace" / name).is_file()] == []
    assert {file.state for file in laid} == {"new"}


def test_what_is_returned_is_what_lies_there(tmp_path):
    laid = lay(tmp_path)
    assert sorted(file.path for file in laid) == sorted(path for path in tmp_path.rglob("*") if path.is_file())


def test_video_rows_name_their_clips_from_the_folder_of_the_dataset(tmp_path):
    lay(tmp_path)
    dataset = tmp_path / "dataflow/example/video_caption/sample_data.json"
    rows = json.loads(dataset.read_text())
    assert [row["video"] for row in rows[:2]] == [["./videos/sample1.mp4"], ["./videos/sample2.mp4"]]
    assert all((dataset.parent / row["video"][0]).is_file() for row in rows)
    assert rows[0]["conversation"] == [{"from": "human", "value": ""}]


@pytest.mark.parametrize("folder", ["data/image_vqa", "example_data/image_contextvqa"])
def test_image_rows_name_their_pictures_from_the_workspace_as_documented(tmp_path, folder):
    lay(tmp_path)
    rows = json.loads((tmp_path / folder / "sample_data.json").read_text())
    assert rows[0]["image"] == [f"./{folder}/person.png"]
    assert all((tmp_path / row["image"][0]).is_file() for row in rows)


def test_multi_role_rows_name_their_frames_from_the_folder_of_the_dataset(tmp_path):
    lay(tmp_path)
    dataset = tmp_path / "example_data/multirole_videoqa/sample_data.jsonl"
    rows = [json.loads(line) for line in dataset.read_text().splitlines()]
    frames = [name for row in rows for clip in row["Clips"] for name in clip["Frames_Images"]]
    assert len(frames) == 10 and all((dataset.parent / name).is_file() for name in frames)


def test_a_file_that_is_there_is_kept(tmp_path):
    mine = tmp_path / "api_pipelines/image_vqa.py"
    mine.parent.mkdir()
    mine.write_text("mine")
    states = {file.path: file.state for file in lay(tmp_path)}
    assert mine.read_text() == "mine"
    assert states.pop(mine) == "kept"
    assert set(states.values()) == {"new"}


def test_force_replaces_a_file_that_is_there_and_touches_no_other(tmp_path):
    mine, other = tmp_path / "api_pipelines/image_vqa.py", tmp_path / "api_pipelines/notes.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    other.write_text("notes")
    states = {file.path: file.state for file in lay(tmp_path, force=True)}
    assert mine.read_bytes() == (SCRIPTS / "api_pipelines/image_vqa.py").read_bytes()
    assert other.read_text() == "notes"
    assert states.pop(mine) == "overwritten"
    assert set(states.values()) == {"new"}


def test_laying_twice_changes_nothing(tmp_path):
    before = {file.path: file.path.read_bytes() for file in lay(tmp_path)}
    assert {file.state for file in lay(tmp_path)} == {"kept"}
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_target_that_is_a_file_is_an_error_that_says_so(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(OutputError, match="taken is a file"):
        lay(tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_target_under_a_file_is_an_error_that_names_it(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(OutputError, match=r"taken/ws.*a file stands where a folder is needed"):
        lay(tmp_path / "taken" / "ws")


def test_a_target_that_cannot_be_written_is_an_error_that_names_it():
    # /proc refuses even root, as whom tests run in many containers.
    with pytest.raises(OutputError, match=r"/proc/workspace.*: cannot be written"):
        lay(Path("/proc/workspace"))


def test_a_folder_with_a_package_named_dataflow_is_refused_before_anything_is_laid(tmp_path):
    (tmp_path / "dataflow").mkdir()
    (tmp_path / "dataflow" / "__init__.py").touch()
    with pytest.raises(OutputError, match="package of its own named dataflow"):
        lay(tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["dataflow", "__init__.py"]


FULL_DISK = """
import resource, sys
from pathlib import Path
from dataflow.core.errors import OutputError
from dataflow.workspace import lay
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    lay(Path(sys.argv[1]))
except OutputError as error:
    print(error)
"""


def test_a_full_disk_leaves_no_half_file_and_the_next_run_goes_on(tmp_path):
    done = subprocess.run([sys.executable, "-c", FULL_DISK, tmp_path], capture_output=True, text=True, cwd=ROOT)
    assert "sample1.mp4: larger than" in done.stdout, done.stderr
    assert not (tmp_path / "dataflow/example/video_caption/videos/sample1.mp4").exists()
    assert list(tmp_path.rglob(".*")) == []
    assert {file.state for file in lay(tmp_path)} == {"kept", "new"}
    videos = "dataflow/example/video_caption/videos"
    assert (tmp_path / videos / "sample1.mp4").read_bytes() == (DATA / "videos/sample1.mp4").read_bytes()


def test_the_wheel_takes_every_file_because_git_ignores_none(tmp_path):
    # The build leaves out what .gitignore names, and `data/` is a name that such files like to name.
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    package = [path for folder in (DATA, SCRIPTS) for path in folder.rglob("*") if path.is_file()]
    names = [path.relative_to(ROOT).as_posix() for path in package if "__pycache__" not in path.parts]
    assert len(names) > 20
    ignored = subprocess.run(["git", "check-ignore", *names], cwd=tmp_path, capture_output=True, text=True)
    assert (ignored.returncode, ignored.stdout) == (1, "")
