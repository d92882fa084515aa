"""Replies are read at least as leniently as by Python's own json."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.serving.openai_api.loading import load_reply

ANSWER = '{"choices": [{"message": {"content": "A dog, 犬. "}}], "unread": %s}'

numbers = st.floats() | st.integers()
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def text_of(reply: Any) -> Any:
    return reply["choices"][0]["message"]["content"]


@given(values, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"]), st.booleans())
def test_what_python_reads_is_read_and_means_the_same(value: Any, encoding: str, escaped: bool) -> None:
    body = json.dumps({"value": value}, ensure_ascii=escaped).encode(encoding, "replace")
    assert repr(load_reply(body)) in (repr(json.loads(body)), repr(json.loads(body, parse_int=of_64_bits)))


def of_64_bits(digits: str) -> int | float:
    """A whole number as libraries may read it that have 64 bits for one; nothing that we read of a reply is larger."""
    return int(digits) if -(2**63) <= int(digits) < 2**64 else float(digits)


@pytest.mark.parametrize(
    "unread",
    [
        "NaN",
        "-Infinity",
        "1e999",
        "9" * 30,
        "9" * 6000,
        "-" + "1" * 5000,
        '"\\ud83d"',
        '"\\udc00\\ud800"',
        '"\x01\x00\t"',
        '"\\u0000"',
        '{"a": 1, "a": 2}',
        "[" * 500 + "]" * 500,
    ],
)
def test_a_field_that_nobody_reads_costs_no_answer(unread: str) -> None:
    assert text_of(load_reply((ANSWER % unread).encode())) == "A dog, 犬. "


@pytest.mark.parametrize("cut", [b"\xf0\x9f\x98", b"\xff", b"\xed\xa0\x80", b"\xc3"])
@pytest.mark.parametrize("place", [b"unread", b"A dog"])
def test_a_cut_character_costs_no_answer(cut: bytes, place: bytes) -> None:
    body = (ANSWER % '"x"').encode().replace(place, place + cut)
    assert text_of(load_reply(body)).startswith("A dog")


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n\n  ", b": keep-alive\n\n: keep-alive\n\n", b":\r\n\r\n"])
@pytest.mark.parametrize("behind", [b"", b"\n", b"\x00", b"\n\ndata: [DONE]", b"</html>", b'{"second": 1}'])
def test_bytes_around_it_cost_no_answer(before: bytes, behind: bytes) -> None:
    assert text_of(load_reply(before + (ANSWER % "1").encode() + behind)) == "A dog, 犬. "


@given(st.binary(max_size=80))
def test_bytes_that_are_no_reply_are_a_value_error_and_nothing_else(body: bytes) -> None:
    try:
        load_reply(body)
    except ValueError:
        pass


@pytest.mark.parametrize("unit", [b":", b"\n", b": \n", b"\xef\xbb\xbf", b"data:\n", b"data: {\n\n", b"{", b'{"a":'])
def test_a_megabyte_of_what_nearly_begins_is_read_in_linear_time(unit: bytes) -> None:
    with pytest.raises(ValueError):
        load_reply(unit * (2**20 // len(unit)))
