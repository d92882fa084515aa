"""Escape sequences, characters that turn text round, and line breaks: from ids, names of files, answers, errors of
endpoints, manifests and logs none reaches a terminal, whatever command shows them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.cli.test_streams import on_a_terminal
from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.pictures import make_pictures
from tests.scripted_server import scripted

ESCAPE, BACK = "\x1b]0;owned\x07\x9b2J", "\u202e"
ID = f"{ESCAPE}\noutput: all is well"
NAME = f"p{ESCAPE}{BACK}.jpg"
ANSWER = f"- Q: What is{BACK} it?\n  A: It is {ESCAPE} a block."


def is_clean(text: str) -> bool:
    """Whether a terminal may have this; colours of a bar are ours."""
    return not {"\x07", "\x9b", BACK} & set(text) and "\x1b]" not in text and "\noutput: all is well" not in text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A dataset with hostile ids and names; one picture is missing, one broken, and one is refused by the endpoint."""
    folder = tmp_path_factory.mktemp("hostile")
    for picture in make_pictures(folder, 2):
        picture.rename(folder / f"{picture.stem}{NAME}")
    (folder / f"bad{NAME}").write_bytes(b"none")
    names = (f"p0{NAME}", f"p1{NAME}", f"no{NAME}", f"bad{NAME}")
    write_jsonl(folder / "in.jsonl", [{"id": f"{ID}{name}", "image": name, "note": BACK + ESCAPE} for name in names])
    choice = {"message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}
    good = {"body": json.dumps({"choices": [choice], "model": "m"}), "headers": {"Content-Type": "application/json"}}
    bad = {"status": 400, "body": json.dumps({"error": {"message": f"no {ESCAPE}{BACK} today"}})}
    with scripted(folder / "server", {"/v1/chat/completions": [good, bad]}) as server:
        (folder / "url").write_text(f"{server.root}/v1")
        yield folder


def run_words(folder: Path) -> list[str]:
    url = (folder / "url").read_text()
    return ["run", "image_vqa", "-i", "in.jsonl", "-o", "out", "--model", "openai/m", "--api-url", url]


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_nothing_that_others_wrote_is_obeyed(folder: Path) -> None:
    done = dataflow(*run_words(folder), "-v", "--log-file", "run.log", cwd=folder, env={"COLUMNS": "300"})
    shown = said(done)
    assert done.returncode == 3 and is_clean(shown) and is_clean((folder / "run.log").read_text())
    (row,) = read_jsonl(folder / "out/image_vqa_step1.jsonl")
    assert ESCAPE in row["vqa"] and ESCAPE in row["id"]  # the data keeps what the terminal does not get
    for what in ("It is \\e]0;owned\\x07\\x9b2J a block", "What is\\u202e it?", "\\noutput: all is well", "not found"):
        assert what in shown
    assert "no \\e]0;owned\\x07\\x9b2J\\u202e today" in shown


@pytest.mark.parametrize(
    "words",
    [
        ["status", "out"],
        ["report", "out"],
        ["export", "out", "--to", "sharegpt", "-o", "exported", "--media", "copy", "--force"],
        ["probe", f"p0{NAME}", f"bad{NAME}", f"no{NAME}"],
        ["run", "image_vqa", "-i", "in.jsonl", "-o", "out", "--dry-run"],
        ["run", "image_vqa", "-i", f"no{NAME}.jsonl"],
        ["run", f"no{NAME}"],
        ["status", f"no{NAME}"],
    ],
)
def test_no_command_hands_it_on(folder: Path, words: list[str]) -> None:
    if not (folder / "out/run.json").exists():
        dataflow(*run_words(folder), "-q", cwd=folder)
    document = orjson.loads((folder / "out/run.json").read_bytes())
    (folder / "out/run.json").write_bytes(orjson.dumps({**document, "message": f"stopped {ESCAPE}{BACK}\nfor good"}))
    assert is_clean(said(dataflow(*words, cwd=folder)))


def test_nor_does_a_bar_on_a_terminal(folder: Path) -> None:
    shown = on_a_terminal(folder, 120, words=run_words(folder), code=3)
    assert is_clean(shown) and "failed:" in shown
