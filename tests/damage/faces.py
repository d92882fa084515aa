"""What the faces say of a run's folder: status, report, export and the list of the page; and what is wrong with it."""

from __future__ import annotations

import re
import shutil
import signal
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.damage.forked import Command, Ended, run
from tests.damage.work import Work

EXPORTED = "exported"
_BEGINS_SECONDS = 60.0


@dataclass(frozen=True)
class Shown:
    """What a face made of the answers.

    Args:
        ended: its command.
        answers: what it wrote or showed of them, one text a sample; None where it shows none.
    """

    ended: Ended
    answers: frozenset[str] | None = None


def faces(work: Work) -> dict[str, Shown]:
    """Ask all of them."""
    return {
        "status": Shown(run(["status", "out"], work.cwd)),
        "report": Shown(run(["report", "out", "--output", "page.html"], work.cwd)),
        "export": _export(work),
        "view": _view(work),
    }


def trouble(name: str, shown: Shown, right: Shown) -> str:
    """What is wrong with what a face says of a damaged folder; empty where nothing is.

    Args:
        name: of the face.
        shown: what it says.
        right: what it says of the folder before it was damaged.
    """
    if said := unplain(shown.ended):
        return f"{name}: {said}"
    if shown.ended.code not in (0, 3) or shown.answers is None or right.answers is None:
        return ""
    wrong = shown.answers - right.answers
    told = re.search(r"warning|partial|cannot be read|damaged", shown.ended.err)
    if wrong and not told:
        return f"{name}: a changed answer without a word: {sorted(wrong)[0][:300]}"
    if right.answers - shown.answers and not told:
        return f"{name}: answers missing without a word: {sorted(right.answers - shown.answers)[0][:300]}"
    return ""


def unplain(ended: Ended) -> str:
    """What is wrong with how a command ended, whatever it was about; empty where nothing is."""
    if "Traceback" in ended.err or "Error:" in re.sub(r"^error: .*", "", ended.err, flags=re.M):
        return f"a traceback: {ended.err[-1500:]}"
    if "hangs" in ended.err.splitlines()[-1:]:
        return "hangs"
    if ended.code not in (0, 3) and not re.search(r"^error: .{20,}", ended.err, re.M):
        return f"code {ended.code} without an error: {ended.err[-500:]}"
    return ""


def _export(work: Work) -> Shown:
    out = work.cwd / EXPORTED
    shutil.rmtree(out, ignore_errors=True)
    ended = run(["export", "out", "--to", "sharegpt", "--out", EXPORTED, "--media", "reference"], work.cwd)
    if not out.is_dir():
        return Shown(ended)
    said = [path for path in sorted(out.glob("*.json")) if path.name not in ("export.json", "dataset_info.json")]
    conversations = [one for path in said for one in orjson.loads(path.read_bytes())]
    return Shown(ended, frozenset(_text(one["conversations"]) for one in conversations))


def _view(work: Work) -> Shown:
    command = Command(["view", "out", "--port", "0", "--reviewer", "anna"], work.cwd)
    end = time.monotonic() + _BEGINS_SECONDS
    answers, told = None, ""
    while not command.ended(0.01) and time.monotonic() < end:
        lines = command.out.read_text().splitlines() if command.out.exists() else []
        if len(lines) > 1:
            answers, told = _listed(lines[1])
            break
    command.kill(signal.SIGINT, group=False)
    ended = command.wait()
    return Shown(Ended(0, ended.out, ended.err + told) if answers is not None else ended, answers)


def _listed(address: str) -> tuple[frozenset[str], str]:
    """The rows of the list, and what the top of the page says of them once all are read."""
    rows = _asked(f"{address}api/rows?start=0&count=200")["rows"]
    end = time.monotonic() + _BEGINS_SECONDS
    while time.monotonic() < end:
        summary = _asked(f"{address}api/state")
        if summary["complete"] or summary["unfinished"]:
            break
        time.sleep(0.05)
    answers = frozenset(_text(row) for row in rows if not row.get("bad"))  # which say what is wrong with them
    return answers, f"\nwarning: {summary['problem']}" if summary["problem"] else ""


def _asked(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return orjson.loads(answer.read())


def _text(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def clear(folder: Path) -> None:
    """Remove what the faces wrote."""
    shutil.rmtree(folder / EXPORTED, ignore_errors=True)
    (folder / "page.html").unlink(missing_ok=True)
