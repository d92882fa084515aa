"""Checks on pairs and articles: what makes a well-formed pair bad training data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from dataflow.parsing.pair import QAPair
from dataflow.parsing.refusals import refusal_in

DECLINES = "the answer declines, or says that nothing was shown"

_SOURCE = (
    r"\b(?:the|this|that|given|provided|above|your|its|a)[ ](?:(?:given|provided|above|following|video|image|clip|"
    r"original|text|written|"
    r"generated)[ ])*(?:caption|captions|description|transcript)\b"
    r"|\b(?:the|this)[ ](?:given|provided|above|supplied|following)[ ](?:text|information|context|passage|article|"
    r"paragraph|content)\b"
    r"|\b(?:text|information|context|passage|article|details)[ ](?:that[ ](?:is|was)[ ])?(?:provided|given)\b"
    r"|\b(?:according[ ]to|based[ ]on|as[ ](?:described|mentioned|stated)[ ]in|(?:described|mentioned|stated|"
    r"specified|provided)[ ]in|"
    r"from|in|per)[ ](?:the|this)[ ](?:text|passage|paragraph|prompt)\b"
    r"|描述(?:中|里|所)|根据(?:描述|字幕|文本|文字|上文|所给|提供)|(?:该|这段|上述|给定的?|提供的)(?:描述|字幕|文本|"
    r"文字)|字幕中"
)
_SPEAKS_OF_SOURCE = re.compile(_SOURCE, re.IGNORECASE)
_PICTURE = r"(?:image|picture|photo|photograph|screenshot|frame|video|clip|figure)"
_SPEAKS_OF_IMAGE = re.compile(
    rf"\b(?:in|from|of|on|within|to|by|at)[ ](?:the|this)[ ](?:(?:given|provided|above|attached|accompanying|"
    rf"following)[ ])?{_PICTURE}s?\b"
    r"(?![ ](?:of|book|industry|editing|sharing|studio|frame|essay|opportunity|processing))"
    rf"|\b(?:the|this)[ ](?:(?:given|provided|above|attached|accompanying|following)[ ])?{_PICTURE}[ ](?:also[ ])?"
    r"(?:shows|depicts|features|captures|displays|presents|illustrates|portrays|contains|provided|above|below|"
    r"showcases|here)\b"
    rf"|\b(?:the|this)[ ](?:given|provided|above|attached|accompanying)[ ]{_PICTURE}\b|\bthis[ ](?:image|picture|"
    rf"photo|photograph|screenshot)\b"
    r"|\bpictured[ ](?:here|above|below)\b|\b(?:shown|depicted|seen|visible)[ ](?:here|above|below)\b"
    r"|图(?:中|片中|像中|片显示|中的)|这(?:张|幅)(?:图|照片|画面)|该(?:图|照片)|画面中|この(?:画像|写真)|"
    r"画像(?:の中|に)|"
    r"写真(?:の中|には)",
    re.IGNORECASE,
)
_ASKS_FOR_WORDS = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|reads?|written|text|words?|quotes?|lyrics?|subtitles?|captions?|bubble|message|label|slogan|sings?|"
    r"reply|replies|answers?|responds?|tells?|told|dice|dicen|escrito|pone|dit|écrit|lit|sagt|steht|geschrieben|scritto|diz|"
    r"написан\w*|говорит|гласит|zegt|staat)\b|写|說|说|文字|字幕|台词|台詞|書かれ|言っ|言う|쓰여|적혀|말하|말했|글",
    re.IGNORECASE,
)
_OFFERS_CHOICE = re.compile(
    r"\b(?i:or|oder|ou|ou bien|o|of|или|eller|tai|versus|vs|between|either|whether)\b|还是|或者|还是|それとも|"
    r"または|아니면|"
    r"[(（]?[A-D][.)）、:：]",
)
_YES_NO = frozenset(
    {
        "yes",
        "no",
        "true",
        "false",
        "oui",
        "non",
        "ja",
        "nein",
        "sí",
        "si",
        "да",
        "нет",
        "是",
        "否",
        "不是",
        "有",
        "没有",
        "はい",
        "いいえ",
    }
)
_NUMBERS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty"""
_SMALL_NUMBERS = {word: str(number) for number, word in enumerate(_NUMBERS.split())}
_FILLER_WORDS = """a an the it its is are was were be been of in on at to by for with and or as that this these those he
she they his her their there has have had do does did from which who what when where why how not no yes
about into also"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_WORD = re.compile(r"\w+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_SENTENCES = {sign: unicodedata.normalize("NFKC", sign) for sign in "ﷺﷻ"}
_SIGNS = re.compile("([ﷺﷻ]+)")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A pair that was left out, and why."""

    pair: QAPair
    reason: str


