"""SubRip and WebVTT text as timed words, in time that grows with the text and no faster, whatever stands in it.

A reader of our own: those that there are search hostile text for markup in quadratic time, and a thread that does so
holds the whole run.

The forms: https://www.w3.org/TR/webvtt1/ (blocks between blank lines; one with a line of times is a cue). SubRip was
never written down; files have blank lines within a cue, so that it ends where the number and times of the next begin.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Every repetition has a bound, so that a search that fails has cost little.
_CLOCK = r"(?:(\d{1,5}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"[ \t]{{0,9}}{_CLOCK}[ \t]{{0,9}}-->[ \t]{{0,9}}{_CLOCK}")
_SPEAKER = re.compile(r"<v(?:\.[^\s>]{0,50})?[ \t]{1,9}([^<>]{1,100})>")
_TAG = re.compile(r"</?[A-Za-z0-9][^<>]{0,200}>")
_OVERRIDE = re.compile(r"\{\\[^{}]{0,200}\}")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words with their time: start and end in seconds from the start of the video."""

    start: float
    end: float
    text: str


def cues_in(text: str) -> Iterator[Cue]:
    """The cues of SubRip or WebVTT text as they stand in it, those without words too. Markup is taken out, entities are
    what they stand for, the words are on one line."""
    ends_at_blank = text[:100].lstrip("\ufeff \t\r\n").startswith("WEBVTT")
    times: tuple[float, float] | None = None
    lines: list[str] = []
    for line in text.splitlines():
        found = _TIMES.match(line)
        if found is None and (line.strip() or not ends_at_blank):
            if times is not None:
                lines.append(line)
            continue
        if times is not None:
            yield Cue(*times, _words(lines if ends_at_blank or found is None else _without_number(lines)))
        lines = []
        times = None if found is None else (_seconds(*found.groups()[:4]), _seconds(*found.groups()[4:]))
    if times is not None:
        yield Cue(*times, _words(lines))


def _without_number(lines: list[str]) -> list[str]:
    """The lines before the times of the next cue, without that one's number."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[: end - 1] if end and lines[end - 1].strip().isdecimal() else lines[:end]


def _words(lines: list[str]) -> str:
    text = _SPEAKER.sub(r"\1: ", "\n".join(lines))
    return " ".join(html.unescape(_OVERRIDE.sub("", _TAG.sub("", text))).split())


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000
