"""Images and videos that stand in the rows themselves, as bytes or base64, become files, so that outputs do not carry
them along: rows then hold paths, and memory one picture.

A file is named by its content, below `media/` in the folder of the output: a second run finds the same, and equal
pictures are one file.
"""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Callable, Iterator, Set
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from dataflow.core.sample import Sample
from dataflow.core.storage import BadRow
from dataflow.storage.json_text import DEEPEST, UnwritableField, dump_row, plain
from dataflow.storage.os_errors import writing
from dataflow.storage.own_files import make_own_folder, write_new
from dataflow.storage.signatures import HEAD_BYTES, suffix_of

FOLDER = "media"
SHORTEST_BASE64 = 64
"""Characters: a picture has more."""
_URL_SAFE = str.maketrans("-_", "+/")
_WITHOUT_FORM = (bytes, bytearray, memoryview)


class EmbeddedMedia:
    """Turns what stands in rows into files.

    Args:
        folder: of the output, which paths in rows are relative to.
        columns: those that operators read. Bytes in others are left out of the row, for no output could hold them.
        warn: told at the end what was left out or written as text.
    """

    def __init__(self, folder: Path, columns: Set[str], warn: Callable[[str], None]) -> None:
        self._folder = folder
        self._columns = columns
        self._warn = warn
        self._left_out: dict[str, int] = {}
        self._as_text: dict[str, int] = {}

    def rows(self, rows: Iterator[Sample | BadRow]) -> Iterator[Sample | BadRow]:
        """The rows with paths instead of content.

        Raises:
            OutputError: the folder cannot be written.
        """
        for number, row in enumerate(rows, 1):
            yield row if isinstance(row, BadRow) else self._row(number, row)
        for told, names in (
            ("left out, for they hold bytes that nothing reads", self._left_out),
            (_AS_TEXT, self._as_text),
        ):
            if names:
                self._warn(f"{told}: " + ", ".join(f"{name} ({count:,} rows)" for name, count in sorted(names.items())))

    def _row(self, number: int, row: Sample) -> Sample | BadRow:
        for name in self._columns & row.keys():
            held = row[name]
            if isinstance(held, str) and len(held) < SHORTEST_BASE64 and not held.startswith("data:"):
                continue
            if (value := self._value(held)) is not held:
                row = {**row, name: value}
        while True:
            try:
                dump_row(row)
                return row
            except UnwritableField as error:
                if not error.field or error.field in self._columns:
                    own = row.get("id", number)
                    return BadRow(own if isinstance(own, int) else number, f"sample {own}: {error}", "")
                row = self._without(row, error.field)

    def _without(self, row: Sample, name: str) -> Sample:
        """A row without what no file holds, in a column that nothing reads."""
        if _has_bytes(row[name]):
            self._left_out[name] = self._left_out.get(name, 0) + 1
            return {other: value for other, value in row.items() if other != name}
        self._as_text[name] = self._as_text.get(name, 0) + 1
        return {**row, name: plain(row[name])}

    def _value(self, value: Any, depth: int = 0) -> Any:
        """A value with paths in the place of content; itself where there is none, or where it has no bottom."""
        if isinstance(value, str):
            data = _data_in(value)
            return value if data is None else self._keep(data)
        if isinstance(value, _WITHOUT_FORM):
            return self._keep(bytes(value))
        if isinstance(value, list | tuple):
            if depth == DEEPEST:
                return value
            made = [self._value(item, depth + 1) for item in value]
            return made if any(new is not old for new, old in zip(made, value, strict=True)) else value
        if isinstance(value, dict) and "bytes" in value and value.keys() <= {"bytes", "path"}:
            return self._of_the_hub(value)
        if isinstance(value, os.PathLike):
            return os.fspath(value)
        return self._keep(_encoded(value)) if _is_picture(value) else value

    def _of_the_hub(self, value: dict[str, Any]) -> Any:
        """`{bytes, path}`, as `datasets` keeps images and videos; without bytes, the path says where they are."""
        held = value["bytes"]
        if isinstance(held, str):  # JSON cannot hold bytes
            held = _decoded(held)
        return value.get("path") if held is None else self._keep(bytes(held))

    def _keep(self, data: bytes) -> str:
        digest = sha256(data).hexdigest()
        # Folders of up to 256, as in exports.
        name = f"{FOLDER}/{digest[:2]}/{digest}{suffix_of(data[:HEAD_BYTES]) or '.bin'}"
        path = self._folder / name
        if path.is_symlink() or not path.is_file() or path.stat().st_size != len(data):
            for folder in (path.parent.parent, path.parent):
                make_own_folder(folder)
            with writing(path):
                partial = path.with_name(f".{path.name}.{os.getpid()}")
                write_new(partial, data)
                partial.replace(path)
        return name


_AS_TEXT = "written as text, for they hold values that JSON has no form for"


def _data_in(text: str) -> bytes | None:
    """The content of a `data:` URL, or of base64 that begins like a picture; None in any other text."""
    if text[:11].lower().startswith(("data:image/", "data:video/")):
        kind, comma, body = text.partition(",")
        if not comma:
            return None
        if kind.lower().endswith(";base64"):
            return _decoded(body)
        return unquote_to_bytes(body) or None
    if len(text) < SHORTEST_BASE64:
        return None
    head = _decoded("".join(text[: 4 * HEAD_BYTES].split())[: SHORTEST_BASE64 // 2])
    return _decoded(text) if head is not None and suffix_of(head) is not None else None


def _decoded(text: str) -> bytes | None:
    """The bytes that base64 stands for, line ends in it and the alphabet of URLs included; None where it is none."""
    try:
        packed = "".join(text.split()).translate(_URL_SAFE)
        return b64decode(packed + "=" * (-len(packed) % 4), validate=True) or None
    except ValueError:
        return None


def _is_picture(value: Any) -> bool:
    """Whether a value is a picture of Pillow, told without loading it."""
    return type(value).__module__.partition(".")[0] == "PIL" and hasattr(value, "save")


def _encoded(picture: Any) -> bytes:
    """A picture of Pillow as a file: PNG, which loses nothing, where its form goes into one."""
    import io

    file = io.BytesIO()
    form = picture if picture.mode in ("1", "L", "LA", "I;16", "P", "RGB", "RGBA") else picture.convert("RGB")
    form.save(file, "PNG")
    return file.getvalue()


def _has_bytes(value: Any, depth: int = 0) -> bool:
    if isinstance(value, dict | list | tuple):
        held = value.values() if isinstance(value, dict) else value
        return depth < DEEPEST and any(_has_bytes(item, depth + 1) for item in held)
    return isinstance(value, _WITHOUT_FORM) or _is_picture(value)
