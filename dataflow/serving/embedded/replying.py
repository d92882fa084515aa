"""Answers a free question in one sentence from the fact that it asks for, or says that it cannot."""

from __future__ import annotations

import re
from collections.abc import Callable

from dataflow.serving.embedded import words
from dataflow.serving.embedded.facts import Facts, ImageFacts, ShotFacts, VideoFacts, orientation_of
from dataflow.serving.embedded.questions import main_colour

NOTHING_TO_MEASURE = (
    "There is no picture and no video here to be measured, and this serving has no model: it measures only light, "
    "colour, motion and time."
)
CANNOT_TELL = (
    "That cannot be told from here: without a model only light, colour, motion and time are measured, not what things "
    "are or mean."
)

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_KNOWN_THINGS = re.compile(
    r"\b(?:picture|image|photo|photograph|poster|video|clip|film|background|scene|shot|frame|area|shape|object|thing|it|dominant|"
    r"main|most|moving|moves|rectangle|square|circle|disc|ball|box|there)\b"
)


def reply(question: str, facts: list[Facts]) -> str:
    """The answer to one question.

    Args:
        question: as it was asked.
        facts: of the media it may be about; where several are named by number, that one, else the first.
    """
    text = question.lower()
    one = _chosen(text, facts)
    rules = _VIDEO_RULES if isinstance(one, VideoFacts) else _IMAGE_RULES
    for pattern, answer in rules:
        if re.search(pattern, text):
            found = answer(one, text)
            if found:
                return str(found)
    return CANNOT_TELL


def _chosen(text: str, facts: list[Facts]) -> Facts:
    named = re.search(r"\b(?:video|picture|image)\s+(\d+)", text)
    if named and 1 <= int(named.group(1)) <= len(facts):
        return facts[int(named.group(1)) - 1]
    return facts[0]


def _shot_of(video: VideoFacts, text: str) -> tuple[int, ShotFacts] | None:
    """The shot that a question is about, and its number from 1; None where it names none and there are several."""
    at: int | None = None
    if match := re.search(r"\b(?:shot|scene)\s+(\d+|[a-z]+)\b", text):
        word = match.group(1)
        at = int(word) - 1 if word.isdecimal() else words.NUMBERS.index(word) - 1 if word in words.NUMBERS[1:] else None
    if at is None and (match := re.search(rf"\b({'|'.join(_ORDINALS)}|last|final)\s+(?:shot|scene|part)\b", text)):
        word = match.group(1)
        at = len(video.shots) - 1 if word in ("last", "final") else _ORDINALS.index(word)
    if at is None and (
        match := re.search(r"\b(?:at|after)\s+(?:second\s+)?(\d+(?:\.\d+)?)\s*(?:s\b|seconds?\b)?", text)
    ):
        moment = float(match.group(1))
        at = next((n for n, shot in enumerate(video.shots) if shot.start <= moment < shot.end), None)
    if at is None and re.search(r"\b(?:at|in) the (?:beginning|start)\b", text):
        at = 0
    if at is None and re.search(r"\bat the end\b", text):
        at = len(video.shots) - 1
    if at is None and len(video.shots) == 1:
        at = 0
    return (at + 1, video.shots[at]) if at is not None and 0 <= at < len(video.shots) else None


def _names_missing_shot(video: VideoFacts, text: str) -> bool:
    return _shot_of(video, text) is None and bool(
        re.search(rf"\b(?:(?:shot|scene)\s+\d+|(?:{'|'.join(_ORDINALS)})\s+(?:shot|scene))\b", text)
    )


def _missing_shot(video: VideoFacts, text: str) -> str:
    if not _names_missing_shot(video, text):
        return ""
    count = len(video.shots)
    return (
        f"There is no such shot: the video {'is a single shot' if count == 1 else f'has {words.number(count)} shots'}."
    )


def _count(video: VideoFacts, text: str) -> str:
    count = len(video.shots)
    if re.search(r"\b(?:cuts|transitions|changes)\b", text):
        changes = count - 1
        return f"There {'is' if changes == 1 else 'are'} {words.number(changes)} change{'s' * (changes != 1)} of shot."
    return f"The video {'is a single shot' if count == 1 else f'has {words.number(count)} shots'}."


