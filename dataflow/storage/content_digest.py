"""A digest of data by its content: the same for the same JSON, whatever the order of fields or the file format."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import orjson

from dataflow.storage.json_text import dump


def content_digest(value: Any) -> str:
    """16 hexadecimal digits that change with the content of a row, a pair or any other value that JSON can hold."""
    plain = orjson.loads(dump(value))  # numpy, paths and dates as a JSON file has them
    return blake2b(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
