"""Takes a model's reasoning off its answer, whatever tags the model marks it with."""

from __future__ import annotations

import re

from dataflow.parsing.channels import split_channels
from dataflow.parsing.quotations import in_quotation

_NAMES = r"(?:seed:|antml:)?(?:think|thinking|thoughts?|reasoning|scratchpad)"
_TAG = re.compile(
    rf"<[ ]?(?P<close>/)?[ ]?{_NAMES}(?:[ ][^<>\n]{{0,100}})?>"
    rf"|\[(?P<close2>/)?{_NAMES}\]"
    rf"|◁(?P<close3>/)?{_NAMES}▷"
    r"|<\|(?:begin|(?P<close4>end))_of_thought\|>|<\|(?:start|(?P<close5>end))_thinking\|>",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[ \t]*(?P<info>[^\n`]*)$", re.MULTILINE)
_WRAPPED = re.compile(
    r"<(?P<name>answer|response)>(?P<inside>(?:[^<]|<(?!/?(?:answer|response)>))*+)(?:</(?P=name)>)?\s*\Z",
    re.IGNORECASE,
)
_QUOTES = frozenset("\"'`“”‘’«»„")


def split_reasoning(text: str) -> tuple[str, str]:
    """The answer and the reasoning of a model's text, tags gone from both.

    Blocks may be nested, may lack their opening tag (chat templates print it before the model speaks) and may never be
    closed, and then there is no answer. Channels (Harmony, Gemma) are told apart likewise. A tag inside code or
    quotation marks is one that the answer speaks of.

    Args:
        text: what the model printed.

    Returns:
        (answer, reasoning). Text without tags comes back as it is, with empty reasoning.
    """
    told, thought = split_channels(text)
    if thought:
        inner, more = _split_tags(told)
        return inner, "\n".join(filter(None, (thought, more)))
    return _split_tags(told)


def _split_tags(text: str) -> tuple[str, str]:
    tags = [(tag, any(tag.groups())) for tag in _TAG.finditer(text)]
    tags = _real_tags(text, tags)
    if not tags:
        return text, ""
    answer: list[str] = []
    reasoning: list[str] = []
    depth = at = closes_left = 0
    closes_left = sum(closing for _, closing in tags)
    for tag, closing in tags:
        before = text[at : tag.start()]
        if closing:
            if depth == 0:
                # No block is open, so everything said so far was said before the answer began.
                reasoning += [*answer, before]
                answer = []
            else:
                reasoning.append(before)
            closes_left -= 1
            # The last closing tag ends every block: an extra opening tag is the template's, printed twice.
            depth = 0 if closes_left == 0 else max(depth - 1, 0)
        else:
            (reasoning if depth else answer).append(before)
            depth += 1
        at = tag.end()
    (reasoning if depth else answer).append(text[at:])
    told = "".join(answer).strip()
    if wrapped := _WRAPPED.match(told):
        told = wrapped["inside"].strip()
    return told, "\n".join(part.strip() for part in reasoning if part.strip())


def _real_tags(text: str, tags: list[tuple[re.Match[str], bool]]) -> list[tuple[re.Match[str], bool]]:
    if not tags:
        return []
    code = fenced_blocks(text)
    quotes = any(mark in text for mark in _QUOTES)
    real = []
    inside = False
    span = 0
    for tag, closing in tags:
        while span < len(code) and code[span][1] <= tag.start():
            span += 1
        in_code = span < len(code) and code[span][0] <= tag.start()
        leads = tag.start() < 100 and not text[: tag.start()].strip()
        # Within a block quotation marks and fences are the model's scratch work and rarely balanced.
        quoted = quotes and _between_quotes(text, tag)
        if not inside:
            in_words = quoted or (quotes and in_quotation(text, *tag.span(), reach=500, apostrophes=True))
            quoted = not leads and (in_code or in_words)
        if quoted:
            continue
        if not closing and not inside and not leads and not _opens_here(text, tag, tags):
            continue
        inside = not closing
        real.append((tag, closing))
    return real


def _opens_here(text: str, tag: re.Match[str], tags: list[tuple[re.Match[str], bool]]) -> bool:
    """Whether an opening tag in mid-answer begins a block: at the start of a line, or closed further on."""
    before = text[max(0, tag.start() - 100) : tag.start()].rpartition("\n")[2]
    return not before.strip() or (tags[-1][1] and tags[-1][0].start() > tag.start())


def fenced_blocks(text: str) -> list[tuple[int, int]]:
    """Closed fenced blocks. A fence with a language can only open, so it shows that the one before was never closed."""
    spans = []
    opened: int | None = None
    for fence in _FENCE.finditer(text):
        if opened is None or fence["info"].strip():
            opened = fence.start()
        else:
            spans.append((opened, fence.end()))
            opened = None
    return spans


def _between_quotes(text: str, tag: re.Match[str]) -> bool:
    start, end = tag.span()
    return text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES
