"""Single question-answer pairs within a field: what names each of them in a review, and the field without some."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from dataflow.storage.content_digest import content_digest


def pairs_of_field(value: Any) -> list[Any]:
    """The pairs of a field, as they stand: of a list of pairs, of one pair, of `{context, qas}`; else none."""
    if isinstance(value, Mapping):
        if isinstance(value.get("qas"), list):
            return list(value["qas"])
        return [value] if _is_pair(value) else []
    return list(value) if isinstance(value, list) and any(map(_is_pair, value)) else []


def pair_names(value: Any) -> list[str]:
    """What a review calls the pairs of a field, in their order.

    A name is the digest of the pair's content, so that it never stands for another pair when the field is made anew; of
    equal pairs the second has `-2` behind it, the third `-3`.
    """
    seen: dict[str, int] = {}
    names = []
    for pair in pairs_of_field(value):
        digest = content_digest(pair)
        count = seen[digest] = seen.get(digest, 0) + 1
        names.append(digest if count == 1 else f"{digest}-{count}")
    return names


def without_pairs(value: Any, rejected: Collection[str]) -> Any:
    """A field without the pairs of these names.

    Args:
        value: the field.
        rejected: names of `pair_names`; those of no pair in it do nothing.

    Returns:
        A list or an article with fewer pairs, perhaps none; None for a single pair that was rejected.
    """
    names = pair_names(value)
    if not any(name in rejected for name in names):
        return value
    left = [pair for pair, name in zip(pairs_of_field(value), names, strict=True) if name not in rejected]
    if isinstance(value, list):
        return left
    return {**value, "qas": left} if isinstance(value.get("qas"), list) else None


def _is_pair(value: Any) -> bool:
    return isinstance(value, Mapping) and any(str(name).lower() == "question" for name in value)
