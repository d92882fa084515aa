"""The engine is killed in the middle of a run: no sample is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dataflow.operators.core_vision import PromptedVQAGenerator
from dataflow.serving import LocalModelVLMServing_vllm
from dataflow.storage.file_storage import FileStorage
from tests.commands import environment, read_jsonl, write_jsonl
from tests.local.engines import plain_png, settings_of

SAMPLES = 60


def children(pid: int) -> dict[int, str]:
    """The processes that a process has started, and theirs, with their names."""
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                name, rest = (entry / "stat").read_text().rsplit(") ", 1)
                if int(rest.split()[1]) == pid:
                    found[int(entry.name)] = name.split("(", 1)[1]
            except (OSError, ValueError):
                continue
    return found | {below: name for child in list(found) for below, name in children(child).items()}


class Deadly(LocalModelVLMServing_vllm):
    """Kills a process of its own engine when so many requests have been answered."""

    def arm(self, victim) -> None:
        self.victim, self.answered, self.killed = victim, 0, 0

    async def attempt(self, ready, endpoint):
        answer = await super().attempt(ready, endpoint)
        self.answered += 1
        if self.answered == SAMPLES // 3:
            self.killed = self.engine_pid
            os.kill(self.victim(self.engine_pid), signal.SIGKILL)
        return answer


def core_of(pid: int) -> int:
    return next(child for child, name in children(pid).items() if "EngineCor" in name)


@pytest.mark.parametrize("victim", [lambda pid: pid, core_of], ids=["the engine's process", "vLLM's own worker"])
def test_all_samples_come_out_when_it_is_killed(vllm, tiny_model, tmp_path, victim):
    picture = str(plain_png(tmp_path))
    rows = [
        {"id": number, "image": [picture], "conversation": [{"from": "human", "value": f"Question {number}?"}]}
        for number in range(SAMPLES)
    ]
    storage = FileStorage(str(write_jsonl(tmp_path / "in.jsonl", rows)), str(tmp_path / "cache"), "killed", "jsonl")
    serving = Deadly(**settings_of(tiny_model), max_workers=8)  # few, so that many are still to be asked
    serving.arm(victim)
    done = PromptedVQAGenerator(serving, keep_cut_off=True).run(storage.step())
    assert serving.killed
    assert serving.engine_pid not in (None, serving.killed)
    assert serving.answered == SAMPLES
    assert [row["id"] for row in read_jsonl(done.path)] == list(range(SAMPLES))
    assert done.counts.failed == 0


def test_the_engine_ends_with_the_process_that_started_it(transformers, tiny_model, tmp_path):
    script = tmp_path / "no_guard.py"
    script.write_text(
        "import sys, time\n"
        "from dataflow.serving import LocalModelVLMServing_transformers\n"
        "short = {'transformers_temperature': 0, 'transformers_max_tokens': 4}\n"
        "serving = LocalModelVLMServing_transformers(sys.argv[1], **short)\n"
        "assert serving.generate_from_input(['What?'])[0]\n"
        "print(serving.engine_pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, str(script), str(tiny_model)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(), cwd=tmp_path) as process:
        pid = int(process.stdout.readline())
        assert pid in children(process.pid)
        process.kill()
    deadline = time.monotonic() + 15
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path(f"/proc/{pid}").exists()
