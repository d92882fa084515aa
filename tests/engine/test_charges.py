"""What was spent is kept in the ledger by run, output and model, whatever became of the answers, and adds up."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow import Pipeline, RunOptions
from dataflow.core import Usage
from dataflow.engine.budget import Caps
from dataflow.engine.ledger import SqliteLedger
from dataflow.engine.prices import Price
from dataflow.engine.spending import Spending
from tests.engine.questions import Ask, serving_at
from tests.servers import ModelServer

PRICE = Price(10.0, 20.0, 1.0)


def run(server: ModelServer, folder: Path, texts: list[str], **options: Any) -> dict[str, Any]:
    """Ask in one run; what its manifest says."""
    caps = options.pop("caps", Caps(price=PRICE))
    rows = [{"text": text} for text in texts]
    Pipeline([Ask(serving_at(server))]).run(
        rows, folder, prefix=options.pop("prefix", "p"), options=RunOptions(quiet=True, caps=caps, **options)
    )
    manifest: dict[str, Any] = orjson.loads((folder / "run.json").read_bytes())
    return manifest


def charged(server: ModelServer) -> dict[str, int]:
    stats = server.stats()
    return {
        "input": stats["prompt_tokens"],
        "cached": stats["cached_tokens"],
        "output": stats["completion_tokens"],
    }


def dollars(tokens: dict[str, int]) -> float:
    uncached = tokens["input"] - tokens["cached"]
    return (10 * uncached + tokens["cached"] + 20 * tokens["output"]) / 1e6


TEXTS = [f"Question {number}?" for number in range(20)]


def test_runs_of_one_dataset_add_up_and_each_tells_its_own_share(model_server: ModelServer, tmp_path: Path) -> None:
    first = run(model_server, tmp_path, TEXTS[:10])
    assert first["tokens"] == charged(model_server) and first["so_far"]["tokens"] == first["tokens"]
    assert first["so_far"]["runs"] == 1 and first["cost"] == pytest.approx(dollars(first["tokens"]), abs=1e-6)
    second = run(model_server, tmp_path, TEXTS)
    assert second["tokens"]["input"] == charged(model_server)["input"] - first["tokens"]["input"] > 0
    assert second["so_far"]["tokens"] == charged(model_server) and second["so_far"]["runs"] == 2
    third = run(model_server, tmp_path, TEXTS)
    assert third["tokens"] == {"input": 0, "cached": 0, "output": 0} and third["cost"] == 0
    assert third["so_far"] == second["so_far"]


def test_answers_that_are_asked_anew_are_paid_twice_and_counted_twice(
    model_server: ModelServer, tmp_path: Path
) -> None:
    run(model_server, tmp_path, TEXTS)
    again = run(model_server, tmp_path, TEXTS, fresh=True)
    assert again["so_far"]["tokens"] == charged(model_server)
    assert again["so_far"]["tokens"]["input"] == 2 * again["tokens"]["input"]
    assert again["so_far"]["cost"] == pytest.approx(dollars(charged(model_server)), abs=1e-6)


def test_replies_that_became_no_answer_are_counted_to_the_token(model_server: ModelServer, tmp_path: Path) -> None:
    shares = {"refused": 0.2, "cut": 0.1, "empty": 0.1, "cached": 0.5}
    model_server.configure(chat=shares, answer="chat", faults={"500": 0.1})
    for length in (20, 40):
        manifest = run(model_server, tmp_path, [f"Question {number}?" for number in range(length)])
    stats = model_server.stats()
    assert stats["cached_tokens"] > 0
    assert manifest["so_far"]["tokens"] == charged(model_server)
    assert manifest["so_far"]["cost"] == pytest.approx(dollars(charged(model_server)), abs=1e-5)


def test_outputs_that_share_a_ledger_have_each_their_own_account(model_server: ModelServer, tmp_path: Path) -> None:
    ledger = tmp_path / "shared.sqlite"
    one = run(model_server, tmp_path / "one", TEXTS[:5], ledger=ledger)
    two = run(model_server, tmp_path / "two", TEXTS, ledger=ledger)
    assert two["so_far"]["tokens"]["input"] + one["so_far"]["tokens"]["input"] == charged(model_server)["input"]
    kept = SqliteLedger(ledger)
    names = [kept.name_of(tmp_path / name / "p_step1.jsonl") for name in ("one", "two")]
    assert kept.spent(names).as_dict()["tokens"] == charged(model_server)
    assert kept.spent(["another"]) == Spending()
    kept.close()


def test_a_folder_keeps_its_account_when_it_is_moved(model_server: ModelServer, tmp_path: Path) -> None:
    run(model_server, tmp_path / "here", TEXTS[:5])
    (tmp_path / "here").rename(tmp_path / "there")
    moved = run(model_server, tmp_path / "there", TEXTS)
    assert moved["so_far"]["tokens"] == charged(model_server) and moved["so_far"]["runs"] == 2


def test_a_step_that_reads_another_ones_file_counts_what_that_cost(model_server: ModelServer, tmp_path: Path) -> None:
    from dataflow.utils.storage import FileStorage

    source = tmp_path / "in.jsonl"
    source.write_bytes(b"\n".join(orjson.dumps({"text": text}) for text in TEXTS))
    storage = FileStorage(str(source), str(tmp_path / "cache"), "p", "jsonl")
    operator = Ask(serving_at(model_server))
    operator.run(storage=storage.step(), input_key="text", output_key="answer")
    operator.run(storage=storage.step(), input_key="answer", output_key="second")
    manifest = orjson.loads((tmp_path / "cache/run.json").read_bytes())
    assert manifest["so_far"]["tokens"] == charged(model_server) and manifest["so_far"]["runs"] == 2
    assert 0 < manifest["tokens"]["input"] < manifest["so_far"]["tokens"]["input"]


def test_where_a_price_is_not_known_neither_is_the_sum(model_server: ModelServer, tmp_path: Path) -> None:
    run(model_server, tmp_path, TEXTS[:5])
    manifest = run(model_server, tmp_path, TEXTS[:10], caps=Caps())
    assert manifest["cost"] is None and manifest["so_far"]["cost"] is None
    assert manifest["so_far"]["tokens"] == charged(model_server)


VERSION_1 = """
CREATE TABLE answers (
    key BLOB NOT NULL, attempt INTEGER NOT NULL, text TEXT NOT NULL, reasoning TEXT NOT NULL,
    finish_reason TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, model TEXT NOT NULL,
    latency REAL NOT NULL, media BLOB NOT NULL, verdict TEXT NOT NULL, created REAL NOT NULL,
    PRIMARY KEY (key, attempt)
);
CREATE TABLE digests (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, digest TEXT NOT NULL
);
PRAGMA user_version=1;
"""


def old_ledger(path: Path, *models: str) -> None:
    """A ledger as the first version of this package left it."""
    db = sqlite3.connect(path)
    db.executescript(VERSION_1)
    for number, model in enumerate(models):
        row = (b"%16d" % number, 0, f"text {number}", "", "stop", 1_000, 500, model, 0.1, b"", "valid", 5.0 + number)
        db.execute(f"INSERT INTO answers VALUES ({','.join('?' * 12)})", row)
    db.commit()
    db.close()


def test_a_ledger_of_version_1_keeps_its_answers_and_is_charged_with_them(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    old_ledger(path, "gpt-4o", "gpt-4o", "gpt-4o-mini")
    for _ in range(2):  # the second time it is of this version already
        ledger = SqliteLedger(path)
        kept = ledger.get(b"%16d" % 1, 0)
        assert kept is not None and (kept.response.text, kept.response.usage) == ("text 1", Usage(1_000, 500))
        cost = (2 * (2.5 * 1_000 + 10 * 500) + 0.15 * 1_000 + 0.6 * 500) / 1e6
        for output in ("p_step1.jsonl", "another"):  # nobody noted what they were asked for
            spent = ledger.spent([output])
            assert (spent.runs, spent.usage) == (1, Usage(3_000, 1_500)) and spent.cost == pytest.approx(cost)
        ledger.close()


def test_what_old_answers_of_an_unknown_model_cost_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    old_ledger(path, "house-model", "embedded")
    ledger = SqliteLedger(path)
    assert ledger.spent([]) == Spending(1, Usage(2_000, 1_000), None)
    ledger.close()
