"""What people decided about the samples of a data file, read from the `*.review.jsonl` beside it.

The file is a log: lines are only ever added, so nobody's decision can overwrite another's, and the last word counts.
`docs/review.md` describes the format. Writing is in `review_log.py`; which row a decision is about, in
`review_places.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from dataflow.core.sample import Sample
from dataflow.storage.content_digest import content_digest
from dataflow.storage.os_errors import reading
from dataflow.storage.review_action import PAIR_VERDICTS, VERDICTS, Action, parse_action
from dataflow.storage.review_pairs import without_pairs

MOST_REASONS = 9
"""Reasons that are remembered for being offered again: as many as there are digits to choose by."""

PAIRS = "_pairs"
"""What stands behind the name of a column in that of the pairs that an operator read out of it."""

CaseKey = tuple[str, str]
"""The digest of what was seen, and the `id_key` of the sample: lines that agree in both are about the same."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What all lines about one sample come to.

    Args:
        verdict: `accept`, `reject`, or None where there is none, or it was undone.
        set: edited fields, whole.
        pairs: the names of rejected pairs by the column that holds them.
        seen: `row_digest` of the sample that the lines are about; empty where they do not say.
        actions: the lines that count, oldest first.
    """

    verdict: str | None
    set: dict[str, Any]
    pairs: dict[str, frozenset[str]]
    seen: str
    actions: tuple[Action, ...]

    @property
    def reason(self) -> str:
        """Why the sample was rejected, as far as that was said."""
        return next((action.note for action in reversed(self.actions) if action.do == "reject"), "")

    def reasons(self) -> list[str]:
        """Why the sample, or else some of its pairs, were rejected; an empty text where that was not said."""
        if self.verdict == "reject":
            return [self.reason]
        last = {(action.column, action.pair): action for action in self.actions if action.do in PAIR_VERDICTS}
        return [action.note for action in last.values() if action.do == "reject_pair"]

    def is_stale(self, sample: Sample) -> bool:
        """Whether the sample has changed since: it was made anew, and what was decided was about another text."""
        return bool(self.seen) and self.seen != row_digest(sample)

    def edited(self, sample: Sample) -> Sample:
        """The sample with the fields that were edited, and all of its pairs.

        Pairs that were read out of a text, `{column}_pairs`, become null when it was edited and they were not since:
        they would tell the old text in its place.
        """
        if not self.set:
            return sample
        outdated = {pairs: None for name in self.set if (pairs := f"{name}{PAIRS}") in sample}
        return {**sample, **outdated, **self.set}

    def kept(self, sample: Sample) -> Sample:
        """The sample as edited and without its rejected pairs, whatever the verdict about it."""
        left = self.edited(sample)
        for name, rejected in self.pairs.items():
            if name in left:
                left = {**left, name: without_pairs(left[name], rejected)}
        return left

    def apply(self, sample: Sample) -> Sample | None:
        """The sample as reviewed: None when rejected, without rejected pairs; as it is when the decision is stale."""
        if self.is_stale(sample):
            return sample
        return None if self.verdict == "reject" else self.kept(sample)


class Review:
    """The lines of a log by what they are about; lines can be added as they come."""

    def __init__(self, actions: Iterable[Action] = ()) -> None:
        self._cases: dict[str, dict[str, list[tuple[int, Action]]]] = {}
        self._seen_under: dict[str, set[str]] = {}
        self._case_of: dict[str, CaseKey] = {}
        self._notes: dict[str, None] = {}
        self._count = 0
        self.unreadable = 0
        for action in actions:
            self.add(action)

    def __bool__(self) -> bool:
        """Whether anything was decided."""
        return bool(self._cases)

    def add(self, action: Action) -> list[CaseKey]:
        """Take the next line of the log.

        Returns:
            The cases that it changed; none for an undo of what is not there.
        """
        if action.do == "undo":
            case = self._case_of.pop(action.undoes, None)
            if case is None:
                return []
            self._put(case, [line for line in self._cases[case[0]][case[1]] if line[1].key != action.undoes])
            return [case]
        case = action.seen, id_key(action.id)
        changed = [case]
        lines = list(self._lines(case))
        if action.formerly is not None:
            former = action.seen, id_key(action.formerly)
            if former != case and (earlier := self._lines(former)):
                lines = sorted([*lines, *earlier], key=lambda line: line[0])
                self._put(former, [])
                changed.append(former)
        self._count += 1
        if action.note and action.do.startswith("reject"):
            self._notes.pop(action.note, None)
            self._notes[action.note] = None
            if len(self._notes) > MOST_REASONS:
                del self._notes[next(iter(self._notes))]
        self._put(case, [*lines, (self._count, action)])
        return changed

    def clear(self) -> list[CaseKey]:
        """Forget all lines; returns what they were about."""
        gone = list(self.cases())
        self._cases, self._seen_under, self._case_of, self._notes, self.unreadable = {}, {}, {}, {}, 0
        return gone

    def cases(self) -> Iterator[CaseKey]:
        """All that something was decided about."""
        return ((seen, key) for seen, lines in self._cases.items() for key in lines)

    def ids_seen(self, seen: str) -> dict[str, int]:
        """The ids under which a content was decided about, each with the place of its last line in the log."""
        return {key: lines[-1][0] for key, lines in self._cases.get(seen, {}).items()}

    def seen_under(self, key: str) -> set[str]:
        """The digests of what was decided about under an id; the empty one where lines do not say."""
        return self._seen_under.get(key, set())

    def decision(self, *cases: CaseKey) -> Decision | None:
        """What the lines of some cases come to, taken together; None where there are none."""
        lines = sorted((line for case in cases for line in self._lines(case)), key=lambda line: line[0])
        return decision_of([action for _, action in lines]) if lines else None

    def recent_reasons(self) -> list[str]:
        """Why samples and pairs were rejected lately, each reason once, the newest first."""
        return list(reversed(self._notes))

    def last_by(self, who: str) -> tuple[CaseKey, Action] | None:
        """The last line of a reviewer that no undo names, and what it is about."""
        own = (
            (action.at, order, (seen, key), action)
            for seen, cases in self._cases.items()
            for key, lines in cases.items()
            for order, action in lines
            if action.who == who
        )
        last = max(own, key=lambda one: one[:2], default=None)
        return None if last is None else last[2:]

    def _lines(self, case: CaseKey) -> list[tuple[int, Action]]:
        return self._cases.get(case[0], {}).get(case[1], [])

    def _put(self, case: CaseKey, lines: list[tuple[int, Action]]) -> None:
        seen, key = case
        for _, action in lines:
            self._case_of[action.key] = case
        if lines:
            self._cases.setdefault(seen, {})[key] = lines
            self._seen_under.setdefault(key, set()).add(seen)
            return
        del self._cases[seen][key]
        self._seen_under[key].discard(seen)
        if not self._cases[seen]:
            del self._cases[seen]


def decision_of(actions: list[Action]) -> Decision:
    """What lines about one sample come to, oldest first; there is at least one."""
    fields: dict[str, Any] = {}
    verdict: str | None = None
    pairs: dict[tuple[str, str], str] = {}
    for action in actions:
        for name in action.set:
            fields.pop(f"{name}{PAIRS}", None)
        fields.update(action.set)
        if action.do in VERDICTS:
            verdict = action.do
        elif action.do in PAIR_VERDICTS:
            pairs[action.column, action.pair] = action.do
    rejected: dict[str, set[str]] = {}
    for (name, pair), do in pairs.items():
        if do == "reject_pair":
            rejected.setdefault(name, set()).add(pair)
    seen = next((action.seen for action in actions if action.seen), "")
    return Decision(verdict, fields, {name: frozenset(one) for name, one in rejected.items()}, seen, tuple(actions))


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


def id_key(id: Any) -> str:
    """A sample's id as text; as everywhere, `7` and `"7"` are the same."""
    return id if isinstance(id, str) else orjson.dumps(id).decode()


def row_digest(sample: Sample) -> str:
    """16 hexadecimal digits that change when any field but the id does, whatever the order of fields or the format."""
    return content_digest({name: value for name, value in sample.items() if name != "id"})
