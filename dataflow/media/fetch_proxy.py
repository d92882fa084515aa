"""Which proxy a URL of a dataset goes through; and that through one it leads no further inside than without."""

from __future__ import annotations

import socket

from aiohttp.resolver import ThreadedResolver
from yarl import URL

from dataflow.core.errors import MediaError, PrerequisiteError
from dataflow.media.fetch_limits import FetchLimits, display_url
from dataflow.media.network_guard import check_address
from dataflow.storage.proxies import Proxy, proxy_of

_INSIDE = (".internal", ".local", ".localdomain", ".lan", ".intranet", ".corp", ".home", ".private", ".home.arpa")
"""Domains that are in no public name service (RFC 6762, appendix G; ICANN's reserved `.internal`; RFC 8375)."""


async def proxy_for(target: URL, limits: FetchLimits) -> Proxy | None:
    """The proxy of the environment for a URL.

    It is the proxy that looks names up, so that what the connection leads to cannot be checked here. A name that this
    machine knows must be of the public internet, and one that it does not know must not be a name of private networks.

    Raises:
        MediaError: the URL leads inside, or the proxy cannot be used.
    """
    try:
        proxy = proxy_of(str(target))
    except PrerequisiteError as error:
        raise MediaError(str(error)) from None
    host = target.host or ""
    if proxy is None or limits.allow_private or host in limits.allow_hosts:
        return proxy
    try:
        found = await ThreadedResolver().resolve(host, target.port or 0, socket.AF_UNSPEC)
    except OSError:
        name = host.rstrip(".").lower()
        if "." not in name or name.endswith(_INSIDE):
            raise MediaError(
                f"{display_url(str(target))} is not on the public internet. If the dataset is your own: "
                "--allow-private-urls"
            ) from None
        return proxy
    for entry in found:
        check_address(entry["host"], host)
    return proxy
