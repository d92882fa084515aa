"""From a request and the facts of its media to the words of the answer."""

from __future__ import annotations

from dataflow.core import Request
from dataflow.serving.embedded import words
from dataflow.serving.embedded.article import Passage, passages
from dataflow.serving.embedded.asked import Asked, asked
from dataflow.serving.embedded.facts import Facts
from dataflow.serving.embedded.filling import Material, fill
from dataflow.serving.embedded.question_types import by_quota
from dataflow.serving.embedded.questions import Pair, all_pairs, called
from dataflow.serving.embedded.reading import read
from dataflow.serving.embedded.replying import NOTHING_TO_MEASURE, reply
from dataflow.serving.embedded.roles import play

DEFAULT_PAIRS = 3


def answer(request: Request, facts: list[Facts]) -> str:
    """The answer, as text; as JSON where the request states a schema.

    Args:
        request: the question.
        facts: of its images and videos, in order; without media those of captions of ours in the text are taken.

    Raises:
        RequestRefused: a role is asked for, and there is nothing to measure.
    """
    if (played := play(request, facts)) is not None:
        return played
    wanted = asked(request)
    known = facts or read("\n".join(message.text for message in request.messages))
    if request.schema is not None:
        return fill(request.schema, _material(wanted, known))
    if not known:
        return NOTHING_TO_MEASURE
    match wanted.wish:
        case "article":
            return _article(known, wanted)
        case "pairs":
            chosen = choose(wanted, known)[: wanted.count or DEFAULT_PAIRS]
            return "\n\n".join(f"- Q: {pair.question}\n  A: {pair.answer}" for pair in chosen)
        case "question":
            return reply(wanted.question, known)
        case _:
            return caption(known)


def caption(facts: list[Facts]) -> str:
    """All captions, each headed by its name where there are several."""
    if len(facts) == 1:
        return words.caption(facts[0])
    named = ((called(facts, at), words.caption(one)) for at, one in enumerate(facts))
    return "\n".join(f"{name[:1].upper()}{name[1:]}: {text}" for name, text in named)


def choose(wanted: Asked, facts: list[Facts]) -> list[Pair]:
    """The pairs for a request: those that its text quotes come first, or not at all where it wants others."""
    pairs = all_pairs(facts)
    quoted = [pair for pair in pairs if pair.question in wanted.text]
    fresh = [pair for pair in pairs if pair.question not in wanted.text]
    return by_quota(fresh if wanted.others else quoted + fresh, wanted.text)


def _article(facts: list[Facts], wanted: Asked) -> str:
    article, pairs = _text_and_pairs(facts)
    asked_pairs = pairs[: wanted.count or DEFAULT_PAIRS]
    lines = [f"Question: {passage.question}\nAnswer: {passage.answer}" for passage in asked_pairs]
    return "\n\n".join([article, *lines])


def _text_and_pairs(facts: list[Facts]) -> tuple[str, list[Passage]]:
    """The article on the first picture or video, and its questions, none twice."""
    told = passages(facts[0])
    pairs = {passage.question: passage for passage in told if passage.question}
    return " ".join(passage.sentence for passage in told), list(pairs.values())


def _material(wanted: Asked, facts: list[Facts]) -> Material:
    if not facts:
        return Material([], wanted.count, NOTHING_TO_MEASURE, NOTHING_TO_MEASURE)
    article, told = _text_and_pairs(facts)
    if wanted.wish == "article":
        pairs = [Pair(passage.question, passage.answer, passage.answer, "fact") for passage in told]
    else:
        pairs = choose(wanted, facts)
    return Material(pairs, wanted.count, caption(facts), article)
