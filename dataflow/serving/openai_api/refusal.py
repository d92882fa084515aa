"""What an endpoint's error means, by its status, its code or its words: ask later, never again, or nobody at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dataflow.core import (
    DataFlowError,
    EndpointFatal,
    ModeratedRequest,
    RequestRefused,
    TransientError,
    Usage,
)
from dataflow.serving.openai_api.loading import load_reply
from dataflow.serving.openai_api.retry_after import retry_after
from dataflow.serving.openai_api.too_much import cure_for
from dataflow.serving.openai_api.usage import charged, usage_in, usage_of

LONGEST_MESSAGE = 300

PAID_TRIES = 3
"""Replies without an answer that are paid for one request: each costs as much as an answer."""

_LATER = frozenset({408, 409, 420, 424, 425, 429, 498, 499})
"""Conflicts, what came too early, Twitter's and Groq's names for too much, and TGI's for a failed generation."""

_NAMED = {
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "too_many_requests": 429,
    "resource_exhausted": 429,
    "overloaded": 503,
    "overloaded_error": 529,
    "unavailable": 503,
    "server_error": 500,
    "internal_server_error": 500,
    "api_error": 500,
    "timeout": 504,
    "timeout_error": 504,
    "conflict": 409,
    "insufficient_quota": 402,
    "insufficient_balance": 402,
    "billing_hard_limit_reached": 402,
    "billing_error": 402,
    "invalid_api_key": 401,
    "authentication_error": 401,
    "unauthenticated": 401,
    "permission_error": 403,
    "permission_denied": 403,
    "model_not_found": 404,
    "not_found_error": 404,
    "invalid_request_error": 400,
    "badrequesterror": 400,
    "content_filter": 400,
    "content_policy_violation": 400,
    "context_length_exceeded": 400,
}
"""What the codes and types of OpenAI's, Anthropic's and Google's error bodies mean as a status."""

_ACCOUNT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "insufficient_balance", "billing_error"})
_MODERATED_CODES = frozenset(
    {"content_policy_violation", "content_filter", "moderation_blocked", "data_inspection_failed"}
)
_MODERATED = re.compile(
    r"\bflagged\b|\bmoderat(?:ed|ion)\b|content[ _](?:policy|filter|management policy)|safety (?:system|filter|polic)"
    r"|usage polic|inappropriate content",
    re.IGNORECASE,
)
_TOO_MUCH = re.compile(
    r"rate[ _-]?limit|too[ _-]many[ _-](?:concurrent[ _-])?requests|throttl|requests per (?:second|minute|hour|day)"
    r"|quota exceeded.{0,200}\bretry|exceeded.{0,80}quota.{0,200}\bretry",
    re.IGNORECASE | re.DOTALL,
)
_MAY_BE_TOO_MUCH = frozenset({400, 403, 422})
"""Statuses with which some endpoints say that they are asked too much. Not 413: that request is always too large."""


@dataclass(frozen=True, slots=True)
class Said:
    """An error body: the status that its code stands for (0 where it has none), the code by name, and the message."""

    status: int = 0
    code: str = ""
    message: str = ""
    moderated: bool = False


def error_of(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    url: str,
    model: str,
    key: str,
) -> DataFlowError:
    """The error that a reply other than 200 stands for, with the tokens that it took.

    Args:
        key: the environment variable that holds the API key.
    """
    reply = _loaded(body)
    usage = usage_of(reply.get("usage")) if isinstance(reply, dict) else usage_in(body)
    return error_said(said_in(reply), status, headers, body, usage, url, model, key)


def error_said(
    said: Said,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    usage: Usage | None,
    url: str,
    model: str,
    key: str,
) -> DataFlowError:
    """The error for a status and what the body says; see `error_of`."""
    error = _error(said, status, headers, body, usage, url, model, key)
    error.usage = usage
    return error


def _error(
    said: Said,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    usage: Usage | None,
    url: str,
    model: str,
    key: str,
) -> DataFlowError:
    words = f"{status} {said.message or cut(body) or 'without a word'}"
    if status in _MAY_BE_TOO_MUCH and (said.status == 429 or _TOO_MUCH.search(f"{said.code} {said.message}")):
        status = 429
    if status == 402 or said.code in _ACCOUNT:
        return EndpointFatal(f"the account at {url} has no quota left ({words})", about="account")
    if status == 401:
        return EndpointFatal(f"{url} does not accept the API key in {key} ({words})", about="account")
    if status in _LATER or status >= 500:
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
    if said.moderated:
        return ModeratedRequest(f"{url} refused the request: {words}")
    if status == 403:
        return EndpointFatal(f"{url} forbids this request ({words})", about="request")
    if status == 404 or said.code == "model_not_found":
        message = f"{url} has no model {model!r}, or no chat completions at this address ({words})"
        return EndpointFatal(message, about="model")
    return RequestRefused(f"{url} refused the request: {words}{cure_for(status, f'{said.code} {words}')}")


def said_in(reply: Any) -> Said:
    """What an error body says, or the error in a reply that calls itself good."""
    if isinstance(reply, list) and reply:
        reply = reply[0]  # as Google's endpoint puts it
    if not isinstance(reply, dict):
        return Said()
    error = reply.get("error") or reply
    if isinstance(error, str):
        return Said(message=error[:LONGEST_MESSAGE])
    if not isinstance(error, dict):
        return Said()
    names = [error.get(name) for name in ("code", "status", "type", "status_code", "error_code")]
    code = next((str(name).lower() for name in names if name), "")[:LONGEST_MESSAGE]
    status = next((found for name in names if (found := _status(name))), 0)
    words = next((error[name] for name in ("message", "detail", "msg", "error_msg") if error.get(name)), "")
    message = str(words)[:LONGEST_MESSAGE]
    metadata = error.get("metadata")
    reasons = isinstance(metadata, dict) and bool(metadata.get("reasons") or metadata.get("flagged_input"))
    moderated = reasons or code in _MODERATED_CODES or bool(_MODERATED.search(message))
    return Said(status, code, message, moderated)


def error_in_answer(reply: Any) -> Said | None:
    """The error in a reply with status 200: in its `error`, in a choice of it, or in a `code` where there are no
    choices. None where there is none."""
    if isinstance(reply, list) and reply:
        reply = reply[0]
    if not isinstance(reply, dict):
        return None
    if reply.get("error"):
        return said_in(reply)
    choices = reply.get("choices")
    if isinstance(choices, list) and choices:
        first = choices[0]
        return said_in(first) if isinstance(first, dict) and first.get("error") else None
    said = said_in(reply)
    return said if said.status else None


def cut(body: bytes) -> str:
    """The beginning of a body, on one line, to be shown."""
    text = " ".join(body[: 4 * LONGEST_MESSAGE].decode("utf-8", "replace").split())
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "..."


def _status(name: Any) -> int:
    """The status that a code stands for: itself, as a number or in digits, or by its name; 0 where it is none."""
    text = str(name).lower()
    if text.isascii() and text.isdigit() and len(text) == 3:
        return int(text) if 400 <= int(text) < 600 else 0
    return _NAMED.get(text, 0)


def _loaded(body: bytes) -> Any:
    try:
        return load_reply(body)
    except ValueError:
        return None
