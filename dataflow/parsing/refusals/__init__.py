"""Tells a refusal from an answer: the model declines or says that it was shown nothing, in its own voice at the start.

Precision comes first: a caption describes in third person, so only sentences in the first or second person, with an
apology or with a missing picture are looked at; what stands between quotation marks, or is said to be written or
spoken, is content. A text that begins by declining is a refusal whatever follows it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

from dataflow.parsing.quotations import BLANK, sentences, without_quotations
from dataflow.parsing.refusals.absent import tells_what_is_absent
from dataflow.parsing.refusals.east_asian import CHINESE, JAPANESE, KOREAN
from dataflow.parsing.refusals.english import ENGLISH
from dataflow.parsing.refusals.first_person import refusal_of_a_speaker
from dataflow.parsing.refusals.french_italian import FRENCH, ITALIAN
from dataflow.parsing.refusals.germanic import DUTCH, GERMAN
from dataflow.parsing.refusals.grammar import Grammar
from dataflow.parsing.refusals.iberian import PORTUGUESE, SPANISH
from dataflow.parsing.refusals.refusal import Refusal
from dataflow.parsing.refusals.russian_arabic import ARABIC, RUSSIAN

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

_OWN_SCRIPT = [grammar for grammar in LANGUAGES if grammar.script]
_LATIN = [grammar for grammar in LANGUAGES if not grammar.script]
_LATIN_VOICE = re.compile("|".join(grammar.voice for grammar in _LATIN), re.IGNORECASE)

_OTHER_LETTERS = re.compile("[\u0400-\u06ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_HEAD = 1500
"""Characters at the beginning of a text in which a refusal is looked for."""
_SENTENCES = 4
_LONGEST = 500
"""Characters of a sentence that are read."""
_SHORT = 250
"""Up to this many characters a text that asks for a picture is nothing else."""
_CHAT = 120
"""Characters of an exclamation that may be small talk."""
_MARKS = re.compile(r"[*_#>~\u200b\u2060\ufeff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
_AN_ASSISTANTS = re.compile(
    r"\b(?:assist|help (?:you )?(?:with|in) |fulfil|comply|requests?\b|an? ai\b|language model|images?\b|photos?\b|"
    r"videos?\b|identify|describ)|\b(?:solicitud|petición|con (?:eso|esto)|modelo|imagen|asist|describir|identificar)|"
    r"\b(?:demande\b|requête|avec (?:ça|cela)|modèle|image|décrire|identifier)|anfrage|dabei|sprachmodell|\bbild|"
    r"beschreib|identifizier|\b(?:richiesta|immagine|modello|descrivere|identificare|con questo)|\b(?:solicitação|"
    r"pedido|imagem|descrever|com isso)|запрос|с этим|изображени|описа|языков|请求|該請求|協助|协助|语言模型|語言模型|"
    r"图片|圖片|图像|视频|描述|这个问题|リクエスト|ご要望|画像|動画|言語モデル|その質問|요청|이미지|사진|영상|모델|"
    r"도와드릴",
    re.IGNORECASE,
)
"""What an assistant says when it declines and a sign does not."""
_NO_APOSTROPHE = re.compile(
    r"\b(?P<verb>i(?=m (?:\w+ )?(?:sorry|unable|not|afraid|just|only|an ai))|(?:ca|wo|is|was|does|did|could|have|has|"
    r"are)n(?=t\b)|(?<=\bi )don(?=t\b)|i(?=ve ))",
    re.IGNORECASE,
)
_INFORMAL = 300
"""Characters of a text in which apostrophes that are missing are put back: `Im sorry, i cant see it`."""
_REGRETS = re.compile(
    r"(?:(?:but|however|mais|aber|pero|mas|ma|но|但是?|しかし|하지만)[, ]{0,2})?(?:unfortunately|regrettably|"
    r"regretfully|"
    r"lamentablemente|desafortunadamente|desgraciadamente|por desgracia|malheureusement|regrettablement|hélas|leider|"
    r"bedauerlicherweise|purtroppo|sfortunatamente|infelizmente|lamentavelmente|к сожалению|увы|helaas|很?遗憾|可惜|"
    r"残念|"
    r"あいにく|안타깝|아쉽|유감)",
    re.IGNORECASE,
)
"""What may regret what is seen and is no apology: `Unfortunately, the top is hidden by fog.`"""
_DESCRIBES = re.compile(
    r"(?:(?:the|this) (?:image|photo|picture|video|scene|clip|photograph) (?:shows|depicts|features|captures|displays|"
    r"presents|portrays)|in (?:the|this) (?:image|photo|picture|video|scene|clip|photograph),) (?:a|an|the|two|three|"
    r"four|several|many|some|people)\b",
    re.IGNORECASE,
)
"""How most captions of models begin; without a speaker behind it there is nothing to look at."""
_IN_PERSON = re.compile(r"\b(?:i|i'm|my|me|you|your)\b", re.IGNORECASE)
_HEDGE = re.compile(
    r"\A(?:(?:it )?(?:seems|appears|looks)(?: like| that| as if| as though)?|apparently,?|(?:es )?(?:scheint|"
    r"sieht so aus),?"
    r"(?: dass| als ob)?|anscheinend|offenbar|il (?:semble|semblerait)(?: que| qu')|apparemment,?|"
    r"(?:al )?parece(?: que|r,?)|"
    r"ao que parece,?|aparentemente,?|(?:sembra|pare) che|a quanto pare,?|(?:похоже|кажется|видимо|судя по всему),?"
    r"(?: что)?|看起来|看來|似乎|好像|貌似|どうやら) ?",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\A(?:안내|알림|공지|aviso|atenção|atención|attention|avis|hinweis|achtung|notice|note|nota|avviso|attenzione|внимание|"
    r"уведомление|примечание|提示|系统提示|注意|说明|お知らせ|ご案内|ご注意)(?: ?[:：]|(?= ?\n))\s{0,4}",
    re.IGNORECASE,
)
"""A title over a message."""
_SPACES = re.compile(r"[ \t\u00a0\u202f]+")
_ENDS = frozenset(".!?…。！？)]")
_LEAD = "¡¿([{-–—•· "
_EDGES = " .!?…。！？,、，:"


def refusal_in(text: str) -> Refusal | None:
    """The refusal that a text is, or None: it is an answer.

    Args:
        text: an answer without reasoning, special tokens and chatter before it.
    """
    head = _plain(text[:_HEAD])
    if head and not head.strip(BLANK + _EDGES):
        # All of it stands in quotation marks: a sign's words, or an answer that was quoted.
        # An assistant's phrases tell.
        inside = _plain(text.strip(BLANK + _EDGES + "*_")[1:-1][:_HEAD])
        found = _in_any_language(inside, len(text) <= _SHORT)
        return found if found and (found.saw_nothing or _AN_ASSISTANTS.search(inside)) else None
    return _in_any_language(head, len(text) <= _SHORT)


def _in_any_language(head: str, short: bool) -> Refusal | None:
    spans = list(islice(sentences(head), _SENTENCES + 1))
    while spans and tells_what_is_absent(head[slice(*spans[0])].strip().lstrip(_LEAD)[:_LONGEST]):
        spans = spans[1:]
    own_script = not head.isascii() and bool(_OTHER_LETTERS.search(head))
    may_be = [grammar for grammar in _OWN_SCRIPT if grammar.has("script", head)] if own_script else []
    first = head[: spans[0][1]].strip().lstrip(_LEAD) if spans else ""
    if _DESCRIBES.match(first) and not _IN_PERSON.search(first):
        return None
    # Most texts are captions, and one look at how their first sentence begins is all that they cost.
    if first.endswith("!") or _LATIN_VOICE.match(first):
        may_be += _LATIN
    for grammar in may_be:
        if found := _refusal(head.translate(grammar.fold) if grammar.fold else head, spans, grammar, short):
            return found
    told = refusal_of_a_speaker(head, spans, own_script)
    return told if told and not _is_attributed_at_the_beginning(head, spans) else None


def _is_attributed_at_the_beginning(head: str, spans: Sequence[tuple[int, int]]) -> bool:
    return any(is_attributed(head[start:end]) for start, end in spans[:_SENTENCES])


def is_attributed(sentence: str) -> bool:
    """Whether a sentence says that its words stand on something or that somebody says them: `..., reads the sign`."""
    ends = sentence if len(sentence) <= 2 * _LONGEST else f"{sentence[:_LONGEST]} {sentence[-_LONGEST:]}"
    return any(grammar.has("script", ends) and grammar.has("quoted", ends) for grammar in LANGUAGES)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", _MARKS.sub("", text))).strip()
    text = _NOTICE.sub("", text)
    text = without_quotations(text).replace("’", "'").replace("ʼ", "'")
    return _NO_APOSTROPHE.sub(r"\g<verb>'", text) if len(text) <= _INFORMAL else text


def _refusal(head: str, spans: Sequence[tuple[int, int]], grammar: Grammar, short: bool) -> Refusal | None:
    if short and grammar.is_only("bare", head.strip(_EDGES + _LEAD + "])}")):
        return Refusal(True)
    regretted = False
    for number, (start, end) in enumerate(spans):
        sentence = head[start:end].strip().lstrip(_LEAD)[:_LONGEST]
        if not grammar.begins("voice", sentence) and not _exclaims_to_you(sentence, grammar):
            return None
        following = head[end : end + _LONGEST]
        if number >= _SENTENCES or grammar.has("quoted", sentence):
            return None
        if _goes_on(sentence, following) and grammar.has("quoted", f"{sentence[-1:]} {following[:_SHORT]}"):
            return None
        sorry = grammar.begins("sorry", sentence) or grammar.begins("machine", sentence)
        prefaces = grammar.begins("preface", sentence) or _exclaims_to_you(sentence, grammar)
        own = sorry or prefaces or grammar.begins("opens", sentence)
        asks = grammar.begins("asks", sentence)
        hedge = _HEDGE.match(sentence)
        if grammar.begins("outright", sentence) or (hedge and grammar.begins("outright", sentence[hedge.end() :])):
            return Refusal(grammar.has("media", sentence) and grammar.has("not_given", sentence))
        if not (own or asks or grammar.begins("of_media", sentence)):
            return None
        if _misses(sentence, following, grammar, sorry or regretted):
            return Refusal(True)
        if sorry and not _REGRETS.match(sentence) and _denies(sentence, grammar):
            return Refusal(grammar.has("sees", sentence) and grammar.has("media", sentence))
        if own and (found := _declines(sentence, head, grammar, sorry or regretted)):
            return found
        if asks and (regretted or short):
            return Refusal(True)
        if not sorry and not prefaces:
            return None
        regretted = regretted or sorry
    return Refusal(False, only_sorry=True) if regretted and grammar.is_only("sorry", head.strip(_EDGES)) else None


def _goes_on(sentence: str, following: str) -> bool:
    """Whether what follows belongs to the sentence: a verse, or `..! says the man`."""
    return following[:1].islower() or sentence[-1:] not in _ENDS


def _exclaims_to_you(sentence: str, grammar: Grammar) -> bool:
    """Whether a sentence is small talk by its tone: `Happy to take a look for you!`"""
    return len(sentence) < _CHAT and sentence.endswith(("!", "！")) and grammar.has("you", sentence)


def _misses(sentence: str, following: str, grammar: Grammar, regretted: bool) -> bool:
    """Whether a sentence says, to somebody, that no picture came."""
    if not (grammar.has("media", sentence) and grammar.has("not_given", sentence)):
        return False
    spoken_to = grammar.has("you", sentence) or grammar.begins("asks", following)
    return spoken_to or (regretted and grammar.has("work", sentence))


def _denies(sentence: str, grammar: Grammar) -> bool:
    """Whether a sentence denies something and names what a model is asked for; behind an apology that declines."""
    return grammar.has("negated", sentence) and any(grammar.has(part, sentence) for part in ("work", "media", "sees"))


def _declines(sentence: str, head: str, grammar: Grammar, regretted: bool) -> Refusal | None:
    if grammar.has("speaks", head):
        if around := grammar.declines(sentence):
            return Refusal(grammar.has("sees", around) and grammar.has("media", around))
        if grammar.has("forbidden", sentence):
            return Refusal(False)
    return Refusal(False) if regretted and grammar.barely_declines(sentence) else None
