"""What was taken of a folder and what was passed over, by kind and reason, so that no file goes missing unsaid."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """Why files were passed over.

    Args:
        one: what one is called: `broken link`.
        many: what several are called.
        cure: what to do about it, where there is something.
    """

    one: str
    many: str
    cure: str = ""

    def counted(self, count: int) -> str:
        """`2 broken links`, with the cure in brackets."""
        words = f"{count:,} {self.one if count == 1 else self.many}"
        return f"{words} ({self.cure})" if self.cure else words


BROKEN_LINK = Reason("broken link", "broken links")
EMPTY = Reason("empty", "empty")
HIDDEN = Reason("hidden", "hidden")
NOT_A_FILE = Reason("pipe or device", "pipes or devices")
TAKEN_BEFORE = Reason("link to a folder that is taken already", "links to folders that are taken already")
CLOSED = Reason("folder without permission", "folders without permission", "chmod u+rx")
NO_ENDING = Reason("without an ending", "without an ending")


def of_another_kind(name: str) -> Reason:
    """The reason for a file that is neither image nor video: its ending."""
    suffix = Path(name).suffix[1:].lower()
    return Reason(suffix, suffix) if suffix else NO_ENDING


@dataclass(slots=True)
class Tally:
    """Counts what is taken of one input, or of several.

    Args:
        images: taken.
        videos: taken.
        passed_over: how many were not, by reason.
    """

    images: int = 0
    videos: int = 0
    passed_over: Counter[Reason] = field(default_factory=Counter)

    @property
    def samples(self) -> int:
        """How many were taken."""
        return self.images + self.videos

    def take(self, column: str) -> None:
        """Count one that was taken."""
        if column == "image":
            self.images += 1
        else:
            self.videos += 1

    def pass_over(self, reason: Reason, count: int = 1) -> None:
        """Count one that was not."""
        self.passed_over[reason] += count

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.images + other.images, self.videos + other.videos, self.passed_over + other.passed_over)

    def __str__(self) -> str:
        """`took 199 images; passed over 8: 3 pdf, 2 broken links, 1 empty`."""
        kinds = ((self.images, "image"), (self.videos, "video"))
        took = " and ".join(f"{count:,} {kind}{'' if count == 1 else 's'}" for count, kind in kinds if count)
        if not self.passed_over:
            return f"took {took or 'nothing'}"
        reasons = ", ".join(reason.counted(count) for reason, count in self._by_count())
        return f"took {took or 'nothing'}; passed over {self.passed_over.total():,}: {reasons}"

    def as_dict(self) -> dict[str, Any]:
        """What the manifest and `--json` say."""
        passed = {f"{reason.many} ({reason.cure})" if reason.cure else reason.many: n for reason, n in self._by_count()}
        return {"images": self.images, "videos": self.videos, "passed_over": passed}

    def _by_count(self) -> list[tuple[Reason, int]]:
        return sorted(self.passed_over.items(), key=lambda item: (-item[1], item[0].many))
