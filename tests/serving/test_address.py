"""Addresses of endpoints: what is asked, what is shown, and which key goes along."""

from __future__ import annotations

import pytest

from dataflow.core import PrerequisiteError, UsageError
from dataflow.serving.openai_api.address import is_private, read_address


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://h/v1", "http://h/v1/chat/completions"),
        ("https://h:8/v1/", "https://h:8/v1/chat/completions"),
        ("http://h/v1/chat/completions", "http://h/v1/chat/completions"),
        ("http://h/v1?version=3", "http://h/v1/chat/completions?version=3"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1/chat/completions"),
    ],
)
def test_the_base_and_the_full_address_mean_the_same(url: str, target: str) -> None:
    assert read_address(url).target == target


def test_what_may_be_secret_is_not_shown() -> None:
    address = read_address("http://maria:hunter2@h/v1?token=hunter3")
    assert address.shown == "http://h/v1/chat/completions"
    assert address.target == "http://h/v1/chat/completions?token=hunter3"
    assert address.headers("KEY")["Authorization"] == "Basic bWFyaWE6aHVudGVyMg=="


@pytest.mark.parametrize("url", ["maria:hunter2@h", "ftp://maria:hunter2@h/", "http://maria:hunter2@h:x/"])
def test_an_address_that_is_none_is_refused_without_its_login(url: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_address(url)
    assert "hunter2" not in str(raised.value)


def test_a_key_is_wanted_where_endpoints_want_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(PrerequisiteError, match="export MY_KEY="):
        read_address("https://api.example.com/v1").headers("MY_KEY")
    assert "Authorization" not in read_address("http://127.0.0.1:8000/v1").headers("MY_KEY")
    monkeypatch.setenv("OPENAI_API_KEY", "second")
    assert read_address("https://api.example.com/v1").headers("MY_KEY")["Authorization"] == "Bearer second"
    monkeypatch.setenv("MY_KEY", "first")
    assert read_address("https://api.example.com/v1").headers("MY_KEY")["Authorization"] == "Bearer first"


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("http://127.0.0.1/v1", True),
        ("http://10.1.2.3:8000/v1", True),
        ("http://localhost/v1", True),
        ("http://gpu-box:8000/v1", True),
        ("http://gpu.lan/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://8.8.8.8/v1", False),
    ],
)
def test_private_networks_are_known(url: str, private: bool) -> None:
    assert is_private(url) is private
