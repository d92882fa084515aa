"""Where the media of a sample lie: a relative path is tried against each base folder, in order."""

from __future__ import annotations

import re
from pathlib import Path

from dataflow.core.errors import MediaError

URL = re.compile(r"data:|[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def is_url(path: str) -> bool:
    """Whether it names something on the network, or carries its bytes in itself (`data:`)."""
    return URL.match(path) is not None


def resolve_media(path: str, bases: tuple[Path, ...]) -> Path | str:
    """Find a media file.

    Args:
        path: as it stands in the sample; `~` is the home folder. A URL comes back as it is.
        bases: the folders against which a relative path is tried.

    Raises:
        MediaError: it is nowhere, or no file; names what was tried.
    """
    if is_url(path):
        return path
    if not path.strip():
        raise MediaError("the path of an image or video is empty")
    named = Path(path)
    if path.startswith("~"):
        try:
            named = named.expanduser()
        except RuntimeError:
            pass  # no such user: a file may well be called that
    tried = [named] if named.is_absolute() else list(dict.fromkeys(base / named for base in bases))
    for candidate in tried:
        if _is_file(candidate):
            return candidate
    folder = next((candidate for candidate in tried if _is_folder(candidate)), None)
    if folder is not None:
        raise MediaError(f"{path}: {folder} is a folder, not an image or video")
    places = " and ".join(str(candidate) for candidate in tried)
    raise MediaError(f"{path}: not found (tried {places})")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False  # too long a name, a folder we may not enter: a path written by a model can be anything


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
