"""The demo's output in a real browser: looking, searching, reviewing by keyboard, and exporting what is left."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
from playwright.sync_api import expect

from tests.browser.waits import wait_until
from tests.commands import dataflow, read_jsonl
from tests.viewer.pages import Viewer, viewing


def begin(page: Any, viewer: Viewer) -> None:
    page.goto(viewer.address)
    expect(page.locator(".row[aria-selected=true]")).to_be_visible()
    expect(page.locator("#sample h2")).to_have_text("#1")


def test_the_first_sample_is_open_with_everything_that_is_known_of_it(page: Any, viewer: Viewer) -> None:
    begin(page, viewer)
    expect(page.locator(".row")).to_have_count(3)
    expect(page.locator("#sample h2")).to_have_text("#1")
    expect(page.locator("[data-field=caption] .prose")).to_contain_text("The video lasts 6.0 seconds")
    expect(page.locator("[data-field=qa] .pair")).to_have_count(3)
    expect(page.locator(".provenance tbody tr")).to_have_count(2)
    expect(page.locator(".provenance")).to_contain_text("embedded")
    expect(page.locator(".row .thumb img")).to_have_count(3)


def test_the_video_plays(page: Any, viewer: Viewer) -> None:
    begin(page, viewer)
    wait_until(page, "document.querySelector('video')?.readyState >= 2")
    page.keyboard.press("p")
    wait_until(page, "document.querySelector('video').currentTime > 0.2")
    page.keyboard.press("p")
    wait_until(page, "document.querySelector('video').paused")
    assert page.evaluate("document.querySelector('video').videoWidth") == 640


def test_hovering_the_timeline_shows_the_frame_that_the_model_saw_and_its_time(page: Any, viewer: Viewer) -> None:
    begin(page, viewer)
    expect(page.locator(".tick")).to_have_count(3)
    expect(page.locator(".timeline-title")).to_contain_text("3 frames seen by VideoToCaptionGenerator")
    track = page.locator(".track").bounding_box()
    page.mouse.move(track["x"] + track["width"] / 2, track["y"] + track["height"] / 2)
    expect(page.locator(".hover figcaption")).to_contain_text("0:03.0 frame 2 of 3")
    wait_until(page, "document.querySelector('.hover img').naturalWidth > 300")
    # The second shot is green: the frame that is shown is really that of three seconds.
    colour = page.evaluate(
        """() => { const image = document.querySelector('.hover img'), canvas = document.createElement('canvas');
        canvas.width = canvas.height = 1; const brush = canvas.getContext('2d'); brush.drawImage(image, 0, 0, 1, 1);
        return [...brush.getImageData(0, 0, 1, 1).data] }"""
    )
    assert colour[1] > colour[0] + 30 and colour[1] > colour[2] + 30
    page.mouse.click(track["x"] + track["width"] / 2, track["y"] + track["height"] / 2)
    wait_until(page, "Math.abs(document.querySelector('video').currentTime - 3) < 0.05")
    page.mouse.move(5, 5)
    expect(page.locator(".hover")).to_be_hidden()


def test_searching_shows_what_matches(page: Any, viewer: Viewer) -> None:
    begin(page, viewer)
    page.keyboard.press("/")
    page.keyboard.type("PURPLE")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".count")).to_have_text("1 of 3 rows")
    page.locator(".row").click()
    expect(page.locator("#sample h2")).to_have_text("#3")
    page.fill("#search", "no such words")
    expect(page.locator(".row")).to_have_count(0)
    page.fill("#search", "")
    page.select_option("[data-filter=type]", "speed")
    expect(page.locator(".row")).to_have_count(1)


def test_a_review_by_keyboard_survives_a_reload_and_shapes_the_export(page: Any, viewer: Viewer, demo: Path) -> None:
    data = demo / "video_qa_step2.jsonl"
    before = data.read_bytes()
    begin(page, viewer)
    page.keyboard.press("j")
    expect(page.locator("#sample h2")).to_have_text("#2")
    page.keyboard.press("k")
    expect(page.locator("#sample h2")).to_have_text("#1")
    page.keyboard.press("a")
    expect(page.locator("#sample h2")).to_have_text("#2")  # it goes on by itself
    page.keyboard.press("r")
    expect(page.locator("#sample h2")).to_have_text("#3")
    page.keyboard.press("e")
    expect(page.locator("[data-field=caption] textarea")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("A caption by a person.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-field=caption] .prose").first).to_have_text("A caption by a person.")
    expect(page.locator("#tally")).to_contain_text("1 accepted")

    page.reload()
    expect(page.locator("#sample h2")).to_have_text("#3")
    expect(page.locator("[data-field=caption] .prose").first).to_have_text("A caption by a person.")
    expect(page.locator(".row .mark.good")).to_have_count(1)
    expect(page.locator(".row .mark.bad")).to_have_count(1)
    expect(page.locator(".row .mark.edit")).to_have_count(1)
    expect(page.locator("#tally")).to_have_text(re.compile("1 accepted.*1 rejected.*1 edited"))
    page.select_option("[data-filter=state]", "rejected")
    expect(page.locator(".row")).to_have_count(1)
    page.select_option("[data-filter=state]", "")

    assert data.read_bytes() == before
    log = read_jsonl(demo / "video_qa_step2.review.jsonl")
    assert [(line["id"], line["do"], line["who"]) for line in log] == [
        (1, "accept", "anna"),
        (2, "reject", "anna"),
        (3, "edit", "anna"),
    ]
    done = dataflow("export", demo, "--to", "sharegpt", "--out", "exported", cwd=demo.parent)
    assert done.returncode == 0, done.stderr
    written = orjson.loads((demo.parent / "exported" / "train.json").read_bytes())
    assert {str(one["id"]).partition("-")[0] for one in written} == {"1", "3"}
    assert "A caption by a person." in str(written)

    page.locator(".row").first.click()
    page.keyboard.press("u")
    expect(page.locator("#sample h2")).to_have_text("#3")
    expect(page.locator("[data-field=caption] .prose").first).to_contain_text("The video lasts 4.0 seconds")
    page.keyboard.press("u")
    expect(page.locator("#sample h2")).to_have_text("#2")
    expect(page.locator(".row .mark.bad")).to_have_count(0)


def test_pairs_are_edited_added_and_removed(page: Any, viewer: Viewer, demo: Path) -> None:
    begin(page, viewer)
    page.click("[data-act=edit]")
    form = page.locator("[data-field=qa]")
    expect(form.locator(".pair-edit")).to_have_count(3)
    form.get_by_role("button", name="Remove this pair").first.click()
    form.locator("textarea[aria-label=Answer]").first.fill("Three, plainly.")
    form.get_by_role("button", name="Add a pair").click()
    page.keyboard.type("Is it dark?")
    page.keyboard.press("Tab")
    page.keyboard.type("Yes.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-field=qa] .pairs").first.locator(".pair")).to_have_count(3)
    edit = read_jsonl(demo / "video_qa_step2.review.jsonl")[-1]
    assert list(edit["set"]) == ["qa"]
    assert edit["set"]["qa"][0]["answer"] == "Three, plainly." and "type" in edit["set"]["qa"][0]
    assert edit["set"]["qa"][-1] == {"question": "Is it dark?", "answer": "Yes."}


def test_escape_leaves_an_edit_without_keeping_it(page: Any, viewer: Viewer, demo: Path) -> None:
    begin(page, viewer)
    page.keyboard.press("e")
    page.keyboard.type("not kept")
    page.keyboard.press("Escape")
    expect(page.locator("form.edit")).to_have_count(0)
    page.keyboard.press("j")
    expect(page.locator("#sample h2")).to_have_text("#2")
    assert not (demo / "video_qa_step2.review.jsonl").exists()


def test_what_was_typed_is_not_lost_by_a_click_elsewhere(page: Any, viewer: Viewer) -> None:
    begin(page, viewer)
    page.keyboard.press("e")
    box = page.locator("[data-field=caption] textarea")
    box.fill("half a caption")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator(".row").nth(1).click()
    expect(box).to_have_value("half a caption")
    assert asked == ["Leave this sample? What you typed is not kept."]
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator(".row").nth(1).click()
    expect(page.locator("#sample h2")).to_have_text("#2")


def test_two_reviewers_see_each_others_work_and_no_edit_is_lost(browser: Any, page: Any, viewer: Viewer) -> None:
    begin(page, viewer)
    second = browser.new_context().new_page()
    with viewing(Path(viewer.json("api/state")["folder"])) as other:
        second.goto(other.address)
        expect(second.locator("#sample h2")).to_have_text("#1")
        second.fill("#who", "ben")
        second.press("#who", "Tab")
        for one in (page, second):
            one.locator("#sample").focus()
            one.keyboard.press("e")
            expect(one.locator("[data-field=caption] textarea")).to_be_focused()
        page.locator("[data-field=caption] textarea").fill("Anna's caption.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-field=caption] .prose").first).to_have_text("Anna's caption.")
        second.locator("[data-field=caption] textarea").fill("Ben's caption.")
        second.keyboard.press("Control+Enter")
        expect(second.get_by_role("alert").filter(has_text="edited meanwhile by anna")).to_contain_text(
            "Anna's caption."
        )
        second.get_by_role("button", name="Keep mine").click()
        expect(second.locator("[data-field=caption] .prose").first).to_have_text("Ben's caption.")
        expect(page.locator("[data-field=caption] .prose").first).to_have_text("Ben's caption.")
        expect(page.locator(".history")).to_contain_text("ben")
    second.context.close()


def test_help_names_the_keys(page: Any, viewer: Viewer) -> None:
    begin(page, viewer)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    expect(page.locator("#help dt")).to_have_count(15)
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
