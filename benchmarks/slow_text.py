"""Looks for slow text: thousands of makes of it through everything that reads what models, datasets and the web write.

    python benchmarks/slow_text.py --inputs 20000

Every reader reads all tokens alone and its share of the other makes; with `--every` all of them, which takes hours.
Nothing may grow faster than its text from 10 KB to 1 MB, nor take longer than a second for a megabyte. What is measured
is CPU time. As a control, two readers that the project had once, and that are known to be slow, are searched likewise.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.slow_text.growth import growth
from tests.slow_text.known import KNOWN_SLOW, ONCE_SLOW, TIMES
from tests.slow_text.readers import all_readers
from tests.slow_text.search import Found, search
from tests.slow_text.texts import TOKENS, texts


def main() -> int:
    """Search, print, and tell by the exit code whether something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=20_000, help="makes of texts")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="readers whose name has this in it")
    parser.add_argument("--every", action="store_true", help="all makes through every reader")
    arguments = parser.parse_args()
    made = list(texts(arguments.inputs, arguments.seed))
    readers = {name: read for name, read in all_readers().items() if arguments.only in name}
    begun = time.process_time()
    found = Found()
    alone, others = made[: len(TOKENS)], made[len(TOKENS) :]
    for at, (name, read) in enumerate(readers.items()):
        share = others if arguments.every else others[at :: len(readers)]
        one = search({name: read}, [*alone, *share], tell=lambda told: print(told, flush=True))
        found.slow += one.slow
        found.longest |= one.longest
        found.readings += one.readings
    print(f"\n{len(readers)} readers, {len(made):,} makes of texts, {found.readings:,} readings, ", end="")
    print(f"{time.process_time() - begun:.0f} s of CPU: {len(found.slow)} slow")
    if found.longest:
        name, (longest, text) = max(found.longest.items(), key=lambda item: item[1][0])
        print(f"the longest for a megabyte: {longest:.2f} s, {name}, {text!r}")
    for name, read in KNOWN_SLOW.items():
        text, size = ONCE_SLOW[name]
        grown = growth(read, text, size, TIMES * size)
        print(f"control, {name}: {grown.over_linear:.1f} times linear growth for {text!r}: {grown.superlinear}")
    return bool(found.slow)


if __name__ == "__main__":
    sys.exit(main())
