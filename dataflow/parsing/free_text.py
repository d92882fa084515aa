"""What of a model's text is a free text answer: the one place that decides it for every operator that keeps text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from dataflow.core.errors import AnswerError, RefusedAnswer
from dataflow.parsing.boxed import unboxed
from dataflow.parsing.grounding import without_grounding
from dataflow.parsing.lost_reasoning import without_lost_reasoning
from dataflow.parsing.reasoning import split_reasoning
from dataflow.parsing.refusals import refusal_in
from dataflow.parsing.refusals.refusal import Refusal
from dataflow.parsing.small_talk import without_small_talk
from dataflow.parsing.special_tokens import without_special_tokens

_FRAMES = (
    re.compile(
        r"<(?P<name>answer|response|output|caption|description)>(?P<inside>.*)</(?P=name)>", re.DOTALL | re.IGNORECASE
    ),
    re.compile(
        r"(?:```|~~~)[ \t]*(?:text|txt|plaintext|markdown|md|json)?[ \t]*\n(?P<inside>.*)\n[ \t]*(?:```|~~~)", re.DOTALL
    ),
)
_NAMES = re.compile(
    r"(?:(?:image|video|detailed|short|final|generated|alt)[ _-]?){0,2}(?:captions?|descriptions?)|alt[ _]text|"
    r"描述|标题|"
    r"説明|キャプション|설명|캡션|descripción|descrição|descrizione|didascalia|beschreibung|légende|legenda|"
    r"leyenda|описание|"
    r"подпись",
    re.IGNORECASE,
)
"""Names under which JSON holds a caption; other JSON is what an own prompt asked for."""
_INNER_FRAMES = ("```", "~~~", "</")
_LONGEST_JSON = 20_000


def free_text(text: str) -> str:
    """The text worth keeping: reasoning, special tokens and the chatter before and after it taken off.

    A text that begins by declining is a refusal whatever follows it. An apology for something else (`Sorry for the
    confusion!`) is chatter, and what follows is kept.

    Args:
        text: what the model printed.

    Raises:
        RefusedAnswer: the model declines, or says that it was shown nothing.
        AnswerError: nothing is left, or nothing but reasoning.
    """
    answer, reasoning = split_reasoning(text)
    answer = _unframed(without_special_tokens(without_grounding(answer)).strip())
    if not answer:
        raise AnswerError("the answer is only reasoning" if reasoning else "the answer is empty", raw=text)
    kept = _answer_in(answer)
    if kept is None:
        raise AnswerError("the answer is reasoning without its tags, and no answer behind it", raw=text)
    if refusal := refusal_in(kept) or (kept != answer and refusal_in(answer)) or _refusal_in_json(kept):
        raise RefusedAnswer(refusal.message, raw=text)
    if not kept:
        raise AnswerError("the answer is only chatter", raw=text)
    return kept


def _unframed(text: str) -> str:
    """The text without one fence or tag around the whole of it."""
    for frame in _FRAMES:
        whole = frame.fullmatch(text)
        if whole and not any(mark in whole["inside"] for mark in _INNER_FRAMES):
            text = whole["inside"].strip()
    return _named_text(text) or unboxed(text)


def _named_text(text: str) -> str:
    """The caption in JSON that holds nothing else; empty for other text."""
    if not (text.startswith("{") and text.endswith("}")) or len(text) > _LONGEST_JSON:
        return ""
    try:
        named = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(named, dict) or len(named) != 1:
        return ""
    [(name, inside)] = named.items()
    return inside.strip() if isinstance(inside, str) and _NAMES.fullmatch(name) else ""


def _answer_in(text: str) -> str | None:
    """The text without small talk and untagged reasoning; None where there is nothing but reasoning."""
    talked = without_small_talk(text)
    for told in (text, talked) if talked != text else (text,):
        behind = without_lost_reasoning(told)
        if behind is not None:
            return without_small_talk(behind) or None
    return talked


def _refusal_in_json(text: str) -> Refusal | None:
    """The refusal that stands where the JSON of an own prompt should have its text."""
    if text[:1] not in {"{", "["} or len(text) > _LONGEST_JSON:
        return None
    try:
        said = [part for part in _texts_in(json.loads(text)) if part.strip()]
    except (ValueError, RecursionError):
        return None
    found = [refusal_in(part) for part in said]
    return found[0] if found and all(found) else None


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(inner)
