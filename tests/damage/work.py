"""The runs that are damaged: a pipeline on a small folder, an endpoint whose answer is a function of the request."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dataflow.storage.review import review_path, row_digest
from dataflow.storage.review_action import Action
from dataflow.storage.review_log import ReviewLog
from tests.commands import read_jsonl
from tests.damage.forked import Command, Ended, run
from tests.damage.ways import restore
from tests.media.media_clips import Clip, write_clip
from tests.pictures import make_pictures
from tests.servers import ModelServer, start_server

LATENCY = 0.05
WORKERS = 8
ALL_BUT_THE_BROKEN = 3
"""The exit code of a run on a folder with one broken file."""


@dataclass(frozen=True)
class Work:
    """A pipeline with its input, run in a folder of its own.

    Args:
        pipeline: its name.
        cwd: where it runs; the input lies in `media`, the output in `out`.
        server: who answers.
        right: the data file of a run that nobody disturbed.
        seconds: how long that run took.
    """

    pipeline: str
    cwd: Path
    server: ModelServer
    right: bytes = b""
    seconds: float = 0.0

    @property
    def out(self) -> Path:
        """The output folder."""
        return self.cwd / "out"

    @property
    def data_file(self) -> Path:
        """The data file of the pipeline."""
        return self.out / f"{self.pipeline}_step{2 if self.pipeline == 'video_qa' else 1}.jsonl"

    def words(self) -> list[str]:
        """The command of the run."""
        given = ["run", self.pipeline, "--input", "media", "--output", "out", "--max-workers", str(WORKERS), "-q"]
        frames = ["--frames", "uniform:2"] if self.pipeline == "video_qa" else []
        return [*given, *frames, "--model", "openai/stub", "--api-url", self.server.url]

    def run(self) -> Ended:
        """Run it to its end."""
        return run(self.words(), self.cwd)

    def killed(self, number: signal.Signals, seconds: float, *, group: bool = True) -> Ended | None:
        """Run it and send it a signal after so many seconds; None where it had ended before."""
        command = Command(self.words(), self.cwd)
        if command.ended(seconds):
            return None
        command.kill(number, group=group)
        return command.wait()

    def ran(self) -> None:
        """Run it to its end, undisturbed.

        Raises:
            RuntimeError: it fails.
        """
        if (ended := self.run()).code != ALL_BUT_THE_BROKEN:
            raise RuntimeError(f"{self.pipeline} does not run: {ended}")

    def keep(self, name: str) -> Path:
        """A copy of the output as it is, under another name."""
        kept = self.cwd / name
        restore(self.out, kept)
        return kept


@contextlib.contextmanager
def works(folder: Path, pictures: int, clips: int) -> Iterator[list[Work]]:
    """The two pipelines, each run once without a disturbance."""
    with start_server(answer="qa", latency=LATENCY) as pairs, start_server(answer="caption", latency=LATENCY) as forms:
        made = [Work("image_vqa", folder / "images", pairs), Work("video_qa", folder / "videos", forms)]
        make_pictures(made[0].cwd / "media", pictures)
        _make_clips(made[1].cwd / "media", clips)
        for work in made:
            (work.cwd / "media" / f"broken.{'jpg' if work.pipeline == 'image_vqa' else 'mp4'}").write_bytes(b"nothing")
        yield [_undisturbed(work) for work in made]


def reviewed(work: Work) -> None:
    """Lay a review beside the data file: an edit and two verdicts."""
    rows = read_jsonl(work.data_file)
    log = ReviewLog(review_path(work.data_file))
    column = "vqa" if work.pipeline == "image_vqa" else "caption"
    for row, do in zip(rows, ("accept", "reject", "edit"), strict=False):
        new = {column: f"{row[column]} And a word of a reviewer."} if do == "edit" else {}
        log.add(Action("", "", "anna", row["id"], do, seen=row_digest(row), set=new))


def half_done(work: Work) -> None:
    """Leave an output as a run leaves it that was killed in the midst."""
    for share in (0.5, 0.4, 0.3, 0.6, 0.7, 0.2, 0.8, 0.1):
        restore(work.cwd / "none", work.out)
        work.killed(signal.SIGKILL, work.seconds * share)
        spool = work.data_file.with_name(f"{work.data_file.name}.spool")
        if not work.data_file.exists() and (work.out / "ledger.sqlite-wal").exists() and spool.exists():
            return
    raise RuntimeError(f"{work.pipeline} could not be killed in the midst")


def _undisturbed(work: Work) -> Work:
    (work.cwd / "none").mkdir()
    began = time.monotonic()
    ended = work.run()
    if ended.code != ALL_BUT_THE_BROKEN or not work.data_file.exists():
        raise RuntimeError(f"{work.pipeline} does not run: {ended}")
    return Work(work.pipeline, work.cwd, work.server, work.data_file.read_bytes(), time.monotonic() - began)


def _make_clips(folder: Path, count: int) -> None:
    """So many clips of twelve frames, none of which is in two of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        clip = Clip(f"c{number:03}.mp4", "libx264", frames=12, size=(64, 64), options={"g": "12"})
        write_clip(folder / clip.name, clip, first=12 * number)


def files_of(folder: Path) -> list[Path]:
    """All files of a run, hidden ones too."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
