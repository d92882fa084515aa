"""Runs the page's server until Ctrl-C."""

from __future__ import annotations

import errno
import getpass
import os
import secrets
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from dataflow.core.causes import said_by
from dataflow.core.errors import PrerequisiteError
from dataflow.viewer.dataset import Dataset
from dataflow.viewer.hosts import LOOPBACK, WILDCARDS

PORT = 8765
TOKEN_BYTES = 24
"""192 bits: nobody guesses them."""
_CONNECTIONS = 1024
_SWITCH_SECONDS = 0.001


def serve(
    path: Path,
    host: str,
    port: int | None,
    reviewer: str | None,
    follow_links: bool,
    ready: Callable[[str, Dataset], None],
) -> None:
    """Show a dataset.

    Args:
        path: what the user named.
        host: the address to listen on.
        port: where; None for `PORT`, or any free one where that is taken.
        reviewer: the name under which decisions are written; None for the login name.
        follow_links: serve media behind links that lead out of their folder.
        ready: told the address to open, once connections are taken.

    Raises:
        InputError: there is nothing to show.
        PrerequisiteError: the address or port cannot be had.
    """
    dataset = Dataset(path, follow_links)
    listening = _listen(host, port)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    shown = "127.0.0.1" if host in WILDCARDS else f"[{host}]" if ":" in host else host
    ready(f"http://{shown}:{listening.getsockname()[1]}/{token}/", dataset)

    # Connections wait in the backlog from now on: a browser gets ready while the server does.
    import uvicorn

    from dataflow.viewer.app import make_app
    from dataflow.viewer.events import Events
    from dataflow.viewer.preview_cache import default_folder
    from dataflow.viewer.protocol import PromptProtocol

    hosts = {*LOOPBACK, host.lower(), *([socket.gethostname().lower()] if host in WILDCARDS else [])}
    events = Events()
    app = make_app(dataset, events, token, hosts, reviewer or _login(), default_folder())
    # The files are read on a thread of Python; requests must not wait its whole turn of 5 ms each time.
    sys.setswitchinterval(_SWITCH_SECONDS)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # addresses hold the token
        lifespan="on",
        http=PromptProtocol,
        ws="none",
        backlog=_CONNECTIONS,
        server_header=False,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=65536,
    )

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            events.end()
            super().handle_exit(sig, frame)

    try:
        Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # it has shut down in order, and then tells of the signal


def _listen(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in (PORT, 0) if port is None else (port,):
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, wanted))
            listening.listen(_CONNECTIONS)
            return listening
        except OSError as error:
            listening.close()
            if wanted == PORT and port is None and error.errno == errno.EADDRINUSE:
                continue
            if error.errno == errno.EADDRINUSE:
                cure = "Leave --port out, and a free one is taken"
            else:
                cure = f"{error.strerror or said_by(error)}. Leave --host out to serve this machine alone"
            raise PrerequisiteError(f"{host}:{wanted} cannot be listened on. {cure}") from None
    raise AssertionError  # a free port was asked for last: it is had, or raised


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
