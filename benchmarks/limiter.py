"""What limits cost that an endpoint does not tell, or tells wrongly: ours beside a semaphore with retries.

    python benchmarks/limiter.py [--only ROW ...] [--repeats N] [--simulate]

Both ask from this process, in turn, the endpoint of `tests/server` in another, which counts the refusals. `--simulate`
prints the eighteen endpoints of the study of limits in virtual time, beside the study's own proposal.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import mean, median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dataflow.core import Message, Request, TextPart
from dataflow.serving import APIVLMServing_openai
from tests.servers import start_server
from tests.serving.pacing.situations import SITUATIONS, ask_all, measure, untrue

WORKERS = 64
LATENCY: dict[str, Any] = {"latency": 0.4, "latency_sigma": 0.5}
LIMIT: dict[str, Any] = {"requests_per_second": 100, "burst": 100}

ROWS: dict[str, tuple[int, dict[str, Any]]] = {
    "true headers": (1000, LATENCY | LIMIT),
    "untrue headers": (1000, LATENCY | LIMIT | {"said_headers": untrue(100)}),
    "no headers": (1000, LATENCY | LIMIT | {"rate_headers": False}),
    "untrue headers, no tail": (1000, LIMIT | {"latency": 0.4, "said_headers": untrue(100)}),
    "no headers, no tail": (1000, LIMIT | {"latency": 0.4, "rate_headers": False}),
    "5 % random 429": (1000, LATENCY | {"faults": {"429": 0.05}}),
    "hidden 600 a minute": (250, LATENCY | {"requests_per_second": 10, "burst": 100, "rate_headers": False}),
    "a server that slows down": (1000, LATENCY | {"knee": 16}),
}


async def ask_ours(url: str, count: int) -> None:
    """Ask with our serving."""
    serving = APIVLMServing_openai(api_url=url, model_name="stub", max_workers=WORKERS)
    asked = (Request((Message("user", (TextPart(f"Question {number}"),)),)) for number in range(count))
    await asyncio.gather(*(serving.answer(request, order=number) for number, request in enumerate(asked)))
    await serving.close()


async def ask_floor(url: str, count: int) -> None:
    """Ask with aiohttp, a semaphore, and a sleep in it for as long as a refusal says, or a doubling time at random."""
    import aiohttp
    import orjson

    room = asyncio.Semaphore(WORKERS)

    async def one(session: Any, number: int) -> None:
        body = orjson.dumps({"model": "stub", "messages": [{"role": "user", "content": f"Question {number}"}]})
        async with room:
            for tries in range(10_000):
                async with session.post(f"{url}/chat/completions", data=body) as response:
                    reply = await response.read()
                    if response.status == 200:
                        orjson.loads(reply)
                        return
                    told = response.headers.get("retry-after")
                await asyncio.sleep(float(told) if told else random.uniform(0, min(8.0, 0.5 * 2.0 ** min(tries, 9))))

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(one(session, number) for number in range(count)))


def measure_one(ask: Callable[[str, int], Awaitable[None]], count: int, config: dict[str, Any]) -> tuple[float, int]:
    """Seconds and refusals of one way to ask, at a fresh endpoint."""
    import uvloop

    with start_server(light=True, draw_by="order", **config) as server:
        began = time.monotonic()
        uvloop.run(ask(server.url, count))  # type: ignore[arg-type]
        seconds = time.monotonic() - began
        stats = server.stats()
    assert stats["delivered"] == count, stats
    return seconds, stats["refusals"]


def print_real(rows: list[str], repeats: int) -> None:
    """The table of the real endpoint: medians."""
    print("| endpoint | floor, s | refusals | ours, s | refusals | ours / floor |\n|---|---|---|---|---|---|")
    for row in rows:
        count, config = ROWS[row]
        runs: dict[str, list[tuple[float, int]]] = {"floor": [], "ours": []}
        for _ in range(repeats):
            for name, ask in (("floor", ask_floor), ("ours", ask_ours)):
                runs[name].append(measure_one(ask, count, config))
        floor, ours = ([median(run[what] for run in runs[name]) for what in (0, 1)] for name in ("floor", "ours"))
        cells = f"{floor[0]:.1f} | {floor[1]:.0f} | {ours[0]:.1f} | {ours[1]:.0f} | {ours[0] / floor[0]:.2f}"
        print(f"| {row} | {cells} |", flush=True)


def print_simulated(seeds: range) -> None:
    """The eighteen endpoints in virtual time: means over seeds, beside the study's proposal."""
    print("| endpoint | ours, s | refusals | the study's *learned*, s | refusals |\n|---|---|---|---|---|")
    for situation in SITUATIONS:
        runs = [measure(ask_all, situation, seed) for seed in seeds]
        seconds, refusals = (mean(run[what] for run in runs) for what in (0, 1))
        learned = f"{situation.learned[0]} | {situation.learned[1]}"
        print(f"| {situation.name} | {seconds:.1f} | {refusals:.0f} | {learned} |", flush=True)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--repeats", type=int, default=1, help="how often each asks each endpoint (%(default)s)")
    parser.add_argument("--simulate", action="store_true", help="the eighteen endpoints in virtual time instead")
    arguments = parser.parse_args()
    if arguments.simulate:
        print_simulated(range(1, 4))
    else:
        print_real(arguments.only, arguments.repeats)


if __name__ == "__main__":
    main()
