"""Question-answer pairs about a video that is laid out as clips with frames: what the frames have in common, and what
changes from clip to clip. Only what all frames of a clip agree on is said of the clip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from dataflow.core import Request, TextPart
from dataflow.prompts.multirole_shared import CLIP
from dataflow.serving.embedded import words
from dataflow.serving.embedded.facts import Facts, ImageFacts, orientation_of
from dataflow.serving.embedded.phrases import pattern_of

Field = Literal["overview", "colour", "light", "composition", "continuity"]

_HEADING = re.compile(pattern_of(CLIP, number=r"(\d{1,6})", count=r"\d{1,6}\b"))

BRIGHTER = 10
"""Percent of mean luma by which a clip must get brighter or darker for that to be said."""

OUTSHINES = 5
"""Percent by which the brightest clip must stand out."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A clip and the facts of its frames, in order."""

    number: int
    frames: tuple[ImageFacts, ...]

    @property
    def brightness(self) -> float:
        """Mean luma of its frames, in percent."""
        return sum(frame.brightness for frame in self.frames) / len(self.frames)

    @property
    def main_colour(self) -> str:
        """The colour that covers most of every frame; empty where they differ."""
        names = {frame.colours[0].name if frame.colours else "" for frame in self.frames}
        return names.pop() if len(names) == 1 else ""

    @property
    def colours(self) -> list[str]:
        """All colours that are seen in it, in the order in which they appear."""
        return list(dict.fromkeys(colour.name for frame in self.frames for colour in frame.colours))


@dataclass(frozen=True, slots=True)
class ClipPair:
    """A pair, the field of whoever asks it, its label, and the clips that support it."""

    question: str
    answer: str
    field: Field
    label: str
    clips: tuple[int, ...]


def clips_shown(request: Request, facts: Sequence[Facts]) -> list[Shown]:
    """The clips of a request with the facts of their frames; empty where none is laid out, or none has a frame.

    Args:
        request: a message of it holds headings of clips, each before the clip's frames.
        facts: of the request's media, in order.
    """
    found: dict[int, list[ImageFacts]] = {}
    number, at = 0, 0
    for part in (part for message in request.messages for part in message.parts):
        if isinstance(part, TextPart):
            heading = _HEADING.match(part.text)
            number = int(heading.group(1)) if heading else number
            continue
        fact = facts[at]
        at += 1
        if number and isinstance(fact, ImageFacts):
            found.setdefault(number, []).append(fact)
    return [Shown(number, tuple(frames)) for number, frames in sorted(found.items())]


def pairs_about(clips: Sequence[Shown]) -> list[ClipPair]:
    """Every pair that the facts give, none twice; of each field the telling ones first."""
    found = [*_overview(clips)]
    for clip in clips:
        found += _of_clip(clip, "the video" if len(clips) == 1 else f"clip {clip.number}")
    if len(clips) > 1:
        found += _across(clips)
    return list({pair.question: pair for pair in found}.values())


def _overview(clips: Sequence[Shown]) -> Iterator[ClipPair]:
    everywhere = tuple(clip.number for clip in clips)
    frames = [frame for clip in clips for frame in clip.frames]
    for clip in clips:
        if clip.main_colour:
            where = "the video" if len(clips) == 1 else f"clip {clip.number}"
            most = all(frame.colours[0].percent >= 50 for frame in clip.frames)
            yield ClipPair(
                f"Which colour fills most of the picture in {where}?",
                f"The picture is {'mostly' if most else 'partly'} {clip.main_colour}.",
                "overview",
                "style",
                (clip.number,),
            )
    forms = {orientation_of(frame) for frame in frames}
    if len(forms) == 1:
        form = forms.pop()
        told = "it is square" if form == "square" else f"it is in {form} format"
        answer = f"{'Yes' if form == 'landscape' else 'No'}, {told}."
        yield ClipPair("Is the video wider than it is high?", answer, "overview", "style", everywhere)


def _of_clip(clip: Shown, name: str) -> Iterator[ClipPair]:
    here = (clip.number,)
    others = [colour for colour in clip.colours if colour != clip.main_colour]
    if clip.main_colour and others:
        question = f"Which colours are seen in {name} apart from {clip.main_colour}?"
        yield ClipPair(question, f"There is {words.listed(others)}.", "colour", "style", here)
    yield from _light(clip, name)
    yield from _places(clip, name)
    if sharpness := _agreed(frame.sharpness for frame in clip.frames):
        yield ClipPair(f"How well is {name} focused?", f"It looks {sharpness}.", "composition", "style", here)


def _light(clip: Shown, name: str) -> Iterator[ClipPair]:
    here = (clip.number,)
    if light := _agreed(words.light_word(frame.brightness) for frame in clip.frames):
        yield ClipPair(f"How bright is the picture in {name}?", f"It is {light}.", "light", "style", here)
    first, last = clip.frames[0].brightness, clip.frames[-1].brightness
    if abs(first - last) >= BRIGHTER:
        answer = f"It gets {'brighter' if last > first else 'darker'}."
        yield ClipPair(f"How does the light change in {name}?", answer, "light", "sequence", here)
    if contrast := _agreed(frame.contrast for frame in clip.frames):
        yield ClipPair(
            f"How strong is the contrast of light and dark in {name}?", f"It is {contrast}.", "light", "style", here
        )


def _places(clip: Shown, name: str) -> Iterator[ClipPair]:
    """Where a colour is: throughout, or at the beginning and at the end of the clip."""
    here = (clip.number,)
    for colour in clip.colours:
        if colour == clip.main_colour:
            continue
        places = [next((c.place for c in frame.colours if c.name == colour), "") for frame in clip.frames]
        if place := _agreed(places):
            question = f"Where in the picture is most of the {colour} in {name}?"
            yield ClipPair(question, f"It is {place}.", "composition", "content", here)
        elif places[0] and places[-1] and places[0] != places[-1]:
            question = f"Where does most of the {colour} go in {name}?"
            answer = f"At first it is {places[0]}, at last {places[-1]}."
            yield ClipPair(question, answer, "composition", "content", here)


def _across(clips: Sequence[Shown]) -> Iterator[ClipPair]:
    everywhere = tuple(clip.number for clip in clips)
    for before, after in pairwise(clips):
        if before.main_colour and after.main_colour and before.main_colour != after.main_colour:
            yield ClipPair(
                f"How does the main colour change from clip {before.number} to clip {after.number}?",
                f"It changes from {before.main_colour} to {after.main_colour}.",
                "continuity",
                "sequence",
                (before.number, after.number),
            )
    for quality, sign in (("brightest", 1), ("darkest", -1)):
        first, second = sorted(clips, key=lambda clip: -sign * clip.brightness)[:2]
        if abs(first.brightness - second.brightness) >= OUTSHINES:
            answer = f"Clip {first.number} is."
            yield ClipPair(f"Which clip of the video is the {quality}?", answer, "continuity", "style", everywhere)
    for colour in dict.fromkeys(colour for clip in clips for colour in clip.colours):
        seen = [clip.number for clip in clips if colour in clip.colours]
        if len(seen) < len(clips):
            where = words.listed([str(number) for number in seen])
            answer = f"In {'clip' if len(seen) == 1 else 'clips'} {where}."
            question = f"In which part of the video is {colour} seen?"
            yield ClipPair(question, answer, "continuity", "sequence", tuple(seen))


def _agreed(values: Iterable[str]) -> str:
    """What all frames agree on; empty where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""
