"""LLaVA's `conversations` column. A question that stands there without an answer is one that the sample asks itself."""

from __future__ import annotations

from typing import Any

from dataflow.core.conversation import ROLES
from dataflow.core.sample import Sample, is_missing

THEIRS = "conversations"
OURS = "conversation"


def with_question(sample: Sample) -> Sample:
    """A sample whose `conversations` end in a question has it as its `conversation`; any other stays as it is.

    Where the last turn is a model's, everything is answered, and the pipeline asks its own prompt about the media.
    """
    turns = sample.get(THEIRS)
    if not is_missing(sample.get(OURS)) or not isinstance(turns, list) or not turns:
        return sample
    return {**sample, OURS: turns} if _role(turns[-1]) == "user" else sample


def _role(turn: Any) -> str | None:
    return ROLES.get(str(turn.get("from", turn.get("role"))).lower()) if isinstance(turn, dict) else None
