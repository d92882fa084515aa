"""What whoever reads a dataset wants of it: which columns are looked at, so that what is wrong with the others loses no
row, and bytes that nobody asked for are not read."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Any

from dataflow.core.sample import Sample
from dataflow.storage.json_text import has_surrogate, without_surrogates


@dataclass(frozen=True, slots=True)
class Wanted:
    """The wishes of a reader.

    Args:
        columns: those that are looked at; None where that is not known: then everything counts, but bytes.
        warn: told, once for a file, what was mended or left out.
    """

    columns: Set[str] | None = None
    warn: Callable[[str], None] = field(default=lambda _: None)

    def bytes_of(self, column: str) -> bool:
        """Whether the bytes in a column are of use."""
        return self.columns is not None and column in self.columns


EVERYTHING = Wanted()


class Mending:
    """Mends fields of a file that hold bytes which are no UTF-8, where nobody looks at them.

    Args:
        name: of the file.
        wanted: by whom it is read.
    """

    def __init__(self, name: str, wanted: Wanted) -> None:
        self._name = name
        self._wanted = wanted
        self._rows = 0
        self._column = ""

    def row(self, value: Any) -> Sample | None:
        """A row that was decoded with `surrogateescape`, without what that left in it; None where it must not be: it is
        no object, or a field of it is looked at."""
        if not isinstance(value, dict) or self._wanted.columns is None:
            return None
        bad = [name for name, held in value.items() if has_surrogate(name) or has_surrogate(held)]
        if any(has_surrogate(name) or name in self._wanted.columns for name in bad):
            return None
        if bad:
            self._rows += 1
            self._column = self._column or bad[0]
        return {name: without_surrogates(held) if name in bad else held for name, held in value.items()}

    def tell(self) -> None:
        """Say what was mended."""
        if self._rows:
            rows = "1 row holds" if self._rows == 1 else f"{self._rows:,} rows hold"
            self._wanted.warn(
                f"{self._name}: {rows} bytes that are not UTF-8 in columns that nothing reads, such as "
                f"{self._column!r}; they were replaced"
            )
