"""The article in the JSON values of a model's text, under whatever name and in whatever pieces."""

from __future__ import annotations

from typing import Any

from dataflow.parsing.json_text import JsonSpan
from dataflow.parsing.names import FOLDED, fold
from dataflow.parsing.qa_text import pairs_in_json

_BODY_KEYS = frozenset(
    {"text", "content", "body", "article", "context", "paragraphs", "articletext", "articlecontent", "正文", "内容"}
)
_KEYS = ("article", "context", "passage", "wiki")


def article_in(value: Any) -> str:
    """The article in a JSON value: under the name of one first, else the longest text under a looser name."""
    best: tuple[bool, int, str] = (False, 0, "")
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            for key, inner in item.items():
                name = fold(str(key))
                strong = any(word in name for word in _KEYS)
                text = _prose(inner) if strong or name in FOLDED["context"] else ""
                if text:
                    best = max(best, (strong, len(text), text))
                elif isinstance(inner, dict | list):
                    todo.append(inner)
        elif isinstance(item, list):
            todo += [inner for inner in item if isinstance(inner, dict | list)]
    return best[2]


def _prose(value: Any, depth: int = 0) -> str:
    """A text, a list of paragraphs, or sections by their headings, as one text."""
    if isinstance(value, str):
        return value.strip()
    if depth > 8:
        return ""
    if isinstance(value, dict):
        if pairs_in_json([JsonSpan(value, 0, 0)]):
            return ""
        named = [inner for key, inner in value.items() if fold(str(key)) in _BODY_KEYS]
        return _prose(named[0], depth + 1) if named else _join(list(value.values()), depth)
    if isinstance(value, list) and not pairs_in_json([JsonSpan(value, 0, 0)]):
        return _join(value, depth)
    return ""


def _join(parts: list[Any], depth: int) -> str:
    return "\n\n".join(text for part in parts if (text := _prose(part, depth + 1)))


def texts_of(spans: list[JsonSpan]) -> list[str]:
    """The texts in the outer objects of JSON values, in order."""
    return [
        inner
        for span in spans
        if isinstance(span.value, dict)
        for inner in span.value.values()
        if isinstance(inner, str)
    ]