def _duration(video: VideoFacts, text: str) -> str:
    found = _shot_of(video, text)
    if found and len(video.shots) > 1:
        return f"Shot {found[0]} lasts {words.seconds(found[1].seconds)} seconds."
    return f"The video lasts {words.seconds(video.seconds)} seconds."


def _start(video: VideoFacts, text: str) -> str:
    found = _shot_of(video, text)
    if not found:
        return ""
    number, shot = found
    if re.search(r"\bend(?:s|ing)?\b|\bover\b|\bstop", text):
        return f"Shot {number} ends at {words.seconds(shot.end)} seconds."
    return f"Shot {number} begins at {words.seconds(shot.start)} seconds."


def _colour(video: VideoFacts, text: str) -> str:
    if _names_unknown_thing(text):
        return ""
    shots = _shots(video, text)
    if re.search(r"\bmov\w+|\bobject|\bshape|\bthing|\brectangle|\bcircle|\bdisc|\bball|\bbox|\bsquare\b", text):
        told = [
            f"{'in shot ' + str(number) + ' ' if len(video.shots) > 1 else ''}"
            f"{words.listed([words.article(one.colour) + ' area' for one in shot.movements if one.colour])} moves"
            for number, shot in shots
            if any(one.colour for one in shot.movements)
        ]
        return _sentence(", ".join(told)) if told else "No moving area was told apart from its background."
    told = [_in_shot(video, number, main_colour(shot)) for number, shot in shots if shot.colours]
    return " ".join(told) if told else "No colour stands out."


def _names_unknown_thing(text: str) -> bool:
    """Whether the colour of something is asked for that is not measured, such as a dress."""
    named = re.search(r"\bcolou?rs? (?:is|are|was|were|of|has|have|do|does) (.*)", text)
    return named is not None and not _KNOWN_THINGS.search(named.group(1))


def _shots(video: VideoFacts, text: str) -> list[tuple[int, ShotFacts]]:
    found = _shot_of(video, text)
    return [found] if found else list(enumerate(video.shots, start=1))


def _in_shot(video: VideoFacts, number: int, sentence: str) -> str:
    if len(video.shots) == 1:
        return sentence
    return f"In shot {number} {sentence[:1].lower()}{sentence[1:]}"


def _motion(video: VideoFacts, text: str) -> str:
    told = [_in_shot(video, number, f"{_sentence(words.stir(shot))}") for number, shot in _shots(video, text)]
    return " ".join(told)


def _light(video: VideoFacts, text: str) -> str:
    if match := re.search(r"\b(brightest|lightest|darkest)\b", text):
        ranked = sorted(video.shots, key=lambda shot: shot.brightness, reverse=match.group(1) != "darkest")
        if len(ranked) > 1 and abs(ranked[0].brightness - ranked[1].brightness) < 3:
            return "The two are too close to each other to tell."
        return f"Shot {video.shots.index(ranked[0]) + 1} is the {match.group(1)}."
    told = [
        _in_shot(video, number, f"The picture is {words.light(shot.brightness)}.")
        for number, shot in _shots(video, text)
    ]
    return " ".join(told)


def _sound(video: VideoFacts, text: str) -> str:
    if video.sound == "silent":
        return "It has a sound track, but nothing is heard on it."
    return "Yes, the video has sound." if video.sound == "audible" else "No, the video has no sound."


def _fades(video: VideoFacts, text: str) -> str:
    told = []
    if video.fade_in:
        told.append(f"it fades in during its first {words.seconds(video.fade_in)} seconds")
    if video.fade_out:
        told.append(f"it fades out during its last {words.seconds(video.fade_out)} seconds")
    inner = [words.seconds(shot.start) for shot in video.shots if shot.entry == "fade"]
    if inner:
        told.append(f"there is a fade at {words.listed([f'{moment} s' for moment in inner])}")
    return _sentence(" and ".join(told)) if told else "No fade was measured."


def _transitions(video: VideoFacts, text: str) -> str:
    told = [f"{words.ENTRIES[shot.entry].lower()} at {words.seconds(shot.start)} s" for shot in video.shots[1:]]
    return _sentence(f"there is {words.listed(told)}") if told else "The video is a single shot without a transition."


