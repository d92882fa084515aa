"""Recognises the marks that models put before questions and answers: `**Q1:**`, `### Question 2`, `Ans.`, `问：`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from dataflow.parsing.lines import BULLET, NUMBER
from dataflow.parsing.names import ANSWER_MARKS, ARTICLE_MARKS, LABEL_MARKS, QUESTION_MARKS

Kind = Literal["question", "answer", "label", "article"]
_KINDS: tuple[Kind, ...] = ("question", "answer", "label", "article")

MAX_MARKS = 10_000
"""No answer holds more; what stands behind is not read."""

_FIRST_LETTERS = "".join(
    {word[0] for words in (QUESTION_MARKS, ANSWER_MARKS, LABEL_MARKS, ARTICLE_MARKS) for word in words}
    | {*"mosevrfhbnytigldcp"}  # the words that may stand before a mark's own
)


def _any(words: Iterable[str]) -> str:
    """An alternation, longest word first, grouped by first letter so that most lines fail at once."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        groups.setdefault(word[0], []).append(re.escape(word[1:]).replace(r"\ ", "[ \\t]"))
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in groups.items())


_PAIR = (
    r"(?:(?:v?qa|q[ \t]?&[ \t]?a|question[ \t]?[-–/&][ \t]?answer|pair|example|item|set)(?:[ \t-]*pair)?[ \t]*#?[ "
    r"\t]*\d{1,4}"
    r"[ \t]*[:：.)\]-][ \t]*[*_]*[ \t]*)"
)
_ASKING = (
    r"(?:(?:multiple[ -]choice|open[ -]ended|sample|example|visual|reasoning|factual|easy|medium|hard|short|bonus|"
    r"next|first|second|"
    r"third|follow[ -]?up|yes/no|spatial|temporal|causal|inferential|descriptive|counting|the|my|user)[ \t]+)"
)
_ANSWERING = (
    r"(?:(?:the|my|correct|right|final|short|long|sample|expected|suggested|model|best|possible|detailed|brief|"
    r"reference|"
    r"gold(?:en)?|complete|full|true)[ \t]+)"
)
_COUNT = (
    r"(?:[ \t]*+(?:#|no\.?|nr\.?|n[°º]\.?|№|number)?[ \t]*+[(\[_.#-]?(?P<num>\d{1,4}(?:\.\d{1,3})?+|"
    r"[一二三四五六七八九十]{1,3})"
    r"(?:[ \t]?(?:of|/)[ \t]?\d{1,4})?[)\]]?)?+"
)
_NOTE = r"(?:[ \t]*+[(\[（【{](?P<note>[^()\[\]（）【】{}\n]{1,80})[)\]）】}])?+"
_SEP = (
    r"(?:(?P<colon>[ \t]*[:：﹕∶=][*_`\"'”’]*)"
    r"|(?P<dot>(?:[.．、)）\]】][ \t]*[*_]*(?=[ \t]|[^\x00-\x7f])|[】\]）][ \t]*[*_]*(?=\S)))"
    r"|(?P<dash>[ \t]+(?:[-–—=~]{1,2}>?|→)[ \t]+)"
    r"|(?P<alone>[ \t]*$)"
    r"|(?P<bold>(?<=[*_][*_])[ \t]*(?=\S))"
    r"|(?P<gap>[ \t]+(?=\S)))"
)
_MARK = re.compile(
    rf"^(?P<lead>[ \t>]*+(?:#{{1,6}}[ \t]*+)?+(?:{BULLET})?+[*_]{{0,3}}+(?:{NUMBER})?+[*_ "
    rf"\t]{{0,4}}+(?:{_PAIR}[*_]*[ \t]*)?+"
    rf"[\"'“`(\[【<（]{{0,2}}+[ \t]?)(?=[{_FIRST_LETTERS}])"
    rf"(?:{_ASKING}?(?P<question>{_any(QUESTION_MARKS)})|{_ANSWERING}{{0,2}}(?P<answer>{_any(ANSWER_MARKS)}|"
    rf"(?<=correct[ ])(?:option|choice)|"
    rf"correct(?=[ \t*]*[:：])|r(?=[ \t]*\d{{0,3}}[ \t]*[:：]))"
    rf"|(?P<label>{_any(LABEL_MARKS)})|(?P<article>{_any(ARTICLE_MARKS)}))"
    rf"(?:\(s\))?{_COUNT}(?P<close>[ \t]?[*_`\"'”’]*+){_NOTE}[*_`\"'”’]*+{_SEP}[ \t]*",
    re.MULTILINE,
)
"""Read in lower case: to ignore case costs three times as long."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at the start of a line.

    Args:
        kind: what follows it.
        word: the mark's word in lower case.
        number: the number in it, or "".
        note: what stands in brackets behind it, or "".
        start: where its line begins, in characters.
        end: where the content begins.
        sep: what separates it from the content: `colon`, `dot`, `dash`, `alone`, `bold` or `gap`.
        lead: what decorates it.
    """

    kind: Kind
    word: str
    number: str
    note: str
    start: int
    end: int
    sep: str
    lead: str


