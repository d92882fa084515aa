"""Whether the prompts of a pipeline name only what its samples have: a misspelt name would send off a whole dataset."""

from __future__ import annotations

from collections.abc import Sequence

from dataflow.core import Step, UsageError
from dataflow.core.excerpt import listed
from dataflow.core.operator import near


def check_placeholders(step: Step, columns: Sequence[str], made: set[str], source: str) -> None:
    """Refuse a prompt that names what no sample has.

    Args:
        step: the operator with its prompt.
        columns: of the dataset, by its first rows.
        made: columns that earlier steps write. What an operator puts beside its column (`qa_status`) is known too.
        source: what the message calls the dataset.

    Raises:
        UsageError: names the near misses, and all that there is.
    """
    asked = step.operator.placeholders()
    known = list(dict.fromkeys([*columns, *sorted(made), *asked.own]))
    for name in asked.used:
        if name not in known and not any(name.startswith(f"{column}_") for column in made):
            raise UsageError(
                f"the prompt of {step.name} names {{{name}}}, which is no column of {source}{near(name, known)}. "
                f"It can name: {listed(known)}. To say the word in braces itself, write {{ {name} }}"
            )
