"""Content over HTTP: every hop of a redirect checked like the first, and a broken download gone on with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp
from yarl import URL

from dataflow.core.causes import said_by
from dataflow.core.errors import DataFlowError, MediaError, TransientError
from dataflow.media.fetch_limits import FetchLimits, display_url
from dataflow.media.fetch_manners import Patience, host_of, told_wait
from dataflow.media.fetch_proxy import proxy_for
from dataflow.media.fetch_sink import Sink
from dataflow.media.fetch_unpack import is_packed, unpacked
from dataflow.media.network_guard import GuardedResolver, check_address
from dataflow.storage.proxies import Proxy
from dataflow.version import USER_AGENT

_HOPS = 10
"""Redirects followed."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 1 << 18
_SILENCE = 30.0
"""Seconds without a byte after which a server counts as gone."""

_FIRST_LOOK, _LONGEST_LOOK = 1.0, 30.0
"""Seconds until content that is being prepared is asked for again, doubled each time."""

_RANGE = re.compile(r"bytes\s{1,3}(?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)")
_CURES = {
    401: "; it wants a login: download the file and give its path",
    403: "; it wants a login, or the link has expired: try it in a browser, or download the file and give its path",
    404: "; check the URL",
    410: "; check the URL",
}


class _Again(Exception):
    """To be asked again, after so many seconds that the host asks to wait for this URL; for others it may be free."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.seconds = seconds


class HttpSource:
    """One URL, over all tries.

    Args:
        url: where it is.
        limits: what it may cost.
        sink: takes the content.
        patience: waits for the host.
    """

    def __init__(self, url: str, limits: FetchLimits, sink: Sink, patience: Patience) -> None:
        self._url = url
        self._limits = limits
        self._sink = sink
        self._patience = patience
        self._next_look = _FIRST_LOOK
        self._same = ""
        """The `ETag` or date by which the rest of the same content can be asked for; empty where it cannot."""

    async def attempt(self) -> None:
        """Fetch the content, or the rest of it.

        Raises:
            MediaError: the server refuses, or leads to where it may not.
            TransientError: it cannot be reached now, or the connection broke.
        """
        while True:
            try:
                return await self._follow()
            except _Again as again:
                if again.seconds:
                    await self._patience.wait(again.seconds, "the server is still preparing it (202)")

    async def _follow(self) -> None:
        at, cookies = self._url, aiohttp.CookieJar(unsafe=True)  # that is: also for hosts without a name
        for _ in range(_HOPS + 1):
            target = _checked(at, self._limits)
            proxy = await proxy_for(target, self._limits)
            async with host_of(_place(target)).room(self._patience):
                try:
                    found = await self._hop(target, proxy, cookies)
                except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
                    raise _failure(display_url(at), error, proxy) from None
            if found is None:
                return
            at = found
        raise MediaError(f"{display_url(self._url)} redirects more than {_HOPS} times")

    async def _hop(self, target: URL, proxy: Proxy | None, cookies: aiohttp.CookieJar) -> str | None:
        """Ask once; gives where it leads on to, or None when the content has come."""
        where, login = (proxy.url, dict(proxy.headers)) if proxy else (None, {})
        # in clear text there is no tunnel whose opening could carry the login
        headers = dict(login) if target.scheme == "http" else {}
        if self._sink.held and self._same:
            headers |= {"Range": f"bytes={self._sink.held}-", "If-Range": self._same}
        async with (
            _session(self._limits, proxy, cookies) as session,
            session.get(target, allow_redirects=False, proxy=where, proxy_headers=login, headers=headers) as response,
        ):
            if response.status in _REDIRECTS and "Location" in response.headers:
                return _joined(target, response.headers["Location"])
            await self._take(target, response)
            return None

    async def _take(self, target: URL, response: aiohttp.ClientResponse) -> None:
        name, status, host = display_url(str(target)), response.status, host_of(_place(target))
        if status == 429 or (status == 503 and "Retry-After" in response.headers):
            host.refused(status, response.headers)
            raise _Again
        if status == 202:
            raise _Again(self._until_next_look(response.headers))
        if status == 416 and self._sink.held:
            return self._beyond(response.headers)
        if status in (408, 425) or status >= 500:
            raise TransientError(f"the server answers {status}", status=status)
        if status not in (200, 206):
            raise MediaError(f"{name}: the server answers {status}{_phrase(status)}{_CURES.get(status, '')}")
        host.answered()
        await self._pour(name, response)

    def _until_next_look(self, headers: Mapping[str, str]) -> float:
        told = told_wait(headers)
        wait = self._next_look if told is None else max(told, _FIRST_LOOK)
        self._next_look = min(_LONGEST_LOOK, self._next_look * 2)
        return wait

    async def _pour(self, name: str, response: aiohttp.ClientResponse) -> None:
        start, whole = _part(response)
        if start != self._sink.held:
            self._sink.restart()
            self._same = ""
            if start:
                raise TransientError("the server sent another part than it was asked for")
        if (whole or 0) > self._limits.max_bytes:
            raise MediaError(f"{name} has {whole:,} bytes, more than {self._limits.max_bytes:,}")
        encoding = response.headers.get("Content-Encoding", "")
        self._same = "" if is_packed(encoding) else _validator(response)
        try:
            async for piece in unpacked(response.content.iter_chunked(_CHUNK), encoding, name):
                self._sink.write(piece)
        except aiohttp.ClientPayloadError:
            of = f" of {whole:,}" if whole else ""
            raise TransientError(f"the connection broke after {self._sink.held:,}{of} bytes") from None
        if response.status == 206 and whole is not None and self._sink.held < whole:
            raise TransientError(f"the server sent {self._sink.held:,} of {whole:,} bytes")

    def _beyond(self, headers: Mapping[str, str]) -> None:
        """What was asked for begins after the end: everything is there already, or it has changed."""
        found = _RANGE.fullmatch(headers.get("Content-Range", ""))
        if found is None or found[3] != str(self._sink.held):
            self._sink.restart()
            raise TransientError("the server answers 416")


def _failure(name: str, error: aiohttp.ClientError | OSError, proxy: Proxy | None) -> DataFlowError:
    """What it means that no reply came."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return MediaError(
            f"{name}: the server's certificate is not trusted. If an authority of your own signed it: "
            "export SSL_CERT_FILE=FILE"
        )
    if isinstance(error, aiohttp.InvalidURL):
        return MediaError(f"{name} is no usable URL: {said_by(error)}")
    if isinstance(error, TimeoutError):
        return TransientError(f"the server was silent for {_SILENCE:g} s")
    if proxy is not None and isinstance(error, aiohttp.ClientHttpProxyError | aiohttp.ClientProxyConnectionError):
        says = said_by(error)
        return TransientError(f"the proxy {proxy.url} (from {proxy.variable}) does not let it through: {says}")
    return TransientError(said_by(error))


