"""Addresses of endpoints: what is asked, what is shown, and which key goes along."""

from __future__ import annotations

import pytest

from dataflow.core import PrerequisiteError, UsageError
from dataflow.serving.openai_api.address import chosen_addresses, is_private, read_address


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://h/v1", "http://h/v1/chat/completions"),
        ("https://h:8/v1/", "https://h:8/v1/chat/completions"),
        ("http://h/v1/chat/completions", "http://h/v1/chat/completions"),
        ("http://h/v1?version=3", "http://h/v1/chat/completions?version=3"),
        (
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
        ),
        (
            "https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
        ),
        ("https://x.openai.azure.com/openai/v1/", "https://x.openai.azure.com/openai/v1/chat/completions"),
        (
            "https://x.openai.azure.com/openai/v1?api-version=preview",
            "https://x.openai.azure.com/openai/v1/chat/completions?api-version=preview",
        ),
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


@pytest.mark.parametrize(
    ("url", "azure"),
    [
        ("https://x.openai.azure.com/openai/v1", True),
        ("https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21", True),
        ("https://x.cognitiveservices.azure.com/openai/v1", True),
        ("https://x.services.ai.azure.com/models?api-version=2024-05-01-preview", True),
        ("https://gateway.example.com/openai/deployments/d/chat/completions", True),
        ("https://gateway.example.com/v1?api-version=1", True),
        ("https://api.openai.com/v1", False),
        ("https://x.openai.azure.com.example.org/v1", False),
    ],
)
def test_azure_gets_its_key_in_a_header_of_its_own(monkeypatch: pytest.MonkeyPatch, url: str, azure: bool) -> None:
    monkeypatch.setenv("MY_KEY", "first")
    headers = read_address(url).headers("MY_KEY")
    assert (headers.get("api-key"), headers.get("Authorization")) == (
        ("first", None) if azure else (None, "Bearer first")
    )


def test_a_key_of_azure_s_own_name_and_a_token_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MY_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "openai")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure")
    azure = read_address("https://x.openai.azure.com/openai/v1")
    assert azure.headers("MY_KEY")["api-key"] == "azure"
    assert read_address("https://api.openai.com/v1").headers("MY_KEY")["Authorization"] == "Bearer openai"
    monkeypatch.setenv("MY_KEY", "eyJhbGciOi.a.b")
    assert azure.headers("MY_KEY")["Authorization"] == "Bearer eyJhbGciOi.a.b" and "api-key" not in azure.headers(
        "MY_KEY"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://x.openai.azure.com",
        "https://x.openai.azure.com/openai/",
        "https://x.openai.azure.com/openai/deployments/d",
        "https://x.openai.azure.com/openai/deployments/d/chat/completions",
    ],
)
def test_an_address_of_azure_that_lacks_a_part_is_told_in_full(url: str) -> None:
    with pytest.raises(UsageError, match=r"https://x\.openai\.azure\.com/openai/v1"):
        read_address(url)


@pytest.mark.parametrize("name", ["Authorization", "authorization", "api-key"])
def test_a_key_among_the_user_s_headers_stands_for_ours(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("MY_KEY", "ours")
    headers = read_address("https://api.example.com/v1").headers("MY_KEY", {name: "theirs"})
    assert headers == {"Content-Type": "application/json", name: "theirs"}


def test_what_is_given_goes_before_the_environment_and_that_before_openai(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://h/v1")
    assert chosen_addresses("http://i/v1") == (["http://i/v1"], "")
    assert chosen_addresses(None) == (["http://h/v1"], "OPENAI_BASE_URL")
    monkeypatch.setenv("OPENAI_BASE_URL", " ")
    assert chosen_addresses(None) == (["https://api.openai.com/v1"], "")
    with pytest.raises(UsageError, match="names no endpoint"):
        chosen_addresses([])
