"""The report in a real browser: nothing loads, nothing runs, everybody can read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from tests.commands import dataflow, write_jsonl
from tests.export.rows import caption_row, media

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUNS = "window.ran = true"


@pytest.fixture(scope="module")
def report_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with something in every section, and text that would like to run."""
    folder = media(tmp_path_factory.mktemp("report"))
    hostile = f"</style><script>{RUNS}</script><img src=x onerror='{RUNS}'><a href='javascript:{RUNS}'>link</a>"
    pair = {"question": f"What {hostile}?", "answer": hostile, "type": hostile}
    rows = [
        {**caption_row(n), "caption": f"{hostile} {n}", "qa": [pair, pair], "c_checks": {"ok": True}} for n in range(20)
    ]
    write_jsonl(folder / "data.jsonl", [*rows, {"id": 30, "image": ["p/p0.jpg", "p/p1.jpg"], "caption": "x" * 500}])
    failure = {"id": 99, "operator": "O", "kind": "answer", "message": hostile, "raw": hostile, "sample": rows[0]}
    write_jsonl(folder / "data.failures.jsonl", [failure])
    write_jsonl(folder / "data.rejected.jsonl", [{"id": 98, "operator": "O", "reason": hostile}])
    line = {"operator": "O", "prompt": "p", "model": "m", "input_tokens": 5, "source": "fresh"}
    times = [{"video": "clips/a.mp4", "times": [0.5, 1.5]}]
    traced = [{"id": n, **line, "output_tokens": n, "latency": n / 9, "media": times} for n in range(20)]
    write_jsonl(folder / "data.trace.jsonl", traced)
    done = dataflow("report", "data.jsonl", "-o", "report.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "report.html"


def test_nothing_of_what_models_wrote_runs_and_nothing_is_loaded(page: Any, report_page: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report_page.as_uri())
    page.locator("summary").click()
    assert page.evaluate("window.ran") is None
    assert [url for url in asked if not url.startswith("data:")] == [report_page.as_uri()]
    assert page.locator("section").count() == 7
    assert page.get_by_text("<script>").count() > 20
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_the_page_is_no_wider_than_the_window(
    browser: Any, report_page: Path, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.goto(report_page.as_uri())
    page.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    context.close()
    told = [
        (one["id"], one["impact"], one["nodes"][0]["html"][:160], one["nodes"][0]["failureSummary"]) for one in found
    ]
    assert told == []


def test_the_way_through_the_page_is_open_to_the_keyboard(page: Any, report_page: Path) -> None:
    page.goto(report_page.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#set-aside"
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#samples"
    page.keyboard.press("Enter")
    expect(page.locator("#samples h2")).to_be_in_viewport()
