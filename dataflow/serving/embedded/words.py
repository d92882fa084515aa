"""Facts as sentences. Every value stands in a fixed place of a fixed sentence, so that `reading` finds it again."""

from __future__ import annotations

from dataflow.serving.embedded.facts import (
    Colour,
    Entry,
    Facts,
    ImageFacts,
    Movement,
    ShotFacts,
    Sound,
    Stir,
    VideoFacts,
    orientation_of,
)

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

ENTRIES: dict[Entry, str] = {"cut": "A hard cut", "fade": "A fade", "dissolve": "A dissolve"}

SOUNDS: dict[Sound, str] = {
    "none": "has no sound",
    "silent": "has a sound track on which nothing is heard",
    "audible": "has sound",
}

STIRS: dict[Stir, str] = {
    "still": "nothing moves",
    "changing": "something changes, in no clear direction",
    "unmeasured": "movement was not measured",
}

LIGHTS = ((15, "very dark"), (35, "dark"), (65, "of medium brightness"), (85, "bright"), (101, "very bright"))
"""Mean luma in percent below which a picture is called so."""

PACES = ((0.2, "slowly"), (0.5, "at medium speed"), (float("inf"), "fast"))
"""Frame widths per second below which a movement is called so."""


def caption(facts: Facts) -> str:
    """Everything that is known of a picture or a video, as one text."""
    return video_caption(facts) if isinstance(facts, VideoFacts) else image_caption(facts)


def video_caption(facts: VideoFacts) -> str:
    """A video told in the order of its shots."""
    count = "is a single shot" if len(facts.shots) == 1 else f"has {number(len(facts.shots))} shots"
    sentences = [
        f"The video lasts {seconds(facts.seconds)} seconds and {count}.",
        f"It measures {facts.width} by {facts.height} pixels ({orientation_of(facts)}), runs at "
        f"{decimal(facts.fps)} frames per second, is encoded in {facts.codec} and {SOUNDS[facts.sound]}.",
    ]
    if facts.fade_in:
        sentences.append(f"It fades in during its first {seconds(facts.fade_in)} seconds.")
    for order, shot in enumerate(facts.shots, start=1):
        if shot.entry != "start":
            sentences.append(f"{ENTRIES[shot.entry]} at {seconds(shot.start)} s leads to shot {order}.")
        sentences.append(shot_sentence(order, shot))
    if facts.fade_out:
        sentences.append(f"It fades out during its last {seconds(facts.fade_out)} seconds.")
    return " ".join(sentences)


def shot_sentence(order: int, shot: ShotFacts) -> str:
    """One shot: when, its colours, its light, what moves."""
    span = f"{seconds(shot.start)} s to {seconds(shot.end)} s"
    return (
        f"In shot {order} ({span}) the picture is {colours(shot.colours)}, and {light(shot.brightness)}; {stir(shot)}."
    )


def image_caption(facts: ImageFacts) -> str:
    """A picture: its form, its colours and where they are, its light, how it was taken."""
    sentences = [
        f"The picture measures {facts.width} by {facts.height} pixels ({orientation_of(facts)}).",
        f"It is {colours(facts.colours)}.",
        f"It is {light(facts.brightness)} and has {facts.contrast} contrast.",
    ]
    look = f"is {facts.sharpness} and {facts.texture}" if facts.sharpness else f"is {facts.texture}"
    sentences.append(f"It {look}.")
    if facts.camera:
        sentences.append(f"It was taken with a camera named {facts.camera}.")
    if facts.taken:
        sentences.append(f"It is dated {facts.taken}.")
    return " ".join(sentences)


def colours(found: tuple[Colour, ...]) -> str:
    """`mostly blue (about 95 %), with some yellow (about 4 %)`."""
    if not found:
        return "of many colours, none of which stands out"
    first, *others = found
    words = f"{'mostly ' if first.percent >= 50 else 'partly '}{colour(first)}"
    return words + (f", with some {listed([colour(other) for other in others])}" if others else "")


def colour(one: Colour) -> str:
    """`yellow (about 4 %, at the top)`."""
    return f"{one.name} (about {one.percent} %{', ' + one.place if one.place else ''})"


def light(brightness: int) -> str:
    """`dark (brightness 25 %)`."""
    return f"{light_word(brightness)} (brightness {brightness} %)"


def light_word(brightness: int) -> str:
    """How light a picture is called."""
    return next(word for limit, word in LIGHTS if brightness < limit)


def stir(shot: ShotFacts) -> str:
    """What moves in a shot."""
    if shot.stir == "moving":
        return " and ".join(movement(one) for one in shot.movements)
    return STIRS[shot.stir]


def movement(one: Movement) -> str:
    """`a yellow area moves from left to right, slowly, at about 0.18 frame widths (118 pixels) per second`."""
    return f"{thing(one)} moves {one.direction}, {pace(one)}"


def thing(one: Movement) -> str:
    """`the whole picture`, `a yellow area`, or `something`."""
    if one.whole:
        return "the whole picture"
    return f"{article(one.colour)} area" if one.colour else "something"


def pace(one: Movement) -> str:
    """`slowly, at about 0.18 frame widths (118 pixels) per second`."""
    return f"{pace_word(one.speed)}, at about {decimal(one.speed)} frame widths ({one.pixels} pixels) per second"


def pace_word(speed: float) -> str:
    """How fast a movement is called; `speed` in frame widths per second."""
    return next(word for limit, word in PACES if speed < limit)


def article(phrase: str) -> str:
    """A phrase with `a` or `an`."""
    return f"{'an' if phrase[:1] in 'aeiou' else 'a'} {phrase}"


def number(count: int) -> str:
    """A count in words up to twelve."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def seconds(value: float) -> str:
    """Seconds with one digit, or two where that is needed: `6.0`, `2.53`."""
    text = f"{value:.2f}"
    return text[:-1] if text.endswith("0") else text


def decimal(value: float) -> str:
    """A number without superfluous digits: `24`, `29.97`."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value >= 0.1 else f"{value:.2g}"


def listed(items: list[str]) -> str:
    """`one, two and three`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
