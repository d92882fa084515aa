"""Two readers that this project had, and that were slow: the search has to find them, or it finds nothing."""

from __future__ import annotations

import re

from pysubs2 import SSAFile

from tests.slow_text.growth import Reader
from tests.slow_text.texts import Text

_MARKED = re.compile(r"^[\s>*#-]*(?:Q|Question)\s*\d*\s*[:.)]", re.IGNORECASE | re.MULTILINE)


def _subtitles(text: str) -> None:
    """Sidecars were read by pysubs2."""
    for event in SSAFile.from_string(text, format_="srt").events:
        _ = event.plaintext


def _marked_pairs(text: str) -> None:
    """The viewer counted the pairs of a caption by this pattern."""
    _MARKED.findall(text)


KNOWN_SLOW: dict[str, Reader] = {"pysubs2": _subtitles, "the viewer's pairs": _marked_pairs}

ONCE_SLOW = {
    "pysubs2": (Text("1\n00:00:01,000 --> 00:00:02,000\n", "{", ""), 1_000),
    "the viewer's pairs": (Text("Q", "\n", ""), 300),
}
"""What they were slow for, and from how many characters on."""

TIMES = 30
"""How many times as much text is read to see it: they take thirty times as long as a linear reader would then, and are
broken off at eight, so that it shows even where a busy machine has made the short reading three times as long."""
