"""Reads captions of `words` back into facts, for questions that come with a caption and no video."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import cast

from dataflow.serving.embedded.facts import Colour, Entry, Facts, ImageFacts, Movement, ShotFacts, Stir, VideoFacts
from dataflow.serving.embedded.words import ENTRIES, NUMBERS, SOUNDS, STIRS

_VIDEO = re.compile(r"The video lasts ([\d.]+) seconds and (?:is a single shot|has (\w+) shots)\. (?=It measures)")
_FORM = re.compile(
    r"It measures (\d+) by (\d+) pixels \(\w+\), runs at ([\d.]+) frames per second, is encoded in ([^\n]{1,40}?) and "
    rf"({'|'.join(map(re.escape, SOUNDS.values()))})\."
)
_FADE_IN = re.compile(r"It fades in during its first ([\d.]+) seconds\.")
_FADE_OUT = re.compile(r"It fades out during its last ([\d.]+) seconds\.")
_SHOT = re.compile(
    r"(?:(A hard cut|A fade|A dissolve) at [\d.]+ s leads to shot \d+\. )?"
    r"In shot (\d+) \(([\d.]+) s to ([\d.]+) s\) the picture is ([^;]{1,400}?), and [a-z ]+ "
    r"\(brightness (\d+) %\); ([^;]{1,600}? per second|" + "|".join(STIRS.values()) + r")\."
)
_COLOUR = re.compile(r"((?:dark |light )?[a-z]+) \(about (\d+) %(?:, ([a-z -]+))?\)")
_MOVEMENT = re.compile(
    r"(?:(the whole picture)|something|an? ([a-z ]+?) area) moves ([a-z ]+), (?:slowly|at medium speed|fast), "
    r"at about ([\d.e+-]+) frame widths \((\d+) pixels\) per second"
)
_IMAGE = re.compile(
    r"The picture measures (\d+) by (\d+) pixels \(\w+\)\. It is ([^\n]{1,400}?)\. "
    r"It is [a-z ]+ \(brightness (\d+) %\) and has (\w+) contrast\. "
    r"It is (?:(sharp|soft|blurred) and )?(plain|lightly textured|richly textured)\."
    r"(?: It was taken with a camera named ([^\n]{1,100}?)\.(?=$|\s))?(?: It is dated ([\d: -]+)\.)?"
)


def read(text: str) -> list[Facts]:
    """The facts of all captions of ours in a text, in order; empty where there is none."""
    found: list[tuple[int, Facts]] = []
    starts = [match.start() for match in _VIDEO.finditer(text)] + [len(text)]
    for start, end in pairwise(starts):
        video = _read_video(text[start:end])
        if video is not None:
            found.append((start, video))
    found += [(match.start(), _image(match)) for match in _IMAGE.finditer(text)]
    return [facts for _, facts in sorted(found, key=lambda one: one[0])]


def _read_video(text: str) -> VideoFacts | None:
    head, form = _VIDEO.match(text), _FORM.search(text)
    shots = tuple(_shot(match) for match in _SHOT.finditer(text))
    if head is None or form is None or len(shots) != _count(head.group(2)):
        return None
    width, height, fps, codec, sound = form.groups()
    fade_in, fade_out = _FADE_IN.search(text), _FADE_OUT.search(text)
    return VideoFacts(
        float(head.group(1)),
        int(width),
        int(height),
        float(fps),
        codec,
        next(name for name, words in SOUNDS.items() if words == sound),
        shots,
        float(fade_in.group(1)) if fade_in else 0.0,
        float(fade_out.group(1)) if fade_out else 0.0,
    )


def _count(word: str | None) -> int:
    if word is None:
        return 1
    return NUMBERS.index(word) if word in NUMBERS else int(word) if word.isdecimal() else -1


def _shot(match: re.Match[str]) -> ShotFacts:
    passage, _, start, end, colours, brightness, stir = match.groups()
    entry = next((name for name, words in ENTRIES.items() if words == passage), "start")
    movements = tuple(
        Movement(colour or "", direction, float(speed), int(pixels), bool(whole))
        for whole, colour, direction, speed, pixels in _MOVEMENT.findall(stir)
    )
    state: Stir = (
        "moving" if movements else next((name for name, words in STIRS.items() if words == stir), "unmeasured")
    )
    return ShotFacts(
        float(start),
        float(end),
        cast(Entry, entry),
        _colours(colours),
        int(brightness),
        state,
        movements,
    )


def _image(match: re.Match[str]) -> ImageFacts:
    width, height, colours, brightness, contrast, sharpness, texture, camera, taken = match.groups()
    return ImageFacts(
        int(width),
        int(height),
        _colours(colours),
        int(brightness),
        contrast,
        sharpness or "",
        texture,
        camera or "",
        taken or "",
    )


def _colours(text: str) -> tuple[Colour, ...]:
    return tuple(
        Colour(re.sub(r"^(?:mostly|partly|some|and) ", "", name), int(percent), place)
        for name, percent, place in _COLOUR.findall(text)
    )
