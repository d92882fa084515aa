"""Mutants of files of all formats, read by whatever of ours reads files: `make fuzz SECONDS=60`.

    python -m tests.fuzz --seconds 60 [--seed 1] [--mutants 100000] [--first 0]
    python -m tests.fuzz --file fuzz/1-4711-plain.jpg

Files at which something went wrong are kept in `fuzz/`, each with the command that reads it again.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.corpus import corpus
from tests.fuzz.mutants import mutant
from tests.fuzz.readers import readers_of
from tests.fuzz.search import by_the_pool, fault_of, search

KEPT = Path("fuzz")
POOL_EVERY = 199
"""One mutant in so many is given to the processes of the pool too."""


def main() -> int:
    """Search, or read one file again; the exit code says whether something went wrong."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seconds", type=float, default=float("inf"))
    options.add_argument("--mutants", type=int, default=10**9)
    options.add_argument("--first", type=int, default=0, help="The number of the first mutant.")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--file", type=Path, help="Read this one file, with nobody watching.")
    given = options.parse_args()
    if given.file is not None:
        outcomes = {who: fault_of(given.file, reader) for who, reader in readers_of(given.file.name).items()}
        for who, fault in outcomes.items():
            print(f"{who}: {fault or ('refused' if fault == '' else 'read')}")
        return int(any(outcomes.values()))
    files, begun = corpus(), time.monotonic()
    found = search(files, given.seed, range(given.first, given.first + given.mutants), given.seconds)
    share = by_the_pool(files, given.seed, range(given.first, given.first + found.mutants, POOL_EVERY))
    kinds = Counter((fault.reader, fault.how) for fault in found.faults + share.faults)
    told: set[tuple[str, str]] = set()
    for fault in found.faults + share.faults:
        if (kind := (fault.reader, fault.how)) in told:
            continue
        told.add(kind)
        name, data = mutant(files, given.seed, fault.number)
        KEPT.mkdir(exist_ok=True)
        path = KEPT / f"{given.seed}-{fault.number}-{name}"
        path.write_bytes(data)
        what = "crash of a decoder" if fault.crash else "FAULT"
        print(
            f"{what}, {kinds[kind]} times: {fault.reader}: {fault.how}\n    again: python -m tests.fuzz --file {path}"
        )
    crashes = sum(fault.crash for fault in found.faults)
    faults = len(found.faults + share.faults) - crashes
    print(
        f"{found.mutants:,} mutants of {len(files)} files, {found.reads:,} reads ({found.refused:,} refused), "
        f"{share.mutants} by the pool too, in {time.monotonic() - begun:.0f} s: "
        f"{faults} faults, {crashes} crashes of decoders"
    )
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
