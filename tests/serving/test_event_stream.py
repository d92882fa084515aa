"""An event stream that nobody asked for is put together into the answer that it is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import Response, TransientError, Usage
from dataflow.serving.openai_api.reply import Asked, read_answer

ASKED = Asked("http://h/v1/chat/completions", "m", "KEY")
USAGE = {"prompt_tokens": 30, "completion_tokens": 4}


def chunk(finish: str | None = None, **delta: Any) -> dict[str, Any]:
    return {"model": "m-2", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def stream(*chunks: Any, end: str = "\n", done: bool = True) -> bytes:
    lines = [f"data: {json.dumps(one, ensure_ascii=False)}{end}{end}" for one in chunks]
    return "".join([*lines, f"data: [DONE]{end}{end}" if done else ""]).encode("utf-8", "surrogatepass")


def read(body: bytes) -> Response:
    return read_answer(body, ASKED, 0.1)


COUNTED = {"choices": [], "usage": USAGE}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5)), st.sampled_from(["\n", "\r\n", "\r"]))
def test_the_pieces_add_up_to_the_text_wherever_it_is_cut(pieces: list[str], end: str) -> None:
    response = read(stream(chunk(content="A "), *(chunk(content=piece) for piece in pieces), chunk("stop"), end=end))
    whole = read(json.dumps({"choices": [{"message": {"content": "A " + "".join(pieces)}}]}).encode())
    assert response.text == whole.text


def test_usage_reasoning_model_and_the_end_are_read() -> None:
    body = stream(
        {"choices": [], "prompt_filter_results": []},
        chunk(role="assistant", content=None),
        chunk(reasoning_content="It "),
        chunk(reasoning_content="barks."),
        chunk(content="A dog"),
        chunk("length", content="."),
        COUNTED,
    )
    response = read(body)
    assert (response.text, response.reasoning, response.finish_reason) == ("A dog.", "It barks.", "length")
    assert (response.usage, response.model) == (Usage(30, 4), "m-2")


def test_of_counts_that_come_with_every_chunk_the_last_stands() -> None:
    growing = [chunk(content=word) | {"usage": {**USAGE, "completion_tokens": n}} for n, word in enumerate("abc")]
    assert read(stream(*growing, chunk("stop") | {"usage": None})).usage == Usage(30, 2)
    in_choice = chunk("stop", content="a")
    in_choice["choices"][0]["usage"] = USAGE
    assert read(stream(in_choice)).usage == Usage(30, 4)


@pytest.mark.parametrize("done", [True, False])
def test_comments_names_of_events_and_pings_are_passed_over(done: bool) -> None:
    parts = [
        b": OPENROUTER PROCESSING\n\n",
        b'event: ping\ndata: {"type": "ping"}\n\n',
        b"data: ping\n\n",
        b"id: 7\n\n",
    ]
    body = b"".join(parts) + stream(chunk("stop", content="A dog."), COUNTED, done=done)
    assert (read(body).text, read(body).usage) == ("A dog.", Usage(30, 4))


def test_further_answers_are_not_mixed_in() -> None:
    second = {"choices": [{"index": 1, "delta": {"content": "A cat."}, "finish_reason": "length"}]}
    assert read(stream(chunk(content="A "), second, chunk("stop", content="dog."))).text == "A dog."


def test_a_whole_reply_in_one_event_is_read() -> None:
    whole = {"choices": [{"message": {"content": "A dog."}, "finish_reason": "stop"}], "usage": USAGE}
    assert (read(stream(whole)).text, read(stream(whole)).usage) == ("A dog.", Usage(30, 4))


def test_a_refusal_in_pieces_is_a_refusal() -> None:
    response = read(stream(chunk(refusal="I will "), chunk("stop", refusal="not.")))
    assert (response.text, response.finish_reason) == ("I will not.", "refusal")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (stream(chunk(content="A do"), done=False), "broke the answer off"),
        (stream(chunk(content="A do"), COUNTED, done=False), "broke the answer off"),
        (stream(chunk(content="A do"), {"error": {"code": 502, "message": "died"}}), "died"),
        (b'event: error\ndata: {"error": {"message": "died", "code": 500}}\n\n', "died"),
        (stream(chunk(content="A do"), done=False) + b'data: {"choices": [{"del', "no chat completion"),
        (b"data: [DONE]\n\n", "no chat completion"),
        (stream(chunk("stop")), "empty answer"),
    ],
)
def test_a_stream_without_a_whole_answer_is_asked_for_again(body: bytes, said: str) -> None:
    with pytest.raises(TransientError, match=said):
        read(body)


def test_what_a_broken_off_stream_took_is_told() -> None:
    with pytest.raises(TransientError) as raised:
        read(stream(chunk(content="A do"), COUNTED, done=False))
    assert raised.value.usage == Usage(30, 4)
