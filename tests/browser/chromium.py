"""The system's Chromium: where it is, and how it is driven."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def chromium_path() -> str | None:
    """The program: what CHROMIUM names, else the one on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


def why_there_is_none() -> str:
    """What is missing for driving a browser; empty where nothing is."""
    missing = [name for name in ("playwright", "axe_playwright_python") if not find_spec(name)]
    if missing:
        return f"{' and '.join(missing)} is not installed"
    return "" if chromium_path() else "there is no browser (apt-get install chromium)"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser."""
    from playwright.sync_api import sync_playwright

    # As root, which CI is, Chromium runs without its sandbox or not at all.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=options)
        yield browser
        browser.close()
