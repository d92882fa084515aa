"""The folder of an export: it appears whole or not at all, and never replaces one that is not ours."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dataflow.core.errors import OutputError
from dataflow.storage.lock import output_lock
from dataflow.storage.os_errors import writing
from dataflow.storage.own_files import make_new_folder

ABOUT = "export.json"
"""What an export says of itself; the file by which one is told from any other folder."""


@contextmanager
def whole_folder(out: Path, force: bool) -> Iterator[Path]:
    """Hand out a hidden folder beside `out`, which takes its place when the block ends, and goes when it raises.

    What a killed export left is cleared away by the next one to the same place.

    Args:
        out: where the export is to appear.
        force: replace an export that stands there.

    Raises:
        OutputError: something stands there, another export is at work on it, or the disk refuses.
    """
    out = out.absolute()
    hidden = out.with_name(f".{out.name}.partial")
    replaced = out.with_name(f".{out.name}.replaced")
    with output_lock(out):
        with writing(out):
            if replaced.is_symlink():  # no export of ours makes one
                replaced.unlink()
            elif replaced.exists():  # killed between the two renames below
                shutil.rmtree(replaced) if out.exists() else replaced.rename(out)
        _refuse_taken(out, force)
        with writing(hidden):
            _remove(hidden)
        make_new_folder(hidden)
        try:
            yield hidden
            with writing(out):
                if out.exists():
                    out.rename(replaced)
                hidden.rename(out)
        except BaseException:
            _remove(hidden)
            raise
        _remove(replaced)


def _refuse_taken(out: Path, force: bool) -> None:
    if not out.exists() and not out.is_symlink():
        return
    if out.is_symlink():
        raise OutputError(f"{out} is a symbolic link, and what it leads to is left alone. Choose another --out")
    if not out.is_dir():
        raise OutputError(f"{out}: there is a file of that name. Choose another folder with --out")
    if not any(out.iterdir()):
        return
    if not (out / ABOUT).is_file():
        raise OutputError(f"{out}: the folder is not empty and no export, so it is left alone. Choose another --out")
    if not force:
        raise OutputError(f"{out}: there is an export already. Add --force to replace it, or choose another --out")


def _remove(folder: Path) -> None:
    if folder.exists() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
