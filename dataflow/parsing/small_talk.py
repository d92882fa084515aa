# ruff: noqa: E501
"""The small talk around a description: announcements before it and leave-taking behind it, taken off."""

from __future__ import annotations

import re

from dataflow.parsing.quotations import sentences, without_quotations

_REACH = 1500
_MOST = 6
_OF_IT = r"(?:description|caption|summary|analysis|breakdown|overview|answer|response|transcription|explanation|interpretation|depiction|rundown|look|observations?|details?|account|translation|version|text|paragraph|what (?:I|we|is|you)\b)"
_INTERJECTION = re.compile(
    r"(?:sure(?: thing)?|certainly|of course|absolutely|definitely|okay|ok|great(?: question| image| photo| picture| video)?|alright|all right|got it|gladly|no problem|understood|with pleasure|thanks|thank you|"
    r"(?:thanks|thank you)(?: so much| very much)? for (?:sharing|providing|uploading|the|your|sending|asking)[^.!?\n]{0,80}|what an? [^.!?\n]{1,60}!|"
    r"I(?:'d| would|'ll| will|'m| am)(?: be)? (?:happy|glad|delighted|pleased) to (?:help|assist|describe|analy[sz]e|provide)[^.!?\n]{0,80}|"
    r"(?:I can|let me|allow me to|I'll|I will)(?: certainly| definitely| gladly)? (?:help|assist|describe|analy[sz]e|take a look|provide)[^.!?\n]{0,80}|hello|hi(?: there)?|hey)(?:[ ]?[.!:,…]+\s*|\s*\n)",
    re.IGNORECASE,
)
_ANNOUNCEMENT = re.compile(
    rf"(?:(?:so|okay|ok|sure|certainly|yes),? )?(?:here(?:'s|’s| is| are)|below (?:is|are)|the following is|this is|(?:based on|looking at|from|in) (?:the|this|your)[^:\n]{{1,80}}, here(?:'s|’s| is))[^:\n.]{{0,60}}?\b{_OF_IT}[^:\n.]{{0,120}}[:：]\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:#{1,6} ?)?[*_]{0,3}(?:(?:detailed|brief|short|long|final|full|generated|image|video|picture|photo|clip|scene|visual)[ ]){0,3}(?:caption|description|answer|response|output)[*_]{0,3}[ ]?[:：][*_]{0,3}\s*",
    re.IGNORECASE,
)
_LEAVE = re.compile(
    r"(?:please )?(?:let me know (?:if|whether|what|how)|feel free to|(?:I )?hope (?:this|that|it) (?:helps|is helpful|was helpful|meets|works|gives)|would you like (?:me|to know|more|any|a)|do you (?:want|need) (?:me|any|more)|is there (?:anything|something) (?:else|specific)|"
    r"if you(?:'d like| would like| need| have (?:any|more|other|further)| want)(?=[^.!?\n]{0,160}\b(?:I|me|let|ask|feel free|further|more)\b)|(?:I'm|I am) (?:happy|here) to|happy to help|thank you for (?:sharing|providing|the|your)|shall I|should I|can I help|enjoy!)",
    re.IGNORECASE,
)


def without_small_talk(text: str) -> str:
    """The text without announcements before it and leave-taking behind it; empty where there is nothing else."""
    text = text.strip()
    for _ in range(_MOST):
        found = next((m for p in (_INTERJECTION, _ANNOUNCEMENT, _LABEL) if (m := p.match(text[:_REACH]))), None)
        if found is None:
            break
        text = text[found.end() :].strip()
    return _without_leave_taking(text)


def _without_leave_taking(text: str) -> str:
    start = max(0, len(text) - _REACH)
    tail = without_quotations(text[start:])
    spans = list(sentences(tail))
    end = len(text)
    for begin, _ in reversed(spans[-_MOST:]):
        if not _LEAVE.match(tail[begin:].lstrip("*_ -–—\n")):
            break
        end = start + begin
    return text[:end].rstrip().rstrip("-*_ \n") if end < len(text) else text
