"""What an endpoint's reply means. Replies are hostile input: each is an answer or an error of a documented kind."""

from __future__ import annotations

import math
import time
from email.utils import formatdate
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import DataFlowError, EndpointFatal, RequestRefused, TransientError, Usage
from dataflow.serving.openai_api.reply import _retry_after, error_of, read_answer

json_value = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
message = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("content", "reasoning_content", "reasoning", "refusal"), json_value)
)
choice = st.fixed_dictionaries({}, optional={"message": message | json_value, "finish_reason": json_value})
usage = st.fixed_dictionaries({}, optional={"prompt_tokens": json_value, "completion_tokens": json_value})
reply = st.fixed_dictionaries(
    {},
    optional={"choices": st.lists(choice, max_size=2) | json_value, "usage": usage | json_value, "model": json_value},
)


def body(**changes: Any) -> bytes:
    document = {"choices": [{"message": {"content": "A dog."}, "finish_reason": "stop"}], "model": "m"}
    return orjson.dumps(document | changes)


def answer_with(**fields: Any) -> bytes:
    return body(choices=[{"message": fields, "finish_reason": "stop"}])


@given(reply)
def test_any_reply_is_an_answer_with_text_or_a_documented_error(document: dict[str, Any]) -> None:
    try:
        response = read_answer(orjson.dumps(document), "m", 0.1)
    except (TransientError, RequestRefused):
        return
    assert response.text.strip()
    assert isinstance(response.reasoning, str) and isinstance(response.finish_reason, str)
    assert 0 <= response.usage.input_tokens < 2**63 and 0 <= response.usage.output_tokens < 2**63


@given(st.binary(max_size=60))
def test_bytes_that_are_no_reply_are_asked_for_again(content: bytes) -> None:
    with pytest.raises(TransientError):
        read_answer(content, "m", 0.1)


def test_counts_that_are_none_cost_no_answer() -> None:
    for counted in (None, [], "many", {"prompt_tokens": "12"}, {"prompt_tokens": -5}, {"completion_tokens": 1e300}):
        assert read_answer(body(usage=counted), "m", 0.1).usage == Usage(0, 0)
    assert read_answer(body(usage={"prompt_tokens": 3, "completion_tokens": 4}), "m", 0.1).usage == Usage(3, 4)


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
    response = read_answer(answer_with(**fields), "m", 0.1)
    assert (response.text.strip(), response.reasoning.strip()) == ("A dog.", "It barks.")


@pytest.mark.parametrize(
    ("choices", "kind"),
    [
        ([{"message": {"content": ""}, "finish_reason": "stop"}], TransientError),
        ([{"message": {"content": " \n"}, "finish_reason": None}], TransientError),
        ([{"message": {"content": None}, "finish_reason": "length"}], RequestRefused),
        ([{"message": {"content": None}, "finish_reason": "content_filter"}], RequestRefused),
        ([{"message": {"content": None, "refusal": "I will not."}, "finish_reason": "stop"}], RequestRefused),
        ([], TransientError),
    ],
)
def test_no_text_is_no_answer(choices: list[Any], kind: type[DataFlowError]) -> None:
    with pytest.raises(kind):
        read_answer(body(choices=choices), "m", 0.1)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, None, RequestRefused),
        (401, None, EndpointFatal),
        (402, None, EndpointFatal),
        (403, None, EndpointFatal),
        (404, None, EndpointFatal),
        (400, "context_length_exceeded", RequestRefused),
        (400, "model_not_found", EndpointFatal),
        (408, None, TransientError),
        (413, None, RequestRefused),
        (422, None, RequestRefused),
        (429, None, TransientError),
        (429, "insufficient_quota", EndpointFatal),
        (500, None, TransientError),
        (502, None, TransientError),
        (503, None, TransientError),
        (529, None, TransientError),
    ],
)
def test_each_status_has_its_kind(status: int, code: str | None, kind: type[DataFlowError]) -> None:
    content = orjson.dumps({"error": {"message": "No.", "code": code}})
    error = error_of(status, {}, content, "http://h/v1", "m", "KEY")
    assert type(error) is kind and "No." in str(error) and str(status) in str(error)


@given(st.integers(300, 599), json_value | st.fixed_dictionaries({"error": json_value}))
def test_any_error_body_becomes_an_error_of_bounded_length(status: int, content: Any) -> None:
    error = error_of(status, {}, orjson.dumps(content), "http://h/v1", "m", "KEY")
    assert isinstance(error, DataFlowError) and len(str(error)) < 1000


@pytest.mark.parametrize(
    ("status", "headers", "throttled"),
    [(429, {}, True), (503, {"Retry-After": "3"}, True), (503, {}, False), (500, {"Retry-After": "3"}, False)],
)
def test_throttled_is_what_the_endpoint_says_is_too_much(status: int, headers: dict[str, str], throttled: bool) -> None:
    error = error_of(status, headers, b"", "http://h/v1", "m", "KEY")
    assert isinstance(error, TransientError) and error.throttled is throttled


def test_retry_after_is_seconds_or_a_date() -> None:
    assert _retry_after({}) is None
    assert _retry_after({"Retry-After": "2.5"}) == 2.5
    assert _retry_after({"Retry-After": formatdate(time.time() + 30, usegmt=True)}) == pytest.approx(30, abs=2)
    assert _retry_after({"Retry-After": formatdate(time.time() - 30, usegmt=True)}) == 0
    for nonsense in ("soon", "", "nan", "inf", "Mon, 99999999999999999999 Jan 2020 00:00:00 GMT"):
        assert _retry_after({"Retry-After": nonsense}) is None


@given(
    st.text(max_size=40)
    | st.floats().map(str)
    | st.builds("{} {} {} {}:{}:{} {}".format, *[st.integers(-5, 10**20)] * 2, st.integers(-5, 10**6),
                *[st.integers(-5, 99)] * 3, st.sampled_from(["GMT", "+9999", "-99999999999", "", "+2359"]))
)  # fmt: skip
def test_any_retry_after_is_a_finite_time_or_none(text: str) -> None:
    seconds = _retry_after({"Retry-After": text})
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)
