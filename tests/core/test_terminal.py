"""What others wrote is shown on a terminal and not obeyed; a stream that is gone ends nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dataflow
from dataflow.core.errors import InputError
from dataflow.core.terminal import one_line, say, say_error, visible

OBEYED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, größer, 図, two  spaces", "plain, größer, 図, two  spaces"),
        ("\x1b[31mred\x1b[0m", "\\e[31mred\\e[0m"),
        ("\x1b]0;title\x07", "\\e]0;title\\x07"),
        ("a\rb\tc\x9bd", "a\\rb\\tc\\x9bd"),
        ("right\u202eleft\u2066", "right\\u202eleft\\u2066"),
        ("nothing\u200bthere\ufeff", "nothing\\u200bthere\\ufeff"),
        ("half \ud800, own \U000f0000", "half \\ud800, own \\U000f0000"),
        ("lines\u2028and\u2029paragraphs\x85", "lines\\u2028and\\u2029paragraphs\\x85"),
    ],
)
def test_what_a_terminal_would_obey_or_hide_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == one_line(text) == shown


def test_line_breaks_are_written_out_only_within_a_line() -> None:
    assert visible("a\nb") == "a\nb" and one_line("a\nb") == "a\\nb"


@given(st.text(st.characters()))
def test_nothing_is_left_that_a_terminal_would_obey(text: str) -> None:
    for shown, allowed in ((visible(text), {"\n"}), (one_line(text), set())):
        assert not [one for one in shown if unicodedata.category(one) in OBEYED and one not in allowed]
        assert not text.isprintable() or shown == text


def test_further_lines_of_an_error_do_not_pass_for_lines_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    say_error(InputError("no file a\noutput: all is well\x1b[2K"))
    assert capsys.readouterr().err == "error: no file a\n  output: all is well\\e[2K\n"


SCRIPT = """
from dataflow.core.terminal import say
say("to stderr \\udc80 größer \\u56f3")
print("to stdout")
"""


@pytest.mark.parametrize(
    ("shell", "out", "err"),
    [
        ("{python} -c '{script}'", "to stdout\n", "to stderr \\udc80 größer 図\n"),
        ("{python} -c '{script}' 2>&-", "to stdout\n", ""),
        ("{python} -c '{script}' 2>/dev/full", "to stdout\n", ""),
        ("PYTHONIOENCODING=ascii:strict {python} -c '{script}'", "to stdout\n", None),
    ],
)
def test_a_script_whose_stderr_is_gone_goes_on_and_says_nothing_elsewhere(
    shell: str, out: str, err: str | None
) -> None:
    line = shell.format(python=sys.executable, script=SCRIPT)
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, out)
    assert done.stderr == err if err is not None else "to stderr \\udc80 gr\\xf6" in done.stderr.replace("\\\\", "\\")


def test_a_closed_stream_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/null", "w") as closed:
        pass
    monkeypatch.setattr(sys, "stderr", closed)
    say("to nobody")


def calls_that_show(source: str) -> list[str]:
    """What a module prints, as it stands in its calls: of `print`, `typer.echo` and a screen's or console's `print`."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    showing = {"print", "typer.echo", "click.echo", "screen.print", "self._bar.console.print", "sys.stderr.write"}
    return [ast.unparse(call) for call in calls if ast.unparse(call.func) in showing]


def test_no_module_shows_a_text_that_did_not_pass_here() -> None:
    package = Path(dataflow.__file__).parent
    raw = []
    for path in package.rglob("*.py"):
        if "scripts" not in path.parts:  # the user's own, laid by `dataflow init`
            for call in calls_that_show(path.read_text()):
                passed = (
                    "one_line",
                    "visible",
                    "orjson.dumps(",
                    "_as_json(",
                    "__version__",
                    "wanted.value",
                    "screen.print(table)",
                )
                if not any(what in call for what in passed):
                    raw.append(f"{path.relative_to(package)}: {call}")
    assert raw == []
    assert calls_that_show("print(f'{name}')\ntyper.echo(x)") == ["print(f'{name}')", "typer.echo(x)"]
