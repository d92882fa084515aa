"""Everything that reads text of others, by name."""

from __future__ import annotations

from tests.slow_text.discovered import discovered
from tests.slow_text.growth import Reader
from tests.slow_text.placed import PLACED


def all_readers() -> dict[str, Reader]:
    """Those that are found by their signatures, and those that take more than a text."""
    return {**discovered(), **PLACED}
