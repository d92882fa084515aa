"""The page on 100,000 samples: when the first rows are on the screen, how long a jump takes, what the server holds.

    python benchmarks/viewer.py            # needs the extra `browser` and chromium; --rows for other sizes

The browser runs before the command is typed, as a reader's does. Times are medians of `--repeats`; memory is the
highest that the server process ever held. The floor is a loop that only parses each line of the same file.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browser.chromium import chromium, why_there_is_none
from tests.commands import COMMAND, environment

WORDS = "A red car turns left at the corner while two people wait under a tree and the light slowly changes".split()  # noqa: SIM905
PICTURES = 100
JUMP = """async (share) => {
    const list = document.querySelector('#list'), began = performance.now();
    list.scrollTop = share * (list.scrollHeight - list.clientHeight);
    const wanted = () => [...document.querySelectorAll('.row')].filter(row => !row.classList.contains('blank'));
    const sight = () => { const box = list.getBoundingClientRect();
        return wanted().filter(row => { const at = row.getBoundingClientRect();
            return at.bottom > box.top + 2 && at.top < box.bottom - 2 }).length };
    const full = Math.floor(list.clientHeight / 76);
    while (sight() < full) await new Promise(requestAnimationFrame);
    return performance.now() - began }"""


def write_samples(folder: Path, count: int) -> Path:
    """A data file of about 2 KB a row, with pictures, pairs, labels and a trace."""
    from PIL import Image

    for number in range(PICTURES):
        Image.effect_mandelbrot((320, 200), (-2, -1, 1, 1), 20 + number % 40).save(folder / f"{number}.png")
    path = folder / "big_step1.jsonl"
    with open(path, "wb") as data, open(folder / "big_step1.trace.jsonl", "wb") as trace:
        for number in range(count):
            words = [WORDS[(number * 7 + at * at) % len(WORDS)] for at in range(180)]
            pairs = [
                {
                    "question": f"What is at place {at} of clip {number}?",
                    "answer": " ".join(words[at * 9 : at * 9 + 14]),
                    "type": ("count", "time", "object")[at % 3],
                }
                for at in range(number % 6)
            ]
            row = {"id": number, "image": [f"{number % PICTURES}.png"], "caption": " ".join(words), "qa": pairs}
            data.write(orjson.dumps({**row, "rating": number % 5, "label": f"scene {number % 12}"}) + b"\n")
            line = {"id": number, "operator": "Op", "prompt": "p", "model": "m", "input_tokens": 900, "latency": 0.4}
            trace.write(orjson.dumps({**line, "output_tokens": 80, "source": "fresh"}) + b"\n")
    return path


def parse_all(path: Path) -> float:
    """Seconds to parse every line and do nothing else."""
    began = time.perf_counter()
    with open(path, "rb") as lines:
        for line in lines:
            orjson.loads(line)
    return time.perf_counter() - began


def peak_mb(pid: int) -> float:
    """The most memory that a process ever held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


def children_mb(pid: int) -> float:
    """What the decoder processes hold, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(
        int(Path(f"/proc/{child}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        for child in children
    )


def measure(path: Path, browser: Any) -> dict[str, float]:
    """One start of the page, from the command on."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    seen: dict[str, float] = {}
    began = time.perf_counter()
    with subprocess.Popen(
        [str(COMMAND), "view", str(path), "--port", "0"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        address = server.stdout.readline().strip()
        seen["address printed, s"] = time.perf_counter() - began
        page.goto(address, wait_until="commit")
        page.locator(".row-text").first.wait_for()
        seen["first rows on the screen, s"] = time.perf_counter() - began
        page.locator("#list[data-total]").wait_for()
        while int(page.locator("#list").get_attribute("data-total")) < 100:
            page.wait_for_timeout(10)
        total = lambda: page.evaluate("fetch('api/state').then(a => a.json())")  # noqa: E731
        while not (state := total())["complete"]:
            page.wait_for_timeout(200)
        seen["all rows read, s"] = time.perf_counter() - began
        while int(page.locator("#list").get_attribute("data-total")) < state["rows"]:
            page.wait_for_timeout(20)
        page.wait_for_timeout(1000)
        jumps = [page.evaluate(JUMP, share) for share in (0.5, 0.2, 0.8, 0.1, 0.9)]
        seen["jump to the middle, ms"] = jumps[0]
        seen["slowest of five jumps, ms"] = max(jumps)
        for name, query in (
            ("one word", "text=corner"),
            ("a word that is rare", "text=99999"),
            ("a type", "type=time"),
        ):
            start = time.perf_counter()
            page.evaluate("query => fetch('api/rows?' + query).then(a => a.json())", query)
            seen[f"search: {name}, s"] = time.perf_counter() - start
        for _ in range(20):
            page.keyboard.press("j")
            page.wait_for_timeout(60)
        seen["server memory at most, MB"] = peak_mb(server.pid)
        seen["decoder processes, MB"] = children_mb(server.pid)
        server.terminate()
    page.close()
    return seen


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    if reason := why_there_is_none():
        sys.exit(f"this needs a browser: {reason}")
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        path = write_samples(Path(folder), args.rows)
        measure(path, browser)  # the disk cache is warm, as after the run that made the file
        floor = statistics.median(parse_all(path) for _ in range(args.repeats))
        runs = [measure(path, browser) for _ in range(args.repeats)]
        print(f"{args.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB, median of {args.repeats}")
        for name in runs[0]:
            print(f"{name:32} {statistics.median(run[name] for run in runs):10.3f}")
        read = statistics.median(run["all rows read, s"] for run in runs)
        print(f"{'floor: parsing every line, s':32} {floor:10.3f}")
        print(f"{'all rows read / floor':32} {read / floor:10.3f}")


if __name__ == "__main__":
    main()
