"""One kind of line break, and a question or an answer freed of what decorates and trails it."""

from __future__ import annotations

import re

from dataflow.parsing.chatter import (
    ANSWERS_HEADING,
    QA_HEADING,
    is_leave_taking,
    is_pair_heading,
    is_preamble,
    is_rule,
    is_section,
    is_stray_tag,
)

_BREAKS = re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85")
_TRAILING_LINES = 1000
BREAK = "\u2060\n"
"""A line break of our own: `normalise` leaves no word joiner in a text, so this one can be found again."""
_DANGLING = re.compile(r"[ \t|;/→⇒➡]*+\u2060\s*\Z")
_GAPS = re.compile(r"\n{4,}")
_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff\u00ad]")
_SPACES = re.compile("[\u00a0\u202f\u2007]")

BULLET = r"(?:[-–—*+•●▪‣◦·○►▶➤✦❖]|[^\w\s#*_|<>\[\](){}\"'`“”‘’«»¿¡$€£¥=~^\\/&%@!?.,:;+-][\ufe0f\u20e3]?)[ \t]+"
NUMBER = (
    r"(?:\(?\d{1,4}(?:[.)、．：:\]）]|\ufe0f?\u20e3|(?=[*_]))[ \t]*|\[\d{1,4}\][ \t]*|[①-⑳][ \t]*|"
    r"第\d{1,3}[题題组][：:、.]?[ \t]*|"
    r"(?:[a-h]|[ivx]{1,4})[.)][ \t]+(?=[*_]{0,3}(?:question|answer|ans|q|a)[ \t]?\d{0,3}[*_]{0,3}[ \t]?[:：]))"
)
LEAD = rf"[ \t>]*+(?:#{{1,6}}[ \t]*+)?+(?:{BULLET})?+[*_]{{0,3}}+(?:{NUMBER})?+[*_ \t]{{0,4}}+"


def normalise(text: str) -> str:
    """The text with one kind of line break and of space, without invisible characters and gaps of many lines."""
    if not text.isascii():
        text = _SPACES.sub(" ", _INVISIBLE.sub("", text))
    return _GAPS.sub("\n\n\n", _BREAKS.sub("\n", text))


def rejoin(text: str) -> str:
    """The text without breaks put in by us, and without the bar or semicolon that led to one at its end."""
    if BREAK[0] not in text:
        return text
    return _DANGLING.sub("", text).replace(BREAK, "").replace(BREAK[0], "")


def trim_end(text: str, last: bool = False) -> str:
    """A question or an answer without what trails it: rules, the number or heading of the next pair, leave-taking.

    Args:
        text: the text up to the next mark; its first line is never taken away.
        last: True for the last answer of a text, behind which the model may say good-bye.
    """
    end = _before_leave_taking(text) if last else len(text)
    end = _back_over_space(text, end)
    for _ in range(_TRAILING_LINES):
        if (start := text.rfind("\n", 0, end) + 1) == 0:
            break
        line = text[start:end]
        before = _back_over_space(text, start - 1)
        after_blank = text.find("\n", before, start - 1) >= 0
        if len(line) > 600 or before == 0 or not _trails(line, after_blank, last):
            break
        end = before
    return text[:end]


def _trails(line: str, after_blank: bool, last: bool) -> bool:
    if is_rule(line) or is_stray_tag(line) or QA_HEADING.match(line) or ANSWERS_HEADING.match(line):
        return True
    if last and is_leave_taking(line, after_blank):
        return True
    if not last and line.lstrip(" >").startswith("#"):
        return True
    # Behind the last answer there is no next pair whose number or heading this could be.
    if last:
        return False
    return is_pair_heading(line) or (after_blank and (is_section(line) or is_preamble(line)))


def _back_over_space(text: str, end: int) -> int:
    while end > 0 and text[end - 1].isspace():
        end -= 1
    return end


def _before_leave_taking(text: str, paragraphs: int = 100, reach: int = 1000) -> int:
    """Where a closing paragraph begins, looked for in the last `reach` characters only."""
    at = text.find("\n\n", max(0, len(text) - reach))
    for _ in range(paragraphs):
        if at < 0:
            break
        if is_leave_taking(text[at : at + 600].strip().partition("\n")[0]):
            return at
        at = text.find("\n\n", at + 2)
    return len(text)


_NO_MARGIN = re.compile(r"\n[^\s>]")
_WHOLE_BOLD = re.compile(r"(\*\*\*|\*\*|__|\*|_)(?P<inside>[^*_\n]+)\1[.:]?")
_MARGIN = re.compile(r"\n[ \t>]+(?=\S)")


def tidy(text: str) -> str:
    """A question or an answer as words: margins, bold around the whole and unmatched marks of bold gone."""
    text = rejoin(text).strip()
    if "\n" in text:
        text = _unindent(text)
        text = re.sub(r"\n{3,}", "\n\n", text)
    if bold := _WHOLE_BOLD.fullmatch(text):
        return bold["inside"].strip()
    for mark in ("**", "__"):
        if text.count(mark) % 2:
            if text.endswith(mark):
                text = text[: -len(mark)].rstrip()
            elif text.startswith(mark):
                text = text[len(mark) :].lstrip()
    if text.endswith("*") and text.count("*") == 1:
        text = text[:-1].rstrip()
    return text


def _unindent(text: str) -> str:
    lines = [line.rstrip() for line in text.split("\n")]
    if _NO_MARGIN.search(text):
        return "\n".join(lines)
    margins = [len(line) - len(line.lstrip(" \t>")) for line in lines[1:] if line]
    margin = min(margins, default=0)
    return "\n".join([lines[0], *(line[margin:] if line else "" for line in lines[1:])])
