"""The tokens that endpoints say a reply took, in the words of each."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import Usage
from dataflow.serving.openai_api.usage import charged, usage_in, usage_of


@pytest.mark.parametrize(
    ("counted", "usage"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 4}, Usage(3, 4)),
        (
            {"prompt_tokens": 30, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 20}},
            Usage(30, 4, 20),
        ),
        ({"prompt_tokens": 30, "completion_tokens": 4, "prompt_tokens_details": None}, Usage(30, 4)),
        ({"prompt_tokens": 30, "completion_tokens": 4, "prompt_cache_hit_tokens": 20}, Usage(30, 4, 20)),
        ({"prompt_tokens": 30, "completion_tokens": 4, "cache_read_input_tokens": 20}, Usage(30, 4, 20)),
        ({"prompt_tokens": 30, "completion_tokens": 4, "cached_tokens": 20}, Usage(30, 4, 20)),
        ({"prompt_tokens": 30, "cached_tokens": 31}, Usage(30, 0, 30)),
        (
            {"input_tokens": 10, "output_tokens": 4, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 5},
            Usage(35, 4, 20),
        ),
        ({"input_tokens": 30, "output_tokens": 4, "input_tokens_details": {"cached_tokens": 20}}, Usage(30, 4, 20)),
        ({"prompt_tokens": 30, "completion_tokens": 4, "total_tokens": 134}, Usage(30, 104)),
        ({"prompt_tokens": 30, "completion_tokens": 4, "total_tokens": 34}, Usage(30, 4)),
        ({"prompt_tokens": 12.0, "completion_tokens": 4}, Usage(12, 4)),
        ({"prompt_tokens": "12"}, Usage(0, 0)),
        ({"prompt_tokens": -5}, Usage(0, 0)),
        ({"prompt_tokens": True}, Usage(0, 0)),
        ({"completion_tokens": 1e300}, Usage(0, 0)),
        ({}, Usage(0, 0)),
    ],
)
def test_counts_are_read_under_all_their_names_and_one_that_is_none_is_0(counted: Any, usage: Usage) -> None:
    assert usage_of(counted) == usage


@pytest.mark.parametrize("counted", [None, [], "many", 7])
def test_where_nothing_is_said_there_is_no_usage(counted: Any) -> None:
    assert usage_of(counted) is None and not charged(usage_of(counted))


@given(st.binary(max_size=40), st.binary(max_size=40), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_usage_is_found_in_a_reply_that_is_no_json(before: bytes, after: bytes, read: int, written: int) -> None:
    counted = orjson.dumps({"prompt_tokens": read, "completion_tokens": written, "prompt_tokens_details": {"a": 1}})
    assert usage_in(before + b'"usage" : ' + counted + after) == Usage(read, written)


@pytest.mark.parametrize("body", [b"", b'"usage": {"prompt_tokens": 3', b'"usage": {]}', b'"usage":{' * 5000])
def test_a_usage_that_is_cut_off_is_none(body: bytes) -> None:
    assert usage_in(body) is None
