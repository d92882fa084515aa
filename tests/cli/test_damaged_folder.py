"""A folder as people have it: 200 clips, of which 20 are broken, each of ten kinds of damage twice."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dataflow.runs.names import spool_path
from tests.commands import dataflow, read_jsonl, start
from tests.media.damage import DAMAGE, audio_only
from tests.media.media_clips import Clip

CLIPS = 200
BROKEN_EVERY = 10
WAYS = 10
ROWS = "video_caption_step1.jsonl"
FAILURES = "video_caption_step1.failures.jsonl"


def small_clips(folder: Path) -> list[bytes]:
    """The content of a few encoded clips."""
    sizes = [(64, 64), (96, 64), (64, 96)]
    clips = [
        Clip(f"{width}x{height}_{frames}.mp4", "libx264", frames=frames, size=(width, height), options={"g": "10"})
        for width, height in sizes
        for frames in (12, 25)
    ]
    return [clip.make(folder).read_bytes() for clip in clips]


def ways_to_break(folder: Path) -> list[Callable[[bytes], bytes]]:
    """Ten kinds of damage that leave nothing to decode: those of the media tests, and sound without a picture."""
    sound = audio_only(folder / "sound.mp4").read_bytes()
    cover = audio_only(folder / "cover.mp4", cover=True).read_bytes()
    return [*DAMAGE.values(), lambda data: sound, lambda data: cover]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`c000.mp4` and on, every tenth of them broken; trailing bytes in a `free` box make each a file of its own."""
    made = tmp_path_factory.mktemp("made")
    clips, ways = small_clips(made), ways_to_break(made)
    assert len(ways) == WAYS
    target = tmp_path_factory.mktemp("run") / "clips"
    target.mkdir()
    for number in range(CLIPS):
        data = clips[number % len(clips)]
        if number % BROKEN_EVERY == 0:
            data = ways[number // BROKEN_EVERY % WAYS](data)
        else:
            data += (16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big")
        (target / f"c{number:03}.mp4").write_bytes(data)
    return target


def check_result(output: Path) -> None:
    """180 captions, and 18 failures that name their files; the two empty files are passed over by the folder."""
    empty = {path.name for path in (output.parent / "clips").iterdir() if path.stat().st_size == 0}
    assert len(empty) == 2
    broken = [name for number in range(0, CLIPS, BROKEN_EVERY) if (name := f"c{number:03}.mp4") not in empty]
    rows, failures = read_jsonl(output / ROWS), read_jsonl(output / FAILURES)
    written = [Path(row["video"][0] if isinstance(row["video"], list) else row["video"]).name for row in rows]
    assert written == [f"c{number:03}.mp4" for number in range(CLIPS) if number % BROKEN_EVERY]
    assert all(row["caption"].strip() for row in rows)
    assert len(failures) == len(broken)
    for failure, name in zip(failures, broken, strict=True):
        assert failure["kind"] == "media"
        assert name in failure["message"]
        assert len(failure["message"].replace(name, "").split()) > 2


def test_the_whole_clips_are_captioned_and_the_broken_ones_set_aside_with_reasons(folder: Path) -> None:
    words = ["run", "video_caption", "--input", folder, "--output", "out", "--frames", "uniform:2", "-q"]
    done = dataflow(*words, cwd=folder.parent)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    check_result(folder.parent / "out")


def test_that_every_decoder_process_is_killed_during_the_run_costs_no_sample(folder: Path) -> None:
    words = ["run", "video_caption", "--input", folder, "--output", "killed", "--frames", "uniform:2", "-q"]
    spool = spool_path(folder.parent / "killed" / ROWS)
    running = start(*words, cwd=folder.parent)
    try:
        while not spool.exists() or spool.read_bytes().count(b"\n") < 5:  # into the midst of the work
            assert running.poll() is None
            time.sleep(0.01)
        workers = decoders_of(running.pid)
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        assert running.wait(timeout=250) == 3
    finally:
        running.kill()
        running.communicate()
    assert workers
    check_result(folder.parent / "killed")


def decoders_of(parent: int) -> list[int]:
    """The decoder processes of a run."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    processes = [line.split(None, 2) for line in listed.splitlines() if "dataflow.media.worker" in line]
    return [int(pid) for pid, ppid, _ in processes if int(ppid) == parent]
