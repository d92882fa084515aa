"""A line of the review log, as it is written and read."""

from __future__ import annotations

import orjson
import pytest

from dataflow.storage.review_action import Action, parse_action

ACTION = Action("k", "2026-12-01T12:00:00", "anna", 7, "edit", set={"caption": "A blue car."})


def test_a_line_is_read_as_it_was_written() -> None:
    assert parse_action(orjson.dumps(ACTION.as_dict())) == ACTION


@pytest.mark.parametrize("word", [b"edit", b"anna", b'"id":7', b"blue", b"caption"])
def test_a_line_in_which_a_letter_was_turned_over_makes_no_other_decision(word: bytes) -> None:
    line = orjson.dumps(ACTION.as_dict())
    assert word in line
    assert parse_action(line.replace(word, word[:-1] + bytes([word[-1] ^ 1]))) is None


def test_a_line_by_hand_needs_no_checksum() -> None:
    record = ACTION.as_dict()
    del record["checksum"]
    assert parse_action(orjson.dumps(record)) == ACTION
