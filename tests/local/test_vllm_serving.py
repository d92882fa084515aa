"""The vLLM serving on its asynchronous engine."""

from __future__ import annotations

import asyncio
import json

import pytest
from pydantic import BaseModel, Field

from dataflow.core import ImagePart, Message, Request, RequestRefused, TextPart, VideoPart
from dataflow.core.loop import run_blocking
from dataflow.operators.structured import in_schema
from dataflow.serving import LocalModelVLMServing_vllm
from tests.local.engines import CLIP, CONTEXT, ENGINE_ARGS, SYSTEM, plain_png


class Colour(BaseModel):
    name: str = Field(max_length=8)
    shade: int = Field(ge=0, le=9)


def ask(*parts, schema=None, key=b"", **params):
    said = (Message("system", (TextPart(SYSTEM),)), Message("user", parts))
    return Request(said, params, schema=schema, key=key)


def all_of(serving, requests):
    async def together():
        return await asyncio.gather(*(serving.answer(request, order=n) for n, request in enumerate(requests)))

    return run_blocking(together())


def sampling(tiny_model, **settings):
    """Another serving on the same engine, which draws its answers."""
    place = {"vllm_max_tokens": 12, "vllm_max_model_len": CONTEXT, "vllm_engine_args": ENGINE_ARGS}
    return LocalModelVLMServing_vllm(str(tiny_model), vllm_temperature=0.9, **place, **settings)


def test_requests_are_answered_together_in_one_engine(vllm, tiny_model):
    answers = all_of(vllm, [ask(TextPart(f"Question {number}?")) for number in range(40)])
    assert [bool(answer.text) for answer in answers] == [True] * 40
    assert all(answer.usage.input_tokens > 10 and 0 < answer.usage.output_tokens <= 16 for answer in answers)
    assert sampling(tiny_model).generate_from_input(["What?"])
    assert sampling(tiny_model).engine_pid is None  # it holds nothing before it is used


def test_an_answer_is_drawn_the_same_whenever_the_same_is_asked(vllm, tiny_model):
    requests = [ask(TextPart(f"Question {number}?")) for number in range(8)]
    first = [answer.text for answer in all_of(sampling(tiny_model), requests)]
    again = [answer.text for answer in all_of(sampling(tiny_model), list(reversed(requests)))]
    assert again == first[::-1]


def test_another_attempt_and_another_seed_draw_other_answers(vllm, tiny_model):
    def drawn(serving, key):
        return all_of(serving, [ask(TextPart("What?"), key=key)])[0].text

    serving = sampling(tiny_model)
    assert drawn(serving, b"question, attempt 0") == drawn(serving, b"question, attempt 0")
    assert drawn(serving, b"question, attempt 0") != drawn(serving, b"question, attempt 1")
    asked = [ask(TextPart(f"Question {number}?")) for number in range(4)]
    assert [a.text for a in all_of(sampling(tiny_model, vllm_seed=3), asked)] != [
        a.text for a in all_of(sampling(tiny_model, vllm_seed=4), asked)
    ]


def test_a_schema_holds_the_answer_to_its_form(vllm):
    answers = all_of(vllm, [ask(TextPart(f"{n}?"), schema=Colour, max_tokens=200) for n in range(6)])
    whole = [answer for answer in answers if not answer.truncated]
    assert whole
    assert all(isinstance(in_schema(Colour)(answer), Colour) for answer in whole)


def test_a_schema_that_no_grammar_can_be_made_of_is_left_to_the_prompt(vllm):
    class Lookahead(BaseModel):
        word: str = Field(json_schema_extra={"pattern": "^(?=a)(?!ab)a+$"})

    for _ in range(2):
        assert run_blocking(vllm.generate(ask(TextPart("Which word?"), schema=Lookahead))).text


def test_too_long_a_prompt_says_by_how_much_and_the_engine_goes_on(vllm):
    fits = run_blocking(vllm.generate(ask(TextPart("word " * 100)))).usage.input_tokens
    with pytest.raises(RequestRefused) as refused:
        run_blocking(vllm.generate(ask(TextPart("word " * 5000))))
    per_word = (fits - run_blocking(vllm.generate(ask(TextPart("")))).usage.input_tokens) / 100
    over = int(str(refused.value).split(" tokens, ")[1].split(" more")[0].replace(",", ""))
    assert over == pytest.approx(5000 * per_word - CONTEXT, abs=100)


def test_a_clip_whose_frames_do_not_fit_is_refused_with_the_cure(vllm, tmp_path):
    pictures = [ImagePart(str(plain_png(tmp_path, seed, 224))) for seed in range(70)]
    with pytest.raises(RequestRefused, match="show fewer frames"):
        run_blocking(vllm.generate(ask(*pictures, TextPart("What?"))))


def test_the_second_question_about_a_clip_finds_it_processed_and_its_prefix_in_the_cache(vllm):
    def counted():
        return run_blocking(vllm.metrics())

    clip = VideoPart(CLIP, "uniform:24")
    first = run_blocking(vllm.generate(ask(clip, TextPart("What happens?"))))
    before = counted()
    second = run_blocking(vllm.generate(ask(clip, TextPart("How often, and in which order?"))))
    after = counted()
    assert after["vllm:mm_cache_hits"] - before["vllm:mm_cache_hits"] == 1
    found = after["vllm:prefix_cache_hits"] - before["vllm:prefix_cache_hits"]
    assert found >= first.usage.input_tokens // 2
    assert second.text != first.text
    assert first.media[0]["times"][:2] == pytest.approx([0.125, 0.375], abs=0.05)


def test_the_times_of_frames_change_what_is_seen(vllm):
    async def text_for(rate):
        ready = await vllm.prepare(ask(VideoPart(CLIP, "uniform:8"), TextPart("What?")))
        ((name, item),) = ready.job["media"].items()
        metadata = {**item["metadata"], "fps": item["metadata"]["fps"] * rate}
        # another name, or the cache would answer with what it has seen
        turns = json.loads(json.dumps(ready.job["turns"]).replace(name, f"{name}{rate}"))
        job = {**ready.job, "turns": turns, "media": {f"{name}{rate}": {**item, "metadata": metadata}}}
        reply = await vllm._kept().ask(job)
        return reply["text"]

    async def both():
        return await text_for(1), await text_for(0.1)

    true, slow = run_blocking(both())
    assert true != slow


def test_a_parameter_that_vllm_does_not_know_is_named(vllm):
    with pytest.raises(RequestRefused, match="warmth"):
        run_blocking(vllm.generate(ask(TextPart("What?"), warmth=3)))


def test_a_clip_shown_in_a_prompt_that_was_too_long_can_be_shown_again(vllm):
    clip = VideoPart(CLIP, "uniform:6")
    with pytest.raises(RequestRefused, match="more than fit"):
        run_blocking(vllm.generate(ask(clip, TextPart("word " * 5000))))
    assert run_blocking(vllm.generate(ask(clip, TextPart("What happens?")))).text
