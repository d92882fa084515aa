"""The way to an endpoint: whatever fails on it is told in one line, with its cure, and costs no more than it must."""

from __future__ import annotations

import gzip
import json
import resource
import socket
from pathlib import Path

import pytest
import trustme

from dataflow.core import DataFlowError, EndpointFatal, Message, Request, RequestRefused, TextPart, TransientError
from dataflow.core.loop import run_blocking
from dataflow.serving import APIVLMServing_openai
from dataflow.serving.openai_api.connection import MOST_BYTES
from dataflow.version import USER_AGENT
from tests.scripted_server import scripted
from tests.serving.situations import PLAIN

QUESTION = Request((Message("user", (TextPart("What is it?"),)),))
PATH = "/v1/chat/completions"
KEY = "sk-0123456789abcdef"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("DF_API_KEY", KEY)


def ask(url: str, **options: object) -> str:
    serving = APIVLMServing_openai(url, model_name="m", **options)  # type: ignore[arg-type]
    try:
        return run_blocking(serving.generate(QUESTION)).text
    finally:
        run_blocking(serving.close())


def error(url: str, **options: object) -> DataFlowError:
    with pytest.raises(DataFlowError) as raised:
        ask(url, **options)
    words = str(raised.value)
    assert "\n" not in words and KEY not in words and "<" not in words
    return raised.value


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_who_asks_is_told_unless_the_user_says_it_otherwise(tmp_path: Path) -> None:
    with scripted(tmp_path, {PATH: {"body": PLAIN}}) as server:
        ask(f"{server.root}/v1")
        ask(f"{server.root}/v1", headers={"User-Agent": "mine"})
        assert [entry["headers"]["user-agent"] for entry in server.log()] == [USER_AGENT, "mine"]


def test_where_nothing_listens_the_endpoint_is_to_be_started() -> None:
    port = free_port()
    found = error(f"http://127.0.0.1:{port}/v1")
    assert isinstance(found, TransientError)
    assert f"nothing listens at 127.0.0.1:{port}" in str(found) and "start the endpoint" in str(found)


@pytest.mark.parametrize("url", ["https://nowhere.invalid/v1", "http://nowhere.invalid/v1"])
def test_a_name_that_is_not_known_is_to_be_checked(url: str) -> None:
    found = error(url)
    assert isinstance(found, TransientError) and found.unreached
    assert "cannot find the host of" in str(found) and "check the address" in str(found)


def test_tls_and_none_mixed_up_are_told_both_ways(tmp_path: Path) -> None:
    certificate = tmp_path / "server.pem"
    trustme.CA().issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    with scripted(tmp_path, {PATH: {"body": PLAIN}}) as plain:
        found = error(plain.root.replace("http:", "https:") + "/v1")
        assert isinstance(found, EndpointFatal) and "does not speak TLS: write http://" in str(found)
    with scripted(tmp_path, {PATH: {"body": PLAIN}}, certificate) as secure:
        found = error(f"{secure.root}/v1")
        assert isinstance(found, EndpointFatal) and "--ca-bundle FILE" in str(found)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://other.example/v1/chat/completions?key=secret", "https://other.example/v1/chat/completions"),
        ("/v2/chat/completions", "/v2/chat/completions"),
        ("http://user:secret@other.example/v1", "http://other.example/v1"),
        ("http://[::1", "no address"),
        ("http://o.example/\x1b[31m", "http://o.example/?[31m"),
    ],
)
def test_a_redirect_is_not_followed_and_its_target_named(
    tmp_path: Path, status: int, location: str, shown: str
) -> None:
    with scripted(tmp_path, {PATH: {"status": status, "headers": {"Location": location}}}) as server:
        found = error(f"{server.root}/v1")
        assert len(server.log()) == 1
    assert isinstance(found, EndpointFatal) and shown in str(found) and "secret" not in str(found)
    assert "--api-url" in str(found)


def test_the_address_to_which_a_slash_is_added_can_be_given(tmp_path: Path) -> None:
    script = {PATH: {"status": 307, "headers": {"Location": f"{PATH}/"}}, f"{PATH}/": {"body": PLAIN}}
    with scripted(tmp_path, script) as server:
        assert f"{server.root}{PATH}/" in str(error(f"{server.root}/v1"))
        assert ask(f"{server.root}{PATH}/") == "A cat."


def test_an_address_without_its_version_is_told_what_to_try(tmp_path: Path) -> None:
    with scripted(tmp_path, {"*": {"status": 404, "body": "<h1>Not Found</h1>"}}) as server:
        assert f"--api-url {server.root}/v1" in str(error(server.root))
        assert "check the path of --api-url" in str(error(f"{server.root}/v1"))


@pytest.mark.parametrize("packed", [False, True])
def test_a_reply_without_end_or_a_bomb_is_cut_at_the_bound(tmp_path: Path, packed: bool) -> None:
    reply = {"body": "a" * 1_000_000, "repeat": 300}
    if packed:
        body = gzip.compress(b'{"choices": [' + bytes(300_000_000)).decode("latin-1")
        reply = {"body": body, "headers": {"Content-Encoding": "gzip"}}
    with scripted(tmp_path, {PATH: reply}) as server:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = error(f"{server.root}/v1")
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert isinstance(found, RequestRefused) and f"larger than {MOST_BYTES // 2**20} MB" in str(found)
    assert grown * 1024 < 6 * MOST_BYTES


def test_of_a_million_choices_the_first_is_the_answer(tmp_path: Path) -> None:
    choice = json.loads(PLAIN)["choices"][0]
    body = json.dumps({"choices": [choice]})[:-2] + ",{}" * 1_000_000 + "]}"
    with scripted(tmp_path, {PATH: {"body": body}}) as server:
        assert ask(f"{server.root}/v1") == choice["message"]["content"]


@pytest.mark.parametrize("pause", [0.05, 5.0])
def test_a_reply_that_trickles_ends_at_the_time_limit(tmp_path: Path, pause: float) -> None:
    with scripted(tmp_path, {PATH: {"body": PLAIN + " " * 10_000, "pause": pause}}) as server:
        found = error(f"{server.root}/v1", timeout=1.0)
    assert isinstance(found, TransientError) and "did not answer within 1 s" in str(found)


@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_a_key_that_an_endpoint_repeats_is_shown_and_kept_nowhere(tmp_path: Path, status: int) -> None:
    echo = {"error": {"message": f"Bearer {KEY} sent {KEY}"}, "code": KEY}
    with scripted(tmp_path, {PATH: {"status": status, "body": json.dumps(echo)}}) as server:
        assert "***" in str(error(f"{server.root}/v1"))


def test_a_key_in_an_answer_is_taken_out_of_it(tmp_path: Path) -> None:
    told = PLAIN.replace("A cat.", f"Your key is {KEY}, your team blue-team.").replace('"m"', f'"{KEY}"')
    with scripted(tmp_path, {PATH: {"body": told}}) as server:
        answer = ask(f"{server.root}/v1", headers={"X-Team": "blue-team"})
    assert answer == "Your key is ***, your team blue-team."
