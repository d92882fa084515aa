"""What the operating system says about files, in the words of our errors: what, which path, and the cure."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote

from dataflow.core.causes import said_by
from dataflow.core.errors import InputError, OutputError
from dataflow.core.folder import GONE, is_gone, looked_in

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
NO_PERMISSION = (errno.EACCES, errno.EPERM, errno.EROFS)
NOT_A_FOLDER = (errno.ENOTDIR, errno.EEXIST)


def input_error(error: OSError, path: Path) -> InputError:
    """Why a file cannot be read."""
    match error.errno:
        case errno.ENOENT:
            return InputError(f"{path}: there is no such file{looked_in(path)}. Check the path")
        case errno.EISDIR:
            return InputError(f"{path}: this is a folder. Name a file in it")
        case code if code in NO_PERMISSION:
            return InputError(f"{path}: no permission to read it. Try: chmod u+r {quote(str(path))}")
        case _:
            return InputError(f"{path}: cannot be read: {error.strerror or said_by(error)}")


def output_error(error: OSError, path: Path) -> OutputError:
    """Why a file cannot be written."""
    match error.errno:
        case code if code in NO_ROOM:
            return OutputError(f"{path}: no space left on the disk. Free some, or choose another output folder")
        case errno.EFBIG:
            return OutputError(
                f"{path}: larger than this process or disk may write. Raise `ulimit -f`, or split the data"
            )
        case code if code in NO_PERMISSION and path.is_file() and os.access(path.parent, os.W_OK):
            return OutputError(f"{path}: no permission to write it. Try: chmod u+rw {quote(str(path))}")
        case code if code in NO_PERMISSION:
            return OutputError(f"{path}: no permission to write in {path.parent}. Choose another output folder")
        case code if code in NOT_A_FOLDER:
            return OutputError(
                f"{path}: a file stands where a folder is needed. Move it, or choose another output folder"
            )
        case errno.EISDIR:
            return OutputError(
                f"{path}: this is a folder; a file is to be written there. Move it (mv {quote(str(path))}"
                f" {quote(f'{path}.aside')}), or choose another name"
            )
        case errno.ENOENT if not path.is_absolute() and is_gone():
            return OutputError(f"{path}: cannot be written: {GONE}")
        case _:
            return OutputError(
                f"{path}: cannot be written: {error.strerror or said_by(error)}. Choose another output folder"
            )


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong while `path` is read into InputError."""
    try:
        yield
    except OSError as error:
        raise input_error(error, path) from error


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what goes wrong while `path` is written into OutputError."""
    try:
        yield
    except OSError as error:
        raise output_error(error, path) from error


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where they are not there yet.

    Raises:
        OutputError: it cannot be made; says why and what to do.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
