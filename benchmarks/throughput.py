"""How well a run keeps a model busy, and what it costs: our pipeline beside a bare aiohttp loop and the openai SDK.

    python benchmarks/throughput.py [--only ROW ...] [--quick] [--long] [--with-openai] [--ours COMMAND]

The endpoint (`tests/server`) runs on one CPU, the clients, each a fresh process, one after the other on another. All
meet the same latencies and faults, drawn by order of arrival. *In the window* means from the endpoint's first request
to its last answer, as it saw them itself; *of the process* means from the start of the client to its exit.
"""

from __future__ import annotations

import argparse
import heapq
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from _bench import Bench, Client, Process  # noqa: E402
from _load import break_images  # noqa: E402

from tests.server.draws import draw_latency, uniform_pair  # noqa: E402
from tests.servers import ModelServer  # noqa: E402

LATENCY: dict[str, Any] = {"latency": 0.4, "latency_sigma": 0.4, "seed": 132}
FAULTS = {"500": 0.05, "429": 0.05, "drop": 0.01, "torn": 0.01}
BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
PEER = "{python} {load} {name} --input {input} --url {url} --workers {workers} --timeout {timeout} --output {output}"
OURS = (
    "{bin}/dataflow run image_vqa --input {input} --model openai/stub --api-url {url}"
    " --max-workers {workers} --timeout {timeout} --output {output} --quiet"
)

Measured = dict[str, float]


def measure_efficiency(bench: Bench, client: Client, full: int, workers: int) -> Measured:
    """How much of the time the endpoint was as busy as allowed; and start-up and exit."""
    run = bench.run(client, bench.count(full), workers, **LATENCY)
    ideal = run.stats["latency_sum"] / workers
    return {
        f"efficiency in the window, {workers} in flight": ideal / run.window,
        f"efficiency of the process, {workers} in flight": ideal / run.wall,
        f"start-up + exit, {workers} in flight, s": run.wall - run.window,
    }


def measure_zero_latency(bench: Bench, client: Client) -> Measured:
    """The rate, and the CPU per record, when the endpoint answers at once."""
    few, many = bench.count(1000), bench.count(10_000)
    short, long = bench.run(client, few), bench.run(client, many)
    return {
        "zero latency: requests/s in the window": long.stats["delivered"] / long.window,
        "zero latency: CPU per further record, ms": (long.cpu - short.cpu) / (many - few) * 1000,
    }


def measure_memory(bench: Bench, client: Client) -> Measured:
    """Peak memory by size of the dataset, 256 in flight; in the longest run the 10th sample is answered last."""
    sizes = [bench.count(full) for full in ((1000, 10_000, 100_000) if bench.long else (1000, 10_000))]

    def release_at_the_end(server: ModelServer, process: Process) -> None:
        while server.stats()["delivered"] < sizes[-1] - 1 and not process.ended:
            time.sleep(0.2)
        server.release()

    runs = [bench.run(client, size, 256) for size in sizes[:-1]]
    runs.append(bench.run(client, sizes[-1], 256, hang_nth=10, watch=release_at_the_end))
    return {f"peak RSS at {size} samples, MB": run.rss for size, run in zip(sizes, runs, strict=True)}


def measure_faults(bench: Bench, client: Client) -> Measured:
    """What random faults cost, in answers and in time."""
    count = bench.count(1000)
    run = bench.run(client, count, faults=FAULTS, **LATENCY)
    return {
        f"12 % faults: good of {count}": run.good,
        "12 % faults: paid twice": run.stats["paid_twice"],
        "12 % faults: time of the process, s": run.wall,
    }


def measure_kill(bench: Bench, client: Client, full: int, workers: int) -> Measured:
    """SIGKILL of the process group at half, and the same command again: what is asked again of what was delivered."""
    count = bench.count(full)
    source, folder = bench.samples(count), bench.new_output()
    with bench.endpoint(**LATENCY) as server:
        argv = client.argv(source, server.url, workers, 600.0, folder)
        with bench.started(argv) as process:
            while server.stats()["delivered"] < count / 2 and not process.ended:
                time.sleep(0.01)
            process.kill()
        with bench.started(argv) as process:
            process.finish()
        return {
            f"SIGKILL at half, {workers} in flight: good of {count}": client.count_good(folder),
            f"SIGKILL at half, {workers} in flight: asked again": server.stats()["asked_again"],
        }


