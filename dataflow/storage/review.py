"""What people decided about the samples of a data file, read from the `*.review.jsonl` beside it.

The file is a log: lines are only ever added, so nobody's decision can overwrite another's, and the last word counts.
`docs/review.md` describes the format. Writing is in `review_log.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson

from dataflow.core.sample import Sample
from dataflow.storage.json_text import dump
from dataflow.storage.os_errors import reading

ACTIONS = ("accept", "reject", "edit", "undo")


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
    undoes: str = ""
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The line as it stands in the file; what is empty is left out."""
        pairs = ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        return {name: value for name, value in pairs if value not in ("", {})}


@dataclass(frozen=True, slots=True)
class Decision:
    """What all lines about one sample come to.

    Args:
        verdict: `accept`, `reject`, or None where there is none, or it was undone.
        set: edited fields, whole.
        seen: `row_digest` of the sample that the last line was about.
        actions: the lines that count, oldest first.
    """

    verdict: str | None
    set: dict[str, Any]
    seen: str
    actions: tuple[Action, ...]

    def is_stale(self, sample: Sample) -> bool:
        """Whether the sample has changed since: it was made anew, and what was decided was about another text."""
        return bool(self.seen) and self.seen != row_digest(sample)

    def apply(self, sample: Sample) -> Sample | None:
        """The sample as reviewed: None when rejected; as it is when the decision is stale."""
        if self.is_stale(sample):
            return sample
        return None if self.verdict == "reject" else {**sample, **self.set} if self.set else sample


class Review:
    """The decisions of a log, by sample; lines can be added as they come."""

    def __init__(self, actions: Iterable[Action] = ()) -> None:
        self._by_sample: dict[str, list[Action]] = {}
        self._sample_of: dict[str, str] = {}
        self.unreadable = 0
        for action in actions:
            self.add(action)

    def add(self, action: Action) -> str | None:
        """Take the next line of the log.

        Returns:
            The `id_key` of the sample it changed; None where it changed nothing (an undo of what is not there).
        """
        if action.do != "undo":
            sample = id_key(action.id)
            self._by_sample.setdefault(sample, []).append(action)
            self._sample_of[action.key] = sample
            return sample
        undone = self._sample_of.pop(action.undoes, None)
        if undone is not None:
            left = [other for other in self._by_sample[undone] if other.key != action.undoes]
            self._by_sample[undone] = left
            if not left:
                del self._by_sample[undone]
        return undone

    def decision(self, id: Any) -> Decision | None:
        """What was decided about a sample; None where nothing was."""
        actions = self._by_sample.get(id_key(id))
        if not actions:
            return None
        fields: dict[str, Any] = {}
        # Lines about a sample that has been made anew since do not add to those about the new one.
        current = [action for action in actions if action.seen == actions[-1].seen]
        for action in current:
            fields.update(action.set)
        verdicts = [action.do for action in current if action.do != "edit"]
        return Decision(verdicts[-1] if verdicts else None, fields, actions[-1].seen, tuple(current))

    def action(self, key: str) -> Action | None:
        """The line of this key, where it counts."""
        actions = self._by_sample.get(self._sample_of.get(key, ""), ())
        return next((action for action in actions if action.key == key), None)

    def decided(self) -> dict[str, Decision]:
        """All decisions, by `id_key`."""
        found = {key: self.decision(key) for key in self._by_sample}
        return {key: decision for key, decision in found.items() if decision is not None}


def review_path(data_file: Path) -> Path:
    """The log of a data file: `x_step1.json` has `x_step1.review.jsonl`."""
    return data_file.with_name(f"{data_file.stem}.review.jsonl")


def read_review(path: Path) -> Review:
    """Read a log; a missing one is empty. Lines that are none (one torn by a crash, say) are counted and passed over.

    Raises:
        InputError: it is there and cannot be read.
    """
    review = Review()
    with reading(path):
        if not path.exists():
            return review
        with open(path, "rb") as lines:
            for line in lines:
                action = parse_action(line)
                if action is not None:
                    review.add(action)
                elif line.strip():
                    review.unreadable += 1
    return review


def parse_action(line: bytes) -> Action | None:
    """A line of the log; None where it is torn, or of another form."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(record, dict) or record.get("do") not in ACTIONS or isinstance(record.get("id"), list | dict):
        return None
    texts = {name: record.get(name, "") for name in ("key", "at", "who", "seen", "undoes", "note")}
    fields = record.get("set", {})
    if not all(isinstance(text, str) for text in texts.values()) or not isinstance(fields, dict) or not texts["key"]:
        return None
    return Action(id=record.get("id"), do=record["do"], set=fields, **texts)


def id_key(id: Any) -> str:
    """A sample's id as text; as everywhere, `7` and `"7"` are the same."""
    return id if isinstance(id, str) else orjson.dumps(id).decode()


def row_digest(sample: Sample) -> str:
    """16 hexadecimal digits that change when any field but the id does, whatever the order of fields or the format."""
    row = {name: value for name, value in sample.items() if name != "id"}
    plain = orjson.loads(dump(row))  # numpy, paths and dates as a JSON file has them
    return blake2b(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
