"""Options of `dataflow run` that serving or pipeline cannot use are errors: none is silently without effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import dataflow
from tests.pictures import make_pictures
from tests.servers import ModelServer


def refused(folder: Path, *words: str) -> str:
    """What is said of a command that must not run; it leaves nothing behind."""
    make_pictures(folder / "p", 1)
    for more in ([], ["--dry-run"]):
        done = dataflow("run", "image_vqa", "-i", "p", *words, *more, cwd=folder)
        assert done.returncode == 2, done.stderr
        (line,) = done.stderr.strip().splitlines()[-1:]
        assert line.startswith("error: ") and "Traceback" not in done.stderr
        assert not (folder / "outputs").exists()
    return line


@pytest.mark.parametrize("model", [[], ["--model", "embedded"]])
def test_an_address_without_the_model_that_answers_there_is_no_embedded_run(
    model_server: ModelServer, tmp_path: Path, model: list[str]
) -> None:
    said = refused(tmp_path, "--api-url", model_server.url, *model)
    assert model_server.url in said and "--model openai/NAME" in said
    assert model_server.stats()["requests"] == 0


@pytest.mark.parametrize(
    "option",
    [
        ["--temperature", "0.5"],
        ["--max-tokens", "100"],
        ["--timeout", "5"],
        ["--patience", "5"],
        ["--requests-per-minute", "10"],
        ["--tokens-per-minute", "1000"],
    ],
)
def test_what_the_embedded_serving_cannot_use_is_named(tmp_path: Path, option: list[str]) -> None:
    assert f"{option[0]} cannot be used with the embedded serving" in refused(tmp_path, *option)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--model", "vllm/x", "--api-url", "http://127.0.0.1:1/v1"], "--api-url goes with --model openai/NAME"),
        (["--model", "transformers/x", "--api-url", "http://127.0.0.1:1/v1"], "--api-url goes with"),
        (["--model", "vllm/x", "--timeout", "5"], "--timeout cannot be used with vllm/x"),
        (["--model", "transformers/x", "--timeout", "5"], "--timeout cannot be used with transformers/x"),
        (["--model", "openai", "--api-url", "http://127.0.0.1:1/v1"], "which model?"),
        (["--model", "openai/x", "--api-url", "127.0.0.1:1/v1"], "must begin with http://"),
        (["--model", "embedded/x"], "has no models"),
        (["--set", "num_pairs=3"], "num_pairs"),
        (["--num-qa", "3", "--set", "num_qa=4"], "--num-qa"),
        (["--frames", "uniform:3", "--set", "sampling=uniform:4"], "--frames"),
        (["--prompt", "What?", "--set", "prompt_template=Who?"], "--prompt"),
        (["--system", "Be brief.", "--set", "system_prompt=Be kind."], "--system"),
        (["--set", "num_qa=3", "--set", "num_qa=4"], "num_qa"),
    ],
)
def test_what_cannot_be_meant_is_named(tmp_path: Path, words: list[str], said: str) -> None:
    assert said in refused(tmp_path, *words)


def test_a_setting_that_the_pipeline_does_not_have_is_named(tmp_path: Path) -> None:
    done = dataflow("run", "video_caption", "--num-qa", "3", cwd=tmp_path)
    assert done.returncode == 2 and "video_caption has no setting 'num_qa'" in done.stderr
