"""Files and folders of our own, in folders that somebody else may have filled: never opened through a link.

What is begun anew is made exclusively, in place of whatever bore its name; a link there goes, what it leads to stays.
What is gone on with (a lock, a ledger, a log) is refused where it is a link, which may have come with the folder.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from dataflow.core.errors import OutputError
from dataflow.storage.os_errors import make_folder, writing
from dataflow.storage.places import VARIABLE, followed_by_environment


def create(path: Path) -> int:
    """A new file in place of any other, as a descriptor for reading and writing.

    Raises:
        OSError: it cannot be made.
    """
    path.unlink(missing_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)


def write_new(path: Path, data: bytes) -> None:
    """Write a new file in place of any other.

    Raises:
        OSError: it cannot be written.
    """
    with open(create(path), "wb") as file:
        file.write(data)


def open_own(path: Path, flags: int) -> int:
    """A file that may be there already, as a descriptor.

    Raises:
        OutputError: a link stands there.
        OSError: it cannot be opened.
    """
    try:
        return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            refuse_link(path)
        raise


def refuse_link(path: Path) -> None:
    """Refuse a path that is a symbolic link.

    Raises:
        OutputError: it is one; names where it leads, and the cure.
    """
    if path.is_symlink():
        raise OutputError(
            f"{path} is a symbolic link, to {_target(path)}, and what is written there would go into that file. "
            f"Remove it (rm '{path}') and run again"
        )


def make_own_folder(folder: Path) -> None:
    """Make a folder below one of ours, where it is not there yet.

    Raises:
        OutputError: it cannot be made, or is a link and links are not to be followed.
    """
    if folder.is_symlink() and not followed_by_environment():
        raise OutputError(
            f"{folder} is a symbolic link, to {_target(folder)}, and files would be written there. If you laid it, set "
            f"{VARIABLE}=1; else remove it (rm '{folder}') and run again"
        )
    make_folder(folder)


def make_new_folder(folder: Path) -> None:
    """Make a folder of which nothing is there yet; a link of its name goes.

    Raises:
        OutputError: it cannot be made, or something else stands there.
    """
    with writing(folder):
        if folder.is_symlink():
            folder.unlink()
        folder.mkdir(parents=True)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # it went meanwhile
        return "another file"