def measure_broken(bench: Bench, client: Client) -> Measured:
    """1 % of the images missing or cut off."""
    count = bench.count(1000)
    source = bench.samples(count)
    break_images(source, bench.new_output(), count, 100)
    run = bench.run(client, count, source=source)
    return {f"1 % broken images: good of {count}": run.good, "1 % broken images: requests": run.stats["requests"]}


def measure_rate_limit(bench: Bench, client: Client) -> Measured:
    """100 requests/s allowed, as a token bucket of 100 with headers."""
    count = bench.count(1000)
    run = bench.run(client, count, requests_per_second=100, burst=100)
    return {
        f"100 requests/s allowed: good of {count}": run.good,
        "100 requests/s allowed: time in the window, s": run.window,
        "100 requests/s allowed: refusals": run.stats["refusals"],
    }


def measure_hangs(bench: Bench, client: Client) -> Measured:
    """0.2 % of requests are never answered, and the client's timeout is 5 s."""
    count = bench.count(2000)
    run = bench.run(client, count, timeout=5.0, faults={"hang": 0.002}, **LATENCY)
    return {
        f"0.2 % hang, timeout 5 s: good of {count}": run.good,
        "0.2 % hang, timeout 5 s: time to 99 % of the answers, s": run.seconds_until(0.99),
    }


ROWS: dict[str, Callable[[Bench, Client], Measured]] = {
    "efficiency64": lambda bench, client: measure_efficiency(bench, client, 2000, 64),
    "efficiency256": lambda bench, client: measure_efficiency(bench, client, 4000, 256),
    "zero": measure_zero_latency,
    "memory": measure_memory,
    "faults": measure_faults,
    "kill64": lambda bench, client: measure_kill(bench, client, 1000, 64),
    "kill256": lambda bench, client: measure_kill(bench, client, 4000, 256),
    "broken": measure_broken,
    "rate": measure_rate_limit,
    "hangs": measure_hangs,
}

TARGETS = {
    "efficiency in the window, 64 in flight": "0.955 (ratio 0.997)",
    "efficiency of the process, 64 in flight": "0.90 (ratio 0.953)",
    "start-up + exit, 64 in flight, s": "0.8",
    "efficiency in the window, 256 in flight": "0.83 (ratio 0.988)",
    "efficiency of the process, 256 in flight": "0.77 (ratio 0.948)",
    "zero latency: requests/s in the window": "3000 (ratio 0.37)",
    "zero latency: CPU per further record, ms": "0.35",
    "peak RSS at 1000 samples, MB": "90",
    "peak RSS at 10000 samples, MB": "90, within 15 % of 1000",
    "peak RSS at 100000 samples, MB": "90, within 15 % of 1000",
    "12 % faults: good of 1000": "1000",
    "12 % faults: paid twice": "0",
    "12 % faults: time of the process, s": "ratio 1.15",
    "SIGKILL at half, 64 in flight: good of 1000": "1000",
    "SIGKILL at half, 64 in flight: asked again": "3",
    "SIGKILL at half, 256 in flight: good of 4000": "4000",
    "SIGKILL at half, 256 in flight: asked again": "ratio 2",
    "1 % broken images: good of 1000": "990",
    "1 % broken images: requests": "990",
    "100 requests/s allowed: good of 1000": "1000",
    "100 requests/s allowed: time in the window, s": "10 (9 at best)",
    "100 requests/s allowed: refusals": "10",
    "0.2 % hang, timeout 5 s: good of 2000": "2000",
    "0.2 % hang, timeout 5 s: time to 99 % of the answers, s": "not delayed: ratio 1.05",
}


