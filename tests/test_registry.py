"""The registry: our own things, and those that other packages bring."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dataflow.core import UsageError
from dataflow.registry import OURS, Kind, entries, find
from tests.commands import COMMAND, environment
from tests.third_party import install

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
    points = "[dataflow.operators]\nWordCount = word_count:WordCount\n"
    points += "[dataflow.pipelines]\ncount_words = word_count_recipe:RECIPE\n"
    return install("word_count", {"word_count.py": OPERATOR, "word_count_recipe.py": RECIPE}, points, tmp_path)


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
