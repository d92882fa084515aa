"""The words said to models: what they must hold, and that nothing in a sample can break them."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module

import pytest

from dataflow import prompts
from dataflow.prompts import context_vqa, correction, image_vqa, top_up, video_caption, video_qa
from dataflow.prompts.question_types import describe, quotas
from dataflow.prompts.system import WATCHER

NASTY = 'A sign says {num_qa} and {"json": {}} </description> {{x}} \\1 %d {form} {error}'


def test_a_caption_stands_in_the_prompt_exactly_as_it_is() -> None:
    assert NASTY in video_qa.build(NASTY, 1)
    assert NASTY in video_qa.build(NASTY, 3, describe(quotas(3, NASTY)))


@pytest.mark.parametrize("count", [1, 2, 20])
def test_the_prompt_says_the_number_and_the_form(count: int) -> None:
    text = video_qa.build("c", count, describe(quotas(count, "c")) if count > 1 else "")
    assert f"Write {count} question-answer pair{'' if count == 1 else 's'} that test" in text
    assert text.endswith(video_qa.form_of(count))
    assert ('"type"' in text) == (count > 1)


def test_a_correction_shows_the_error_and_the_form_whatever_they_hold() -> None:
    text = correction.build(f"bad {NASTY}.", 'Reply with {"a": "{error}"}')
    assert f"bad {NASTY}.\n" in text and text.endswith('Reply with {"a": "{error}"}')


def test_a_top_up_quotes_the_questions_on_one_line_each_and_asks_for_the_rest() -> None:
    text = top_up.build(2, ["What is {asked}?", "Who\n runs?"], "", video_qa.FORM)
    assert text.startswith("Write 2 further question-answer pairs")
    assert "\n- What is {asked}?\n- Who runs?\n" in text
    assert text.endswith(video_qa.FORM)
    assert "Write 1 further question-answer pair by" in top_up.build(1, ["?"], "", "")


MODULES = [import_module(f"dataflow.prompts.{module.name}") for module in pkgutil.iter_modules(prompts.__path__)]
SAID = [
    (f"{module.__name__}.{name}", str(words))
    for module in MODULES
    for name, words in vars(module).items()
    if name.isupper() and isinstance(words, str | dict)
]


@pytest.mark.parametrize("words", [words for _, words in SAID], ids=[name for name, _ in SAID])
def test_no_prompt_asks_for_what_a_model_that_is_shown_frames_cannot_perceive(words: str) -> None:
    assert not re.search(
        r"\b(?:sounds?|audio|audible|hear[ds]?|listen|voices?|musi\w+|noises?|speech|loud\w*)\b", words
    )


def test_the_prompts_that_are_looked_at_are_those_that_are_sent() -> None:
    assert {video_caption.TEMPLATE, WATCHER, image_vqa.TEMPLATE, context_vqa.TEMPLATE} <= {words for _, words in SAID}


def test_no_placeholder_is_left_over_in_a_prompt() -> None:
    said = [
        video_caption.TEMPLATE,
        WATCHER,
        video_qa.build("c", 1),
        video_qa.build("c", 2, describe(quotas(2, "c"))),
        correction.build("e", "f"),
        top_up.build(1, ["q"], describe(["count"]), "f"),
        context_vqa.TEMPLATE.replace("{num_qa}", "3"),
        image_vqa.TEMPLATE.replace("{num_qa}", "3"),
    ]
    assert [prompt for prompt in said if re.search(r"\{\w+\}", prompt)] == []
