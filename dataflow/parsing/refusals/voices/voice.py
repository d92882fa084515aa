"""Who speaks, of what, and that it is denied: the words by which a model that tells of itself is known, by language.

Stems and not sentences, so that wordings nobody has seen yet are found: what decides is that a sentence holds one of
each kind. `phrases` says how they are written.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from dataflow.parsing.refusals.grammar import NEVER


@dataclass(frozen=True)
class Voice:
    """The words of a language, as patterns that are searched for in a sentence, case folded.

    Args:
        hints: single words of which a sentence in this language holds one if it is worth a look; for languages that
            have their letters in common.
        me: the speaker, as one who is asked: I, my guidelines; humble forms where no subject is named.
        denies: that something cannot, must not or will not be done, or is not there.
        task: what a model is asked for, and what it is asked about.
        media: pictures and videos.
        chat: the conversation that a picture is missing in.
        broken: that something did not come or does not open: a file's words, not a scene's.
        blocked: a filter's message, from the beginning of a sentence: `The response was blocked by the content filter`.
        resend: asks somebody for the picture once more.
        needs: says that somebody has to send the picture first.
        looks: the speaker looks and tells what it sees, or acts in the scene: what it denies is a part of the picture.
        tells: to you: who looks and cannot tell *you* declines all the same.
        humble: the speaker is known by humble forms anywhere in a sentence, and not by a subject in a clause.
        script: characters without which a text is not in this language, where it has some of its own.
    """

    me: str
    denies: str
    task: str
    media: str
    chat: str
    broken: str
    blocked: str
    resend: str
    needs: str
    looks: str = NEVER
    tells: str = NEVER
    script: str = ""
    humble: bool = False
    hints: str = ""

    def has(self, kind: str, sentence: str) -> bool:
        """Whether a sentence holds words of a kind."""
        return bool(self._compiled[kind].search(sentence))

    def begins(self, kind: str, sentence: str) -> bool:
        """Whether a sentence begins with words of a kind."""
        return bool(self._compiled[kind].match(sentence))

    def may_be_in(self, words: Set[str]) -> bool:
        """Whether a sentence of these words, in lower case, may be in this language and one that declines."""
        return not self._hints.isdisjoint(words)

    @cached_property
    def _hints(self) -> frozenset[str]:
        return frozenset(self.hints.split())

    @cached_property
    def _compiled(self) -> dict[str, re.Pattern[str]]:
        return {
            kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in vars(self).items() if isinstance(pattern, str)
        }
