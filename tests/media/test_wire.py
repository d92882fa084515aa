"""Plain values on the pipes to the decoder processes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.media.wire import LENGTH, pack, unpack

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=20) | st.binary(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(plain)
def test_a_value_comes_back_as_it_went(value):
    message = pack(value)
    assert LENGTH.unpack(message[: LENGTH.size])[0] == len(message) - LENGTH.size
    assert unpack(message[LENGTH.size :]) == value


@given(plain, st.data())
def test_a_message_of_another_length_is_refused(value, data):
    body = pack(value)[LENGTH.size :]
    with pytest.raises(ValueError):
        unpack(body + b"x")


@given(st.binary(max_size=100))
def test_nonsense_is_refused_or_plain(body):
    try:
        unpack(body)
    except (ValueError, KeyError, TypeError):
        pass


def test_an_object_array_is_never_built():
    with pytest.raises(ValueError, match="objects"):
        unpack(pack({"$array": "|O", "shape": [1]})[LENGTH.size :] + bytes(8))
