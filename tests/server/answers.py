"""The answers of the test endpoint. The same question always gets the same answer, and it names its own media."""

from __future__ import annotations

from typing import Any

import orjson

from tests.server.config import Config
from tests.server.question import Question, digest12
from tests.server.structured import instance_of

REASONING = "The user wants to know what is shown. I look at it first."


def light_text(config: Config, digest: str) -> str:
    """The answer to a body that was not read, only hashed."""
    if config.answer == "qa":
        return f"- Q: Which request is this?\n  A: {digest}"
    return f"An answer to request {digest}."


def answer_text(config: Config, question: Question, order: int, attempt: int) -> str:
    """The answer to a question.

    Args:
        order: how many records arrived before the first request of this one.
        attempt: how often this record was asked before.

    Raises:
        ValueError: the script has no answer to this.
    """
    if config.answer == "script":
        return _scripted(config.script, question, order, attempt)
    if config.answer == "echo":
        return _echo(question)
    if question.schema is not None:
        return orjson.dumps(instance_of(question.schema, question.subject, config.qa_pairs)).decode()
    if config.answer == "caption":
        return f"The picture shows the test pattern {question.subject}."
    pairs = (
        f"- Q: What is the digest of medium {number + 1}?\n  A: {digest}"
        for number, digest in enumerate(_cycle(question, config.qa_pairs))
    )
    return "\n\n".join(pairs)


def answered(config: Config, model: str, text: str, prompt_tokens: int, *, cut: bool) -> dict[str, Any]:
    """The body of a chat completion with an answer.

    Args:
        cut: whether the token limit ended it, which leaves half of the text.
    """
    message = {"role": "assistant", "content": text[: len(text) // 2] if cut else text}
    if config.reasoning == "think":
        message["content"] = f"<think>\n{REASONING}\n</think>\n\n{message['content']}"
    elif config.reasoning:
        message[config.reasoning] = REASONING
    return completion(model, message, "length" if cut else "stop", usage(prompt_tokens, len(text) // 4 + 1))


def completion(model: str, message: dict[str, Any], finish: str, usage: dict[str, Any]) -> dict[str, Any]:
    """The body of a chat completion."""
    return {
        "id": f"chatcmpl-{digest12(orjson.dumps(message))}",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": usage,
    }


def usage(prompt_tokens: int, completion_tokens: int, cached_tokens: int = 0) -> dict[str, Any]:
    """What an answer cost, as OpenAI's API words it."""
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
        "total_tokens": prompt_tokens + completion_tokens,
        **({"prompt_tokens_details": {"cached_tokens": cached_tokens}} if cached_tokens else {}),
    }


def _echo(question: Question) -> str:
    media = (
        f"{len(digests)} {kind} [{' '.join(digests)}]"
        for kind, digests in (("images", question.images), ("videos", question.videos), ("audios", question.audios))
    )
    told = f"echo of {question.model}: {', '.join(media)}, prompt {digest12(question.prompt.encode())}"
    # Whoever asks for pairs in this form gets one, or no answer would be of the form that was asked for.
    return f"- Q: What arrived?\n  A: {told}" if "- Q:" in question.prompt else told


def _cycle(question: Question, pairs: int) -> list[str]:
    known = question.images + question.videos + question.audios or (question.subject,)
    return [known[number % len(known)] for number in range(pairs)]


def _scripted(script: Any, question: Question, order: int, attempt: int) -> str:
    if not isinstance(script, dict):
        return str(script[min(order, len(script) - 1)])
    for pattern, answer in script.items():
        if question.finds(pattern):
            return answer if isinstance(answer, str) else str(answer[min(attempt, len(answer) - 1)])
    raise ValueError(f"the script has no answer to: {question.prompt[:200]}")
