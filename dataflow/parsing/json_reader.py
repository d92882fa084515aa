"""Reads one JSON value of any health, in one pass and linear time.

json-repair is not used: 20 KB of prose with brackets took it 30 s, and it closes a record that was cut in half as if it
were whole. Here a cut record is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from dataflow.parsing.json_strings import QUOTES, STRINGS, unescape

MAX_DEPTH = 60
MAX_TOKENS = 200_000
"""Of a value that is no sound JSON no more is read: at 8 tokens a record, 25,000 records."""

_GAP = re.compile(r"(?:\s++|\ufeff|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|#[^\n]*+|\\[nrt])*+")
_STARTS = frozenset('{[]},"')
"""Behind what stands no gap, and what most tokens begin with."""
_NUMBER = re.compile(r"[-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?(?=\s*+(?:[,，;\]})/#\"'“]|\\[nrt]|\Z|```))")
_LITERAL = re.compile(
    r"(true|false|null|none|nil|undefined|nan|[-+]?infinity|[-+]?inf)(?=\s*+(?:[,，;\]})/#\"'“]|\\[nrt]|\Z|```))", re.I
)
_LITERALS = {"true": True, "false": False}
_BARE_KEY = re.compile(r"(?P<key>[^\s\"'“”‘’{}\[\](),:：=][^\"“”{}\[\],:：=\n]{0,80}+)(?:[:：]|=>?)")
_COLON = re.compile(r"(?:[:：]|=>?)")
_BARE_VALUE = re.compile(r"(?:[^,}\]\n]|,(?!\s*+(?:[\"'“]?[\w ]{1,40}+[\"'”]?\s*+[:：]|[}\]]|\n)))++")
_BARE_ITEM = re.compile(r"[^,，\[\]{}()\n\"“]++|[\"“(]")
_BRACKETS = re.compile(r"[\[{(\s]++")
_PREFIX = re.compile(r"[rfbuRFBU]{1,2}(?=[\"'])")


@dataclass(slots=True)
class _Frame:
    """A container that is being read; `half` while a member has begun and is not complete."""

    value: Any
    key: str | None = None
    half: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What was read.

    Args:
        value: the value; None when nothing of it was complete.
        end: where reading stopped, always behind where it began.
        whole: whether the value was closed; False when the text ended inside it.
    """

    value: Any
    end: int
    whole: bool


