"""Pairs in text where marks (`Q1:`, `Answer`, `问：`) say which is which. At least the answers must be marked, or the
questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dataflow.parsing.asking import asks, question_tail, split_inline
from dataflow.parsing.json_strings import unescape
from dataflow.parsing.lines import BREAK, LEAD, rejoin, tidy, trim_end
from dataflow.parsing.marks import Mark, find_marks, letter_marks
from dataflow.parsing.pair import Located, QAPair

_INLINE_BREAK = re.compile(
    r"(?<=[.?!。？！؟;|\"'”)\]*_])[ \t]*(?:[|;/][ \t]*)?(?<=[ \t|;/。？！])"
    r"(?=[*_(\[]{0,3}(?:q(?:uestion)?|a(?:ns(?:wer)?)?|问题|答案|问|答|問|質問|回答)[ \t]?\d{0,4}"
    r"(?:[*_)\]]{0,3}[ \t]?[:：][*_]{0,2}|[.)][*_]{2})[ \t]*[^\s,;])",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\s*\"((?:[^\"\\]|\\.)*+)\"(?=[ \t]*(?:[,}\n]|\Z))", re.DOTALL)
_IN_QUOTES = re.compile(r"\"[^\"]+\"|'[^']+(?:'\w[^']*)*'|“[^”]+”")
_BLOCK_SCALAR = re.compile(r"\A[ \t]*[>|][-+]?[ \t]*\n")
_LEAD = re.compile(LEAD, re.IGNORECASE)
_TABLE = re.compile(r"^[ \t]*+\|?[ \t]*+:?-{2,}+:?[ \t]*+\|", re.MULTILINE)
# A capital Q or Question with a colon in mid-line, behind words that do not end a sentence.
_INLINE_QUESTION = re.compile(
    r"(?<=[\w.,;!?)\"'’”])[ \t]+(?=[*_]{0,2}(?:Q|Question|QUESTION)[ ]?\d{0,3}[*_]{0,2}:[*_]{0,2}[ ]+[A-Z\"'*¿])"
)


def break_inline(text: str) -> str:
    """Put each mark that follows the end of a sentence in the same line at the start of a line of its own.

    The breaks can be told from the text's own and are taken back by `lines.rejoin`. Tables stay as they are.
    """
    if _TABLE.search(text):
        return text
    for pattern in (_INLINE_BREAK, _INLINE_QUESTION):
        text = pattern.sub(_break_after, text)
    return text


def _break_after(match: re.Match[str]) -> str:
    # `2. ` at the start of a line ends no sentence: it is the number of the pair whose mark follows.
    text, start = match.string, match.start()
    line = text.rfind("\n", max(0, start - 20), start) + 1
    lead = _LEAD.match(text, line) if line or start <= 20 else None
    return match.group() if lead and lead.end() >= match.end() else match.group() + BREAK


@dataclass(slots=True)
class _Asked:
    """A question that waits for its answer."""

    parts: list[str]
    number: str
    label: str | None
    start: int
    end: int

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(slots=True)
class _Answered:
    asked: _Asked
    parts: list[str]
    start: int
    end: int
    mark: Mark | None = None


class _Reader:
    """Goes through the marks once, in order."""

    def __init__(self, text: str, marks: list[Mark]) -> None:
        self.text = text
        self.marks = marks
        self.questions = sum(mark.kind == "question" for mark in marks)
        self.answers = sum(mark.kind == "answer" for mark in marks)
        labels = sum(mark.kind == "label" for mark in marks)
        self.has_labels = labels * 2 >= max(self.questions, self.answers, 1)
        self.done: list[_Answered] = []
        self.waiting: dict[str, _Asked] = {}
        self.open: _Asked | None = None
        self.answering = False
        self.floor = 0
        self.label: tuple[str, int] | None = None
        self.label_first = self.has_labels and next(
            (mark.kind == "label" for mark in marks if mark.kind in {"label", "question"}), False
        )

    def read(self) -> list[_Answered]:
        for index, mark in enumerate(self.marks):
            end = self.marks[index + 1].start if index + 1 < len(self.marks) else len(self.text)
            content = rejoin(self.text[mark.end : end])
            if mark.kind == "question":
                self._question(mark, content, end)
            elif mark.kind == "answer":
                self._answer(mark, content, end)
            elif mark.kind == "label":
                self._label(mark, content, end)
            else:
                self._settle()
                self.answering = False
        self._settle()
        return self.done

    def _question(self, mark: Mark, content: str, end: int) -> None:
        self._settle()
        label = mark.note if mark.note and not mark.note.isdigit() else None
        start = mark.start
        if self.label:
            label, start = self.label
            self.label = None
        self.open = _Asked([unquoted(mark, content)], mark.number, label, start, end)
        self.answering = False

    def _answer(self, mark: Mark, content: str, end: int) -> None:
        asked = self.open
        if asked and mark.number and asked.number and mark.number != asked.number and mark.number in self.waiting:
            self._settle()
            asked = None
        if asked is None and mark.number in self.waiting:
            asked = self.waiting.pop(mark.number)
        elif asked is not None:
            if self._is_choice(mark, content):
                asked.parts.append(self.text[mark.start : end])
                asked.end = end
                return
        elif not self.questions and (self._is_choice(mark, content) or (asked := self._unmarked(mark)) is None):
            self._continue(mark.start, end)
            return
        if asked is None or not any(part.strip() for part in asked.parts):
            self._continue(mark.start, end)
            return
        if not self._is_choice(mark, content) or asked is not self.open:
            self.done.append(_Answered(asked, [content], mark.end, end, mark))
            self.open = None
            self.answering = True

    def _unmarked(self, mark: Mark) -> _Asked | None:
        """The question that stands without a mark before an answer's mark."""
        if self.done:
            before = self.done[-1]
            floor = max(before.start, self.floor)
            self.floor = mark.end
            tail = question_tail(self.text[floor : mark.start])
            if tail is None or floor + tail[0] == before.start:
                return None
            start = floor + tail[0]
            before.parts = [self.text[before.start : start]]
            before.end = start
            return _Asked([tail[1]], "", None, start, mark.start)
        block = self.text[self.floor : mark.start]
        tail = question_tail(block)
        start = self.floor + tail[0] if tail else 0
        self.floor = mark.end
        return _Asked([tail[1]], "", None, start, mark.start) if tail else None

    def _label(self, mark: Mark, content: str, end: int) -> None:
        first, _, rest = content.partition("\n")
        if not self.has_labels or len(first) > 80:
            self._continue(mark.start, end)
            return
        label = tidy(first.strip().strip('",')) or None
        if self.label_first:
            self._settle()
            self.label = (label, mark.start) if label else None
        elif self.open:
            self.open.label = label
            self.open.parts.append("\n" + rest)
        elif self.done:
            self.done[-1].asked.label = label
            self.done[-1].end = end
            if rest.strip():
                self.done[-1].parts.append("\n" + rest)

    def _continue(self, start: int, end: int) -> None:
        """Literal text: it goes on with what came before it."""
        if self.open:
            self.open.parts.append(self.text[start:end])
            self.open.end = end
        elif self.done and self.answering:
            self.done[-1].parts.append(self.text[start:end])
            self.done[-1].end = end

    def _settle(self) -> None:
        """The open question has got no marked answer: perhaps one stands behind it, perhaps it comes later."""
        asked, self.open = self.open, None
        if asked is None:
            return
        text = trim_end(asked.text, last=asked.end == len(self.text))
        split = split_inline(text, loose=not self.answers) if self.answers < self.questions else None
        if split and (not self.answers or not asks(text)):
            asked.parts = [split[0]]
            self.done.append(_Answered(asked, [split[1]], asked.end, asked.end))
            self.answering = True
        elif asked.number:
            self.waiting.setdefault(asked.number, asked)

    def _is_choice(self, mark: Mark, content: str) -> bool:
        """Whether `A.` begins the choices of a multiple choice question: a B of the same make follows it."""
        if mark.word != "a" or mark.number or mark.sep in {"dash", "alone", "bold", "gap"} or '"' in mark.lead:
            return False
        closer = self.text[mark.start + len(mark.lead) + 1 : mark.end].strip(" \t*_")[:1]
        if not closer:
            return False
        opener = r"[(\[（]?"
        inline = "" if closer in ":：" else r"|[ \t,;/|]"
        return bool(
            re.search(rf"(?:\n[ \t>]*(?:[-*•+][ \t]+)?[*_]{{0,2}}{inline}){opener}[Bb]{re.escape(closer)}", content)
        )


