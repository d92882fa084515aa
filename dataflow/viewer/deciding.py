"""Takes a reviewer's decision: checks it against what is there by now, and writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dataflow.core.errors import DataFlowError, UsageError
from dataflow.core.storage import BadRow
from dataflow.storage.review import Review, id_key, row_digest
from dataflow.storage.review_action import PAIR_VERDICTS, VERDICTS, Action
from dataflow.storage.review_pairs import pair_names
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
        wish: `do` (accept, reject, edit, accept_pair, reject_pair), `who`, `id`, `seen` (the digest that the reviewer
            was shown), `note`; of an edit `set` (new values of fields) and `was` (the values that the reviewer saw); of
            a verdict on a pair its `column` and its name, `pair`.

    Raises:
        UsageError: it makes no sense.
        Conflict: another reviewer was faster on the same field, or the sample is another one by now.
        OutputError: it cannot be written.
    """
    who, note = _text(wish, "who", MOST_NAME), _text(wish, "note", MOST_NOTE, needed=False)
    do = wish.get("do")
    if do not in (*VERDICTS, "edit", *PAIR_VERDICTS):
        raise UsageError(f"no such decision: {do!r}")
    key = id_key(wish.get("id"))
    opened, number = dataset.place_of(key)
    if number is None:
        raise UsageError(f"there is no sample {key}, or it has not been read yet")
    row = opened.row("rows", number)
    if isinstance(row, BadRow):
        raise UsageError(f"row {number + 1} cannot be read, so that nothing can be decided about it")
    seen = row_digest(row)
    if wish.get("seen") != seen:
        raise Conflict("the sample has been made anew since you opened it", row)
    fields, was = _fields(wish, "set"), _fields(wish, "was")
    if (do == "edit") != bool(fields):
        raise UsageError("an edit sets at least one field, and nothing else sets any")
    if "id" in fields:
        raise UsageError("the id of a sample stays as it is")
    on_pair = do in PAIR_VERDICTS
    column = _text(wish, "column", MOST_NAME * 10, needed=on_pair)
    pair = _text(wish, "pair", MOST_NAME, needed=on_pair)
    known_as = opened.places.id_seen(number)
    formerly = None if known_as in (None, key) else known_as

    def check(review: Review) -> None:
        decision = review.decision(*dict.fromkeys(((seen, key), (seen, known_as or key), ("", key))))
        present = row if decision is None else decision.edited(row)
        if on_pair and pair not in pair_names(present.get(column)):
            raise Conflict(f"{column!r} has been edited meanwhile, and this pair is no longer in it", present)
        for name in fields:
            if present.get(name) != was.get(name):
                others = [action.who for action in decision.actions if name in action.set] if decision else []
                by = f" by {others[-1]}" if others else ""
                raise Conflict(f"{name!r} was edited meanwhile{by}", present)

    sample_id = opened.columns.ids[number]
    action = Action("", "", who, sample_id, str(do), seen, dict(fields), column, pair, formerly=formerly, note=note)
    action = dataset.log.add(action, check)
    dataset.decided()
    return action


def undo(dataset: Dataset, who: str) -> tuple[Action, str] | None:
    """Take back a reviewer's last decision that still counts. Blocking.

    Returns:
        The decision, and the `id_key` by which its sample is found now; None where there is none to take back.

    Raises:
        OutputError: it cannot be written.
    """
    dataset.decided()
    with dataset.log.guard:
        last = dataset.log.review.last_by(who)
    if last is None:
        return None
    case, action = last
    key = dataset.opened.id_of_case(case)
    dataset.log.add(Action("", "", who, action.id, "undo", undoes=action.key))
    dataset.decided()
    return action, key


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
