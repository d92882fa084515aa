"""Templates: a user's own words, and braces that break nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import MissingField, SampleError, UsageError
from dataflow.prompts.template import check_template, looks_like_a_file, placeholders_of, render, words_of


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
    template = 'JSON: {"qa": [{"question": "..."}]} {} {{caption}} { caption } {{unknown}} {0} {caption!r} {caption'
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


@pytest.mark.parametrize("fields", [{}, {"title": None}, {"title": float("nan")}])
def test_a_sample_without_the_field_is_not_asked_about_nothing(fields: dict[str, Any]) -> None:
    with pytest.raises(MissingField, match="no 'title', which the prompt names"):
        render("About {title}.", fields)


def test_a_field_that_is_there_and_empty_is_put_in() -> None:
    assert render("{n}{title}.", {"n": 0, "title": ""}) == "0."


@pytest.mark.parametrize(
    ("template", "used"),
    [
        ("Describe {title} and {title} by {maker}", ("title", "maker")),
        ('{"a": 1} { } {} {{}} {"a": {"b": []}} {{title}} { title } {0} {title!r} {title:>3} {a b} {', ()),
        ('As JSON: {"title": "{title}"}, {"n": {n}}', ("title", "n")),
        (Builder(), ()),
        (None, ()),
    ],
)
def test_the_names_that_a_template_takes_are_those_in_bare_braces(template: Any, used: tuple[str, ...]) -> None:
    assert placeholders_of(template, ("num_qa",)).used == used


WORDS = st.text(st.characters(exclude_characters="{}"))
JSON = st.recursive(st.none() | st.integers() | WORDS, lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner))


@given(JSON, st.sampled_from([None, 2]))
def test_no_json_is_read_as_a_name_and_none_is_changed(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    assert placeholders_of(text).used == ()
    assert render(text, {"a": 1}) == text


@pytest.mark.parametrize(
    "text",
    ["caption.txt", "my prompts/caption.md", "asks/v2/caption.j2", "../p.yaml", r"C:\p\ask.json", "long one.PROMPT"],
)
def test_the_name_of_a_file_is_told_from_words(text: str) -> None:
    assert looks_like_a_file(text)


@pytest.mark.parametrize(
    "text",
    [
        "Describe it.",
        "What?",
        "Tell who/what is there.",
        "and/or",
        "Describe it in the style of a.txt file.",
        "a\nb.txt",
    ],
)
def test_words_are_not_taken_for_a_file(text: str) -> None:
    assert not looks_like_a_file(text)


def test_what_is_no_template_is_refused_with_the_two_forms() -> None:
    with pytest.raises(UsageError, match="build_prompt"):
        check_template(7, "Operator")


@pytest.mark.parametrize("template", ["asks/caption.txt", "caption.md"])
def test_the_name_of_a_file_is_refused_with_the_way_to_read_it(template: str) -> None:
    with pytest.raises(UsageError, match=r"read_text\(\)"):
        check_template(template, "Operator")
    check_template(f"Write it as {template}", "Operator")


def test_a_builder_that_gives_no_text_fails_the_sample() -> None:
    class Wrong:
        def build_prompt(self, **fields: Any) -> Any:
            return ["not text"]

    with pytest.raises(SampleError, match="not text"):
        render(Wrong(), {})


def test_a_builder_stands_in_the_manifest_with_its_configuration() -> None:
    assert words_of(Builder("curt")) != words_of(Builder("long"))
