"""URLs in a network in which a proxy is the only way out: through it, and no further inside than without it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dataflow.core.errors import MediaError
from dataflow.core.loop import run_blocking
from dataflow.media.fetch import fetch_bytes
from dataflow.media.fetch_limits import FetchLimits
from tests.forward_proxy import start_proxy

FAR = "http://pictures.example.test/a.png"


@pytest.fixture
def web_port(tmp_path: Path) -> Iterator[int]:
    """The port of a web server that holds `a.png`."""
    (tmp_path / "a.png").write_bytes(b"content")
    code = (
        "import http.server as h; s = h.ThreadingHTTPServer(('127.0.0.1', 0), h.SimpleHTTPRequestHandler);"
        "print(s.server_port, flush=True); s.serve_forever()"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.kill()


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


def fetch(url: str, **limits: bool) -> bytes:
    return run_blocking(fetch_bytes(url, FetchLimits(timeout=120.0, **limits)))


@pytest.mark.parametrize("login", ["", "maria:hunter2x"])
def test_a_url_is_fetched_through_the_proxy(
    web_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    with start_proxy(tmp_path, web_port, login=login) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://{login}{'@' if login else ''}127.0.0.1:{proxy.port}")
        assert fetch(FAR) == b"content"
        assert proxy.asked_for() == [f"GET {FAR}"]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "169.254.169.254",
        "intranet",
        "metadata.google.internal",
        "nas.local",
        "0x0a000001",
    ],
)
def test_a_url_that_leads_inside_is_refused_before_the_proxy_is_asked(
    web_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    with start_proxy(tmp_path, web_port) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(MediaError, match="not on the public internet"):
            fetch(f"http://{host}/a.png")
        assert proxy.asked_for() == []


def test_with_private_urls_allowed_the_proxy_is_asked_for_any_name(
    web_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with start_proxy(tmp_path, web_port) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert fetch("http://intranet.test-only/a.png", allow_private=True) == b"content"


def test_a_proxy_that_cannot_be_used_is_the_sample_s_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(MediaError, match="names a socks5 proxy"):
        fetch(FAR)
