"""A sample's `Meta` and `Clips` as the parts that stand first in every question about it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from dataflow.core import ImagePart, MediaError, Run, Sample, SampleError, TextPart, as_list, is_missing
from dataflow.core.causes import said_by
from dataflow.core.message import Part
from dataflow.core.operator import near
from dataflow.operators.core_vision.generate.multirole.frame_budget import spread
from dataflow.prompts import multirole_shared as words
from dataflow.storage.json_text import dump, plain

AUDIO, FRAMES, DESCRIPTION, START, END = "Audio_Text", "Frames_Images", "Description", "Start", "End"
"""The fields of a clip: the first three as the documentation prints them, the last two as `VideoToClips` adds them."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip of a video.

    Args:
        audio: what is said in it; empty for nothing.
        frames: paths, in order.
        description: empty for none.
        start: seconds; None where not known.
        end: seconds; None where not known.
    """

    audio: str
    frames: tuple[str, ...]
    description: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """A video laid out for a model.

    Args:
        parts: text and frames, the same for all roles.
        clips: how many there are.
        warnings: what is missing, a sentence each.
    """

    parts: tuple[Part, ...]
    clips: int
    warnings: tuple[str, ...]


async def lay_out(sample: Sample, meta: str, clips: str, run: Run, max_frames: int) -> Material:
    """Lay out the video of a sample.

    Args:
        sample: the row.
        meta: the column of what is told about the video, of any JSON type.
        clips: the column of its clips.
        run: finds the frames.
        max_frames: frames shown at most, spread evenly.

    Raises:
        SampleError: the clips are no clips, or a clip lacks a frame and has no words to make up for it.
    """
    found = read_clips(sample[clips], clips)
    warnings = [] if meta in sample else [f"no {meta!r} in the sample{near(meta, list(sample))}; the roles go without"]
    for number, clip in enumerate(found, start=1):
        if not clip.frames:
            _accept_gap(clip, f"clip {number} of {clips!r} has no frames", warnings)
    chosen = enumerate(zip(found, spread([clip.frames for clip in found], max_frames), strict=True), start=1)
    shown = await asyncio.gather(*(_present(run, number, clip, frames) for number, (clip, frames) in chosen))
    parts: list[Part] = []
    if told := _told(sample, meta):
        parts.append(TextPart(words.about(told)))
    for number, (clip, (frames, gaps)) in enumerate(zip(found, shown, strict=True), start=1):
        warnings += gaps
        parts.append(TextPart(words.heading(number, len(found), clip.start, clip.end)))
        if clip.audio:
            parts.append(TextPart(words.said(clip.audio)))
        parts += [ImagePart(path) for path in frames]
        if clip.description:
            parts.append(TextPart(words.described(clip.description)))
    return Material(tuple(parts), len(found), tuple(warnings))


def read_clips(value: Any, column: str) -> list[Clip]:
    """The clips in a field: a list of objects, or the same as JSON text.

    Raises:
        SampleError: they are none; says which clip and why.
    """
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise SampleError(f"{column!r} is text, but no JSON: {said_by(error)}") from None
    clips = [value] if isinstance(value, Mapping) else as_list(value)
    if not clips:
        raise SampleError(f"{column!r} holds no clip")
    return [_clip(clip, f"clip {number} of {column!r}") for number, clip in enumerate(clips, start=1)]


def _clip(value: Any, name: str) -> Clip:
    if not isinstance(value, Mapping):
        raise SampleError(f"{name} is {type(value).__name__}, not an object with {AUDIO}, {FRAMES} or {DESCRIPTION}")
    known = [AUDIO, FRAMES, DESCRIPTION]
    if not any(field in value for field in known):
        hint = next((hint for field in value if (hint := near(str(field), known))), "")
        raise SampleError(f"{name} has none of {', '.join(known)}{hint}; it has: {', '.join(map(str, value))}")
    frames = as_list(value.get(FRAMES))
    for path in frames:
        if not isinstance(path, str) or not path:
            raise SampleError(f"{name}: {FRAMES} must hold paths, not {path!r}")
    return Clip(
        audio=_text(value.get(AUDIO)),
        frames=tuple(frames),
        description=_text(value.get(DESCRIPTION)),
        start=_seconds(value.get(START)),
        end=_seconds(value.get(END)),
    )


def _text(value: Any) -> str:
    """Words as text; a list of them line by line, anything else as JSON."""
    if is_missing(value):
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(text for item in value if (text := _text(item)))
    return (value if isinstance(value, str) else _json(value)).strip()


def _seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not is_missing(value) else None


def _told(sample: Sample, column: str) -> str:
    value = sample.get(column)
    return "" if is_missing(value) else value.strip() if isinstance(value, str) else _json(value)


def _json(value: Any) -> str:
    try:
        return dump(value).decode()
    except TypeError:
        return dump(plain(value)).decode()


async def _present(run: Run, number: int, clip: Clip, frames: list[str]) -> tuple[list[str], list[str]]:
    """The frames that are there, and a sentence for each that is not."""
    present: list[str] = []
    gaps: list[str] = []
    for path in frames:
        try:
            await run.locate(ImagePart(path))
            present.append(path)
        except MediaError as error:
            _accept_gap(clip, f"clip {number}: {error}", gaps)
    return present, gaps


def _accept_gap(clip: Clip, gap: str, warnings: list[str]) -> None:
    """Note that frames are missing.

    Raises:
        MediaError: the clip has neither words nor a description instead.
    """
    if not clip.audio and not clip.description:
        raise MediaError(f"{gap}, and the clip has neither {AUDIO} nor {DESCRIPTION}")
    instead = AUDIO if clip.audio else DESCRIPTION
    warnings.append(f"{gap}; it goes by its {instead}")


def with_assignment(material: Material, assignment: str) -> Material:
    """The material with what is wanted behind it, which is the same for all roles too."""
    return replace(material, parts=(*material.parts, TextPart(assignment)))
