"""What an endpoint's error means, by its status, its code or its words: ask later, never again, or nobody at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dataflow.core import (
    DataFlowError,
    EndpointFatal,
    ModeratedRequest,
    RequestRefused,
    TransientError,
    Usage,
)
from dataflow.core.web_page import is_web_page
from dataflow.serving.openai_api.loading import load_reply
from dataflow.serving.openai_api.meaning import Meaning, meaning_of
from dataflow.serving.openai_api.retry_after import retry_after
from dataflow.serving.openai_api.said import Said, cut, said_in
from dataflow.serving.openai_api.too_much import cure_for
from dataflow.serving.openai_api.usage import charged, usage_in, usage_of

PAID_TRIES = 3
"""Replies without an answer that are paid for one request: each costs as much as an answer."""

_LATER = frozenset({408, 409, 420, 424, 425, 429, 498, 499})
"""Conflicts, what came too early, Twitter's and Groq's names for too much, and TGI's for a failed generation."""

_ACCOUNT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "insufficient_balance", "billing_error"})
_TOO_MUCH = re.compile(
    r"rate[ _-]?limit|too[ _-]many[ _-](?:concurrent[ _-])?requests|throttl|requests per (?:second|minute|hour|day)"
    r"|quota exceeded.{0,200}\bretry|exceeded.{0,80}quota.{0,200}\bretry",
    re.IGNORECASE | re.DOTALL,
)
_MAY_BE_TOO_MUCH = frozenset({400, 403, 422})
"""Statuses with which some endpoints say that they are asked too much. Not 413: that request is always too large."""

_MAY_MEAN = frozenset({400, 403, 404, 405, 415, 422, 500, 501})
"""Statuses whose words tell more than they do."""

_PATH_IS_WRONG = re.compile(r"404 page not found|not found\.?", re.IGNORECASE)
"""All that web frameworks say of a path that they do not know; who knows the path names the model."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked, for the messages of errors.

    Args:
        url: the endpoint.
        model: what the model is called when the reply does not say.
        key: the environment variable that holds the API key.
    """

    url: str
    model: str
    key: str


def error_of(status: int, headers: Mapping[str, str], body: bytes, asked: Asked) -> DataFlowError:
    """The error that a reply other than 200 stands for, with the tokens that it took."""
    reply = _loaded(body)
    usage = usage_of(reply.get("usage")) if isinstance(reply, dict) else usage_in(body)
    return error_said(said_in(reply), status, headers, body, usage, asked)


def error_said(
    said: Said, status: int, headers: Mapping[str, str], body: bytes, usage: Usage | None, asked: Asked
) -> DataFlowError:
    """The error for a status and what the body says; see `error_of`."""
    error = _error(said, status, headers, body, usage, asked)
    error.usage = usage
    return error


def status_in(said: Said) -> int:
    """The status that an error in a good reply stands for, by its code or its words; 0 where neither tells."""
    meaning = meaning_of(said.message)
    return said.status or (400 if meaning else 0)


def _error(
    said: Said, status: int, headers: Mapping[str, str], body: bytes, usage: Usage | None, asked: Asked
) -> DataFlowError:
    url = asked.url
    told = said.message or cut(body)
    words = f"{status} {told or 'without a word'}"
    if status in _MAY_BE_TOO_MUCH and (said.status == 429 or _TOO_MUCH.search(f"{said.code} {said.message}")):
        status = 429
    meaning = meaning_of(f"{said.code} {told}") if status in _MAY_MEAN else None
    if meaning is Meaning.NO_IMAGES:
        message = f"the model {asked.model!r} at {url} takes no images: name one that does, with --model ({words})"
        return EndpointFatal(message, about="model")
    if status == 402 or said.code in _ACCOUNT or meaning is Meaning.NO_CREDIT:
        return EndpointFatal(f"the account at {url} has no quota left ({words})", about="account")
    if status == 401 or meaning is Meaning.WRONG_KEY:
        return EndpointFatal(f"{url} does not accept the API key in {asked.key} ({words})", about="account")
    if meaning is Meaning.WRONG_PLACE:
        return EndpointFatal(f"{url} does not answer where this machine is ({words})", about="account")
    if meaning is Meaning.WANTS_TLS:
        return wants_tls(url, words)
    if status in _LATER or (status >= 500 and meaning is None):
        return _later(words, status, headers, body, usage, url)
    if said.moderated:
        return ModeratedRequest(f"{url} refused the request: {words}")
    if status == 403:
        return EndpointFatal(f"{url} forbids this request ({words})", about="request")
    if status in (404, 405) or said.code == "model_not_found" or meaning is Meaning.NO_SUCH_PATH:
        return _nothing_there(said, told, words, status, meaning, asked, is_web_page(body))
    return RequestRefused(f"{url} refused the request: {words}{cure_for(status, f'{said.code} {words}')}")


def _later(
    words: str, status: int, headers: Mapping[str, str], body: bytes, usage: Usage | None, url: str
) -> TransientError:
    wait = retry_after(headers, body)
    throttled = status == 429 or (status == 503 and wait is not None)
    return TransientError(
        f"{url}: {words}",
        status=status,
        retry_after=wait,
        throttled=throttled,
        headers=headers,
        tries=PAID_TRIES if charged(usage) and not throttled else None,
    )


def _nothing_there(
    said: Said, told: str, words: str, status: int, meaning: Meaning | None, asked: Asked, page: bool
) -> EndpointFatal:
    """The error for a model or a path that is not known; frameworks answer both with 404."""
    unknown = said.code == "unknown_url" or meaning is Meaning.NO_SUCH_PATH or status == 405
    if unknown or page or _PATH_IS_WRONG.fullmatch(told):
        message = f"there are no chat completions at this address: {asked.url} ({words}){path_cure(asked.url)}"
        return EndpointFatal(message, about="model")
    if said.message:
        known = asked.url.rstrip("/").removesuffix("/chat/completions") + "/models"
        message = f"{asked.url} has no model {asked.model!r} ({words}); the names that it knows stand at {known}"
        return EndpointFatal(message, about="model")
    message = f"{asked.url} has no model {asked.model!r}, or no chat completions at this address ({words})"
    return EndpointFatal(message + path_cure(asked.url), about="model")


def path_cure(url: str) -> str:
    """What to try where an address answers, and not as an endpoint does, as an end of the sentence."""
    base = url.rstrip("/").removesuffix("/chat/completions")
    if urlsplit(base).path.strip("/"):
        return "; check the path of --api-url"
    return f"; most endpoints have it under --api-url {base.rstrip('/')}/v1"


def wants_tls(url: str, words: str) -> EndpointFatal:
    """The error for an endpoint that was asked without TLS and wants it."""
    return EndpointFatal(f"{url} speaks TLS: write https:// ({words})")


def _loaded(body: bytes) -> Any:
    try:
        return load_reply(body)
    except ValueError:
        return None
