"""What it means that no whole reply came: which of the parts of the way failed, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from dataflow.core import DataFlowError, EndpointFatal, TransientError
from dataflow.core.causes import said_by
from dataflow.core.terminal import printable
from dataflow.serving.openai_api.certificates import tls_error
from dataflow.serving.openai_api.refusal import wants_tls
from dataflow.serving.openai_api.usage import usage_in
from dataflow.storage.proxies import Proxy

if TYPE_CHECKING:
    import aiohttp

_TLS_ALERT = r"\x15\x03"
"""How a record of TLS begins that says that what came was none (RFC 8446, 5.1: alert), as errors quote it."""


def failure(url: str, error: Exception, through: Proxy | None, read: Sequence[bytes]) -> DataFlowError:
    """The error for a connection that failed, but for an unknown name and a time limit.

    Args:
        url: the endpoint.
        error: what happened.
        through: the proxy that was to be used.
        read: what had come of the reply; it may tell what it took.
    """
    import aiohttp

    if isinstance(error, aiohttp.InvalidURL):
        return EndpointFatal(f"{url} is no address that can be asked: {said_by(error)}; check it")
    if isinstance(error, aiohttp.ClientSSLError):
        return tls_error(url, error) or broken(f"the connection to {url} broke: {said_by(error)}", read)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _refused_by(through, url, error)
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        why = _plain(error.os_error)
        return broken(f"cannot reach the proxy {named(through)}: {why}; check the variable, or unset it", read)
    if isinstance(error, aiohttp.ClientConnectorError):
        return _unreachable(url, error)
    if isinstance(error, aiohttp.ClientResponseError):
        if _TLS_ALERT in error.message:
            return wants_tls(url, "its reply is one of TLS")
        return broken(f"{url} does not answer in HTTP ({said_by(error)})", read)
    if isinstance(error, aiohttp.ClientPayloadError):
        had = sum(map(len, read))
        return broken(f"the connection to {url} broke in the middle of the reply ({had:,} bytes had come)", read)
    return broken(f"the connection to {url} broke: {said_by(error)}", read)


def broken(message: str, read: Sequence[bytes]) -> TransientError:
    """The error for a reply that has not come whole; what has come may tell what it took."""
    error = TransientError(message)
    error.usage = usage_in(b"".join(read))
    return error


def wants_login(proxy: Proxy) -> EndpointFatal:
    """The error for a proxy that does not know who asks."""
    login = "takes another login" if proxy.headers else "wants a login"
    return EndpointFatal(f"the proxy {named(proxy)} {login}: write {proxy.variable}=http://USER:PASSWORD@HOST:PORT")


def sends_on(url: str, target: str, status: int, location: str) -> EndpointFatal:
    """The error for a redirect: a question and its key are for the address that was given, and no other."""
    try:
        there = urlsplit(urljoin(target, location))
        shown = f"{there.scheme}://{there.netloc.rpartition('@')[2]}{there.path}"
    except ValueError:
        return EndpointFatal(f"{url} sends requests on ({status}) to what is no address: check --api-url")
    shown = printable(shown[:200])
    return EndpointFatal(f"{url} sends requests on to {shown} ({status}): if that is right, give it as --api-url")


def named(proxy: Proxy | None) -> str:
    """A proxy with the variable that names it."""
    return f"{proxy.url} (from {proxy.variable})" if proxy else "of the environment"


def _unreachable(url: str, error: aiohttp.ClientConnectorError) -> TransientError:
    if isinstance(error.os_error, ConnectionRefusedError):
        place = urlsplit(url).netloc
        message = f"nothing listens at {place} ({url}): start the endpoint, or check host and port of --api-url"
        return TransientError(message)
    return TransientError(f"{url} cannot be reached: {_plain(error.os_error)}")


def _refused_by(proxy: Proxy | None, url: str, error: aiohttp.ClientHttpProxyError) -> DataFlowError:
    """The error for a tunnel that a proxy does not open."""
    if error.status == 407 and proxy is not None:
        return wants_login(proxy)
    message = f"the proxy {named(proxy)} does not let requests through to {url}: {said_by(error)}"
    if 400 <= error.status < 500 and error.status not in (408, 429):
        return EndpointFatal(f"{message}; if the endpoint is in your own network, name its host in NO_PROXY")
    return TransientError(message)


def _plain(error: OSError) -> str:
    return error.strerror or said_by(error)
