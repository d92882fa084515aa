"""Terminals and streams as they are found: closed, full, without a reader, tiny, without colours, or in ASCII; and a
working directory that is gone. No command ends in a traceback, and a run goes on where it can."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from dataflow.cli.app import app
from tests.commands import COMMAND, dataflow, environment, read_jsonl, write_jsonl
from tests.pictures import make_pictures

FULL = "error: the output is not complete: standard output cannot be written"


def shell(line: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """A line as a user types it; `dataflow` is ours."""
    path = f"{COMMAND.parent}:{os.environ['PATH']}"
    words = ["bash", "-o", "pipefail", "-c", line]
    return subprocess.run(
        words, cwd=cwd, env=environment(PATH=path, **env), capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which pictures were asked about, so that the same run again takes no time."""
    folder = tmp_path_factory.mktemp("made")
    make_pictures(folder / "p", 2)
    assert dataflow("run", "image_vqa", "-i", "p", "-o", folder / "out", "-q", cwd=folder).returncode == 0
    return folder


@pytest.mark.parametrize(
    ("streams", "code"),
    [
        ("2>&-", 0),
        (">&- 2>&-", 0),
        ("<&- >&- 2>&-", 0),
        ("2>/dev/full", 0),
        ("--json 2>&1 | true", 0),
        ("--json | head -c 1", 0),
        ("--json >/dev/full", 1),
    ],
)
def test_a_run_goes_on_whatever_becomes_of_its_streams(made: Path, tmp_path: Path, streams: str, code: int) -> None:
    done = shell(f"dataflow run image_vqa -i p -o {tmp_path} {streams}", made)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr and (FULL in done.stderr) == bool(code)
    assert len(read_jsonl(tmp_path / "image_vqa_step1.jsonl")) == 2
    assert orjson.loads((tmp_path / "run.json").read_bytes())["state"] == "done"


def test_a_closed_stderr_is_no_place_for_the_next_file(made: Path, tmp_path: Path) -> None:
    # With 0, 1 and 2 free the ledger would be opened as one of them, and be written into by whoever reports an error.
    script = tmp_path / "own.py"
    script.write_text("import os\nfile = open('own.txt', 'w')\nos.write(2, b'trouble')\nassert file.fileno() > 2\n")
    assert shell(f"dataflow run {script} <&- >&- 2>&-", tmp_path).returncode == 0
    assert (tmp_path / "own.txt").read_bytes() == b""


def test_a_script_without_stderr_runs_to_its_end_and_leaves_stdout_alone(made: Path, tmp_path: Path) -> None:
    script = tmp_path / "own.py"
    script.write_text(
        "from dataflow import Pipeline\nfrom dataflow.operators.core_vision import PromptedVQAGenerator\n"
        "from dataflow.serving.embedded import EmbeddedVLMServing\n"
        f"print(Pipeline([PromptedVQAGenerator(EmbeddedVLMServing())]).run('{made / 'p'}', 'out').counts.finished)\n"
    )
    python = COMMAND.with_name("python")
    done = shell(f"{python} {script} 2>&-", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")


@pytest.mark.parametrize("columns", [0, 1, 40])
def test_a_terminal_of_any_width_shows_a_run(made: Path, columns: int) -> None:
    said = on_a_terminal(made, columns)
    assert "Traceback" not in said and "output:" in said.replace("\r\n", "")


def test_a_dumb_terminal_gets_plain_lines_and_one_without_colours_none(made: Path) -> None:
    assert "\x1b" not in on_a_terminal(made, 80, TERM="dumb")
    assert "\x1b[3" not in on_a_terminal(made, 80, NO_COLOR="1", TERM="xterm-256color")


RUN = ("run", "image_vqa", "-i", "p", "-o", "out")


def on_a_terminal(folder: Path, columns: int, words: Sequence[str] = RUN, code: int = 0, **env: str) -> str:
    """What a terminal of this width shows of a run that ends with this code; 0 columns: it does not know its width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    given = {} if columns else {"COLUMNS": "0"}
    env = environment(**{"TERM": "xterm", **given, **env})
    with subprocess.Popen(
        [str(COMMAND), *words], cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        said = b""
        try:
            while block := os.read(ours, 1 << 16):
                said += block
        except OSError:  # the other end is closed
            pass
        assert running.wait() == code, said
    os.close(ours)
    return said.decode()


def test_an_encoding_without_most_characters_costs_no_run(tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 1)
    write_jsonl(tmp_path / "in.jsonl", [{"id": "größer 図", "image": "p/p0.jpg"}, {"id": "é", "image": "p/é.jpg"}])
    for env in (
        {"PYTHONIOENCODING": "ascii"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ):
        done = shell("dataflow run image_vqa -i in.jsonl", tmp_path, **env)
        assert done.returncode == 3 and "gr\\xf6\\xdfer \\u56f3" in done.stderr, done.stderr
        assert "\\xe9.jpg: not found" in done.stderr


WORDS = {
    "init": "{new}/w",
    "run": "image_vqa -i {made}/p -o {made}/out",
    "status": "{made}/out",
    "report": "{made}/out -o {new}/r.html",
    "export": "{made}/out --to hf -o {new}/e",
    "probe": "{made}/p/p0.jpg",
    "list": "",
    "show": "image_vqa",
    "env": "",
}
"""How each command is called by absolute paths. Not `view`, which does not end by itself."""

RELATIVE = {"init": ".", "run": "image_vqa", "status": "o", "report": "o", "export": "o --to hf -o e", "probe": "a.jpg"}


def test_every_command_works_in_a_folder_that_is_gone_on_a_terminal_that_can_nothing(
    made: Path, tmp_path: Path
) -> None:
    assert {command.name for command in app.registered_commands} == {*WORDS, "view"}
    lines = ["mkdir gone && cd gone && rmdir ../gone"]
    for name, words in WORDS.items():
        lines.append(f"dataflow {name} {words.format(made=made, new=tmp_path)} >/dev/null || exit 9")
    env = {"COLUMNS": "0", "TERM": "dumb", "NO_COLOR": "1", "PYTHONIOENCODING": "ascii"}
    done = shell("\n".join(lines), tmp_path, **env)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr


def test_relative_paths_in_a_folder_that_is_gone_are_one_line_with_the_cure(tmp_path: Path) -> None:
    lines = ["mkdir gone && cd gone && rmdir ../gone"]
    lines += [f"dataflow {name} {words}; echo $?" for name, words in RELATIVE.items()]
    done = shell("\n".join(lines), tmp_path)
    assert done.stdout.split() == ["1"] * len(RELATIVE) and "Traceback" not in done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(told) == len(RELATIVE)
    assert sum("has been removed: cd into one that is there" in line for line in told) >= len(RELATIVE) - 1


def test_a_list_that_nobody_reads_to_its_end_is_no_error(tmp_path: Path) -> None:
    done = shell("dataflow list | head -1; dataflow --help | true; dataflow list >&-", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "pipelines:\n", "")
    full = shell("dataflow list > /dev/full", tmp_path)
    assert full.returncode == 1 and full.stderr.startswith(FULL) and len(full.stderr.splitlines()) == 1


def test_the_package_can_be_called_as_a_module(tmp_path: Path) -> None:
    done = shell(f"{COMMAND.with_name('python')} -m dataflow --version && dataflowmm nonsense", tmp_path)
    assert done.stdout.startswith("dataflow-mm ") and "Usage: dataflowmm " in done.stderr and done.returncode == 2
