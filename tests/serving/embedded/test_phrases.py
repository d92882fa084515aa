"""Phrases of our prompts are known again by the constants of which the prompts are made."""

from __future__ import annotations

import re

from dataflow.prompts import multirole_draft, multirole_expert, question_types
from dataflow.prompts.multirole_shared import CLIP, ROLE, heading
from dataflow.prompts.question_types import QUOTA
from dataflow.serving.embedded.phrases import pattern_of


def test_a_phrase_is_known_with_its_fields_whatever_signs_it_has() -> None:
    pattern = pattern_of("(+) {name} of {count}?", name=r"(\w+)", count=r"(\d+)")
    assert re.fullmatch(pattern, "(+) colour of 3?").groups() == ("colour", "3")  # type: ignore[union-attr]
    assert re.fullmatch(pattern, "colour of 3") is None


def test_what_prompts_say_is_what_is_looked_for() -> None:
    role = re.compile(pattern_of(ROLE, role=r"([\w ]+)"))
    assert role.findall(multirole_draft.build(3)) == [multirole_draft.ROLE]
    assert role.findall(multirole_expert.build([], "light analyst", "", "", 3)) == ["light analyst"]
    assert re.match(pattern_of(CLIP, number=r"(\d+)", count=r"\d+"), heading(2, 5, None, None))
    assert re.search(pattern_of(QUOTA, count="2", name="object"), question_types.describe(["object", "object"]))
