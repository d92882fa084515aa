"""Which conversations stand first in formats without types of their own, so that no reader is misled by the first rows.

Readers of JSON lines take the type of a column from the first rows: `datasets` from the first 10 MB, others from 100
rows. A column that is empty there has no type, and one that holds whole numbers there takes no fraction later. So the
first conversation that shows something new (a video, a field, a fraction, a text that is no date) goes to the front;
there are no more of them than such things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from dataflow.export.conversation import Conversation
from dataflow.export.own import OwnColumn

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d(?::?\d\d(?::?\d\d(?:\.\d{1,9})?)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?")
"""What readers take for a point in time where it stands alone in a text."""
_DIGIT = re.compile(r"\d")


def own_shown(conversation: Conversation, columns: Iterable[OwnColumn]) -> frozenset[str]:
    """What a reader can learn from a conversation about the types of own columns."""
    return frozenset(
        shown for column in columns for shown in _shown(column.value(conversation.own), f"own/{column.written}")
    )


def _shown(value: Any, path: str) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, str):
        yield f"{path}:{_DIGIT.sub('0', value) if _DATE.fullmatch(value) else 'text'}"
        return
    yield f"{path}:{type(value).__name__}"
    if isinstance(value, list):
        for item in value:
            yield from _shown(item, f"{path}/")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield f"{path}/{name}"
            yield from _shown(item, f"{path}/{name}")