def perfect_efficiency(count: int, workers: int) -> float:
    """What a client would reach that asks the next question in the very moment in which one is answered."""
    draws = (uniform_pair(LATENCY["seed"], b"%d" % order, 0)[1] for order in range(count))
    latencies = [draw_latency(LATENCY["latency"], LATENCY["latency_sigma"], u) for u in draws]
    busy = latencies[:workers]
    heapq.heapify(busy)
    for latency in latencies[workers:]:
        heapq.heapreplace(busy, busy[0] + latency)
    return sum(latencies) / workers / max(busy)


def measure(bench: Bench, clients: list[Client], row: str, repeats: int) -> dict[str, list[Measured]]:
    """Measure one row with all clients in turn, so often; a client that fails is told and left out from then on."""
    results: dict[str, list[Measured]] = {client.name: [] for client in clients}
    failed = set()
    for _ in range(repeats):
        for client in clients:
            if client.name in failed:
                continue
            try:
                results[client.name].append(ROWS[row](bench, client))
            except RuntimeError as error:
                print(f"{row}: {client.name}: {error}", file=sys.stderr)
                failed.add(client.name)
    return {name: [] if name in failed else measured for name, measured in results.items()}


def lines_of(results: dict[str, list[Measured]]) -> list[str]:
    """The lines of the table for one row: the median, but the worst where answers are counted."""
    lines = []
    labels = dict.fromkeys(label for runs in results.values() for run in runs for label in run)
    for label in labels:
        pick = min if "good of" in label else max if "paid twice" in label else median
        values = {name: pick(run[label] for run in runs) for name, runs in results.items() if runs}
        cells = [f"{values[name]:.4g}" if name in values else "–" for name in ("floor", "openai", "ours")]
        floor, ours = values.get("floor"), values.get("ours")
        ratio = f"{ours / floor:.3f}" if floor and ours is not None else "–"
        lines.append(f"| {' | '.join([label, *cells, ratio, TARGETS.get(label, '–')])} |")
    return lines


def install_openai() -> None:
    """Put the openai SDK into a virtual environment of its own."""
    subprocess.run([sys.executable, "-m", "venv", ".venv-bench"], cwd=ROOT, check=True)
    subprocess.run([str(BENCH_PYTHON), "-m", "pip", "install", "--quiet", "openai"], check=True)


def main() -> None:
    """Read the command line, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW", help=", ".join(ROWS))
    names = ["floor", "openai", "ours"]
    parser.add_argument("--clients", nargs="+", choices=names, default=names, metavar="CLIENT", help=", ".join(names))
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples, once: shows that it works")
    parser.add_argument("--long", action="store_true", help="memory also with 100,000 samples")
    parser.add_argument("--repeats", type=int, default=5, help="how often each client runs each row (%(default)s)")
    parser.add_argument("--with-openai", action="store_true", help="install the openai SDK into .venv-bench")
    parser.add_argument("--ours", default=OURS, help=f"our command; by default: {OURS}")
    arguments = parser.parse_args()
    if arguments.with_openai:
        install_openai()
    clients = [Client("floor", PEER, sys.executable), Client("ours", arguments.ours, sys.executable)]
    if BENCH_PYTHON.exists():
        clients.insert(1, Client("openai", PEER, str(BENCH_PYTHON)))
    elif "openai" in arguments.clients:
        print("openai: not installed; --with-openai installs it.", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
        scale, repeats = (0.1, 1) if arguments.quick else (1.0, arguments.repeats)
        bench = Bench(Path(folder), scale, long=arguments.long)
        for full, workers in ((2000, 64), (4000, 256)):
            ideal = perfect_efficiency(bench.count(full), workers)
            print(f"A perfect client reaches an efficiency of {ideal:.3f} at {workers} in flight.")
        print("\n| row | floor | openai | ours | ours / floor | target |\n|---|---|---|---|---|---|")
        for row in arguments.only:
            chosen = [client for client in clients if client.name in arguments.clients]
            print("\n".join(lines_of(measure(bench, chosen, row, repeats))), flush=True)


if __name__ == "__main__":
    main()
