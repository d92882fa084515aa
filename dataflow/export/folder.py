"""The folder of an export: it appears whole or not at all, and never replaces one that is not ours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dataflow.core.errors import OutputError
from dataflow.export.replaced import ABOUT, Written, written_in
from dataflow.storage.lock import output_lock
from dataflow.storage.os_errors import writing
from dataflow.storage.own_files import make_new_folder

OTHERS_NAMED = 5


@contextmanager
def whole_folder(out: Path, force: bool, tell: Callable[[str], None] = lambda told: None) -> Iterator[Path]:
    """Hand out a hidden folder beside `out`, which takes its place when the block ends, and goes when it raises.

    What a killed export left is cleared away by the next one to the same place.

    Args:
        out: where the export is to appear.
        force: replace what an export wrote that stands there; all else there stays.
        tell: told what else was there.

    Raises:
        OutputError: something stands there, another export is at work on it, or the disk refuses.
    """
    out = out.absolute()
    hidden = out.with_name(f".{out.name}.partial")
    replaced = out.with_name(f".{out.name}.replaced")
    with output_lock(out):
        with writing(out):
            _go_on(replaced, out)
        written = _refuse_taken(out, force)
        with writing(hidden):
            _remove(hidden)
        make_new_folder(hidden)
        try:
            yield hidden
            with writing(out):
                if written is not None:
                    _tell_of_others(list(written.others(out)), hidden, out, tell)
                if out.exists():
                    out.rename(replaced)
                hidden.rename(out)
        except BaseException:
            _remove(hidden)
            raise
        with writing(out):
            _go_on(replaced, out)


def _go_on(replaced: Path, out: Path) -> None:
    """Finish what a kill may have interrupted after `out` was moved to `replaced`."""
    if replaced.is_symlink():  # no export of ours makes one
        replaced.unlink()
    elif replaced.exists() and not out.exists():
        replaced.rename(out)
    elif replaced.exists():
        written = written_in(replaced)
        if written is None and (replaced / ABOUT).exists():
            raise OutputError(f"{replaced}: left by an export of an earlier version that was killed. Remove it (rm -r)")
        (written or Written([])).remove(replaced, out)


def _tell_of_others(others: list[str], hidden: Path, out: Path, tell: Callable[[str], None]) -> None:
    """Say what stays of the user's.

    Raises:
        OutputError: the export writes something of the same name.
    """
    if taken := next((path for path in others if os.path.lexists(hidden / path)), None):
        raise OutputError(f"{out / taken}: no export wrote it, and this one writes a file of that name. Move it away")
    if others:
        more = f" and {len(others) - OTHERS_NAMED} more" if len(others) > OTHERS_NAMED else ""
        tell(f"kept in the folder, since no export wrote it: {', '.join(others[:OTHERS_NAMED])}{more}")


def _refuse_taken(out: Path, force: bool) -> Written | None:
    """What an export has written that stands there; None where nothing does."""
    if not out.exists() and not out.is_symlink():
        return None
    if out.is_symlink():
        raise OutputError(f"{out} is a symbolic link, and what it leads to is left alone. Choose another --out")
    if not out.is_dir():
        raise OutputError(f"{out}: there is a file of that name. Choose another folder with --out")
    if not any(out.iterdir()):
        return None
    if not (out / ABOUT).is_file():
        raise OutputError(f"{out}: the folder is not empty and no export, so it is left alone. Choose another --out")
    if not force:
        raise OutputError(f"{out}: there is an export already. Add --force to replace it, or choose another --out")
    written = written_in(out)
    if written is None:
        raise OutputError(
            f"{out}: its {ABOUT} has no list of the files that were written (an export of an earlier version, or none "
            f"of ours), so none is removed. Remove it yourself (rm -r '{out}'), or choose another --out"
        )
    return written


def _remove(folder: Path) -> None:
    if folder.exists() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
