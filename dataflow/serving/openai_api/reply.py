"""What an endpoint's reply with status 200 means: a response, or an error of a kind that says what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dataflow.core import DataFlowError, EndpointFatal, Response, TransientError, Usage
from dataflow.core.answer import ALL_IN_REASONING
from dataflow.core.web_page import A_PAGE, is_web_page, named_page
from dataflow.parsing.reasoning import split_reasoning
from dataflow.serving.openai_api.loading import load_reply
from dataflow.serving.openai_api.refusal import PAID_TRIES, Asked, error_said, path_cure, status_in
from dataflow.serving.openai_api.said import Said, cut, error_in_answer
from dataflow.serving.openai_api.usage import charged, usage_in, usage_of

EMPTY_TRIES = 3
REASONING_TRIES = 2
"""A whole answer in the field of the reasoning is a matter of settings, and comes again."""

_FINISHES = {
    "max_tokens": "length",
    "model_length": "length",
    "max_output_tokens": "length",
    "safety": "content_filter",
    "prohibited_content": "content_filter",
    "blocklist": "content_filter",
    "recitation": "content_filter",
    "sensitive": "content_filter",
    "eos": "stop",
    "end_turn": "stop",
}
"""Finish reasons as Anthropic, Google, Mistral and Zhipu name them, which gateways pass on -> OpenAI's names."""

_BROKEN_OFF = frozenset({"error", "network_error", "insufficient_system_resource", "abort", "malformed_response"})
"""Finish reasons of a generation that the endpoint did not bring to its end."""


def read_answer(
    body: bytes,
    asked: Asked,
    latency: float,
    media: tuple[Mapping[str, Any], ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The response in a reply with status 200. What it took is told whatever it holds: errors carry it too.

    A refusal, and a text that the token limit ended before its first word, are responses, so that they are kept and not
    paid for twice; `core.require_answer` tells them.

    Args:
        body: the reply as it came.
        asked: who was asked.
        latency: seconds from sending to the complete reply.
        media: what was shown to the model.
        headers: of the reply.

    Raises:
        TransientError: the body does not parse, holds no text, or says that something failed.
        DataFlowError: what an error in the reply stands for.
    """
    try:
        reply = load_reply(body)
    except ValueError as error:
        if is_web_page(body) and (page := named_page(body)) != A_PAGE:  # without a title it is a proxy's error
            raise _page_instead(page, asked) from None
        raise _no_completion(body, usage_in(body)) from error
    counted = usage_of(reply.get("usage")) if isinstance(reply, dict) else None
    if (said := error_in_answer(reply)) is not None:
        raise _error(said, headers or {}, body, counted, asked)
    try:
        choice = reply["choices"][0]
        message = _message(choice)
        text, thought = split_reasoning(_text(message.get("content")))
        reasoning = _reasoning(message) or thought
        finish = _finish(choice.get("finish_reason"))
        refusal = _refusal(message)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise _no_completion(body, counted) from error
    if refusal:
        text, finish = text if text.strip() else refusal, "refusal"
    if finish in _BROKEN_OFF:
        raise _again(f"the endpoint broke the answer off ({finish})", counted, PAID_TRIES if charged(counted) else None)
    if not text.strip() and finish not in ("length", "content_filter", "refusal"):
        if message.get("tool_calls") or message.get("function_call"):
            raise _again("the model called a tool instead of answering", counted, EMPTY_TRIES)
        if reasoning.strip():
            raise _again(ALL_IN_REASONING, counted, REASONING_TRIES)
        raise _again("the endpoint sent an empty answer", counted, EMPTY_TRIES)
    return Response(
        text=text,
        reasoning=reasoning,
        finish_reason=finish,
        usage=counted or Usage(),
        model=str(reply.get("model") or asked.model),
        latency=latency,
        media=media,
    )


def _message(choice: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message of a choice; Google's and Azure's endpoints leave it out where a filter or the limit left none."""
    message = choice.get("message")
    return {} if message is None and choice.get("finish_reason") else message or choice["message"]


def _finish(reason: Any) -> str:
    if isinstance(reason, str) and reason:
        name = reason.lower()
        return _FINISHES.get(name, name)
    return "stop"


def _refusal(message: Mapping[str, Any]) -> str:
    refusal = message.get("refusal")
    if isinstance(refusal, str) and refusal.strip():
        return whole(refusal)
    content = message.get("content")
    if isinstance(content, list):
        said = [part.get("refusal") for part in content if isinstance(part, dict) and part.get("type") == "refusal"]
        return whole("".join(part for part in said if isinstance(part, str)))
    return ""


def _reasoning(message: Mapping[str, Any]) -> str:
    """The field of the reasoning; of a form that is not known, it costs no answer."""
    found = message.get("reasoning_content") or message.get("reasoning")
    return _text(found) if isinstance(found, list | str) else ""


def _text(content: Any) -> str:
    if isinstance(content, dict):
        content = [content]
    if isinstance(content, list):
        found = [part.get("text") if isinstance(part, dict) else part for part in content]
        return whole("".join(part for part in found if isinstance(part, str)))
    if not isinstance(content, str | None):
        raise TypeError(f"{type(content).__name__} is no text")
    return whole(content or "")


def whole(text: str) -> str:
    """A text without halves of surrogate pairs, which no file takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _error(said: Said, headers: Mapping[str, str], body: bytes, usage: Usage | None, asked: Asked) -> DataFlowError:
    if status := status_in(said):
        return error_said(said, status, headers, body, usage, asked)
    words = said.message or cut(body)
    return _again(f"{asked.url}: an error in a good reply: {words}", usage, PAID_TRIES if charged(usage) else None)


def _page_instead(page: str, asked: Asked) -> EndpointFatal:
    """The error for a page: of a login that a session has run out of, or at an address where there is no endpoint."""
    return EndpointFatal(
        f"{asked.url} answers with {page} and not with a completion{path_cure(asked.url)}, or log in where "
        "it wants that",
        about="account",
    )


def _no_completion(body: bytes, usage: Usage | None) -> TransientError:
    tries = PAID_TRIES if charged(usage) else None
    return _again(f"the endpoint sent a reply that is no chat completion ({cut(body)})", usage, tries)


def _again(message: str, usage: Usage | None, tries: int | None) -> TransientError:
    error = TransientError(message, status=200, tries=tries)
    error.usage = usage
    return error
