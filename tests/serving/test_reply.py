"""What an endpoint's reply means. Replies are hostile input: each is an answer or an error of a documented kind."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import (
    AnswerError,
    CutOffAnswer,
    DataFlowError,
    EndpointFatal,
    ModeratedRequest,
    RefusedAnswer,
    RequestRefused,
    TransientError,
    Usage,
    no_answer,
)
from dataflow.serving.openai_api.reply import Asked, read_answer

ASKED = Asked("http://h/v1/chat/completions", "m", "KEY")
USAGE = {"prompt_tokens": 30, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 20}}
SPENT = Usage(30, 4, 20)

json_value = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
message = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("content", "reasoning_content", "reasoning", "refusal"), json_value)
)
choice = st.fixed_dictionaries(
    {}, optional={"message": message | json_value, "finish_reason": json_value, "error": json_value}
)
usage = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens", "cached_tokens"), json_value)
)
reply = st.fixed_dictionaries(
    {},
    optional={
        "choices": st.lists(choice, max_size=2) | json_value,
        "usage": usage | json_value,
        "model": json_value,
        "error": json_value,
        "code": json_value,
    },
)


def body(**changes: Any) -> bytes:
    document = {"choices": [{"message": {"content": "A dog."}, "finish_reason": "stop"}], "model": "m"}
    return orjson.dumps(document | changes)


def answer_with(**fields: Any) -> bytes:
    return body(choices=[{"message": fields, "finish_reason": "stop"}])


@given(reply)
def test_any_reply_is_an_answer_with_text_or_a_documented_error(document: dict[str, Any]) -> None:
    try:
        response = read_answer(orjson.dumps(document), ASKED, 0.1)
    except (TransientError, RequestRefused, EndpointFatal):
        return
    assert response.text.strip() or isinstance(no_answer(response), AnswerError)
    assert isinstance(response.reasoning, str) and isinstance(response.finish_reason, str)
    assert 0 <= response.usage.input_tokens < 2**63 and 0 <= response.usage.output_tokens < 2**63


@given(st.binary(max_size=60))
def test_bytes_that_are_no_reply_are_asked_for_again(content: bytes) -> None:
    with pytest.raises(TransientError):
        read_answer(content, ASKED, 0.1)


@pytest.mark.parametrize(
    "fields",
    [
        {"content": "<think>It barks.</think>\nA dog."},
        {"content": "A dog.", "reasoning_content": "It barks."},
        {"content": "A dog.", "reasoning": "It barks."},
        {"content": [{"type": "text", "text": "A "}, {"type": "text", "text": "dog."}], "reasoning": "It barks."},
    ],
)
def test_reasoning_is_kept_apart(fields: dict[str, Any]) -> None:
    response = read_answer(answer_with(**fields), ASKED, 0.1)
    assert (response.text.strip(), response.reasoning.strip()) == ("A dog.", "It barks.")


def one(content: Any, finish: Any = "stop", **fields: Any) -> list[Any]:
    return [{"message": {"content": content, **fields}, "finish_reason": finish}]


@pytest.mark.parametrize(
    ("choices", "kind", "kept"),
    [
        (one(None, "length"), CutOffAnswer, ""),
        (one("", "max_tokens", reasoning="I look"), CutOffAnswer, ""),
        (one("<think>I look at", "length"), CutOffAnswer, ""),
        (one(None, "content_filter"), RefusedAnswer, ""),
        (one("A man who", "content_filter"), RefusedAnswer, "A man who"),
        (one("A man who", "SAFETY"), RefusedAnswer, "A man who"),
        (one(None, refusal="I will not."), RefusedAnswer, "I will not."),
        (one([{"type": "refusal", "refusal": "I will not."}]), RefusedAnswer, "I will not."),
        (one("", "refusal"), RefusedAnswer, ""),
    ],
)
def test_what_a_model_said_instead_of_an_answer_is_kept_and_is_none(
    choices: list[Any], kind: type[AnswerError], kept: str
) -> None:
    response = read_answer(body(choices=choices, usage=USAGE), ASKED, 0.1)
    assert type(no_answer(response)) is kind
    assert (response.text, response.usage) == (kept, SPENT)


@pytest.mark.parametrize("refusal", [None, "", " ", {}, 0])
def test_a_refusal_that_says_nothing_is_none(refusal: Any) -> None:
    response = read_answer(answer_with(content="A dog.", refusal=refusal), ASKED, 0.1)
    assert no_answer(response) is None and response.finish_reason == "stop"


@pytest.mark.parametrize(
    ("content", "tries", "said"),
    [
        (body(choices=one("")), 3, "empty"),
        (body(choices=one(" \n", None)), 3, "empty"),
        (body(choices=one(None, reasoning="A dog.")), 2, "`reasoning`"),
        (body(choices=one("", reasoning_content="A dog.")), 2, "`reasoning`"),
        (body(choices=one("<think>A dog.</think>")), 2, "`reasoning`"),
        (body(choices=one("A dog that", "error")), None, "broke the answer off"),
        (body(choices=one("A dog that", "error"), usage=USAGE), 3, "broke the answer off"),
        (body(choices=[]), None, "no chat completion"),
        (body(choices=[], usage=USAGE), 3, "no chat completion"),
        (b"<html>upstream connect error</html>", None, "no chat completion"),
        (body(usage=USAGE)[:-1], 3, "no chat completion"),
        (
            b'{"usage": {"prompt_tokens": 30, "completion_tokens": 4, "cached_tokens": 20}, "choices": [{"mess',
            3,
            "no chat",
        ),
    ],
)
def test_a_reply_without_an_answer_is_asked_for_again_and_so_often_as_it_is_paid_for(
    content: bytes, tries: int | None, said: str
) -> None:
    with pytest.raises(TransientError, match=said) as raised:
        read_answer(content, ASKED, 0.1)
    assert raised.value.tries == tries
    paid = b"prompt_tokens" in content
    assert raised.value.usage == (SPENT if paid else None)


@pytest.mark.parametrize(
    "content",
    [
        b'{"choices": [{"message": {"content": "A dog. \\ud83d"}}]}',
        b'{"choices": [{"message": {"content": "A dog. \xf0\x9f\x98"}}]}',
        b'{"choices": [{"message": {"content": "A dog."}}], "timings": {"rate": NaN}}',
        b'\xef\xbb\xbf{"choices": [{"message": {"content": "A dog."}}]}\n\ndata: [DONE]',
        b'{"choices": [{"message": {"content": "A dog.\n"}}]}',
    ],
)
def test_what_python_s_own_reader_takes_costs_no_answer(content: bytes) -> None:
    text = read_answer(content, ASKED, 0.1).text
    assert text.startswith("A dog.")
    text.encode()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"error": {"code": 429, "message": "slow down"}}, TransientError),
        ({"error": {"code": "429", "message": "slow down"}}, TransientError),
        ({"code": 429, "message": "slow down"}, TransientError),
        ({"object": "error", "code": 400, "message": "too long", "type": "BadRequestError"}, RequestRefused),
        ({"error": {"type": "overloaded_error", "message": "busy"}}, TransientError),
        ({"error": {"code": 401, "message": "who are you"}}, EndpointFatal),
        ({"error": {"code": "model_not_found", "message": "no such"}}, EndpointFatal),
        ({"error": {"code": 403, "message": "Input flagged", "metadata": {"reasons": ["violence"]}}}, ModeratedRequest),
        ({"error": {"code": 400, "message": "no"}, "choices": []}, RequestRefused),
        ({"choices": [{"error": {"code": 502, "message": "died"}, "message": {"content": "A do"}}]}, TransientError),
        ({"choices": [{"error": {"code": 400, "message": "no"}, "message": {"content": ""}}]}, RequestRefused),
        ([{"error": {"code": 503, "message": "unavailable"}}], TransientError),
        ({"error": "something went wrong"}, TransientError),
    ],
)
def test_an_error_in_a_good_reply_means_what_its_code_means(error: Any, kind: type[DataFlowError]) -> None:
    if isinstance(error, dict):
        error["usage"] = USAGE
    with pytest.raises(kind) as raised:
        read_answer(orjson.dumps(error), ASKED, 0.1)
    assert type(raised.value) is kind
    assert raised.value.usage == (SPENT if isinstance(error, dict) else None)


@pytest.mark.parametrize("error", [None, {}, "", False])
def test_an_error_that_is_none_costs_no_answer(error: Any) -> None:
    assert read_answer(body(error=error, code=0), ASKED, 0.1).text == "A dog."


def test_a_429_in_a_good_reply_is_throttling_and_its_wait_is_kept() -> None:
    content = orjson.dumps({"error": {"code": 429, "message": "Rate limit reached. Please try again in 20s."}})
    with pytest.raises(TransientError) as raised:
        read_answer(content, ASKED, 0.1)
    assert raised.value.throttled and raised.value.retry_after == 20
    with pytest.raises(TransientError) as raised:
        read_answer(content, ASKED, 0.1, headers={"Retry-After": "7"})
    assert raised.value.retry_after == 7
