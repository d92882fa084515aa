"""Sixteen types of questions about a video, and how many of each to ask for.

The taxonomy is that of LLaVA-Video-178K (Zhang et al., "Video Instruction Tuning With Synthetic Data", 2024,
arXiv:2410.02713, section 3); names and explanations are our own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from zlib import crc32

TYPES = {
    "time": "when something happens, or how long it lasts",
    "place": "where things are, relative to each other or to the frame",
    "cause": "why something happens, or what follows from it",
    "scene": "the setting: location, weather, light, surroundings",
    "person": "what somebody looks like, wears or expresses",
    "object": "what a thing is, and its colour, shape, material or state",
    "count": "how many of something there are, or how often something happens",
    "yes_no": "a statement that is true or false, to be answered with yes or no and the reason",
    "fine_action": "a small difference in how something is done: which hand, which way round, how far",
    "plot": "what the whole is about: purpose, story, outcome",
    "absent_action": "something plausible in this setting that does not happen; the answer says so",
    "order": "what comes before or after what",
    "object_direction": "the direction in which somebody or something moves",
    "camera_direction": "how the camera moves or turns",
    "speed": "how fast something is, or whether it gets faster or slower",
    "change": "how something changes: its size, colour, position, state",
}

TEMPLATE = """\
Spread the questions over these types; where the video gives nothing for a type, take another of them rather than \
invent:
{types}"""


def quotas(count: int, about: str) -> list[str]:
    """The types of so many questions, none more than once more often than another.

    Which types come first is drawn from the text that the questions are about, so that over a dataset all types come
    up equally often, and the same sample always gets the same.

    Args:
        count: how many questions.
        about: the caption.
    """
    names = list(TYPES)
    first = crc32(about.encode())
    return [names[(first + number) % len(names)] for number in range(count)]


def left_over(wanted: Sequence[str], given: Sequence[str | None], count: int) -> list[str]:
    """The types of the questions that are missing.

    Args:
        wanted: what `quotas` gave.
        given: the types of the questions that are there, as the model named them.
        count: how many are missing.
    """
    missing = Counter(wanted) - Counter(name_of(label) for label in given if label)
    return list(missing.elements())[:count]


QUOTA = "- {count} of type {name}"
"""What a line on a type begins with. The embedded serving knows it by this."""


def describe(wanted: Sequence[str]) -> str:
    """The quotas in words, for a prompt."""
    lines = (f"{QUOTA.format(count=count, name=name)}: {TYPES[name]}" for name, count in Counter(wanted).items())
    return TEMPLATE.replace("{types}", "\n".join(lines))


def name_of(label: str) -> str:
    """A model's label as the name of our type where it is one, else as it is."""
    name = "_".join(label.lower().replace("-", " ").replace("/", " ").split())
    return name if name in TYPES else label.strip()


def words() -> str:
    """Everything said about types, for the manifest."""
    return TEMPLATE + "".join(f"\n{name}: {text}" for name, text in TYPES.items())
