"""Datasets behind addresses (`https://`, `s3://`, `gs://`, `az://`, `hf://`): fetched into the output before a run
begins, within the limits and behind the guard that URLs of media have; what changed since the run before is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from dataflow.core import InputError, MediaError
from dataflow.core.loop import run_blocking
from dataflow.media.digest import bytes_digest, file_digest
from dataflow.media.fetch import TABLE_LIMITS, fetch_table
from dataflow.media.fetch_limits import display_url
from dataflow.storage.formats import READ
from dataflow.storage.formats.packed import format_name, is_packed
from dataflow.storage.kept_input import FOLDER, ending_of
from dataflow.storage.os_errors import writing
from dataflow.storage.own_files import make_own_folder

LONGEST_STEM = 60


def fetched(url: str, folder: Path, *, allow_private: bool, warn: Callable[[str], None]) -> Path:
    """Fetch a dataset.

    Args:
        url: where it is.
        folder: of the output.
        allow_private: whether addresses that are not of the public internet may be reached.
        warn: told when it is another than in the run before.

    Returns:
        The file, `input/NAME-DIGEST.jsonl`; the one of the run before where nothing has changed.

    Raises:
        InputError: it cannot be fetched; names the file of the run before, if there is one.
        PrerequisiteError: the package for that storage is not installed.
        OutputError: the file cannot be written.
    """
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    stem = f"{name.partition('.')[0][:LONGEST_STEM] or 'table'}-{bytes_digest(url.encode())[:8]}"
    into = folder / FOLDER
    make_own_folder(into)
    kept = next((path for path in into.iterdir() if path.name.startswith(f"{stem}.")), None)
    fresh = into / f".{stem}.part"
    try:
        with writing(fresh):
            run_blocking(fetch_table(url, fresh, replace(TABLE_LIMITS, allow_private=allow_private)))
            if kept is None:
                return fresh.replace(into / f"{stem}{_ending(name, fresh)}")
            if file_digest(kept, full=True) == file_digest(fresh, full=True):
                return kept
            warn(f"{display_url(url)} has changed since the run before: rows without an id of their own may be others")
            kept.unlink()
            return fresh.replace(into / f"{stem}{_ending(name, fresh)}")
    except MediaError as error:
        cure = "" if kept is None else f". The table of the run before is kept: -i {kept}"
        raise InputError(f"{error}{cure}") from None
    finally:
        fresh.unlink(missing_ok=True)


def _ending(name: str, file: Path) -> str:
    """The ending that a fetched file should have: that of its name, unless it is of no format or was unpacked on the
    way."""
    with file.open("rb") as opened:
        head = opened.read(64)
    told = Path(name)
    if is_packed(told) and not ending_of(head).endswith(told.suffix.lower()):
        told = told.with_suffix("")
    if format_name(told) not in READ:
        return ending_of(head)
    return "".join(told.suffixes[-2:]) if is_packed(told) else told.suffix
