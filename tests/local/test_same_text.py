"""The same request at temperature 0 gets the same text from transformers, from vLLM in process, and from vLLM's own
server through our API serving."""

from __future__ import annotations

import pytest

from dataflow.core import Message, Request, TextPart, VideoPart
from dataflow.core.loop import run_blocking
from dataflow.serving import APIVLMServing_openai
from tests.local.engines import CLIP, SYSTEM, plain_png

QUESTIONS = ["What is in the picture?", "Which colours are there, and where?"]


@pytest.fixture(scope="module")
def through_the_api(vllm_server):
    return APIVLMServing_openai(api_url=vllm_server, model_name="tiny", temperature=0, max_tokens=16)


def texts(serving, images=None):
    return serving.generate_from_input(QUESTIONS, SYSTEM, image_inputs=images)


def test_of_a_question_in_words(transformers, vllm, through_the_api):
    said = texts(vllm)
    assert len(set(said)) == 2
    assert all(len(text) > 3 for text in said)
    assert texts(transformers) == said
    assert texts(through_the_api) == said


def test_of_a_question_about_a_png(transformers, vllm, through_the_api, tmp_path):
    pictures = [str(plain_png(tmp_path, seed)) for seed in (1, 2)]
    said = texts(vllm, pictures)
    assert len(set(said)) == 2
    assert said != texts(vllm), "the pictures make no difference"
    assert texts(transformers, pictures) == said
    assert texts(through_the_api, pictures) == said


def test_of_a_clip_of_two_frames(transformers, vllm):
    # With more frames the two engines place the text behind a video differently, whatever they are given.
    messages = (Message("user", (VideoPart(CLIP, "uniform:2"), TextPart("What happens?"))),)
    said = run_blocking(vllm.generate(Request(messages))).text
    assert run_blocking(transformers.generate(Request(messages))).text == said
