"""The list in a real browser: many rows, a run that goes on, failures, other sizes, other readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import orjson
import pytest
from playwright.sync_api import expect

from dataflow.storage.lock import output_lock
from tests.browser.waits import wait_until
from tests.viewer.pages import Viewer, sample_media, viewing, write_dataset

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def test_a_hundred_thousand_rows_scroll_with_a_handful_of_elements(page: Any, tmp_path: Path) -> None:
    path = write_dataset(tmp_path, [{"id": number, "caption": f"caption {number}"} for number in range(100_000)])
    with viewing(path) as viewer:
        page.goto(viewer.address)
        expect(page.locator("#list[data-total='100000']")).to_be_visible()
        page.evaluate("document.querySelector('#list').scrollTop = document.querySelector('#list').scrollHeight / 2")
        expect(page.locator(".row-text", has_text="caption 50000")).to_be_visible()
        assert page.locator(".row").count() < 40
        page.locator("#list").focus()
        page.keyboard.press("End")
        expect(page.locator("#sample h2")).to_have_text("#99999")
        expect(page.locator(".row[aria-selected=true]")).to_have_attribute("aria-posinset", "100000")
        page.fill("#search", "77777")
        expect(page.locator(".row")).to_have_count(1)


def test_samples_appear_while_a_run_goes_on(page: Any, tmp_path: Path) -> None:
    spool = tmp_path / "x_step1.jsonl.spool"
    spool.write_bytes(b'{"id":1,"caption":"first"}\n')
    manifest = {"state": "running", "pid": 1, "output": "x_step1.jsonl", "counts": {"samples": 4, "finished": 1}}
    (tmp_path / "run.json").write_bytes(orjson.dumps(manifest))
    with output_lock(tmp_path / "x_step1.jsonl"), viewing(tmp_path) as viewer:
        page.goto(viewer.address)
        expect(page.locator(".row")).to_have_count(1)
        expect(page.locator("#run")).to_contain_text("Running · 1 of 4 samples")
        with spool.open("ab") as file:
            file.write(b'{"id":2,"caption":"second"}\n{"id":3,"caption":"third"}\n')
        manifest["counts"] = {"samples": 4, "finished": 3}
        (tmp_path / "run.json").write_bytes(orjson.dumps(manifest))
        expect(page.locator(".row")).to_have_count(3)
        expect(page.locator("#run")).to_contain_text("3 of 4 samples")
        page.keyboard.press("j")
        expect(page.locator("#sample h2")).to_have_text("#2")
        write_dataset(tmp_path, [{"id": number, "caption": f"done {number}"} for number in (4, 3, 2, 1)])
        spool.unlink()
        (tmp_path / "run.json").write_bytes(orjson.dumps({**manifest, "state": "done"}))
        (tmp_path / ".x_step1.jsonl.lock").unlink()  # as a run does at its end
        expect(page.locator(".row")).to_have_count(4)
        expect(page.locator("#run")).to_be_hidden()
        expect(page.locator("#sample h2")).to_have_text("#2")  # the same sample, though it stands elsewhere now
        expect(page.locator("[data-field=caption] .prose")).to_have_text("done 2")


def test_failures_have_a_tab_with_the_reason_and_the_sample(page: Any, tmp_path: Path) -> None:
    sample_media(tmp_path)
    path = write_dataset(tmp_path, [{"id": 1, "caption": "fine"}])
    record = {"id": 2, "operator": "Op", "kind": "answer", "message": "not one pair", "raw": "I cannot see."}
    write_dataset(tmp_path, [{**record, "sample": {"id": 2, "image": ["one.png"]}}], "x_step1.failures.jsonl")
    with viewing(path) as viewer:
        page.goto(viewer.address)
        page.click("[data-table=failures]")
        expect(page.locator(".failure")).to_contain_text("not one pair")
        expect(page.locator(".failure")).to_contain_text("I cannot see.")
        wait_until(page, "document.querySelector('.still img').naturalWidth == 480")
        expect(page.locator("[data-act=accept]")).to_have_count(0)


def test_an_image_is_shown_at_full_size(page: Any, tmp_path: Path) -> None:
    sample_media(tmp_path)
    with viewing(write_dataset(tmp_path, [{"image": ["one.png", "two.jpg"]}])) as viewer:
        page.goto(viewer.address)
        page.locator(".still").nth(1).click()
        wait_until(page, "document.querySelector('#zoom img').naturalWidth == 800")
        page.keyboard.press("Escape")
        expect(page.locator("#zoom")).to_be_hidden()


@pytest.mark.parametrize("name", ["hevc.mp4", "mpeg4.avi", "h264.ts"])
def test_a_clip_that_browsers_do_not_play_is_shown_by_its_frames_and_a_preview(
    page: Any, tmp_path: Path, name: str
) -> None:
    from tests.viewer.clips import make_clip

    make_clip(tmp_path / name)
    with viewing(write_dataset(tmp_path, [{"video": [name]}])) as viewer:
        page.goto(viewer.address)
        expect(page.locator(".frame")).to_have_count(8)
        wait_until(page, "document.querySelector('.frame img')?.naturalWidth > 0")
        wait_until(page, "document.querySelector('video')?.readyState >= 2", 40)
        assert page.evaluate("document.querySelector('video').videoWidth") == 320
        assert abs(page.evaluate("document.querySelector('video').duration") - 2) < 0.2


def serious_findings(page: Any) -> list[Any]:
    """What axe calls serious or critical."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        (one["id"], one["nodes"][0]["html"][:200], one["nodes"][0].get("failureSummary"))
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_serious(browser: Any, viewer: Viewer, width: int, scheme: str) -> None:
    for number in range(2):
        viewer.decide(number, ("accept", "reject")[number])
    viewer.decide(
        0, "edit", set={"caption": "edited"}, was={"caption": viewer.json("api/sample/1/rows/0")["sample"]["caption"]}
    )
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.goto(viewer.address)
    expect(page.locator(".row .mark")).to_have_count(3)
    states: dict[str, Any] = {"list": lambda: None, "sample": lambda: page.locator(".row").first.click()}
    states["edit"] = lambda: page.click("[data-act=edit]")
    states["help"] = lambda: (page.keyboard.press("Escape"), page.click("#help-button"))
    for state, reach in states.items():
        reach()
        page.wait_for_timeout(300)
        assert serious_findings(page) == [], state
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_failures_discussions_and_a_run(browser: Any, tmp_path: Path, scheme: str) -> None:
    sample_media(tmp_path)
    pair = {"Question": "Q?", "Answer": "A.", "Label": "content", "Source": {"role": "x", "round": 1}, "Clip": [1]}
    row = {
        "id": 1,
        "Meta": "m",
        "Clips": [{"Frames_Images": ["one.png", "gone.png"], "Description": "d"}],
        "QA": [pair],
    }
    spool = write_dataset(tmp_path, [row, {"id": 2, "qa_status": "1 of 3 pairs", "rating": 3}], "x_step1.jsonl.spool")
    action = {"action": "drop", "pair": "Q1", "reason": "why", "result": None}
    call = {
        "decision": "CALL_EXPERTS",
        "reason": "r",
        "experts": [{"role": "Light", "description": "d", "subtask": "s"}],
    }
    rounds = [{"round": 1, "call": call, "proposals": [{"role": "Light", "pairs": [pair]}], "decisions": [action]}]
    said = {"id": 1, "clips": 1, "draft": [pair], "rounds": rounds, "final": [pair], "warnings": ["odd"]}
    write_dataset(tmp_path, [said], "x_step1.discussion.jsonl.spool")
    failure = {
        "id": 9,
        "operator": "Op",
        "kind": "answer",
        "message": "no",
        "raw": "text",
        "attempts": 3,
        "sample": row,
    }
    write_dataset(tmp_path, [failure], "x_step1.failures.jsonl.spool")
    manifest = {"state": "running", "pid": 1, "output": "x_step1.jsonl", "counts": {"samples": 9, "finished": 3}}
    (tmp_path / "run.json").write_bytes(orjson.dumps(manifest))
    page = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme).new_page()
    with output_lock(tmp_path / "x_step1.jsonl"), viewing(spool) as viewer:
        page.goto(viewer.address)
        expect(page.locator("#run")).to_contain_text("Running")
        expect(page.locator(".discussion")).to_contain_text("Draft")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert serious_findings(page) == []
        page.locator(".still").first.click()
        expect(page.locator("#zoom")).to_be_visible()
        assert serious_findings(page) == []
        page.keyboard.press("Escape")
        page.click("[data-table=failures]")
        expect(page.locator(".failure")).to_be_visible()
        assert serious_findings(page) == []
    page.context.close()


