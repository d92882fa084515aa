"""URLs: fetched within limits, refused where a dataset has no business. The servers are real ones on this machine."""

from __future__ import annotations

import asyncio
import socket
from base64 import b64encode
from collections.abc import Callable
from importlib.util import find_spec

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core.errors import MediaError, PrerequisiteError
from dataflow.core.loop import run_blocking
from dataflow.media.data_url import decode_data_url
from dataflow.media.fetch import fetch_bytes, fetch_file, is_url
from dataflow.media.fetch_limits import FetchLimits, display_url
from dataflow.media.fetch_storage import STORAGES
from dataflow.media.network_guard import GuardedResolver

HERE = FetchLimits(max_bytes=1_000_000, timeout=120.0, allow_private=True)
CONTENT = b"content" * 1000


class Server:
    """A web server with the behaviours that the tests need, on 127.0.0.1 and, where there is one, on [::1]."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        for name in ("file", "redirect", "circle", "endless", "declared", "drip", "flaky", "torn", "empty"):
            app.router.add_get(f"/{name}", self._noted(getattr(self, "_" + name)))
        self._runner = web.AppRunner(app, shutdown_timeout=0)
        await self._runner.setup()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        await web.SockSite(self._runner, listener).start()
        self.has_ipv6 = True
        try:
            await web.TCPSite(self._runner, "::1", self.port).start()
        except OSError:
            self.has_ipv6 = False
        self.url = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def _noted(self, answer: Callable) -> Callable:
        async def handle(request: web.Request) -> web.StreamResponse:
            self.seen.append(request.path)
            return await answer(request)

        return handle

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=CONTENT)

    async def _redirect(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": request.query["to"]})

    async def _circle(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/circle"})

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(65536))

    async def _declared(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(10 * 2**30)})
        await response.prepare(request)
        while True:  # until the client goes away
            await response.write(b"x")
            await asyncio.sleep(0.05)

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.05)

    async def _flaky(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=503) if self.seen.count("/flaky") == 1 else web.Response(body=CONTENT)

    async def _torn(self, request: web.Request) -> web.StreamResponse:
        if self.seen.count("/torn") > 1:
            return web.Response(body=CONTENT)
        response = web.StreamResponse(headers={"Content-Length": str(len(CONTENT))})
        await response.prepare(request)
        await response.write(CONTENT[:100])
        assert request.transport is not None
        request.transport.close()
        return response

    async def _empty(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"")


@pytest.fixture
def server():
    server = Server()
    run_blocking(server.start())
    yield server
    run_blocking(server.stop())


def fetch(url: str, limits: FetchLimits = HERE) -> bytes:
    return run_blocking(fetch_bytes(url, limits))


def test_the_content_of_a_url(server):
    assert fetch(f"{server.url}/file") == CONTENT


def test_a_redirect_is_followed(server):
    assert fetch(f"{server.url}/redirect?to=/file") == CONTENT


def test_a_circle_of_redirects_ends(server):
    with pytest.raises(MediaError, match="redirects more than 10 times"):
        fetch(f"{server.url}/circle")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::1]"])
def test_this_machine_is_refused_under_all_its_names(server, host):
    with pytest.raises(MediaError, match="not on the public internet"):
        fetch(f"http://{host}:{server.port}/file", FetchLimits(timeout=120.0))
    assert server.seen == []


def test_ipv6_loopback_is_refused_though_the_server_listens_there(server):
    if server.has_ipv6:
        assert fetch(f"http://[::1]:{server.port}/file") == CONTENT
    with pytest.raises(MediaError, match="not on the public internet"):
        fetch(f"http://[::1]:{server.port}/file", FetchLimits())
    with pytest.raises(MediaError, match="not on the public internet"):
        fetch(f"http://[::ffff:127.0.0.1]:{server.port}/file", FetchLimits())


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:{port}/file", "http://[::1]:{port}/file", "http://localhost:{port}/file"]
)
def test_a_redirect_into_a_private_network_is_refused(server, target):
    """The first hop is allowed by name, the second is not."""
    limits = FetchLimits(timeout=120.0, allow_hosts=("127.0.0.1",))
    assert fetch(f"{server.url}/file", limits) == CONTENT
    server.seen.clear()
    with pytest.raises(MediaError, match="not on the public internet"):
        fetch(f"{server.url}/redirect?to={target.format(port=server.port)}", limits)
    assert server.seen == ["/redirect"]


def test_a_redirect_to_a_file_is_refused(server):
    with pytest.raises(MediaError, match="only http and https are followed"):
        fetch(f"{server.url}/redirect?to=file:///etc/passwd")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/a", "local:///etc/passwd", "gopher://a/b"])
def test_other_schemes_are_refused(url):
    with pytest.raises(MediaError, match="are not fetched"):
        fetch(url)


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(server):
    """What the resolver lets through is what aiohttp connects to; there is no second look-up to be deceived by."""

    async def look_up(*allowed: str) -> list[str]:
        found = await GuardedResolver(allowed).resolve("localhost", server.port, socket.AF_INET)
        return [entry["host"] for entry in found]

    assert run_blocking(look_up("localhost")) == ["127.0.0.1"]
    with pytest.raises(MediaError, match=r"localhost leads to 127\.0\.0\.1"):
        run_blocking(look_up())


def test_a_body_without_end_is_cut_at_the_limit(server):
    with pytest.raises(MediaError, match="larger than the limit of 1,000,000 bytes"):
        fetch(f"{server.url}/endless")


def test_ten_gigabytes_are_refused_when_they_are_declared(server):
    with pytest.raises(MediaError, match="has 10,737,418,240 bytes"):
        fetch(f"{server.url}/declared")


def test_a_slow_drip_ends_at_the_time_limit(server):
    with pytest.raises(MediaError, match=r"did not arrive within 0\.5 s"):
        fetch(f"{server.url}/drip", FetchLimits(timeout=0.5, allow_private=True))


@pytest.mark.parametrize("path", ["flaky", "torn"])
def test_a_passing_fault_is_tried_again(server, path):
    assert fetch(f"{server.url}/{path}") == CONTENT
    assert server.seen == [f"/{path}"] * 2


def test_a_refusal_is_not_tried_again(server):
    with pytest.raises(MediaError, match="the server answers 404"):
        fetch(f"{server.url}/nothing")


def test_an_empty_body_is_an_error(server):
    with pytest.raises(MediaError, match="is empty"):
        fetch(f"{server.url}/empty")


def test_a_video_is_fetched_into_a_folder_once(server, tmp_path):
    first = run_blocking(fetch_file(f"{server.url}/file?name=a.mp4", tmp_path, HERE))
    again = run_blocking(fetch_file(f"{server.url}/file?name=a.mp4", tmp_path, HERE))
    assert first == again
    assert first.read_bytes() == CONTENT
    assert server.seen == ["/file"]


def test_what_cannot_be_fetched_leaves_nothing_behind(server, tmp_path):
    with pytest.raises(MediaError):
        run_blocking(fetch_file(f"{server.url}/endless", tmp_path, HERE))
    assert list(tmp_path.iterdir()) == []


def test_a_torn_download_begins_anew_in_its_file(server, tmp_path):
    assert run_blocking(fetch_file(f"{server.url}/torn", tmp_path, HERE)).read_bytes() == CONTENT


def test_storage_without_its_package_says_what_to_install():
    scheme, storage = next((scheme, storage) for scheme, storage in STORAGES.items() if not find_spec(storage.package))
    with pytest.raises(PrerequisiteError, match=rf"pip install 'dataflow-mm\[{storage.extra}\]'"):
        fetch(f"{scheme}://bucket/key.mp4")


def test_what_is_a_url():
    for url in ("http://a/b", "HTTPS://a", "data:image/png;base64,AA", "s3://bucket/key", "file:///etc/passwd"):
        assert is_url(url)
    for path in ("a.mp4", "/a/b", "C:/videos/a.mp4", "C:\\videos\\a.mp4", "folder/a:b.mp4", "", None, b"http://a"):
        assert not is_url(path)


def test_a_message_shows_no_secret():
    shown = display_url("https://user:password@host.example/a/b.mp4?X-Amz-Signature=secret#part")
    assert shown == "https://host.example/a/b.mp4"


@given(st.binary(min_size=1, max_size=300))
def test_a_data_url_gives_back_what_was_put_in(content):
    assert decode_data_url("data:;base64," + b64encode(content).decode(), 1000) == content
    assert decode_data_url("data:," + "".join(f"%{byte:02x}" for byte in content), 1000) == content


@pytest.mark.parametrize("url", ["data:image/png", "data:;base64,!!!", "data:,", "data:;base64," + "A" * 9000])
def test_a_broken_data_url_is_a_media_error(url):
    with pytest.raises(MediaError):
        decode_data_url(url, 100)
