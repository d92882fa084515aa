"""Text on its way to a terminal: what others wrote is shown and not obeyed, and a stream that is gone ends nothing."""

from __future__ import annotations

import sys
import unicodedata

_OBEYED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Categories of characters that a terminal obeys, or that turn text round, join it or leave no trace: control and
format characters, half surrogates, private use, and the separators of lines and paragraphs."""

_SHORT = {"\t": "\\t", "\r": "\\r", "\n": "\\n", "\x1b": "\\e"}


def visible(text: str) -> str:
    """A text of any number of lines, with what a terminal would obey or hide written out: `\\e[31m`, `\\u202e`."""
    return text if text.isprintable() else "\n".join(map(one_line, text.split("\n")))


def one_line(text: str) -> str:
    """The same for what stands within a line, such as an id or a file's name: line breaks are written out, too."""
    return text if text.isprintable() else text.translate(_ESCAPES)


def printable(text: str) -> str:
    """A text of others for a message of ours, one mark for each character that cannot be printed."""
    return "".join(character if character.isprintable() else "?" for character in text)


class _Escapes(dict[int, str]):
    """What stands for a character, found when it is met first."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if unicodedata.category(character) in _OBEYED:
            long = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
            character = _SHORT.get(character, long)
        return self.setdefault(code, character)


_ESCAPES = _Escapes()


def say(text: str) -> None:
    """Tell people something on stderr. Where that is closed, full or without a reader, the work goes on without."""
    stream = sys.stderr
    if stream is None:  # closed before we began; print would take stdout for it
        return
    try:
        print(visible(text), file=stream, flush=True)
    except UnicodeEncodeError:
        say(text.encode("ascii", "backslashreplace").decode())
    except (OSError, ValueError):
        pass


def say_error(error: BaseException) -> None:
    """Tell what ended the work; further lines are set in, so that none of them passes for a line of ours."""
    say("error: " + "\n  ".join(visible(str(error)).split("\n")))
