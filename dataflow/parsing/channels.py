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
_BARE = re.compile(r"\s{0,20}(?:analysis|commentary)(?=[A-Z\"'\u3400-\u9fff])")
_BARE_FINAL = "assistantfinal"
_ANSWERS = frozenset({"final", "answer", "response", "text"})


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
    if (bare := _BARE.match(text)) and (at := text.rfind(_BARE_FINAL)) > 0:
        return text[at + len(_BARE_FINAL) :].strip(), text[bare.end() : at].strip()
    return text, ""


def _harmony(text: str) -> tuple[str, str]:
    heads = list(_HARMONY.finditer(text))
    if not heads or _is_quoted(text, heads[0].start(), heads[0].end()):
        return text, ""
    answer: list[str] = []
    reasoning = [text[: heads[0].start()]]
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        limit = following.start() if following else len(text)
        end = _HARMONY_END.search(text, head.end(), limit)
        said = text[head.end() : end.start() if end else limit].strip()
        (answer if head["name"].lower() in _ANSWERS else reasoning).append(said)
    return "\n\n".join(filter(None, answer)), "\n".join(part for part in map(str.strip, reasoning) if part)


def _gemma(text: str) -> tuple[str, str]:
    answer: list[str] = []
    reasoning: list[str] = []
    at = 0
    while (head := _GEMMA.search(text, at)) is not None:
        if _is_quoted(text, head.start(), head.end()):
            answer.append(text[at : head.end()])
            at = head.end()
            continue
        answer.append(text[at : head.start()])
        end = text.find(_GEMMA_END, head.end())
        said = text[head.end() : end if end >= 0 else len(text)].strip()
        (answer if head["name"].lower() in _ANSWERS else reasoning).append(said)
        at = end + len(_GEMMA_END) if end >= 0 else len(text)
    rest = text[at:]
    if not reasoning and _GEMMA_END in rest and not _is_quoted(rest, rest.find(_GEMMA_END), len(_GEMMA_END)):
        # The chat template printed the opening mark before the model spoke.
        thought, _, rest = rest.rpartition(_GEMMA_END)
        reasoning, answer = [*answer, thought.removeprefix("thought").strip()], []
    if not reasoning and len(answer) == 0:
        return text, ""
    if not reasoning:
        return text, ""
    return "".join([*answer, rest]).strip(), "\n".join(part for part in map(str.strip, reasoning) if part)


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Whether quotation marks or backticks stand around a mark, so that the answer speaks of it."""
    return text[max(0, start - 1) : start] in {'"', "'", "`", "“", "‘", "«"} and text[end : end + 1] != ""
