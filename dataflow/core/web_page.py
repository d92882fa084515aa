"""Web pages that come where something else was asked for: logins, errors of proxies, wrong addresses."""

from __future__ import annotations

import re

from dataflow.core.terminal import printable

A_PAGE = "a web page"

_TITLE = re.compile(rb"<title[^<>]{0,200}>([^<]{1,200})", re.IGNORECASE)
_HEADING = re.compile(rb"<h1[^<>]{0,200}>([^<]{1,200})", re.IGNORECASE)
_SEARCHED = 1 << 14
"""Bytes in which a page's title is looked for."""


def is_web_page(body: bytes) -> bool:
    """Whether it begins as HTML or XML does; neither JSON nor an image or video does."""
    return body[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def named_page(body: bytes) -> str:
    """A page by its title or first heading, for messages: `a web page ("Log in")`."""
    head = body[:_SEARCHED]
    found = _TITLE.search(head) or _HEADING.search(head)
    words = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    title = printable(words)
    return f'{A_PAGE} ("{title}")' if title else A_PAGE
