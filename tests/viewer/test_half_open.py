"""Requests that never become whole are ended, and hold up nobody; the others are answered meanwhile."""

import socket
import threading
import time
from pathlib import Path

import pytest

from dataflow.viewer.api import MOST_BODY
from tests.viewer.pages import Viewer, open_sockets, resident_mb, viewing, write_dataset

GUARD = 120
CAPTION = "Q" + "\n" * 100_000


@pytest.fixture(scope="module")
def viewer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    with viewing(write_dataset(folder, [{"id": "1", "caption": CAPTION}, {"id": "2", "qa": CAPTION}])) as page:
        yield page


def heads(viewer: Viewer) -> list[bytes]:
    """The beginnings of requests, each with something owed."""
    at = f"{viewer.prefix}api/decide HTTP/1.1\r\nHost: {viewer.host}:{viewer.port}\r\n".encode()
    json = b"Content-Type: application/json\r\n"
    return [
        b"",
        b"G",
        b"GET " + at,
        b"POST " + at + json + b"Content-Length: 1000\r\n\r\n",
        b"POST " + at + json + b"Content-Length: 1000\r\n\r\n{",
        b"POST " + at + json + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"GET /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
    ]


def is_ended(connection: socket.socket) -> bool:
    """Whether the other side ends a connection, whatever it says before."""
    connection.settimeout(GUARD)
    try:
        while connection.recv(65536):
            pass
    except ConnectionError:
        pass
    return True


def trickle(connection: socket.socket, over: threading.Event) -> None:
    """Send a byte every now and then, as long as somebody takes it."""
    try:
        while not over.wait(0.3):
            connection.sendall(b"x")
    except OSError:
        pass


def test_half_open_requests_are_ended_while_others_are_answered(viewer):
    begun = heads(viewer)
    still = open_sockets(viewer, 20 * len(begun))
    trickling = open_sockets(viewer, len(begun) - 1)
    over = threading.Event()
    for number, connection in enumerate(still):
        connection.sendall(begun[number % len(begun)])
    for connection, head in zip(trickling, begun[1:], strict=True):
        connection.sendall(head)
        threading.Thread(target=trickle, args=(connection, over), daemon=True).start()
    try:
        assert viewer.json("api/state")["name"] == "x_step1.jsonl"
        assert all(map(is_ended, [*still, *trickling]))
    finally:
        over.set()
    assert viewer.json("api/state")["name"] == "x_step1.jsonl"


def test_what_streams_from_the_page_outlives_the_limit_for_requests(viewer):
    [connection] = open_sockets(viewer, 1)
    head = f"GET {viewer.prefix}api/events HTTP/1.1\r\nHost: {viewer.host}:{viewer.port}\r\n\r\n"
    connection.sendall(head.encode())
    connection.settimeout(1)
    said, last = b"", time.monotonic() + 12
    while time.monotonic() < last:
        try:
            piece = connection.recv(65536)
        except TimeoutError:
            continue
        assert piece, said
        said += piece
    assert said.startswith(b"HTTP/1.1 200")


def test_a_request_without_end_is_refused_and_not_kept(viewer):
    before = resident_mb(viewer.process.pid)
    for path in ("api/decide", "api/state", "nothing"):
        [connection] = open_sockets(viewer, 1)
        head = f"POST {viewer.prefix}{path} HTTP/1.1\r\nHost: {viewer.host}:{viewer.port}\r\n"
        head += "Content-Type: application/json\r\nContent-Length: 100000000000\r\n\r\n"
        connection.settimeout(GUARD)
        connection.sendall(head.encode())
        sent = 0
        try:
            while sent < 50 * MOST_BODY:
                sent += connection.send(b" " * 65536)
        except OSError:
            pass
        assert sent < 50 * MOST_BODY
        connection.close()
    assert resident_mb(viewer.process.pid) < before + 4 * MOST_BODY / 1e6 + 20


def test_a_caption_of_a_letter_and_many_line_breaks_is_shown(viewer):
    rows = viewer.json("api/rows")["rows"]
    assert [row["number"] for row in rows] == [0, 1]
    generation = viewer.json("api/state")["generation"]
    assert viewer.json(f"api/sample/{generation}/rows/0")["sample"]["caption"] == CAPTION


def test_the_server_says_nothing_of_all_this(tmp_path: Path):
    with viewing(write_dataset(tmp_path, [{"id": "1"}])) as page:
        [connection] = open_sockets(page, 1)
        connection.sendall(heads(page)[4])
        connection.close()
        assert page.json("api/state")["name"] == "x_step1.jsonl"
        page.process.terminate()
        assert "Traceback" not in page.ended()[1]
