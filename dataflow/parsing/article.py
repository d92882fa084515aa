"""A Wikipedia-style article with the question-answer pairs that a model wrote after it, or before it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from textwrap import dedent

from dataflow.core.errors import RefusedAnswer
from dataflow.parsing.article_json import article_in, texts_of
from dataflow.parsing.chatter import (
    QA_HEADING,
    is_leave_taking,
    is_pair_heading,
    is_preamble,
    is_rule,
    is_section,
    is_stray_tag,
)
from dataflow.parsing.json_text import JsonSpan, json_spans
from dataflow.parsing.lines import rejoin
from dataflow.parsing.marks import MAX_MARKS, find_marks
from dataflow.parsing.names import ARTICLE_MARKS
from dataflow.parsing.pair import Located, QAPair
from dataflow.parsing.qa_text import (
    as_lines,
    asked_pairs,
    marked_or_listed_pairs,
    nothing_found,
    pairs_in_json,
    pairs_in_text,
    prepare,
)
from dataflow.parsing.refusals import refusal_in
from dataflow.parsing.tags import tagged_article

_LABEL = re.compile(
    r"[ \t>#*_=\[【(•\u2190-\u2bff\U0001f000-\U0001faff\ufe0f-]*+"
    r"(?:(?:part|section|step|task)[ \t]*)?(?:(?:\d{1,2}|[ivxa]{1,3}|一)[.):、：][ \t]*)?[*_]*"
    r"(?:(?:the|a|full|generated|written|short|brief|background|related|reference|informative|knowledge|external|"
    r"start of|begin(?:ning of)?|sample|your|my|"
    r"wikipedia(?:[ -]style)?|wiki(?:[ -]style)?|encyclop[a]?edi[ac]l?c?(?:[ -]style)?)[ \t]+){0,3}"
    r"(?:article|context|passage|wikipedia(?:[ \t]entry)?|wiki|encyclopedia entry|(?:article|context|background)[ "
    r"\t](?:text|body|content)|"
    r"维基百科(?:风格)?(?:的)?文章|维基百科条目|百科文章|文章(?:内容|正文)?|正文|上下文|背景(?:知识|文章|信息)?|"
    r"語境|記事|"
    r"ウィキペディア記事|"
    r"art[íi]culo(?:[ \t]de[ \t]wikipedia)?|(?:wikipedia[ -])?artikel|articolo|artigo|статья|contexte|contexto|kontext)"
    r"(?:[ \t](?:start|begins?))?[ \t]*[\])】]?[*_]*+[ \t]*(?:(?P<sep>[:：])[*_]*+|[-–—][ \t]|(?=[\n=]|\Z))"
    r"[ \t]*[*_=\-#]*+[ \t]*",
    re.IGNORECASE,
)
_ARTICLE_LINE = re.compile(
    r"^[^\w\n]{0,12}+(?:[\w-]{1,20}[ -]){0,2}(?:" + "|".join(map(re.escape, ARTICLE_MARKS)) + ")",
    re.IGNORECASE | re.MULTILINE,
)
_END_OF_ARTICLE = re.compile(
    r"[ \t*_\[(<#-]*(?:(?:/|end (?:of )?(?:the )?)(?:wikipedia )?(?:article|context|passage)\b|"
    r"(?:article|context|passage) ends?\b).{0,5}",
    re.IGNORECASE,
)
_ASKED = re.compile(r"question|q&a|\bqas?\b|pairs|问|質|pregunta|frage|вопрос|domand|pergunt", re.IGNORECASE)
_BLOCK = re.compile(r"[|>][-+]?[ \t]*\n((?:[ \t][^\n]*+(?:\n|\Z)|\n)++)")
_ASSIGNS = re.compile(r"\w{1,30}[ \t]*[=:][ \t]*")
_TITLED = re.compile(
    r"\A([^\w\n]{0,4}title[^\n]{0,200})\n\s*+[*#_ ]{0,5}(?:article|context|content|text)[*_ ]{0,3}:[*_ ]{0,3}\s*+", re.I
)
_AROUND = 60
"""Lines of headings, rules and chatter that are taken off either end of an article at most."""


@dataclass(frozen=True, slots=True)
class ContextQA:
    """An article and the pairs asked about it.

    Args:
        context: the article, its own title and section headings included.
        qas: the pairs in order.
    """

    context: str
    qas: list[QAPair]


def parse_article(text: str) -> ContextQA:
    """The article and the pairs of a model's answer.

    The article is what stands before the pairs, else what stands after them. Where it speaks of questions, answers or
    Q&A itself it is not cut: only a mark, a heading that says nothing else, a table or a list of questions begins the
    pairs.

    Args:
        text: what the model printed: article and pairs in any shape that `parse_qa` reads, or JSON that holds both.

    Raises:
        RefusedAnswer: the model declines, or what stands for the article is a refusal.
        AnswerError: there is no article, or no pair.
    """
    body = prepare(text)
    spans = json_spans(body)
    article, qas = _from_json(body, spans) or _from_text(body)
    if not qas:
        raise nothing_found(text, body, "question-answer pair")
    if not article or _is_bare_heading(article):
        raise nothing_found(text, body, "article, only question-answer pairs")
    if refusal := refusal_in(article):
        raise RefusedAnswer(refusal.message, raw=text)
    return ContextQA(article, qas)


def _from_json(body: str, spans: list[JsonSpan]) -> tuple[str, list[QAPair]] | None:
    found = pairs_in_json(spans)
    article = next((article for span in spans if (article := article_in(span.value))), "")
    if found and not article:
        article = clean_article(body[: found[0].start]) or clean_article(body[found[-1].end :])
    if found:
        return article, [located.pair for located in found]
    if not article:
        return None
    # The pairs are text, in a field of their own, behind the JSON, or behind the article in its own field.
    for asked in (*texts_of(spans), body[spans[-1].end :]):
        if asked != article and (pairs := pairs_in_text(as_lines(asked))):
            return article, [located.pair for located in pairs]
    return _from_text(article)


def _from_text(body: str) -> tuple[str, list[QAPair]]:
    text = as_lines(body)
    tagged = tagged_article(text)
    if tagged:
        found = pairs_in_text(text[: tagged[1]]) or pairs_in_text(text[tagged[2] :])
        if found:
            return clean_article(tagged[0]), [located.pair for located in found]
    if reversed_order := _article_after_pairs(text):
        return reversed_order
    found = _behind_heading(text, marked_or_listed_pairs(text) or _asked_at_the_end(text))
    if not found:
        return "", []
    qas = [located.pair for located in found]
    before = clean_article(text[: found[0].start])
    after = clean_article(text[found[-1].end :])
    if not after:
        answer, _, tail = qas[-1].answer.partition("\n\n")
        tail = clean_article(tail)
        if len(tail) >= 80 and _is_weaker(before, tail):
            return tail, [*qas[:-1], QAPair(qas[-1].question, answer, qas[-1].label)]
    return (after if _is_weaker(before, after) else before), qas


def _article_after_pairs(text: str) -> tuple[str, list[QAPair]] | None:
    """Pairs, then a heading that says `Article`, then the article; None when the text is not made so."""
    marks = find_marks(text) if _ARTICLE_LINE.search(text) else []
    label = next((mark for mark in marks if mark.kind == "article" and text[: mark.start].strip()), None)
    if label is None:
        return None
    found = pairs_in_text(text[: label.start])
    if not found or clean_article(text[: found[0].start]):
        return None
    return clean_article(text[label.start :]), [located.pair for located in found]


def _is_weaker(before: str, other: str) -> bool:
    """Whether what stands before the pairs is no article: nothing, or a title while an article stands elsewhere."""
    return not before or (len(other) >= 200 and (len(before) < 60 or _is_bare_heading(before)))


def _asked_at_the_end(text: str) -> list[Located]:
    """Where nothing but question marks tells the pairs: those that are followed by a whole article are part of it."""
    found = asked_pairs(text)
    kept = found[-1:]
    for located in reversed(found[:-1]):
        if "\n\n" in located.pair.answer or len(located.pair.answer) > 500:
            break
        kept.insert(0, located)
    return kept


def _behind_heading(text: str, found: list[Located]) -> list[Located]:
    """The pairs behind the heading that announces them, if there is one: an article may hold an interview."""
    headings = list(QA_HEADING.finditer(text))
    starts = [located.start for located in found]
    for heading in headings[:MAX_MARKS]:
        at = bisect_left(starts, heading.start())
        if at < len(found) and not _is_prose(text[heading.end() : max(starts[at], heading.end())]):
            return found[at:]
    for heading in {heading.end(): heading for heading in (*headings[:1], *headings[-1:])}.values():
        # What was found is part of the article, and hides what the heading announces.
        behind = pairs_in_text(text[heading.end() :])
        if behind and not _is_prose(text[heading.end() : heading.end() + behind[0].start]):
            return [Located(pair.pair, pair.start + heading.end(), pair.end + heading.end()) for pair in behind]
    return found


def _is_prose(text: str) -> bool:
    if len(text) > 600:
        return True
    lines = [line for line in text.split("\n") if line.strip()]
    return (
        any(len(line) > 120 and not is_preamble(line) for line in lines if not (is_section(line) or is_rule(line)))
        or sum(map(len, lines)) > 400
    )


def clean_article(text: str) -> str:
    """An article without the headings, rules and chatter around it; its own title and headings stay."""
    text = _from_block(_TITLED.sub(r"\1\n\n", rejoin(text).strip()))
    for _ in range(_AROUND):
        first, _, rest = text.partition("\n")
        label = _LABEL.match(text)
        if label and (label["sep"] or not text[label.end() :].partition("\n")[0].strip()):
            text = _from_block(text[label.end() :].strip())
            if first.count("**") % 2 == 0 and text.partition("\n")[0].count("**") % 2:
                text = text.replace("**", "", 1)
        elif is_rule(first) or is_stray_tag(first) or (rest.strip() and is_preamble(first)) or QA_HEADING.match(first):
            text = rest.strip()
        elif not rest.strip() and is_preamble(first) and (first.rstrip("*_ ").endswith((":", "：")) or len(first) < 80):
            return ""
        else:
            break
    for _ in range(_AROUND):
        head, _, last = text.rpartition("\n")
        if not _trails(last, bool(head)):
            break
        text = head.rstrip()
    return text


def _from_block(text: str) -> str:
    """The text of a YAML block (`context: |`), without its sign and margin."""
    block = _BLOCK.match(text)
    return (dedent(block[1]) + text[block.end() :]).strip() if block else text


def _trails(line: str, more: bool) -> bool:
    if len(line) > 400:
        return False
    if is_rule(line) or is_stray_tag(line) or QA_HEADING.match(line) or _END_OF_ARTICLE.fullmatch(line):
        return True
    if _ASSIGNS.fullmatch(line) or is_pair_heading(line) or is_leave_taking(line):
        return True
    if line.rstrip("*_ ").endswith((":", "：")) and (_ASKED.search(line) or is_preamble(line)):
        return True
    return more and is_section(line)  # a heading with nothing under it heads what comes next: the pairs


def _is_bare_heading(text: str) -> bool:
    return "\n" not in text and is_section(text)
