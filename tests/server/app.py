"""Runs the endpoint as a process: binds a port, says which, and serves until it is told to end."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import ssl
import sys
from weakref import WeakSet

import orjson
import uvloop

from tests.server.config import Config
from tests.server.control import control
from tests.server.endpoint import Endpoint
from tests.server.protocol import Connection, HttpRequest


class App:
    """Sends every request to where it belongs."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.beside = Beside()
        self.open: WeakSet[Connection] = WeakSet()

    def connect(self) -> Connection:
        """A new connection from a client."""
        self.endpoint.connections += 1
        connection = Connection(self)
        self.open.add(connection)
        return connection

    def handle(self, connection: Connection, request: HttpRequest) -> None:
        """Answer one request."""
        if request.method == "POST" and request.path.endswith("/chat/completions"):
            self.endpoint.chat(connection, request)
            return
        if request.path in ("/_open", "/_close"):
            status, answer = 200, self.beside.change(request)
        else:
            status, answer = control(self.endpoint, request)
        connection.respond(status, [], orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS))


class Beside:
    """Further endpoints in the same process, each on a port of its own: a process takes long to start."""

    def __init__(self) -> None:
        self._servers: dict[int, tuple[asyncio.Task[asyncio.Server], App]] = {}

    def change(self, request: HttpRequest) -> dict[str, int]:
        """Open an endpoint in its default state, or close one and end its connections, as if its process had died."""
        if request.path == "/_open":
            listening = socket.create_server(("127.0.0.1", 0), backlog=4096)
            port, app = listening.getsockname()[1], App(Endpoint(Config()))
            starting = asyncio.get_running_loop().create_server(app.connect, sock=listening)
            self._servers[port] = asyncio.ensure_future(starting), app
            return {"port": port}
        starting, app = self._servers.pop(orjson.loads(request.body)["port"])
        starting.add_done_callback(lambda done: done.result().close())
        for connection in list(app.open):
            connection.end()
        return {}


async def serve(config: Config, port: int, *, follow_stdin: bool, certificate: str = "") -> None:
    """Serve on 127.0.0.1 and print one JSON line with the port when ready.

    Args:
        port: 0 takes a free one.
        certificate: a PEM file with key and certificate; the server speaks TLS then.
        follow_stdin: end when standard input ends, as it does when the parent process dies.
    """
    loop = asyncio.get_running_loop()
    app = App(Endpoint(config))
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    server = await loop.create_server(app.connect, "127.0.0.1", port, backlog=4096, ssl=context)
    print(orjson.dumps({"port": server.sockets[0].getsockname()[1], "pid": os.getpid()}).decode(), flush=True)
    if follow_stdin:
        await loop.run_in_executor(None, sys.stdin.buffer.read)
    else:
        await asyncio.Event().wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--config", default="{}", help="JSON object with fields of Config")
    parser.add_argument("--certificate", default="", help="PEM file with key and certificate, to speak TLS")
    parser.add_argument("--cpu", type=int, help="run on this CPU only")
    parser.add_argument("--follow-stdin", action="store_true", help="end when standard input ends")
    arguments = parser.parse_args()
    if arguments.cpu is not None:
        os.sched_setaffinity(0, {arguments.cpu})
    try:
        config = Config().changed(orjson.loads(arguments.config))
    except (ValueError, TypeError) as error:
        parser.error(str(error))
    try:
        follow, certificate = arguments.follow_stdin, arguments.certificate
        uvloop.run(serve(config, arguments.port, follow_stdin=follow, certificate=certificate))
    except KeyboardInterrupt:
        pass