def test_the_page_is_readable_on_a_phone(browser: Any, viewer: Viewer) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(viewer.address)
    expect(page.locator("#sample")).to_be_hidden()
    page.locator(".row").nth(1).tap()
    expect(page.locator("#sample h2")).to_have_text("#2")
    expect(page.locator("#list")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("[data-act=reject]").tap()
    expect(page.locator("#sample h2")).to_have_text("#3")
    page.get_by_role("button", name="Back to the list").tap()
    expect(page.locator("#list")).to_be_visible()
    expect(page.locator(".row .mark.bad")).to_have_count(1)
    context.close()


def test_everything_is_reached_with_the_tab_key_and_shows_its_focus(page: Any, viewer: Viewer) -> None:
    page.goto(viewer.address)
    expect(page.locator("#sample h2")).to_have_text("#1")
    expect(page.locator(".frame")).to_have_count(3)
    reached: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            """() => { const one = document.activeElement; const style = getComputedStyle(one);
            return [one.id || one.dataset.act || one.dataset.filter || one.classList[0] || '', style.outlineStyle] }"""
        )
        if name in ("who", "search", "list", "accept", "reject", "edit", "undo", "state", "sort", "frame"):
            assert outline != "none", name
        reached.add(name)
    assert {"who", "search", "state", "sort", "list", "accept", "reject", "edit", "undo", "frame"} <= reached


def test_the_page_asks_nothing_of_other_machines(page: Any, viewer: Viewer) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(viewer.address)
    expect(page.locator(".frame")).to_have_count(3)
    assert asked and all(url.startswith(viewer.address) for url in asked)
