"""Starts `dataflow view` as a process of its own, and asks it as a browser or a stranger would."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import orjson

from tests import command_server
from tests.commands import COMMAND, environment

DATA = Path(__file__).resolve().parents[2] / "dataflow" / "workspace" / "data"


class Answer:
    """What came back.

    Args:
        status: of HTTP.
        headers: with names in lower case.
        body: the bytes.
    """

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def json(self) -> Any:
        """The body as data."""
        return orjson.loads(self.body)


class Viewer:
    """A running page.

    Args:
        address: as it was printed, with the token.
        process: the server.
        errors: what it wrote on stderr.
    """

    def __init__(self, address: str, process: command_server.Process, errors: IO[str]) -> None:
        self.address = address
        self.process = process
        self._errors = errors
        parts = urlsplit(address)
        assert parts.hostname and parts.port
        self.host, self.port, self.prefix = parts.hostname, parts.port, parts.path

    def ended(self) -> tuple[int, str]:
        """Wait for its end: the exit code, and what it wrote on stderr."""
        code = self.process.wait(60)
        self._errors.seek(0)
        return code, self._errors.read().strip()

    def raw(self, target: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Send a request target exactly as it is given."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.putrequest(method, target, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """Get something below the token."""
        return self.raw(self.prefix + path, **headers)

    def json(self, path: str) -> Any:
        """Get something that must be there, as data."""
        answer = self.get(path)
        assert answer.status == 200, answer.body
        return answer.json()

    def post(self, path: str, value: Any, **headers: str) -> Answer:
        """Post JSON below the token."""
        headers = {"Content-Type": "application/json", **headers}
        return self.raw(self.prefix + path, "POST", orjson.dumps(value), **headers)

    def decide(self, number: int, do: str, who: str = "anna", **fields: Any) -> Answer:
        """Decide about a row as the page does: with what it was shown."""
        generation = self.json("api/state")["generation"]
        sample = self.json(f"api/sample/{generation}/rows/{number}")
        wish = {"do": do, "who": who, "id": sample["key"], "seen": sample["seen"], **fields}
        return self.post("api/decide", wish)


@contextlib.contextmanager
def viewing(path: Path, *words: str, cwd: Path | None = None, cache: Path | None = None) -> Iterator[Viewer]:
    """Run `dataflow view` while the context lasts.

    Args:
        path: what to view.
        words: further words of the command.
        cwd: where it runs; beside the data unless told.
        cache: the cache folder of the user.
    """
    where = cwd or (path if path.is_dir() else path.parent)
    command = [str(COMMAND), "view", str(path.absolute()), "--port", "0", "--reviewer", "anna", *words]
    env = environment(XDG_CACHE_HOME=str(cache or where / "cache"))
    read, write = os.pipe()
    with open(read) as output, tempfile.TemporaryFile("w+") as errors:
        process = command_server.Process(command, where, env, write, errors.fileno())
        os.close(write)
        output.readline()
        address = output.readline().strip()
        if not address:
            errors.seek(0)
            raise RuntimeError(f"the page did not start: {errors.read()}")
        try:
            yield Viewer(address, process, errors)
        finally:
            process.terminate()
            process.wait(60)


def write_dataset(folder: Path, rows: list[dict[str, Any]], name: str = "x_step1.jsonl") -> Path:
    """A data file with these rows."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def sample_media(folder: Path) -> None:
    """Lay a clip and two pictures: `clip.mp4`, `one.png`, `two.jpg`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(DATA / "videos" / "sample1.mp4", folder / "clip.mp4")
    shutil.copy(DATA / "images" / "person.png", folder / "one.png")
    shutil.copy(DATA / "images" / "street.jpg", folder / "two.jpg")


def resident_mb(pid: int) -> float:
    """The resident memory of a process, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_sockets(viewer: Viewer, count: int) -> list[socket.socket]:
    """Connections to a page, opened and kept."""
    return [socket.create_connection((viewer.host, viewer.port), 10) for _ in range(count)]
