"""Turning a sample's conversation and media into a request, and writing back the prompt that was used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dataflow.core import Message, Sample, SampleError, TextPart, is_missing
from dataflow.core.conversation import ROLES, to_messages, turns_of
from dataflow.operators.media_fields import paths_in
from dataflow.prompts.template import Template, render


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for a sample.

    Args:
        messages: what is sent.
        conversation: the sample's turns with the prompt in them.
        by_template: whether the prompt is the template; False where the sample asks itself.
    """

    messages: tuple[Message, ...]
    conversation: list[dict[str, Any]]
    by_template: bool


def ask_with_conversation(
    sample: Sample,
    *,
    conversation: str,
    image: str,
    video: str,
    template: Template | None,
    system: str,
    sampling: str,
) -> Asked:
    """The messages for a sample, and its conversation with the prompt in it.

    The sample's own human turn is the prompt when it is not empty, else the template is.

    Args:
        conversation: the column of the turns.
        image: the column of the image paths.
        video: the column of the video paths.
        template: what is asked where the sample asks nothing itself; None where it has to.
        system: said first; empty says nothing.
        sampling: the plan for frames of videos.

    Raises:
        SampleError: there is nothing to ask, or the conversation ends in a model's turn.
    """
    value = sample.get(conversation)
    written = [] if is_missing(value) else [dict(turn) for turn in _checked(value)]
    turns = turns_of(written)
    if turns and turns[-1][0] == "assistant":
        raise SampleError("the conversation ends in a turn of the model: there is nothing left to answer")
    by_template = not any(text.strip() for role, text in turns if role == "user")
    if by_template:
        if template is None:
            raise SampleError(f"nothing to ask: {conversation!r} has no human turn with text, and no prompt was given")
        written = _with_prompt(written, render(template, sample))
        turns = turns_of(written)
    if system and not any(role == "system" for role, _ in turns):
        turns = [("system", system), *turns]
    messages = to_messages(turns, paths_in(sample, image), paths_in(sample, video), sampling)
    return Asked(messages, written, by_template)


def _checked(value: Any) -> list[dict[str, Any]]:
    turns_of(value)
    return list(value)


def _with_prompt(turns: list[dict[str, Any]], prompt: str) -> list[dict[str, Any]]:
    """The turns with the prompt as the text of the last human one, made where there is none."""
    for turn in reversed(turns):
        if ROLES.get(str(turn.get("from", turn.get("role"))).lower()) == "user":
            turn["value" if "from" in turn else "content"] = prompt
            return turns
    return [*turns, {"from": "human", "value": prompt}]


def messages_for(system: str, media: tuple[Any, ...], prompt: str) -> tuple[Message, ...]:
    """System text, then media, then the prompt: the order that lets a model's prefix cache serve the next question."""
    user = Message("user", (*media, TextPart(prompt)))
    return (Message("system", (TextPart(system),)), user) if system else (user,)
