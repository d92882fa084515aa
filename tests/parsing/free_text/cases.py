"""Reads the texts that stand in files beside this one, one a line under `## language kind`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
_HEADING = re.compile(r"## ([a-z]{2}) ([a-z]+)")
NAMES = {
    "en": "English",
    "zh": "Chinese",
    "ja": "Japanese",
    "ko": "Korean",
    "es": "Spanish",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "pt": "Portuguese",
    "ru": "Russian",
    "nl": "Dutch",
    "ar": "Arabic",
}

REFUSAL_SETS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "negatives",
    "traps",
)
"""Files of refusals and of captions with the same words; `chatter` is apart."""


@dataclass(frozen=True)
class Case:
    """A text.

    Args:
        language: its code.
        kind: what it is: `refusal`, `caption`, `chatter`, `untouched`.
        text: what a model printed.
        kept: what must be left of it; None for a refusal.
    """

    language: str
    kind: str
    text: str
    kept: str | None


def cases(name: str) -> list[Case]:
    """The texts of a file."""
    return list(_read(FOLDER / f"{name}.txt"))


def _read(path: Path) -> Iterator[Case]:
    language = kind = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.fullmatch(line):
            language, kind = heading.groups()
        elif line and (language or not line.startswith("# ")):  # below the first heading it is a text in Markdown
            text = line.replace("⏎", "\n")
            kept = text.partition("⟦")[2].partition("⟧")[0] or text.strip()
            yield Case(language, kind, text.replace("⟦", "").replace("⟧", ""), None if kind == "refusal" else kept)
