"""The form of every role's reply. Field names are those that the prompts state."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, model_validator

NO_EXPERTS: Literal["NO_EXPERTS"] = "NO_EXPERTS"


_ID = re.compile(r"\b[QEqe]\d{1,6}(?:\.\d{1,6})?")


def _numbers(value: Any) -> Any:
    """Numbers of clips however a model writes them: `2`, `"Clip 2"`, `[1, "2"]`."""
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    return [int(digits) for item in items for digits in re.findall(r"\d{1,6}", str(item))]


def _names(value: Any) -> Any:
    """Ids of pairs however a model writes them: `"Q1"`, `["Q1", "Q2"]`, `"Q1, Q2"`."""
    items = value if isinstance(value, list) else [value]
    return [name.upper() for item in items for name in _ID.findall(str(item))]


def _name(value: Any) -> str:
    """The id that a model names, `"Pair Q2."` as `Q2`; its words where there is none."""
    found = _ID.findall(str(value or ""))
    return found[0].upper() if found else str(value or "").strip()


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


ClipNumbers = Annotated[list[int], BeforeValidator(_numbers)]
PairNames = Annotated[list[str], BeforeValidator(_names)]
PairName = Annotated[str, BeforeValidator(_name)]
Line = Annotated[str, BeforeValidator(_one_line)]


class Proposal(BaseModel):
    """A pair that the draft author or an expert writes."""

    aspect: str = ""
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    clips: ClipNumbers = []


class Proposals(BaseModel):
    """What the draft author and every expert return; an expert may return none."""

    pairs: list[Proposal] = []


class Expert(BaseModel):
    """Somebody whom the master calls."""

    role: Line = Field(min_length=1)
    description: Line = ""
    subtask: Line = ""


class Call(BaseModel):
    """What the master returns at the start of a round."""

    decision: Literal["CALL_EXPERTS", "NO_EXPERTS"]
    reason: str = ""
    experts: list[Expert] = []

    @model_validator(mode="before")
    @classmethod
    def _decision_from_experts(cls, value: Any) -> Any:
        """Where a model leaves the decision out, its experts tell it."""
        if not isinstance(value, dict):
            return value
        experts = value.get("experts") if isinstance(value.get("experts"), list) else []
        decision = value.get("decision") or ("CALL_EXPERTS" if experts else NO_EXPERTS)
        return {**value, "decision": decision, "experts": experts}


class Decision(BaseModel):
    """What the master does with one pair or proposal."""

    action: Literal["add", "correct", "drop"]
    pair: PairName = ""
    question: str = ""
    answer: str = ""
    reason: str = ""


class Merge(BaseModel):
    """What the master returns at the end of a round."""

    decisions: list[Decision] = []


class FinalPair(BaseModel):
    """A pair of the final list."""

    of: PairNames = []
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    clips: ClipNumbers = []


class Synthesis(BaseModel):
    """What the editor returns first."""

    pairs: list[FinalPair] = Field(min_length=1)


class Labelled(BaseModel):
    """A label for a pair of the final list, by its number from 1."""

    pair: int
    label: str = Field(min_length=1)


class Labels(BaseModel):
    """What the editor returns last."""

    labels: list[Labelled] = Field(min_length=1)
