"""Opening a media file, with the messages for what is no readable file at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from dataflow.core.causes import said_by
from dataflow.core.errors import MediaError


def check_regular(path: str | Path) -> os.stat_result:
    """The status of a file that can hold media.

    Raises:
        MediaError: it is missing, a folder, a pipe or a device, or empty.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 - making a Path costs more than the call
    except FileNotFoundError:
        raise MediaError(f"{path}: there is no such file. Check the path in the dataset") from None
    except PermissionError:
        raise MediaError(f"{path}: no permission to look into its folder") from None
    except (OSError, ValueError) as error:
        raise MediaError(f"{str(path)[:200]!r} is no usable path: {said_by(error)}") from None
    if stat.S_ISDIR(status.st_mode):
        raise MediaError(f"{path} is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise MediaError(f"{path} is a pipe or a device, not a regular file")
    if status.st_size == 0:
        raise MediaError(f"{path} is empty (0 bytes)")
    return status


def open_regular(path: str | Path) -> BinaryIO:
    """A file opened for reading, unbuffered.

    Raises:
        MediaError: as `check_regular`, or it may not be read.
    """
    check_regular(path)
    try:
        return open(path, "rb", buffering=0)
    except PermissionError:
        raise MediaError(f"{path}: no permission to read it") from None
    except OSError as error:
        raise MediaError(f"{path} cannot be opened: {error.strerror}") from None
