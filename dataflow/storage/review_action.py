"""One line of a `*.review.jsonl`: its fields, and how it is read. `docs/review.md` describes the format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from dataflow.storage.content_digest import content_digest

VERDICTS = ("accept", "reject")
PAIR_VERDICTS = ("accept_pair", "reject_pair")
CHECKSUM = "checksum"
ACTIONS = (*VERDICTS, "edit", *PAIR_VERDICTS, "undo")


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the log.

    Args:
        key: names the line, so that it can be undone.
        at: when, ISO 8601 in UTC.
        who: the reviewer.
        id: of the sample.
        do: one of `ACTIONS`.
        seen: `row_digest` of the sample as the reviewer saw it in the data file.
        set: of an edit, the new values of whole fields.
        column: of a verdict on a pair, the column that holds it.
        pair: of a verdict on a pair, its name by `review_pairs.pair_names`.
        formerly: the id by which earlier lines know the sample, where it has another by now.
        undoes: of an undo, the key of the line that no longer counts.
        note: why, in the reviewer's words; may be empty.
    """

    key: str
    at: str
    who: str
    id: Any
    do: str
    seen: str = ""
    set: dict[str, Any] = field(default_factory=dict)
    column: str = ""
    pair: str = ""
    formerly: Any = None
    undoes: str = ""
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The line as it stands in the file, with its checksum; what is empty is left out."""
        pairs = ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        record = {name: value for name, value in pairs if name == "id" or value not in ("", {}, None)}
        return {**record, CHECKSUM: content_digest(record)}


def parse_action(line: bytes) -> Action | None:
    """A line of the log; None where it is torn, of another form, or not what was written. One without a checksum was
    written by hand, or by an earlier version."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(record, dict) or record.get("do") not in ACTIONS:
        return None
    if (noted := record.pop(CHECKSUM, None)) is not None and noted != content_digest(record):
        return None  # a letter that the disk has turned over makes no other decision
    texts = {name: record.get(name, "") for name in ("key", "at", "who", "seen", "column", "pair", "undoes", "note")}
    fields, ids = record.get("set", {}), [record.get("id"), record.get("formerly")]
    if not all(isinstance(text, str) for text in texts.values()) or not isinstance(fields, dict) or not texts["key"]:
        return None
    if any(isinstance(one, list | dict) for one in ids):
        return None
    if record["do"] in PAIR_VERDICTS and not (texts["column"] and texts["pair"]):
        return None
    return Action(id=ids[0], do=record["do"], set=fields, formerly=ids[1], **texts)
