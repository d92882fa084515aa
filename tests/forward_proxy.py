"""A forwarding proxy as a process of its own: absolute addresses for http, tunnels (`CONNECT`) for https.

Whatever host is asked for, it goes to one port of this machine, as if the name led there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ForwardProxy:
    """A running proxy: where it listens, and its log."""

    port: int
    log: Path

    def asked_for(self) -> list[str]:
        """`METHOD TARGET` of each request that it let through or refused."""
        return self.log.read_text().splitlines()


@contextlib.contextmanager
def start_proxy(folder: Path, to: int, *, login: str = "", refuse: int = 0) -> Iterator[ForwardProxy]:
    """Run a proxy while the context lasts.

    Args:
        folder: where its log is kept.
        to: the port of 127.0.0.1 to which everything goes.
        login: USER:PASSWORD that it wants.
        refuse: the status with which it refuses everything.
    """
    log = folder / "proxy.log"
    command = [sys.executable, __file__, str(log), str(to), login, str(refuse)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield ForwardProxy(json.loads(process.stdout.readline())["port"], log)
        finally:
            process.kill()


class _Server:
    def __init__(self, log: Path, to: int, login: str, refuse: int) -> None:
        self.log, self.to, self.refuse = log, to, refuse
        self.wanted = f"Basic {b64encode(login.encode()).decode()}" if login else ""

    async def serve(self) -> None:
        self.log.touch()
        server = await asyncio.start_server(self.handle, "127.0.0.1", 0)
        print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
        await server.serve_forever()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").rstrip().split("\r\n")
        method, target, version = first.split()
        with self.log.open("a") as log:
            log.write(f"{method} {target}\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = self.refuse or (407 if self.wanted and headers.get("proxy-authorization") != self.wanted else 0)
        if status:
            writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
            writer.close()
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.to)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:  # what the proxy is told is not for the endpoint; one request a connection
            path = "/" + target.split("/", 3)[3]
            kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection"))]
            there_writer.write("\r\n".join([f"{method} {path} {version}", *kept, "", ""]).encode("latin-1"))
        await asyncio.gather(_pass_on(reader, there_writer), _pass_on(there_reader, writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    asyncio.run(_Server(Path(arguments[0]), int(arguments[1]), arguments[2], int(arguments[3])).serve())
