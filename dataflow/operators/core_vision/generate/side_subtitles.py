"""Finds the subtitle file that lies beside a video: of the same name, or with a language in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from dataflow.parsing.subtitles import SUFFIXES

_TWO_LETTERS = """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is
it iu iw ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my
na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq
sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"""
_THREE_LETTERS = """ara ben bul cat ces chi cmn cze dan deu dut ell eng est eus fas fil fin fra fre ger gre heb hin
hrv hun ice ind isl ita jpn kan kor lav lit mal mar may msa mul nld nob nor pan per pol por ron rum rus slk slo slv
spa srp swa swe tam tel tgl tha tur ukr und urd vie yue zho"""
_LANGUAGES = frozenset(f"{_TWO_LETTERS} {_THREE_LETTERS}".split())
"""ISO 639-1 whole, and of 639-2 and 639-3 what subtitles are mostly written in."""

_ENGLISH = frozenset({"en", "eng"})
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<more>(?:[-_][a-z0-9]{2,8}){0,3})(?P<mark>(?:\.(?:sdh|cc|forced|hi|default|auto|orig))?)",
    re.IGNORECASE,
)


def subtitles_beside(video: Path) -> Path | None:
    """The subtitle file of a video: `name.srt` or `name.vtt`, else in English (`name.en.srt`), else the first by name.

    Args:
        video: the file.
    """
    try:
        changed = video.parent.stat().st_mtime_ns
    except OSError:
        return None
    name = _by_stem(video.parent, changed).get(video.stem)
    return None if name is None else video.parent / name


@lru_cache(maxsize=8)
def _by_stem(folder: Path, changed: int) -> Mapping[str, str]:
    """The subtitle file for each name of a video; read once for a folder, or many videos would read it many times.

    Args:
        folder: that is read.
        changed: when it changed last.
    """
    try:
        paths = [Path(name) for name in sorted(path.name for path in folder.iterdir())]
    except OSError:
        return {}
    subtitles = [path for path in paths if path.suffix.lower() in SUFFIXES]
    others = {path.stem for path in paths if path.suffix.lower() not in SUFFIXES}
    best: dict[str, tuple[int, str]] = {}
    for path in subtitles:
        for stem, rank in _meant_for(path.stem, others):
            best[stem] = min(best.get(stem, (rank, path.name)), (rank, path.name))
    return {stem: name for stem, (_, name) in best.items()}


def _meant_for(name: str, others: set[str]) -> list[tuple[str, int]]:
    """The videos whose subtitles a file of this name may hold, each with its rank, 0 before all others.

    Args:
        name: of the file, its ending taken off.
        others: names of files that are no subtitles: `a.en.srt` beside `a.en.mp4` is for that video alone.
    """
    meant = [(name, 0)]
    if name in others:
        return meant
    parts = name.split(".")
    for count in (1, 2):
        tag = _TAG.fullmatch(".".join(parts[-count:]))
        if len(parts) > count and tag and tag["language"].lower() in _LANGUAGES:
            english = tag["language"].lower() in _ENGLISH
            plain = not tag["more"] and not tag["mark"]
            meant.append((".".join(parts[:-count]), (1 if plain else 2) if english else (3 if plain else 4)))
    return meant