def _rate(video: VideoFacts, text: str) -> str:
    return f"The video runs at {words.decimal(video.fps)} frames per second."


def _codec(video: VideoFacts, text: str) -> str:
    return f"The video is encoded in {video.codec}."


def _size(facts: Facts, text: str) -> str:
    return f"It measures {facts.width} by {facts.height} pixels."


def _orientation(facts: Facts, text: str) -> str:
    form = orientation_of(facts)
    return "It is square." if form == "square" else f"It is in {form} format."


def _image_colour(image: ImageFacts, text: str) -> str:
    if _names_unknown_thing(text):
        return ""
    return f"It is {words.colours(image.colours)}."


def _image_place(image: ImageFacts, text: str) -> str:
    for colour in image.colours:
        if re.search(rf"\b{colour.name.rsplit(' ', 1)[-1]}\b", text):
            return (
                f"Most of the {colour.name} is {colour.place}."
                if colour.place
                else f"{_sentence(colour.name)} is spread out."
            )
    return ""


def _sentence(text: str) -> str:
    ended = text if text.endswith(".") else f"{text}."
    return ended[:1].upper() + ended[1:]


Rule = tuple[str, Callable[..., str]]

_FORM: tuple[Rule, ...] = (
    (r"\b(?:orientation|portrait|landscape|aspect|wider|taller|higher than)\b", _orientation),
    (r"\b(?:resolution|dimensions?|how (?:large|big|wide|high|tall)|width|height|pixels|size)\b", _size),
)

_VIDEO_RULES: tuple[Rule, ...] = (
    (r".", _missing_shot),
    (r"\bhow many (?:\w+ )?(?:shots|scenes|cuts|transitions|changes)\b|\bnumber of (?:shots|scenes|cuts)\b", _count),
    (r"\b(?:frame rate|framerate|fps|frames per second)\b", _rate),
    (r"\b(?:sound|audio|hear|heard|noise|music|silent|soundtrack|sound track)\b", _sound),
    (r"\b(?:fades?|fading)\b", _fades),
    (r"\b(?:transitions?|cuts?|dissolves?)\b", _transitions),
    (r"\b(?:colou?rs?|hue)\b", _colour),
    (r"\b(?:direction|which way|where (?:does|do|is) .*\b(?:mov|go|head))", _motion),
    (r"\b(?:fast|speed|slow|slowly|quick|quickly|velocity)\b", _motion),
    (r"\bwhen\b|\bwhat time\b|\bat which (?:second|time|moment)\b", _start),
    (r"\bhow long\b|\bduration\b|\blength\b|\bhow many seconds\b", _duration),
    (r"\b(?:mov(?:e|es|ing|ement|ements)|motion|still|static)\b", _motion),
    (r"\b(?:bright|brighter|brightest|brightness|dark|darker|darkest|lightest|light|lighting|lit)\b", _light),
    (r"\b(?:codec|encoded|encoding|compressed|compression)\b", _codec),
    *_FORM,
)

_IMAGE_RULES: tuple[Rule, ...] = (
    (r"\bwhere\b", _image_place),
    (r"\b(?:colou?rs?|hue)\b", _image_colour),
    (r"\bcontrast\b", lambda image, text: f"It has {image.contrast} contrast."),
    (
        r"\b(?:sharp|sharpness|blurry|blurred|focus|focused)\b",
        lambda image, text: f"It looks {image.sharpness}." if image.sharpness else "",
    ),
    (r"\b(?:texture|textured|surface|plain)\b", lambda image, text: f"It is {image.texture}."),
    (
        r"\bcamera\b",
        lambda image, text: (
            f"It was taken with a camera named {image.camera}." if image.camera else "No camera is recorded."
        ),
    ),
    (
        r"\b(?:when|date|dated)\b",
        lambda image, text: f"It is dated {image.taken}." if image.taken else "No date is recorded.",
    ),
    (
        r"\b(?:bright|brightness|dark|light|lighting|lit)\b",
        lambda image, text: f"It is {words.light(image.brightness)}.",
    ),
    *_FORM,
)
