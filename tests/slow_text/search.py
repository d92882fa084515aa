"""The search for slow text: many short texts through every reader, and the slowest of each reader grown to a megabyte.

A quadratic reader shows in a short text already where its steps are many; where they are few and large, as with copies
of what is left of the text, it shows in a longer one. So every token alone is read at ten times the length, and what
was slowest of all that a reader has read is grown.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from tests.slow_text.growth import Growth, Reader, growth, seconds
from tests.slow_text.texts import Text

SHORT = 8_000
QUICK = 4_000
LADDER = (1_000, 10_000, 100_000, 1_000_000)
KEPT = 3
SUSPICIOUS = 0.03
"""Seconds for a short text that are looked into at once: four seconds for a megabyte, were it linear."""
ENOUGH = 3
"""Slow texts after which a reader has been found out."""


@dataclass(frozen=True)
class Slow:
    """A text that a reader takes too long for.

    Args:
        reader: its name.
        text: of which make.
        size: characters of the longest that was read.
        growth: the last step to that.
    """

    reader: str
    text: Text
    size: int
    growth: Growth

    def __str__(self) -> str:
        return (
            f"{self.reader}: {self.text!r} takes {self.growth.long:.3f} s for {self.size:,} characters, "
            f"{self.growth.over_linear:.1f} times as long as linear growth from {self.growth.short:.4f} s"
        )


@dataclass
class Found:
    """What a search has come to.

    Args:
        slow: texts that are too slow.
        longest: seconds for a megabyte, the most that each reader took.
        readings: how many texts were read.
    """

    slow: list[Slow] = field(default_factory=list)
    longest: dict[str, tuple[float, Text]] = field(default_factory=dict)
    readings: int = 0


def search(
    readers: Mapping[str, Reader],
    texts: Iterable[Text],
    longest_seconds: float = 1.0,
    *,
    quick: bool = False,
    tell: Callable[[str], None] = lambda told: None,
) -> Found:
    """Look for texts for which a reader's time grows faster than they do, or that take too long.

    Args:
        readers: by name.
        texts: the makes of texts.
        longest_seconds: for a megabyte, so many are allowed.
        quick: grow only what is suspicious as a short text already.
        tell: told what is found, and how far the search is.
    """
    texts = list(texts)
    found = Found()
    for name, read in readers.items():
        slow_before = len(found.slow)
        for text in _slowest(name, read, texts, found, quick):
            if len(found.slow) - slow_before >= ENOUGH:
                break
            _grow(name, read, text, longest_seconds, found, LADDER[:2] if quick else LADDER)
        for slow in found.slow[slow_before:]:
            tell(f"SLOW {slow}")
        longest, text = found.longest.get(name, (0.0, None))
        tell(f"{name}: {longest:.3f} s for a megabyte of {text!r}")
    return found


def _slowest(name: str, read: Reader, texts: list[Text], found: Found, quick: bool) -> Iterator[Text]:
    """The texts that are worth growing; those that show at once first."""
    times: list[tuple[float, int]] = []
    at_once: set[int] = set()
    for number, text in enumerate(texts):
        took = seconds(read, text(QUICK if quick else SHORT), guard=1)
        found.readings += 1
        if not (quick or took > SUSPICIOUS or text.beginning or text.end):
            took = seconds(read, text(10 * SHORT), guard=1) / 10
            found.readings += 1
        times.append((took, number))
        if took > SUSPICIOUS / (SHORT / QUICK if quick else 1) and len(at_once) < ENOUGH:
            at_once.add(number)
            yield text
    if len(at_once) < ENOUGH and not quick:
        slowest = heapq.nlargest(KEPT + len(at_once), times)
        yield from (texts[number] for _, number in slowest if number not in at_once)


def _grow(name: str, read: Reader, text: Text, longest_seconds: float, found: Found, ladder: tuple[int, ...]) -> None:
    for small, large in pairwise(ladder):
        grown = growth(read, text, small, large)
        found.readings += 1
        if grown.superlinear or (large == LADDER[-1] and grown.long > longest_seconds):
            found.slow.append(Slow(name, text, large, grown))
            return
        if large == LADDER[-1] and grown.long > found.longest.get(name, (0.0, text))[0]:
            found.longest[name] = (grown.long, text)
