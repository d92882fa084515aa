"""Multi-role video QA against an endpoint that takes 200 ms an answer: how near to a perfect scheduler it comes.

50 ads, each a draft, three rounds of (a call, three experts, a merge) and two requests of the editor, 64 in flight. The
perfect scheduler is simulated: it knows the whole dependency graph, takes no time itself, and always asks first what
has the longest way to its end. Beside it a strictly serial run, measured on a few ads and scaled, and a round of five
experts beside a round of one.

    python benchmarks/multirole.py [--ads 50] [--latency 0.2] [--repeats 3]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import heappop, heappush
from math import ceil
from pathlib import Path
from statistics import mean, median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _bench import Process

from tests.operators.core_vision.roles import DRAFT, LABELS, MERGE, SYNTHESIS, call, final, labels, merge, pairs
from tests.servers import ModelServer, start_server

ROUNDS, IN_FLIGHT = 3, 64
CLIPS, FRAMES = 4, 2
SERIAL_ADS, ROUND_ADS = 2, 8


def talk(experts: int) -> dict[str, str]:
    """What the endpoint answers: every round calls so many experts, each proposes a pair, and all are added."""
    script = {DRAFT: pairs(*(f"draft {number}" for number in range(10)))}
    for at in range(1, ROUNDS + 1):
        names = [f"R{at}E{number}" for number in range(1, experts + 1)]
        script[f"This is round {at} of"] = call(*names)
        script |= {f"Your role: {name}\n": pairs(f"question of {name}") for name in names}
    script[MERGE] = merge(*(("add", f"E{number}.1") for number in range(1, experts + 1)))
    script[SYNTHESIS] = final(*((f"Q{number}", f"final {number}") for number in range(1, 11)))
    script[LABELS] = labels(*["content"] * 10)
    return script


def requests_of(experts: int) -> int:
    """How many requests an ad takes."""
    return 1 + ROUNDS * (2 + experts) + 2


@dataclass(frozen=True)
class Task:
    """A request of the simulated graph: what waits for it, for how many it waits, how many steps it is from the end."""

    next: tuple[int, ...]
    waits_for: int
    level: int


def graph_of(experts: int) -> list[Task]:
    """The requests of an ad: a chain, in which every round widens to its experts."""
    widths = [1, *[1, experts, 1] * ROUNDS, 1, 1]
    tasks: list[Task] = []
    at = 0
    for place, width in enumerate(widths):
        after = tuple(range(at + width, at + width + widths[place + 1])) if place + 1 < len(widths) else ()
        before = widths[place - 1] if place else 0
        tasks += [Task(after, before, len(widths) - place)] * width
        at += width
    return tasks


def perfect_seconds(ads: int, experts: int, latency: float, in_flight: int) -> float:
    """How long a scheduler takes that takes no time itself: the longest way to the end is asked first."""
    graph = graph_of(experts)
    ready: list[tuple[int, int, int]] = [(-graph[0].level, ad, 0) for ad in range(ads)]
    waiting = {(ad, number): task.waits_for for ad in range(ads) for number, task in enumerate(graph)}
    running: list[tuple[float, int, int]] = []
    now = 0.0
    while ready or running:
        while ready and len(running) < in_flight:
            _, ad, number = heappop(ready)
            heappush(running, (now + latency, ad, number))
        now = running[0][0]
        while running and running[0][0] <= now + 1e-9:
            _, ad, number = heappop(running)
            for after in graph[number].next:
                waiting[ad, after] -= 1
                if not waiting[ad, after]:
                    heappush(ready, (-graph[after].level, ad, after))
    return now


class Bench:
    """What all runs share: the CPUs, the frames, the samples.

    Args:
        folder: for frames, samples and outputs.
        latency: seconds per answer.
    """

    def __init__(self, folder: Path, latency: float) -> None:
        cpus = sorted(os.sched_getaffinity(0))
        if len(cpus) < 2:
            sys.exit("The benchmark needs two CPUs: one for the endpoint, one for the client.")
        self.server_cpu, self.client_cpu = cpus[0], cpus[1]
        self.folder = folder
        self.latency = latency
        self._runs = 0

    def samples(self, ads: int) -> Path:
        """A file of so many ads, each of clips with frames of its own."""
        images = self.folder / "images"
        images.mkdir(exist_ok=True)
        _write_frames(images, ads * CLIPS * FRAMES)
        names = iter(sorted(images.glob("*.jpg")))
        path = self.folder / f"ads{ads}.jsonl"
        with path.open("w") as file:
            for number in range(ads):
                clips = [
                    {"Audio_Text": f"words {number}", "Frames_Images": [str(next(names)) for _ in range(FRAMES)]}
                    for _ in range(CLIPS)
                ]
                file.write(json.dumps({"Meta": f"ad {number}", "Clips": clips}) + "\n")
        return path

    @contextmanager
    def run(self, ads: int, experts: int, in_flight: int) -> Iterator[tuple[ModelServer, float]]:
        """Run the pipeline to its end; gives the endpoint with its counts, and the seconds of the process.

        Raises:
            RuntimeError: it failed, or asked for something else than was planned.
        """
        self._runs += 1
        output = self.folder / f"run{self._runs}"
        command = Path(sys.executable).with_name("dataflow")
        with start_server(cpu=self.server_cpu, answer="script", script=talk(experts), latency=self.latency) as server:
            words = ["run", "multirole_video_qa", "--input", self.samples(ads), "--output", output, "--quiet"]
            words += ["--model", "openai/stub", "--api-url", server.url, "--max-workers", in_flight]
            process = Process([str(command), *map(str, words)], self.folder, self.client_cpu)
            try:
                wall, _, _ = process.finish()
            finally:
                if process.popen.returncode is None:
                    process.kill()
            planned = ads * requests_of(experts)
            if server.stats()["delivered"] != planned:
                raise RuntimeError(f"{server.stats()['delivered']} requests instead of {planned}")
            yield server, wall
        shutil.rmtree(output)

    def window(self, ads: int, experts: int, in_flight: int) -> tuple[float, float]:
        """Seconds from the first request to the last answer, and of the whole process."""
        with self.run(ads, experts, in_flight) as (server, wall):
            stats = server.stats()
            return stats["last_out"] - stats["first_in"], wall

    def round_seconds(self, experts: int) -> float:
        """How long a round takes on average, from the master's call to the end of the merge."""
        began: dict[tuple[str, int], float] = {}
        ended: dict[tuple[str, int], float] = {}
        with self.run(ROUND_ADS, experts, IN_FLIGHT) as (server, _):
            seen: dict[str, int] = defaultdict(int)
            for entry in sorted(server.requests(), key=lambda entry: entry["in"]):
                ad, text = _ad_and_stage(entry)
                if "This is round" in text:
                    seen[ad] += 1
                    began[ad, seen[ad]] = entry["in"]
                elif "your experts propose" in text:
                    ended[ad, seen[ad]] = entry["out"]
        assert len(began) == len(ended) == ROUND_ADS * ROUNDS
        return mean(ended[key] - began[key] for key in began)


