"""The little that is wanted of an EXIF block: how the picture is turned, the camera and the date.

Pillow's reader refuses a picture whose block is damaged, and reads one of any size whole. This one takes a damaged
block for a silent one, and looks at no more than its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error as StructError
from struct import unpack_from

_PREFIX = b"Exif\x00\x00"
_MOST_BYTES = 1 << 20
_MOST_ENTRIES = 512
"""Of a directory; cameras write some thirty into the first."""

_LONGEST_TEXT = 200
_MAKE, _MODEL, _ORIENTATION, _CHANGED, _EXIF_DIRECTORY, _TAKEN = 0x010F, 0x0110, 0x0112, 0x0132, 0x8769, 0x9003
_TEXT, _SHORT, _LONG = 2, 3, 4


@dataclass(frozen=True, slots=True)
class Shot:
    """How a picture was taken, as its EXIF has it: unchecked text of anybody's, or empty.

    Args:
        make: of the camera.
        model: of the camera.
        taken: date and time.
    """

    make: str = ""
    model: str = ""
    taken: str = ""


def exif_orientation(block: bytes) -> int:
    """The orientation of an EXIF block (CIPA DC-008, tag 0x0112), 1 to 8; 1 is upright, and what a damaged one has.

    Args:
        block: a TIFF structure, or one behind `Exif` and two zeros.
    """
    tiff, order = _tiff(block)
    try:
        for tag, kind, _, at in _entries(tiff, order, 4):
            if tag == _ORIENTATION:
                value = _number(tiff, order, kind, at)
                return value if 1 <= value <= 8 else 1
    except StructError:
        pass
    return 1


def exif_shot(block: bytes) -> Shot:
    """The camera and the date in an EXIF block; what is damaged is left empty.

    Args:
        block: as for `exif_orientation`.
    """
    tiff, order = _tiff(block)
    texts: dict[int, str] = {}
    try:
        for tag, kind, count, at in _entries(tiff, order, 4):
            if tag == _EXIF_DIRECTORY:
                found = {one: _text(tiff, order, *more) for one, *more in _entries(tiff, order, at) if one == _TAKEN}
                texts |= found
            elif tag in (_MAKE, _MODEL, _CHANGED):
                texts[tag] = _text(tiff, order, kind, count, at)
    except StructError:
        pass
    return Shot(texts.get(_MAKE, ""), texts.get(_MODEL, ""), texts.get(_TAKEN) or texts.get(_CHANGED, ""))


def _tiff(block: bytes) -> tuple[bytes, str]:
    """The TIFF structure as far as it is looked at, and its byte order; nothing where it is none."""
    # PNG's block begins at once, yet some writers put the prefix of JPEG before it, and Pillow another
    tiff = block[:_MOST_BYTES].removeprefix(_PREFIX).removeprefix(_PREFIX)
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    return (tiff, order) if order else (b"", "<")


def _entries(tiff: bytes, order: str, pointer: int) -> Iterator[tuple[int, int, int, int]]:
    """The entries of the directory to which the number at `pointer` leads, as (tag, type, count, place of the value).

    Raises:
        StructError: it lies outside.
    """
    at = unpack_from(order + "I", tiff, pointer)[0]
    count = unpack_from(order + "H", tiff, at)[0]
    for entry in range(at + 2, at + 2 + 12 * min(count, _MOST_ENTRIES), 12):
        yield *unpack_from(order + "HHI", tiff, entry), entry + 8


def _number(tiff: bytes, order: str, kind: int, at: int) -> int:
    code = {_SHORT: "H", _LONG: "I"}.get(kind)
    return int(unpack_from(order + code, tiff, at)[0]) if code else 1


def _text(tiff: bytes, order: str, kind: int, count: int, at: int) -> str:
    if kind != _TEXT:
        return ""
    if count > 4:
        at = unpack_from(order + "I", tiff, at)[0]
    text = tiff[at : at + min(count, _LONGEST_TEXT)]
    return text.partition(b"\x00")[0].decode("utf-8", "replace").strip()