def clean_pairs(pairs: Iterable[QAPair]) -> tuple[list[QAPair], list[Dropped]]:
    """The pairs worth keeping, in order, and those that are not, with the reason.

    Dropped are pairs with an empty side; whose answer is a refusal; whose question, case and punctuation apart, was
    asked before; that speak of the caption, the description or the provided text; and whose answer stands in the
    question, word for word. The last does not hold for yes and no, nor where the question offers its answers: `Is it
    red or blue?`, `(A) red (B) blue`.
    """
    kept: list[QAPair] = []
    dropped: list[Dropped] = []
    asked: set[str] = set()
    for pair in pairs:
        reason = _fault(pair) or ("duplicate question" if " ".join(words(pair.question)) in asked else "")
        if reason:
            dropped.append(Dropped(pair, reason))
        else:
            asked.add(" ".join(words(pair.question)))
            kept.append(pair)
    return kept, dropped


def answer_in_article(answer: str, article: str) -> bool:
    """Whether an answer is found in an article.

    It is when its words stand there in a row, or all its content words stand there somewhere, as when the article's
    `psychological thriller` is answered as `It is a psychological thriller.` Case, punctuation, thousands separators
    and spelled-out numbers up to twenty make no difference. A bare yes or no is never found: judge it otherwise.
    """
    told, read = words(answer), words(article)
    if not told or _is_yes_no(told):
        return False
    if _contains(read, told) or (_UNSPACED.search(answer) and "".join(told) in "".join(read)):
        return True
    content = {_stem(word) for word in told if word not in _FILLERS}
    return bool(content) and content <= {_stem(word) for word in read}


def speaks_of_image(article: str) -> bool:
    """Whether an article refers to the picture it was written for (`the image shows`, `in this photo`)."""
    return bool(_SPEAKS_OF_IMAGE.search(article))


def words(text: str) -> list[str]:
    """A text's words for comparison: case, accents' encoding, punctuation and the spelling of small numbers folded."""
    plain = _THOUSANDS.sub("", _normal(text).casefold().replace("’", "'").replace("'s", ""))
    return [_SMALL_NUMBERS.get(word, word) for word in _WORD.findall(plain)]


def _normal(text: str) -> str:
    """The text under NFKC, but that ﷺ and ﷻ stay signs, and the sentences that it makes of them become the signs: it
    writes them out in eighteen letters, so that a megabyte of them would become eighteen."""
    for sign, sentence in _SENTENCES.items():
        text = text.replace(sentence, sign)
    if not _SIGNS.search(text):
        return unicodedata.normalize("NFKC", text)
    pieces = _SIGNS.split(text)
    pieces[::2] = (unicodedata.normalize("NFKC", piece) for piece in pieces[::2])
    return " ".join(pieces)


def _fault(pair: QAPair) -> str:
    question, answer = words(pair.question), words(pair.answer)
    if not question:
        return "empty question"
    if not answer:
        return "empty answer"
    refusal = refusal_in(pair.answer)
    # `What does the sign say?`, `I can't help you`: these are its words, unless they are about a missing picture.
    if refusal and not refusal.only_sorry and (refusal.saw_nothing or not _ASKS_FOR_WORDS.search(pair.question)):
        return DECLINES
    if _SPEAKS_OF_SOURCE.search(pair.question) or _SPEAKS_OF_SOURCE.search(pair.answer):
        return "speaks of the caption or the text it was made from"
    if _is_yes_no(answer) or _OFFERS_CHOICE.search(pair.question):
        return ""
    bare = [word for word in answer if word not in {"a", "an", "the"}] or answer
    if _contains(question, bare) or (_UNSPACED.search(pair.answer) and "".join(bare) in "".join(question)):
        return "the answer stands in the question"
    return ""


def _is_yes_no(answer: list[str]) -> bool:
    return len(answer) == 1 and answer[0] in _YES_NO


def _contains(text: list[str], part: list[str]) -> bool:
    return f" {' '.join(part)} " in f" {' '.join(text)} "


def _stem(word: str) -> str:
    """English plural and verb endings off, so that `directed` is found in `directs`."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].rstrip("e")
    return word.rstrip("e") if len(word) > 3 else word
