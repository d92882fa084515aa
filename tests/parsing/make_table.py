"""Writes docs/parsing.md from the shapes that the tests read: `python -m tests.parsing.make_table`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dataflow.core import AnswerError, RefusedAnswer
from dataflow.parsing.article import parse_article
from dataflow.parsing.free_text import free_text
from dataflow.parsing.pair import QAPair
from dataflow.parsing.qa_text import parse_qa
from tests.parsing.article_shapes import ARTICLES
from tests.parsing.free_text.cases import NAMES, REFUSAL_SETS, Case, cases
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

LaTeX with single backslashes in JSON (`"\\frac{1}{2} \\times \\beta"`) is kept as LaTeX, where JSON reads a form feed,
a tab and a backspace. Commands whose rest may be a word (`\\nu`, `\\to`, `\\ne`) are taken for LaTeX between dollar
signs and beside signs of a formula only, and for line breaks and tabs elsewhere.
"""

FREE_TEXT = """
## Free text: what is an answer

An answer that is kept as text (`caption`, `vqa`, the article of `context_vqa`) goes through one function,
`parsing.free_text.free_text`. It takes off

- reasoning: tags of any kind, the channels of gpt-oss (Harmony) and Gemma, and reasoning that lost its tags (`Okay, the
  user wants me to ...`, `Thinking Process:`, `Let me analyze this step by step`). Behind the last an answer is taken
  only where the model says that it comes (`Final caption:`); else there is none;
- special tokens, and turns that the model made up behind the end of its own;
- places in the picture behind what is named (`<ref>a bus</ref><box>(1,2),(3,4)</box>`, `<loc0012>`), in prose: an
  answer that is nothing but names with their places was asked for, and is kept;
- one fence or tag around the whole; JSON that holds nothing but a caption under its name (`{"caption": "..."}`; other
  JSON is what a prompt asked for); LaTeX's box around the answer (`\\boxed{\\text{...}}`), where it is all there is or
  closes what was reasoned. Quotation marks around the whole stay: it may be a sign's words;
- chatter: agreement, announcements and labels before the answer, leave-taking behind it, in the languages below. An
  apology for something else than the answer (`Sorry for the confusion!`) is chatter.

What is left is **no answer** where the model declines or says that it saw nothing: then the sample is asked once more
and otherwise set aside as `refused`. A text that begins by declining is refused whatever follows (`I can't identify the
man. However, ...`), for what follows is told in the model's voice. Precision comes first.
Only a sentence in the model's own voice (first or second person, an apology, a missing picture told to somebody) is
one; what stands between quotation marks, or is said to be written or spoken (`..., reads the sign`), is content, and
so is what is said of the picture in third person (`No face is visible.`). Some sentences are a refusal by their form,
whoever speaks: a model or an assistant that cannot do what only models are asked for, an error message (`No image
detected.`), rules that forbid, help that waits for a picture. An answer that stands in quotation marks as a whole is
refused where it says what assistants say (`help with that request`), and kept where a sign might say it. Words that
stand unquoted and alone, as an answer that only repeats a sign's `I can't help you with this request`,
cannot be told from a refusal.

The texts stand in `tests/parsing/free_text`. `first` was written while the grammar was made. Every later set was
written before the grammar was tried on it, and the grammar was mended after each, by kinds of wording; what it did
when a set was first tried is what it may do on words that nobody has seen yet:

| set | refusals found | captions kept | written |
|---|---|---|---|
| second | 93 of 98 | | by the same hand |
| third | 40 of 52 | | |
| fourth | 39 of 47 | | |
| fifth | 48 of 51 | 246 of 248 in these four | |
| sixth | 116 of 202 | 127 of 128 | by somebody else, to hold wordings that the others lack |
| seventh | 90 of 159 | 104 of 105 | likewise |
| eighth | 52 of 56 | 48 of 51 | likewise |
| ninth | 166 of 197 | 199 of 199 | as a checker might who sees neither grammar nor sets |
| tenth | 79 of 120 | 120 of 120 | evasive wordings, filters of services, captions with unquoted words |
| eleventh | 78 of 120 | 112 of 120 | services, policies, lists; captions told in first person |
| twelfth | 92 of 120 | 120 of 120 | twelve everyday excuses, each in ten languages |
| thirteenth | 56 of 100 | 100 of 100 | ten far-fetched excuses, likewise |
| fourteenth | 54 of 60 | 40 of 40 | six ordinary ones, likewise: one of them was missed in five languages |
| fifteenth | 100 of 100 | 150 of 150 | by somebody who saw neither grammar nor sets, as a checker might |
| sixteenth | 189 of 200 | 197 of 200 | by somebody else again: lists, paragraphs, ideas of its own for each language |

`negatives` and `traps` are captions alone, which say what is not there or hold the first person as a name or on a sign;
they were written when the grammar took some of them for refusals (`traps`: 14 of 83 when first tried).

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
        f"{HEAD}{FREE_TEXT}{_free_text_table()}\n\n## Question-answer pairs: {_share(qa)}\n\n{head}"
        + "\n".join(qa)
        + f"\n\n## Articles with pairs: {_share(articles)}\n\n{head}"
        + "\n".join(articles)
        + "\n"
    )


def _article_row(shape: str, text: str, article: str, pairs: list[QAPair]) -> str:
    found = _parsed(parse_article, text)
    right = found is not None and found.context == article and found.qas == pairs
    return _row(shape, text, lambda text: len(parse_article(text).qas), right)


def _free_text_table() -> str:
    names = REFUSAL_SETS
    texts = {name: cases(name) for name in names}
    rows = ["| language | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for language, title in [*NAMES.items(), ("", "all")]:
        cells = [_cell([case for case in texts[name] if language in {case.language, ""}]) for name in names]
        rows.append(f"| {title} | " + " | ".join(cells) + " |")
    return "Refusals found, captions kept to the letter, of how many:\n\n" + "\n".join(rows)


def _cell(told: list[Case]) -> str:
    counts = []
    for kind in ("refusal", "caption"):
        of_kind = [case for case in told if case.kind == kind]
        if of_kind:
            counts.append(f"{sum(_judged(case) for case in of_kind)}/{len(of_kind)}")
    return ", ".join(counts)


def _judged(case: Case) -> bool:
    try:
        return free_text(case.text) == case.kept
    except RefusedAnswer:
        return case.kept is None
    except AnswerError:
        return False


def _share(rows: list[str]) -> str:
    return f"{sum('| yes |' in row for row in rows)} of {len(rows)}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE} written")
