"""Texts that may be slow to read: tokens that mean something to a reader, alone, in pairs and threes, repeated until a
text is as long as wanted, behind beginnings that lead a reader into it and before ends that take it back out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

LINES = (
    "\n", "\r\n", "\r", "\u2028", " ", "\t", "\n\n", " \n", "> ", "\x0b", "\x85", "\xa0", "\u200b", "\ufeff",
)  # fmt: skip
MARKUP = (
    "<", ">", "<a>", "<a><b>", "</a>", "<br>", "<a ", "<!--", "<q>", "<p>x</p>", "<table><tr><td>", "&amp;", "&#",
)  # fmt: skip
BRACES = (
    "{", "}", "[", "]", "(", ")", "{}", "[]", "{{", "{a}", "<<", "((", "}{",
)  # fmt: skip
JSON = (
    '{"a":', '[{"q":"x"},', '{"question": "', '"answer": ', "{'a':'b's,", '"\\u00', "\\", "\\n", '\\"', "null,",
    "1e9", '"a": 1, ', "//", "/*", "NaN", "-", "True,", '["', ",",
)  # fmt: skip
QUOTES = (
    '"', "'", "`", "“", "”", "‘", "’", "«", "»", "「", "」", "``", "''", "```", "```\n", "```json\n", "~~~\n",
    "'s ",
)  # fmt: skip
LISTS = (
    "- ", "* ", "• ", "1. ", "1) ", "(a) ", "a. ", "1.", "1.1.", "1.1", "1", "0", "10,", "i. ", "①", "第1题", "+ ",
)  # fmt: skip
MARKDOWN = (
    "#", "# ", "## a\n", "**", "*", "_", "__", "***", "---\n", "|", "a|b\n", "|---|", "![a](", "[a](b)", "= ", "~",
    "$", "\\frac{", "\\boxed{", "\\text{", "\\(", "$$",
)  # fmt: skip
PAIRS = (
    "Q", "A", "Q:", "A:", "Q: ", "Q: a? A: b ", "Q1. ", "Question ", "Question: a?\n", "Answer: a\n", "Answer",
    "Q\n", "A\n", "Q&A:\n", "?", "?\n", "a?\nb\n", "**Q:** ", "问：", "答：", "P: ", "R: ", "Caption: ",
    "Article: ", "Label: ",
)  # fmt: skip
TALK = (
    "Sure! ", "sorry, ", "I'm sorry, ", "I can't see ", "no image ", "Okay, the user wants ",
    "Let me know if you ", "Here is ", "As an AI ", "我无法", "step by step ", "Final answer: ", "the image ",
    "not ", "can't ", "don't ", "but ", "It says ", "wait, ", "there is no ", "user ", "would you ", "the ",
)  # fmt: skip
MODELS = (
    "<think>", "</think>", "<|im_end|>", "<|im_start|>", "<|channel|>analysis<|message|>", "<|channel>", "</s>",
    "<s>", "[INST] ", "[/INST]", "<|", "|>", "<ref>a</ref><box>(1,2)</box>", "<box>", "<answer>", "</answer>",
    "[THINK]", "◁think▷", "<image>", "<video>", "<0x0A>", "▁", "<unk>", "<tool_call>", "assistant\n",
    "[1, 2, 3, 4]", "<loc_1>",
)  # fmt: skip
TIMES = (
    "00:00:01,000 --> 00:00:02,000\n", "-->", "00:", "1:1", "WEBVTT\n", "NOTE\n", "{\\an8}", "<v a>", "1\n",
    "00:00.000 ", "2024-01-01", "12:", "3.5s", "retry in 5 seconds ", "1h", "Mon, 01 Jan 2024 00:00:00 GMT",
)  # fmt: skip
PLACES = (
    "http://", "://", "https://a:b@", "@", "?", "/", "../", "data:", "data:image/png;base64,", "base64", ";",
    "a=b&", "%41", "AAAA", "=", ":", "a.b.", "-a", "a-", "a/", "file://", "C:\\", "::", "127.0.0.1",
    "data: {}\n\n", "event: ", "\\x00",
)  # fmt: skip
WORDS = (
    "a", "a ", "ab", "a.", "a, ", "A", ".", ". ", "!", ",", "…", "aa\n", "x y z ", "o'", "a’b", "word. ", "Ω", "ß",
)  # fmt: skip
SCRIPTS = (
    "中", "。", "，", "、", "：", "（", "）", "あ", "ア", "가", "ا", "א", "क", "́", "é", "\u200d", "👩\u200d👩",
    "😀", "🇩🇪", "️⃣", "\ud800", "İ", "ﷺ", "ﬃ", "\x00", "\x1b[31m", "\u202e", "１", "Ⅳ",
)  # fmt: skip
TABLES = (
    "a,b\n", '"a""b",', "a\tb\n", "a;", "- a: b\n", "a: ", "  - ", "key: |\n", "? ", "&a ", "*a ", "---\n",
    "...\n",
)  # fmt: skip

TOKENS = tuple(
    dict.fromkeys(
        LINES + MARKUP + BRACES + JSON + QUOTES + LISTS + MARKDOWN + PAIRS + TALK + MODELS + TIMES + PLACES + WORDS
        + SCRIPTS + TABLES
    )
)  # fmt: skip
BEGINNINGS = (
    "", "Q", "Q: x?\n", "I'm sorry, ", "Okay, the user wants a caption. I should look. ", '{"a": "', "[",
    "```json\n", "<think>", "1. a?\n", "http://a", "data:image/png;base64,", "1\n00:00:01,000 --> 00:00:02,000\n",
    "A cat. ", "|a|b|\n|-|-|\n", "WEBVTT\n\n", "'", '"', "“", "<answer>", "Sure! Here is the caption:\n",
    "\\boxed{", "**", "{", "# Article\n",
)  # fmt: skip
ENDS = (
    "", "!", "\n", '"', "'", "}", "]", "x", "</answer>", "```", "?", "\x00", " -->", ":", "A: b", "@", ")",
)  # fmt: skip


@dataclass(frozen=True)
class Text:
    """One make of text, of any length.

    Args:
        beginning: stands once before.
        unit: is repeated.
        end: stands once behind.
    """

    beginning: str
    unit: str
    end: str

    def __call__(self, size: int) -> str:
        """A text of about `size` characters."""
        return self.beginning + self.unit * max(1, size // len(self.unit)) + self.end


def texts(number: int, seed: int = 0) -> Iterator[Text]:
    """Texts of different makes, the same for the same seed: every token alone, then pairs and threes with beginnings
    and ends as they are drawn."""
    seen: set[Text] = set()
    for token in TOKENS:
        seen.add(one := Text("", token, ""))
        yield one
    draw = random.Random(seed)
    while len(seen) < number:
        unit = "".join(draw.choices(TOKENS, k=draw.choice((1, 2, 2, 2, 3, 3))))
        one = Text(draw.choice(BEGINNINGS), unit, draw.choice(ENDS))
        if one not in seen:
            seen.add(one)
            yield one
