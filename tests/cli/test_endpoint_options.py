"""Options of `dataflow run` about what is sent to an endpoint: headers, parameters, detail, and where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.cli.questions import FAILURES, answers, ask, questions, words
from tests.commands import dataflow, read_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer

SECRET = "s3cret-of-mine"


def run(server: ModelServer, folder: Path, *more: str | Path, expect: int = 0, **env: str) -> str:
    done = dataflow(*words(server, more=more), cwd=folder, env=env)
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def files_holding(folder: Path, secret: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("options", "env"),
    [
        (["--header", f"X-Api: {SECRET}"], {}),
        ([f"--header=X-Api:{SECRET}"], {}),
        (["--header", "X-Api: $MY_KEY"], {"MY_KEY": SECRET}),
        (["--header", "X-Other: 1", "--header", "X-Api: ${MY_KEY}"], {"MY_KEY": SECRET}),
    ],
)
def test_a_header_arrives_and_its_value_is_written_nowhere(
    model_server: ModelServer, tmp_path: Path, options: list[str], env: dict[str, str]
) -> None:
    questions(tmp_path, 5)
    model_server.configure(expected_headers={"X-Api": SECRET})
    said = run(model_server, tmp_path, *options, **env)
    assert len(answers(tmp_path)) == 5
    assert SECRET not in said and not files_holding(tmp_path, SECRET)
    command = orjson.loads((tmp_path / "outputs/image_vqa/run.json").read_bytes())["command"]
    assert any("X-Api:" in word for word in command)


def test_a_key_and_headers_that_an_endpoint_repeats_are_written_nowhere(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 3)
    model_server.configure(repeats=True)
    options = ["--header", "X-Api: $MY_KEY", "--header", f"X-Literal: {SECRET}2"]
    said = run(model_server, tmp_path, *options, expect=3, MY_KEY=SECRET, DF_API_KEY="sk-key-of-mine")
    failures = read_jsonl(tmp_path / FAILURES)
    assert len(failures) == 3 and all("Cannot route a request" in failure["message"] for failure in failures)
    for secret in (SECRET, "sk-key-of-mine"):
        assert secret not in said and not files_holding(tmp_path, secret)


def test_a_variable_that_is_not_set_is_told_before_anything_is_asked(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 3)
    said = run(model_server, tmp_path, "--header", "X-Api: $MY_KEY", expect=1)
    assert "export MY_KEY=" in said
    assert model_server.stats()["requests"] == 0 and not (tmp_path / "outputs").exists()


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--header", SECRET], "--header number 1 is no NAME:VALUE"),
        (["--header", f"Content-Length: {SECRET}"], "Content-Length is set by us"),
        (["--extra-body", "{top_k: 1}"], "--extra-body is no JSON"),
        (["--extra-body", "[1]"], "must be a JSON object"),
        (["--detail", "medium"], "detail must be 'low', 'high', 'auto' or 'original', not 'medium'"),
        (["--ca-bundle", "nowhere.pem"], "there is no file nowhere.pem"),
        (["--model", "openai/stub?top_pp=0.5"], "did you mean top_p?"),
        (["--model", "openai/stub?sede=3"], "did you mean seed?"),
        (["--model", "openai/stub?nonsense=3"], "known are api_url,"),
        (["--model", "openai/stub?top_p"], "openai/NAME?top_p=0.5&seed=3"),
        (["--model", "openai/stub?top_p=high"], "top_p must be a number from 0 to 1, not 'high'"),
        (["--model", "openai/stub?seed=3", "--seed", "4"], "--seed and ?seed= say the same thing"),
        (["--model", "openai/stub?headers=x"], "--header NAME:VALUE"),
    ],
)
def test_what_cannot_be_meant_is_named(tmp_path: Path, option: list[str], said: str) -> None:
    questions(tmp_path, 1)
    command = ["run", "image_vqa", "-i", "in.jsonl", "--api-url", "http://127.0.0.1:1/v1", "--model", "openai/stub"]
    done = dataflow(*command, *option, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr and SECRET not in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "outputs").exists()


GIVEN: dict[str, Any] = {"top_p": 0.5, "seed": 3, "temperature": 0.1, "top_k": 20, "stop": ["\n\n\n"]}


@pytest.mark.parametrize(
    "options",
    [
        [
            "--top-p",
            "0.5",
            "--seed",
            "3",
            "--temperature",
            "0.1",
            "--extra-body",
            '{"top_k": 20, "stop": ["\\n\\n\\n"]}',
        ],
        ["--model", 'openai/stub?top_p=0.5&seed=3&temperature=0.1&extra_body={"top_k":20,"stop":["\\n\\n\\n"]}'],
        [
            "--model",
            "openai/stub?top_p=0.5",
            "--seed=3",
            "--temperature=0.1",
            '--extra-body={"top_k":20,"stop":["\\n\\n\\n"]}',
        ],
    ],
)
def test_parameters_arrive_whichever_way_they_are_given(
    model_server: ModelServer, tmp_path: Path, options: list[str]
) -> None:
    questions(tmp_path, 2)
    run(model_server, tmp_path, *options)
    assert [entry["params"] for entry in model_server.requests()] == [GIVEN] * 2
    manifest = orjson.loads((tmp_path / "outputs/image_vqa/run.json").read_bytes())
    (serving,) = manifest["servings"]
    assert serving["model"] == "stub"
    assert (serving["params"]["top_p"], serving["params"]["seed"]) == (0.5, 3)


@pytest.mark.parametrize("spelling", [["--detail", "low"], ["--model", "openai/stub?detail=low"]])
def test_detail_goes_with_every_image_and_asks_anew(
    model_server: ModelServer, tmp_path: Path, spelling: list[str]
) -> None:
    questions(tmp_path, 3)
    ask(model_server, tmp_path)
    run(model_server, tmp_path, *spelling)
    run(model_server, tmp_path, *spelling)
    log = model_server.requests()
    assert len(log) == 6
    found = [part.get("detail") for entry in log for part in entry["messages"][-1]["content"] if "sha256" in part]
    assert found == [None] * 3 + ["low"] * 3


def test_that_no_stream_is_wanted_is_said_and_one_that_comes_is_read(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 20)
    model_server.configure(streams=True, reasoning="reasoning_content")
    ask(model_server, tmp_path)
    assert len(answers(tmp_path)) == 20
    assert {entry["stream"] for entry in model_server.requests()} == {False}
    stats = model_server.stats()
    tokens = orjson.loads((tmp_path / "outputs/image_vqa/run.json").read_bytes())["tokens"]
    assert (tokens["input"], tokens["output"]) == (stats["prompt_tokens"], stats["completion_tokens"])


def test_the_address_of_the_environment_is_taken_and_said(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 3)
    command = ["run", "image_vqa", "-i", "in.jsonl", "--model", "openai/stub"]
    for more in (["--dry-run"], ["--json"], []):
        done = dataflow(*command, *more, cwd=tmp_path, env={"OPENAI_BASE_URL": model_server.url})
        assert done.returncode == 0, done.stderr
        assert f"endpoint: {model_server.url}/chat/completions (from OPENAI_BASE_URL)" in done.stderr
    assert len(answers(tmp_path)) == 3
    (serving,) = orjson.loads((tmp_path / "outputs/image_vqa/run.json").read_bytes())["servings"]
    assert serving["address_from"] == "OPENAI_BASE_URL"


def test_an_address_that_is_given_goes_before_that_of_the_environment(
    model_server: ModelServer, tmp_path: Path
) -> None:
    questions(tmp_path, 3)
    said = run(model_server, tmp_path, OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    assert len(answers(tmp_path)) == 3 and "OPENAI_BASE_URL" not in said


@pytest.mark.parametrize(
    ("limit", "said"), [({"max_images": 2}, "--frames uniform:N"), ({"max_bytes": 5000}, "'openai/NAME?max_side=1024'")]
)
def test_too_many_or_too_large_images_are_told_with_what_helps(
    model_server: ModelServer, tmp_path: Path, limit: dict[str, int], said: str
) -> None:
    pictures = make_pictures(tmp_path / "p", 3)
    row = {"images": [str(picture) for picture in pictures], "question": "What?"}
    (tmp_path / "in.jsonl").write_bytes(orjson.dumps({"image": row["images"]}))
    model_server.configure(**limit)
    run(model_server, tmp_path, expect=3)
    (failure,) = read_jsonl(tmp_path / FAILURES)
    assert failure["kind"] == "request" and said in failure["message"]


def test_an_azure_deployment_gets_its_key_and_its_version(model_server: ModelServer, tmp_path: Path) -> None:
    questions(tmp_path, 2)
    model_server.configure(expected_headers={"api-key": "azure-key"})
    address = f"{model_server.root}/openai/deployments/gpt/chat/completions?api-version=2024-10-21"
    command = ["run", "image_vqa", "-i", "in.jsonl", "--model", "openai/stub", "--api-url", address]
    done = dataflow(*command, cwd=tmp_path, env={"DF_API_KEY": "azure-key"})
    assert done.returncode == 0, done.stderr
    asked = {(entry["path"], entry["query"]) for entry in model_server.requests()}
    assert asked == {("/openai/deployments/gpt/chat/completions", "api-version=2024-10-21")}
