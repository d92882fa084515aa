"""Which files are images and which videos, told by the endings of their names, and where a pipeline can use them."""

from __future__ import annotations

from collections.abc import Set
from importlib.util import find_spec
from pathlib import Path

BOTH: frozenset[str] = frozenset({"image", "video"})

HEIC = frozenset({".heic", ".heics", ".heif", ".heifs", ".hif"})
HEIC_CURE = "pip install 'dataflow-mm[heic]'"
IMAGES = HEIC | {
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".mpo"),
    *(".png", ".apng", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".avif", ".avifs"),
    *(".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx"),
    *(".ico", ".cur", ".icns", ".tga", ".icb", ".vda", ".vst", ".psd", ".qoi", ".dds", ".blp", ".ftc", ".ftu"),
    *(".pbm", ".pgm", ".ppm", ".pnm", ".pfm", ".pcx", ".dcx", ".sgi", ".rgb", ".rgba", ".bw", ".ras", ".im"),
    *(".xbm", ".xpm", ".msp", ".pxr", ".fit", ".fits"),
}
VIDEOS = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3gp2", ".3gpp", ".3g2", ".f4v", ".mkv", ".webm"),
        *(".avi", ".divx", ".wmv", ".asf", ".flv", ".ogv", ".ogm", ".rm", ".rmvb", ".dv", ".mxf", ".nut"),
        *(".mpg", ".mpeg", ".mpe", ".mpv", ".m1v", ".m2v", ".m2p", ".vob", ".ts", ".mts", ".m2ts", ".m2t", ".tod"),
        *(".mjpg", ".mjpeg", ".y4m", ".ivf", ".h264", ".264", ".h265", ".265", ".hevc", ".obu", ".fli", ".flc"),
    }
)
MOVING = frozenset({".gif", ".apng", ".avifs"})
"""Images that a pipeline of videos takes for one: mostly they move."""

_SYNC = 0x47
"""The byte that begins each packet of a transport stream (ISO/IEC 13818-1, 2.4.3.3)."""
_PACKET = 188


def column_of(name: str, usable: Set[str] = BOTH) -> str | None:
    """The column in which a file belongs: the one that its ending tells, or the other where the pipeline reads only
    that one and can read the file so; None for a file of another kind.

    Args:
        name: of the file.
        usable: the columns that the pipeline can read.
    """
    suffix = Path(name).suffix.lower()
    if suffix in IMAGES:
        return "video" if "image" not in usable and suffix in MOVING else "image"
    return "video" if suffix in VIDEOS else None


def heic_can_be_read() -> bool:
    """Whether the package for HEIC pictures, those of phones, is there."""
    return find_spec("pillow_heif") is not None


def moves(file: Path) -> bool:
    """Whether a WebP is a short film, by its header; False for what is none."""
    head = _head(file, 21)
    return head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and len(head) > 20 and bool(head[20] & 2)


def is_transport_stream(file: Path) -> bool:
    """Whether a `.ts` is a film and not a program in TypeScript."""
    head = _head(file, 2 * _PACKET)
    return any(head[at : at + 1] == bytes([_SYNC]) == head[at + size : at + size + 1] for at, size in _LAYOUTS)


_LAYOUTS = ((0, _PACKET), (4, _PACKET + 4))
"""Where the first packet's sync byte stands and how long packets are: plain, and with a time before each (m2ts)."""


def _head(file: Path, size: int) -> bytes:
    try:
        with open(file, "rb") as opened:
            return opened.read(size)
    except OSError:
        return b""
