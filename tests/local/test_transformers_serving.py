"""The transformers serving: batches of what waits, answers that do not depend on their company."""

from __future__ import annotations

import pytest

from dataflow.core import Message, Request, RequestRefused, TextPart
from dataflow.core.loop import run_blocking
from dataflow.serving import LocalModelVLMServing_transformers
from tests.local.engines import CLIP, CONTEXT, SYSTEM, plain_png


def ask(text, **params):
    return Request((Message("user", (TextPart(text),)),), params)


def test_what_waits_becomes_a_batch(transformers):
    before = len(run_blocking(transformers.metrics())["batches"])
    transformers.generate_from_input([f"Question {number}?" for number in range(12)])
    batches = run_blocking(transformers.metrics())["batches"][before:]
    assert sum(batches) == 12
    assert max(batches) > 1
    assert max(batches) <= 8


def test_an_answer_in_a_batch_is_the_one_it_gets_alone(transformers, tmp_path):
    asked = ["Short?", "A much longer question than the one before, which has to be padded on its left?"]
    pictures = [str(plain_png(tmp_path, 3, 84)), str(plain_png(tmp_path, 4, 196))]
    together = transformers.generate_from_input(asked, SYSTEM, image_inputs=pictures)
    for text, picture, answer in zip(asked, pictures, together, strict=True):
        assert transformers.generate_from_input([text], SYSTEM, [picture]) == [answer]


def test_sampling_does_not_depend_on_company(tiny_model):
    def sampling(**settings):
        place = {"transformers_max_model_len": CONTEXT, "transformers_max_tokens": 12}
        return LocalModelVLMServing_transformers(str(tiny_model), transformers_temperature=0.9, **place, **settings)

    asked = [f"Question {number}?" for number in range(6)]
    together = sampling().generate_from_input(asked)
    assert [sampling().generate_from_input([text])[0] for text in asked] == together
    assert sampling(transformers_seed=7).generate_from_input(asked) != together


def test_clips_and_pictures_together(transformers, tmp_path):
    picture = str(plain_png(tmp_path))
    inputs = {"image_inputs": [picture, None, [picture, picture]], "video_inputs": [None, CLIP, CLIP]}
    answers = transformers.generate_from_input(["What?"] * 3, SYSTEM, **inputs)
    assert len(set(answers)) == 3


def test_too_long_a_prompt_says_by_how_much_and_costs_only_itself(transformers):
    async def both():
        import asyncio

        asked = [transformers.answer(ask("word " * 5000)), transformers.answer(ask("And this?"))]
        return await asyncio.gather(*asked, return_exceptions=True)

    refused, answered = run_blocking(both())
    assert isinstance(refused, RequestRefused)
    assert f"more than fit into a context of {CONTEXT:,}" in str(refused)
    assert answered.text


def test_a_parameter_that_it_does_not_know_is_named(transformers):
    with pytest.raises(RequestRefused, match="presence_penalty"):
        run_blocking(transformers.generate(ask("What?", presence_penalty=0.5)))
