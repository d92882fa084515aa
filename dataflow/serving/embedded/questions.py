"""Question-answer pairs about facts: every question that the facts can answer, the telling ones first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest

from dataflow.serving.embedded import words
from dataflow.serving.embedded.facts import Facts, ImageFacts, Movement, ShotFacts, VideoFacts, orientation_of


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, its answer as a sentence, the answer as a phrase, and what it is about (`colour`, `count`, ...)."""

    question: str
    answer: str
    phrase: str
    topic: str


def pairs(facts: Facts, name: str = "") -> list[Pair]:
    """The pairs that the facts of one picture or video give, none twice.

    Args:
        facts: what was measured.
        name: how questions call it, such as `the second video`; `the video` or `the picture` when empty.
    """
    if isinstance(facts, VideoFacts):
        name = name or "the video"
        about = list(_of_video(facts, name))
        of_shots = [list(_of_shot(facts, order, name)) for order in range(len(facts.shots))]
        by_turns = [pair for turn in zip_longest(*of_shots) for pair in turn if pair is not None]
        # the first of each kind, then the rest in turn, so that a few pairs are about different things
        woven = [pair for turn in zip_longest(about, by_turns) for pair in turn if pair is not None]
    else:
        woven = list(_of_image(facts, name or "the picture"))
    return list({pair.question: pair for pair in woven}.values())


def _of_video(facts: VideoFacts, name: str) -> Iterator[Pair]:
    it = name[:1].upper() + name[1:]
    shots = facts.shots
    count = words.number(len(shots))
    yield Pair(
        f"How many shots are there in {name}?",
        f"{it} is a single shot." if len(shots) == 1 else f"{it} has {count} shots.",
        count,
        "count",
    )
    lasts = f"{words.seconds(facts.seconds)} seconds"
    yield Pair(f"How long is {name}?", f"{it} lasts {lasts}.", lasts, "duration")
    if len(shots) > 1:
        yield from _passages(facts, name)
    yield Pair(f"Does {name} come with sound?", _sound(facts, it), "no" if facts.sound == "none" else "yes", "sound")
    yield from _extremes(facts, name)
    rate = f"{words.decimal(facts.fps)} frames per second"
    yield Pair(f"What is the frame rate of {name}?", f"{it} runs at {rate}.", rate, "frame rate")
    yield from _form(facts, name)
    yield Pair(f"Which codec is {name} encoded in?", f"{it} is encoded in {facts.codec}.", facts.codec, "format")
    if facts.fade_in:
        first = f"{words.seconds(facts.fade_in)} seconds"
        yield Pair(f"How does {name} begin?", f"It fades in during its first {first}.", "with a fade in", "fade")
    if facts.fade_out:
        last = f"{words.seconds(facts.fade_out)} seconds"
        yield Pair(f"How does {name} end?", f"It fades out during its last {last}.", "with a fade out", "fade")


def _sound(facts: VideoFacts, it: str) -> str:
    if facts.sound == "audible":
        return f"Yes, {it[:1].lower() + it[1:]} has sound."
    if facts.sound == "silent":
        return "It has a sound track, but nothing is heard on it."
    return f"No, {it[:1].lower() + it[1:]} has no sound."


def _passages(facts: VideoFacts, name: str) -> Iterator[Pair]:
    changes = len(facts.shots) - 1
    yield Pair(
        f"How often does the shot change in {name}?",
        f"It changes {'once' if changes == 1 else 'twice' if changes == 2 else words.number(changes) + ' times'}.",
        words.number(changes),
        "count",
    )


def _extremes(facts: VideoFacts, name: str) -> Iterator[Pair]:
    """The brightest and the longest shot, where that is beyond doubt."""
    for quality, values, margin, topic in (
        ("brightest", [shot.brightness for shot in facts.shots], 5, "light"),
        ("longest", [shot.seconds for shot in facts.shots], 0.2, "duration"),
    ):
        order = sorted(range(len(values)), key=lambda at: -values[at])
        if len(values) > 1 and values[order[0]] - values[order[1]] >= margin:
            which = f"shot {order[0] + 1}"
            yield Pair(f"Which shot of {name} is the {quality}?", f"{which.capitalize()} is.", which, topic)


def _form(facts: Facts, name: str) -> Iterator[Pair]:
    size = f"{facts.width} by {facts.height} pixels"
    yield Pair(f"What is the resolution of {name}?", f"It measures {size}.", size, "size")
    form = orientation_of(facts)
    yield Pair(f"Is {name} wider than it is high?", _wider(form), form, "orientation")


def _wider(form: str) -> str:
    return {
        "landscape": "Yes, it is in landscape format.",
        "portrait": "No, it is in portrait format.",
        "square": "No, it is square.",
    }[form]


