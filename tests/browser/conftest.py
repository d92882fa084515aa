"""One browser for the tests of a module, a page of its own for each, and outputs of real runs to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import chromium
from tests.commands import dataflow
from tests.viewer.pages import Viewer, viewing

expect.set_options(timeout=120_000)  # machines that run tests are busy


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium. Not for longer than a module: while it is there an event loop runs in this thread, and the tests of
    other folders that come after it in the same process could start none."""
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of 1440 by 900; what its scripts complain about fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demo makes: captions and three pairs for three clips."""
    folder = tmp_path_factory.mktemp("demo")
    done = dataflow("run", "video_qa", "--num-qa", "3", "--output", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.fixture
def viewer(demo: Path) -> Iterator[Viewer]:
    """The demo's output, not reviewed yet, on a page."""
    for log in demo.glob("*.review.jsonl"):
        log.unlink()
    with viewing(demo) as running:
        yield running
