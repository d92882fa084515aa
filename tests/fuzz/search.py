"""Runs mutants through readers in processes of their own, and sees who crashes, hangs or raises what is not ours.

A process works through its share of the mutants and says in shared memory at which it is; whoever watches ends one that
has computed too long, and begins another behind the mutant that it was at.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import signal
import struct
import tempfile
import time
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fuzz.mutants import mutant
from tests.fuzz.readers import ALLOWED, BY_THE_POOL, IN_THE_RUN, Reader, is_decoder, readers_of

HANG_SECONDS = 10
"""Of CPU time, for one mutant: so a busy machine makes nothing seem to hang."""

STANDS_SECONDS = 60
"""Of any time: it waits for something."""

MEMORY_MB = 2048 + 1100
"""What a process may hold: as those of the pool for videos, and what pyarrow reserves as soon as it is loaded."""

HANGS = f"hangs: more than {HANG_SECONDS} s of CPU time, or {STANDS_SECONDS} s of any"

_AT = struct.Struct("q24s")


@dataclass(frozen=True)
class Fault:
    """Something that must not happen.

    Args:
        number: of the mutant.
        reader: who read it.
        how: what happened.
        crash: a decoder ended its process, which costs the file alone where it is one of the pool.
    """

    number: int
    reader: str
    how: str
    crash: bool = False


@dataclass
class Found:
    """What a search found, over so many mutants, of whose reads so many ended in an error of ours."""

    mutants: int = 0
    reads: int = 0
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)


def search(corpus: Mapping[str, bytes], seed: int, numbers: range, seconds: float = float("inf")) -> Found:
    """Read mutants by one process at a time, until there are none left or the time is over.

    Args:
        corpus: files by name.
        seed: of the mutants.
        numbers: which.
        seconds: after which no further one is begun.
    """
    found, until = Found(), time.monotonic() + seconds
    with mmap.mmap(-1, _AT.size) as place, tempfile.TemporaryFile() as told, tempfile.TemporaryDirectory() as folder:
        while numbers and time.monotonic() < until:
            place[:] = _AT.pack(numbers[0], b"")
            child = os.fork()
            if not child:
                _work(corpus, seed, numbers, until, place, told.fileno(), Path(folder))
            how = _watch(child, place)
            at, who = _AT.unpack(place[:])
            if not how:
                break
            reader = who.rstrip(b"\0").decode()
            found.faults.append(Fault(at, reader, how, is_decoder(reader) and how != HANGS))
            numbers = range(at + 1, numbers.stop)
        told.seek(0)
        for line in map(json.loads, told):
            found.mutants += 1
            found.reads += line["reads"]
            found.refused += line["refused"]
            found.faults += [Fault(*fault) for fault in line["faults"]]
    return found


def by_the_pool(corpus: Mapping[str, bytes], seed: int, numbers: Iterable[int]) -> Found:
    """Have pictures and videos among mutants read as operators and servings do: decoders may crash, nothing else."""
    found = Found()
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            name, data = mutant(corpus, seed, number)
            if IN_THE_RUN.items() <= readers_of(name).items():
                path = Path(folder, name)
                path.write_bytes(data)
                told = {who: fault_of(path, reader) for who, reader in BY_THE_POOL.items()}
                found.mutants += 1
                found.reads += len(told)
                found.refused += sum(fault == "" for fault in told.values())
                found.faults += [Fault(number, who, fault) for who, fault in told.items() if fault]
    return found


def _watch(child: int, place: mmap.mmap) -> str:
    """Wait for the end of a process; how it failed, or nothing."""
    at, used, since = b"", 0.0, time.monotonic()
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}" if code else ""
        if (now := place[:]) != at:
            at, used, since = now, _cpu(child), time.monotonic()
        if _cpu(child) - used > HANG_SECONDS or time.monotonic() - since > STANDS_SECONDS:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return HANGS
        time.sleep(0.02)


def _cpu(process: int) -> float:
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _work(
    corpus: Mapping[str, bytes], seed: int, numbers: range, until: float, place: mmap.mmap, told: int, folder: Path
) -> None:
    """Read mutants in this forked process, which ends with it."""
    code = 1
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)  # libraries talk
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_MB << 20, resource.getrlimit(resource.RLIMIT_DATA)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for number in numbers:
            if time.monotonic() > until:
                break
            name, data = mutant(corpus, seed, number)
            path = folder / name
            path.write_bytes(data)
            line: dict[str, Any] = {"reads": 0, "refused": 0, "faults": []}
            for who, reader in readers_of(name).items():
                place[:] = _AT.pack(number, who.encode())
                fault = fault_of(path, reader)
                line["reads"] += 1
                line["refused"] += fault == ""
                line["faults"] += [[number, who, fault]] if fault else []
            os.write(told, json.dumps(line).encode() + b"\n")
        code = 0
    finally:
        os._exit(code)


def fault_of(path: Path, reader: Reader) -> str | None:
    """What is wrong with how a reader takes a file; empty where it refuses it with an error of ours, None where it
    reads it."""
    try:
        reader(path)
        return None
    except ALLOWED:
        return ""
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "/dataflow/" in frame.filename][-1:]
        where = f"{Path(ours[0].filename).name}:{ours[0].lineno}" if ours else "?"
        return f"{type(error).__name__}: {error!s:.200} at {where}"
