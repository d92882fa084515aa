"""Damage to the files of finished and of killed runs: what every face says of it, and what the next run makes of it."""

from __future__ import annotations

import re
import shlex
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.damage.faces import Shown, clear, faces, trouble, unplain
from tests.damage.ways import WAYS, restore
from tests.damage.work import Work, files_of, half_done, reviewed

BY_HAND = ("cut", "doubled_line", "lost_line", "empty", "gone")
"""What a reviewer may do to a log of decisions; a decision that is not there any more cannot be missed."""


@dataclass
class Found:
    """What came of it.

    Args:
        ends: how often the next run was right, said an error, and so on.
        asked: questions that the next runs asked although they had been paid for, by the name of the damaged file.
        files: how often a file of that name was damaged.
        faults: what must not be.
    """

    ends: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """A folder to be damaged.

    Args:
        name: `finished` or `killed`.
        kept: its copy.
        shown: what the faces say of it before.
        asks: how many questions the next run asks before anything is damaged.
    """

    name: str
    kept: Path
    shown: dict[str, Shown]
    asks: int


def states_of(work: Work) -> list[State]:
    """The finished run with its review, and one that was killed."""
    states = []
    for name, make in (("finished", reviewed), ("killed", half_done)):
        make(work)
        kept = work.keep(name)
        _lay(work, kept)
        shown = faces(work)
        for face, said in shown.items():
            if problem := unplain(said.ended):
                raise RuntimeError(f"{work.pipeline}, {name}, undamaged: {face}: {problem}")
        _lay(work, kept)
        before = work.server.stats()["requests"]
        work.run()
        states.append(State(name, kept, shown, work.server.stats()["requests"] - before))
        _lay(work, kept if name == "finished" else work.cwd / "none")
    return states


def damage(work: Work, states: list[State], rounds: Iterator[int], chance: Random, found: Found) -> None:
    """Damage one file of one state a round, each in its turn."""
    targets = [(state, path.relative_to(state.kept)) for state in states for path in files_of(state.kept)]
    chance.shuffle(targets)
    for number in rounds:
        state, name = targets[number % len(targets)]
        way = WAYS[number // len(targets) % len(WAYS)] if number >= 2 * len(targets) else chance.choice(WAYS)
        _lay(work, state.kept)
        if way.__name__ in BY_HAND and name.name.endswith(".review.jsonl"):
            continue
        way(work.out / name, chance)
        found.files[name.name] += 1
        about = f"{number}: {work.pipeline}, {state.name}, {name}, {way.__name__}"
        for face, shown in faces(work).items():
            if problem := trouble(face, shown, state.shown[face]):
                found.faults.append(f"{about}: {problem}")
        _go_on(work, state, name, about, found)
        clear(work.cwd)


def _go_on(work: Work, state: State, name: Path, about: str, found: Found) -> None:
    """The next run: right, or an error whose cure makes it right."""
    for cured in ("", " after its cure"):
        before = work.server.stats()["requests"]
        ended = work.run()
        asked = work.server.stats()["requests"] - before - state.asks
        if problem := unplain(ended):
            found.faults.append(f"{about}: run: {problem}")
            return
        if ended.code == 3:
            right = work.data_file.read_bytes() == work.right
            found.ends["right" + cured if right else "wrong"] += 1
            found.asked[name.name] += max(asked, 0)
            if not right:
                found.faults.append(f"{about}: run: another data file")
            return
        if cured or not _cure(ended.err, work):
            found.ends["not cured"] += 1
            found.faults.append(f"{about}: run: code {ended.code}: {ended.err.strip()[-400:]}")
            return


def _cure(said: str, work: Work) -> bool:
    """Do what an error says."""
    if known := re.search(r"(?:Try: |\()((?:mv|rm|rm -r|chmod) [^)\n]+)", said):
        command, *words = shlex.split(known[1])
        paths = [work.cwd / word for word in words if "/" in word]
        if command == "mv":
            paths[0].rename(paths[1])
        elif command == "chmod":
            paths[0].chmod(0o644)
        elif paths[0].is_dir():
            shutil.rmtree(paths[0])
        else:
            paths[0].unlink()
        return True
    return False


def _lay(work: Work, kept: Path) -> None:
    restore(kept, work.out)
