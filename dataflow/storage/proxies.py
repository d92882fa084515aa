"""Which proxy a request goes through, as the environment says it."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from dataflow.core import PrerequisiteError

_SHOULD_BE = "write it as http://HOST:PORT"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy.

    Args:
        url: its address without a login, as it may be shown.
        variable: the environment variable that names it.
        headers: those that it wants, its login among them.
    """

    url: str
    variable: str
    headers: Mapping[str, str]


def proxy_of(url: str) -> Proxy | None:
    """The proxy for an address: `HTTPS_PROXY` or `HTTP_PROXY` by its scheme, else `ALL_PROXY`; none where `NO_PROXY`
    names the host, and none for this machine itself. A name in small letters, even an empty one, goes before the other.

    Raises:
        PrerequisiteError: the variable names a proxy of another kind, or none.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if is_loopback(host) or _is_excepted(host, parts.port or {"https": 443}.get(parts.scheme, 80)):
        return None
    for name in (f"{parts.scheme}_proxy", "all_proxy"):
        variable = name if name in os.environ else name.upper()
        if variable == "HTTP_PROXY" and "REQUEST_METHOD" in os.environ:
            continue  # in a CGI script whoever asks sets it, with a header `Proxy:` (httpoxy, CVE-2016-5385)
        if value := os.environ.get(variable, "").strip():
            return _read(value, variable)
    return None


def shown_proxies() -> list[tuple[str, str]]:
    """The variables that decide about proxies, as they count, each with its value, fit to be shown: without logins."""
    shown: list[tuple[str, str]] = []
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        variable = name.lower() if name.lower() in os.environ else name
        value = os.environ.get(variable, "").strip()
        if value and name != "NO_PROXY":
            try:
                proxy = _read(value, variable)
                value = f"{proxy.url} (with a login)" if proxy.headers else proxy.url
            except PrerequisiteError as error:
                value = str(error)
        shown.append((variable, value or "not set"))
    return shown


def is_loopback(host: str) -> bool:
    """Whether a host is this machine under a name or an address that only it can have."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")
    inner = getattr(address, "ipv4_mapped", None) or address
    return bool(inner.is_loopback or inner.is_unspecified)


def _is_excepted(host: str, port: int) -> bool:
    """Whether `NO_PROXY` names a host: itself, a domain above it, a network of addresses, or `*`."""
    excepted = os.environ.get("no_proxy", os.environ.get("NO_PROXY", ""))
    return any(_names(entry, host.lower(), port) for entry in excepted.replace(",", " ").lower().split())


def _names(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    try:
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass
    name, colon, number = entry.rpartition(":")
    if colon and number.isdigit() and (name.startswith("[") or ":" not in name):
        return int(number) == port and _names(name, host, port)
    domain = entry.removeprefix("*").lstrip(".").rstrip(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _read(value: str, variable: str) -> Proxy:
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise PrerequisiteError(f"{variable} names no proxy: {_SHOULD_BE}, or unset it")
    if parts.scheme not in ("http", "https"):
        raise PrerequisiteError(
            f"{variable} names a {parts.scheme} proxy, which cannot be used: {_SHOULD_BE}, or name the endpoint's host "
            f"in NO_PROXY{_bridge(parts)}"
        )
    login, _, host = parts.netloc.rpartition("@")
    encoded = b64encode(unquote(login).encode()).decode()
    headers = {"Proxy-Authorization": f"Basic {encoded}"} if login else {}
    return Proxy(urlunsplit((parts.scheme, host, "", "", "")), variable, headers)


def _bridge(parts: SplitResult) -> str:
    """How a SOCKS proxy is made use of, as an end of the sentence: by one for HTTP in front of it."""
    if not parts.scheme.startswith("socks"):
        return ""
    kind = "socks4" if parts.scheme.startswith("socks4") else "socks5"
    place = parts.netloc.rpartition("@")[2]
    return (
        ", or put one for HTTP in front of it: pip install pproxy; "
        f"pproxy -l http://127.0.0.1:8118 -r {kind}://{place}; and name http://127.0.0.1:8118 here"
    )
