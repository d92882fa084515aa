"""What stands behind an error of a library that wraps those of others."""

from __future__ import annotations

from dataflow.core.errors import DataFlowError
from dataflow.core.excerpt import excerpt
from dataflow.core.secrets import without_credentials
from dataflow.core.terminal import printable

LONGEST = 300
"""Characters of what a library says that stand in a message of ours."""


def causes_of(error: BaseException | None) -> list[BaseException]:
    """An error and what it was raised for, outermost first; each once."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def kinds_of(error: BaseException) -> set[str]:
    """The names of the classes of an error and of its causes, bases included: of libraries that may not be there."""
    return {kind.__name__ for cause in causes_of(error) for kind in type(cause).__mro__}


def said_by(error: BaseException) -> str:
    """What an error says, for a message of ours: one of a library on one line, bounded, without control characters and
    logins, for such errors may quote what came over the wire, whole; one of ours as it is."""
    if isinstance(error, DataFlowError):
        return str(error)
    return quoted(str(error)) or type(error).__name__


def quoted(text: str) -> str:
    """What a library says or logs, for a message of ours; as of `said_by`."""
    return excerpt(without_credentials(printable(" ".join(text[: 10 * LONGEST].split()))), LONGEST)
