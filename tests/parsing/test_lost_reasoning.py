"""Reasoning that lost its tags is told from a caption; its answer is taken only where the model says that it comes."""

import pytest

from dataflow.core import AnswerError
from dataflow.parsing.free_text import free_text
from dataflow.parsing.lost_reasoning import without_lost_reasoning

CAPTION = "A red bus stops at the corner while people wait."


@pytest.mark.parametrize(
    "text",
    [
        "Okay, the user wants me to describe the image. Let me look at it.\n\nThe bus is red. I should mention that.",
        "The user is asking me to write about this. I need to look at the details. Let me think first.",
        "Got it, let's tackle this. First, I need to describe what the user sees. Let me start by listing the objects.",
        "We need to produce a caption. The image shows a red bus. Let's write concise.",
        "So, let's look at the image. There is a red bus. I need to mention the people. First, the bus.",
        "用户现在需要描述这张图片，首先看图片里的内容，有一辆红色公交车。然后应该注意颜色。",
        "好的，用户让我描述这张图片。我需要先看一下画面。",
        "El usuario quiere una descripción. Debo mirar la imagen con cuidado.",
        "Der Nutzer möchte eine Beschreibung. Ich sollte die Farben nennen.",
        "thought\nThe bus is red, I think.\nA red bus stops.",
        "analysisWe need to describe the picture. It shows a red bus.",
        "Sure! Okay, the user wants me to describe the image. Let me look at it. I should be exact.",
    ],
)
def test_reasoning_without_an_answer_is_none(text):
    with pytest.raises(AnswerError, match="reasoning"):
        free_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "Okay, the user wants a caption. I need to be exact. Let me write it.\n\nFinal caption: {}",
        "The user asks for a description. I should mention the bus.\n\n**Final Answer:** {}",
        "Okay, the user wants me to describe this. Let me now write the description.\n\n{}",
        'We need to produce a caption. I should be concise. Final answer: "{}"',
        "The user wants a caption. I should look at the bus.\n\n---\n\n{}",
        "用户需要描述图片。我需要注意颜色。\n最终描述：{}",
    ],
)
def test_the_answer_behind_reasoning_is_taken_where_it_is_announced(text):
    assert free_text(text.format(CAPTION)) == CAPTION


@pytest.mark.parametrize(
    "text",
    [
        "The user interface shows a login form with two fields.",
        "The user wants to buy a ticket and taps the blue button; a receipt appears.",
        "Let's start by cracking two eggs into a bowl. We need to whisk them until they foam.",
        "Okay is written on the wall. I think it is paint.",
        "First, the baker kneads the dough; then she lets it rest.",
        "Let me introduce you: a polar bear and her two cubs walk on the ice.",
        "I need to see this place, says a girl with a map. The picture behind her shows a temple.",
        "用户界面上显示着一个登录按钮。",
        "首先，厨师把面团揉好，然后放进烤箱。",
        CAPTION,
    ],
)
def test_a_caption_that_begins_like_reasoning_is_none(text):
    assert without_lost_reasoning(text) is None
    assert free_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Thinking Process:\n\n1. **Analyze:** The user wants a caption.\n2. **Draft:** A bus.\n\nFinal caption: {}",
        "**Thinking**\n\nThe user wants a caption. I should mention the bus.\n\n**Answer**\n\n{}",
        "### Thought process\nI should say that it is red.\n\n### Final Answer\n{}",
        "Let me analyze this image step by step.\n\n1. There is a bus.\n2. It is red.\n\nFinal answer: {}",
        "Let's think step by step. There is a bus. It is red. So the caption is: {}",
        "**Denkprozess:**\nDer Nutzer möchte eine Beschreibung.\n\n**Antwort:** {}",
        "思考过程：\n用户需要一个描述。\n\n最终答案：{}",
    ],
)
def test_reasoning_under_a_heading_or_step_by_step_goes_with_what_announces_the_answer(text):
    assert free_text(text.format("A red bus stops at the corner.")) == "A red bus stops at the corner."


def test_reasoning_under_a_heading_without_an_answer_is_none():
    with pytest.raises(AnswerError):
        free_text("Thinking Process:\n\nThe user wants a caption. I should look at the bus first.")


@pytest.mark.parametrize(
    "text",
    [
        "The thinking process: a poster lists five stages, from doubt to insight.",
        "**Thinking**\n\nA bronze figure rests its chin on its hand.",
        "Let me show you step by step, says the cook in the subtitle while she folds a dumpling.",
        "Step by step, a toddler climbs the stairs.",
        "Thoughts\n\nis the title of the notebook on the desk.",
    ],
)
def test_a_caption_about_thinking_stays(text):
    assert free_text(text) == text
