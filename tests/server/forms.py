"""The forms in which the test endpoint sends an answer: whole, as an event stream, or as something that is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

PIECE = 7
"""Characters of a text in one event."""


def sent(body: dict[str, Any], fault: str, *, stream: bool) -> tuple[bytes, str]:
    """An answer as bytes, and their type."""
    if fault == "not_json":
        return b"<html>upstream connect error</html>", "application/json"
    if stream and "choices" in body:
        return b"".join(_events(body)), "text/event-stream; charset=utf-8"
    return orjson.dumps(body), "application/json"


def _events(body: dict[str, Any]) -> Iterator[bytes]:
    """A completion in chunks, after the form of OpenAI's API reference, "Chat streaming"; the usage comes last."""
    (choice,) = body["choices"]
    about = {"id": body["id"], "object": "chat.completion.chunk", "model": body["model"]}
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    for name, text in choice["message"].items():
        if name != "role" and text:
            deltas += [{name: text[start : start + PIECE]} for start in range(0, len(text), PIECE)]
    yield b": stay with us\n\n"
    for delta in deltas:
        yield _event(about | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield _event(about | {"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
    yield _event(about | {"choices": [], "usage": body["usage"]})
    yield b"data: [DONE]\n\n"


def _event(chunk: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(chunk) + b"\n\n"
