"""Templates: a user's own words, and braces that break nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import SampleError, UsageError
from dataflow.prompts.template import check_template, render, words_of


class Builder:
    """A user's own way to make a prompt."""

    def __init__(self, tone: str = "plain") -> None:
        self.tone = tone

    def build_prompt(self, **fields: Any) -> str:
        return f"{self.tone}: {fields['caption']}"


def test_fields_of_the_sample_are_put_in() -> None:
    assert render("About {caption}, {n} times", {"caption": "a dog", "n": 3}) == "About a dog, 3 times"


def test_an_object_with_build_prompt_gets_the_fields_by_name() -> None:
    assert render(Builder("curt"), {"caption": "a dog", "id": 1}) == "curt: a dog"


def test_braces_that_are_no_field_stay_as_they_are() -> None:
    template = 'JSON: {"qa": [{"question": "..."}]} {} {{caption}} { caption } {unknown} {0} {caption!r} {caption'
    assert render(template, {"caption": "X"}) == template.replace("{{caption}}", "{X}")


@pytest.mark.parametrize(
    "caption", ["{caption}", "{n}", "{{n}}", '{"a": {"b": [1]}}', "} {", "{", r"\1 \g<0>", "%s %(n)d"]
)
def test_braces_in_a_value_are_never_read_as_fields(caption: str) -> None:
    assert render("<{caption}> {n}", {"caption": caption, "n": 7}) == f"<{caption}> 7"


@given(st.text(), st.text())
def test_no_text_breaks_a_template_and_no_value_is_changed(before: str, value: str) -> None:
    assert render(before.replace("{", "(") + "{caption}", {"caption": value}).endswith(value)
    assert isinstance(render(before, {"caption": value}), str)


def test_a_missing_field_stays_visible_rather_than_becoming_none() -> None:
    assert render("{a} {b}", {"a": None, "b": float("nan")}) == "{a} {b}"


def test_what_is_no_template_is_refused_with_the_two_forms() -> None:
    with pytest.raises(UsageError, match="build_prompt"):
        check_template(7, "Operator")


def test_a_builder_that_gives_no_text_fails_the_sample() -> None:
    class Wrong:
        def build_prompt(self, **fields: Any) -> Any:
            return ["not text"]

    with pytest.raises(SampleError, match="not text"):
        render(Wrong(), {})


def test_a_builder_stands_in_the_manifest_with_its_configuration() -> None:
    assert words_of(Builder("curt")) != words_of(Builder("long"))
