"""Which proxy the environment names for an address."""

from __future__ import annotations

import os

import pytest

from dataflow.core import PrerequisiteError
from dataflow.storage.proxies import is_loopback, proxy_of

FAR = "https://api.example.com/v1/chat/completions"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name == "REQUEST_METHOD":
            monkeypatch.delenv(name)


def through(monkeypatch: pytest.MonkeyPatch, url: str, **variables: str) -> str | None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_of(url)
    return None if proxy is None else proxy.url


@pytest.mark.parametrize(
    ("url", "variables", "proxy"),
    [
        (FAR, {}, None),
        (FAR, {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        (FAR, {"https_proxy": "http://p:3128"}, "http://p:3128"),
        (FAR, {"https_proxy": "http://small:1", "HTTPS_PROXY": "http://p:3128"}, "http://small:1"),
        (FAR, {"https_proxy": "", "HTTPS_PROXY": "http://p:3128"}, None),
        (FAR, {"HTTP_PROXY": "http://p:3128"}, None),
        (FAR, {"ALL_PROXY": "http://p:3128"}, "http://p:3128"),
        (FAR, {"all_proxy": "http://p:3128", "HTTPS_PROXY": "http://q:1"}, "http://q:1"),
        (FAR, {"HTTPS_PROXY": "p:3128"}, "http://p:3128"),
        (FAR, {"HTTPS_PROXY": "http://p:3128/"}, "http://p:3128"),
        ("http://m.example.com/v1", {"HTTP_PROXY": "http://p:3128"}, "http://p:3128"),
        ("http://m.example.com/v1", {"HTTPS_PROXY": "http://p:3128"}, None),
        ("http://m.example.com/v1", {"HTTP_PROXY": "http://p:3128", "REQUEST_METHOD": "GET"}, None),
    ],
)
def test_the_variable_of_the_scheme_counts_then_that_for_all(
    monkeypatch: pytest.MonkeyPatch, url: str, variables: dict[str, str], proxy: str | None
) -> None:
    assert through(monkeypatch, url, **variables) == proxy


@pytest.mark.parametrize(
    ("excepted", "host", "direct"),
    [
        ("*", "api.example.com", True),
        ("api.example.com", "api.example.com", True),
        ("API.Example.com", "api.example.com", True),
        ("example.com", "api.example.com", True),
        (".example.com", "api.example.com", True),
        ("*.example.com", "api.example.com", True),
        ("ample.com", "api.example.com", False),
        ("other.org, example.com", "api.example.com", True),
        ("other.org example.com", "api.example.com", True),
        ("example.com:8000", "api.example.com:8000", True),
        ("example.com:8000", "api.example.com:8001", False),
        ("example.com:443", "api.example.com", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.1.2.3", "10.1.2.3:9", True),
        ("fd00::/8", "[fd00::1]", True),
        ("[fd00::1]", "[fd00::1]", True),
        ("[fd00::1]:9", "[fd00::1]:9", True),
        ("", "api.example.com", False),
        (",, .", "api.example.com", False),
        ("10.0.0.0/99", "10.1.2.3", False),
    ],
)
@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_what_no_proxy_names_is_asked_directly(
    monkeypatch: pytest.MonkeyPatch, excepted: str, host: str, direct: bool, name: str
) -> None:
    found = through(monkeypatch, f"https://{host}/v1", HTTPS_PROXY="http://p:1", **{name: excepted})
    assert (found is None) is direct


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("a.localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("0.0.0.0", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.1", False),
        ("localhost.example.com", False),
        ("example.com", False),
    ],
)
def test_this_machine_never_goes_through_one(monkeypatch: pytest.MonkeyPatch, host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
    written = f"[{host}]" if ":" in host else host
    found = through(monkeypatch, f"http://{written}:8000/v1", ALL_PROXY="http://p:1", HTTP_PROXY="http://p:1")
    assert (found is None) is loopback


def test_a_login_goes_along_and_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://maria:hunter%402@p:3128")
    proxy = proxy_of(FAR)
    assert proxy is not None
    assert (proxy.url, proxy.variable) == ("http://p:3128", "HTTPS_PROXY")
    assert proxy.headers == {"Proxy-Authorization": "Basic bWFyaWE6aHVudGVyQDI="}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("socks5://maria:hunter2@p:1080", "names a socks5 proxy, which cannot be used"),
        ("socks4a://p:1080", r"pip install pproxy; pproxy -l http://127\.0\.0\.1:8118 -r socks4://p:1080;"),
        ("http://", "names no proxy"),
        ("http://maria:hunter2@p:port", "names no proxy"),
        ("http://[::1", "names no proxy"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_told_without_its_login(
    monkeypatch: pytest.MonkeyPatch, value: str, said: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", value)
    with pytest.raises(PrerequisiteError, match=said) as raised:
        proxy_of(FAR)
    assert "hunter2" not in str(raised.value) and "ALL_PROXY" in str(raised.value)
