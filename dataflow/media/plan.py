"""Sampling plans: which frames of a video are wanted, written as text such as `uniform:16`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dataflow.core.errors import UsageError

FORMS = """\
  uniform:N             the middle frames of N equal parts
  uniform:N:keyframe    the keyframes nearest to them; several times cheaper
  fps:RATE:MAX          RATE frames a second, thinned out evenly to at most MAX
  keyframes:MAX         every keyframe, thinned out evenly to at most MAX
  shots:PER_SHOT:MAX    PER_SHOT frames of every shot, thinned out evenly to at most MAX"""

MOST = 10_000
"""Frames that a plan may ask for; beyond that it is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Uniform:
    """The frames shown at the midpoints of equal parts.

    Args:
        count: how many parts.
        keyframe: take the nearest keyframe instead; its own time is reported.
    """

    count: int
    keyframe: bool = False

    def __str__(self) -> str:
        return f"uniform:{self.count}" + (":keyframe" if self.keyframe else "")


@dataclass(frozen=True, slots=True)
class Fps:
    """Frames at a steady rate, from the first.

    Args:
        rate: frames per second.
        max_frames: at most so many, evenly thinned out.
    """

    rate: float
    max_frames: int

    def __str__(self) -> str:
        return f"fps:{self.rate:g}:{self.max_frames}"


@dataclass(frozen=True, slots=True)
class Keyframes:
    """The frames that decode on their own.

    Args:
        max_frames: at most so many, evenly thinned out.
    """

    max_frames: int

    def __str__(self) -> str:
        return f"keyframes:{self.max_frames}"


@dataclass(frozen=True, slots=True)
class Shots:
    """Frames spread within every shot.

    Args:
        per_shot: midpoints of so many equal parts of each shot.
        max_frames: at most so many, evenly thinned out.
    """

    per_shot: int
    max_frames: int

    def __str__(self) -> str:
        return f"shots:{self.per_shot}:{self.max_frames}"


@dataclass(frozen=True, slots=True)
class Moments:
    """The frames on the screen at given times. It has no text form: it comes of another plan.

    Args:
        times: seconds from the first frame.
    """

    times: tuple[float, ...]


Plan = Uniform | Fps | Keyframes | Shots | Moments

_COUNT = re.compile(r"[0-9]{1,9}")
_RATE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?|\.[0-9]{1,6}")


def parse_plan(text: str) -> Plan:
    """The plan that a text names; `str()` of it is its one canonical text.

    Raises:
        UsageError: it names none; the message lists the forms.
    """
    if not isinstance(text, str):
        raise UsageError(f"a sampling plan is a text, not {type(text).__name__}. Plans:\n{FORMS}")
    kind, *numbers = text.strip().lower().split(":")
    match kind, numbers:
        case "uniform", [count]:
            return Uniform(_count(text, count))
        case "uniform", [count, "keyframe"]:
            return Uniform(_count(text, count), keyframe=True)
        case "fps", [rate, most]:
            return Fps(_rate(text, rate), _count(text, most))
        case "keyframes", [most]:
            return Keyframes(_count(text, most))
        case "shots", [per_shot, most]:
            return Shots(_count(text, per_shot), _count(text, most))
    raise UsageError(f"{text[:80]!r} is no sampling plan. Plans:\n{FORMS}")


def _count(text: str, number: str) -> int:
    if _COUNT.fullmatch(number) and 1 <= int(number) <= MOST:
        return int(number)
    raise UsageError(f"{text[:80]!r}: {number[:20]!r} must be a whole number from 1 to {MOST}. Plans:\n{FORMS}")


def _rate(text: str, number: str) -> float:
    if _RATE.fullmatch(number) and 0.001 <= float(number) <= 1000:
        return float(f"{float(number):g}")  # what the canonical text says
    raise UsageError(f"{text[:80]!r}: {number[:20]!r} must be a rate from 0.001 to 1000 a second. Plans:\n{FORMS}")
