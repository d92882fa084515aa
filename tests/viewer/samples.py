"""Datasets for the page, and ways to wait for it and to read it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.viewer.pages import Viewer


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"s{number}",
            "caption": f"caption number{number} {'straße' if number % 3 == 0 else 'road'}",
            "qa": [{"question": "q", "answer": "a", "type": "count" if number % 2 else "time"}] * (number % 4),
            "rating": number % 5,
        }
        for number in range(count)
    ]


def until(true: Callable[[], bool], seconds: float = 200.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.05)


def ids(viewer: Viewer, query: str = "", count: int = 200) -> list[Any]:
    until(lambda: bool(viewer.json("api/state")["complete"]))
    return [row["key"] for row in viewer.json(f"api/rows?count={count}&{query}")["rows"]]
