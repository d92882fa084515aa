"""The question types that a prompt asks for, where it asks for types: what our pairs are about, in its words."""

from __future__ import annotations

import re
from dataclasses import replace

from dataflow.prompts.question_types import QUOTA
from dataflow.serving.embedded.phrases import pattern_of
from dataflow.serving.embedded.questions import Pair

_QUOTA = re.compile("^" + pattern_of(QUOTA, count=r"(\d+)", name=r"(\w+)"), re.MULTILINE)

_TYPES = {
    "colour": "object",
    "direction": "object_direction",
    "duration": "time",
    "fade": "change",
    "light": "scene",
    "motion": "yes_no",
    "position": "place",
    "transition": "change",
}
"""What a pair is about, as a type of LLaVA-Video's taxonomy (arXiv:2410.02713); other topics are called the same."""


def by_quota(pairs: list[Pair], text: str) -> list[Pair]:
    """The pairs under the types of a prompt, those first for which it has a quota; unchanged where it has none."""
    quotas = [(name, int(count)) for count, name in _QUOTA.findall(text)]
    if not quotas:
        return pairs
    rest = [replace(pair, topic=_TYPES.get(pair.topic, pair.topic)) for pair in pairs]
    first: list[Pair] = []
    for name, count in quotas:
        first += [pair for pair in rest if pair.topic == name and pair not in first][:count]
    return first + [pair for pair in rest if pair not in first]
