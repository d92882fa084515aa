"""Hostile text costs no more than linear time, and importing the parsers costs next to nothing."""

import subprocess
import sys
import time

import pytest
from pydantic import BaseModel

from dataflow.core import AnswerError
from dataflow.parsing.article import parse_article
from dataflow.parsing.json_text import parse_json
from dataflow.parsing.qa_text import parse_qa
from dataflow.parsing.reasoning import split_reasoning
from dataflow.parsing.schema import validate


class Pair(BaseModel):
    question: str
    answer: str


class Pairs(BaseModel):
    qa: list[Pair]


PARSERS = {
    "split_reasoning": split_reasoning,
    "parse_json": parse_json,
    "parse_qa": parse_qa,
    "parse_article": parse_article,
    "validate": lambda text: validate(text, Pairs),
}
UNITS = [
    "{",
    "[",
    '"',
    "\\",
    " ",
    "\n",
    "Q:",
    "Q:\n",
    "A:\n",
    "Q: a? A: b ",
    "<q>",
    "**",
    "|",
    "a|b\n",
    "?\n",
    "```\n",
    "<think>",
    "</think>",
    '{"a":',
    '[{"q":"x"},',
    "1. a?\nb\n",
    "Q&A:\n",
    "Answer: a\n",
    "# ",
    "- ",
    "(A) ",
    "a\n\n",
    "问：",
    "“",
    "{'a':'b's,",
]
SMALL = 20_000


def seconds(parser, text):
    start = time.process_time()
    try:
        parser(text)
    except AnswerError:
        pass
    return time.process_time() - start


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_and_not_its_square(name, unit):
    text = "Q: x?\n" + unit * (4 * SMALL // len(unit))
    # Four times the text costs sixteen times as much where a parser is quadratic, each time it is measured; that it
    # seems so once in three is the noise of a machine that is busy.
    assert any(is_linear(PARSERS[name], text) for _ in range(3))


def is_linear(parser, text):
    short = min(seconds(parser, text[:SMALL]) for _ in range(2))
    return seconds(parser, text) < 9 * short + 0.15


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, dataflow.parsing; print([name for name in ('pydantic', 'pandas', 'numpy', 'PIL', 'av', "
        "'json_repair') if name in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
