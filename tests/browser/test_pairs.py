"""A verdict on a single pair, and reasons, by keyboard; and samples that are called by the paths of their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from playwright.sync_api import expect

from tests.browser.test_list import serious_findings
from tests.commands import dataflow, read_jsonl
from tests.pictures import make_pictures
from tests.viewer.pages import Viewer, viewing, write_dataset

PAIRS = [{"question": f"What is number {n}?", "answer": f"It is {n}.", "type": "count"} for n in range(1, 4)]
ARTICLE = {"context": "An article about numbers.", "qas": PAIRS[:2]}
ROLES = [{"Label": "who", "Question": "Who is it?", "Answer": "A man.", "Clip": [1]}]
LOG = "x_step1.review.jsonl"


@pytest.fixture
def shown(page: Any, tmp_path: Path) -> Any:
    rows = [
        {"id": 1, "split": "a", "caption": "Numbers.", "qa": PAIRS, "my_score": 3, "conversation": []},
        {"id": 2, "context_vqa": ARTICLE, "QA": ROLES},
        {"id": 3, "qa": PAIRS[0]},
        {"id": 4, "note": "no pairs and nothing that a model wrote"},
    ]
    with viewing(write_dataset(tmp_path, rows)) as viewer:
        page.goto(viewer.address)
        expect(page.locator("#sample h2")).to_have_text("#1")
        expect(page.locator(".row")).to_have_count(4)
        yield page


def said(folder: Path) -> list[tuple[Any, ...]]:
    return [(line["id"], line["do"], line.get("column"), line.get("note")) for line in read_jsonl(folder / LOG)]


def test_pairs_are_chosen_and_rejected_by_keyboard_and_the_export_leaves_them_out(shown: Any, tmp_path: Path) -> None:
    pairs = shown.locator("[data-field=qa] .pair")
    shown.keyboard.press("Shift+J")
    expect(pairs.nth(0)).to_be_focused()
    shown.keyboard.press("Shift+J")
    expect(pairs.nth(1)).to_have_attribute("aria-current", "true")
    shown.keyboard.press("x")
    expect(pairs.nth(1)).to_contain_class("rejected")
    expect(pairs.nth(1)).to_be_focused()
    expect(shown.locator("#tally")).to_have_text("1 pair rejected")
    expect(shown.locator(".row").first).to_contain_text("2 pairs · 1 rejected")
    shown.keyboard.press("Shift+K")
    shown.keyboard.press("Shift+X")
    shown.keyboard.type("says nothing")
    shown.keyboard.press("Enter")
    expect(pairs.nth(0)).to_contain_text("Rejected: says nothing")
    shown.keyboard.press("x")
    expect(pairs.nth(0)).not_to_contain_class("rejected")
    shown.keyboard.press("x")
    expect(pairs.nth(0)).to_contain_class("rejected")
    shown.keyboard.press("u")
    expect(pairs.nth(0)).not_to_contain_class("rejected")
    expect(shown.locator("[data-field=qa] h3")).to_contain_text("3 pairs, 1 rejected")
    assert said(tmp_path) == [
        (1, "reject_pair", "qa", None),
        (1, "reject_pair", "qa", "says nothing"),
        (1, "accept_pair", "qa", None),
        (1, "reject_pair", "qa", None),
        (1, "undo", None, None),
    ]
    shown.reload()
    expect(pairs.nth(1)).to_contain_class("rejected")
    words = ("export", "x_step1.jsonl", "--to", "sharegpt", "-o", "out", "--column", "qa", "--json")
    done = dataflow(*words, cwd=tmp_path)
    told = orjson.loads(done.stdout)
    assert (told["pairs_rejected"], told["rejected"]) == (1, 0)
    written = orjson.loads((tmp_path / "out" / "train.json").read_bytes())
    assert [turn["value"] for turn in written[0]["conversations"][1::2]] == ["It is 1.", "It is 3."]


def test_pairs_of_articles_and_roles_are_one_row_of_pairs(shown: Any, tmp_path: Path) -> None:
    shown.keyboard.press("j")
    expect(shown.locator("#sample h2")).to_have_text("#2")
    shown.keyboard.press("x")  # none is chosen: the first becomes so, and nothing is decided
    expect(shown.locator("[data-field=context_vqa] .pair").first).to_be_focused()
    expect(shown.locator("#said")).to_contain_text("x rejects this pair")
    shown.keyboard.press("Shift+J")
    shown.keyboard.press("Shift+J")
    expect(shown.locator("[data-field=QA] .pair")).to_be_focused()
    shown.keyboard.press("Shift+J")
    shown.keyboard.press("x")
    expect(shown.locator("[data-field=QA] .pair")).to_contain_class("rejected")
    shown.locator("[data-field=context_vqa] .pair-verdict").nth(1).click()
    expect(shown.locator("[data-field=context_vqa] .pair").nth(1)).to_contain_class("rejected")
    assert said(tmp_path) == [(2, "reject_pair", "QA", None), (2, "reject_pair", "context_vqa", None)]
    shown.keyboard.press("j")
    expect(shown.locator("#sample h2")).to_have_text("#3")
    shown.keyboard.press("x")  # there is one only
    expect(shown.locator("[data-field=qa] .pair")).to_contain_class("rejected")
    shown.keyboard.press("j")
    expect(shown.locator("#sample h2")).to_have_text("#4")
    shown.keyboard.press("x")
    expect(shown.locator("#said")).to_have_text("no pairs here")


def test_a_reason_is_typed_chosen_by_its_number_or_left_out(shown: Any, tmp_path: Path) -> None:
    dialog = shown.get_by_role("dialog")
    shown.keyboard.press("r")  # at once, and on to the next, as ever
    expect(shown.locator("#sample h2")).to_have_text("#2")
    shown.keyboard.press("Shift+R")
    expect(dialog.get_by_label("Why?")).to_be_focused()
    shown.keyboard.type("wrong 2 colours")
    shown.keyboard.press("Enter")
    expect(shown.locator("#sample h2")).to_have_text("#3")
    shown.keyboard.press("Shift+R")
    expect(dialog.get_by_role("button", name="wrong 2 colours")).to_be_visible()
    shown.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(shown.locator("#sample h2")).to_have_text("#3")
    shown.keyboard.press("Shift+R")
    shown.keyboard.press("1")
    expect(shown.locator("#sample h2")).to_have_text("#4")
    shown.keyboard.press("Shift+R")
    shown.keyboard.press("Enter")
    expect(shown.locator("#tally")).to_have_text("4 rejected")
    assert said(tmp_path) == [
        (1, "reject", None, None),
        (2, "reject", None, "wrong 2 colours"),
        (3, "reject", None, "wrong 2 colours"),
        (4, "reject", None, None),
    ]
    shown.keyboard.press("k")
    expect(shown.locator(".reason-given")).to_have_text("wrong 2 colours")
    expect(shown.locator(".history")).to_contain_text("“wrong 2 colours”")


def test_caps_lock_changes_no_key(shown: Any, tmp_path: Path) -> None:
    shown.locator("#sample").evaluate(
        # as caps lock has it: the capital letter without shift
        "box => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'J', shiftKey: false, bubbles: true }))"
    )
    expect(shown.locator("#sample h2")).to_have_text("#2")


def test_what_models_wrote_comes_first_and_the_other_columns_are_folded_below(shown: Any) -> None:
    order = "[...document.querySelectorAll('.words > *')].map(box => box.dataset.field ?? box.className)"
    assert shown.evaluate(order) == ["caption", "qa", "others", "field raw"]
    expect(shown.locator("[data-field=my_score]")).to_be_hidden()
    shown.locator(".others > summary").click()
    expect(shown.locator("[data-field=my_score]")).to_have_text("my_score3")
    shown.keyboard.press("j")
    expect(shown.locator("#sample h2")).to_have_text("#2")
    shown.keyboard.press("k")
    expect(shown.locator("[data-field=split]")).to_be_visible()  # opened once, it stays so
    shown.locator(".others > summary").click()
    for _ in range(3):
        shown.keyboard.press("j")
    expect(shown.locator("#sample h2")).to_have_text("#4")
    expect(shown.locator("[data-field=note] .prose")).to_be_visible()  # where there is nothing else


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_with_pairs_rejected_and_reasons_asked(shown: Any, scheme: str) -> None:
    shown.emulate_media(color_scheme=scheme)
    shown.keyboard.press("Shift+J")
    shown.keyboard.press("Shift+X")
    shown.keyboard.type("says nothing")
    shown.keyboard.press("Enter")
    expect(shown.locator(".pair.rejected")).to_have_count(1)
    shown.locator(".others > summary").click()
    shown.wait_for_timeout(3000)  # until what was said has faded: half-transparent text has no contrast
    assert serious_findings(shown) == []
    shown.keyboard.press("Shift+R")
    expect(shown.get_by_role("dialog")).to_be_visible()
    assert serious_findings(shown) == []


NAMES = ["below/50% off #1?.jpg", "below/日本 'x' \"y\".jpg", "a&b=c.jpg"]


def test_samples_of_a_folder_are_called_by_their_paths(page: Any, tmp_path: Path) -> None:
    (tmp_path / "pics" / "below").mkdir(parents=True)
    for name, made in zip(NAMES, make_pictures(tmp_path, 3), strict=True):
        made.rename(tmp_path / "pics" / name)
    done = dataflow("run", "image_vqa", "-i", "pics", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with viewing(tmp_path / "out", cwd=tmp_path) as viewer:
        visit_each(page, viewer, sorted(row["key"] for row in viewer.json("api/rows")["rows"]))
    log = read_jsonl(tmp_path / "out" / "image_vqa_step1.review.jsonl")
    assert sorted(line["id"] for line in log) == sorted(NAMES)


def visit_each(page: Any, viewer: Viewer, keys: list[str]) -> None:
    page.goto(viewer.address)
    expect(page.locator(".row")).to_have_count(len(keys))
    for key in keys:
        expect(page.locator("#sample h2")).to_be_visible()
        page.locator(".row", has_text=key[-12:]).click()
        expect(page.locator("#sample h2")).to_have_text(key)
        page.reload()
        expect(page.locator("#sample h2")).to_have_text(key)  # the address names it
        assert page.evaluate("document.querySelector('.still img') !== null")
        page.keyboard.press("a")
        expect(page.locator(".row", has_text=key[-12:]).locator(".mark.good")).to_have_count(1)
