"""A folder of pictures made to exhaust who opens them, with good ones among them; and what safety costs the good ones.

    python benchmarks/bombs.py [--bombs 300] [--good 100]

Part one runs `image_vqa` over the folder against the test endpoint and watches all processes; part two interrupts such
a run; part three decodes good pictures as the run does and as it did before, on threads of its own process.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from dataflow.media.disk import read_small
from dataflow.media.image import load_image
from dataflow.media.image_job import fitted_image
from dataflow.media.pool import IMAGE_WORKERS
from tests.commands import COMMAND, environment
from tests.media.bombs import bombs
from tests.servers import ModelServer, start_server

METADATA, SIDE = 50 << 20, 5_000
THREADS, ROUNDS = 16, 5


def main() -> None:
    """Do all three parts and print their figures."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--bombs", type=int, default=300)
    options.add_argument("--good", type=int, default=100)
    options.add_argument("--only", choices=["bombs", "clean"], help="Leave the other parts out.")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        good = draw(home / "in", given.good)
        if given.only != "clean":
            for name, content in bombs(given.bombs, METADATA, SIDE):
                (home / "in" / name).write_bytes(content)
            with start_server() as server:
                watch(server, home, given.bombs, given.good)
                for presses, number in ((1, signal.SIGTERM), (1, signal.SIGINT), (2, signal.SIGINT)):
                    interrupt(server, home, presses, number)
        if given.only != "bombs":
            clean(good)


def draw(folder: Path, count: int) -> list[Path]:
    """Good pictures: photographs of 12 million pixels, drawings, and small ones that are sent as they are."""
    import numpy as np
    from PIL import Image

    folder.mkdir()
    noise = np.random.default_rng(5)
    paths = []
    for number in range(count):
        rough = Image.fromarray(noise.integers(0, 255, (30, 40, 3), dtype=np.uint8))
        side = (4000, 2600, 800)[number % 3]
        picture = rough.resize((side, side * 3 // 4), Image.Resampling.BICUBIC)
        paths.append(folder / f"good{number}.{('jpg', 'webp', 'jpg')[number % 3]}")
        picture.save(paths[-1], quality=85)
    return paths


def begin(server: ModelServer, home: Path, out: str) -> subprocess.Popen[bytes]:
    """The run, in a process group of its own."""
    words = ["run", "image_vqa", "--input", "in", "--model", "openai/stub", "--api-url", server.url, "-o", out, "-q"]
    return subprocess.Popen(
        [str(COMMAND), *words], cwd=home, env=environment(), stderr=subprocess.DEVNULL, start_new_session=True
    )


def watch(server: ModelServer, home: Path, bad: int, good: int) -> None:
    """Run over the folder and tell time, memory and what came."""
    begun, peaks = time.monotonic(), {}
    run = begin(server, home, "out")
    while run.poll() is None:
        peaks |= {process: peak for process, peak in peaks_of_group(run.pid).items() if peak > peaks.get(process, 0)}
        time.sleep(0.05)
    parent = peaks.pop(run.pid)
    rows, failed = (
        [line for file in (home / "out").rglob(name) for line in file.read_text().splitlines()]
        for name in ("image_vqa_step1.jsonl", "image_vqa_step1.failures.jsonl")
    )
    done = sum(any(f"good{number}." in row for number in range(good)) for row in rows)
    print(f"{bad} bombs, {good} good: {time.monotonic() - begun:.0f} s, exit {run.returncode}")
    print(f"good ones done {done}, bombs read {len(rows) - done}, bombs refused {len(failed)}")
    print(f"peak of the run {parent} MB, of a decoder {max(peaks.values())} MB, processes in all {len(peaks)}")


def interrupt(server: ModelServer, home: Path, presses: int, number: signal.Signals) -> None:
    """End a run by signals once it is answered, and tell how long it goes on after the last."""
    before = server.stats()["delivered"]
    run = begin(server, home, f"out-{number.name}-{presses}")
    while server.stats()["delivered"] < before + 2:
        time.sleep(0.05)
    time.sleep(3)
    for press in range(presses):
        time.sleep(0.1 * press)
        pressed = time.monotonic()
        os.kill(run.pid, number)
    run.wait()
    ended = time.monotonic() - pressed
    time.sleep(1)
    print(f"{presses} {number.name}: ended after {ended:.2f} s, decoders left {len(peaks_of_group(run.pid))}")


def peaks_of_group(group: int) -> dict[int, int]:
    """The peak of resident memory so far of each process of a group, in MB."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                told = (folder / "status").read_text().partition("VmHWM:")[2].split()
                found[int(folder.name)] = int(told[0]) // 1024 if told else 0
        except (OSError, ProcessLookupError):
            continue
    return found


def clean(good: list[Path]) -> None:
    """Good pictures as a run takes them, against threads as it did before; each picture a few times."""
    kinds = {"sent as they are": good[2::3], "re-encoded": [path for at, path in enumerate(good) if at % 3 != 2]}
    with ThreadPoolExecutor(THREADS) as threads:

        async def on_threads(path: Path) -> object:
            return await asyncio.get_running_loop().run_in_executor(threads, load_image, path)

        async def at_once(path: Path) -> object:
            return await read_small(lambda: load_image(path), lambda: load_image(path))

        for name, paths in kinds.items():
            asyncio.run(compare(name, paths, at_once if name == "sent as they are" else on_threads))


async def compare(name: str, paths: list[Path], before: Callable[[Path], Awaitable[object]]) -> None:
    """Milliseconds a picture of both, in turn, with all pictures asked for at once."""
    await asyncio.gather(*map(fitted_image, paths[: 2 * IMAGE_WORKERS]))  # starts the processes
    took: dict[str, list[float]] = {"before": [], "now": []}
    for _ in range(ROUNDS):
        for which, take in (("before", before), ("now", fitted_image)):
            begun = time.perf_counter()
            await asyncio.gather(*(take(path) for path in paths))
            took[which].append(1000 * (time.perf_counter() - begun) / len(paths))
    earlier, now = (statistics.median(took[which]) for which in ("before", "now"))
    print(f"{name}: {now:.3f} ms a picture, before {earlier:.3f}, now / before {now / earlier:.2f}")


if __name__ == "__main__":
    main()
