"""An answer as a row of the ledger, with a checksum by which damage on the disk is noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import orjson

from dataflow.core import Response, Usage

COLUMNS = (
    *("key", "attempt", "text", "reasoning", "finish_reason", "input_tokens", "cached_tokens", "output_tokens"),
    *("model", "latency", "media", "verdict", "created", "checksum"),
)

CHECKSUM_BYTES = 8

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored answer and what was made of it.

    Args:
        response: the answer as it came, `fresh` False.
        verdict: `valid`, `unparsed` (the parser refused it) or `refused` (the operator failed on it).
        created: seconds since the epoch.
    """

    response: Response
    verdict: str
    created: float


def row_of(key: bytes, attempt: int, entry: Entry) -> Row:
    """The columns of `COLUMNS`.

    Raises:
        TypeError: what was shown to the model has no JSON form.
    """
    response = entry.response
    usage = response.usage
    row = (
        *(key, attempt, _storable(response.text), _storable(response.reasoning), _storable(response.finish_reason)),
        *(
            usage.input_tokens,
            usage.cached_tokens,
            usage.output_tokens,
            _storable(response.model),
            float(response.latency),
        ),
        *(orjson.dumps(response.media) if response.media else b"", entry.verdict, float(entry.created)),
    )
    return (*row, checksum(row))


def entry_of(key: bytes, attempt: int, row: Sequence[object]) -> Entry | None:
    """The answer of a row, or None where it is not the one that was written.

    Args:
        key: the question that was looked up; the row must have been written for it, whatever the index says.
        attempt: its attempt.
        row: the columns behind these two, text as bytes.
    """
    *columns, stored = row
    # A page that was hit may hold anything, values of other types included.
    if checksum((key, attempt, *columns)) != stored:
        return None
    text, reasoning, finish, read, cached, written, model, latency, media, verdict, created = columns
    usage = Usage(int(str(read)), int(str(written)), int(str(cached)))
    shown = tuple(orjson.loads(media)) if isinstance(media, bytes) and media else ()
    response = Response(
        *(_text(text), _text(reasoning), _text(finish), usage, _text(model), float(str(latency))),
        fresh=False,
        attempt=attempt,
        media=shown,
    )
    return Entry(response, _text(verdict), float(str(created)))


def checksum(row: Sequence[object]) -> bytes:
    """The checksum of all columns before it, each with its length: the same for text and its UTF-8."""
    parts = [value if isinstance(value, bytes) else str(value).encode() for value in row]
    parts.append(repr([len(part) for part in parts]).encode())
    return blake2b(b"".join(parts), digest_size=CHECKSUM_BYTES).digest()


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _storable(text: str) -> str:
    """A text without halves of surrogate pairs, which SQLite refuses, and with them all answers of the same commit."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
