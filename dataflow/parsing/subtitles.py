"""Subtitles and transcripts as timed words, and which of them are said in which part of a video."""

from __future__ import annotations

import html
import itertools
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dataflow.core.errors import SampleError
from dataflow.core.sample import is_missing
from dataflow.parsing.cues import Cue, cues_in

SUFFIXES = (".srt", ".vtt")

LARGEST_BYTES = 20 * 2**20
"""A subtitle file of a day of talk has about 4 MB."""

_TIMES = re.compile(r"\d\s*-->\s*\d")


def read_subtitles(path: Path) -> list[Cue]:
    """The cues of a `.srt` or `.vtt` file.

    Raises:
        SampleError: it cannot be read, is too large, or holds no cue.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise SampleError(f"{path}: larger than {LARGEST_BYTES // 2**20} MB, which no subtitle file is")
        data = path.read_bytes()
    except OSError as error:
        raise SampleError(f"{path}: cannot be read: {error.strerror}") from None
    cues = parse_subtitles(_decoded(data))
    if not cues:
        raise SampleError(f"{path}: not one line of subtitles with its times is in it")
    return cues


def parse_subtitles(text: str) -> list[Cue]:
    """The cues in SubRip or WebVTT text, in the order of time; empty where there is none. Markup is taken out."""
    return _ordered(list(cues_in(text)))


def cues_of(value: Any) -> list[Cue] | None:
    """The cues in a field: SubRip or WebVTT text, a list of segments, or what Whisper writes (`{"segments": [...]}`).

    A segment is an object with `start` and `end` in seconds and `text`.

    Returns:
        The cues; None for words without times.

    Raises:
        SampleError: a segment is none.
    """
    if isinstance(value, str):
        return parse_subtitles(value) or None if _TIMES.search(value) else _from_json(value)
    if isinstance(value, Mapping):
        value = value.get("segments", value.get("chunks"))
    if not isinstance(value, list | tuple):
        raise SampleError("a transcript is text, a list of segments, or an object with `segments`")
    return _ordered([_segment(item, number) for number, item in enumerate(value, start=1)])


def spoken_in(cues: Sequence[Cue], spans: Sequence[tuple[float, float]]) -> list[str]:
    """What is said in each part of a video: a cue belongs to the part that it overlaps most, the earlier of equals.

    Args:
        cues: in the order of time.
        spans: (start, end) in seconds, in order; a cue that touches none belongs to the nearest.
    """
    said: list[list[str]] = [[] for _ in spans]
    starts = [start for start, _ in spans]
    ends = list(itertools.accumulate((end for _, end in spans), max))
    for cue in cues:
        # Of the parts that end before it begins, and of those that begin after it ends, only the nearest come into
        # question.
        first = max(bisect_right(ends, cue.start) - 1, 0)
        near = range(first, min(bisect_left(starts, cue.end) + 1, len(spans)))
        at = max(near, key=lambda at: _overlap(cue, spans[at]), default=None)
        if at is not None:
            said[at].append(cue.text)
    return ["\n".join(lines) for lines in said]


def _overlap(cue: Cue, span: tuple[float, float]) -> float:
    """Seconds that they share; below zero the gap between them."""
    return min(cue.end, span[1]) - max(cue.start, span[0])


def _ordered(cues: Sequence[Cue]) -> list[Cue]:
    """Cues with words, by time; one that ends before it begins is a moment."""
    whole = (Cue(cue.start, max(cue.start, cue.end), cue.text) for cue in cues if cue.text)
    return sorted(whole, key=lambda cue: (cue.start, cue.end))


def _plain(text: str) -> str:
    """Words on one line, entities as the characters they stand for."""
    return " ".join(html.unescape(text).split())


def _segment(item: Any, number: int) -> Cue:
    times = item.get("timestamp", [item.get("start"), item.get("end")]) if isinstance(item, Mapping) else None
    text = item.get("text") if isinstance(item, Mapping) else None
    if not isinstance(times, list | tuple) or len(times) != 2 or is_missing(text):
        raise SampleError(f"segment {number} of the transcript has no start, end and text: {str(item)[:100]}")
    start, end = (None if is_missing(time) else time for time in times)
    if not isinstance(start, int | float) or not isinstance(end, int | float | None):
        raise SampleError(f"segment {number} of the transcript: times are seconds, not {str(times)[:100]}")
    return Cue(float(start), float(start if end is None else end), _plain(str(text)))


def _from_json(text: str) -> list[Cue] | None:
    """The cues of JSON text, as a table keeps it; None where it is no JSON."""
    if text.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cues_of(value) if isinstance(value, list | dict) else None


def _decoded(data: bytes) -> str:
    """Subtitles are in UTF-8, or in what Windows wrote before."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
