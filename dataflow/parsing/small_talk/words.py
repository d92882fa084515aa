"""What small talk consists of in a language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """The small talk of a language, as patterns that are matched at the beginning of a sentence, case folded.

    Args:
        agrees: a sentence of its own before the answer: `Sure!`, `I'd be happy to help!`
        announces: what an announcement begins with: `Here is`.
        nouns: what is announced; without one of these a sentence that begins so is the answer.
        as_follows: whole announcements of another make, up to the colon.
        leaves: what a sentence behind the answer begins with: `Let me know if`.
    """

    agrees: str
    announces: str
    nouns: str
    leaves: str
    as_follows: str = "(?!)"
