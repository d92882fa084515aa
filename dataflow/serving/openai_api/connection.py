"""The way to the endpoints and back: connections, proxies, certificates, and what it means when one fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from dataflow.core import DataFlowError, EndpointFatal, TransientError
from dataflow.core.loop import close_at_exit
from dataflow.core.secrets import secrets_in, without_secrets
from dataflow.serving.openai_api.address import Address, read_address
from dataflow.serving.openai_api.certificates import tls_context, tls_error
from dataflow.serving.openai_api.headers import filled
from dataflow.serving.openai_api.usage import usage_in
from dataflow.storage.proxies import Proxy, proxy_of

_log = logging.getLogger(__name__)

if TYPE_CHECKING:
    import aiohttp

CONNECT_SECONDS = 30.0

UNFOUND_SECONDS = 20.0
"""So long the name of a host may be unknown, as when a network comes up, before it is taken to be wrong."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_HOPS = 3


class Connection:
    """Connections to endpoints, opened when they are first needed.

    Args:
        addresses: the endpoints.
        timeout: seconds until a request without an answer is given up.
        key_name: the environment variable that holds the key.
        headers: further ones, with `$NAME` for environment variables.
        ca_bundle: a file of certificates that are trusted, too.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        timeout: float,
        key_name: str,
        headers: Mapping[str, str],
        ca_bundle: str | None,
    ) -> None:
        self._addresses = {address.shown: address for address in map(read_address, addresses)}
        self.urls = list(self._addresses)
        self._timeout = timeout
        self._key_name = key_name
        self._headers = headers
        self._ca_bundle = ca_bundle
        self._session: aiohttp.ClientSession | None = None
        self._routes: dict[str, Proxy | None] = {}
        self._unfound_since: dict[str, float] = {}

    async def post(self, url: str, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        """Ask an endpoint once; gives status, headers and body of its reply.

        Raises:
            TransientError: there is no whole reply; asking again can help.
            EndpointFatal: there will be none: a certificate that is not trusted, a proxy that refuses, a wrong name.
            PrerequisiteError: a key or an environment variable is missing.
        """
        address = self._addresses[url]
        target = address.target
        for _ in range(_MOST_HOPS):
            status, headers, reply = await self._post(url, target, address, body)
            if status not in _REDIRECTS or "Location" not in headers:
                return status, headers, reply
            target = _next_target(url, target, status, headers["Location"])
            _log.info("%s sends requests on to another place at the same host (%d)", url, status)
        raise EndpointFatal(f"{url} sends requests on in a circle: check the address")

    async def _post(self, url: str, target: str, address: Address, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        import aiohttp

        session = self._open()
        headers = address.headers(self._key_name, filled(self._headers))
        if target not in self._routes:
            self._routes[target] = proxy_of(target)
        through = self._routes[target]
        proxy, login = (through.url, through.headers) if through else (None, None)
        if login and target.startswith("http:"):  # there is no tunnel whose opening could carry it
            headers |= login
        read: list[bytes] = []
        try:
            async with session.post(
                target, data=body, headers=headers, allow_redirects=False, proxy=proxy, proxy_headers=login
            ) as reply:
                self._unfound_since.pop(url, None)
                async for block in reply.content.iter_any():
                    read.append(block)
                if reply.status == 407 and through is not None:
                    raise _wants_login(through)
                return reply.status, reply.headers, b"".join(read)
        except TimeoutError as error:
            raise _broken(f"{url} did not answer within {self._timeout:g} s", read) from error
        except aiohttp.ClientConnectorDNSError as error:
            raise self._unfound(url, through, error) from error
        except aiohttp.InvalidURL as error:
            raise EndpointFatal(f"{url} is no address that can be asked: {error}; check it") from error
        except aiohttp.ClientSSLError as error:
            raise tls_error(url, error) or _broken(_says(url, error), read) from error
        except aiohttp.ClientHttpProxyError as error:
            raise _refused_by(through, url, error) from error
        except aiohttp.ClientProxyConnectionError as error:
            raise _broken(f"cannot reach the proxy {_named(through)}: {error.os_error}", read) from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise _broken(_says(url, error), read) from error

    def cleaned(self, url: str, body: bytes) -> bytes:
        """A reply without the keys, headers and logins that it may repeat."""
        address = self._addresses[url]
        sent = address.headers(self._key_name, filled(self._headers))
        sent.pop("Content-Type", None)
        own = {name: value for name, value in parse_qsl(urlsplit(address.target).query) if name != "api-version"}
        through = self._routes.get(address.target)
        return without_secrets(body, secrets_in({**own, **sent, **(through.headers if through else {})}))

    def _unfound(self, url: str, through: Proxy | None, error: aiohttp.ClientConnectorDNSError) -> DataFlowError:
        """The error for a name that is not known. It may be by and by, but a name that never was is a wrong one."""
        now = time.monotonic()
        self._unfound_since.setdefault(url, now)
        message = f"cannot find the host of {url}: {error}; check the address"
        if through is not None and error.host == urlsplit(through.url).hostname:
            message = f"cannot find the host of the proxy {_named(through)}: {error}; check the variable, or unset it"
        unfound = [now - self._unfound_since[each] for each in self.urls if each in self._unfound_since]
        if len(unfound) == len(self.urls) and min(unfound) >= UNFOUND_SECONDS:
            self._unfound_since.clear()
            return EndpointFatal(message)
        return TransientError(message, unreached=True)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            import aiohttp

            trusted = True if self._ca_bundle is None else tls_context(self._ca_bundle)
            self._routes.clear()
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=300, ssl=trusted),
                timeout=aiohttp.ClientTimeout(total=self._timeout, sock_connect=CONNECT_SECONDS),
                auto_decompress=True,
            )
            close_at_exit(self.close)
        return self._session

    async def close(self) -> None:
        """Close all connections; they are opened again when something is asked."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_session": None}


