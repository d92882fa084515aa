"""What is secret reaches no manifest and no log: credentials in addresses, and the values of headers."""

from __future__ import annotations

import pytest

from dataflow.core.secrets import shown_command, without_credentials, without_named_secrets


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        ("http://h:8000/v1", "http://h:8000/v1"),
        ("http://maria:secret@h:8000/v1", "http://h:8000/v1"),
        ("--api-url=http://maria:secret@h/v1?token=secret", "--api-url=http://h/v1"),
        ("https://token@h/v1#secret", "https://h/v1"),
        ("a,http://u:secret@h,http://v:secret@i/x?secret", "a,http://h,http://i/x"),
        ("mail me@home?", "mail me@home?"),
        ("What is at http://h/a? Say.", "What is at http://h/a Say."),
        ("in.jsonl", "in.jsonl"),
    ],
)
def test_logins_and_query_strings_are_taken_out(word: str, kept: str) -> None:
    assert without_credentials(word) == kept
    assert "secret" not in kept


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (["--header", "X-Api: secret", "-q"], ["--header", "X-Api:***", "-q"]),
        (["--header=X-Api:secret:more"], ["--header=X-Api:***"]),
        (["--header", "secret"], ["--header", "***"]),
        (["--header", "A: secret", "--header", "B: secret"], ["--header", "A:***", "--header", "B:***"]),
        (["--extra-body", '{"api_key": "secret-1"}'], ["--extra-body", '{"api_key": "***"}']),
        (["--extra-body={secret"], ["--extra-body=***"]),
        (["-i", "header", "X-Api: 1", "--header"], ["-i", "header", "X-Api: 1", "--header"]),
    ],
)
def test_the_values_of_headers_are_taken_out(words: list[str], kept: list[str]) -> None:
    assert shown_command(["dataflow", "run", *words]) == ["dataflow", "run", *kept]


def test_fields_whose_names_say_that_they_are_secret_are_taken_out_of_json_at_any_depth() -> None:
    told = {"guard": [{"X-Api-Key": "secret-1", "access_token": "secret-2"}], "password": "secret-3", "top_k": 5}
    assert without_named_secrets(told) == {
        "guard": [{"X-Api-Key": "***", "access_token": "***"}],
        "password": "***",
        "top_k": 5,
    }
    told_too = {"max_tokens": 300, "eos_token": "<|im_end|>", "token": None, "monkey": "a long tail", "key": "x"}
    assert without_named_secrets(told_too) == told_too
