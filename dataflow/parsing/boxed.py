"""Takes the answer out of LaTeX's box: `\\boxed{...}`, into which models that were taught mathematics put it."""

from __future__ import annotations

import re

_BOX = "\\boxed{"
_ANNOUNCED = (
    r"(?:(?:the|my) )?(?:final )?(?:answer|caption|description|response|答案|最终答案|回答|描述|respuesta|réponse|"
    r"antwort|"
    r"risposta|resposta|ответ|답)(?: (?:is|es|est|ist|è|é))?[*_]{0,3} ?[:：是为]?[*_]{0,3}\s*"
)
_OPENS = r"(?:\$\$?|\\\[|\\\()?\s*\Z"
_BEFORE = re.compile(rf"(?:[*_#>\s]{{0,6}}(?:(?:so|thus|therefore|hence),? )?{_ANNOUNCED})?{_OPENS}", re.IGNORECASE)
_ANNOUNCES = re.compile(rf"\b{_ANNOUNCED}{_OPENS}", re.IGNORECASE)
_ALONE = re.compile(rf"\n[ \t]*{_OPENS}")
_REACH = 200
"""Characters before a box in which it is announced."""
_BEHIND = re.compile(r"\s*(?:\$\$?|\\\]|\\\))?[\s.。*_]*\Z")
_TEXT = re.compile(r"\\(?:text|textbf|textit|textrm|mathrm|mbox)\{([^{}]*)\}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_NESTED = 4
"""Commands for text within each other that are taken off."""
_PROSE = 4
"""Words in a box that make it an answer of its own, whatever was reasoned before it."""


def unboxed(text: str) -> str:
    """What stands in the box that a text consists of or ends with; other texts as they are.

    What was said before the box goes where it does no more than announce the box, and where the box holds a sentence
    and is announced, or stands on a line of its own. A box around a number ends a calculation, which is part of the
    answer.
    """
    at = text.rfind(_BOX)
    if at < 0 or (end := _closing(text, at + len(_BOX))) < 0 or not _BEHIND.match(text, end + 1):
        return text
    inside = text[at + len(_BOX) : end].strip()
    for _ in range(_NESTED):
        inside = _TEXT.sub(r"\1", inside).strip()
    before = text[max(0, at - _REACH) : at]
    if at < _REACH and _BEFORE.fullmatch(before):
        return inside or text
    closes = len(_WORD.findall(inside)) >= _PROSE and (_ALONE.search(before) or _ANNOUNCES.search(before))
    return inside if closes else text


def _closing(text: str, at: int) -> int:
    """Where the brace closes that stands open before a place; -1 where none does."""
    depth = 1
    for brace in re.compile(r"[{}]").finditer(text, at):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return brace.start()
    return -1
