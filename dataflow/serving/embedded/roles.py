"""Plays the roles of multi-role video QA. It knows a role by the fields of the reply that is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, get_args

import orjson
from pydantic import BaseModel

from dataflow.core import Request, RequestRefused
from dataflow.prompts import multirole_draft
from dataflow.prompts.multirole_shared import ROLE, ROUND
from dataflow.serving.embedded.clip_pairs import ClipPair, Field, clips_shown, pairs_about
from dataflow.serving.embedded.facts import Facts
from dataflow.serving.embedded.phrases import pattern_of

_ROLE = re.compile(f"^{pattern_of(ROLE, role='(.+)')}$", re.MULTILINE)
_PAST = re.compile(f"^{pattern_of(ROUND, number=r'[0-9]+', told='(.+)')}$", re.MULTILINE)
_COUNT = re.compile(r"\b(?:up to|at most|about) (\d{1,3}) (?:question|further|experts|pairs)")

AT_ONCE = 3
"""Experts of a round: those who look at single clips come before the one who compares them."""


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who asks about one field of what is measured."""

    role: str
    field: Field
    description: str
    subtask: str


EXPERTS = (
    Expert("Colour analyst", "colour", "Names the colours of a picture.", "Ask which colours each clip has."),
    Expert("Light analyst", "light", "Measures brightness and contrast.", "Ask how light each clip is."),
    Expert(
        "Composition analyst",
        "composition",
        "Sees where in a picture a colour is, and how sharp it is.",
        "Ask where things are in each clip, and how they move.",
    ),
    Expert(
        "Continuity analyst",
        "continuity",
        "Compares the clips of a video.",
        "Ask what changes from clip to clip.",
    ),
)


def play(request: Request, facts: Sequence[Facts]) -> str | None:
    """The reply of a role, as JSON; None where the request asks for none of them.

    Raises:
        RequestRefused: there is no frame to measure.
    """
    role = _role_of(request.schema) if request.schema is not None else None
    if role is None:
        return None
    pairs = pairs_about(clips_shown(request, facts))
    if not pairs:
        raise RequestRefused("the embedded serving measures frames, and no clip of this video has one: name a model")
    text = "\n".join(message.text for message in request.messages if message.role == "user")
    return orjson.dumps(role(_Table(text, pairs))).decode()


def _role_of(schema: type[BaseModel]) -> Callable[[_Table], dict[str, Any]] | None:
    fields = schema.model_fields.keys()
    if {"decision", "experts"} <= fields:
        return _call
    lists = {name: get_args(field.annotation) for name, field in schema.model_fields.items()}
    items = {
        name: kind[0].model_fields.keys() for name, kind in lists.items() if kind and hasattr(kind[0], "model_fields")
    }
    if {"action", "pair"} <= items.get("decisions", set()):
        return _merge
    if {"pair", "label"} <= items.get("labels", set()):
        return _labels
    if {"of", "question", "answer"} <= items.get("pairs", set()):
        return _synthesis
    if {"aspect", "question", "answer", "clips"} <= items.get("pairs", set()):
        return _propose
    return None


class _Table:
    """What lies before whoever plays a role.

    Args:
        text: all that was said to it.
        pairs: all that can be asked.
    """

    def __init__(self, text: str, pairs: Sequence[ClipPair]) -> None:
        self.text = text
        self.pairs = pairs
        self.listed = [record for line in text.splitlines() if (record := _record(line)) is not None]
        self.known = {pair.question: pair for pair in pairs}

    @property
    def so_far(self) -> list[dict[str, Any]]:
        """The pairs of the list, as they were shown."""
        return [record for record in self.listed if str(record.get("id", "")).startswith("Q")]

    def fresh(self, field: Field | None = None) -> list[ClipPair]:
        """Pairs that nobody has asked yet, of one field or of all."""
        asked = {record.get("question") for record in self.so_far}
        return [pair for pair in self.pairs if pair.question not in asked and field in (None, pair.field)]

    def most(self, default: int) -> int:
        """How many the prompt asks for: the last number that it names."""
        found = _COUNT.findall(self.text)
        return int(found[-1]) if found else default

    def role(self) -> str:
        """The role that the prompt gives."""
        found = _ROLE.findall(self.text)
        return str(found[-1]).strip() if found else ""


def _propose(table: _Table) -> dict[str, Any]:
    role = table.role()
    expert = next((one for one in EXPERTS if one.role == role), None)
    pairs = table.fresh("overview" if role.startswith(multirole_draft.ROLE) else expert.field if expert else None)
    return {"pairs": [_written(pair) for pair in (pairs or table.fresh())[: table.most(5)]]}


def _call(table: _Table) -> dict[str, Any]:
    past = " ".join(_PAST.findall(table.text))
    waiting = [one for one in EXPERTS if one.role not in past and table.fresh(one.field)]
    called = waiting[: min(AT_ONCE, table.most(AT_ONCE))]
    if not called:
        return {"decision": "NO_EXPERTS", "reason": "All that was measured has been asked about.", "experts": []}
    experts = [{"role": one.role, "description": one.description, "subtask": one.subtask} for one in called]
    return {"decision": "CALL_EXPERTS", "reason": "There is more that was measured.", "experts": experts}


def _merge(table: _Table) -> dict[str, Any]:
    asked = {record.get("question") for record in table.so_far}
    decisions = []
    for record in table.listed:
        if str(record.get("id", "")).startswith("E"):
            repeated = record.get("question") in asked
            asked.add(record.get("question"))
            action, reason = ("drop", "It is asked already.") if repeated else ("add", "It was measured.")
            decisions.append({"action": action, "pair": record["id"], "question": "", "answer": "", "reason": reason})
    return {"decisions": decisions}


def _synthesis(table: _Table) -> dict[str, Any]:
    """The pairs of all fields in turn."""
    by_field: dict[str, list[dict[str, Any]]] = {}
    for record in table.so_far:
        pair = table.known.get(str(record.get("question")))
        by_field.setdefault(pair.field if pair else "", []).append(record)
    woven = [record for turn in zip_longest(*by_field.values()) for record in turn if record is not None]
    kept = [
        {"of": [one["id"]], "question": one.get("question"), "answer": one.get("answer"), "clips": one.get("clips")}
        for one in woven[: table.most(10)]
    ]
    return {"pairs": kept}


def _labels(table: _Table) -> dict[str, Any]:
    listed = [record for record in table.listed if "pair" in record]
    labels = []
    for record in listed:
        pair = table.known.get(str(record.get("question")))
        labels.append({"pair": record["pair"], "label": pair.label if pair else "content"})
    return {"labels": labels}


def _written(pair: ClipPair) -> dict[str, Any]:
    return {"aspect": pair.label, "question": pair.question, "answer": pair.answer, "clips": list(pair.clips)}


def _record(line: str) -> dict[str, Any] | None:
    """The JSON object at the end of a line of ours; None where there is none."""
    start = line.find('{"')
    if start < 0 or not line.endswith("}"):
        return None
    try:
        value = orjson.loads(line[start:])
    except ValueError:
        return None
    return value if isinstance(value, dict) and "question" in value else None
