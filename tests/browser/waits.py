"""Waiting for a page: Playwright's own way evaluates strings within the page, which its policy forbids."""

from __future__ import annotations

import time
from typing import Any


def wait_until(page: Any, expression: str, seconds: float = 120.0) -> None:
    """Wait until an expression of JavaScript is true.

    Raises:
        AssertionError: it never was.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"never true: {expression}"
        page.wait_for_timeout(50)
