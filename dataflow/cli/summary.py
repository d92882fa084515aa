"""What is said at the end of a run: where the output is, the first samples, what to type next."""

from __future__ import annotations

import itertools
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import orjson

from dataflow.cli.console import console
from dataflow.core.terminal import one_line, visible
from dataflow.runs.kinds import kinds_in_words
from dataflow.runs.names import side_path

if TYPE_CHECKING:
    from dataflow.engine.step_output import StepOutput

SHOWN = 3
LONGEST = 400
_NOT_SHOWN = ("id", "conversation")


def print_json(output: StepOutput) -> None:
    """The summary for machines, on stdout."""
    counts = output.counts
    document = {
        "state": "done with failures" if counts.failed else "done",
        "output": str(output.path),
        "failures": str(side_path(output.path, "failures")) if counts.failed else None,
        "counts": counts.as_dict(),
        **counts.spending(),
        "seconds": round(counts.seconds, 3),
        "taken": None if counts.taken is None else counts.taken.as_dict(),
        "warnings": counts.warnings,
    }
    print(orjson.dumps(document).decode())


def print_summary(output: StepOutput) -> None:
    """The summary for people, on stderr."""
    from rich.table import Table
    from rich.text import Text

    screen = console()

    def tell(line: str) -> None:
        screen.print(Text(one_line(line)), soft_wrap=True)

    rows = list(itertools.islice(output.rows(), SHOWN))
    if rows:
        table = Table(show_header=False, show_lines=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for row in rows:
            table.add_row(Text(one_line(str(row.get("id")))), Text(visible(_shown(row))))
        screen.print(table)
    counts = output.counts
    tell(f"output: {output.path} ({counts.written} rows)")
    if counts.failed:
        failures = side_path(output.path, "failures")
        tell(f"failed: {counts.failed:,} ({kinds_in_words(counts.kinds)}), with reasons in {failures}")
        for line in _reasons(failures):
            tell(f"  {line}")
        tell("next: mend the cause and run the same command; only those samples are asked again")
    else:
        tell(f"next: look at it with  dataflow view {quote(str(output.path.parent))}")


def _shown(row: dict[str, Any]) -> str:
    """A row's fields, one a line, long ones cut."""
    lines = []
    for name, value in row.items():
        if name in _NOT_SHOWN:
            continue
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        lines.append(f"{name}: {text if len(text) <= LONGEST else text[:LONGEST] + '...'}")
    return "\n".join(lines)


def _reasons(failures: Path) -> list[str]:
    """The first failures, one line each."""
    with failures.open("rb") as lines:
        records = [orjson.loads(line) for line in itertools.islice(lines, SHOWN)]
    return [f"{record['id']}: {record['message'][:200]}" for record in records]
