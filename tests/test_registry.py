"""The registry: our own things, and those that other packages bring."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dataflow.core import UsageError
from dataflow.registry import OURS, Kind, entries, find
from tests.commands import COMMAND, environment

OPERATOR = '''
from dataflow import Operator
from dataflow.core import output, required

class WordCount(Operator):
    """Counts the words of a text."""
    keys = (required("input_key", "caption"), output("output_key", "words"))

    async def process(self, sample, keys, run):
        return {**sample, keys.output_key: len(sample[keys.input_key].split())}
'''
RECIPE = """
from dataflow.pipelines.recipe import Recipe
from word_count import WordCount

RECIPE = Recipe("count_words", "counts the words of captions", "input_key", lambda serving, s: [s.make(WordCount)])
"""


@pytest.mark.parametrize("kind", list(OURS))
def test_everything_of_ours_loads(kind: Kind) -> None:
    for entry in entries(kind):
        assert entry.load() is not None


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'video_qa'.*There are: "):
        find("pipelines", "vidoe_qa")


@pytest.fixture
def third_party(tmp_path: Path) -> Path:
    """A folder into which pip has installed a package with an operator and a pipeline of its own."""
    wheel = tmp_path / "word_count-1.0-py3-none-any.whl"
    points = "[dataflow.operators]\nWordCount = word_count:WordCount\n"
    points += "[dataflow.pipelines]\ncount_words = word_count_recipe:RECIPE\n"
    files = {
        "word_count.py": OPERATOR,
        "word_count_recipe.py": RECIPE,
        "word_count-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: word-count\nVersion: 1.0\n",
        "word_count-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "word_count-1.0.dist-info/entry_points.txt": points,
        "word_count-1.0.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    site = tmp_path / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    return site


def test_an_installed_package_adds_an_operator_and_a_pipeline(third_party: Path, tmp_path: Path) -> None:
    def dataflow(*words: str) -> subprocess.CompletedProcess[str]:
        env = environment(PYTHONPATH=str(third_party))
        return subprocess.run(
            [str(COMMAND), *words], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300
        )

    listed = dataflow("list", "operators").stdout
    assert "WordCount" in listed and "[word-count]" in listed
    (tmp_path / "in.jsonl").write_text('{"caption": "one two three"}\n')
    done = dataflow("run", "count_words", "--input", "in.jsonl", "--quiet")
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "outputs/count_words/count_words_step1.jsonl").read_text()
    assert written == '{"id":1,"caption":"one two three","words":3}\n'
