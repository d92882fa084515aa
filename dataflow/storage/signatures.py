"""The format of an image or video told by its first bytes, as the ending that its file would have."""

from __future__ import annotations

import re

HEAD_BYTES = 16

_SIGNATURES = (
    (rb"\xff\xd8\xff", ".jpg"),
    (rb"\x89PNG\r\n\x1a\n", ".png"),
    (rb"GIF8[79]a", ".gif"),
    (rb"RIFF....WEBP", ".webp"),
    (rb"RIFF....AVI ", ".avi"),
    (rb"BM....\0\0\0\0", ".bmp"),
    (rb"II[*+]\0|MM\0[*+]", ".tif"),
    (rb"....ftyp(?:avif|avis)", ".avif"),
    (rb"....ftyp(?:heic|heix|heim|heis|hevc|hevx|mif1|msf1)", ".heic"),
    (rb"....ftypqt  ", ".mov"),
    (rb"....ftyp", ".mp4"),
    (rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51", ".jp2"),
    (rb"qoif", ".qoi"),
    (rb"8BPS\0\x01", ".psd"),
    (rb"\x1aE\xdf\xa3", ".mkv"),
    (rb"\0\0\x01[\xba\xb3]", ".mpg"),
    (rb"FLV\x01", ".flv"),
    (rb"OggS\0", ".ogv"),
    (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", ".wmv"),
)
_KNOWN = [(re.compile(pattern, re.DOTALL), suffix) for pattern, suffix in _SIGNATURES]


def suffix_of(head: bytes) -> str | None:
    """The ending, `.jpg`, of a file that begins so; None where it is no image or video that is known.

    Args:
        head: at least its first `HEAD_BYTES`.
    """
    return next((suffix for pattern, suffix in _KNOWN if pattern.match(head)), None)


_PAGES = (b"<", b"version https://git-lfs")
_SHOWN = 32


def is_text(head: bytes) -> bool:
    """Whether the beginning of a file is plain text; nothing is."""
    return all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head)


def text_in_words(head: bytes) -> str:
    """What to tell of a file that is text where an image or video should be.

    A page of a website or a pointer of Git LFS is quoted, since that is why it is there; other text may be a secret.

    Args:
        head: how it begins, all of it ASCII.
    """
    if head.lstrip().startswith(_PAGES):
        return f"it begins with the text {head[:_SHOWN].decode('ascii')!r}"
    return "it is text"