def find_marks(text: str) -> list[Mark]:
    """The marks in a text, in order."""
    found: list[Mark] = []
    for mark in _marks(text):
        found.append(mark)
        if len(found) == MAX_MARKS:
            break
    return found


def _marks(text: str) -> Iterator[Mark]:
    # Each letter stays where it is: İ alone becomes two in lower case.
    for match in islice(_MARK.finditer(text.replace("İ", "i").lower()), 2 * MAX_MARKS):
        kind: Kind = next(kind for kind in _KINDS if match[kind] is not None)
        mark = Mark(
            kind,
            match[kind],
            (match["num"] or "").lstrip("0"),
            text[slice(*match.span("note"))].strip() if match["note"] else "",
            match.start(),
            match.end(),
            next(name for name in ("colon", "dot", "dash", "alone", "bold", "gap") if match[name] is not None),
            text[match.start() : match.end("lead")],
        )
        # A letter is a mark by itself only: `The A1 road` is a sentence.
        if _stands(mark) and (len(mark.word) > 1 or match.start(kind) == match.end("lead")):
            yield mark


def _stands(mark: Mark) -> bool:
    """Whether what looks like a mark is one, and not the first word of a sentence."""
    letter = len(mark.word) == 1 and mark.word.isascii()
    bold = "*" in mark.lead or "_" in mark.lead
    if mark.kind in {"label", "article"}:
        return mark.sep == "colon" or (mark.kind == "article" and mark.sep == "alone" and (bold or "#" in mark.lead))
    if mark.sep == "gap":
        return letter and mark.number.isdigit()
    if mark.sep == "bold":
        return bold
    if mark.sep == "alone":
        return True
    if mark.sep == "dash":
        return True
    if mark.sep == "dot":
        return (
            letter
            or bool(mark.number)
            or mark.word in {"ans", "ques", "qn", "que"}
            or mark.lead.rstrip().endswith(("(", "[", "【", "（"))
        )
    return True


_LETTERS = re.compile(
    r"^(?P<lead>[ \t>*_#-]{0,8}+(?:\d{1,4}[.)][ \t*_]{0,4})?)(?P<letter>[pdfvsrcaвоo문답سج])"
    r"[ \t]?(?P<num>\d{0,4})[*_]{0,2}"
    r"[ \t]?[:：][*_]{0,2}[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_LETTER_PAIRS = frozenset({"pr", "dr", "fa", "во", "va", "sc", "문답", "po", "سج"})


def letter_marks(text: str) -> list[Mark]:
    """Marks of one letter in languages where question and answer do not begin with Q and A: Spanish `P:` and `R:`."""
    found = list(itertools.islice(_LETTERS.finditer(text), MAX_MARKS))
    letters = "".join(match["letter"].lower() for match in found[:2])
    if letters not in _LETTER_PAIRS:
        return []
    return [
        Mark(
            "question" if match["letter"].lower() == letters[0] else "answer",
            match["letter"].lower(),
            match["num"],
            "",
            match.start(),
            match.end(),
            "colon",
            match["lead"],
        )
        for match in found
        if match["letter"].lower() in letters
    ]
