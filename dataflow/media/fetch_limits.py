"""What fetching a URL may cost and where it may go, and how a URL is named in messages."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from dataflow.core.terminal import printable


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What a fetch may cost and where it may go.

    Args:
        max_bytes: of the content.
        timeout: seconds for all of it, redirects and second tries included; not counted are waits for a free place and
            those that a host asks for.
        allow_private: whether addresses that are not of the public internet may be reached.
        allow_hosts: names and addresses that may be reached wherever they are.
    """

    max_bytes: int = 20 * 2**20
    timeout: float = 60.0
    allow_private: bool = False
    allow_hosts: tuple[str, ...] = ()


def display_url(url: str) -> str:
    """A URL fit for messages: without the user, password and query in which secrets travel, and on one line."""
    try:
        parts = urlsplit(url)
        scheme, place, path = parts.scheme, parts.netloc, parts.path
    except ValueError:  # brackets that hold no address
        scheme, _, rest = url.partition("://")
        place, _, path = rest.partition("?")[0].partition("/")
        path = f"/{path}"
    if scheme.lower() == "data":
        return printable(url[:40]) + "..."
    return printable(f"{scheme}://{place.rpartition('@')[2]}{path}"[:200])
