"""A chat model as users meet it: most of what it says is an answer, with chatter, tokens or reasoning around it; the
rest is none. What it does to a question follows from seed, question and attempt alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any

import orjson

from tests.server.chat_answers import TrueAnswer, article_of, caption_of, pairs_of, records_of, wanted_pairs
from tests.server.chat_texts import AFTER, BEFORE, BEFORE_REFUSAL, BLIND, REASONING, REFUSALS, THOUGHT_ALONE, WRAPPINGS
from tests.server.question import Question
from tests.server.structured import instance_of

SHARES = {
    "refused": 0.25,
    "cut": 0.10,
    "empty": 0.10,
    "blind": 0.03,
    "thought": 0.03,
    "persistent": 0.4,
    "chatter": 0.5,
    "tokens": 0.4,
    "cached": 0.5,
}
"""Of all questions: those that are refused, cut off by the token limit, answered in the reasoning alone, met with the
claim that there is no picture, and answered with reasoning that lost its tags. `persistent`: those of the first three
and of `blind` that stay so whatever is said. Of the answers: those with chatter, and with tokens or reasoning around
them. `cached`: replies whose prompt was partly in the endpoint's cache."""

FATES = ("refused", "cut", "empty", "blind", "thought")


@dataclass(frozen=True, slots=True)
class ChatReply:
    """What goes out.

    Args:
        message: of the assistant.
        finish: the finish reason.
        fate: what became of the question: `good`, or one of FATES.
        form: how: such as `text`, `field` or `filter` of a refusal.
        persistent: the same comes of it whatever is said.
        true: what the answer is, were it given whole.
        cached: the share of the prompt that was cached.
        written: tokens written, those of the reasoning among them.
    """

    message: dict[str, Any]
    finish: str
    fate: str
    form: str
    persistent: bool
    true: TrueAnswer
    cached: float
    written: int


def reply_to(question: Question, seed: int, shares: Mapping[str, float], attempt: int, pairs: int) -> ChatReply:
    """Answer a question as a chat model does.

    Args:
        seed: of all draws.
        shares: as in SHARES, which stand where one is missing.
        attempt: how often this very request was asked before.
        pairs: how many are given where the prompt does not say.
    """
    shares = {**SHARES, **shares}
    asked = _asked(question)
    subject = question.subject
    corrected = any(turn["role"] == "assistant" for turn in question.outline)
    key = sha256(f"{seed}:{subject}:{asked}".encode()).hexdigest()
    fate, persistent = _fate(key, shares, attempt, corrected=corrected)
    rng = Random(f"{key}:{attempt}:{len(question.outline)}")
    text, true = _true_text(question, asked, pairs)
    said = _dress(text, question, shares, rng)
    end = said.find(text) + len(text) // 2
    message, finish, form = _message(fate, said, said[:end], rng, fielded=question.schema is not None)
    cached = rng.choice((0.25, 0.5, 0.9)) if rng.random() < shares["cached"] else 0.0
    written = sum(len(value) for name, value in message.items() if name != "role" and value) // 4 + 1
    return ChatReply(message, finish, fate, form, persistent, true, cached, written)


def _asked(question: Question) -> str:
    """The text of the first user turn: the question itself, without corrections and what came before them."""
    for turn in question.outline:
        if turn["role"] == "user":
            content = turn["content"]
            if isinstance(content, str) or content is None:
                return content or ""
            return "\n".join(part["text"] for part in content if part["type"] == "text")
    return question.prompt


def _fate(key: str, shares: Mapping[str, float], attempt: int, *, corrected: bool) -> tuple[str, bool]:
    first = Random(key)
    draw, stays = first.random(), first.random() < shares["persistent"]
    fate = _fall(draw, shares)
    if fate not in ("good", "thought") and stays:
        return fate, True
    if corrected:
        return "good", False
    if attempt:
        # A question that is asked anew may be refused anew, but an answer that came empty comes whole the next time.
        fate = _fall(Random(f"{key}:{attempt}").random(), shares)
        return ("good" if fate == "empty" else fate), False
    return fate, False


def _fall(draw: float, shares: Mapping[str, float]) -> str:
    for fate in FATES:
        draw -= shares[fate]
        if draw < 0:
            return fate
    return "good"


def _true_text(question: Question, asked: str, pairs: int) -> tuple[str, TrueAnswer]:
    """The answer in the form that was asked for, and what is true in it."""
    subject, schema = question.subject, question.schema
    if schema is not None:
        if "qa" not in schema.get("properties", {}):
            return orjson.dumps(instance_of(schema, subject, pairs)).decode(), TrueAnswer("")
        typed = '"type"' in asked
        data, true = records_of(subject, wanted_pairs(asked, pairs), typed=typed)
        return orjson.dumps(data).decode(), true
    if "article" in asked:
        true = article_of(subject, wanted_pairs(asked, pairs))
    elif "question-answer" in asked or "QA pairs" in asked:
        true = pairs_of(subject, wanted_pairs(asked, pairs))
    else:
        true = caption_of(subject)
    return true.text, true


def _dress(text: str, question: Question, shares: Mapping[str, float], rng: Random) -> str:
    """The answer with what the model says around it."""
    if question.schema is not None:
        # An endpoint that holds the model to the schema leaves no room for chatter; with others JSON is in a fence.
        if rng.random() >= shares["chatter"]:
            return text
        text = f"```json\n{text}\n```"
    if rng.random() < shares["chatter"]:
        before, after = rng.choice(BEFORE), rng.choice(AFTER)
        where = rng.randrange(3)
        text = "\n\n".join((before, text, after)[slice(where == 1, 2 + (where != 0))])
    if rng.random() < shares["tokens"]:
        text = rng.choice(WRAPPINGS).format(answer=text, reasoning=rng.choice(REASONING))
    return text


def _message(fate: str, said: str, half: str, rng: Random, *, fielded: bool) -> tuple[dict[str, Any], str, str]:
    """The assistant's message, its finish reason, and the form of what it says.

    Args:
        said: the whole answer, and what is around it.
        half: that up to the middle of the answer.
        fielded: the question has a schema, and answers that keep to none have a field of their own.
    """
    message: dict[str, Any] = {"role": "assistant", "content": said}
    form = rng.random()
    if fate == "cut":
        if form < 0.2:
            return {**message, "content": None, "reasoning": rng.choice(REASONING)}, "length", "reasoning"
        return {**message, "content": half}, "length", "text"
    if fate == "empty":
        name = "reasoning" if form < 0.5 else "reasoning_content"
        whole = f"{rng.choice(REASONING)}\n\n{said}"
        return {**message, "content": rng.choice(("", None)), name: whole}, "stop", name
    if fate == "thought":
        return {**message, "content": rng.choice(THOUGHT_ALONE)}, "stop", "text"
    if fate == "blind":
        return {**message, "content": rng.choice(BLIND)}, "stop", "text"
    if fate == "refused":
        refusal = rng.choice(REFUSALS)
        if form < (0.5 if fielded else 0.15):
            return {**message, "content": None, "refusal": refusal}, "stop", "field"
        if form < 0.25:
            return {**message, "content": rng.choice(("", said[:20]))}, "content_filter", "filter"
        if form < 0.55:
            refusal = f"{rng.choice(BEFORE_REFUSAL)} {refusal}"
        elif form < 0.65:
            refusal = f"{refusal}<|im_end|>"
        return {**message, "content": refusal}, "stop", "text"
    return message, "stop", "text"
