"""Ctrl-C at the moment in which a run begins, which a busy machine can make a long one."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from dataflow.core import DataFlowError
from dataflow.core.loop import submit
from dataflow.engine import drive
from tests.engine.questions import ask, serving_at
from tests.servers import ModelServer

LONG_ENOUGH = 0.5
"""Seconds in which a run that has begun asks its first questions."""


def test_a_ctrl_c_that_comes_before_the_run_is_waited_for_loses_no_answer(
    monkeypatch: pytest.MonkeyPatch, model_server: ModelServer, tmp_path: Path
) -> None:
    def interrupted(coroutine: Coroutine[Any, Any, None]) -> Future[None]:
        monkeypatch.setattr(drive, "submit", submit)
        submit(coroutine)
        time.sleep(LONG_ENOUGH)
        raise KeyboardInterrupt

    model_server.configure(latency=2 * LONG_ENOUGH)
    monkeypatch.setattr(drive, "submit", interrupted)
    with pytest.raises((KeyboardInterrupt, DataFlowError)):
        ask(serving_at(model_server), [f"Question {number}?" for number in range(7)], tmp_path)
    while model_server.stats()["in_flight"]:
        time.sleep(0.01)
    db = sqlite3.connect(tmp_path / "ledger.sqlite")
    (kept,) = db.execute("SELECT count(*) FROM answers").fetchone()
    db.close()
    assert kept == model_server.stats()["delivered"]
    ask(serving_at(model_server), [f"Question {number}?" for number in range(7)], tmp_path)
    assert model_server.stats()["asked_again"] == 0
