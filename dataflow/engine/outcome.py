"""What an operator may return for a sample, checked where it arrives; and the ids of what it returns."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable
from typing import Any

from dataflow.core import Outcome, Rejection, Run, Sample, SampleError, Step, is_missing
from dataflow.core.causes import said_by
from dataflow.storage.json_text import dump, load

WANTED = "return a dict, a list of dicts, or a Rejection"
LONGEST_SHOWN = 80


async def outcome_of(step: Step, sample: Sample, run: Run) -> Outcome:
    """Have an operator work on a sample.

    Returns:
        A dict with an id, a list of at least one of those, or a Rejection. A sample of which an operator makes an
        empty list is rejected: it would vanish without a word.

    Raises:
        SampleError: the operator returns something else; names it, and says what to return.
        Exception: what the operator raises. Where it raises what would end more than itself (SystemExit, a
            cancellation that is none of ours) that is a SampleError too.
    """
    try:
        outcome = await _awaitable(step, step.operator.process(sample, step.keys, run))
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise SampleError(f"{step.name} was cancelled from inside: {said_by(error)}") from error
    except (SystemExit, KeyboardInterrupt) as error:
        raise SampleError(
            f"{step.name} raised {type(error).__name__}: {said_by(error)}; an operator raises SampleError for a sample"
        ) from error
    if isinstance(outcome, Rejection):
        return outcome
    if isinstance(outcome, dict):
        return _named(step, outcome, sample["id"])
    if isinstance(outcome, list):
        if not outcome:
            return Rejection(f"{step.name} returned an empty list")
        for number, child in enumerate(outcome):
            if not isinstance(child, dict):
                raise SampleError(f"{step.name} returned a list with {_shown(child)} at place {number}; {WANTED}")
        return [
            {"id": f"{sample['id']}/{number}", **_without_id(_checked(step, child))}
            for number, child in enumerate(outcome)
        ]
    if inspect.iscoroutine(outcome):
        outcome.close()
    raise SampleError(f"{step.name} returned {_shown(outcome)} for this sample; {WANTED}")


def _awaitable(step: Step, called: Any) -> Awaitable[Any]:
    if inspect.isawaitable(called):
        return called
    what = "yields" if inspect.isasyncgen(called) or inspect.isgenerator(called) else "is no `async def`"
    raise SampleError(f"{step.name}.process {what}; write `async def process(...)` and {WANTED}")


def _named(step: Step, row: Sample, parent: Any) -> Sample:
    """A row with an id: its own, or that of the sample it was made of."""
    own = _checked(step, row).get("id")
    if is_missing(own):
        return {"id": parent, **_without_id(row)}
    if type(own) in (str, int) and own == parent:
        return row
    try:
        known = load(dump(own))
    except (TypeError, ValueError) as error:
        raise SampleError(f"{step.name} returned a row whose id has no JSON form: {said_by(error)}") from error
    if isinstance(known, list | dict) or known is None:
        raise SampleError(f"{step.name} returned a row with the id {_shown(own)}; it must be a string or a number")
    return {**row, "id": known}


def _checked(step: Step, row: Sample) -> Sample:
    for name in row:
        if not isinstance(name, str):
            raise SampleError(
                f"{step.name} returned a dict with the key {_shown(name)}; keys are the names of columns, so strings"
            )
    return row


def _without_id(row: Sample) -> Sample:
    return {name: value for name, value in row.items() if name != "id"}


def _shown(value: Any) -> str:
    """A value's type, and how it begins."""
    if value is None:
        return "None"
    try:
        text = repr(value)
    except Exception:  # it is the operator's own class that cannot show itself
        text = ""
    return f"{type(value).__name__} {text[:LONGEST_SHOWN]}".rstrip()
