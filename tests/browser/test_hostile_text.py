"""Text of models and datasets in a real browser: shown as it stands, whatever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.viewer.pages import viewing, write_dataset

SCRIPT = "<script>window.ran = 1</script>"
IMAGE = "<img src=x onerror='window.ran = 2'>"
LINK = "javascript:window.ran=3"
NASTY = f'{SCRIPT}{IMAGE}<a href="{LINK}">x</a> </textarea><svg onload=window.ran=4> {LINK} [x]({LINK}) &lt; \u202e \0'


def test_html_and_scripts_are_shown_as_text_and_never_run(page: Any, tmp_path: Path) -> None:
    row = {
        "id": SCRIPT,
        "caption": NASTY,
        NASTY: NASTY,
        "qa": [{"question": NASTY, "answer": NASTY, "type": SCRIPT, "label": IMAGE, NASTY: NASTY}],
        "context_vqa": {"context": NASTY, "qas": [{"question": NASTY, "answer": NASTY}], NASTY: [NASTY]},
        "conversation": [{"from": NASTY, "value": NASTY}],
        "image": ["<img src=x onerror=window.ran=5>.png", LINK],
        "number": 5,
    }
    path = write_dataset(tmp_path, [row, row])
    trace = {"id": SCRIPT, "operator": NASTY, "prompt": NASTY, "model": NASTY, "input_tokens": 1, "output_tokens": 1}
    write_dataset(tmp_path, [{**trace, "latency": 0.5, "source": NASTY, "reasoning": NASTY}], "x_step1.trace.jsonl")
    said = {"id": SCRIPT, "draft": row["qa"], "final": row["qa"], "warnings": [NASTY], "rounds": [{"round": NASTY}]}
    write_dataset(tmp_path, [said], "x_step1.discussion.jsonl")
    failure = {"id": NASTY, "operator": NASTY, "kind": NASTY, "message": NASTY, "raw": NASTY, "sample": row}
    write_dataset(tmp_path, [failure], "x_step1.failures.jsonl")
    with viewing(path) as viewer:
        page.goto(viewer.address)
        expect(page.locator("[data-field=caption] .prose")).to_contain_text("<script>window.ran = 1</script>")
        expect(page.locator(".discussion")).to_be_visible()
        for details in page.locator("details").all():
            details.evaluate("one => { one.open = true }")
        page.keyboard.press("e")
        expect(page.locator("textarea").first).to_have_value(NASTY)
        page.locator("textarea").first.fill(NASTY + IMAGE)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".history")).to_be_visible()
        page.fill("#search", SCRIPT)
        expect(page.locator(".row")).to_have_count(2)
        page.click("[data-table=failures]")
        expect(page.locator(".failure")).to_contain_text("<script>")
        page.wait_for_timeout(300)
        assert page.evaluate("window.ran") is None
        assert page.evaluate("document.querySelectorAll('script').length") == 1
        assert page.evaluate("document.querySelectorAll('a[href^=javascript], svg, #sample img').length") == 0


def test_a_script_that_gets_into_the_page_all_the_same_does_not_run(page: Any, tmp_path: Path) -> None:
    with viewing(write_dataset(tmp_path, [{"caption": "x"}])) as viewer:
        answer = viewer.get("")
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        page.goto(viewer.address)
        expect(page.locator("#sample h2")).to_have_text("#1")
        blocked = page.evaluate(
            "() => { try { document.body.innerHTML = '<p>x</p>'; return false } catch (error) { return true } }"
        )
        assert blocked


def test_a_long_text_is_cut_and_shown_whole_on_demand(page: Any, tmp_path: Path) -> None:
    with viewing(write_dataset(tmp_path, [{"caption": "word " * 20_000}])) as viewer:
        page.goto(viewer.address)
        prose = page.locator("[data-field=caption] .prose")
        expect(prose).to_be_visible()
        assert len(prose.text_content()) == 20_000
        page.get_by_role("button", name="Show all 100,000 characters").first.click()
        assert len(prose.text_content()) == 100_000