def _next_target(url: str, target: str, status: int, location: str) -> str:
    """Where an endpoint sends a request on to: another place at the same host, for a key belongs to a host.

    Raises:
        EndpointFatal: it is another host, or a redirect that makes a GET of a POST.
    """
    there = urljoin(target, location)
    old, new = urlsplit(target), urlsplit(there)
    if status in (307, 308) and new.hostname == old.hostname and new.scheme in (old.scheme, "https"):
        return there
    shown = f"{new.scheme}://{new.netloc.rpartition('@')[2]}{new.path}"
    raise EndpointFatal(f"{url} sends requests on to {shown} ({status}): if that is right, give it as --api-url")


def _named(proxy: Proxy | None) -> str:
    return f"{proxy.url} (from {proxy.variable})" if proxy else "of the environment"


def _wants_login(proxy: Proxy) -> EndpointFatal:
    login = "takes another login" if proxy.headers else "wants a login"
    return EndpointFatal(f"the proxy {_named(proxy)} {login}: write {proxy.variable}=http://USER:PASSWORD@HOST:PORT")


def _refused_by(proxy: Proxy | None, url: str, error: aiohttp.ClientHttpProxyError) -> DataFlowError:
    """The error for a tunnel that a proxy does not open."""
    if error.status == 407 and proxy is not None:
        return _wants_login(proxy)
    message = f"the proxy {_named(proxy)} does not let requests through to {url}: {error.status} {error.message}"
    if 400 <= error.status < 500 and error.status not in (408, 429):
        return EndpointFatal(f"{message}; if the endpoint is in your own network, name its host in NO_PROXY")
    return TransientError(message)


def _says(url: str, error: Exception) -> str:
    return f"the connection to {url} broke: {error or type(error).__name__}"


def _broken(message: str, read: Sequence[bytes]) -> TransientError:
    """The error for a reply that has not come whole; what has come may tell what it took."""
    error = TransientError(message)
    error.usage = usage_in(b"".join(read))
    return error
