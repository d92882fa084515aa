"""What is known of a refusal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal.

    Args:
        saw_nothing: the model says that it has or sees no picture; False when it declines.
        only_sorry: there is an apology and nothing else.
    """

    saw_nothing: bool
    only_sorry: bool = False

    @property
    def message(self) -> str:
        """What is wrong with the answer, in words."""
        return "the model says that it was shown nothing" if self.saw_nothing else "the model declines to answer"
