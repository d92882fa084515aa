"""Starts the test endpoint as a process of its own, for tests and benchmarks."""

from __future__ import annotations

import contextlib
import json
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_SERVER = Path(__file__).resolve().parent / "server"


class ModelServer:
    """A running test endpoint.

    Args:
        port: where it listens on 127.0.0.1.
        pid: its process id.
        trusting: for an endpoint that speaks TLS, what trusts its certificate.
    """

    def __init__(self, port: int, pid: int, trusting: ssl.SSLContext | None = None) -> None:
        self.port = port
        self.pid = pid
        self.trusting = trusting

    @property
    def root(self) -> str:
        """Its address without a path."""
        return f"{'https' if self.trusting else 'http'}://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The base address to give to a client."""
        return f"{self.root}/v1"

    def stats(self, *, full: bool = False) -> dict[str, Any]:
        """What it counted; with `full` also every record and the log of all requests."""
        stats: dict[str, Any] = self._call("GET", "/_stats?full=1" if full else "/_stats")
        return stats

    def requests(self) -> list[dict[str, Any]]:
        """The log: per request its messages (media as digests), params, headers, times, attempt and outcome."""
        log: list[dict[str, Any]] = self.stats(full=True)["log"]
        return log

    def configure(self, **fields: Any) -> None:
        """Change fields of its `Config` from now on.

        Raises:
            ValueError: there is no such field, or it cannot have that value.
        """
        self._call("POST", "/_config", fields)

    def reset(self) -> None:
        """Forget all counts and fill the buckets."""
        self._call("POST", "/_reset")

    def release(self) -> int:
        """Answer the requests that hang; returns how many."""
        return int(self._call("POST", "/_release")["released"])

    @contextlib.contextmanager
    def another(self) -> Iterator[ModelServer]:
        """A further endpoint in the same process while the context lasts, on a port of its own, as if just started."""
        port = self._call("POST", "/_open")["port"]
        try:
            yield ModelServer(port, self.pid)
        finally:
            self._call("POST", "/_close", {"port": port})

    def _call(self, method: str, path: str, fields: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(self.root + path, json.dumps(fields or {}).encode(), method=method)
        try:
            with urllib.request.urlopen(request, timeout=200, context=self.trusting) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise ValueError(json.load(error)["error"]["message"]) from None


@contextlib.contextmanager
def start_server(
    *,
    port: int = 0,
    cpu: int | None = None,
    certificate: Path | None = None,
    trusting: ssl.SSLContext | None = None,
    **config: Any,
) -> Iterator[ModelServer]:
    """Run a test endpoint while the context lasts.

    Args:
        port: 0 takes a free one; a given one lets an endpoint that died return.
        cpu: the one CPU it may use.
        certificate: a PEM file with key and certificate; then it speaks TLS.
        trusting: what trusts that certificate.
        config: fields of `tests.server.config.Config`.

    Raises:
        RuntimeError: it did not start; says why.
    """
    command = [sys.executable, str(_SERVER), "--follow-stdin", "--port", str(port), "--config", json.dumps(config)]
    if cpu is not None:
        command += ["--cpu", str(cpu)]
    if certificate is not None:
        command += ["--certificate", str(certificate)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"the test endpoint did not start: {process.stderr.read().decode()}")
        ready = json.loads(line)
        try:
            yield ModelServer(ready["port"], ready["pid"], trusting)
        finally:
            process.kill()


@pytest.fixture(scope="session")
def model_servers() -> Iterator[ModelServer]:
    """The process in which the endpoints of all tests live."""
    with start_server() as server:
        yield server


@pytest.fixture
def model_server(model_servers: ModelServer) -> Iterator[ModelServer]:
    """A test endpoint in echo mode without faults; `configure` gives it others."""
    with model_servers.another() as server:
        yield server
