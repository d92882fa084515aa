"""HTML as a tree of calls: every text is escaped, unless it is HTML already."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

_VOID = frozenset({"meta", "img"})
# Without them a text can neither hide what it holds nor turn what stands beside it around.
_UNSEEN = {code: f"⟨U+{code:04X}⟩" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)}
_UNSEEN |= {code: "\ufffd" for code in range(32) if code not in (9, 10, 13)}

Child = Any


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: object) -> Html:
    """A text as HTML: nothing in it is markup, and control characters show."""
    if isinstance(value, Html):
        return value
    shown = str(value).translate(_UNSEEN).encode("utf-8", "replace").decode()
    return Html(escape(shown, quote=True))


def join(children: Iterable[Child]) -> Html:
    """Several, one after the other; None is nothing."""
    parts = []
    for child in children:
        if child is None:
            continue
        parts.append(join(child) if isinstance(child, list | tuple) else text(child))
    return Html("".join(parts))


def tag(name: str, /, *children: Child, **attributes: object) -> Html:
    """An element.

    Args:
        name: of the element.
        children: texts, elements, lists of these, or None.
        attributes: `class_` is `class`, `_` is `-`; None and False are left out.
    """
    given = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.rstrip("_").replace("_", "-")
        given.append(f" {key}" if value is True else f' {key}="{text(value)}"')
    opening = f"<{name}{''.join(given)}>"
    return Html(opening if name in _VOID else f"{opening}{join(children)}</{name}>")
