"""The way to the endpoints and back: connections, proxies, certificates, and what it means when one fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from dataflow.core import DataFlowError, EndpointFatal, RequestRefused, TransientError
from dataflow.core.causes import said_by
from dataflow.core.loop import close_at_exit
from dataflow.core.secrets import secrets_in, without_secrets
from dataflow.serving.openai_api.address import read_address
from dataflow.serving.openai_api.certificates import tls_context
from dataflow.serving.openai_api.failures import broken, failure, named, sends_on, wants_login
from dataflow.serving.openai_api.headers import filled
from dataflow.storage.proxies import Proxy, proxy_of
from dataflow.version import USER_AGENT

if TYPE_CHECKING:
    import aiohttp

CONNECT_SECONDS = 30.0

UNFOUND_SECONDS = 20.0
"""So long the name of a host may be unknown, as when a network comes up, before it is taken to be wrong."""

MOST_BYTES = 32 * 2**20
"""Of a reply, unpacked. A model's longest answer, as an event stream with an event for every token, has less."""

_KEYS = frozenset({"authorization", "api-key", "x-api-key"})
_SHORTEST_KEY = 16
"""A shorter one (`ollama`, `not-needed`) may well stand in an answer."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


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
            EndpointFatal: there will be none: a certificate that is not trusted, a proxy that refuses, a wrong name, a
                redirect.
            PrerequisiteError: a key or an environment variable is missing.
        """
        import aiohttp

        address = self._addresses[url]
        target = address.target
        headers = address.headers(self._key_name, filled(self._headers))
        if target not in self._routes:
            self._routes[target] = proxy_of(target)
        through = self._routes[target]
        if through and through.headers and target.startswith("http:"):
            headers |= through.headers  # there is no tunnel whose opening could carry it
        read: list[bytes] = []
        try:
            async with asyncio.timeout(self._timeout):
                return await self._ask(url, target, body, headers, through, read)
        except TimeoutError as error:
            raise broken(f"{url} did not answer within {self._timeout:g} s", read) from error
        except aiohttp.ClientConnectorDNSError as error:
            raise self._unfound(url, through, error) from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise failure(url, error, through, read) from error

    async def _ask(
        self, url: str, target: str, body: bytes, headers: Mapping[str, str], through: Proxy | None, read: list[bytes]
    ) -> tuple[int, Mapping[str, str], bytes]:
        proxy, login = (through.url, through.headers) if through else (None, None)
        async with self._open().post(
            target, data=body, headers=headers, allow_redirects=False, proxy=proxy, proxy_headers=login
        ) as reply:
            self._unfound_since.pop(url, None)
            if reply.status in _REDIRECTS and "Location" in reply.headers:
                raise sends_on(url, target, reply.status, reply.headers["Location"])
            held = 0
            async for block in reply.content.iter_any():
                read.append(block)
                held += len(block)
                if held > MOST_BYTES:
                    raise RequestRefused(f"the reply of {url} is larger than {MOST_BYTES // 2**20} MB: no answer is")
            if reply.status == 407 and through is not None:
                raise wants_login(through)
            return reply.status, reply.headers, b"".join(read)

    def cleaned(self, url: str, body: bytes) -> bytes:
        """A reply without the keys, headers and logins that it may repeat."""
        address = self._addresses[url]
        sent = address.headers(self._key_name, filled(self._headers))
        sent.pop("Content-Type", None)
        own = {name: value for name, value in parse_qsl(urlsplit(address.target).query) if name != "api-version"}
        through = self._routes.get(address.target)
        return without_secrets(body, secrets_in({**own, **sent, **(through.headers if through else {})}))

    def keyless(self, url: str, body: bytes) -> bytes:
        """A good reply without the key, should the model or the endpoint repeat it. Short ones may be words."""
        sent = self._addresses[url].headers(self._key_name, filled(self._headers))
        keys = {name: value for name, value in sent.items() if name.lower() in _KEYS}
        return without_secrets(body, [secret for secret in secrets_in(keys) if len(secret) >= _SHORTEST_KEY])

    def _unfound(self, url: str, through: Proxy | None, error: aiohttp.ClientConnectorDNSError) -> DataFlowError:
        """The error for a name that is not known. It may be by and by, but a name that never was is a wrong one."""
        now = time.monotonic()
        self._unfound_since.setdefault(url, now)
        message = f"cannot find the host of {url}: {said_by(error)}; check the address"
        if through is not None and error.host == urlsplit(through.url).hostname:
            message = (
                f"cannot find the host of the proxy {named(through)}: {said_by(error)}; check the variable, or unset it"
            )
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
                headers={"User-Agent": USER_AGENT},
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
