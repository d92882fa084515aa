"""The working directory, which may have been removed by now: then only what is relative fails, each with its error."""

from __future__ import annotations

from pathlib import Path

GONE = "the folder you are in has been removed: cd into one that is there, or give absolute paths"


def working_folder() -> Path:
    """The working directory; the relative `.` where it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        return Path()


def is_gone() -> bool:
    """Whether the working directory has been removed."""
    return not working_folder().is_absolute()


def absolute(path: Path) -> Path:
    """A path that holds in every process; a relative one stays relative where the working directory is gone."""
    return working_folder() / path


def looked_in(path: Path) -> str:
    """For messages about a path that is not there: in which folder it was looked for."""
    if path.is_absolute():
        return ""
    return f" ({GONE})" if is_gone() else f" (looked in {working_folder()})"
