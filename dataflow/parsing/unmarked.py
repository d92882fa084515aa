"""Pairs without any mark: a line that asks and what follows it, and a list of questions with a list of answers."""

from __future__ import annotations

import re

from dataflow.parsing.asking import CHOICE, asks, split_inline, strip_bullet, strip_lead
from dataflow.parsing.chatter import ANSWERS_HEADING, QA_HEADING, is_leave_taking, is_preamble, is_rule
from dataflow.parsing.lines import tidy, trim_end
from dataflow.parsing.marks import MAX_MARKS
from dataflow.parsing.pair import Located, QAPair

_ASKING_LINE = re.compile(r"^[^\n?？؟]*[?？؟][^\n]*$", re.MULTILINE)
_SENTENCE_BEFORE = re.compile(r"[^\s.?!][^\s.?!][.!?。！？][\"'”’)]*\s+(?=[^\W\d_])")
_STYLE = re.compile(
    r"^[ \t>]*(?P<heading>#{1,6}[ \t])?(?P<bullet>[-*•●▪◦+–][ "
    r"\t])?(?P<bold>[*_]{2})?(?P<number>\(?\d{1,4}[.)、．：:\]）])?"
)
_ITEM = re.compile(
    r"^[ \t>]*[*_]{0,2}(?:[AaQq]?(?P<number>\d{1,4})[.):、．：\]）]|[-*•])[*_]{0,2}[ \t]*(?P<text>\S[^\n]*)$",
    re.MULTILINE,
)


def listed_pairs(text: str) -> list[Located]:
    """Pairs of a list of questions and, under a heading of its own, the list of their answers, by number."""
    heading = ANSWERS_HEADING.search(text)
    if heading is None:
        return []
    answers = list(_ITEM.finditer(text, heading.end()))
    questions = list(_ITEM.finditer(text, 0, heading.start()))
    if not answers or len(questions) < len(answers):
        return []
    numbered: dict[str, re.Match[str]] = {}
    for question in questions[-MAX_MARKS:]:
        # The article may have lists of its own: of two items with the same number the later one is the question.
        numbered[question["number"] or ""] = question
    by_number = all(answer["number"] in numbered for answer in answers)
    found: list[Located] = []
    for question, answer in zip(questions[-len(answers) :], answers, strict=True):
        asked = numbered[answer["number"]] if by_number else question
        start = asked.start() if not found else heading.end()
        pair = QAPair(tidy(strip_lead(asked["text"])), tidy(trim_end(answer["text"], last=True)))
        if pair.question and pair.answer:
            found.append(Located(pair, start, answer.end()))
    return found


def unmarked_pairs(text: str) -> list[Located]:
    """Pairs of a line that asks and the lines up to the next such line; empty when there are none.

    Only lines in the style (number, bullet, heading, bold) of the last one that asks count, and only those that are one
    question and not the end of a paragraph, so that an article's rhetorical questions do not.
    """
    lines = [line for line in _asking_lines(text) if _is_one_question(line.group())]
    if not lines:
        return []
    style = _style(lines[-1].group())
    lines = [line for line in lines if _style(line.group()) == style]
    found: list[Located] = []
    for number, line in enumerate(lines):
        last = number + 1 == len(lines)
        end = len(text) if last else lines[number + 1].start()
        pair = _pair(text[line.start() : end], last)
        if pair:
            found.append(Located(pair, line.start(), end))
    return found


def _asking_lines(text: str) -> list[re.Match[str]]:
    found = []
    for line in _ASKING_LINE.finditer(text):
        content = line.group()
        if not (is_preamble(content) or is_leave_taking(content) or is_rule(content) or QA_HEADING.match(content)):
            found.append(line)
        if len(found) == MAX_MARKS:
            break
    return found


def _is_one_question(line: str) -> bool:
    asked = re.split(r"[?？؟]", strip_lead(line), maxsplit=1)[0]
    return 0 < len(asked.strip()) < 500 and not _SENTENCE_BEFORE.search(asked[:500])


def _style(line: str) -> tuple[bool, ...]:
    match = _STYLE.match(line)
    assert match is not None
    return tuple(match[name] is not None for name in ("heading", "bullet", "bold", "number"))


def _pair(block: str, last: bool) -> QAPair | None:
    block = trim_end(block, last)
    first, _, rest = block.partition("\n")
    content = strip_lead(first)
    if asks(content):
        kept = rest.split("\n")
        choices = 0
        while choices < len(kept) and (CHOICE.match(kept[choices]) or not kept[choices].strip()):
            choices += 1
        if not any(CHOICE.match(line) for line in kept[:choices]):
            choices = 0
        question = "\n".join([content, *kept[:choices]])
        answer = strip_bullet("\n".join(kept[choices:]).strip())
    else:
        split = split_inline(content, loose=False)
        if split is None:
            return None
        question, answer = split[0], split[1] + ("\n" + rest if rest.strip() else "")
    question, answer = tidy(question), tidy(answer)
    return QAPair(question, answer) if question and answer else None
