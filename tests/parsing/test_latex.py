r"""LaTeX with single backslashes comes out of JSON as LaTeX; JSON without LaTeX is read to the letter."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from dataflow.parsing.article import parse_article
from dataflow.parsing.json_text import parse_json
from dataflow.parsing.latex import keep_latex
from dataflow.parsing.qa_text import parse_qa
from dataflow.parsing.schema import validate

FORMULAS = [
    r"\frac{1}{2} \times \beta",
    r"$E = h\nu$",
    r"$\nu$ and \rho in \text{km}",
    r"x \neq y, x \ne y, \nabla f",
    r"\lim_{x \to 0} \tan x",
    r"\theta = 3\tau",
    r"\begin{bmatrix} 1 & 2 \end{bmatrix}",
    r"\left( \frac{a}{b} \right) \boxed{5}",
    r"\alpha \underline{x} \sum_{i} \notin \forall \tfrac{1}{2}",
    r"\(\bar{x} \rightarrow \infty\)",
]


class Pair(BaseModel):
    question: str
    answer: str


class Pairs(BaseModel):
    qa: list[Pair]


def answers(formula):
    """A pair with the formula written with single backslashes, in the healths that JSON comes in."""
    record = f'{{"question": "Which formula?", "answer": "{formula}"}}'
    yield f'{{"qa": [{record}]}}'
    yield f'```json\n{{"qa": [{record}]}}\n```'
    yield f'Sure!\n{{"qa": [{record},]}}'
    yield f"{{'qa': [{{'question': 'Which formula?', 'answer': '{formula}'}}]}}"
    yield f'{{"qa": [{record}'
    yield json.dumps(f'{{"qa": [{record}]}}')
    yield f'{{"qa": [{record}]}}'.replace('"', r"\"")


@pytest.mark.parametrize("formula", FORMULAS)
def test_latex_is_kept_by_everything_that_reads_json(formula):
    for text in answers(formula):
        assert validate(text, Pairs).qa[0].answer == formula, text
        assert parse_qa(text)[0].answer == formula, text
    article = f'{{"context": "A board shows {formula}.", "qas": [{{"question": "Which?", "answer": "{formula}"}}]}}'
    found = parse_article(article)
    assert (found.context, found.qas[0].answer) == (f"A board shows {formula}.", formula)


@pytest.mark.parametrize("formula", FORMULAS)
def test_latex_that_is_escaped_as_json_wants_it_is_read_as_before(formula):
    text = json.dumps({"answer": formula})
    assert parse_json(text) == {"answer": formula}
    assert keep_latex(text) == text


@pytest.mark.parametrize(
    "text",
    [
        r'{"a": "first\nuse it\nnext\ttab an"}',
        r'{"a": "col\tan apple\nu are here"}',
        r'{"a": "\\frac{1}{2}\nNext line\ttop\nexists"}',
        r'{"a": "one\r\ntwo\nnew\nparallel"}',
        r'{"a": "It costs $5.\nne plus ultra"}',
        r'{"a\tb": ["\n", "\t", "\u00e9\/", "\"\\"]}',
    ],
)
def test_line_breaks_and_tabs_stay_what_they_are(text):
    assert parse_json(text) == json.loads(text)


def test_a_line_break_before_a_word_stays_one_beside_a_formula():
    assert parse_json(r'{"a": "Use \frac{a}{b}.\nu is the speed"}') == {"a": "Use \\frac{a}{b}.\nu is the speed"}


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('\n\t\r"\\ {}[]:,nutrbf$'),
    max_size=40,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
LATEX = re.compile(r"[\b\f\n\r\t][A-Za-z]+")


@given(JSON)
def test_json_without_latex_reads_as_json_reads_it(value):
    text = json.dumps({"value": value})
    if keep_latex(text) == text:
        assert parse_json(text) == json.loads(text)
    else:
        # What was taken for LaTeX is a control character and the rest of a command, nothing else.
        assert LATEX.search("".join(strings(value)))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from strings(list(inner))


@given(
    st.lists(st.sampled_from(["word", "Next", "line", "12", ".", "plus", "tab", "again", "you"]), max_size=12),
    st.data(),
)
def test_words_between_line_breaks_and_tabs_read_as_json_reads_them(told, data):
    text = "".join(word + data.draw(st.sampled_from(["\n", "\t", "\r\n", " ", "\\"])) for word in told)
    assert parse_json(json.dumps([text])) == [text]
