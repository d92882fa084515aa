"""Tells a refusal by who speaks: a model that says of itself that it cannot do what only models are asked for.

A caption tells of the picture in third person. So a sentence at the beginning of a text, outside of quotation marks,
that holds the first person, a denial and a model's task together is a model's excuse, however it is worded and wherever
in it the words stand; so is one that misses a picture in `our conversation`. A speaker that looks (`I can see a man
whose face is not visible`) describes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dataflow.parsing.refusals.refusal import Refusal
from dataflow.parsing.refusals.voices import LATIN, OTHER_SCRIPTS
from dataflow.parsing.refusals.voices.voice import Voice

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]{1,2}\b)?")
_SENTENCES = 3
"""Sentences at the beginning in which a speaker may decline; those before it are small talk."""
_TALK = 120
"""Characters of a sentence of small talk."""
_SIGH = 16
"""Characters of a sentence that says no more than that somebody is sorry."""
_SHORT = 300
"""Characters of a text that asks for the picture once more and says nothing else."""
_LONGEST = 500
"""Characters of a sentence that are read."""
_TITLED = re.compile(r"[^:：]{1,80}(?:[:：]\s?)(?=\S)")
_TITLE = re.compile(
    r"(?:error|note|warning|notice|fehler|hinweis|erreur|remarque|nota|errore?|erro|aviso|ошибка|примечание|"
    r"提示|注意|错误|エラー|注|오류|참고|알림)\s?[:：]\s?",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:()] (?!(?:was|что|чего|чтобы)\b|[^,;:]{0,60}\bzu \w+n\b)|[–—]\s?|[，；：](?!(?:因此|所以|故|但|目前|"
    r"暂时?|也|更|而且|并)*"
    r"(?:无法|不|没|未|拒|难以|只|仅|超出|违))"
)
"""Where a clause ends; infinitives, and Chinese clauses that begin with the denial, go with what stands before them."""
_TOGETHER = re.compile(
    r"\A(?:let's|let us|we\b|wir\b|das überspringen wir|passons|nous\b|(?:mejor )?pasemos|vamos|passiamo|saltiamo|"
    r"давайте)|"
    r"ましょう|죠[.!]?\Z",
    re.IGNORECASE,
)
"""A sentence that speaks for both sides of a conversation: `Let's skip this one.`"""
_LEAD = "¡¿([{-–—•· "


def refusal_of_a_speaker(head: str, spans: Sequence[tuple[int, int]], own_script: bool) -> Refusal | None:
    """The refusal in a text's first sentences by a speaker that tells of itself, or None.

    Args:
        head: the beginning of a text, quotations blanked out.
        spans: start and end of its sentences.
        own_script: whether it holds letters other than Latin ones.
    """
    beginning = head[: spans[:_SENTENCES][-1][1]] if spans else ""
    words = set(_WORD.findall(beginning.lower()))
    voices = [voice for voice in LATIN if voice.may_be_in(words)]
    if own_script:
        voices += [voice for voice in OTHER_SCRIPTS if re.search(voice.script, head)]
    if len(head) <= _SHORT and any(_asks_for_it(beginning, voice) for voice in voices):
        return Refusal(saw_nothing=True)
    for start, end in spans[:_SENTENCES]:
        sentence = head[start:end].strip().lstrip(_LEAD)[:_LONGEST]
        title = _TITLE.match(sentence)
        if title:
            sentence = sentence[title.end() :]
        if not _is_titled(sentence, voices):
            for voice in (*voices, *LATIN) if title else voices:
                if title and voice.has("media", sentence) and _is_broken(sentence, voice):
                    return Refusal(saw_nothing=True)
                if found := _declines(sentence, voice):
                    return found
        if not _is_talk(sentence, voices, paragraph=head[start:end].endswith("\n\n")):
            return None
    return None


def _asks_for_it(beginning: str, voice: Voice) -> bool:
    return voice.has("resend", beginning) or (voice.has("needs", beginning) and voice.has("media", beginning))


def _declines(sentence: str, voice: Voice) -> Refusal | None:
    if voice.begins("blocked", sentence):
        return Refusal(saw_nothing=False)
    if not voice.has("denies", sentence) or (voice.has("looks", sentence) and not voice.has("tells", sentence)):
        return None
    if voice.has("media", sentence) and voice.has("chat", sentence):
        return Refusal(saw_nothing=True)
    if not voice.has("task", sentence):
        return None
    clauses = [sentence] if voice.humble else _clauses(sentence)
    denied = any(voice.has("me", clause) and voice.has("denies", clause) for clause in clauses)
    return Refusal(saw_nothing=False) if denied else None


def _clauses(sentence: str) -> list[str]:
    """The clauses of a sentence; one that only begins it (`Sorry,`, `On my side,`) goes with the next."""
    first, *others = _CLAUSE.split(sentence)
    return [f"{first}, {others[0]}", *others[1:]] if others and len(first.encode()) <= _SIGH else [first, *others]


def _is_titled(sentence: str, voices: Sequence[Voice]) -> bool:
    """Whether what follows a colon is something else's words: `On the screen: I cannot ...`."""
    title = _TITLED.match(sentence)
    if title is None or _TOGETHER.search(sentence):
        return False
    return not any(voice.has("me", title.group()) and voice.has("task", title.group()) for voice in voices)


def _is_broken(sentence: str, voice: Voice) -> bool:
    return voice.has("denies", sentence) and voice.has("broken", sentence) and not voice.has("looks", sentence)


def _is_talk(sentence: str, voices: Sequence[Voice], paragraph: bool) -> bool:
    """Whether a refusal may still follow: a short sentence of the speaker, a question or an exclamation. What is a
    paragraph of its own is more than a sigh."""
    if len(sentence) > _TALK:
        return False
    if (
        (len(sentence) <= _SIGH and not paragraph)
        or _TOGETHER.search(sentence)
        or sentence.rstrip(" )]*_").endswith(("!", "！", "?", "？"))
    ):
        return True
    return any(voice.has("me", sentence) and not voice.has("looks", sentence) for voice in voices)
