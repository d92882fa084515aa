"""Reads the texts that stand in files beside this one, one a line under `## language kind`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
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
        if line.startswith("## "):
            language, kind = line[3:].split()
        elif line and not line.startswith("# "):
            text = line.replace("⏎", "\n")
            kept = text.partition("⟦")[2].partition("⟧")[0] or text.strip()
            yield Case(language, kind, text.replace("⟦", "").replace("⟧", ""), None if kind == "refusal" else kept)