def _write_frames(folder: Path, count: int) -> None:
    """So many different JPEG files as `VideoToClips` writes them: 448 x 252 pixels, about 9 KB."""
    import numpy as np
    import simplejpeg

    random_state = np.random.default_rng(0)
    gradient = np.linspace(40, 200, 448)[None, :, None]
    for number in range(count):
        noise = random_state.integers(-3, 4, (252, 448, 3))
        picture = (gradient + noise + number % 50).clip(0, 255).astype(np.uint8)
        (folder / f"{number:05d}.jpg").write_bytes(simplejpeg.encode_jpeg(picture, quality=85))


def _ad_and_stage(entry: dict[str, Any]) -> tuple[str, str]:
    content = entry["messages"][1]["content"]
    return content[0]["text"], content[-1]["text"]


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ads", type=int, default=50)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds per answer")
    parser.add_argument("--repeats", type=int, default=3, help="the median of so many runs counts")
    arguments = parser.parse_args()
    ads, latency = arguments.ads, arguments.latency
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), latency)
        runs = [bench.window(ads, 3, IN_FLIGHT) for _ in range(arguments.repeats)]
        window, wall = (median(column) for column in zip(*runs, strict=True))
        serial, _ = bench.window(SERIAL_ADS, 3, 1)
        one, five = bench.round_seconds(1), bench.round_seconds(5)
    best = perfect_seconds(ads, 3, latency, IN_FLIGHT)
    total = ads * requests_of(3)
    print(
        f"{ads} ads, {total} requests of {latency * 1000:.0f} ms, {IN_FLIGHT} in flight, {CLIPS * FRAMES} frames an ad"
    )
    print(f"  no schedule is under     {max(ceil(total / IN_FLIGHT), 3 * ROUNDS + 3) * latency:8.2f} s")
    print(f"  perfect scheduler        {best:8.2f} s  (simulated)")
    print(f"  ours, first to last      {window:8.2f} s  {window / best:6.3f} x perfect (at most 1.15)")
    print(f"  ours, whole process      {wall:8.2f} s  {wall / best:6.3f} x perfect")
    print(f"  strictly serial          {serial * ads / SERIAL_ADS:8.2f} s  (measured on {SERIAL_ADS} ads, scaled)")
    print(f"  a round of 1 expert      {one:8.3f} s")
    print(f"  a round of 5 experts     {five:8.3f} s  {five / one:6.3f} x a round of one (at most 1.2)")


if __name__ == "__main__":
    main()
