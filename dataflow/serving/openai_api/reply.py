"""What an endpoint's reply means: an answer, or an error of a kind that says what to do about it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any

import orjson

from dataflow.core import EndpointFatal, RequestRefused, Response, TransientError, Usage
from dataflow.parsing.reasoning import split_reasoning

_LONGEST_MESSAGE = 300
_MOST_TOKENS = 10**9


def read_answer(body: bytes, model: str, latency: float, media: tuple[Mapping[str, Any], ...] = ()) -> Response:
    """The response in a 200 reply.

    Args:
        body: the reply as it came.
        model: what the model is called when the reply does not say.
        latency: seconds from sending to the complete reply.
        media: what was shown to the model.

    Raises:
        TransientError: the body does not parse, or holds no text. Both happen under load and are no answers.
    """
    try:
        reply = orjson.loads(body)
        choice = reply["choices"][0]
        message = choice["message"]
        text, thought = split_reasoning(_text(message.get("content")))
        reasoning = _text(message.get("reasoning_content") or message.get("reasoning")) or thought
        usage = _usage(reply.get("usage"))
        finish = str(choice.get("finish_reason") or "stop")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise TransientError(
            f"the endpoint sent a reply that is no chat completion ({_cut(body)})", status=200
        ) from error
    if not text.strip():
        if refusal := message.get("refusal"):
            raise RequestRefused(f"the model refused: {refusal}")
        if finish == "content_filter":
            raise RequestRefused("the endpoint's content filter withheld the answer")
        if finish == "length":
            raise RequestRefused("the token limit was used up before the answer began; raise max_tokens")
        raise TransientError("the endpoint sent an empty answer", status=200)
    return Response(
        text=text,
        reasoning=reasoning,
        finish_reason=finish,
        usage=usage,
        model=str(reply.get("model") or model),
        latency=latency,
        media=media,
    )


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content if isinstance(part, dict))
    if not isinstance(content, str | None):
        raise TypeError(f"{type(content).__name__} is no text")
    return content or ""


def _usage(usage: Any) -> Usage:
    """Tokens as the endpoint counted them; a count that is none is taken for 0, for the text is an answer still."""
    counts = usage if isinstance(usage, dict) else {}
    read, written = counts.get("prompt_tokens"), counts.get("completion_tokens")
    return Usage(*(n if isinstance(n, int) and 0 <= n <= _MOST_TOKENS else 0 for n in (read, written)))


def error_of(status: int, headers: Mapping[str, str], body: bytes, url: str, model: str, key: str) -> Exception:
    """The error that a reply other than 200 stands for.

    Args:
        key: the environment variable that holds the API key.
    """
    code, message = _error_fields(body)
    said = f"{status} {message or _cut(body) or 'without a word'}"
    if status == 401:
        return EndpointFatal(f"{url} does not accept the API key in {key} ({said})")
    if status == 403:
        return EndpointFatal(f"{url} forbids this request ({said})")
    if status == 402 or code in ("insufficient_quota", "billing_hard_limit_reached"):
        return EndpointFatal(f"the account at {url} has no quota left ({said})")
    if status == 404 or code == "model_not_found":
        return EndpointFatal(f"{url} has no model {model!r}, or no chat completions at this address ({said})")
    if status == 429 or status == 408 or status >= 500:
        retry_after = _retry_after(headers)
        throttled = status == 429 or (status == 503 and retry_after is not None)
        return TransientError(
            f"{url}: {said}", status=status, retry_after=retry_after, throttled=throttled, headers=headers
        )
    return RequestRefused(f"{url} refused the request: {said}")


def _error_fields(body: bytes) -> tuple[str, str]:
    try:
        reply = orjson.loads(body)
        error = reply.get("error", reply)
        if isinstance(error, str):
            return "", error[:_LONGEST_MESSAGE]
        code = str(error.get("code") or error.get("type") or "")
        return code, str(error.get("message") or error.get("detail") or "")[:_LONGEST_MESSAGE]
    except (ValueError, AttributeError):
        return "", ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by `Retry-After`, which holds seconds or an HTTP date (RFC 9110, 10.2.3)."""
    value = headers.get("Retry-After")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            when = parsedate_to_datetime(value)
            seconds = when.replace(tzinfo=when.tzinfo or UTC).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return max(0.0, seconds) if isfinite(seconds) else None


def _cut(body: bytes) -> str:
    text = " ".join(body[: 4 * _LONGEST_MESSAGE].decode("utf-8", "replace").split())
    return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + "..."
