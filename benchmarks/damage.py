"""Kills runs at random moments and damages their files at random places: no answer may change without a word.

    python benchmarks/damage.py --kills 60 --rounds 300

Prints the seed, what came of it and every fault; ends with 1 where there was one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.damage import forked
from tests.damage.corruptions import Found, damage, states_of
from tests.damage.kills import Killed, kill_until_done
from tests.damage.work import works


def main() -> None:
    """Read the command line, do it and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=300, help="damaged files")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no further round after so long")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 100_000)
    parser.add_argument("--pictures", type=int, default=120)
    parser.add_argument("--clips", type=int, default=24)
    arguments = parser.parse_args()
    chance, end = Random(arguments.seed), time.monotonic() + arguments.seconds
    print(f"seed {arguments.seed}", flush=True)
    forked.load()
    killed, found = Killed(), Found()
    with tempfile.TemporaryDirectory() as folder, works(Path(folder), arguments.pictures, arguments.clips) as both:
        while killed.kills.total() < arguments.kills and time.monotonic() < end:
            kill_until_done(both[killed.runs % 2], chance, killed)
        print(
            f"kills {dict(killed.kills)}, runs to the end {killed.runs}, asked again {dict(killed.again)}", flush=True
        )
        for work in both:
            if arguments.rounds:
                damage(work, states_of(work), _rounds(arguments.rounds // 2, end), chance, found)
    print(f"damaged {sum(found.files.values())}: {dict(found.files)}")
    print(f"the next run: {dict(found.ends)}, asked again {dict(+found.asked)}")
    faults = killed.faults + found.faults
    print(f"faults {len(faults)}", *faults, sep="\n  ")
    sys.exit(bool(faults))


def _rounds(count: int, end: float) -> Iterator[int]:
    for number in range(count):
        if time.monotonic() > end:
            return
        yield number


if __name__ == "__main__":
    main()
