"""Takes grounding off prose: places in the picture that a model writes behind what it names.

The forms are those of Qwen-VL and InternVL (`<ref>a bus</ref><box>(1,2),(3,4)</box>`, `<|object_ref_start|>`,
`<|box_start|>`), of PaliGemma and Florence (`<loc0012>`, `<loc_12>`), of Kosmos and MiniGPT (`<phrase>`,
`{<1><2><3><4>}`).
"""

from __future__ import annotations

import re

_PLACE = re.compile(
    r"[ ]?(?:<(?P<tag>box|quad|bbox|point|poly)>[^<>]{0,300}</(?P=tag)>|<\|(?P<mark>box|quad|point)_start\|"
    r">[^<>]{0,300}"
    r"<\|(?P=mark)_end\|>|(?:<loc_?\d{1,4}>){2,64}|\{(?:<\d{1,4}>){2,16}\}|"
    r"<object>(?:<patch_index_\d{1,4}>){1,8}</object>)"
)
_NAME = re.compile(r"</?(?:ref|phrase|p|obj|grounding)>|<\|object_ref_(?:start|end)\|>")
_WORD = re.compile(r"[^\W\d_]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NAMED = re.compile(
    r"<(?P<tag>ref|phrase|p)>[^<>]{0,300}</(?P=tag)>|<\|object_ref_start\|>[^<>]{0,300}<\|object_ref_end\|>"
)
_PROSE = 2
"""Words beside names and places that make a sentence of them."""


def without_grounding(text: str) -> str:
    """A sentence without the places in the picture; a text that is nothing but names with their places as it was."""
    if "<" not in text or not _PLACE.search(text):
        return text
    if len(_WORD.findall(_NAMED.sub("", _PLACE.sub("", text)))) < _PROSE:
        return text
    return _NAME.sub("", _PLACE.sub("", text)).strip()
