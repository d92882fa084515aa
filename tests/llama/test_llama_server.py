"""Our API serving at llama.cpp's server with SmolLM2: a server and a model that nobody here wrote."""

from __future__ import annotations

import pytest

from dataflow.core import Message, Request, RequestRefused, TextPart
from dataflow.core.loop import run_blocking
from dataflow.operators.core_vision import VideoCaptionToQAGenerator
from dataflow.serving import APIVLMServing_openai
from tests.commands import read_jsonl

DOG = "What is a dog? Answer in one sentence."


def serving(url, **settings):
    return APIVLMServing_openai(api_url=url, model_name="smol", **{"temperature": 0, "max_tokens": 40, **settings})


def ask(asked, text):
    return run_blocking(asked.generate(Request((Message("user", (TextPart(text),)),))))


def test_texts_are_answered_and_counted(llama_server):
    asked = serving(llama_server, max_workers=2)
    answers = asked.generate_from_input([DOG, "What is a cat? Answer in one sentence."])
    assert "dog" in answers[0].lower() and "cat" in answers[1].lower()
    response = ask(asked, DOG)
    assert response.text == answers[0]
    assert response.usage.input_tokens > 0 and 0 < response.usage.output_tokens <= 40


def test_further_parameters_are_taken(llama_server):
    more = {"top_k": 5, "repeat_penalty": 1.1, "stop": ["."]}
    response = ask(serving(llama_server, temperature=0.5, top_p=0.9, seed=7, extra_body=more), DOG)
    assert response.text and "." not in response.text


def test_its_event_stream_adds_up_to_the_answer(llama_server):
    whole, streamed = (ask(serving(llama_server, extra_body=more), DOG) for more in ({}, {"stream": True}))
    assert streamed.text == whole.text
    assert streamed.finish_reason == whole.finish_reason


def test_a_text_operator_with_a_schema_that_it_does_not_know_gets_its_pairs(llama_server):
    rows = [{"id": n, "video": [f"{n}.mp4"], "caption": f"A {colour} square moves over a white table."}
            for n, colour in enumerate(["blue", "red", "green"])]  # fmt: skip
    asked = serving(llama_server, max_tokens=300)
    done = VideoCaptionToQAGenerator(asked, use_video_input=False).run(df=rows)
    written = read_jsonl(done.path)
    assert written and all(row["qa"].keys() == {"question", "answer"} for row in written)
    failures = done.path.with_suffix(".failures.jsonl")
    failed = read_jsonl(failures) if failures.exists() else []
    assert len(written) + len(failed) == 3 and {failure["kind"] for failure in failed} <= {"answer", "cut_off"}
    assert done.counts.input_tokens > 0


def test_too_long_a_prompt_fails_its_own_request_with_what_helps(llama_server):
    asked = serving(llama_server)
    with pytest.raises(RequestRefused, match=r"context.*--max-tokens"):
        asked.generate_from_input(["word " * 20_000])
    assert asked.generate_from_input([DOG])[0]
