"""A line that tells how far a command is, on a terminal; nothing where nobody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dataflow.cli.console import console, is_lively
from dataflow.core.terminal import one_line


@contextmanager
def waiting() -> Iterator[Callable[[str], None]]:
    """Hand out a function that shows what is being done until the block ends."""
    if not is_lively():
        yield lambda told: None
        return
    from rich.text import Text

    with console().status("") as status:
        yield lambda told: status.update(Text(one_line(told)))
