"""Plain values as bytes and back, for the pipes to the decoder processes: JSON with binary content behind it.

Not pickle: a decoder that a hostile file has taken over must not be able to run code in the parent.
"""

from __future__ import annotations

from struct import Struct
from typing import Any

import orjson

LENGTH = Struct(">Q")
_HEAD = Struct(">I")
_BYTES, _ARRAY = "$bytes", "$array"


def pack(value: Any) -> bytes:
    """A value as one length-framed message.

    Args:
        value: None, bool, int, float, str, bytes, numpy arrays, and lists, tuples and dicts of these. Tuples come back
            as lists.

    Raises:
        TypeError: it holds anything else.
    """
    blobs: list[Any] = []
    head = orjson.dumps(_plain(value, blobs))
    body = b"".join([_HEAD.pack(len(head)), head, *blobs])
    return LENGTH.pack(len(body)) + body


def unpack(body: bytes) -> Any:
    """The value of a message, its length taken off.

    Raises:
        ValueError: the message is damaged.
    """
    if len(body) < _HEAD.size:
        raise ValueError("a message without a head")
    (size,) = _HEAD.unpack_from(body)
    view = memoryview(body)
    value, at = _revive(orjson.loads(view[_HEAD.size : _HEAD.size + size]), view, _HEAD.size + size)
    if at != len(body):
        raise ValueError("a message of the wrong length")
    return value


def _plain(value: Any, blobs: list[Any]) -> Any:
    if isinstance(value, bytes):
        blobs.append(value)
        return {_BYTES: len(value)}
    if isinstance(value, dict):
        return {key: _plain(item, blobs) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, blobs) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if type(value).__module__ == "numpy" and hasattr(value, "tobytes") and hasattr(value, "shape"):
        blobs.append(value.tobytes())
        return {_ARRAY: value.dtype.str, "shape": list(value.shape)}
    raise TypeError(f"a {type(value).__name__} cannot be sent to another process")


def _revive(value: Any, view: memoryview, at: int) -> tuple[Any, int]:
    """The value at its place, and where the next binary content begins."""
    if isinstance(value, list):
        items = []
        for item in value:
            revived, at = _revive(item, view, at)
            items.append(revived)
        return items, at
    if not isinstance(value, dict):
        return value, at
    if _BYTES in value:
        end = at + value[_BYTES]
        return bytes(view[at:end]), end
    if _ARRAY in value:
        import numpy as np

        kind = np.dtype(value[_ARRAY])
        if kind.hasobject:
            raise ValueError("an array of objects")
        count = int(np.prod(value["shape"], dtype=np.int64))
        array = np.frombuffer(view, kind, count, at).reshape(value["shape"])
        return array, at + array.nbytes
    revived_dict = {}
    for key, item in value.items():
        revived_dict[key], at = _revive(item, view, at)
    return revived_dict, at
