"""The parts of which refusals are made in a language, as patterns, and what is done with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Grammar:
    """How a language declines. All patterns are looked for in one sentence at a time, quotations blanked out.

    Args:
        apology: what a sentence begins with that apologises or regrets: `I'm sorry`.
        machine: a clause in which the speaker says that it is a machine: `As an AI language model`.
        opener: what a sentence of the speaker's own, first or second person, may begin with.
        declines: first person, a verb of not being able or willing, and the work asked for.
        unseen: says that no picture or video has come.
        asks: asks for the picture.
        weak: what is a refusal only behind an apology or `As an AI`.
        attributed: says that the words stand on something or that somebody says them.
    """

    apology: str
    machine: str
    opener: str
    declines: str
    unseen: str
    asks: str
    weak: str
    attributed: str

    @cached_property
    def starts(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{self.apology}|{self.machine}|{self.opener})", re.IGNORECASE)

    @cached_property
    def regrets(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{self.apology}|{self.machine})", re.IGNORECASE)

    @cached_property
    def declining(self) -> re.Pattern[str]:
        return re.compile(self.declines, re.IGNORECASE)

    @cached_property
    def seeing_nothing(self) -> re.Pattern[str]:
        return re.compile(self.unseen, re.IGNORECASE)

    @cached_property
    def asking(self) -> re.Pattern[str]:
        return re.compile(self.asks, re.IGNORECASE)

    @cached_property
    def weakly(self) -> re.Pattern[str]:
        return re.compile(self.weak, re.IGNORECASE)

    @cached_property
    def quoting(self) -> re.Pattern[str]:
        return re.compile(self.attributed, re.IGNORECASE)
