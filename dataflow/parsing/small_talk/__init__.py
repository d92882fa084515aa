"""Takes small talk off a free text answer: agreement, announcements and labels before it, leave-taking behind it.

Only sentences of a closed form go, and only from the edges: `Sure! Here is a description:`, `Let me know if ...`. A
sentence of the answer that begins with the same words stays: `Sure-footed goats`, `Here is where the river bends`.
"""

from __future__ import annotations

import re

from dataflow.parsing.quotations import BLANK, sentences, without_quotations
from dataflow.parsing.refusals import is_attributed, refusal_in
from dataflow.parsing.small_talk.east_asian import CHINESE, JAPANESE, KOREAN
from dataflow.parsing.small_talk.germanic import DUTCH, ENGLISH, GERMAN
from dataflow.parsing.small_talk.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH
from dataflow.parsing.small_talk.russian_arabic import ARABIC, RUSSIAN

LANGUAGES = (
    ENGLISH,
    CHINESE,
    JAPANESE,
    KOREAN,
    SPANISH,
    FRENCH,
    GERMAN,
    ITALIAN,
    PORTUGUESE,
    RUSSIAN,
    DUTCH,
    ARABIC,
)

_REACH = 2000
"""Characters at either end in which small talk is looked for."""
_MOST = 6
"""Sentences that are taken off either end at most."""
_MARK = r"[*_#>\s\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]{0,12}"
_AGREES = "|".join(language.agrees for language in LANGUAGES)
_AGREEMENT = re.compile(
    rf"{_MARK}(?:{_AGREES})[*_]{{0,3}}(?:[ ]?[.!！。…~～:：—–]{{1,3}}[*_]{{0,3}}|[ "
    rf"]?[\U0001f000-\U0001faff\u2600-\u27bf]|(?=\n))[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f ]*(?P<rest>\s*+\S?)",
    re.IGNORECASE,
)
_WITH_COMMA = re.compile(rf"{_MARK}(?:{_AGREES})[,，、!！.。]\s*", re.IGNORECASE)
_ANNOUNCEMENT = re.compile(
    rf"{_MARK}(?:"
    + "|".join(
        rf"{language.announces}[^:：\n.!?。！？]{{0,120}}?{language.nouns}[^:：\n.!?。！？]{{0,140}}|"
        rf"{language.as_follows}"
        for language in LANGUAGES
    )
    + r")[*_]{0,3}\s?(?P<end>[:：]|[.。!！](?=[*_]{0,3}\s*\n)|(?=[*_]{0,3}\n))[*_]{0,3}[ ]*(?P<lines>\s*)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"[*_#>\s]{0,8}(?:(?:die|das|la|le|el|il|a|o|una?) (?=[^\s:：]{4,20} (?:lautet|est|es|è|é)\b))?(?:(?:detailed|"
    r"brief|short|long|final|full|generated|image|video|picture|photo|clip|scene|"
    r"visual|alt|suggested|the) ){0,3}(?:caption|description|answer|response|output|alt text|descripción|leyenda|"
    r"respuesta|légende|réponse|beschreibung|bildbeschreibung|bildunterschrift|antwort|descrizione|didascalia|"
    r"risposta|descrição|legenda|resposta|описание|подпись|ответ|beschrijving|bijschrift|الوصف|(?:图片|图像|视频|"
    r"圖片)?(?:描述|说明|標題|标题|回答|答案)|(?:画像|動画)?(?:説明|キャプション|回答)|(?:이미지|영상)? ?(?:설명|"
    r"캡션|답변)|(?:assistant|助手|アシスタント|어시스턴트|assistent|asistente|assistente|"
    r"ассистент)(?=[*_]{0,3} ?[:：]))(?P<mark>(?: (?:lautet|est|es|è|é|такова|такое))?(?:は(?:次|以下)の(?:とおり|"
    r"通り)です)?[*_]{0,3} ?[:：][*_]{0,3}\s*|[*_]{0,3}\s*\n\s*)",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^[*_#>\-\s]{0,8}[^\W\d_][\w()/-]{1,20}(?: [\w()/-]{1,20}){0,2}[*_]{0,3} ?[:：](?!\s?[\"“«„「])", re.MULTILINE
)
"""A line of a text in named parts, such as `Mood: calm`."""
_HEADED = re.compile(r"^(?:#{1,6} \S|\*\*[^*\n]{1,80}\*\*:?[ \t]*$)", re.MULTILINE)
_LEAVES = re.compile(
    rf"{_MARK}[(\[-]?{_MARK}¿?¡?(?:{'|'.join(language.leaves for language in LANGUAGES)})", re.IGNORECASE
)
_COUNT = re.compile(
    r"[*_\s]{0,4}[(\[（]?[*_]{0,3}[^\W\d_]{0,12}(?: de | di )?[^\W\d_]{0,4}[ -]?(?:words?|characters?|wort\w*|"
    r"wörter|zeichen\w*|mots|"
    r"caractères|palabras|caracteres|palavras|parole|caratteri|слов|символов|знаков|字|文字|단어|글자|"
    r"woorden)[ -]?(?:counts?|zahl|"
    r"数|數|수)?[*_]{0,3} ?[:：][*_]{0,3} ?(?:about |ca\. ?|~|约)?\d{1,5}(?: ?[^\W\d_]{1,12})?[)\]）*_.。\s]*",
    re.IGNORECASE,
)
"""How many words the answer has, on a line of its own."""
_WORDS = re.compile(r"[^\W_]")
_RULE = re.compile(r"(?:^|\n)[ \t]*(?:-{3,}|\*{3,}|_{3,}|={3,}|—{1,3})[ \t]*\Z")
_WHOLE_QUOTE = re.compile(
    r"(?:\"(?P<a>[^\"]*)\"|“(?P<b>[^”]*)”|「(?P<c>[^」]*)」|«\s?(?P<d>[^»]*?)\s?»|„(?P<e>[^“”]*)[“”]|"
    r"\*\*(?P<f>[^*\n]*)\*\*)\s*\Z"
)


def without_small_talk(text: str) -> str:
    """The text without small talk at its edges; empty where there is nothing else."""
    text = text.strip()
    told = _without_leave_taking(_without_announcement(text))
    if told != text and (quote := _WHOLE_QUOTE.match(told)):
        return next(inside for inside in quote.groups() if inside is not None).strip()
    return told


def _without_announcement(text: str) -> str:
    for _ in range(_MOST):
        head = text[:_REACH].replace("’", "'")
        at = _announced(head, 0) or _agreed(head, 0)
        if not at and (comma := _WITH_COMMA.match(head)):
            at = _announced(head, comma.end()) or _agreed(head, comma.end())
        if not at and (label := _LABEL.match(head)) and not _other_parts(label, text):
            at = label.end()
        if not at:
            break
        text = text[at:].lstrip(" \n\t")
        while (line := text.partition("\n")[0]) and _RULE.match(line):
            text = text[len(line) :].strip()
    return text


def _other_parts(label: re.Match[str], text: str) -> bool:
    """Whether a text consists of named parts, of which a label names the first: then the label is no chatter."""
    if not label["mark"].strip("*_ \n"):
        return bool(_HEADED.search(text, label.end()))
    # On a line of its own a label names what stands on the next, and a colon there is the answer's own.
    start = text.find("\n", label.end()) if "\n" in label["mark"] else label.end()
    return start >= 0 and bool(_LABELLED.search(text, start))


def _announced(head: str, at: int) -> int:
    """Where an announcement ends that begins at a place; 0 where none does."""
    found = _ANNOUNCEMENT.match(head, at)
    return found.end() if found else 0


def _agreed(head: str, at: int) -> int:
    """Where a sentence of agreement ends; 0 where none begins, or it goes on: `Sure! says the sign`."""
    found = _AGREEMENT.match(head, at)
    return found.start("rest") if found and not found["rest"].strip().islower() else 0


def _without_leave_taking(text: str) -> str:
    start = max(0, len(text) - _REACH)
    tail = without_quotations(text[start:]).replace("’", "'")
    spans = list(sentences(tail))[-_MOST:]
    if start and spans and spans[0][0] == 0:
        spans = spans[1:]  # it may have begun before what is looked at
    end = len(text)
    bare = 0
    for begin, _ in reversed(spans):
        sentence = tail[begin : end - start].strip()
        if not _WORDS.search(sentence):
            bare = bare or end  # a rule or an emoji goes with the leave-taking beside it, if there is any
            end = start + begin
            continue
        declines = (
            tail[:begin].endswith("\n") and len(sentence) < 400 and BLANK not in sentence and refusal_in(sentence)
        )
        if not (_LEAVES.match(sentence) or _COUNT.fullmatch(sentence) or declines) or is_attributed(sentence):
            break
        end = start + begin
        bare = 0
    end = bare or end
    if end == len(text):
        return text
    text = text[:end].rstrip()
    while rule := _RULE.search(text[-80:]):
        text = text[: len(text) - len(text[-80:]) + rule.start()].rstrip()
    return text
