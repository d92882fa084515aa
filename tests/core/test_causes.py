"""What libraries' errors say stands in messages of ours bounded and clean: they may quote what came over the wire."""

from dataflow.core.causes import LONGEST, said_by
from dataflow.core.errors import MediaError


def test_a_long_text_of_others_is_cut():
    said = said_by(ValueError("Bad status line " + "\\x00" * 100_000))
    assert said.startswith("Bad status line") and len(said) < LONGEST + 60


def test_it_stands_on_one_line_without_control_characters():
    said = said_by(ValueError("a\r\nb\x1b[31m\u202ec"))
    assert said.isprintable() and said.startswith("a b")


def test_logins_and_queries_of_addresses_are_left_out():
    assert said_by(ValueError("no way to https://anna:secret@host/a?key=1234567")) == "no way to https://host/a"


def test_an_error_without_words_is_named():
    assert said_by(TimeoutError()) == "TimeoutError"


def test_an_error_of_ours_is_told_whole():
    assert said_by(MediaError("a\n" + "b" * 1000)) == "a\n" + "b" * 1000
