"""Takes a reviewer's decision: checks it against what is there by now, and writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dataflow.core.errors import DataFlowError, UsageError
from dataflow.core.storage import BadRow
from dataflow.storage.review import Action, Review, id_key, row_digest
from dataflow.viewer.dataset import Dataset

MOST_NAME = 80
MOST_NOTE = 2000


class Conflict(DataFlowError):
    """Somebody else decided otherwise meanwhile, or the sample was made anew.

    Args:
        message: what happened.
        present: the fields as they are by now.
    """

    def __init__(self, message: str, present: dict[str, Any]) -> None:
        super().__init__(message)
        self.present = present


def decide(dataset: Dataset, wish: Mapping[str, Any]) -> Action:
    """Write a decision down. Blocking.

    Args:
        dataset: what it is about.
        wish: `do` (accept, reject, edit), `who`, `id`, `seen` (the digest that the reviewer was shown), `note`; of an
            edit `set` (new values of fields) and `was` (the values that the reviewer saw).

    Raises:
        UsageError: it makes no sense.
        Conflict: another reviewer was faster on the same field, or the sample is another one by now.
        OutputError: it cannot be written.
    """
    who, note = _text(wish, "who", MOST_NAME), _text(wish, "note", MOST_NOTE, needed=False)
    do = wish.get("do")
    if do not in ("accept", "reject", "edit"):
        raise UsageError(f"no such decision: {do!r}")
    key = id_key(wish.get("id"))
    opened, number = dataset.place_of(key)
    if number is None:
        raise UsageError(f"there is no sample {key}, or it has not been read yet")
    row = opened.row("rows", number)
    if isinstance(row, BadRow):
        raise UsageError(f"row {number + 1} cannot be read, so that nothing can be decided about it")
    if wish.get("seen") != row_digest(row):
        raise Conflict("the sample has been made anew since you opened it", row)
    fields, was = _fields(wish, "set"), _fields(wish, "was")
    if (do == "edit") != bool(fields):
        raise UsageError("an edit sets at least one field, and nothing else sets any")
    if "id" in fields:
        raise UsageError("the id of a sample stays as it is")

    def check(review: Review) -> None:
        decision = review.decision(key)
        edited = decision.set if decision and not decision.is_stale(row) else {}
        for name in fields:
            present = edited.get(name, row.get(name))
            if present != was.get(name):
                others = [action.who for action in decision.actions if name in action.set] if decision else []
                by = f" by {others[-1]}" if others else ""
                raise Conflict(f"{name!r} was edited meanwhile{by}", {**row, **edited})

    sample_id = opened.columns.ids[number]
    action = Action("", "", who, sample_id, str(do), seen=row_digest(row), set=dict(fields), note=note)
    action = dataset.log.add(action, check)
    dataset.decided([key])
    return action


def undo(dataset: Dataset, who: str) -> Action | None:
    """Take back a reviewer's last decision that still counts; None where there is none. Blocking.

    Raises:
        OutputError: it cannot be written.
    """
    dataset.log.follow()
    own = [
        action for decision in dataset.log.review.decided().values() for action in decision.actions if action.who == who
    ]
    if not own:
        return None
    last = max(own, key=lambda action: action.at)
    dataset.log.add(Action("", "", who, last.id, "undo", undoes=last.key))
    dataset.decided([id_key(last.id)])
    return last


def _text(wish: Mapping[str, Any], name: str, most: int, needed: bool = True) -> str:
    value = wish.get(name, "")
    if not isinstance(value, str) or len(value) > most or (needed and not value.strip()):
        raise UsageError(f"{name} must be a text of at most {most} characters")
    return value.strip()


def _fields(wish: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = wish.get(name) or {}
    if not isinstance(value, dict):
        raise UsageError(f"{name} must be an object")
    return value
