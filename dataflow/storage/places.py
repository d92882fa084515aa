"""Where the media of a dataset are looked for, and which links are followed on the way to them; with os.path, as paths.

What a row names can be read by whoever gets a dataset; where a link in its folder leads cannot be told from it. So a
link below the folder in which a path is looked for must not lead out of it, or a dataset made by somebody else could
have any picture of this machine sent, shown and exported as its own. The reasons: `docs/decisions/017-...`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError
from dataflow.storage.paths import is_url, resolve_media

VARIABLE = "DATAFLOW_FOLLOW_LINKS"
"""What `--follow-links` is in the environment, for scripts and for those whose data are all links."""

_STORES = (".git/annex/objects", ".dvc/cache")
"""Where git-annex and DVC keep the files that their links stand for, below the root of a repository."""

_FOLDERS_REMEMBERED = 4096


@dataclass(frozen=True)
class MediaPlaces:
    """Finds the media that rows name.

    Args:
        bases: the folders against which relative paths are tried.
        own: folders of media that the user named: what is in them is the user's, links too.
        home: the folder of the data file, into which links may lead, wherever they are.
        follow_links: follow links wherever they lead.
    """

    bases: tuple[Path, ...]
    own: tuple[Path, ...] = ()
    home: Path | None = None
    follow_links: bool = False
    _real: dict[str, tuple[str, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def find(self, path: str) -> str:
        """Where an image or video lies.

        Args:
            path: as it stands in the sample. A URL comes back as it is.

        Raises:
            MediaError: it is nowhere, no file, or behind a link that leads out of the dataset's folders.
        """
        found = resolve_media(path, self.bases)
        if not is_url(found):
            self._check(path, found)
        return found

    def for_run(self, folder: Path, follow_links: bool) -> MediaPlaces:
        """The same for a run with a folder of its own: a further base, and the home."""
        return MediaPlaces((*self.bases, folder), self.own, folder, follow_links)

    def beside(self, other: MediaPlaces) -> MediaPlaces:
        """Those of two datasets: here first, then there."""
        return MediaPlaces((*self.bases, *other.bases), (*self.own, *other.own))

    def _check(self, named: str, found: str) -> None:
        try:
            candidate, real = self._both(found)
        except ValueError as error:  # a NUL in the path
            raise MediaError(f"{named!r} is no usable path: {said_by(error)}") from None
        if candidate == real or self.follow_links or followed_by_environment():
            return
        own = [_absolute(folder) for folder in self.own]
        holder = self._holder(named, candidate)
        if holder is None or any(is_inside(candidate, folder) for folder in own):
            return
        allowed = [holder, *own, *([_absolute(self.home)] if self.home else [])]
        if not leads_within(real, allowed):
            raise MediaError(
                f"{named}: a symbolic link leads out of {holder}, to {real}. If you laid it, add --follow-links "
                f"(in a script: {VARIABLE}=1)"
            )

    def _both(self, found: str) -> tuple[str, str]:
        """A path as it is written, without `..`, and where it really leads; folders are looked at once."""
        folder, name = os.path.split(found)
        known = self._real.get(folder)
        if known is None:
            if len(self._real) >= _FOLDERS_REMEMBERED:
                self._real.clear()
            known = self._real[folder] = _absolute(folder), os.path.realpath(folder)
        written, real = known
        leads_on = name in ("", "..", ".") or os.path.islink(found)
        if not leads_on:
            return f"{written}/{name}", f"{real}/{name}"
        return os.path.normpath(os.path.join(written, name)), os.path.realpath(found)

    def _holder(self, named: str, candidate: str) -> str | None:
        """The folder in which a path is looked for: the innermost base around it; of a relative path that leads out of
        its base openly, by `..`, the folder around both. None for a place that the row names by its own path."""
        bases = [_absolute(base) for base in self.bases]
        around = [base for base in bases if is_inside(candidate, base)]
        if not around and not named.startswith(("/", "~")):
            around = [os.path.commonpath([base, candidate]) for base in bases]
        return max(around, key=len, default=None)


def followed_by_environment() -> bool:
    """Whether the environment says that links are followed wherever they lead."""
    return os.environ.get(VARIABLE, "") not in ("", "0")


def is_inside(path: str, folder: str) -> bool:
    """Whether a path, as it is written, lies below a folder."""
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def leads_within(real: str, folders: list[str]) -> bool:
    """Whether a place without links on the way to it lies in one of some folders, or in the store of the tree that a
    folder is part of."""
    meant = [os.path.realpath(folder) for folder in folders]
    return any(is_inside(real, folder) for folder in meant) or any(
        is_inside(real, store) for folder in meant for store in _stores(folder)
    )


def _stores(folder: str) -> Iterator[str]:
    """Where git-annex, DVC and the cache of the Hugging Face Hub keep what links in a folder stand for: files named by
    their content, which nobody can name who does not have it."""
    while True:
        above, name = os.path.split(folder)
        yield from (os.path.join(folder, store) for store in _STORES)
        if name == "snapshots":
            yield os.path.join(above, "blobs")
        if above == folder:
            return
        folder = above


def _absolute(path: str | Path) -> str:
    return os.path.abspath(path)  # Path.resolve would follow links