def _part(response: aiohttp.ClientResponse) -> tuple[int, int | None]:
    """Where the content of a reply begins, and how long the whole is, where that is known."""
    if response.status == 200:
        return 0, response.content_length
    found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if found is None or found[1] is None:
        raise MediaError(f"{display_url(str(response.url))}: the server sends only a part and does not say which")
    return int(found[1]), None if found[3] == "*" else int(found[3])


def _validator(response: aiohttp.ClientResponse) -> str:
    """What to tell the server, to get the rest only if it is the rest of the same (RFC 9110, 13.1.5)."""
    if response.status == 200 and response.headers.get("Accept-Ranges", "").lower() != "bytes":
        return ""
    tag = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else response.headers.get("Last-Modified", "")


def _place(target: URL) -> str:
    return str(target.host) if target.is_default_port() else f"{target.host}:{target.port}"


def _joined(target: URL, location: str) -> str:
    try:
        return str(target.join(URL(location)))
    except ValueError as error:
        raise MediaError(f"{display_url(str(target))} leads on to what is no usable URL: {said_by(error)}") from None


def _phrase(status: int) -> str:
    return next((f" {known.phrase}" for known in HTTPStatus if known == status), "")


def _session(limits: FetchLimits, proxy: Proxy | None, cookies: aiohttp.CookieJar) -> aiohttp.ClientSession:
    """Connections for one hop; those to a proxy go wherever it stands, for the user named it."""
    free = limits.allow_private or proxy is not None
    connector = aiohttp.TCPConnector(resolver=None if free else GuardedResolver(limits.allow_hosts))
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=_SILENCE, sock_read=_SILENCE)
    # content is taken as it is on the wire: a small packed body must not become a huge one unseen
    headers = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT}
    return aiohttp.ClientSession(
        connector=connector, timeout=timeout, auto_decompress=False, headers=headers, cookie_jar=cookies
    )


def _checked(url: str, limits: FetchLimits) -> URL:
    """A hop's URL; names are checked when they are looked up, addresses here."""
    try:
        target = URL(url)
    except ValueError as error:
        raise MediaError(f"{display_url(url)} is no usable URL: {said_by(error)}") from None
    if target.scheme not in ("http", "https") or not target.host:
        raise MediaError(f"{display_url(url)}: only http and https are followed")
    if limits.allow_private or target.host in limits.allow_hosts:
        return target
    if ":" in target.host or target.host.replace(".", "").isdigit():
        check_address(target.host, target.host)
    return target
