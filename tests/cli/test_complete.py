"""Tab in a shell: commands, pipelines, servings and formats, and nothing heavy loaded for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dataflow.cli import complete
from dataflow.media.plan import parse_plan
from dataflow.serving.api_vlm_serving_openai import DETAILS
from dataflow.storage.formats import FORMATS
from tests.commands import COMMAND, environment

BASH = """eval "$(dataflow --show-completion)"
COMP_WORDS=({line} {last}); COMP_CWORD=$(({count})); _dataflow_completion dataflow; echo "${{COMPREPLY[@]}}"
"""


def offered(line: str, last: str, cwd: Path) -> list[str]:
    """What bash offers for the last word of a line."""
    script = BASH.format(line=line, last=last or "''", count=len(line.split()))
    env = environment(PATH=f"{COMMAND.parent}:{os.environ['PATH']}")
    done = subprocess.run(["bash", "-c", script], cwd=cwd, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "last", "words"),
    [
        ("dataflow", "sta", ["status"]),
        ("dataflow run", "video_", ["video_caption", "video_qa"]),
        ("dataflow run video_qa --model", "", ["embedded", "openai/", "transformers/", "vllm/"]),
        ("dataflow export out --to", "l", ["llava", "llamafactory"]),
        ("dataflow list", "p", ["pipelines"]),
        ("dataflow run", "nothing_like_it", []),
    ],
)
def test_bash_offers_what_fits(tmp_path: Path, line: str, last: str, words: list[str]) -> None:
    assert offered(line, last, tmp_path) == words


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_a_script_of_theirs(tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    env = environment(PATH=f"{COMMAND.parent}:{os.environ['PATH']}")
    line = "dataflow --show-completion"
    if shell == "fish":
        line += " | source; complete -C 'dataflow run video_'"
    done = subprocess.run([shell, "-c", f"{line}; true"], env=env, capture_output=True, text=True, timeout=120)
    assert "#compdef dataflow" in done.stdout if shell == "zsh" else "video_caption" in done.stdout.split()


def test_what_is_offered_is_what_there_is() -> None:
    assert set(complete.FORMATS) == set(FORMATS) and complete.DETAILS == DETAILS
    for plan in complete.PLANS:
        assert parse_plan(plan)


def test_nothing_heavy_is_loaded_for_an_offer() -> None:
    asks = "for one in (c.pipelines, c.models, c.exports, c.formats, c.details, c.plans): assert one('')"
    heavy = "{'numpy', 'pandas', 'pyarrow', 'av', 'PIL', 'aiohttp', 'rich', 'pydantic'}"
    code = f"import sys\nfrom dataflow.cli import complete as c\n{asks}\nassert not {heavy} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-300:]
