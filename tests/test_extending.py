"""The package of docs/extending.md, installed from that page: all that it does, without its being named anywhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests.commands import COMMAND, HANGING, environment
from tests.third_party import install

PAGE = (Path(__file__).parents[1] / "docs/extending.md").read_text()


def blocks(kind: str) -> list[str]:
    """The code of that kind on the page."""
    return [
        code for named, code in re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) if named == kind
    ]


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theirs")
    (points,) = blocks("toml")
    points = re.sub(r'\[project\.entry-points\."(.+)"\]', r"[\1]", points).replace('"', "")
    modules = {code.split("\n")[0].removeprefix("# "): code for code in blocks("python")}
    install("probing", modules, points, folder)
    (folder / "captions.jsonl").write_text('{"caption": "Waterfalls in spring"}\n{"caption": "A dog"}\n')
    return folder


def run(theirs: Path, *words: str) -> str:
    env = environment(PYTHONPATH=str(theirs / "site"))
    done = subprocess.run(words, cwd=theirs, env=env, capture_output=True, text=True, timeout=HANGING)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_commands_of_the_page_run_and_tell_of_its_columns(theirs: Path) -> None:
    (shown, *more) = [line.split() for line in blocks("")[0].splitlines()]
    told = run(theirs, str(COMMAND), *shown[1:])
    assert re.search(r"output_key +probe +output +pairs", told) and re.search(r"probe_sure .* scores", told)
    assert "Asks one question on a caption." in told and "CaptionProbe(serving).run(" in told
    for command in more:
        run(theirs, str(COMMAND), *command[1:])
    output = theirs / "outputs/probe_captions"
    (row,) = map(orjson.loads, (output / "probe_captions_step1.jsonl").read_bytes().splitlines())
    assert row["probe"] == {"question": "What is the first word?", "answer": "Waterfalls"}
    page = (output / "report.html").read_text()
    assert "probe_sure" in page and "1 question-answer" not in page and "rejected" in page
    exported = next((theirs / "trained").rglob("*.json")).read_text()
    assert "What is the first word?" in exported and "Waterfalls" in exported


def test_the_tests_of_the_page_pass(theirs: Path) -> None:
    told = run(theirs, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "site/test_probing.py")
    assert "2 passed" in told