def unquoted(mark: Mark, content: str) -> str:
    """The content behind a mark without what closes the bracket or quotation that began before the mark."""
    content = _BLOCK_SCALAR.sub("", content)
    opened = mark.lead.rstrip()[-1:]
    if opened == '"':
        if value := _QUOTED.match(content):
            return unescape(value[1])
        body = content.rstrip()
        return body[:-1] if body.endswith('"') and body.count('"') % 2 else content
    closing = {"(": ")", "[": "]", "（": "）"}.get(opened, "")
    body = content.rstrip()
    if closing and body.endswith(closing) and opened not in body:
        return body[:-1]
    return content


def marked_pairs(text: str) -> list[Located]:
    """The pairs of a text by their marks; empty when marks do not pair.

    Args:
        text: normalised text, see `lines.normalise` and `break_inline`.
    """
    marks = find_marks(text)
    if not any(mark.kind == "question" for mark in marks):
        marks = letter_marks(text) or marks
    return _read(text, marks) if any(mark.kind in {"question", "answer"} for mark in marks) else []


def _read(text: str, marks: list[Mark]) -> list[Located]:
    answered = _Reader(text, marks).read()
    located = []
    for index, item in enumerate(answered):
        last = index == len(answered) - 1
        question = tidy(trim_end(item.asked.text))
        answer = trim_end("".join(item.parts).strip("\n"), last)
        answer = tidy(unquoted(item.mark, answer) if item.mark else answer)
        if question and answer:
            pair = QAPair(question, answer, item.asked.label)
            located.append(Located(pair, item.asked.start, item.end))
    return _without_quotes(located)


def _without_quotes(found: list[Located]) -> list[Located]:
    """Quotation marks off where every question wears them, as in YAML."""
    if not all(_IN_QUOTES.fullmatch(located.pair.question) for located in found):
        return found
    answers = all(_IN_QUOTES.fullmatch(located.pair.answer) for located in found)
    return [
        replace(
            located,
            pair=replace(
                located.pair,
                question=located.pair.question[1:-1],
                answer=located.pair.answer[1:-1] if answers else located.pair.answer,
            ),
        )
        for located in found
    ]