@dataclass(slots=True)
class _Reader:
    text: str
    cut: bool
    stack: list[_Frame] = field(default_factory=list)

    def read(self, at: int) -> Read:
        self.stack = [_Frame({} if self.text[at] == "{" else [])]
        at += 1
        text, length = self.text, len(self.text)
        for _ in range(MAX_TOKENS):
            if at < length and text[at] not in _STARTS:
                at = _GAP.match(text, at).end()  # type: ignore[union-attr]
            if at >= length or text.startswith("```", at):
                return Read(self._give_up(), at, False)
            char = text[at]
            if char in ",，;":
                self.stack[-1].half = isinstance(self.stack[-1].value, dict)
                at += 1
            elif char in "]})":
                at += 1
                if (value := self._close(char)) is not None:
                    return Read(value, at, True)
            elif char in "{[(" and len(self.stack) >= MAX_DEPTH:
                return Read(None, _BRACKETS.match(self.text, at).end(), False)  # type: ignore[union-attr]
            else:
                at = self._step(at, char)
        return Read(self._give_up(), at, False)

    def _step(self, at: int, char: str) -> int:
        frame = self.stack[-1]
        if isinstance(frame.value, dict) and frame.key is None:
            if char not in "{[(":
                return self._key(at, char, frame)
            if not frame.value:
                frame.value = []  # braces where brackets were meant: {{...}, {...}}
            elif len(self.stack) > 1 and isinstance(self.stack[-2].value, list):
                self.stack.pop()  # the next record begins where the last one was not closed
                self._put(frame.value)
            else:
                return at + 1
        if char in "{[(":
            self.stack.append(_Frame({} if char == "{" else []))
            return at + 1
        return self._scalar(at, char, frame)

    def _key(self, at: int, char: str, frame: _Frame) -> int:
        frame.half = True
        if char in QUOTES:
            match = STRINGS[char, "key"].match(self.text, at + 1)
            assert match is not None
            if match["end"] is None:
                return max(match.end(), at + 1)
            key = unescape(self.text[at + 1 : match.start("end")])
            at = _GAP.match(self.text, match.end()).end()  # type: ignore[union-attr]
            if colon := _COLON.match(self.text, at):
                at = colon.end()
            elif self.text[at : at + 1] in {",", "}", "]", ""}:
                return at
            frame.key = key
            return at
        if bare := _BARE_KEY.match(self.text, at):
            frame.key = bare["key"].strip()
            return bare.end()
        skipped = _BARE_ITEM.match(self.text, at)
        return skipped.end() if skipped else at + 1

    def _scalar(self, at: int, char: str, frame: _Frame) -> int:
        if prefix := _PREFIX.match(self.text, at):
            at = prefix.end()
            char = self.text[at]
        if char in QUOTES:
            if self.text.startswith(char * 3, at) and char in "\"'":
                return self._triple(at, char * 3)
            match = STRINGS[char, "item" if isinstance(frame.value, list) else "member"].match(self.text, at + 1)
            assert match is not None
            if match["end"] is None:
                frame.half = True
                return match.end()
            content = self.text[at + 1 : match.start("end")]
            self._put(unescape(content.rstrip(", \t") if match["end"] == "\n" else content))
            return match.end()
        for pattern, make in ((_NUMBER, _number), (_LITERAL, _literal)):
            if match := pattern.match(self.text, at):
                if match.end() < len(self.text):
                    self._put(make(match.group()))
                return match.end()
        if isinstance(frame.value, list):
            skipped = _BARE_ITEM.match(self.text, at)
            return skipped.end() if skipped else at + 1
        bare = _BARE_VALUE.match(self.text, at)
        if bare is None:
            return at + 1
        if bare.end() < len(self.text):
            self._put(bare.group().strip().strip("\"'").strip())
        return bare.end()

    def _triple(self, at: int, quotes: str) -> int:
        end = self.text.find(quotes, at + 3)
        if end < 0:
            self.stack[-1].half = True
            return len(self.text)
        self._put(unescape(self.text[at + 3 : end]))
        return end + 3

    def _put(self, value: Any) -> None:
        frame = self.stack[-1]
        if isinstance(frame.value, list):
            frame.value.append(value)
        elif frame.key is not None:
            frame.value[frame.key] = value
            frame.key = None
            frame.half = False

    def _close(self, char: str) -> Any:
        """Close the innermost container that this bracket can close, with all in it; the value when it is the last."""
        kind = dict if char == "}" else list
        if not isinstance(self.stack[-1].value, kind) and not any(
            isinstance(frame.value, kind) for frame in self.stack
        ):
            return None
        while True:
            frame = self.stack.pop()
            if not self.stack:
                return frame.value
            self._put(frame.value)
            if isinstance(frame.value, kind):
                return None

    def _give_up(self) -> Any:
        """The value when the text ended inside it: everything complete is kept, a record cut in half is not."""
        while True:
            frame = self.stack.pop()
            if not self.stack:
                return frame.value or None
            if isinstance(frame.value, list) or self._is_complete(frame, self.stack[-1]):
                self._put(frame.value)

    def _is_complete(self, frame: _Frame, parent: _Frame) -> bool:
        if not is_cut_record(frame.value):
            return True
        if self.cut or frame.half or frame.key is not None or not frame.value:
            return False
        siblings = parent.value.values() if isinstance(parent.value, dict) else parent.value
        sibling = next((value for value in siblings if isinstance(value, dict)), {})
        return bool(sibling.keys() <= frame.value.keys())


def read_value(text: str, at: int, cut: bool = False) -> Read:
    """Read the object or array that begins at a position.

    Understood beside JSON: single, smart and triple quotes, quotation marks left unescaped within strings, keys and
    values without quotes, missing, doubled and trailing commas, missing and crossed brackets, comments, Python literals
    and tuples, raw line breaks. NaN and infinities become None, which is how every table says that nothing is there.

    Args:
        text: the whole text.
        at: where a bracket stands.
        cut: True when the text is known to be cut off: a last record without its bracket is then not whole.
    """
    return _Reader(text, cut).read(at)


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        pass
    if len(text) > 400:
        return text
    number = float(text)
    return number if abs(number) != float("inf") else None


def _literal(text: str) -> Any:
    return _LITERALS.get(text.lower())


def is_cut_record(value: Any) -> bool:
    """Whether what is left of an object that was cut is a piece of a record, and not a frame around complete ones."""
    if not isinstance(value, dict):
        return False
    for inner in value.values():
        if isinstance(inner, dict) and inner:
            return False
        if isinstance(inner, list) and any(isinstance(item, dict) and item for item in inner):
            return False
    return True
