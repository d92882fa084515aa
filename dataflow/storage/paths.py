"""Where the media of a sample lie: a relative path is tried against each base folder, in order.

Written with os.path: this runs for every image of every sample, and Path objects cost more than the look at the disk.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from dataflow.core.errors import MediaError
from dataflow.core.excerpt import excerpt

URL = re.compile(r"data:|[a-z][a-z0-9+.-]*://", re.IGNORECASE)

LONGEST_NAME, LONGEST_PATH = 255, 1024
"""Characters beyond which a text that leads to nothing is no name of a file, and no path."""


def is_url(path: str) -> bool:
    """Whether it names something on the network, or carries its bytes in itself (`data:`)."""
    return URL.match(path) is not None


def resolve_media(path: str, bases: tuple[Path, ...]) -> str:
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
    named = path.removeprefix("./")
    if path.startswith("~"):
        try:
            named = str(Path(path).expanduser())
        except RuntimeError:
            pass  # no such user: a file may well be called that
    tried = [named] if os.path.isabs(named) else list(dict.fromkeys(os.path.join(base, named) for base in bases))
    for candidate in tried:
        if os.path.isfile(candidate):
            return candidate
    folder = next((candidate for candidate in tried if os.path.isdir(candidate)), None)
    if folder is not None:
        raise MediaError(f"{path}: {folder} is a folder, not an image or video")
    if len(path) > LONGEST_PATH or any(len(part) > LONGEST_NAME for part in path.split("/")):
        raise MediaError(f"a text stands where the path of an image or video should: {excerpt(path)}")
    places = " and ".join(tried)
    raise MediaError(f"{path}: not found (tried {places})")
