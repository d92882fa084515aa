"""What an error of an endpoint means, by its status, its code and its words."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import DataFlowError, EndpointFatal, ModeratedRequest, RequestRefused, TransientError, Usage
from dataflow.serving.openai_api.refusal import Asked, error_of
from tests.serving.test_reply import json_value


def error(status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> DataFlowError:
    return error_of(status, headers or {}, body, Asked("http://h/v1/chat/completions", "m", "KEY"))


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, None, RequestRefused),
        (401, None, EndpointFatal),
        (402, None, EndpointFatal),
        (403, None, EndpointFatal),
        (404, None, EndpointFatal),
        (400, "context_length_exceeded", RequestRefused),
        (400, "content_policy_violation", ModeratedRequest),
        (400, "model_not_found", EndpointFatal),
        (400, "rate_limit_exceeded", TransientError),
        (403, "rate_limit_exceeded", TransientError),
        (413, "rate_limit_exceeded", RequestRefused),
        (408, None, TransientError),
        (409, None, TransientError),
        (413, None, RequestRefused),
        (422, None, RequestRefused),
        (425, None, TransientError),
        (429, None, TransientError),
        (429, "insufficient_quota", EndpointFatal),
        (498, None, TransientError),
        (500, None, TransientError),
        (502, None, TransientError),
        (503, None, TransientError),
        (529, None, TransientError),
    ],
)
def test_each_status_has_its_kind(status: int, code: str | None, kind: type[DataFlowError]) -> None:
    found = error(status, body=orjson.dumps({"error": {"message": "No.", "code": code}}))
    assert type(found) is kind and "No." in str(found)
    assert str(status) in str(found)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "Rate limit reached for requests", TransientError),
        (400, "Too many requests in route", TransientError),
        (400, "Request was throttled. Expected available in 12 seconds.", TransientError),
        (400, "Quota exceeded for metric: generate_requests. Please retry in 34s.", TransientError),
        (403, "You have exceeded a secondary rate limit", TransientError),
        (400, "Quota exceeded: upgrade your plan", RequestRefused),
        (400, "temperature must be at most 1; see the limits", RequestRefused),
        (400, "The image rate is too low", RequestRefused),
        (400, "The response was filtered due to the prompt triggering our content management policy", ModeratedRequest),
        (403, "Your input was flagged", ModeratedRequest),
        (403, "blocked", EndpointFatal),
    ],
)
def test_the_words_of_a_message_count_where_the_status_says_little(
    status: int, message: str, kind: type[DataFlowError]
) -> None:
    found = error(status, body=orjson.dumps({"error": {"message": message}}))
    assert type(found) is kind
    assert not isinstance(found, TransientError) or found.throttled


@pytest.mark.parametrize(
    ("status", "code", "about"),
    [
        (401, "", "account"),
        (402, "", "account"),
        (429, "insufficient_quota", "account"),
        (404, "", "model"),
        (403, "", "request"),
    ],
)
def test_what_is_fatal_says_what_it_is_about(status: int, code: str, about: str) -> None:
    found = error(status, body=orjson.dumps({"error": {"message": "No.", "code": code}}))
    assert isinstance(found, EndpointFatal) and found.about == about


@pytest.mark.parametrize(
    "body",
    [
        b'{"detail": "Not this way"}',
        b'{"error": "Not this way"}',
        b'{"error": {"message": "Not this way"}}',
        b'[{"error": {"code": 400, "message": "Not this way", "status": "INVALID_ARGUMENT"}}]',
        b'{"message": "Not this way", "code": 400}',
        b"Not this way",
    ],
)
def test_the_message_is_found_in_every_form_of_body(body: bytes) -> None:
    assert str(error(400, body=body)).endswith("400 Not this way")


@given(st.integers(300, 599), json_value | st.fixed_dictionaries({"error": json_value}))
def test_any_error_body_becomes_an_error_of_bounded_length(status: int, content: Any) -> None:
    found = error(status, body=orjson.dumps(content))
    assert isinstance(found, DataFlowError) and len(str(found)) < 1000


@pytest.mark.parametrize(
    ("status", "headers", "throttled"),
    [(429, {}, True), (503, {"Retry-After": "3"}, True), (503, {}, False), (500, {"Retry-After": "3"}, False)],
)
def test_throttled_is_what_the_endpoint_says_is_too_much(status: int, headers: dict[str, str], throttled: bool) -> None:
    found = error(status, headers)
    assert isinstance(found, TransientError) and found.throttled is throttled


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_tokens_that_an_error_took_are_told(status: int) -> None:
    body = orjson.dumps({"error": {"message": "No."}, "usage": {"prompt_tokens": 9, "completion_tokens": 2}})
    found = error(status, body=body)
    assert found.usage == Usage(9, 2)
    assert not isinstance(found, TransientError) or found.tries == (None if status == 429 else 3)
    assert error(status).usage is None
