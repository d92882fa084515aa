"""Finds the JSON in a model's text, whatever stands around it and whatever shape it is in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from dataflow.core.errors import AnswerError
from dataflow.parsing.json_reader import is_cut_record, read_value
from dataflow.parsing.json_strings import whole_characters
from dataflow.parsing.latex import keep_latex, keep_latex_in_string
from dataflow.parsing.reasoning import split_reasoning

_START = re.compile(
    r"\{(?=\s*+(?:[\"'“”‘„}`{«]|//|/\*|#|[^\W\d][\w$ -]{0,40}+[:：]|\\+[\"n]|\Z))"
    r"|(?<![\w.,!?\"')\]])\[(?=\s*+(?:[\"'“‘„\[{(\]«]|[-+]?\d|//|/\*|#|\\+[\"n]|(?:true|false|null|none)\b|\Z))",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"[\[{](?:\s|\\[nrt]|[\[{])*+\\+\"")
_UNESCAPE = re.compile(r"\\(.)", re.DOTALL)
_LEVELS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/", "'": "'"}
_RETRIES = 8
_MAX_SPANS = 20_000


@dataclass(frozen=True, slots=True)
class JsonSpan:
    """A JSON value in a text.

    Args:
        value: the value.
        start: where it begins, in characters.
        end: where it ends.
        whole: whether it was closed; False when the text ended inside it.
    """

    value: Any
    start: int
    end: int
    whole: bool = True


def parse_json(text: str) -> Any:
    """The JSON that a model meant.

    Args:
        text: what the model printed: the value alone, in a fence, or with prose around it; of any health. Several
            objects in a row come back as a list. NaN and infinities come back as None.

    Raises:
        AnswerError: nothing can be read as JSON.
    """
    answer, _ = split_reasoning(text)
    values = json_values(answer)
    if not values:
        raise AnswerError("the answer holds no JSON", raw=text)
    return values[0] if len(values) == 1 else values


def json_values(text: str, cut: bool = False) -> list[Any]:
    """Every JSON value in a text, in order; empty when there is none.

    Where there are objects, brackets around mere words and numbers (citations, ranges) are taken for prose.
    """
    return [span.value for span in json_spans(text, cut)]


def json_spans(text: str, cut: bool = False) -> list[JsonSpan]:
    """Every JSON value in a text, with its place.

    Args:
        text: the text.
        cut: True when the text is known to be cut off; see `read_value`.
    """
    strict = _strict(text)
    if strict is not None:
        value = strict[0]
        if isinstance(value, str):
            inner = json_spans(value, cut) if _START.search(value) else []
            # A string in a string was encoded twice; its place is that of the whole.
            return [JsonSpan(span.value, 0, len(text), span.whole) for span in inner] or [JsonSpan(value, 0, len(text))]
        return [JsonSpan(value, 0, len(text))]
    first = _START.search(text)
    if first and _ESCAPED.match(text, first.start()):
        inner = json_spans(_one_level_less(text), cut)
        start = first.start()
        while start and text[start - 1] in '"[':
            start -= 1
        return [JsonSpan(span.value, start, len(text), span.whole) for span in inner]
    spans = _scan(text, cut)
    with_objects = [span for span in spans if _has_object(span.value)]
    spans = with_objects or [span for span in spans if span.value]
    if len(spans) > 1 and not spans[-1].whole and isinstance(spans[-1].value, dict):
        # The last of several records is cut: its brothers say what it lacks.
        whole = spans[-2].value
        if cut or not isinstance(whole, dict) or not whole.keys() <= spans[-1].value.keys():
            spans.pop()
    return spans


def _one_level_less(text: str) -> str:
    """A text that was written as the inside of a string, without that level of escapes; what is no escape stays."""
    return _UNESCAPE.sub(lambda escape: _LEVELS.get(escape[1], escape[0]), keep_latex_in_string(text))


def _strict(text: str) -> tuple[Any] | None:
    body = text.strip().strip("\ufeff").strip()
    if re.match(r"\(\s*[\"'(\[{]", body):
        value = read_value(f"[{body}]", 0).value
        return (
            (value[0] if len(value) == 1 else value,) if value and all(isinstance(row, list) for row in value) else None
        )
    try:
        value = json.loads(keep_latex(body), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        if body in {"True", "False"}:
            return (body == "True",)
        return None
    if re.search(r"\\u[dD][89a-fA-F]", body):
        value = _clean(value)
    return (value,) if value is not None and value == value else None


def _scan(text: str, cut: bool) -> list[JsonSpan]:
    spans: list[JsonSpan] = []
    doubtful: list[JsonSpan] = []
    retries = _RETRIES
    found = _START.search(text)
    while found and len(spans) < _MAX_SPANS:
        read = read_value(text, found.start(), cut)
        at = read.end
        span = JsonSpan(read.value, found.start(), read.end, read.whole)
        inside = bool(doubtful) and found.start() < doubtful[-1].end
        if inside and retries and not _holds_anything(read.value):
            retries -= 1  # brackets in a text that was cut off
            at = found.end()
        elif read.whole or (_has_object(read.value) and not (inside and is_cut_record(read.value))) or not retries:
            spans.append(span)
        else:
            # A bracket in prose may have swallowed the real value; looking again is bounded to keep time linear.
            retries -= 1
            doubtful += [] if inside else [span]
            at = found.end()
        found = _START.search(text, at)
    return spans if any(span.value for span in spans) else doubtful


def _holds_anything(value: Any) -> bool:
    """Whether there is more than brackets."""
    if isinstance(value, dict | list):
        return any(_holds_anything(item) for item in (value.values() if isinstance(value, dict) else value))
    return True


def _has_object(value: Any) -> bool:
    while isinstance(value, list) and value:
        if any(isinstance(item, dict) for item in value):
            return True
        value = next((item for item in value if isinstance(item, list)), None)
    return isinstance(value, dict)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {whole_characters(key): _clean(item) for key, item in value.items()}
    return value
