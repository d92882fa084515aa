"""Content over HTTP, every hop of a redirect checked like the first."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
from yarl import URL

from dataflow.core.errors import MediaError, TransientError
from dataflow.media.fetch_limits import FetchLimits, display_url
from dataflow.media.fetch_proxy import proxy_for
from dataflow.media.network_guard import GuardedResolver, check_address
from dataflow.storage.proxies import Proxy

_HOPS = 5
"""Redirects followed."""

_CHUNK = 1 << 18
_PASSING = (429, 500, 502, 503, 504)
_SILENCE = 30.0
"""Seconds without a byte after which a server counts as gone."""


async def stream(url: str, limits: FetchLimits) -> AsyncIterator[bytes]:
    """The content in pieces.

    Raises:
        MediaError: the server refuses, or leads to where it may not.
        TransientError: it cannot be reached now, or the connection broke.
    """
    try:
        async for chunk in _follow(url, limits):
            yield chunk
    except aiohttp.ClientConnectorCertificateError:
        raise MediaError(
            f"{display_url(url)}: the server's certificate is not trusted. If an authority of your own signed it: "
            "export SSL_CERT_FILE=FILE"
        ) from None
    except aiohttp.InvalidURL as error:
        raise MediaError(f"{display_url(url)} is no usable URL: {error}") from None
    except (aiohttp.ClientError, ConnectionError) as error:
        raise TransientError(str(error) or type(error).__name__) from None
    except TimeoutError:
        raise TransientError(f"the server was silent for {_SILENCE:g} s") from None


async def _follow(url: str, limits: FetchLimits) -> AsyncIterator[bytes]:
    at = url
    for _ in range(_HOPS + 1):
        target = _checked(at, limits)
        proxy = await proxy_for(target, limits)
        where, login = (proxy.url, dict(proxy.headers)) if proxy else (None, {})
        # in clear text there is no tunnel whose opening could carry the login
        headers = login if target.scheme == "http" else {}
        async with (
            _session(limits, proxy) as session,
            session.get(target, allow_redirects=False, proxy=where, proxy_headers=login, headers=headers) as response,
        ):
            if response.status in (301, 302, 303, 307, 308) and "Location" in response.headers:
                at = str(target.join(URL(response.headers["Location"])))
                continue
            if response.status in _PASSING:
                raise TransientError(f"the server answers {response.status}", status=response.status)
            if response.status != 200:
                raise MediaError(f"{display_url(at)}: the server answers {response.status} {response.reason}")
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise MediaError(f"{display_url(at)}: the server insists on compressing it")
            if (response.content_length or 0) > limits.max_bytes:
                raise MediaError(
                    f"{display_url(at)} has {response.content_length:,} bytes, more than {limits.max_bytes:,}"
                )
            async for chunk in response.content.iter_chunked(_CHUNK):
                yield chunk
            return
    raise MediaError(f"{display_url(url)} redirects more than {_HOPS} times")


def _session(limits: FetchLimits, proxy: Proxy | None) -> aiohttp.ClientSession:
    """Connections for one hop; those to a proxy go wherever it stands, for the user named it."""
    free = limits.allow_private or proxy is not None
    connector = aiohttp.TCPConnector(resolver=None if free else GuardedResolver(limits.allow_hosts))
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=_SILENCE, sock_read=_SILENCE)
    # content is taken as it is on the wire: a small compressed body must not become a huge one
    headers = {"Accept-Encoding": "identity"}
    return aiohttp.ClientSession(connector=connector, timeout=timeout, auto_decompress=False, headers=headers)


def _checked(url: str, limits: FetchLimits) -> URL:
    """A hop's URL; names are checked when they are looked up, addresses here."""
    try:
        target = URL(url)
    except ValueError as error:
        raise MediaError(f"{display_url(url)} is no usable URL: {error}") from None
    if target.scheme not in ("http", "https") or not target.host:
        raise MediaError(f"{display_url(url)}: only http and https are followed")
    if limits.allow_private or target.host in limits.allow_hosts:
        return target
    if ":" in target.host or target.host.replace(".", "").isdigit():
        check_address(target.host, target.host)
    return target
