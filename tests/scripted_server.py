"""A web server as a process of its own that answers as it is told, byte for byte: also what no library would send."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from email.utils import formatdate
from pathlib import Path
from typing import Any

Reply = Mapping[str, Any]

_DATE = re.compile(r"\{in (\d+) s\}")


class ScriptedServer:
    """A running server: where it listens, and what it was asked."""

    def __init__(self, port: int, log: Path, scheme: str) -> None:
        self.port = port
        self.root = f"{scheme}://127.0.0.1:{port}"
        self._log = log

    def log(self, path: str = "") -> list[dict[str, Any]]:
        """Per request its `path`, `headers` in small letters, bytes of body (`size`), time (`at`), and how many others
        were being answered (`beside`); all, or those for a path."""
        entries = [json.loads(line) for line in self._log.read_text().splitlines()]
        return [entry for entry in entries if path in ("", entry["path"])]


@contextlib.contextmanager
def scripted(
    folder: Path, replies: Mapping[str, Sequence[Reply] | Reply], certificate: Path | None = None
) -> Iterator[ScriptedServer]:
    """Run a server while the context lasts.

    Args:
        folder: where its script and log are kept.
        replies: per path (`*` for any other) the replies in order, the last one for all further requests. A reply has
            `status` (200), `headers` (`{in 3 s}` in them becomes an HTTP date), `body` (text in Latin-1; or `read`, a
            file), and what goes wrong with it: `declare` (another Content-Length; null leaves it out), `cut` (only so
            many bytes, then the connection ends), `ranges` (it serves `Range`), `hold` (seconds before it), `pause`
            (seconds between its bytes), `repeat` (the body so many times), `raw` (this instead of everything),
            `cookie` (only with this cookie; without it the next reply).
        certificate: a PEM file with key and certificate; then it speaks TLS.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number = len(list(folder.glob("scripted*.json")))
    script, log = folder / f"scripted{number}.json", folder / f"scripted{number}.log"
    script.write_text(json.dumps(replies))
    log.touch()
    command = [sys.executable, __file__, str(script), str(log), *([str(certificate)] if certificate else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield ScriptedServer(int(process.stdout.readline()), log, "https" if certificate else "http")
        finally:
            process.kill()


class _Server:
    def __init__(self, script: Path, log: Path) -> None:
        self.replies: dict[str, Any] = json.loads(script.read_text())
        self.log = log
        self.count: dict[str, int] = {}
        self.in_flight = 0

    async def serve(self, tls: ssl.SSLContext | None) -> None:
        server = await asyncio.start_server(self.connection, "127.0.0.1", 0, ssl=tls)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self.request(reader, writer):
                pass
        writer.close()

    async def request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        begun = await reader.readexactly(1)
        if not begun.isalpha():  # no method: as when TLS is spoken to a server without
            writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return False
        head = begun + await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").rstrip().split("\r\n")
        _, path, _ = first.split()
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        size = int(headers.get("content-length", 0))
        await reader.readexactly(size)
        path = path.partition("?")[0]
        entry = {"path": path, "headers": headers, "size": size, "beside": self.in_flight}
        with self.log.open("a") as log:
            log.write(json.dumps({**entry, "at": asyncio.get_running_loop().time()}) + "\n")
        self.in_flight += 1
        try:
            return await self.answer(self.reply(path, headers), headers, writer)
        finally:
            self.in_flight -= 1

    def reply(self, path: str, headers: Mapping[str, str]) -> Reply:
        told = self.replies.get(path, self.replies.get("*", {"status": 404}))
        told = told if isinstance(told, list) else [told]
        if wanted := told[0].get("cookie"):
            return told[0] if wanted in headers.get("cookie", "").split("; ") else told[1]
        number = self.count[path] = self.count.get(path, -1) + 1
        return told[min(number, len(told) - 1)]

    async def answer(self, reply: Reply, asked: Mapping[str, str], writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(reply.get("hold", 0))
        if "raw" in reply:
            writer.write(reply["raw"].encode("latin-1"))
            await writer.drain()
            return False
        body = Path(reply["read"]).read_bytes() if "read" in reply else reply.get("body", "").encode("latin-1")
        body *= reply.get("repeat", 1)
        status, headers = reply.get("status", 200), dict(reply.get("headers", {}))
        if reply.get("ranges"):
            headers["Accept-Ranges"] = "bytes"
            if found := re.fullmatch(r"bytes=(\d+)-", asked.get("range", "")):
                start, whole = int(found[1]), len(body)
                status, headers["Content-Range"] = 206, f"bytes {start}-{whole - 1}/{whole}"
                if start >= whole:
                    status, headers["Content-Range"] = 416, f"bytes */{whole}"
                body = body[start:]
        declared = reply.get("declare", len(body))
        if declared is not None:
            headers["Content-Length"] = str(declared)
        headers = {name: _DATE.sub(_date_in, str(value)) for name, value in headers.items()}
        lines = [f"HTTP/1.1 {status} Reply", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode("utf-8"))
        sent = body[: reply.get("cut", len(body))]
        if pause := reply.get("pause"):
            for byte in sent:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(pause)
        else:
            writer.write(sent)
            await writer.drain()
        return declared == len(sent)


def _date_in(found: re.Match[str]) -> str:
    return formatdate(time.time() + int(found[1]), usegmt=True)


if __name__ == "__main__":
    context = None
    if len(sys.argv) > 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3])
    asyncio.run(_Server(Path(sys.argv[1]), Path(sys.argv[2])).serve(context))
