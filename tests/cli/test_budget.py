"""Caps on requests, tokens and cost: the run stops in time, says why, and goes on when they are raised."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer

OUTPUT = "outputs/image_vqa/image_vqa_step1.jsonl"
COUNT = 60
WORKERS = 4


def command(server: ModelServer, folder: Path, *more: str) -> list[str | Path]:
    if not (folder / "in.jsonl").exists():
        make_pictures(folder, 1)
        rows = [{"image": "p0.jpg", "conversation": [{"from": "human", "value": f"Q {n}?"}]} for n in range(COUNT)]
        write_jsonl(folder / "in.jsonl", rows)
    words = ["--input", "in.jsonl", "--model", "openai/stub", "--api-url", server.url, "--max-workers", str(WORKERS)]
    return ["run", "image_vqa", *words, "-q", *more]


@pytest.mark.parametrize(
    ("cap", "low", "high", "said"),
    [
        (["--max-requests"], "20", "100", "cap of 20 requests"),
        (["--max-total-tokens"], "2500", "1000000", "cap of 2,500 tokens"),
        (["--price", "10,20", "--max-cost"], "0.02", "9", "cap of $0.02"),
    ],
)
def test_at_a_cap_it_stops_and_goes_on_when_the_cap_is_raised_and_asks_nothing_twice(
    model_server: ModelServer, tmp_path: Path, cap: list[str], low: str, high: str, said: str
) -> None:
    model_server.configure(latency=0.02)
    done = dataflow(*command(model_server, tmp_path, *cap, low), cwd=tmp_path)
    assert done.returncode == 4
    (line,) = done.stderr.strip().splitlines()
    assert said in line and "a higher cap goes on" in line
    assert not (tmp_path / OUTPUT).exists()
    first = model_server.stats()
    assert 0 < first["delivered"] < COUNT
    manifest = orjson.loads((tmp_path / "outputs/image_vqa/run.json").read_bytes())
    assert manifest["state"] == "stopped" and said in manifest["message"]
    assert manifest["counts"]["requests"] == first["requests"]

    again = dataflow(*command(model_server, tmp_path, *cap, high), cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert len(read_jsonl(tmp_path / OUTPUT)) == COUNT
    last = model_server.stats()
    assert (last["requests"], last["asked_again"]) == (COUNT, 0)


def test_a_cap_is_not_overspent_by_more_than_what_is_in_flight(model_server: ModelServer, tmp_path: Path) -> None:
    model_server.configure(latency=0.02)
    assert dataflow(*command(model_server, tmp_path, "--max-requests", "20"), cwd=tmp_path).returncode == 4
    assert model_server.stats()["requests"] == 20
    model_server.reset()
    more = ["--max-total-tokens", "2500", "--output", "other"]
    assert dataflow(*command(model_server, tmp_path, *more), cwd=tmp_path).returncode == 4
    stats = model_server.stats()
    spent = stats["prompt_tokens"] + stats["completion_tokens"]
    assert 2500 <= spent <= 2500 + WORKERS * spent / stats["delivered"]


def test_a_cost_cap_without_a_known_price_is_refused_before_anything_is_asked(
    model_server: ModelServer, tmp_path: Path
) -> None:
    done = dataflow(*command(model_server, tmp_path, "--max-cost", "1"), cwd=tmp_path)
    assert done.returncode == 2
    assert "stub" in done.stderr and "--price IN,OUT" in done.stderr and "Traceback" not in done.stderr
    assert model_server.stats()["requests"] == 0


@pytest.mark.parametrize("price", ["1", "a,b", "1,2,3,4", "-1,2", "nan,1", "1,2,", "1,2,-3", "1,inf"])
def test_a_price_that_is_none_is_refused(model_server: ModelServer, tmp_path: Path, price: str) -> None:
    done = dataflow(*command(model_server, tmp_path, f"--price={price}"), cwd=tmp_path)
    assert done.returncode == 2 and "--price" in done.stderr
    assert model_server.stats()["requests"] == 0


def test_tokens_and_cost_are_those_that_the_endpoint_counted(model_server: ModelServer, tmp_path: Path) -> None:
    words = command(model_server, tmp_path, "--price", "10,20", "--json")
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    stats, summary = model_server.stats(), orjson.loads(done.stdout)
    charged = {"input": stats["prompt_tokens"], "cached": 0, "output": stats["completion_tokens"]}
    assert summary["tokens"] == charged
    cost = (10 * stats["prompt_tokens"] + 20 * stats["completion_tokens"]) / 1e6
    assert summary["cost"] == pytest.approx(cost)
    manifest = orjson.loads((tmp_path / "outputs/image_vqa/run.json").read_bytes())
    assert manifest["tokens"] == summary["tokens"] and manifest["cost"] == pytest.approx(cost, abs=1e-6)
    assert {"command", "versions", "servings", "prompts", "seconds", "host", "started"} <= manifest.keys()
    assert manifest["servings"][0]["model"] == "stub" and manifest["servings"][0]["max_workers"] == WORKERS


def test_behind_a_gateway_on_this_machine_a_known_name_has_its_list_price_cached_tokens_for_less(
    model_server: ModelServer, tmp_path: Path
) -> None:
    none = dict.fromkeys(("refused", "cut", "empty", "blind", "thought"), 0.0)
    model_server.configure(answer="chat", chat={**none, "cached": 1.0})
    words = command(model_server, tmp_path, "--max-cost", "5", "--json")
    words[words.index("openai/stub")] = "openai/gpt-4o-mini"
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    summary, stats = orjson.loads(done.stdout), model_server.stats()
    tokens = summary["tokens"]
    assert tokens["input"] == stats["prompt_tokens"] and 0 < tokens["cached"] < tokens["input"]
    dollars = (tokens["input"] - tokens["cached"]) * 0.15 + tokens["cached"] * 0.075 + tokens["output"] * 0.6
    assert summary["cost"] == pytest.approx(dollars / 1e6, abs=1e-6)
