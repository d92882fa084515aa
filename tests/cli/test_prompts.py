"""`--prompt` and `--system`: what is a mistake, and that it is said before anything is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer


def words(server: ModelServer, folder: Path) -> list[str | Path]:
    rows = [{"image": str(path), "title": "A dog"} for path in make_pictures(folder / "p", 2)]
    source = write_jsonl(folder / "in.jsonl", rows)
    return ["run", "image_vqa", "--input", source, "--model", "openai/stub", "--api-url", server.url, "-q"]


def refused(server: ModelServer, folder: Path, *more: str) -> str:
    """The one line of a command that is refused, nothing asked and nothing written."""
    done = dataflow(*words(server, folder), *more, cwd=folder)
    assert done.returncode == 2 and done.stdout == "", done.stderr
    assert server.stats()["requests"] == 0 and not list(folder.glob("outputs/*/*.jsonl"))
    (line,) = done.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
@pytest.mark.parametrize("option", [("--prompt",), ("--set", "prompt_template=")])
def test_a_name_that_is_no_column_is_refused_with_its_near_miss(
    model_server: ModelServer, tmp_path: Path, option: tuple[str, ...], more: tuple[str, ...]
) -> None:
    *flag, prefix = (*option, "") if len(option) == 1 else option
    line = refused(model_server, tmp_path, *flag, f"{prefix}Describe {{titel}}", *more)
    assert "{titel}" in line and "did you mean 'title'?" in line


@pytest.mark.parametrize(
    "name", ["caption.txt", "asks/caption.md", "ask me.prompt", "ask.jinja", "./ask.j2", "asks/caption.yaml"]
)
@pytest.mark.parametrize(
    ("flag", "prefix"), [("--prompt", ""), ("--system", ""), ("--set", "prompt_template="), ("--set", "system_prompt=")]
)
def test_the_name_of_a_file_that_is_not_there_is_refused(
    model_server: ModelServer, tmp_path: Path, flag: str, prefix: str, name: str
) -> None:
    line = refused(model_server, tmp_path, flag, f"{prefix}{name}")
    assert f"there is no file {name}" in line


@pytest.mark.parametrize(("flag", "prefix"), [("--prompt", ""), ("--set", "prompt_template=")])
def test_a_file_that_is_there_is_read_and_json_in_it_stays(
    model_server: ModelServer, tmp_path: Path, flag: str, prefix: str
) -> None:
    (tmp_path / "ask.txt").write_text('What is {title}? As {"a": {"b": 1}}, {}\n')
    done = dataflow(*words(model_server, tmp_path), flag, f"{prefix}ask.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = read_jsonl(tmp_path / "outputs/image_vqa/image_vqa_step1.jsonl")
    assert {row["conversation"][0]["value"] for row in rows} == {'What is A dog? As {"a": {"b": 1}}, {}'}


def test_words_that_only_speak_of_a_file_are_words(model_server: ModelServer, tmp_path: Path) -> None:
    done = dataflow(*words(model_server, tmp_path), "--prompt", "Write it as readme.md.", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
