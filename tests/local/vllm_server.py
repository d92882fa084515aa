"""vLLM's own OpenAI-compatible server, as a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

READY_SECONDS = 900
"""Only against hanging: what cannot start ends, and that is seen at once. Loading torch may take minutes."""


@contextlib.contextmanager
def start_vllm_server(model: Path, context: int) -> Iterator[str]:
    """Run the server while the context lasts; gives its base address.

    Raises:
        RuntimeError: it did not start; holds the end of its log.
    """
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    log = model.parent / "vllm_server.log"
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(model)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--dtype", "float32", "--served-model-name", "tiny"]
    command += ["--max-model-len", str(context), "--enforce-eager", "--max-num-seqs", "16"]
    with log.open("wb") as said:
        environment = {**os.environ, "VLLM_NO_USAGE_STATS": "1"}
        process = subprocess.Popen(command, stdout=said, stderr=said, env=environment, start_new_session=True)
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}/health", log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.5)
    raise RuntimeError(f"vLLM's server did not start:\n{log.read_text(errors='replace')[-4000:]}")
