"""A language's ways to decline, as lists of words, and what of them a sentence holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

NEVER = "(?!)"
"""A pattern for what a language lacks."""

_VOICE = ("sorry", "machine", "preface", "opens", "asks", "of_media", "bare", "outright")
"""What a sentence that may belong to a refusal begins with: one pattern tells whether any of them does."""

_SIGNS = {
    True: {"_": " ", "*": r"\w{0,14}", "~": r"(?: [^\s.,;:!?]{1,24}){0,4}? "},
    False: {"_": r"\s?", "*": r"\w{0,4}", "~": r"[^。！？.!?\n]{0,16}?"},
}
_NEAR = 120
"""How far apart in characters a verb of not being able and the work may stand."""

_BY = 30
"""How far apart such a verb and one of perceiving may stand where an apology is all that tells a refusal."""


def phrases(text: str, spaced: bool = True) -> str:
    """A pattern for any of some phrases.

    Args:
        text: phrases with blanks between them. In a phrase `_` stands for a space, `*` behind a stem for any ending,
            `~` for up to four words (sixteen characters in scripts without spaces); the rest is read as a pattern.
        spaced: whether the script puts spaces between words, so that a phrase begins and ends where words do.
    """
    signs = _SIGNS[spaced]
    told = "|".join("".join(signs.get(char, char) for char in phrase) for phrase in text.split())
    return rf"(?<!\w)(?:{told})(?!\w)" if spaced else f"(?:{told})"


@dataclass(frozen=True)
class Grammar:
    """How a language declines. A sentence is looked at with quotations blanked out, case folded and spaces single.

    Args:
        sorry: an apology or regret at the beginning of a sentence.
        machine: what a sentence begins with in which the speaker says that it is a machine.
        opens: what else a sentence in the speaker's own voice begins with.
        of_media: what a sentence about a missing picture may begin with: `The image`, `There is`.
        bare: a whole answer that says that a picture is missing: `No image provided`.
        outright: a sentence that is a refusal whoever speaks: `This assistant cannot identify people`.
        negated: any word of denying; behind an apology it declines what a model is asked for.
        speaks: what shows that the speaker speaks of itself or to somebody, where a sentence names no subject.
        preface: beginnings of sentences that may stand before a refusal and say nothing.
        cannot: first person, not able or not willing.
        work: what a model is asked to do: to describe, to identify, a caption, a picture.
        sees: verbs of perceiving.
        media: pictures and videos.
        not_given: that something was not attached, has not come, cannot be loaded.
        you: the second person, and the first as a receiver: who speaks to somebody describes nothing.
        forbidden: policies, guidelines: a refusal in itself.
        asks: asks for a picture, at the beginning of a sentence.
        quoted: says that the words stand on something or that somebody says them.
        fold: characters that are read as others (`str.maketrans`).
        script: characters without which a text is not in this language, where it has some of its own.
    """

    sorry: str
    machine: str
    opens: str
    cannot: str
    work: str
    sees: str
    media: str
    not_given: str
    you: str
    forbidden: str
    asks: str
    quoted: str
    of_media: str = NEVER
    bare: str = NEVER
    outright: str = NEVER
    negated: str = NEVER
    speaks: str = ""
    preface: str = NEVER
    script: str = ""
    fold: Mapping[int, int] = field(default_factory=dict)

    def has(self, part: str, text: str) -> bool:
        """Whether a part is found in a text."""
        return bool(self._compiled[part].search(text))

    def begins(self, part: str, text: str) -> bool:
        """Whether a text begins with a part; `voice` is any of those that a refusal's sentences begin with."""
        return bool(self._compiled[part].match(text))

    def is_only(self, part: str, text: str) -> bool:
        """Whether a text is nothing but a part."""
        return bool(self._compiled[part].fullmatch(text))

    def declines(self, sentence: str) -> str:
        """What stands around a verb of not being able or willing, where the work asked for is near it; else nothing."""
        for verb in self._compiled["cannot"].finditer(sentence):
            around = sentence[max(0, verb.start() - _NEAR) : verb.end() + _NEAR]
            if self.has("work", around) or (not self.speaks and self.has("media", around)):
                return around
        return ""

    def barely_declines(self, sentence: str) -> bool:
        """Whether the sentence ends with a verb of not being able, or a verb of perceiving stands by it."""
        for verb in self._compiled["cannot"].finditer(sentence):
            if not sentence[verb.end() :].strip(" .!…。！"):
                return True
            if self.has("sees", sentence[max(0, verb.start() - _BY) : verb.end() + _BY]):
                return True
        return False

    @property
    def voice(self) -> str:
        """The pattern for what a refusal's sentences, or a whole answer that says that a picture is missing, begin
        with."""
        return "|".join(f"(?:{getattr(self, name)})" for name in _VOICE)

    @cached_property
    def _compiled(self) -> dict[str, re.Pattern[str]]:
        patterns = {name: pattern for name, pattern in vars(self).items() if isinstance(pattern, str)}
        patterns["voice"] = self.voice
        return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in patterns.items()}
