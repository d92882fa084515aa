"""The formats of datasets, one module each, and the two ways in, which go by a file's extension: read and write."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from dataflow.core.errors import InputError, OutputError, SampleError, UsageError
from dataflow.core.operator import near
from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.atomic import atomic_file
from dataflow.storage.formats import arrow, csv, json, jsonl, parquet
from dataflow.storage.formats.packed import format_name
from dataflow.storage.formats.wanted import EVERYTHING, Wanted
from dataflow.storage.os_errors import reading

BAD_ROWS_BEFORE_GIVING_UP = 20


class Reader(Protocol):
    """What a module of this package offers."""

    def read(self, path: Path, wanted: Wanted = EVERYTHING) -> Iterator[Sample | BadRow]:
        """Stream the rows of a file."""

    def count(self, path: Path) -> int | None:
        """How many rows a file has, where that is cheap to know."""


class Format(Reader, Protocol):
    """What one offers that writes, too."""

    def write(self, file: BinaryIO, rows: Iterable[Sample]) -> None:
        """Write rows to an open file."""


FORMATS: dict[str, Format] = {"json": json, "jsonl": jsonl, "csv": csv, "parquet": parquet}
READ: dict[str, Reader] = {**FORMATS, "ndjson": jsonl, "tsv": csv, "arrow": arrow, "feather": arrow}
"""By the ending of a file that is read; all but the first four are not written."""


def check_format(name: str, what: str, formats: Collection[str] = FORMATS) -> None:
    """Refuse a format that we do not know.

    Args:
        name: the extension without its dot.
        what: where it was given; the message begins with it.
        formats: those that are known there.

    Raises:
        UsageError: names the known ones.
    """
    if name not in formats:
        known = list(formats)
        raise UsageError(f"{what}: {name!r} is no format of ours{near(name, known)}. The formats: {', '.join(known)}")


def read_rows(path: Path, wanted: Wanted = EVERYTHING) -> Iterator[Sample | BadRow]:
    """Stream the rows of a dataset file in its format, unpacked; a row that cannot be read comes as a BadRow.

    Args:
        path: the file.
        wanted: by whom it is read: what is wrong with columns that nobody looks at loses no row.

    Raises:
        UsageError: the extension is none of ours.
        InputError: the file is missing, unreadable, empty, of another format than its name says, or the first rows
            are all bad. Says where and what to do.
    """
    check_format(format_name(path), str(path), READ)
    bad: list[BadRow] = []
    good = False
    with reading(path):
        if path.is_dir():
            raise InputError(f"{path}: this is a folder. Name a file in it")
        for row in READ[format_name(path)].read(path, wanted):
            if good:
                yield row
            elif isinstance(row, BadRow):
                bad.append(row)
                if len(bad) == BAD_ROWS_BEFORE_GIVING_UP:
                    break
            else:
                good = True
                yield from bad
                yield row
    if good:
        return
    if bad:
        more = f" The {len(bad)} rows from the first are all like that." if len(bad) > 1 else ""
        raise InputError(f"{bad[0].message}.{more} No row could be read")
    raise InputError(f"{path}: holds no samples. Write at least one row to it")


def count_rows(path: Path) -> int | None:
    """How many rows a dataset file has; None where that takes long to know.

    Raises:
        UsageError: the extension is none of ours.
        InputError: the file cannot be read.
    """
    check_format(format_name(path), str(path), READ)
    with reading(path):
        return READ[format_name(path)].count(path)


def write_rows(
    path: Path, rows: Iterable[Sample], csv_safe: bool = False, warn: Callable[[str], None] = lambda _: None
) -> Path:
    """Write a dataset file from a stream of rows, whole or not at all.

    Args:
        path: the file; its ending tells the format.
        rows: the samples.
        csv_safe: see `csv.write`.
        warn: told what is odd about the file.

    Raises:
        UsageError: the extension is none of ours.
        OutputError: it cannot be written, or a row has no form in this format. What stood there stays.
    """
    check_format(path.suffix[1:].lower(), str(path))
    number = 0

    def counted() -> Iterator[Sample]:
        nonlocal number
        for row in rows:
            number += 1
            yield row

    with atomic_file(path) as file:
        try:
            if path.suffix.lower() == ".csv":
                csv.write(file, counted(), csv_safe, lambda told: warn(f"{path.name}: {told}"))
            else:
                FORMATS[path.suffix[1:].lower()].write(file, counted())
        except SampleError as error:
            raise OutputError(f"{path}: row {number}: {error}") from None
    return path