def _of_shot(facts: VideoFacts, at: int, name: str) -> Iterator[Pair]:
    shot, order = facts.shots[at], at + 1
    one = len(facts.shots) == 1
    where = f"in {name}" if one else f"in shot {order} of {name}"
    what = name if one else f"shot {order} of {name}"
    if shot.colours:
        yield Pair(
            f"Which colour fills most of the picture {where}?", main_colour(shot), shot.colours[0].name, "colour"
        )
    yield from _moves(shot, where)
    if not one and at:
        start = f"{words.seconds(shot.start)} seconds"
        yield Pair(f"At what time does {what} begin?", f"It begins at {start}.", start, "time")
    if len(shot.colours) > 1:
        second = shot.colours[1]
        yield Pair(
            f"Which colour takes up the second largest part of the picture {where}?",
            f"It is {second.name}, with about {second.percent} % of the picture.",
            second.name,
            "colour",
        )
    if shot.entry != "start":
        passage = words.ENTRIES[shot.entry]
        yield Pair(f"What kind of transition leads to {what}?", f"{passage} does.", passage.lower(), "transition")
    if not one:
        lasts = f"{words.seconds(shot.seconds)} seconds"
        yield Pair(f"How long does {what} last?", f"It lasts {lasts}.", lasts, "duration")
    light = words.light_word(shot.brightness)
    yield Pair(f"How bright is the picture {where}?", f"It is {words.light(shot.brightness)}.", light, "light")


def main_colour(shot: ShotFacts) -> str:
    """The sentence that names the colour of a shot."""
    first = shot.colours[0]
    return f"The picture is {'mostly' if first.percent >= 50 else 'partly'} {words.colour(first)}."


def _moves(shot: ShotFacts, where: str) -> Iterator[Pair]:
    if shot.stir == "still":
        yield Pair(f"Does anything move {where}?", "No, nothing moves.", "no", "motion")
    for movement in shot.movements:
        thing = words.thing(movement)
        yield Pair(
            f"In which direction does {the(movement)} move {where}?",
            f"{thing[:1].upper() + thing[1:]} moves {movement.direction}.",
            movement.direction,
            "direction",
        )
    for movement in shot.movements:
        yield Pair(
            f"How fast does {the(movement)} move {where}?",
            f"It moves {words.pace(movement)}.",
            words.pace_word(movement.speed),
            "speed",
        )
    if len(shot.movements) == 1 and shot.movements[0].colour:
        colour = shot.movements[0].colour
        yield Pair(f"What colour is the area that moves {where}?", f"It is {colour}.", colour, "colour")


def the(movement: Movement) -> str:
    """`the whole picture`, `the yellow area`, or `the thing that moves`."""
    if movement.whole:
        return "the whole picture"
    return f"the {movement.colour} area" if movement.colour else "the thing that moves"


def _of_image(facts: ImageFacts, name: str) -> Iterator[Pair]:
    it = name[:1].upper() + name[1:]
    colours = facts.colours
    if colours:
        first = colours[0]
        yield Pair(
            f"Which colour covers the largest part of {name}?",
            f"It is {first.name}, with about {first.percent} % of the area.",
            first.name,
            "colour",
        )
    light = words.light(facts.brightness)
    yield Pair(f"How bright is {name}?", f"It is {light}.", words.light_word(facts.brightness), "light")
    yield from _form(facts, name)
    for colour in colours:
        if colour.place:
            yield Pair(
                f"Where in {name} is most of the {colour.name}?", f"It is {colour.place}.", colour.place, "position"
            )
    if len(colours) > 1:
        others = words.listed([colour.name for colour in colours[1:]])
        yield Pair(
            f"Which colours appear in {name} apart from {colours[0].name}?",
            f"There is {others} as well.",
            others,
            "colour",
        )
    yield Pair(f"How strong is the contrast of {name}?", f"It has {facts.contrast} contrast.", facts.contrast, "light")
    if facts.sharpness:
        yield Pair(f"How well is {name} focused?", f"It looks {facts.sharpness}.", facts.sharpness, "sharpness")
    yield Pair(f"What can be said of the surface of {name}?", f"It is {facts.texture}.", facts.texture, "texture")
    for colour in colours:
        share = f"about {colour.percent} %"
        yield Pair(f"How much of {name} is {colour.name}?", f"It makes up {share} of the area.", share, "quantity")
    if facts.camera:
        yield Pair(f"Which camera took {name}?", f"A camera named {facts.camera} did.", facts.camera, "camera")
    if facts.taken:
        yield Pair(f"When was {name} taken?", f"It is dated {facts.taken}.", facts.taken, "time")
    yield Pair(
        f"How many named colours make up {name}?",
        f"{it} is made up of {words.number(len(colours))} named colour{'' if len(colours) == 1 else 's'}.",
        words.number(len(colours)),
        "count",
    )


def all_pairs(found: list[Facts]) -> list[Pair]:
    """The pairs of several pictures and videos, in turn, each called by its place where there are several."""
    if len(found) == 1:
        return pairs(found[0])
    named = [pairs(facts, called(found, at)) for at, facts in enumerate(found)]
    return [pair for pair in chain.from_iterable(zip_longest(*named)) if pair is not None]


def called(found: list[Facts], at: int) -> str:
    """How one of several pictures and videos is called: `the picture`, `video 2`."""
    kind = "video" if isinstance(found[at], VideoFacts) else "picture"
    same = [other for other in found if isinstance(other, VideoFacts) == isinstance(found[at], VideoFacts)]
    if len(same) == 1:
        return f"the {kind}"
    return f"{kind} {1 + sum(isinstance(other, type(found[at])) for other in found[:at])}"
