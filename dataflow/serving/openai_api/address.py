"""Addresses of endpoints: how they are written, shown and asked, and the key that goes along."""

from __future__ import annotations

import os
from base64 import b64encode
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit, urlunsplit

from dataflow.core import PrerequisiteError, UsageError


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint's address as it may be shown, without what can be secret; as it is asked; and the login in it."""

    shown: str
    target: str
    login: str | None

    def headers(self, key_name: str) -> dict[str, str]:
        """The headers of a request.

        Args:
            key_name: the environment variable that holds the key; `OPENAI_API_KEY` where it is not set.

        Raises:
            PrerequisiteError: this endpoint wants a key, and there is none.
        """
        headers = {"Content-Type": "application/json"}
        key = os.environ.get(key_name) or os.environ.get("OPENAI_API_KEY")
        if self.login:
            headers["Authorization"] = self.login
        elif key:
            headers["Authorization"] = f"Bearer {key}"
        elif not is_private(self.shown):
            raise PrerequisiteError(f"{self.shown} needs an API key: export {key_name}=... and run again")
        return headers


def read_address(url: str) -> Address:
    """An endpoint's address, from its base or its full form, with or without a login.

    Raises:
        UsageError: it is no http address.
    """
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise UsageError(f"api_url {_without_login(url)!r} is no address: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise UsageError(f"api_url must begin with http:// or https://, not {_without_login(url)!r}")
    if not named:
        raise UsageError(f"api_url {_without_login(url)!r} names no host: write http://HOST/v1")
    user, _, host = parts.netloc.rpartition("@")
    base = parts.path.rstrip("/")
    path = base if base.endswith("/chat/completions") else f"{base}/chat/completions"
    login = f"Basic {b64encode(unquote(user).encode()).decode()}" if user else None
    shown, target = (urlunsplit((parts.scheme, host, path, query, "")) for query in ("", parts.query))
    return Address(shown, target, login)


def _without_login(url: str) -> str:
    return url.rpartition("@")[2]


def is_private(url: str) -> bool:
    """Whether an address is on this machine or a private network, where endpoints mostly want no key."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".internal", ".lan"))
