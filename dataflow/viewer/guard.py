"""What stands before every request: the Host header, the token in the address, and headers that bind the browser.

A page elsewhere must not reach this server through the reader's browser. It cannot guess the token; a name of its own
that it lets point here (DNS rebinding) is not a Host that we answer to; and what it posts carries its own Origin.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dataflow.viewer.hosts import WILDCARDS

_log = logging.getLogger(__name__)

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Lets through what bears the token, to an application that sees paths without it.

    Args:
        app: what is guarded.
        token: stands first in every path.
        hosts: the names under which the server answers; a wildcard among them also stands for every IP address, which
            no foreign name can be made to look like.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: Collection[str]) -> None:
        self._app = app
        self._prefix = f"/{token}/".encode()
        self._hosts = frozenset(host.lower() for host in hosts)
        self._any_address = any(host in self._hosts for host in WILDCARDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)

        async def send_bound(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if refusal is not None:
            _log.info("refused with %d: %s", refusal.status_code, scope.get("path", ""))
            await refusal(scope, receive, send_bound)
            return
        # The path as it was sent: a %2F stays one, and takes no part in routing.
        path = "/" + scope["raw_path"].decode("ascii", "replace")[len(self._prefix) :]
        await self._app({**scope, "path": path, "raw_path": path.encode(), "root_path": ""}, receive, send_bound)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = _host_name(headers.get("host", ""))
        if not self._is_known(host):
            return PlainTextResponse("This server does not answer to that name.\n", 421)
        origin = headers.get("origin")
        if origin is not None and origin != "null" and origin.partition("://")[2] != headers.get("host"):
            return PlainTextResponse("This page may be asked from its own address only.\n", 403)
        if origin == "null" and scope["method"] != "GET":
            return PlainTextResponse("This page may be asked from its own address only.\n", 403)
        raw = scope.get("raw_path") or scope["path"].encode()
        if not hmac.compare_digest(raw[: len(self._prefix)], self._prefix):
            hint = "Open the address that `dataflow view` printed: it holds a token without which nothing is shown.\n"
            return PlainTextResponse(hint, 403)
        return None

    def _is_known(self, host: str) -> bool:
        return host in self._hosts or (self._any_address and _is_address(host))


def _host_name(host: str) -> str:
    """The Host header without its port, in lower case."""
    name = host.lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
