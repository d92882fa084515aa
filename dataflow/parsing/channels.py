"""The channels in which gpt-oss (Harmony) and Gemma speak: one holds the answer, the others their reasoning."""

from __future__ import annotations

import re

# Harmony: <|start|>assistant<|channel|>analysis<|message|>..<|end|>; Gemma: <|channel>thought\n..<channel|>answer.
_HARMONY = re.compile(
    r"(?:<\|start\|>\s?(?:[\w.:-]{1,60}\s{0,3})?)?<\|channel\|>\s?(?P<name>\w{1,30})[^<>\n]{0,200}"
    r"(?:<\|constrain\|>[^<>\n]{0,30})?<\|message\|>"
)
_HARMONY_END = re.compile(r"<\|(?:end|return|call|start)\|>")
_GEMMA = re.compile(r"<\|channel>[ \t]*(?P<name>\w{0,30})[ \t]*\n?")
_GEMMA_END = "<channel|>"
# Where the tokenizer dropped Harmony's tokens, the names stand against the words.
_BARE = re.compile(r"\s{0,20}(?:analysis|commentary)(?=[A-Z\"'\u3040-\u9fff\uac00-\ud7af])")
_BARE_FINAL = "assistantfinal"
_ANSWERS = frozenset({"final", "answer", "response", "text"})
_OPENING = frozenset("\"'`“‘«„")


def split_channels(text: str) -> tuple[str, str]:
    """The answer and the reasoning of a text in channels; a text without channels comes back as it is.

    Where the tokenizer dropped Harmony's tokens their words remain: `analysisThe bus is red.assistantfinalA red bus.`

    Returns:
        (answer, reasoning); no answer where the text ends before its answer's channel.
    """
    if "<|channel|>" in text:
        return _harmony(text)
    if "<|channel>" in text or _GEMMA_END in text:
        return _gemma(text)
    if bare := _BARE.match(text):
        thought, final, answer = text[bare.end() :].rpartition(_BARE_FINAL)
        return (answer.strip(), thought.strip()) if final else ("", answer.strip())
    return text, ""


def _harmony(text: str) -> tuple[str, str]:
    heads = [head for head in _HARMONY.finditer(text) if not _is_spoken_of(text, head.start())]
    if not heads:
        return text, ""
    answer: list[str] = []
    reasoning = [text[: heads[0].start()]]
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        limit = following.start() if following else len(text)
        end = _HARMONY_END.search(text, head.end(), limit)
        said = text[head.end() : end.start() if end else limit]
        (answer if head["name"].lower() in _ANSWERS else reasoning).append(said)
    return "\n\n".join(_told(answer)), "\n".join(_told(reasoning))


def _gemma(text: str) -> tuple[str, str]:
    answer: list[str] = []
    reasoning: list[str] = []
    at = 0
    for head in _GEMMA.finditer(text):
        if head.start() < at or _is_spoken_of(text, head.start()):
            continue
        answer.append(text[at : head.start()])
        end = text.find(_GEMMA_END, head.end())
        said = text[head.end() : end if end >= 0 else len(text)]
        (answer if head["name"].lower() in _ANSWERS else reasoning).append(said)
        at = end + len(_GEMMA_END) if end >= 0 else len(text)
    end = text.rfind(_GEMMA_END, at)
    if end >= 0 and not _is_spoken_of(text, end):
        # The chat template printed the opening mark before the model spoke.
        reasoning += [*answer, text[at:end].removeprefix("thought")]
        answer, at = [], end + len(_GEMMA_END)
    if at == 0:
        return text, ""
    return "".join([*answer, text[at:]]).strip(), "\n".join(_told(reasoning))


def _told(parts: list[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]


def _is_spoken_of(text: str, at: int) -> bool:
    """Whether a quotation mark stands right before a mark, so that the answer speaks of it."""
    return text[max(0, at - 1) : at] in _OPENING
