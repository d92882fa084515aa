"""Tells a question from an answer where no mark does: by question marks, list numbers, bold type and order."""

from __future__ import annotations

import re

from dataflow.parsing.lines import BULLET, LEAD, tidy

_ENDS_ASKING = re.compile(r"[?？؟][\s\"'”’)）*_`\]」』:：]*\Z")
CHOICE = re.compile(r"^[ \t>]*(?:[-*•+][ \t]+)?[*_]{0,2}[(\[（]?(?P<letter>[A-Ha-h])[.):：\]）、．][*_]{0,2}[ \t]*\S")
_NUMBERED = re.compile(
    r"^[ \t>]*(?:#{1,6}[ \t]*)?(?:[-*•+][ \t]+)?[*_]{0,3}(?:\(?\d{1,4}[.)、．：:\]）]|\[\d{1,4}\]|[①-⑳]|"
    r"\d\ufe0f?\u20e3)[ \t*_]*"
)
_DECORATED = re.compile(r"^[ \t>]*(?:#{1,6}[ \t]+|[-*•●▪◦+–][ \t]+|\*\*|__)")
_LEAD = re.compile(rf"^{LEAD}")
_INLINE_ANSWER = re.compile(
    r"(?:(?<=[\s|;,/(\[*_?？。.!])|(?<=[^\x00-\x7f]))[(\[*_]{0,3}+(?=[^\W\d_])"
    r"(?:(?:correct|right|final)[ \t]+)?(?:answer|ans|response|respuesta|antwort|réponse|reponse|risposta|resposta|"
    r"ответ|答案|回答|答え|答|답변|답)"
    r"(?:[ \t]*\d{1,4})?[*_]{0,3}[ \t]*[:：][*_]{0,3}[ \t]*",
    re.IGNORECASE,
)
_INLINE_LETTER = re.compile(r"(?<=[\s|;(*?])[(\[*_]{0,3}[AR][ \t]?\d{0,4}[*_]{0,3}[ \t]*[:：][*_]{0,3}[ \t]*")
_BETWEEN = re.compile(r"[ \t]*(?:\|+|\t+|;|[-=]{1,2}>|[→⇒➡⟶]\ufe0f?|[-–—~]{1,2}|[:：=/])[ \t]*")


def strip_lead(line: str) -> str:
    """A line without its bullet, number, heading marks and bold."""
    match = _LEAD.match(line)
    return line[match.end() :] if match else line


def asks(text: str) -> bool:
    """Whether a text ends in a question mark, closing quotes and brackets apart."""
    return bool(_ENDS_ASKING.search(text[-40:]))


def split_inline(content: str, loose: bool) -> tuple[str, str] | None:
    """Take an answer off the end of what stands behind a question's mark.

    Args:
        content: everything up to the next mark.
        loose: whether lines without a question mark may be split too, the first being the question.

    Returns:
        (question, answer), or None when there is no answer in it.
    """
    for pattern in (_INLINE_ANSWER, _INLINE_LETTER):
        match = pattern.search(content)
        if match and content[: match.start()].strip(" |*_\n\t") and content[match.end() :].strip():
            question = content[: match.start()].rstrip(" |;,/-–—→⇒➡\n\t")
            answer = content[match.end() :].strip()
            if content[match.start() : match.start() + 1] in "([" and answer[-1:] in ")]":
                answer = answer[:-1]
            return question, answer
    return _split_lines(content, loose) or _split_sentence(content)


def _split_lines(content: str, loose: bool) -> tuple[str, str] | None:
    lines = content.strip().split("\n")
    for number, line in enumerate(lines[:50]):
        if asks(line) or (loose and number == 0 and len(lines) > 1):
            after = number + 1
            while after < len(lines) and (not lines[after].strip() or CHOICE.match(lines[after])):
                after += 1
            answer = "\n".join(lines[after:]).strip()
            if not answer:
                return None
            return "\n".join(lines[:after]), strip_bullet(answer)
    return None


def _split_sentence(content: str) -> tuple[str, str] | None:
    """`What is it? A dog`, `What is it? | A dog`, `Describe it -> A dog`."""
    line, _, rest = content.strip().partition("\n")
    at = max(line.rfind("?"), line.rfind("？"), line.rfind("؟"))
    if at >= 0:
        close = re.compile(r"[?？؟\"'”’」』*_]+").match(line, at)
        assert close is not None
        question, answer = line[: close.end()], line[close.end() :]
        if between := _BETWEEN.match(answer):
            answer = answer[between.end() :]
        answer = answer.strip()
        if re.fullmatch(r"\([^()]+\)|\[[^\[\]]+\]|（[^（）]+）", answer):
            answer = answer[1:-1]
        if len(answer.strip("*_ .)\"'")) == 0 or CHOICE.match(answer):
            return None
        return question, f"{answer}\n{rest}" if rest else answer
    for delimiter in ("|", "\t", " => ", " -> ", " → "):
        question, found, answer = line.partition(delimiter)
        if found and question.strip() and answer.strip(" |"):
            return question, f"{answer.strip(' |')}\n{rest}" if rest else answer.strip(" |")
    return None


def strip_bullet(text: str) -> str:
    """An answer that is the only item of its list, without the bullet."""
    match = re.match(rf"[ \t]*(?:{BULLET}|[—>→]\ufe0f?[ \t]+|[-=]>[ \t]+)(?=\S)", text)
    if match and not re.search(r"^[ \t]*[-*•●▪◦+–][ \t]+", text[match.end() :], re.MULTILINE):
        return text[match.end() :]
    return text


def question_tail(block: str, reach: int = 4000) -> tuple[int, str] | None:
    """The question at the end of a block of text, in front of an answer's mark.

    Args:
        block: what stands before the mark: an article, chatter, the answer before.
        reach: how many characters of it are looked at.

    Returns:
        (where the question's first line begins in the block, the question), or None when the end does not ask.
    """
    offset = max(0, len(block) - reach)
    lines: list[tuple[int, str]] = []
    for line in block[offset:].split("\n"):
        lines.append((offset, line))
        offset += len(line) + 1
    last = len(lines) - 1
    while last >= 0 and not lines[last][1].strip():
        last -= 1
    first = last
    while first > 0 and (CHOICE.match(lines[first][1]) or not lines[first][1].strip()):
        first -= 1
    if first < 0 or not lines[first][1].strip():
        return None
    start = _first_line(lines, first)
    if start is None:
        return None
    return lines[start][0], tidy(
        "\n".join([strip_lead(lines[start][1]), *(line for _, line in lines[start + 1 : last + 1])])
    )


def _first_line(lines: list[tuple[int, str]], at: int, height: int = 6) -> int | None:
    """Where the question whose last line stands at `at` begins; a number, a bullet or bold type shows it."""
    if _NUMBERED.match(lines[at][1]) or _DECORATED.match(lines[at][1]):
        return at
    above = at
    while above > 0 and at - above < height and lines[above - 1][1].strip():
        above -= 1
        if _NUMBERED.match(lines[above][1]):
            return above
    if asks(lines[at][1]):
        return at
    blank_above = at == 0 or not lines[at - 1][1].strip()
    return at if blank_above and len(lines[at][1]) < 200 and not lines[at][1].rstrip().endswith(":") else None
