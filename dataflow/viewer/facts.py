"""What the list, the filters and the sorting know of a row without reading it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dataflow.core.sample import Sample
from dataflow.export.columns import Columns as Roles
from dataflow.export.pairs import count_pairs
from dataflow.viewer.pairs import pairs_of

RATINGS = ("rating", "score", "quality")
_SHOWN_CHARACTERS = 220


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one row.

    Args:
        pairs: how many question-answer pairs an export writes of it.
        rating: what its operator declares to be a score, else its `rating`, `score`, `quality`, or the first number
            whose name ends like one; None where none is.
        labels: its `label`, and those of its pairs.
        types: the question types of its pairs.
        length: characters of text, its media paths apart.
        partial: an operator says that something is missing (`qa_status`).
    """

    pairs: int
    rating: float | None
    labels: tuple[str, ...]
    types: tuple[str, ...]
    length: int
    partial: bool


def facts_of(row: Sample, media_fields: frozenset[str], roles: Roles) -> Facts:
    """The facts of a row.

    Args:
        row: a sample.
        media_fields: its fields that hold media, which are no text.
        roles: which of its columns hold captions, and which pairs.
    """
    length = 0
    labels: dict[str, None] = {}
    types: dict[str, None] = {}
    rating: float | None = None
    partial = False
    for name, value in row.items():
        if name in media_fields or name in ("id", "conversation"):
            continue
        if isinstance(value, str):
            length += len(value)
            if name.lower() == "label":
                labels[value] = None
            partial = partial or (name in roles.statuses and value != "complete")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            if rating is None and (name in roles.scores or is_rating(name)):
                rating = float(value)
        elif isinstance(value, list | dict):
            for pair in pairs_of(value):
                length += len(str(pair["question"])) + len(str(pair.get("answer", "")))
                for kind, found in (("label", labels), ("type", types)):
                    if pair.get(kind) and isinstance(pair[kind], str):
                        found[pair[kind]] = None
    return Facts(count_pairs(row, roles), rating, tuple(labels), tuple(types), length, partial)


def is_rating(name: str) -> bool:
    """Whether a column of this name holds a rating."""
    lower = name.lower()
    return lower in RATINGS or lower.endswith(tuple(f"_{rating}" for rating in RATINGS))


def snippet(row: Sample, media_fields: frozenset[str], roles: Roles) -> str:
    """The text that stands for a row in the list: its caption, else its longest text, else its first question."""
    captions = (row.get(name) for name in roles.captions)
    caption = next((text for text in captions if isinstance(text, str) and text), "")
    if not caption:
        texts = [
            value
            for name, value in row.items()
            if isinstance(value, str) and name not in media_fields and name not in ("id", "system")
        ]
        articles = [value["context"] for value in row.values() if isinstance(value, dict) and "context" in value]
        texts += [text for text in articles if isinstance(text, str)]
        caption = max(texts, key=len, default="")
    if not caption:
        caption = next((str(pair["question"]) for value in row.values() for pair in pairs_of(value)), "")
    return " ".join(caption[: 2 * _SHOWN_CHARACTERS].split())[:_SHOWN_CHARACTERS]


def text_of(value: Any) -> str:
    """All text in a value, for searching; names of fields are left out."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(text_of(item) for item in value.values())
    if isinstance(value, list):
        return "\n".join(text_of(item) for item in value)
    return "" if value is None else str(value)
