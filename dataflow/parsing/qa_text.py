"""Question-answer pairs from a model's text, in whatever shape the model chose to write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from dataflow.core.errors import AnswerError, RefusedAnswer
from dataflow.parsing.json_text import JsonSpan, json_spans
from dataflow.parsing.lines import normalise
from dataflow.parsing.marked import break_inline, marked_pairs
from dataflow.parsing.names import fold
from dataflow.parsing.pair import Located, QAPair
from dataflow.parsing.reasoning import split_reasoning
from dataflow.parsing.records import QA_FIELDS, records
from dataflow.parsing.refusals import refusal_in
from dataflow.parsing.small_talk import without_small_talk
from dataflow.parsing.special_tokens import without_special_tokens
from dataflow.parsing.tables import table_pairs
from dataflow.parsing.tags import tagged_pairs, without_html
from dataflow.parsing.unmarked import listed_pairs, unmarked_pairs

__all__ = ["Located", "QAPair", "locate_pairs", "parse_qa", "prepare"]

_PLACEHOLDER = re.compile(
    r"(?:[.…\s]+|<[^<>]{1,40}>|\[(?:your |the |insert )?(?:question|answer)[^\[\]]{0,20}\])", re.IGNORECASE
)
_JSON = re.compile(r"\s*+(?:\{|\[\s*+[\[{\"'])")
_HEAD = re.compile(r"(?:[^\n]*+\n){50000}")
_FRAME = re.compile(r"</?(?:v?qas?|qa[_-]?pairs?|pairs?|output|response|result)>", re.IGNORECASE)
_CHOICE_KEYS = frozenset({"choices", "options", "choice", "option", "candidates", "选项", "答案选项"})


def parse_qa(text: str) -> list[QAPair]:
    """The question-answer pairs of a model's answer, in order.

    Args:
        text: what the model printed: JSON of any health, tagged, tabled, marked, numbered or plain text, with or
            without reasoning before it and chatter around it.

    Raises:
        RefusedAnswer: there is no pair in it, and the model declines.
        AnswerError: there is no pair in it.
    """
    body = prepare(text)
    pairs = [located.pair for located in locate_pairs(body)]
    if not pairs:
        raise nothing_found(text, body, "question-answer pair")
    return pairs


def prepare(text: str) -> str:
    """The text that is to be read: reasoning and special tokens gone, one kind of line break."""
    answer, _ = split_reasoning(text)
    # A token within a string of JSON goes when the string is read; the reader steps over those around the value.
    return normalise(answer if _JSON.match(answer) else without_special_tokens(answer))


def nothing_found(text: str, body: str, wanted: str, cut: bool = False) -> AnswerError:
    """The error for an answer in which nothing was found; of its own kind where the model declined.

    Args:
        text: as the model gave it.
        body: the prepared text.
        wanted: what was looked for, in words.
        cut: whether the token limit cut the text off.
    """
    if refusal := refusal_in(without_small_talk(body)) or refusal_in(body):
        return RefusedAnswer(refusal.message, raw=text)
    message = f"the answer holds no {wanted}" if body.strip() else "the answer is empty"
    return AnswerError(f"{message} (it was cut off by the token limit)" if cut else message, raw=text)


def locate_pairs(body: str) -> list[Located]:
    """The pairs of a prepared text, with their places in the text that `as_lines` gives of it."""
    if found := pairs_in_json(json_spans(body)):
        return found
    return pairs_in_text(as_lines(body))


def as_lines(body: str) -> str:
    """The text with every mark at the start of a line, up to a number of lines that no answer has."""
    head = _HEAD.match(body)
    return break_inline(without_html(head.group() if head else body))


def pairs_in_text(text: str) -> list[Located]:
    """The pairs of a text that is no JSON; the surest kind of sign decides."""
    return marked_or_listed_pairs(text) or asked_pairs(text)


def marked_or_listed_pairs(text: str) -> list[Located]:
    """The pairs of a text by tags, tables, marks or lists."""
    if found := _real(tagged_pairs(text)):
        return found
    # Frames around untagged pairs go; blanks keep every other character where it is.
    text = _FRAME.sub(lambda tag: " " * (len(tag.group()) - 1) + "\n", text)
    return _real(table_pairs(text)) or _real(marked_pairs(text)) or _real(listed_pairs(text))


def asked_pairs(text: str) -> list[Located]:
    """The pairs of a text that nothing but question marks tells."""
    return _real(unmarked_pairs(text))


def pairs_in_json(spans: Iterable[JsonSpan]) -> list[Located]:
    """The pairs of JSON values, placed where the value stands that holds them."""
    found = []
    for span in spans:
        value = _with_choices(span.value)
        rows = records(value, QA_FIELDS)
        if not rows and (texts := "\n\n".join(_listed_texts(value))):
            # A list whose texts hold the pairs: ["Q: ... A: ...", ...]
            found += [Located(located.pair, span.start, span.end) for located in marked_pairs(as_lines(texts))]
        for record in rows:
            question, answer = (without_special_tokens(as_text(record[side])) for side in ("question", "answer"))
            pair = QAPair(question, answer, as_text(record.get("label")) or None)
            if _is_real(pair):
                found.append(Located(pair, span.start, span.end))
    return found


def as_text(value: Any) -> str:
    """A JSON value as the words it stands for; a list is read as an enumeration."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | float):
        return str(value) if abs(value) < 1e300 else ""
    if isinstance(value, list):
        return ", ".join(part for part in map(as_text, value) if part)
    words = {fold(str(key)): inner for key, inner in value.items()}
    for key in ("text", "content", "value", "question", "answer", "en"):
        if key in words:
            return as_text(words[key])
    return ", ".join(part for part in map(as_text, value.values()) if part)


def _listed_texts(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, list | dict) and depth < 60:
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, str):
                yield from [inner] if isinstance(value, list) else []
            else:
                yield from _listed_texts(inner, depth + 1)


def _real(found: list[Located]) -> list[Located]:
    return [located for located in found if _is_real(located.pair)]


def _is_real(pair: QAPair) -> bool:
    return not any(not text or _PLACEHOLDER.fullmatch(text) for text in (pair.question, pair.answer))


def _with_choices(value: Any, depth: int = 0) -> Any:
    """The value with the choices of each question written behind it, where they are a field of their own."""
    if depth > 60:
        return value
    if isinstance(value, list):
        return [_with_choices(item, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value
    choices = next((inner for key, inner in value.items() if fold(str(key)) in _CHOICE_KEYS), None)
    if not isinstance(choices, list | dict) or not choices:
        return {key: _with_choices(inner, depth + 1) for key, inner in value.items()}
    question = next((key for key in value if QA_FIELDS.name_of(str(key)) == "question"), None)
    if question is None or not isinstance(value[question], str):
        return value
    return {**value, question: "\n".join([value[question], *_choice_lines(choices)])}


def _choice_lines(choices: list[Any] | dict[str, Any]) -> list[str]:
    if isinstance(choices, dict):
        return [f"({key}) {as_text(text)}" for key, text in choices.items()]
    texts = [as_text(text) for text in choices]
    if all(re.match(r"\(?[A-Ha-h1-9][.):]", text) for text in texts):
        return texts
    return [f"({chr(ord('A') + number)}) {text}" for number, text in enumerate(texts[:26])]
