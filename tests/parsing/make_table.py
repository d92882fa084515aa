"""Writes docs/parsing.md from the shapes that the tests read: `python -m tests.parsing.make_table`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dataflow.core import AnswerError
from dataflow.parsing.article import parse_article
from dataflow.parsing.pair import QAPair
from dataflow.parsing.qa_text import parse_qa
from tests.parsing.article_shapes import ARTICLES
from tests.parsing.qa_shapes import all_qa_texts

PAGE = Path(__file__).parents[2] / "docs" / "parsing.md"

HEAD = """# Which shapes of answers are read

Models answer in many shapes. These are the ones that the tests hold; each is read into its pairs (and its article)
exactly, and most of them also for pairs drawn at random. The tables are written by
`python -m tests.parsing.make_table`, and a test fails when they are not up to date.

Nothing is made up: a record that was cut in half is left out; text without a pair is an error that keeps the text, and
the sample goes to the failures file with it. Of one model text all pairs are read in one shape, the surest sign first:
JSON, tags, tables, marks (`Q:`, `Answer 1`), two lists, and last lines that end in a question mark. An explanation
behind an answer stays with the answer. LaTeX lists and numbered pairs without marks all in one line are not told apart.
"""


def _row(shape: str, text: str, read: Callable[[str], int], wanted: bool) -> str:
    try:
        count = read(text)
    except AnswerError:
        count = 0
    example = text if len(text) <= 90 else text[:60] + " … " + text[-27:]
    for plain, safe in (("\r", "␍"), ("\n", "⏎"), ("\t", "⇥"), ("|", "¦"), ("`", "ˋ")):
        example = example.replace(plain, safe)
    return f"| {shape.replace('|', '¦')} | `{example}` | {'yes' if wanted and count else 'no'} | {count} |"


def _parsed(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except AnswerError:
        return None


def page() -> str:
    """The page as it must be now."""
    qa = [
        _row(shape, text, lambda text: len(parse_qa(text)), _parsed(parse_qa, text) == pairs)
        for shape, (text, pairs) in all_qa_texts().items()
    ]
    articles = [_article_row(shape, *case) for shape, case in ARTICLES.items()]
    head = "| shape | example | parsed | pairs |\n|---|---|---|---|\n"
    return (
        f"{HEAD}\n## Question-answer pairs: {_share(qa)}\n\n{head}"
        + "\n".join(qa)
        + f"\n\n## Articles with pairs: {_share(articles)}\n\n{head}"
        + "\n".join(articles)
        + "\n"
    )


def _article_row(shape: str, text: str, article: str, pairs: list[QAPair]) -> str:
    found = _parsed(parse_article, text)
    right = found is not None and found.context == article and found.qas == pairs
    return _row(shape, text, lambda text: len(parse_article(text).qas), right)


def _share(rows: list[str]) -> str:
    return f"{sum('| yes |' in row for row in rows)} of {len(rows)}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE} written")
