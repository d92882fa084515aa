"""Special tokens go from a text, with the turns that a model made up; a text that speaks of them stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.parsing.free_text import free_text
from dataflow.parsing.qa_text import parse_qa
from dataflow.parsing.special_tokens import without_special_tokens

CAPTION = "A red bus stops."
WRAPPINGS = [
    "{}<|im_end|>",
    "{}<|im_end|>\n<|im_start|>user\nWhat colour?<|im_end|>\n<|im_start|>assistant\nRed",
    "<|im_start|>assistant\n{}<|im_end|>",
    "<s>{}</s>",
    "{}</s></s></s>",
    "[INST] {}",
    "{}[/INST]",
    "<|start_header_id|>assistant<|end_header_id|>\n\n{}<|eot_id|>",
    "<|header_start|>assistant<|header_end|>\n\n{}<|eot|>",
    "{}<|eom_id|>",
    "<|start_of_role|>assistant<|end_of_role|>{}<|end_of_text|>",
    "<start_of_turn>model\n{}<end_of_turn>",
    "<|turn>model\n{}<turn|>",
    "<bos>{}<eos>",
    "{}<pad><pad>",
    "{}<unused99>",
    "<｜Assistant｜>{}<｜end▁of▁sentence｜>",
    "{}<｜User｜>And then?",
    "[gMASK]<sop><|assistant|>\n{}<|user|>",
    "<|begin_of_box|>{}<|end_of_box|>",
    "<|assistant|>{}<|end|><|endoftext|>",
    "<|im_assistant|>assistant<|im_middle|>{}<|im_end|>",
    "{}<end_of_utterance>",
    "<|vision_start|><|image_pad|><|vision_end|>{}",
    "<image>\n{}",
    "<IMG_CONTEXT><IMG_CONTEXT>{}",
    "{}<|END_OF_TURN_TOKEN|>",
    "<|message|>{}<|return|>",
    "assistant\n{}<|im_end|>",
    "{}<|im_en",
    "{}<extra_id_0>",
    "{}###",
    "{}\n### Human:",
    "ASSISTANT: {}",
]


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_tokens_of_every_family_go(wrapping):
    assert free_text(wrapping.format(CAPTION)) == CAPTION


@pytest.mark.parametrize(
    "text",
    [
        CAPTION,
        "  A red bus.\n",
        "The screen shows `<|im_end|>` in green.",
        'A slide says "<s> opens and </s> closes".',
        "The code reads:\n```\n<|im_start|>user\nhi<|im_end|>\n```\non a dark screen.",
        "x < y and y > z, A < B | C > D",
        "Press <Enter> or <Esc>.",
        "He typed [MASK]ed words and <b>bold</b> ones; <s>the old price</s> is crossed out.",
        '{"caption": "A <image> mark", "n": 1}',
    ],
)
def test_a_text_that_speaks_of_tokens_or_has_none_comes_back_as_it_is(text):
    if "<s>the" in text:
        assert without_special_tokens(text) == text.replace("<s>", "").replace("</s>", "")
    else:
        assert without_special_tokens(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "- Q: Where is it?\n  A: Here<|im_end|>",
        "<|begin_of_box|>Q: Where is it?\nA: Here<|end_of_box|>",
        '[{"question": "Where is it?", "answer": "Here"}]<|im_end|>',
        '<|begin_of_box|>[{"question": "Where is it?", "answer": "Here"}]<|end_of_box|>',
        '[{"question": "Where is it?", "answer": "<|begin_of_box|>Here<|end_of_box|>"}]',
    ],
)
def test_pairs_hold_no_tokens(text):
    assert [(pair.question, pair.answer) for pair in parse_qa(text)] == [("Where is it?", "Here")]


@given(
    st.lists(st.sampled_from(["<|im_end|>", "<s>", "</s>", "<|", "|>", "a", " ", "\n", "`", '"', "[INST]"])).map(
        "".join
    )
)
def test_no_order_of_tokens_raises_or_grows(text):
    assert len(without_special_tokens(text)) <= len(text)


def test_the_question_that_was_printed_before_the_answer_goes():
    assert without_special_tokens("<s>[INST] Describe it. [/INST] A red bus stops.</s>") == "A red bus stops."
