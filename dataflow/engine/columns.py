"""Whether a dataset, and each of its samples, has the columns that the operators need."""

from __future__ import annotations

from collections.abc import Sequence

from dataflow.core import DataFlowError, InputError, MissingField, Sample, Step, as_list, is_missing
from dataflow.core.excerpt import listed
from dataflow.core.operator import near
from dataflow.engine.placeholders import check_placeholders
from dataflow.storage.media_kinds import BOTH


def check_columns(steps: Sequence[Step], rows: Sequence[Sample], source: str, odd: Sequence[str] = ()) -> None:
    """Refuse a dataset of which no row has a column that an operator needs, or that its prompt names.

    Args:
        rows: the first rows of the dataset.
        source: what the message calls the dataset.
        odd: what is known of columns that were left out.

    Raises:
        InputError: names the column, its near misses, and how to bind another.
        UsageError: likewise, of a `{name}` in a prompt.
    """
    if not rows:
        return
    try:
        _check(steps, rows, source)
    except DataFlowError as error:
        raise type(error)(". ".join([str(error), *odd])) from None


def _check(steps: Sequence[Step], rows: Sequence[Sample], source: str) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    made: set[str] = set()
    for step in steps:
        for key in step.operator.active_keys():
            column = step.keys[key.name]
            if key.role == "required" and column not in made and column not in columns:
                raise InputError(_no_column(source, step, [column], columns, key.name))
        choice = [key for key in step.operator.active_keys() if key.role == "one_of"]
        named = [step.keys[key.name] for key in choice]
        if named and not any(column in made or column in columns for column in named):
            raise InputError(_no_column(source, step, named, columns, choice[0].name))
        check_placeholders(step, columns, made, source)
        made.update(step.columns("output"))


def columns_read(steps: Sequence[Step]) -> frozenset[str]:
    """The columns of the input at which some step looks, its prompt included."""
    read: set[str] = set()
    for step in steps:
        read.update(step.keys[key.name] for key in step.operator.active_keys() if key.role != "output")
        read.update(step.operator.placeholders().used)
    return frozenset(read | {"id"})


def media_columns(steps: Sequence[Step]) -> frozenset[str]:
    """The columns of the input in which some step looks for images or videos, by the names of its keys."""
    read: set[str] = set()
    for step in steps:
        keys = [key.name for key in step.operator.active_keys() if key.role != "output"]
        read.update(step.keys[key] for key in keys if any(kind in key for kind in ("image", "video", "clips")))
    return frozenset(read)


def usable_media(steps: Sequence[Step]) -> frozenset[str]:
    """The columns of media that a sample may have so that all steps can work on it: videos are of no use to a pipeline
    of images, nor images to one of videos."""
    usable = BOTH
    made: set[str] = set()
    for step in steps:
        keys = [(key.role, step.keys[key.name]) for key in step.operator.active_keys()]
        for role, column in keys:
            if role == "required" and column in BOTH and column not in made:
                usable &= {column}
        choice = {column for role, column in keys if role == "one_of"}
        if choice & BOTH and not choice & made:
            usable &= choice
        made.update(step.columns("output"))
    return usable or BOTH


def _no_column(source: str, step: Step, wanted: list[str], columns: list[str], parameter: str) -> str:
    hint = next((hint for column in wanted if (hint := near(column, columns))), "")
    return (
        f"{source}: no column {' or '.join(map(repr, wanted))}, which {step.name} needs{hint}. "
        f"The columns are: {listed(columns)}. Name another with {parameter}=..."
    )


def require_fields(step: Step, sample: Sample) -> None:
    """Refuse a sample that lacks a field an operator needs.

    Raises:
        MissingField: names the field.
    """
    for column in step.columns("required"):
        if is_missing(sample.get(column)) or sample[column] == []:
            raise MissingField(f"the sample has no {column!r}, which {step.name} needs")
    choice = step.columns("one_of")
    if choice and not any(as_list(sample.get(column)) for column in choice):
        raise MissingField(f"the sample has neither {' nor '.join(map(repr, choice))}, which {step.name} needs")
