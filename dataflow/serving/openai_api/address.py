"""Addresses of endpoints: how they are written, shown and asked, and the key that goes along."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from dataflow.core import PrerequisiteError, UsageError
from dataflow.core.causes import said_by

BASE_URL = "OPENAI_BASE_URL"
"""The environment variable that names the endpoint where nothing else does, as for OpenAI's own client."""

OPENAI = "https://api.openai.com/v1"

_TOKEN = "eyJ"
"""How a JSON web token begins: `{"` in base64."""

_AZURE_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com", ".openai.azure.us")


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint's address as it may be shown, without what can be secret; as it is asked; the login in it; and
    whether it takes a key as Azure does."""

    shown: str
    target: str
    login: str | None
    azure: bool = False

    def headers(self, key_name: str, own: Mapping[str, str] | None = None) -> dict[str, str]:
        """The headers of a request.

        Args:
            key_name: the environment variable that holds the key; where it is not set, `AZURE_OPENAI_API_KEY` for
                Azure, then `OPENAI_API_KEY`. A token of Entra ID is sent as what it is.
            own: those of the user; with a key among them ours is left out.

        Raises:
            PrerequisiteError: this endpoint wants a key, and there is none.
        """
        given = {name.lower() for name in own or ()}
        headers = {"Content-Type": "application/json", **(own or {})}
        if given & {"authorization", "api-key"}:
            return headers
        names = (key_name, "AZURE_OPENAI_API_KEY", "OPENAI_API_KEY") if self.azure else (key_name, "OPENAI_API_KEY")
        key = next((key for name in names if (key := os.environ.get(name, "").strip())), "")
        if self.login:
            headers["Authorization"] = self.login
        elif key and not key.isprintable():
            raise PrerequisiteError(f"the API key in {key_name} is broken over lines: export it again")
        elif key and self.azure and not key.startswith(_TOKEN):
            headers["api-key"] = key
        elif key:
            headers["Authorization"] = f"Bearer {key}"
        elif not given and not is_private(self.shown):
            raise PrerequisiteError(f"{self.shown} needs an API key: export {key_name}=... and run again")
        return headers


def chosen_addresses(given: str | Sequence[str] | None) -> tuple[list[str], str]:
    """The endpoints to ask, and the environment variable that names them, if one does.

    Args:
        given: by the user; None leaves it to `OPENAI_BASE_URL`, and without that it is OpenAI's own.

    Raises:
        UsageError: an empty list is given.
    """
    if given is not None:
        addresses = [given] if isinstance(given, str) else list(given)
        if not addresses:
            raise UsageError("api_url names no endpoint")
        return addresses, ""
    if base := os.environ.get(BASE_URL, "").strip():
        return [base], BASE_URL
    return [OPENAI], ""


def read_address(url: str) -> Address:
    """An endpoint's address, from its base or its full form, with or without a login.

    Raises:
        UsageError: it is no http address.
    """
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise UsageError(f"api_url {_without_login(url)!r} is no address: {said_by(error)}") from None
    if parts.scheme not in ("http", "https"):
        raise UsageError(f"api_url must begin with http:// or https://, not {_without_login(url)!r}")
    if not named:
        raise UsageError(f"api_url {_without_login(url)!r} names no host: write http://HOST/v1")
    user, _, host = parts.netloc.rpartition("@")
    azure = _check_azure(parts)
    base = parts.path.rstrip("/")
    path = parts.path if base.endswith("/chat/completions") else f"{base}/chat/completions"
    login = f"Basic {b64encode(unquote(user).encode()).decode()}" if user else None
    shown, target = (urlunsplit((parts.scheme, host, path, query, "")) for query in ("", parts.query))
    return Address(shown, target, login, azure)


def _check_azure(parts: SplitResult) -> bool:
    """Whether an address takes a key as Azure does: at its own hosts, and behind a gateway by the form of its paths.

    The forms are `https://NAME.openai.azure.com/openai/v1` and `.../openai/deployments/NAME?api-version=DATE` (Azure
    OpenAI, REST API reference).

    Raises:
        UsageError: it is an address of Azure that lacks one of its parts.
    """
    host, path = parts.hostname or "", parts.path.rstrip("/")
    at_azure = host.endswith(_AZURE_HOSTS)
    deployed, versioned = "/openai/deployments/" in f"{path}/", "api-version=" in parts.query.lower()
    if at_azure and path in ("", "/openai"):
        raise UsageError(
            f"the address of Azure has a path, too: write https://{host}/openai/v1, with the deployment as the model"
        )
    if at_azure and deployed and not versioned:
        raise UsageError(
            f"the address of an Azure deployment wants a version: https://{host}{path}?api-version=2024-10-21, or "
            f"write https://{host}/openai/v1, with the deployment as the model"
        )
    return at_azure or versioned or deployed


def _without_login(url: str) -> str:
    return url.rpartition("@")[2]


def is_private(url: str) -> bool:
    """Whether an address is on this machine or a private network, where endpoints mostly want no key."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".internal", ".lan"))
