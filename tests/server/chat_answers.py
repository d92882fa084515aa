"""True answers of the chat personality: what it says of a subject when it does what it was asked, word for word.

A subject is known by its digest; all words follow from it, and each answer names a code that no other subject has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any

COLOURS = ("red", "blue", "green", "white", "black", "yellow", "grey", "orange")
THINGS = ("bus", "ferry", "tractor", "tram", "kiosk", "bicycle", "lighthouse", "piano", "bench", "crane")
PLACES = ("a market square", "a harbour", "a mountain road", "a wide beach", "an empty hall", "a railway yard")
WEATHERS = ("in the rain", "at dusk", "in bright sunlight", "under a low sky", "in thick fog")

# Words that refusals are made of, in the mouth of what is shown. A true caption may say all of this.
HARD = (
    'A sign beside it says "I\'m sorry, we are closed today".',
    'A subtitle at the bottom reads: "I can\'t help you any more."',
    'On a poster a robot presents itself with the words "as an AI artist, I paint at night".',
    "A man shakes his head as if he could not go on, and nobody is able to help him.",
    "No text is visible on the wall behind it, and no person can be seen.",
    'Someone has written "Sure! Let me know" on the side in chalk.',
)
OTHER_TONGUES = (
    "Ein roter Wagen steht am Hafen, im Hintergrund ein Kran. Auf dem Schild steht {code}.",
    "Un autobús se detiene en la plaza mayor y nadie sube. En el cartel se lee {code}.",
    "一辆公交车停在广场旁边，车牌上写着{code}。",
    "広場の横にバスが止まっていて、標識には{code}と書かれている。",
)
FOUNDERS = ("Anna Lindqvist", "Tomas Rehor", "Marie Delcourt", "Kenji Arata", "Olga Petrova")
TOWNS = ("Brattvag", "Olsany", "Durance", "Sakaide", "Vyborg")
MATERIALS = ("larch wood", "cast iron", "limestone", "brass", "slate")


@dataclass(frozen=True, slots=True)
class TrueAnswer:
    """An answer as it should stand in a dataset.

    Args:
        text: the whole of it, as the model prints it when it adds nothing.
        pairs: the questions with their answers in it; none in a caption.
    """

    text: str
    pairs: tuple[tuple[str, str], ...] = ()


def code_of(subject: str) -> str:
    """The code that stands for a subject in every answer about it, as `K-3F09A2`."""
    return f"K-{sha256(subject.encode()).hexdigest()[:8].upper()}"


def caption_of(subject: str) -> TrueAnswer:
    """A caption."""
    rng, code = Random(subject), code_of(subject)
    colour, thing, place, weather = (rng.choice(words) for words in (COLOURS, THINGS, PLACES, WEATHERS))
    if rng.random() < 0.2:
        return TrueAnswer(rng.choice(OTHER_TONGUES).format(code=code))
    sentences = [f"A {colour} {thing} stands in {place} {weather}."]
    if rng.random() < 0.4:
        sentences.append(rng.choice(HARD))
    sentences.append(f"The plate on its side reads {code}, and the picture ends at a low wall.")
    return TrueAnswer(" ".join(sentences))


def pairs_of(subject: str, count: int) -> TrueAnswer:
    """Question-answer pairs as text."""
    pairs = _pairs(subject, count)
    return TrueAnswer("\n\n".join(f"- Q: {question}\n  A: {answer}" for question, answer in pairs), pairs)


def records_of(subject: str, count: int, *, typed: bool) -> tuple[dict[str, Any], TrueAnswer]:
    """Question-answer pairs as the data of `{"qa": [...]}`.

    Args:
        typed: each has the type of its question.
    """
    pairs = _pairs(subject, count)
    kinds = {"type": "object"} if typed else {}
    records = [{**kinds, "question": question, "answer": answer} for question, answer in pairs]
    return {"qa": records}, TrueAnswer("", pairs)


def article_of(subject: str, count: int) -> TrueAnswer:
    """An article that speaks of no picture, with pairs whose answers stand in it."""
    rng, code = Random(subject), code_of(subject)
    thing, founder, town, material = (rng.choice(words) for words in (THINGS, FOUNDERS, TOWNS, MATERIALS))
    year, height = rng.randrange(1820, 1960), rng.randrange(12, 95)
    article = (
        f"The {thing} of {town} was built in {year} after plans of {founder}. Its frame is made of {material}, which "
        f"was brought there over the sea.\n\nIt is {height} metres long and carries the number {code} in the register "
        f"of monuments. Since the last repair it has been open to visitors on Sundays."
    )
    known = (
        (f"When was this {thing} built?", str(year)),
        ("Whose plans does it follow?", founder),
        ("What is its frame made of?", material),
        ("Which number does it carry in the register of monuments?", code),
        ("On which day of the week may one visit?", "Sundays"),
    )
    pairs = known[:count]
    told = "\n\n".join(f"Question: {question}\nAnswer: {answer}" for question, answer in pairs)
    return TrueAnswer(f"{article}\n\n{told}", pairs)


def wanted_pairs(prompt: str, default: int) -> int:
    """How many pairs a prompt asks for."""
    found = re.search(r"(\d{1,2}) (?:further )?question-answer", prompt)
    return int(found[1]) if found else default


def _pairs(subject: str, count: int) -> tuple[tuple[str, str], ...]:
    rng, code = Random(subject), code_of(subject)
    colour, thing, place, weather = (rng.choice(words) for words in (COLOURS, THINGS, PLACES, WEATHERS))
    known = (
        (f"Which colour has the {thing}?", colour),
        ("What does the plate on its side read?", code),
        (f"Where does the {thing} stand?", f"In {place}."),
        ("What does the sign beside it say?", '"I\'m sorry, we are closed."'),
        ("How is the light?", f"It is seen {weather}."),
        ("How many people are visible?", "None, no person can be seen."),
    )
    return known[:count]
