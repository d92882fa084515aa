"""What others see of a run while it goes on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.cli.held import hold, release_until
from tests.cli.questions import questions
from tests.commands import start
from tests.servers import ModelServer


def test_rows_that_are_done_are_in_the_file_though_all_others_wait_for_the_endpoint(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 20)
    hold(model_server)
    words = ["run", "image_vqa", "--input", "in.jsonl", "--prefix", "p", "--output", "out", "--max-workers", "4"]
    running = start(*words, "--model", "openai/stub", "--api-url", model_server.url, cwd=tmp_path)
    spool, released = tmp_path / "out" / "p_step1.jsonl.spool", 0

    def all_are_seen() -> bool:
        nonlocal released
        released = released or model_server.release()  # all that hangs at one moment, and nothing ever after
        return released > 0 and spool.read_bytes().count(b"\n") == released

    release_until(model_server, running, all_are_seen, most=0)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
