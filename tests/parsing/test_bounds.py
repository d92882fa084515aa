"""Hostile text costs no more than linear time, and importing the parsers costs next to nothing."""

import subprocess
import sys
import time

import pytest
from pydantic import BaseModel

from dataflow.core import AnswerError
from dataflow.parsing.article import parse_article
from dataflow.parsing.free_text import free_text
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
    "free_text": free_text,
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
    "<|im_end|>",
    "<|channel|>analysis<|message|>",
    "<|channel>",
    "</s>",
    "I can't see ",
    "sorry, ",
    "Sure! ",
    "Let me know if you ",
    "no image ",
    "Okay, the user wants ",
    "我无法",
    "「",
    '"\\frac ',
    "\\nu $",
    "\\boxed{\\text{",
    "<ref>a</ref><box>(1,2)</box>",
    "[INST] ",
]
BEGINNINGS = ("Q: x?\n", "I'm sorry, ", "Okay, the user wants a caption. I should look. ")
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
    text = BEGINNINGS[name == "free_text"] + unit * (4 * SMALL // len(unit))
    # Four times the text costs sixteen times as much where a parser is quadratic, each time it is measured; that it
    # seems so once in three is the noise of a machine that is busy.
    assert any(is_linear(PARSERS[name], text) for _ in range(3))


def is_linear(parser, text):
    short = min(seconds(parser, text[:SMALL]) for _ in range(2))
    return seconds(parser, text) < 9 * short + 0.15


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("unit", UNITS)
def test_a_megabyte_of_anything_is_read_at_once(unit, beginning):
    # Half a second on a quiet machine: ten are a guard against hanging, not a measure.
    assert seconds(free_text, beginning + unit * (1_000_000 // len(unit))) < 10


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, dataflow.parsing; print([name for name in ('pydantic', 'pandas', 'numpy', 'PIL', 'av', "
        "'json_repair') if name in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
