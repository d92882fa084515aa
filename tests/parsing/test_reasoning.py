"""Reasoning is told from the answer, and an answer that speaks of the tags is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.parsing.reasoning import split_reasoning


@pytest.mark.parametrize(
    ("text", "answer", "reasoning"),
    [
        ("<think>Hm.</think>Paris", "Paris", "Hm."),
        ("<think>\nHm.\n</think>\n\nParis", "Paris", "Hm."),
        ("<thinking>Hm.</thinking>Paris", "Paris", "Hm."),
        ("<reasoning>Hm.</reasoning>Paris", "Paris", "Hm."),
        ("◁think▷Hm.◁/think▷Paris", "Paris", "Hm."),
        ("[THINK]Hm.[/THINK]Paris", "Paris", "Hm."),
        ("<|begin_of_thought|>Hm.<|end_of_thought|>Paris", "Paris", "Hm."),
        ("<THINK>Hm.</Think>Paris", "Paris", "Hm."),
        ("Hm.</think>Paris", "Paris", "Hm."),
        ("Hm. </think> Paris", "Paris", "Hm."),
        ("Hm.\n</think>\nParis", "Paris", "Hm."),
        ("<think>Hm.", "", "Hm."),
        ("<think>a<think>b</think>c</think>Paris", "Paris", "a\nb\nc"),
        ("<think>\n<think>Hm.</think>Paris", "Paris", "Hm."),
        ("<think>a</think>b</think>Paris", "Paris", "a\nb"),
        ("<think></think>Paris", "Paris", ""),
        ("<think>Hm.</think><answer>Paris</answer>", "Paris", "Hm."),
        ("<think>```json\n{}</think>Paris", "Paris", "```json\n{}"),
        ("<think>a</think>Paris\n<think>b</think>", "Paris", "a\nb"),
        ("Paris.\n<think>Hm", "Paris.", "Hm"),
        ("<|START_THINKING|>Hm.<|END_THINKING|>Paris", "Paris", "Hm."),
        ("<think>Hm.</think><response>Paris</response>", "Paris", "Hm."),
        ("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Paris", "Paris", "Hm."),
        (
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Paris<|return|>",
            "Paris",
            "Hm.",
        ),
        ("<|start|>assistant<|channel|>final <|constrain|>json<|message|>Paris<|return|>", "Paris", ""),
        ("<|channel|>analysis<|message|>Hm.", "", "Hm."),
        ("<|channel|>commentary to=functions.look<|message|>{}<|call|><|channel|>final<|message|>Paris", "Paris", "{}"),
        ("<|channel>thought\nHm.\n<channel|>Paris", "Paris", "Hm."),
        ("<|channel>thought\nHm.", "", "Hm."),
        ("thought\nHm.\n<channel|>Paris", "Paris", "Hm."),
        ("<|channel>thought\n<channel|>Paris", "Paris", ""),
        ("analysisHm.assistantfinalParis", "Paris", "Hm."),
        ("analysisHm, it goes on", "", "Hm, it goes on"),
    ],
)
def test_reasoning_is_split_off(text, answer, reasoning):
    assert split_reasoning(text) == (answer, reasoning)


@pytest.mark.parametrize(
    "text",
    [
        "Paris",
        "  Paris\n",
        "Write `<think>` first and `</think>` last.",
        'The tags "<think>" and "</think>" stand around it.',
        "The tags “<think>” and “</think>” stand around it.",
        "The model writes 'open with <think>' and \"close with </think> then\".",
        "For example:\n```\n<think>\nHm.\n</think>\nParis\n```\nThat is all.",
        '{"question": "What does <think> do?", "answer": "It opens reasoning, </think> closes it."}',
        "I think that this is it.",
        "A slide shows `<|channel|>analysis<|message|>` and `<|channel>thought`.",
        "analysis of the picture",
        "analysis\nA chart shows two bars.",
    ],
)
def test_text_that_only_speaks_of_the_tags_comes_back_as_it_is(text):
    assert split_reasoning(text) == (text, "")


@given(
    st.lists(
        st.sampled_from(["<think>", "</think>", "[THINK]", "◁/think▷", "a", " ", "\n", "`", '"', "```"]), max_size=20
    ).map("".join)
)
def test_no_order_of_tags_raises(text):
    answer, reasoning = split_reasoning(text)
    assert len(answer) + len(reasoning) <= len(text) + text.count("think")


@given(st.text(), st.text("abc ?.\n"))
def test_what_was_put_together_comes_apart(reasoning, answer):
    if "think" not in reasoning.lower() and "reason" not in reasoning.lower() and "thought" not in reasoning.lower():
        assert split_reasoning(f"<think>{reasoning}</think>{answer}")[0] == answer.strip()
