"""Finds the records in parsed JSON, however they are nested and whatever their keys are called."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataflow.parsing.json_text import json_values
from dataflow.parsing.names import FOLDED, fold, number_in, plural

MAX_DEPTH = 64
_SPEAKERS = frozenset({"from", "role", "speaker", "type", "name"})
_WORDS = frozenset({"value", "content", "text", "message"})


@dataclass(frozen=True, slots=True)
class Fields:
    """What a record consists of.

    Args:
        required: name of a field -> the folded keys (see `names.fold`) under which models give it. A record has all of
            these.
        optional: likewise, for fields that a record may lack.
    """

    required: Mapping[str, frozenset[str]]
    optional: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def name_of(self, key: str) -> str | None:
        """The field that a key stands for, or None."""
        folded = fold(key)
        for name, keys in itertools.chain(self.required.items(), self.optional.items()):
            if folded in keys:
                return name
        return None


QA_FIELDS = Fields(
    {"question": FOLDED["question"], "answer": FOLDED["answer"]},
    {"label": FOLDED["label"]},
)


def records(value: Any, fields: Fields) -> list[dict[str, Any]]:
    """The records in a JSON value, in order, under the fields' own names.

    Found at any nesting: objects with the fields' keys; `{"Q1": .., "A1": ..}`; parallel lists; rows
    `[[q, a], ..]` in the order of the required fields; one-field objects in turn; turns of a conversation; a mapping
    from one question to its answer; JSON inside a string.

    Args:
        value: what `parse_json` gives.
        fields: what makes a record.

    Returns:
        One dict per record. Values are as they were found; keys that are no field's are left out.
    """
    return list(_walk(value, fields, 0))


def _walk(value: Any, fields: Fields, depth: int) -> Iterator[dict[str, Any]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, str):
        if value.lstrip()[:1] in {"{", "["}:
            for inner in json_values(value):
                if not isinstance(inner, str):
                    yield from _walk(inner, fields, depth + 1)
    elif isinstance(value, dict):
        yield from _from_object(value, fields, depth)
    elif isinstance(value, list | tuple):
        yield from _from_list(list(value), fields, depth)


def _from_object(value: dict[str, Any], fields: Fields, depth: int) -> Iterator[dict[str, Any]]:
    record = _as_record(value, fields)
    if record is not None:
        columns = [record[name] for name in fields.required]
        if all(isinstance(column, list) and len(column) > 1 for column in columns):
            yield from _parallel(record, fields)
        else:
            yield record
        return
    found = _numbered(value, fields) or _lists_side_by_side(value, fields) or _mapping(value, fields)
    if found:
        yield from found
        return
    for inner in value.values():
        if isinstance(inner, dict | list | tuple | str):
            yield from _walk(inner, fields, depth + 1)


def _from_list(items: list[Any], fields: Fields, depth: int) -> Iterator[dict[str, Any]]:
    names = list(fields.required)
    rows = [item for item in items if isinstance(item, list | tuple)]
    if rows and len(rows) == len(items) and all(len(row) >= len(names) and _is_flat(row) for row in rows):
        is_header = len(rows) > 1 and [fields.name_of(str(cell)) for cell in rows[0][: len(names)]] == names
        for row in rows[is_header:]:
            yield dict(zip([*names, *fields.optional], row, strict=False))
        return
    open_record: dict[str, Any] = {}
    for item in items:
        part = _as_part(item, fields) if isinstance(item, dict) else None
        if part is None:
            open_record = {}
            yield from _walk(item, fields, depth + 1)
            continue
        name, content = part
        if name == names[0]:
            open_record = {}
        open_record[name] = content
        if all(name in open_record for name in names):
            yield open_record
            open_record = {}


def _as_record(value: dict[str, Any], fields: Fields) -> dict[str, Any] | None:
    record: dict[str, Any] = {}
    numbers: dict[str, str] = {}
    for key, content in value.items():
        name = fields.name_of(str(key))
        if name is None:
            continue
        number = number_in(str(key))
        if name in fields.required and (_is_frame(content) or number != numbers.setdefault(name, number)):
            return None
        record.setdefault(name, content)
    if any(name not in record for name in fields.required):
        return None
    return record if len({numbers[name] for name in fields.required}) == 1 else None


def _as_part(value: dict[str, Any], fields: Fields) -> tuple[str, Any] | None:
    """One field of a record, given as an object of its own: `{"Q": ..}`, `{"role": "user", "content": ..}`."""
    speaker = next((content for key, content in value.items() if fold(str(key)) in _SPEAKERS), None)
    words = next((content for key, content in value.items() if fold(str(key)) in _WORDS), None)
    if isinstance(speaker, str) and isinstance(words, str):
        name = fields.name_of(speaker)
        return (name, words) if name is not None and name in fields.required else None
    named = [(fields.name_of(str(key)), content) for key, content in value.items()]
    found = [(name, content) for name, content in named if name in fields.required and not _is_frame(content)]
    return (str(found[0][0]), found[0][1]) if len(found) == 1 else None


def _is_frame(content: Any) -> bool:
    """Whether a value holds records rather than being a field of one."""
    return isinstance(content, list) and any(isinstance(item, dict | list) for item in content)


def _is_flat(row: Sequence[Any]) -> bool:
    return all(isinstance(cell, str | int | float | bool) for cell in row) and isinstance(row[0], str)


def _parallel(record: dict[str, Any], fields: Fields) -> Iterator[dict[str, Any]]:
    for row in zip(*(record[name] for name in fields.required), strict=False):
        yield dict(zip(fields.required, row, strict=True))


def _numbered(value: dict[str, Any], fields: Fields) -> list[dict[str, Any]]:
    """`{"Q1": .., "A1": .., "Q2": .., "A2": ..}`, records in the order of their first key."""
    groups: dict[str, dict[str, Any]] = {}
    for key, content in value.items():
        name = fields.name_of(str(key))
        if name and not isinstance(content, dict | list):
            groups.setdefault(number_in(str(key)), {}).setdefault(name, content)
    return [group for group in groups.values() if all(name in group for name in fields.required)]


def _lists_side_by_side(value: dict[str, Any], fields: Fields) -> list[dict[str, Any]]:
    """`{"questions": [..], "answers": [..]}`, or the same with numbered objects for lists."""
    columns: dict[str, list[Any]] = {}
    for key, content in value.items():
        items = list(content.values()) if isinstance(content, dict) else content
        for name, keys in fields.required.items():
            if isinstance(items, list) and fold(str(key)) in plural(keys):
                columns.setdefault(name, [_sole(item) for item in items])
    if any(name not in columns for name in fields.required):
        return []
    if any(isinstance(item, dict | list) for column in columns.values() for item in column):
        return []
    return list(_parallel(columns, fields))


def _sole(item: Any) -> Any:
    """The one text of an object such as `{"id": 1, "question": ".."}`."""
    if isinstance(item, dict):
        texts = [content for content in item.values() if isinstance(content, str)]
        return texts[0] if len(texts) == 1 else item
    return item


def _mapping(value: dict[str, Any], fields: Fields) -> list[dict[str, Any]]:
    """`{"What is it?": "A dog"}`: only for two required fields, the first of which reads as a question."""
    if len(fields.required) != 2 or not value:
        return []
    if not all(str(key).rstrip().endswith(("?", "？", "؟")) and isinstance(text, str) for key, text in value.items()):
        return []
    return [dict(zip(fields.required, pair, strict=True)) for pair in value.items()]
