"""What an error body says, in all the forms in which endpoints and the gateways before them write one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dataflow.core.web_page import is_web_page, named_page

LONGEST_MESSAGE = 300
_MESSAGES = ("message", "detail", "msg", "error_msg")

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
    "notfounderror": 404,
    "unknown_url": 404,
    "invalid_request_error": 400,
    "badrequesterror": 400,
    "content_filter": 400,
    "content_policy_violation": 400,
    "context_length_exceeded": 400,
}
"""What the codes and types of OpenAI's, Anthropic's and Google's error bodies mean as a status."""

_MODERATED_CODES = frozenset(
    {"content_policy_violation", "content_filter", "moderation_blocked", "data_inspection_failed"}
)
_MODERATED = re.compile(
    r"\bflagged\b|\bmoderat(?:ed|ion)\b|content[ _]?(?:policy|filter|management policy)|safety (?:system|filter|polic)"
    r"|usage polic|inappropriate content",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """An error body: the status that its code stands for (0 where it has none), the code by name, and the message."""

    status: int = 0
    code: str = ""
    message: str = ""
    moderated: bool = False


def said_in(reply: Any) -> Said:
    """What an error body says, or the error in a reply that calls itself good."""
    if isinstance(reply, list) and reply:
        reply = reply[0]  # as Google's endpoint puts it
    if not isinstance(reply, dict):
        return Said()
    error = reply.get("error") or reply
    if isinstance(error, str):
        return Said(message=error[:LONGEST_MESSAGE])
    if isinstance(several := error.get("errors") if isinstance(error, dict) else None, list) and several:
        error = several[0]  # as Cloudflare puts it
    if not isinstance(error, dict):
        return Said()
    names = [error.get(name) for name in ("code", "status", "type", "status_code", "error_code")]
    code = next((str(name).lower() for name in names if name), "")[:LONGEST_MESSAGE]
    status = next((found for name in names if (found := _status(name))), 0)
    given = error.get("metadata")
    metadata = given if isinstance(given, dict) else {}
    messages = [_words(error[name]) for name in _MESSAGES if error.get(name)][:1]
    messages += [raw] if isinstance(raw := metadata.get("raw"), str) else []  # what OpenRouter was told itself
    message = " ".join(": ".join(messages).split())[:LONGEST_MESSAGE]
    reasons = bool(metadata.get("reasons") or metadata.get("flagged_input"))
    moderated = reasons or code in _MODERATED_CODES or bool(_MODERATED.search(message))
    return Said(status, code, message, moderated)


def _words(message: Any) -> str:
    """A message as text: also a list of what a validation found (FastAPI: `loc`, `msg`), or an object around one."""
    if isinstance(message, list):
        return "; ".join(map(_words, message[:5]))
    if isinstance(message, dict):
        inner = next((message[name] for name in _MESSAGES if message.get(name)), None)
        if inner is None:
            return str(message)[:LONGEST_MESSAGE]
        place = message.get("loc")
        where = ".".join(map(str, place)) if isinstance(place, list) else ""
        return f"{where}: {_words(inner)}" if where else _words(inner)
    return str(message)[: 4 * LONGEST_MESSAGE]


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
    """The beginning of a body, on one line, to be shown; of a web page its title."""
    if is_web_page(body):
        return named_page(body)
    text = " ".join(body[: 4 * LONGEST_MESSAGE].decode("utf-8", "replace").split())
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "..."


def _status(name: Any) -> int:
    """The status that a code stands for: itself, as a number or in digits, or by its name; 0 where it is none."""
    text = str(name).lower()
    if text.isascii() and text.isdigit() and len(text) == 3:
        return int(text) if 400 <= int(text) < 600 else 0
    return _NAMED.get(text, 0)
