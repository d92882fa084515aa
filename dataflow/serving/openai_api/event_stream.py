"""An answer that comes as an event stream although none was asked for, put together into one completion.

The form is that of server-sent events (WHATWG HTML, 9.2.6) with OpenAI's chunks in them (API reference, "Chat
streaming"), under the names that other servers use, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_DONE = "[DONE]"
_FIELD = re.compile(r"(?:data|event|id|retry):")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")  # str.splitlines would part a text at U+2028, which JSON holds as it is
_TEXTS = ("content", "reasoning_content", "reasoning", "refusal")

BROKEN_OFF = "network_error"
"""The finish reason of a stream that ended before its end; Zhipu's name for it."""


def is_event_stream(text: str) -> bool:
    """Whether a reply begins as an event stream does, with a field."""
    return _FIELD.match(text) is not None


def completion_of(text: str, load: Callable[[str], Any]) -> Any:
    """The completion that an event stream adds up to, as if it had come in one piece.

    Texts are added up; of the usage the last count stands, for some servers send one with every chunk. A whole reply in
    one event is taken as it is. A stream without a finish reason and without `[DONE]` was broken off.

    Args:
        text: the stream.
        load: reads JSON.

    Raises:
        ValueError: an event that should be JSON is none, or there is no event.
    """
    texts: dict[str, list[str]] = {}
    reply: dict[str, Any] = {}
    finish: Any = None
    other: Any = None
    done = found = False
    for data in _events(text):
        if data.strip() == _DONE:
            done = True
            break
        chunk = load(data) if data.lstrip().startswith("{") else None  # else it only keeps the connection alive
        if not isinstance(chunk, dict):
            continue
        choice = _first_choice(chunk)
        if chunk.get("error") or choice.get("error") or isinstance(choice.get("message"), Mapping):
            return {**reply, **chunk}
        if not {"choices", "usage"} & chunk.keys():
            other = chunk
            continue
        found = True
        _keep(reply, chunk, choice)
        finish = choice.get("finish_reason") or finish
        if isinstance(delta := choice.get("delta"), Mapping):
            for name in _TEXTS:
                texts.setdefault(name, []).extend(_texts_in(delta.get(name)))
    if not found and other is None:
        raise ValueError("the event stream holds no answer")
    if not found:
        return other
    message = {name: "".join(pieces) for name, pieces in texts.items()}
    finish = finish or (None if done else BROKEN_OFF)
    return {**reply, "choices": [{"message": message, "finish_reason": finish}]}


def _events(text: str) -> Iterator[str]:
    """The data of each event."""
    data: list[str] = []
    for line in _LINE_ENDS.split(text):
        name, colon, value = line.partition(":")
        if name == "data" and colon:
            data.append(value.removeprefix(" "))
        elif not line and data:
            yield "\n".join(data)
            data = []
    if data:
        yield "\n".join(data)


def _first_choice(chunk: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first answer's part of a chunk, empty where it has none; further answers are told apart by `index`."""
    choices = chunk.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, Mapping) and not choice.get("index"):
            return choice
    return {}


def _keep(reply: dict[str, Any], chunk: Mapping[str, Any], choice: Mapping[str, Any]) -> None:
    """Note what a chunk says of the whole answer. Moonshot counts in the choice."""
    for source, name in ((chunk, "model"), (choice, "usage"), (chunk, "usage")):
        if source.get(name):
            reply[name] = source[name]


def _texts_in(piece: Any) -> list[str]:
    if isinstance(piece, str):
        return [piece]
    parts = piece if isinstance(piece, list) else ()
    found = (part.get("text") or part.get("refusal") for part in parts if isinstance(part, Mapping))
    return [text for text in found if isinstance(text, str)]
