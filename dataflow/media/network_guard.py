"""Which addresses a URL in a dataset may reach: the public internet, and nothing behind the user's own door."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from dataflow.core.errors import MediaError

_NAT64 = IPv6Network("64:ff9b::/96")
"""IPv4 addresses wrapped for IPv6-only networks (RFC 6052)."""

_TUNNELLED = frozenset({0x00005EFE, 0x02005EFE})
"""The middle of an address that ends in the IPv4 address to which a tunnel within a site leads (ISATAP, RFC 5214)."""

_INNER = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments (RFC 6890)
            "192.88.99.0/24",  # relays of 6to4 (RFC 7526)
            "::/96",  # IPv4-compatible (RFC 4291, 2.5.5.1)
            "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
            "64:ff9b:1::/48",  # translation within a network (RFC 8215)
            "100:0:0:1::/64",  # a dummy prefix (RFC 9780)
            "3fff::/20",  # documentation (RFC 9637)
            "5f00::/16",  # segment routing (RFC 9602)
            "fec0::/10",  # site-local (RFC 3879)
        ),
    )
)
"""What is not of the public internet although `ipaddress` of some Python, or of every one, calls it global."""


def is_public(address: str) -> bool:
    """Whether an address is of the public internet, an IPv4 address wrapped in an IPv6 one being judged as itself."""
    try:
        ip = ip_address(address.split("%")[0])
    except ValueError:
        return False
    inner = _wrapped(ip) if isinstance(ip, IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _INNER)


def _wrapped(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64 or int(ip) >> 32 & 0xFFFFFFFF in _TUNNELLED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def check_address(address: str, host: str) -> None:
    """Refuse an address that is not public.

    Raises:
        MediaError: it is private, loopback, link-local or reserved.
    """
    if not is_public(address):
        where = host if host == address else f"{host} leads to {address}, which"
        raise MediaError(f"{where} is not on the public internet. If the dataset is your own: --allow-private-urls")


class GuardedResolver(AbstractResolver):
    """Looks a name up once and lets only public addresses through.

    The connection is made to what this returns, so a name cannot point elsewhere by the time it is used.

    Args:
        allow_hosts: names that may lead anywhere.
    """

    def __init__(self, allow_hosts: tuple[str, ...]) -> None:
        self._allow_hosts = allow_hosts
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name.

        Raises:
            MediaError: one of them is not public.
        """
        found = await self._resolver.resolve(host, port, family)
        for entry in found if host not in self._allow_hosts else ():
            check_address(entry["host"], host)
        return found

    async def close(self) -> None:
        """Nothing is held open."""
