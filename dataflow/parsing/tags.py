"""Pairs and articles in XML-like tags, and HTML turned into plain text with Markdown marks."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from itertools import islice

from dataflow.parsing.lines import tidy, trim_end
from dataflow.parsing.marks import MAX_MARKS
from dataflow.parsing.names import FOLDED, fold
from dataflow.parsing.pair import Located, QAPair

_TAG = re.compile(
    r"<(?P<close>/)?\|?(?P<name>[^\W\d_][\w-]{0,30}|[^\W\d_][\w ]{0,20})\|?(?P<attributes>[ \t][^<>\n]{0,2000})?/?>"
    r"|\[(?P<close2>/)?(?P<name2>q|a|question|answer|article|context)[ _-]?\d{0,4}\]",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"(?P<name>[\w-]{1,30})[ \t]*=[ \t]*(?:\"(?P<value>[^\"]*)\"|'(?P<value2>[^']*)')")
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_BLOCKS = re.compile(r"<(?:p|br|li|h[1-6]|div|strong|b|details|dt|dd|tr|ul|ol)\b[^<>]{0,200}/?>", re.IGNORECASE)
_SILENT = ("ul", "ol", "dl", "table", "tbody", "thead", "span", "html", "body", "em", "i", "u", "section", "details")
_MARKDOWN = (
    {close + name: "" for name in _SILENT for close in ("/", "")}
    | {close + name: "**" for name in ("strong", "b") for close in ("/", "")}
    | {close + name: "\n" for name in ("br", "div") for close in ("/", "")}
    | {f"/{name}": "\n" for name in ("li", "dt", "dd", "tr", "h1", "h2", "h3", "h4", "h5", "h6")}
    | {f"h{level}": "\n\n" + "#" * level + " " for level in range(1, 7)}
    | {"p": "\n\n", "/p": "\n\n", "li": "\n- ", "dt": "\nQ: ", "dd": "\nA: "}
    | {"tr": "\n|", "td": " ", "th": " ", "/td": "|", "/th": "|"}
    | {"summary": "\n**", "/summary": "**\n"}
)
_HTML = re.compile(rf"<(?P<name>{'|'.join(_MARKDOWN)})\b[^<>]{{0,300}}>\n?", re.IGNORECASE)


def without_html(text: str) -> str:
    """The text with HTML's block tags as line breaks and Markdown; text without such tags as it is."""
    if not _BLOCKS.search(text):
        return text
    plain = _HTML.sub(lambda tag: _MARKDOWN.get(tag["name"].lower(), tag[0]), text)
    return html.unescape(re.sub(r"\n{3,}", "\n\n", plain))


def tagged_pairs(text: str) -> list[Located]:
    """The pairs of `<q>..</q><a>..</a>` and its kin, tags closed or not; empty when there are none."""
    found: list[Located] = []
    question = label = ""
    asked: slice | None = None  # where a question stands that nothing has answered yet
    start = 0
    tags = [(tag, kind) for tag in islice(_TAG.finditer(text), 4 * MAX_MARKS) if (kind := _kind(tag)) or _is_end(tag)]
    for index, (tag, kind) in enumerate(tags):
        if not kind or kind == "frame":
            continue
        end = tags[index + 1][0].start() if index + 1 < len(tags) else len(text)
        if kind == "both":
            attributes = _fields_in(tag["attributes"] or "")
            if "question" in attributes and "answer" in attributes:
                pair = QAPair(attributes["question"], attributes["answer"], attributes.get("label"))
                found.append(Located(pair, tag.start(), tag.end()))
            continue
        content = slice(tag.end(), end)
        if kind == "question":
            question, asked, start = "", content, tag.start()
            label = _fields_in(tag["attributes"] or "").get("label", label)
        elif kind == "label":
            label = _content(text[content])
        elif kind == "answer" and (asked or question):
            if asked:
                question, asked = _content(text[asked]), None
            if question and (answer := _content(text[content])):
                found.append(Located(QAPair(question, answer, label or None), start, end))
                question = label = ""
    return found


def tagged_article(text: str) -> tuple[str, int, int] | None:
    """The content of an `<article>` or `<context>` tag and where its tags begin and end, or None."""
    for tag in islice(_TAG.finditer(text), 4 * MAX_MARKS):
        if tag["close"] or tag["close2"] or not _is_context(tag["name"] or tag["name2"]):
            continue
        closing = re.compile(rf"[<\[]/\|?{re.escape(tag['name'] or tag['name2'])}\|?[>\]]", re.IGNORECASE).search(
            text, tag.end()
        )
        if closing:
            return text[tag.end() : closing.start()].strip(), tag.start(), closing.end()
        return None
    return None


def _kind(tag: re.Match[str]) -> str:
    """What an opening tag holds: question, answer, label, `both` in attributes, or nothing."""
    if tag["close"] or tag["close2"]:
        return ""
    if tag["attributes"] and _fields_in(tag["attributes"]).keys() >= {"question", "answer"}:
        return "both"
    return _named(tag["name"] or tag["name2"])


@lru_cache(maxsize=4096)
def _named(name: str) -> str:
    folded = fold(name)
    for kind in ("question", "answer", "label"):
        if folded in FOLDED[kind]:
            return kind
    return "frame" if folded in {"qa", "pair", "qapair", "item"} else ""


@lru_cache(maxsize=4096)
def _is_context(name: str) -> bool:
    return fold(name) in FOLDED["context"]


def _is_end(tag: re.Match[str]) -> bool:
    return bool(tag["close"] or tag["close2"])


def _fields_in(attributes: str) -> dict[str, str]:
    found = {}
    for attribute in _ATTRIBUTE.finditer(attributes):
        for kind in ("question", "answer", "label"):
            if fold(attribute["name"]) in FOLDED[kind]:
                found[kind] = _content(attribute["value"] or attribute["value2"] or "")
    return found


def _content(text: str) -> str:
    text = html.unescape(_CDATA.sub("", text)).strip().lstrip(":： ")
    return text and tidy(trim_end(text, last=True) if "\n" in text else text)
