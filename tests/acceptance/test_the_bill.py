"""The bill of a model that refuses, is cut off and answers in its reasoning is the endpoint's bill, to the token."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.acceptance.chat_run import make_clips, manifest, run
from tests.cli.held import hold, release_to_the_end, release_until
from tests.commands import dataflow, start
from tests.pictures import make_pictures
from tests.servers import ModelServer, start_server

WORKERS = 32
READ, WRITTEN, CACHED = 10.0, 20.0, 2.5
PRICE = ["--price", f"{READ},{WRITTEN},{CACHED}"]


@pytest.fixture
def chat() -> Iterator[ModelServer]:
    with start_server(answer="chat", seed=23, qa_pairs=3, latency=0.005) as server:
        yield server


def charged(server: ModelServer) -> dict[str, int]:
    """What the endpoint says that it was asked and answered, in the words of the manifest."""
    stats = server.stats()
    names = {"input": "prompt_tokens", "cached": "cached_tokens", "output": "completion_tokens"}
    return {ours: stats[its] for ours, its in names.items()}


def cost_of(tokens: dict[str, Any]) -> float:
    """Dollars."""
    fresh = tokens["input"] - tokens["cached"]
    return float(fresh * READ + tokens["cached"] * CACHED + tokens["output"] * WRITTEN) / 1e6


def less(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after}


@pytest.mark.parametrize(
    ("pipeline", "count"), [("image_vqa", 300), ("context_vqa", 150), ("video_caption", 40), ("video_qa", 40)]
)
def test_tokens_and_cost_of_a_run_are_the_endpoints(
    chat: ModelServer, tmp_path: Path, pipeline: str, count: int
) -> None:
    if pipeline.startswith("video"):
        make_clips(tmp_path / "media", count)
    else:
        make_pictures(tmp_path / "media", count, size=12)
    done = run(chat, tmp_path, pipeline, "media", *PRICE)
    assert done.returncode == 3, done.stderr
    bill = charged(chat)
    assert bill["cached"] > 0
    for told in (manifest(tmp_path, pipeline), orjson.loads(done.stdout)):
        assert told["tokens"] == told["so_far"]["tokens"] == bill
        assert told["cost"] == pytest.approx(cost_of(bill), abs=1e-6)


def test_runs_that_are_capped_interrupted_and_repeated_add_up_in_status(chat: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "media", 400, size=12)
    before = charged(chat)
    for more, code in (
        (["--max-requests", "150"], 4),
        (["--max-total-tokens", "40000"], 4),
        ([], 3),
        ([], 3),  # what failed is asked about anew
        (["--fresh", "--limit", "100"], 3),
    ):
        done = run(chat, tmp_path, "image_vqa", "media", *PRICE, *more)
        assert done.returncode == code, done.stderr
        bill = charged(chat)
        told = manifest(tmp_path, "image_vqa")
        assert told["tokens"] == less(bill, before) and told["tokens"]["input"] > 0
        before = bill
        status = dataflow("status", "outputs/image_vqa", "--json", cwd=tmp_path)
        total = orjson.loads(status.stdout)["so_far"]
        assert total["tokens"] == bill
        assert total["cost"] == pytest.approx(cost_of(bill), abs=1e-5)


def test_an_interrupted_run_has_counted_all_that_it_was_answered(chat: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "media", 600, size=12)
    hold(chat)
    words = ["--input", "media", "--model", "openai/stub", "--api-url", chat.url, "--max-workers", "16", "-q"]
    running = start("run", "image_vqa", *words, cwd=tmp_path)
    release_until(chat, running, lambda: chat.stats()["requests"] >= 100)
    running.send_signal(signal.SIGINT)
    assert release_to_the_end(chat, running) == 130
    assert manifest(tmp_path, "image_vqa")["tokens"] == charged(chat)


@pytest.mark.parametrize("cap", [0.05, 0.4, 1.2])
def test_a_cap_on_cost_is_overspent_by_no_more_than_what_is_in_flight(
    chat: ModelServer, tmp_path: Path, cap: float
) -> None:
    make_pictures(tmp_path / "media", 1000, size=12)
    done = run(chat, tmp_path, "image_vqa", "media", *PRICE, "--max-cost", str(cap))
    assert done.returncode == 4, done.stderr
    spent = cost_of(charged(chat))
    replies = [_tokens(entry["usage"]) for entry in chat.requests()]
    dearest = max(map(cost_of, replies))
    assert cap <= spent <= cap + WORKERS * dearest
    assert manifest(tmp_path, "image_vqa")["cost"] == pytest.approx(spent, abs=1e-6)


def _tokens(usage: dict[str, Any]) -> dict[str, Any]:
    cached = usage.get("prompt_tokens_details", {}).get("cached_tokens", 0)
    return {"input": usage["prompt_tokens"], "cached": cached, "output": usage["completion_tokens"]}
