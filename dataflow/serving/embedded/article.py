"""Facts as an encyclopedic text that does not speak of a picture, and questions whose answers stand in it literally."""

from __future__ import annotations

from dataclasses import dataclass

from dataflow.serving.embedded import words
from dataflow.serving.embedded.facts import Colour, Facts, ImageFacts, ShotFacts, VideoFacts, orientation_of


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the article, a question, and the answer as it stands in the sentence; no question when empty."""

    sentence: str
    question: str = ""
    answer: str = ""


def passages(facts: Facts) -> list[Passage]:
    """The article, sentence by sentence."""
    return _of_video(facts) if isinstance(facts, VideoFacts) else _of_image(facts)


def _of_image(facts: ImageFacts) -> list[Passage]:
    form = orientation_of(facts)
    found = _palette(facts.colours)
    found += [
        Passage(
            f"{_capital(colour.name)} is found {colour.place}.",
            f"Where is {colour.name} found?",
            colour.place,
        )
        for colour in facts.colours
        if colour.place
    ]
    light = words.light_word(facts.brightness)
    found += [
        Passage(
            f"The overall light is {light}, with a mean brightness of {facts.brightness} percent.",
            "What is the mean brightness of the composition?",
            f"{facts.brightness} percent",
        ),
        Passage(
            f"The composition is in {form} format and measures {facts.width} by {facts.height} pixels.",
            "How many pixels does the composition measure?",
            f"{facts.width} by {facts.height} pixels",
        ),
        Passage(f"Its contrast is {facts.contrast}.", "How strong is the contrast of the composition?", facts.contrast),
        Passage(f"The surface is {facts.texture}.", "What is the surface of the composition like?", facts.texture),
    ]
    if facts.sharpness:
        found.append(Passage(f"Its edges are {facts.sharpness}.", "What are the edges like?", facts.sharpness))
    if facts.camera:
        found.append(Passage(f"It was taken with the camera {facts.camera}.", "Which camera was used?", facts.camera))
    if facts.taken:
        found.append(Passage(f"It dates from {facts.taken}.", "From when does the composition date?", facts.taken))
    return found


def _palette(colours: tuple[Colour, ...]) -> list[Passage]:
    if not colours:
        return [Passage("The palette has many colours, none of which prevails.")]
    first, *others = colours
    found = [
        Passage(
            f"The palette is led by {first.name}, which covers about {first.percent} percent of the area.",
            "Which colour leads the palette?",
            first.name,
        )
    ]
    for other in others:
        found.append(
            Passage(
                f"{_capital(other.name)} covers about {other.percent} percent.",
                f"How much of the area does {other.name} cover?",
                f"about {other.percent} percent",
            )
        )
    return found


def _of_video(facts: VideoFacts) -> list[Passage]:
    count = words.number(len(facts.shots))
    lasts = f"{words.seconds(facts.seconds)} seconds"
    shots = "one shot" if len(facts.shots) == 1 else f"{count} shots"
    found = [
        Passage(f"The film lasts {lasts}.", "How long does the film last?", lasts),
        Passage(f"It consists of {shots}.", "How many shots does the film consist of?", shots),
    ]
    for order, shot in enumerate(facts.shots, start=1):
        found += _of_shot(order, shot)
    rate = f"{words.decimal(facts.fps)} frames per second"
    size = f"{facts.width} by {facts.height} pixels"
    sound = {"none": "without sound", "silent": "with an empty sound track", "audible": "with sound"}[facts.sound]
    found += [
        Passage(f"It runs at {rate}.", "At what rate does the film run?", rate),
        Passage(f"It measures {size}.", "How many pixels does the film measure?", size),
        Passage(f"It is encoded in {facts.codec}.", "What is the film encoded in?", facts.codec),
        Passage(f"It comes {sound}.", "Does the film come with or without sound?", sound),
    ]
    return found


def _of_shot(order: int, shot: ShotFacts) -> list[Passage]:
    found = []
    name = f"shot {order}"
    if shot.colours:
        colour = shot.colours[0].name
        found.append(
            Passage(
                f"In {name}, from {words.seconds(shot.start)} to {words.seconds(shot.end)} seconds, the leading colour "
                f"is {colour}.",
                f"What is the leading colour in {name}?",
                colour,
            )
        )
    for movement in shot.movements:
        thing = "everything" if movement.whole else words.thing(movement)
        found.append(
            Passage(
                f"There, {thing} moves {movement.direction}.",
                f"In which direction does {thing} move in {name}?",
                movement.direction,
            )
        )
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
