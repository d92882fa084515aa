"""Takes a tokenizer's special tokens off a model's text: ends of turns, heads of roles, boxes, padding, media marks.

The forms are those of the chat templates of Qwen and InternVL (`<|im_end|>`), Llama (`<|eot_id|>`, `<|eot|>`), Mistral
(`[INST]`, `</s>`), Gemma (`<end_of_turn>`, `<turn|>`), DeepSeek (`<｜end▁of▁sentence｜>`), GLM (`[gMASK]<sop>`,
`<|begin_of_box|>`), Phi (`<|end|>`), Kimi (`<|im_middle|>`), gpt-oss (`<|return|>`) and SmolVLM (`<end_of_utterance>`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from dataflow.parsing.quotations import in_quotation
from dataflow.parsing.reasoning import fenced_blocks

_ROLE = r"(?:assistant|model|user|system|human|gpt|ai|bot|tool|ipython)"
_END_NAMES = (
    r"im_end|eot_id|eom_id|eot|end_of_text|endoftext|end_of_turn|end_of_utterance|end_of_sentence|endofturn|"
    r"end_of_msg|end|return|call|im_end_of_text|eos|end[▁_]of[▁_]sentence|EOT|END_OF_TURN_TOKEN|file_separator"
)
_END = re.compile(
    rf"<\|(?:{_END_NAMES})\|>|<｜(?:{_END_NAMES})｜>|</s>|<eos>|<EOS>|<(?:end_of_turn|end_of_utterance|turn\||"
    rf"endoftext)>|\[eos\]|<\|(?:user|human|observation|system)\|>|<｜User｜>|<\|im_start\|>(?:user|system)\b|"
    rf"<start_of_turn>user\b|\[INST\]|<\|start_header_id\|>(?:user|system)\b|<\|im_user\|>",
    re.IGNORECASE,
)
_HEAD = re.compile(
    rf"(?:<\|im_start\|>|<\|start\|>|<start_of_turn>|<\|turn>|<\|im_assistant\|>)\s?(?:{_ROLE}\b)?[ "
    rf"\t]*(?:<\|im_middle\|>)?\n?|<\|(?:start_header_id|header_start|"
    rf"start_of_role)\|>\s?(?:{_ROLE}\b)?\s?<\|(?:end_header_id|header_end|end_of_role)\|>\n{{0,2}}",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"<\|/?[A-Za-z][\w./-]{0,40}\|>|<｜[^<>｜\n]{1,40}｜>|<\|[a-z_]{2,30}>|<[a-z_]{2,30}\|>|</?s>|<(?:bos|eos|pad|"
    r"unk|sop|eop|BOS|EOS|PAD|UNK)>|\[(?:gMASK|sMASK|PAD|/?INST|/?SYS|BOS|EOS)\]|<</?SYS>>|</?(?:start_of_turn|"
    r"end_of_turn|end_of_utterance|fake_token_around_image|start_of_image|end_of_image|image_soft_token|image|"
    r"video|img|vid|IMG_CONTEXT|image_pad|video_pad|row_\d{1,2}_col_\d{1,2}|global-img|unused\d{1,5})>|"
    r"\[unused\d{1,5}\]|<0x0A>|<extra_id_\d{1,3}>"
)
_TORN = re.compile(r"<\|[A-Za-z_]{0,30}\Z")
"""A token that the token limit cut."""
_BARE_ROLE = re.compile(r"\A(?:(?:assistant|model)[ \t]*:?[ \t]*\n|ASSISTANT: )")
"""What is left of a head of a turn where the tokenizer dropped its tokens, and the head of Vicuna and LLaVA."""
_STOP = re.compile(r"###(?:\s*(?:Human|USER):?)?\s*\Z")
"""What Alpaca and Vicuna end a turn with."""
_ASKED = re.compile(r"\A\s*(?:<s>\s*)?\[INST\](?:[^\[]|\[(?!/INST\]))*\[/INST\]")
"""Mistral's question, printed before the answer."""
_ANY = re.compile(
    r"<[|｜/<]?[A-Za-z]|[|｜]>|\[[/A-Za-z]{3,8}\]|<0x|<\||\A(?:assistant|model)[ \t:]*\n|\AASSISTANT: |###"
)
_SIGNS = ("<", "[", "|>", "｜>", "###")
_OPEN = frozenset("\"'`“‘«„「『")


def without_special_tokens(text: str) -> str:
    """The text of the model's own turn without special tokens.

    What stands behind an end of turn is a turn that the model made up, and goes; where nothing stands before it, what
    stands behind is kept. A token between quotation marks or backticks, and one in a fenced block, is one that the
    text speaks of. A text without tokens comes back as it is.
    """
    if not (any(sign in text for sign in _SIGNS) or _BARE_ROLE.match(text)) or not _ANY.search(text):
        return text
    plain = _own_turn(_ASKED.sub("", text))
    for pattern in (_HEAD, _TOKEN, _TORN, _BARE_ROLE, _STOP):
        plain = _without(pattern, plain)
    return text if plain == text else re.sub(r"[ \t]+(?=\n|\Z)", "", plain).strip()


def _own_turn(text: str) -> str:
    at = 0
    struck = text.find("<s>", 1) >= 0  # HTML's strikethrough: </s> ends that, not the turn
    fenced = fenced_blocks(text)
    spoken = _may_speak_of_tokens(text, fenced)
    for end in _END.finditer(text):
        if (struck and end.group() == "</s>") or (spoken and _is_spoken_of(text, end, fenced)):
            continue
        before = text[at : end.start()]
        if before.strip() and _HEAD.sub("", _TOKEN.sub("", before)).strip():
            return before
        at = end.end()
    return text[at:]


def _without(pattern: re.Pattern[str], text: str) -> str:
    fenced = fenced_blocks(text)
    if not _may_speak_of_tokens(text, fenced):
        return pattern.sub("", text)
    return pattern.sub(lambda token: token.group() if _is_spoken_of(text, token, fenced) else "", text)


def _may_speak_of_tokens(text: str, fenced: Sequence[tuple[int, int]]) -> bool:
    return bool(fenced) or any(mark in text for mark in _OPEN)


def _is_spoken_of(text: str, token: re.Match[str], fenced: Sequence[tuple[int, int]], reach: int = 200) -> bool:
    """Whether a token stands in a fenced block, or quotation marks are open on its line and close behind it."""
    start, end = token.span()
    if fenced and (at := bisect_right(fenced, (start, len(text)))) and start < fenced[at - 1][1]:
        return True
    follows = text[end : end + 1]
    if text[start - 1 : start] in _OPEN and not follows.isalnum() and follows not in "<[ \n":
        return True
    return in_quotation(text, start, end, reach)
