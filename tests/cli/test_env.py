"""`dataflow env`: what a bug report needs, in columns, without secrets."""

from __future__ import annotations

from pathlib import Path

from tests.commands import dataflow

SECRET = "hunter2-of-mine"


def shown(folder: Path, **env: str) -> dict[str, str]:
    done = dataflow("env", cwd=folder, env=env)
    assert done.returncode == 0, done.stderr
    assert SECRET not in done.stdout
    lines = done.stdout.splitlines()
    column = len("AZURE_OPENAI_API_KEY") + 2  # the longest name
    assert all(line[column - 2 : column] == "  " and line[column] != " " for line in lines)
    return {line[:column].strip(): line[column:].strip() for line in lines}


def test_the_way_to_endpoints_is_shown_without_secrets(tmp_path: Path) -> None:
    login = f"maria:{SECRET}"
    found = shown(
        tmp_path,
        OPENAI_API_KEY=SECRET,
        OPENAI_BASE_URL=f"https://{login}@models.example/v1?token={SECRET}",
        https_proxy=f"http://{login}@proxy.example:3128",
        ALL_PROXY=f"socks5://{login}@proxy.example:1080",
        NO_PROXY="localhost,10.0.0.0/8",
        SSL_CERT_FILE="/no/such/authority.pem",
    )
    assert found["OPENAI_API_KEY"] == "set" and found["AZURE_OPENAI_API_KEY"] == "not set"
    assert found["OPENAI_BASE_URL"] == "https://models.example/v1"
    assert found["https_proxy"] == "http://proxy.example:3128 (with a login)"
    assert "names a socks5 proxy, which cannot be used" in found["ALL_PROXY"]
    assert found["NO_PROXY"] == "localhost,10.0.0.0/8"
    assert found["SSL_CERT_FILE"] == "/no/such/authority.pem (it is not there)"
