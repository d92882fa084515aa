"""`dataflow run` in a network in which a proxy is the only way out, and over TLS with an authority of its own."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.cli.questions import answers, questions
from tests.commands import dataflow
from tests.forward_proxy import start_proxy
from tests.servers import ModelServer, start_server

HOST = "models.example.test"


@pytest.fixture
def own_authority(tmp_path: Path) -> tuple[trustme.CA, Path]:
    """An authority, and the file of its certificate."""
    authority = trustme.CA()
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return authority, path


@pytest.fixture
def tls_server(own_authority: tuple[trustme.CA, Path], tmp_path: Path) -> Iterator[ModelServer]:
    """An endpoint that speaks TLS, certified for its address and `HOST`."""
    authority, path = own_authority
    certificate = tmp_path / "server.pem"
    authority.issue_cert("127.0.0.1", HOST).private_key_and_cert_chain_pem.write_to_path(str(certificate))
    with start_server(certificate=certificate, trusting=ssl.create_default_context(cafile=str(path))) as server:
        yield server


def run(folder: Path, url: str, *more: str | Path, expect: int = 0, **env: str) -> str:
    """Ask three questions; what is said on stderr."""
    questions(folder, 3)
    command = ["run", "image_vqa", "-i", "in.jsonl", "--model", "openai/stub", "--api-url", url, "-q", *more]
    plain = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE"), "")
    done = dataflow(*command, cwd=folder, env={"DF_API_KEY": "key-of-mine", **plain, **env})
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_an_endpoint_is_reached_through_the_proxy_of_the_environment(
    model_server: ModelServer, tmp_path: Path, variable: str
) -> None:
    with start_proxy(tmp_path, model_server.port) as proxy:
        run(tmp_path, f"http://{HOST}/v1", **{variable: f"http://127.0.0.1:{proxy.port}"})
        assert set(proxy.asked_for()) == {f"POST http://{HOST}/v1/chat/completions"}
    assert len(answers(tmp_path)) == 3


def test_over_tls_it_is_a_tunnel_and_the_certificate_is_checked_in_it(
    tls_server: ModelServer, own_authority: tuple[trustme.CA, Path], tmp_path: Path
) -> None:
    with start_proxy(tmp_path, tls_server.port, login="maria:hunter2x") as proxy:
        way = {"HTTPS_PROXY": f"http://maria:hunter2x@127.0.0.1:{proxy.port}"}
        said = run(tmp_path, f"https://{HOST}/v1", expect=4, **way)
        assert "--ca-bundle FILE" in said and "hunter2x" not in said
        run(tmp_path, f"https://{HOST}/v1", "--ca-bundle", own_authority[1], **way)
        assert set(proxy.asked_for()) == {f"CONNECT {HOST}:443"}
    assert len(answers(tmp_path)) == 3
    assert all("proxy-authorization" not in entry["headers"] for entry in tls_server.requests())


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_login_is_named_at_once_and_without_one(
    model_server: ModelServer, tmp_path: Path, scheme: str
) -> None:
    with start_proxy(tmp_path, model_server.port, login="maria:hunter2x") as proxy:
        at = f"127.0.0.1:{proxy.port}"
        said = run(tmp_path, f"{scheme}://{HOST}/v1", expect=4, ALL_PROXY=f"http://{at}")
        assert f"the proxy http://{at} (from ALL_PROXY) wants a login" in said and len(said.splitlines()) == 1
        said = run(tmp_path, f"{scheme}://{HOST}/v1", expect=4, ALL_PROXY=f"http://maria:wrong-word@{at}")
        assert "takes another login" in said and "wrong-word" not in said
    assert model_server.stats()["requests"] == 0


def test_a_login_goes_to_the_proxy_and_no_further(model_server: ModelServer, tmp_path: Path) -> None:
    with start_proxy(tmp_path, model_server.port, login="maria:hunter2x") as proxy:
        run(tmp_path, f"http://{HOST}/v1", HTTP_PROXY=f"http://maria:hunter2x@127.0.0.1:{proxy.port}")
    assert len(answers(tmp_path)) == 3
    assert all("proxy-authorization" not in entry["headers"] for entry in model_server.requests())


def test_a_tunnel_that_is_forbidden_ends_the_run_with_what_helps(model_server: ModelServer, tmp_path: Path) -> None:
    with start_proxy(tmp_path, model_server.port, refuse=403) as proxy:
        said = run(tmp_path, f"https://{HOST}/v1", expect=4, HTTPS_PROXY=f"127.0.0.1:{proxy.port}")
    assert "does not let requests through" in said and "NO_PROXY" in said and "403" in said


def test_a_proxy_that_is_not_there_is_named(model_server: ModelServer, tmp_path: Path) -> None:
    said = run(tmp_path, f"http://{HOST}/v1", "--patience", "1", expect=3, HTTP_PROXY="http://127.0.0.1:1")
    failures = (tmp_path / "outputs/image_vqa/image_vqa_step1.failures.jsonl").read_text()
    assert "cannot reach the proxy http://127.0.0.1:1 (from HTTP_PROXY)" in failures
    assert "Traceback" not in said


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_asked_directly(model_server: ModelServer, tmp_path: Path, host: str) -> None:
    dead = {"HTTP_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "socks5://127.0.0.1:1"}
    run(tmp_path, f"http://{host}:{model_server.port}/v1", **dead)
    assert len(answers(tmp_path)) == 3


def test_a_certificate_of_nobody_known_ends_the_run_at_once_and_names_the_option(
    tls_server: ModelServer, tmp_path: Path
) -> None:
    said = run(tmp_path, tls_server.url, expect=4)
    assert "--ca-bundle FILE" in said and "SSL_CERT_FILE" in said and len(said.splitlines()) == 1
    assert tls_server.stats()["requests"] == 0


@pytest.mark.parametrize("form", ["option", "setting", "der", "variable"])
def test_an_authority_of_ones_own_is_trusted(
    tls_server: ModelServer, own_authority: tuple[trustme.CA, Path], tmp_path: Path, form: str
) -> None:
    path = own_authority[1]
    if form == "der":
        path = tmp_path / "authority.cer"
        path.write_bytes(ssl.PEM_cert_to_DER_cert(own_authority[0].cert_pem.bytes().decode()))
    options = {
        "setting": ["--model", f"openai/stub?ca_bundle={path}"],
        "variable": [],
    }.get(form, ["--ca-bundle", path])
    env = {"SSL_CERT_FILE": str(path)} if form == "variable" else {}
    run(tmp_path, tls_server.url, *options, **env)
    assert len(answers(tmp_path)) == 3


def test_a_certificate_for_another_name_is_told_as_that(own_authority: tuple[trustme.CA, Path], tmp_path: Path) -> None:
    authority, path = own_authority
    certificate = tmp_path / "other.pem"
    authority.issue_cert("other.example.test").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    with start_server(certificate=certificate, trusting=ssl.create_default_context(cafile=str(path))) as server:
        said = run(tmp_path, server.url, "--ca-bundle", path, expect=4)
    assert "ask the endpoint by the name that the certificate is for" in said


def test_tls_asked_of_a_server_without_is_told_at_once(model_server: ModelServer, tmp_path: Path) -> None:
    said = run(tmp_path, model_server.url.replace("http:", "https:"), expect=4)
    assert "does not speak TLS: write http://" in said


def test_a_bundle_that_holds_no_certificates_is_named(tls_server: ModelServer, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no certificates here")
    said = run(tmp_path, tls_server.url, "--ca-bundle", "notes.txt", expect=1)
    assert "notes.txt holds no certificates in PEM or DER" in said
