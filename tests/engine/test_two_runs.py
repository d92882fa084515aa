"""Two runs at once in one process, on one serving: what ends one leaves the other alone."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from dataflow import Pipeline, RunOptions
from dataflow.core import BudgetSpent
from dataflow.engine.budget import Caps
from dataflow.serving import APIVLMServing_openai
from tests.commands import HANGING, read_jsonl
from tests.engine.questions import Ask, serving_at
from tests.servers import ModelServer

COUNT = 120


def run(
    serving: APIVLMServing_openai, name: str, folder: Path, caps: Caps, ended: dict[str, BaseException | None]
) -> None:
    rows = [{"text": f"{name} {number}"} for number in range(COUNT)]
    try:
        Pipeline([Ask(serving)]).run(rows, folder / name, prefix="p", options=RunOptions(quiet=True, caps=caps))
        ended[name] = None
    except BudgetSpent as error:
        ended[name] = error


@pytest.mark.parametrize("caps", [Caps(requests=20), Caps(tokens=300)])
def test_one_run_s_spent_budget_does_not_stop_another(model_server: ModelServer, tmp_path: Path, caps: Caps) -> None:
    model_server.configure(latency=0.02, faults={"500": 0.1})
    serving = serving_at(model_server, max_workers=4)
    ended: dict[str, BaseException | None] = {}
    threads = [
        threading.Thread(target=run, args=(serving, name, tmp_path, own, ended))
        for name, own in (("capped", caps), ("whole", Caps()))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=HANGING)
    assert isinstance(ended["capped"], BudgetSpent) and ended["whole"] is None
    assert len(read_jsonl(tmp_path / "whole/p_step1.jsonl")) == COUNT
    assert not (tmp_path / "whole/p_step1.failures.jsonl").exists()
    assert model_server.stats()["paid_twice"] == 0
