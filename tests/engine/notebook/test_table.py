"""The table of a result: bounded, escaped, and never an error of its own."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dataflow.engine.counts import Counts
from dataflow.engine.notebook import pictures
from dataflow.engine.step_output import Lineage, StepOutput
from dataflow.storage.places import MediaPlaces
from tests.commands import write_jsonl
from tests.pictures import make_pictures


def shown(folder: Path, rows: list[dict[str, Any]], **counts: Any) -> str:
    path = write_jsonl(folder / "out.jsonl", rows)
    output = StepOutput(path, Counts(written=len(rows), **counts), Lineage(folder, "out", MediaPlaces((folder,))))
    return output._repr_html_()


class Tags(HTMLParser):
    """The elements of a page, and how they nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert all(name in ("style", "src", "alt") for name, _ in attrs)
        if tag not in ("img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


OURS = {"div", "table", "thead", "tbody", "tr", "th", "td", "img", "br", "small", "code", "figure"}
PLAIN = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(), lambda one: st.lists(one, max_size=3))


@given(st.lists(st.dictionaries(st.text(max_size=9), PLAIN, max_size=12), max_size=8))
def test_whatever_rows_hold_is_text_in_our_elements(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    made = Tags(shown(tmp_path_factory.getbasetemp(), rows))
    assert set(made.seen) <= OURS and made.open == []
    assert made.seen.count("tr") <= 6 and made.seen.count("th") <= 8


def test_long_texts_many_columns_and_many_pictures_are_cut_and_said_so(tmp_path: Path) -> None:
    make_pictures(tmp_path, 9)
    row = {"id": 1, "text": "x" * 9999, "image": [f"p{number}.jpg" for number in range(9)]}
    html = shown(tmp_path, [{**row, **{f"c{number}": number for number in range(20)}}] * 9)
    assert "x" * 400 + "..." in html and "x" * 401 not in html
    assert html.count("<img") == 5 * 3 and html.count("and 6 more</div>") == 5
    assert "and 4 more rows and 15 more columns" in html
    assert html.index(">id<") < html.index(">image<") < html.index(">text<")


def test_pictures_beyond_the_room_for_all_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_pictures(tmp_path, 4, size=120)
    monkeypatch.setattr(pictures, "IN_ALL", 20_000)
    html = shown(tmp_path, [{"image": f"p{number}.jpg"} for number in range(4)])
    assert 0 < html.count("<img") < 4 and "enough pictures for one table" in html and len(html) < 25_000


def test_what_has_no_picture_says_why(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    Image.new("RGB", (3000, 10), "red").save(tmp_path / "wide.png")
    rows = [{"image": name} for name in ("gone<b>.jpg", "broken.png", "https://host/a.jpg", "wide.png", "a.mp4")]
    html = shown(tmp_path, rows)
    assert html.count("<img") == 1 and "gone&lt;b&gt;.jpg" in html and "on the network, not fetched" in html
    assert html.count("not found") >= 2


def test_a_result_that_is_empty_or_gone_is_a_line(tmp_path: Path) -> None:
    assert "0 rows, 3 failed (3 with unreadable media)" in shown(tmp_path, [], failed=3, kinds={"media": 3})
    output = StepOutput(tmp_path / "gone.jsonl", Counts(written=3), Lineage(tmp_path, "gone", MediaPlaces(())))
    assert "gone.jsonl: there is no such file" in output._repr_html_()
