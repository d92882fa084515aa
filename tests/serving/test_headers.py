"""Headers of the user's own: how they are written, and that no value is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import PrerequisiteError, UsageError
from dataflow.core.secrets import secrets_in, without_secrets
from dataflow.serving.openai_api.headers import check_headers, filled, parse_headers


def test_a_name_and_a_value_are_parted_at_the_first_colon() -> None:
    given = ["X-Team: vision:a", "Authorization:Bearer $TOKEN", "X-Empty:"]
    assert parse_headers(given) == {"X-Team": "vision:a", "Authorization": "Bearer $TOKEN", "X-Empty": ""}


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("$TEAM", "red"),
        ("${TEAM}", "red"),
        ("Bearer $TEAM", "Bearer red"),
        ("${TEAM}${TEAM}s", "redreds"),
        ("costs $$TEAM", "costs $TEAM"),
        ("5 $", "5 $"),
        ("$1", "$1"),
        ("plain", "plain"),
    ],
)
def test_a_variable_stands_for_its_value(monkeypatch: pytest.MonkeyPatch, value: str, sent: str) -> None:
    monkeypatch.setenv("TEAM", " red\n")
    assert filled({"X": value}) == {"X": sent}


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEAM", raising=False)
    with pytest.raises(PrerequisiteError, match=r"X-Api wants .* TEAM: export TEAM="):
        filled({"X-Api": "$TEAM"})


@pytest.mark.parametrize("content", ["hunter2\nX-Evil: 1", "hunter2\x00", "hunter2 犬"])
def test_a_variable_that_cannot_be_sent_is_named_and_not_told(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr("os.environ", {"TEAM": content})
    with pytest.raises(PrerequisiteError, match="TEAM") as raised:
        filled({"X-Api": "$TEAM"})
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "word",
    [
        "hunter2",
        ": hunter2",
        "X Api: hunter2",
        "hunter2=X\n: 1",
        "X-Api: hunter2\r\nX-Evil: 1",
        "X-Api: hunter2\x7f",
        "X-Api: hunter2 犬",
        "Content-Length: hunter2",
        "transfer-encoding: hunter2",
    ],
)
def test_what_is_no_header_is_refused_and_its_value_is_not_told(word: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_headers([word])
    assert "hunter2" not in str(raised.value)


def test_a_header_that_comes_twice_is_an_error() -> None:
    with pytest.raises(UsageError, match="twice"):
        parse_headers(["X-Team: a", "x-team: b"])


@given(st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=3))
def test_what_is_taken_can_be_sent(headers: dict[str, str]) -> None:
    try:
        taken = check_headers(headers)
    except UsageError:
        return
    for name, value in taken.items():
        name.encode("ascii")
        assert not {"\r", "\n", "\0", ":"} & set(name) and not {"\r", "\n", "\0"} & set(value)
        value.encode("latin-1")


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=12))
def test_a_value_that_an_endpoint_repeats_is_taken_out_of_its_words(secret: str) -> None:
    secrets = secrets_in({"Authorization": f"Bearer {secret}"})
    for text in (f"bad key {secret}!", json.dumps({"error": f"bad key {secret}!"})):
        cleaned = without_secrets(text.encode(), secrets)
        assert b"***" in cleaned
        assert cleaned.count(b"bad key") == (b"bad key" in cleaned)
        if len(set(secret) - set("*")) > 3:
            assert secret.encode() not in cleaned


def test_short_values_stay_where_they_are() -> None:
    assert without_secrets(b'{"stream": true}', secrets_in({"X-Flag": "true"})) == b'{"stream": true}'
