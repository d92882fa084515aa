"""`dataflow report` as a user types it: the page and the card, on good runs, bad runs and no runs."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson
import pytest
from huggingface_hub import DatasetCard

from dataflow.report.numbers import dollars
from dataflow.storage.lock import output_lock
from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.export.rows import Row, caption_row, image_row, media, video_qa_row
from tests.pictures import make_pictures
from tests.servers import ModelServer

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) \"' \u202eevil </style>"


class Page(HTMLParser):
    """What a browser would see: elements with attributes, and text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data + " "

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def report(folder: Path, *words: str) -> Page:
    done = dataflow("report", *words, "-o", "report.html", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "report: report.html" in done.stderr
    return Page(folder / "report.html")


def test_the_cost_is_that_of_all_runs_and_what_the_last_one_spent_is_told(
    model_server: ModelServer, tmp_path: Path
) -> None:
    make_pictures(tmp_path / "p", 6)
    words = ["run", "image_vqa", "--input", "p", "--model", "openai/stub", "--api-url", model_server.url, "-o", "out"]
    for limit in ("4", "6"):
        assert dataflow(*words, "-q", "--price", "1000,2000", "--limit", limit, cwd=tmp_path).returncode in (0, 3)
    stats, manifest = model_server.stats(), orjson.loads((tmp_path / "out/run.json").read_bytes())
    cost = (1000 * stats["prompt_tokens"] + 2000 * stats["completion_tokens"]) / 1e6
    text = " ".join(report(tmp_path, "out").text.split())
    assert f"Cost {dollars(cost)} " in text and f"{dollars(manifest['cost'])} this run" in text
    tokens = f"{stats['prompt_tokens']:,} read, {stats['completion_tokens']:,} written"
    assert f"spent so far {tokens}, ${cost:.4f} in 2 runs" in text
    here = manifest["tokens"]
    assert f"spent by this run {here['input']:,} read, {here['output']:,} written, ${manifest['cost']:.4f}" in text


def page_of(folder: Path, rows: list[Row], *words: str) -> Page:
    write_jsonl(folder / "data.jsonl", rows)
    return report(folder, "data.jsonl", *words)


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run of the embedded serving leaves, one clip of it broken."""
    folder = media(tmp_path_factory.mktemp("run"))
    (folder / "clips" / "broken.mp4").write_text("no video")
    done = dataflow("run", "video_qa", "--input", "clips", "--output", "out", "--num-qa", "3", "-q", cwd=folder)
    assert done.returncode == 3, done.stderr
    return folder


def test_a_run_is_told_with_counts_failures_tokens_latency_media_and_samples(run_folder: Path) -> None:
    page = report(run_folder, "out", "--card", "card.md")
    text = " ".join(page.text.split())
    for told in (
        "3 in the dataset 75 %",
        "1 failed (1 with unreadable media) 25 %",
        "Pairs 9 3 a sample",
        "Answers 6",
        "video_caption",
        "broken.mp4",
    ):
        assert told in text, told
    sections = [attributes["id"] for attributes in page.all("section")]
    assert sections == ["set-aside", "language", "quality", "media", "samples", "making", "columns"]
    assert [link["href"] for link in page.all("a")] == [f"#{section}" for section in sections]
    tokens = sum(line["input_tokens"] + line["output_tokens"] for line in traced(run_folder))
    assert f"Tokens {tokens:,}" in text
    pictures = [image["src"] or "" for image in page.all("img")]
    assert len(pictures) == 3 * 4 and all(picture.startswith("data:image/jpeg;base64,") for picture in pictures)
    assert len(page.all("article")) > 15


def traced(folder: Path) -> list[dict[str, Any]]:
    lines = read_jsonl(folder / "out" / "video_qa_step2.trace.jsonl")
    return [line for line in lines if "prompt" in line]


def test_the_card_has_the_form_of_the_hub(run_folder: Path) -> None:
    report(run_folder, "out", "--card", "out")
    read = DatasetCard.load(run_folder / "out" / "README.md")
    told, body = read.data.to_dict(), read.text
    assert told["task_categories"] == ["video-text-to-text"]
    assert told["annotations_creators"] == ["machine-generated"] and told["size_categories"] == ["n<1K"]
    assert told["configs"][0]["data_files"] == [{"split": "train", "path": "video_qa_step2.jsonl"}]
    assert "3 samples with 3 captions and 9 question-answer pairs about 3 videos." in body
    assert "`VideoToCaptionGenerator` → `VideoCaptionToQAGenerator`" in body and "1 failed" in body
    assert "Reviewed by people: none of it." in body


def test_the_page_needs_nothing_else_and_allows_nothing(run_folder: Path) -> None:
    page = report(run_folder, "out")
    (policy,) = (m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None and policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    for tag in ("script", "link", "iframe", "object", "form", "base"):
        assert page.all(tag) == []
    for _, attributes in page.elements:
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert (attributes.get("src") or "data:").startswith("data:")
        assert (attributes.get("href") or "#").startswith("#")
    assert "http://" not in (run_folder / "report.html").read_text().replace("http://www.w3.org", "")


def test_what_models_wrote_is_text_wherever_it_stands(tmp_path: Path) -> None:
    media(tmp_path)
    pair = {"question": f"{HOSTILE}?", "answer": HOSTILE, "type": HOSTILE}
    rows = [{**caption_row(n), "caption": HOSTILE, "qa": [pair], HOSTILE: 1} for n in range(3)]
    failure = {
        "id": HOSTILE,
        "operator": HOSTILE,
        "kind": HOSTILE,
        "message": HOSTILE,
        "raw": HOSTILE,
        "sample": rows[0],
    }
    write_jsonl(tmp_path / "data.failures.jsonl", [failure])
    write_jsonl(tmp_path / "data.rejected.jsonl", [{"id": 1, "operator": "x", "reason": HOSTILE}])
    line = {"id": 1, "operator": HOSTILE, "prompt": HOSTILE, "model": HOSTILE, "latency": 1, "input_tokens": 1}
    write_jsonl(tmp_path / "data.trace.jsonl", [line])
    manifest = {
        "output": "data.jsonl",
        "state": "done",
        "message": HOSTILE,
        "command": [HOSTILE],
        "prompts": {HOSTILE: HOSTILE},
    }
    (tmp_path / "run.json").write_bytes(orjson.dumps(manifest))
    page = page_of(tmp_path, rows, "--card", "card.md")
    assert page.all("script") == [] and len(page.all("style")) == 1
    assert not any("onerror" in attributes for _, attributes in page.elements)
    assert page.text.count("<script>alert(1)</script>") >= 12
    assert "\u202e" not in (tmp_path / "report.html").read_text()
    assert "<script>" not in (tmp_path / "card.md").read_text()


def test_a_run_with_failures_alone_is_told(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    for number in range(3):
        (tmp_path / "p" / f"{number}.mp4").write_text("no video")
    assert dataflow("run", "video_qa", "--input", "p", "--output", "out", "-q", cwd=tmp_path).returncode == 3
    page = report(tmp_path, "out")
    text = " ".join(page.text.split())
    assert "3 failed (3 with unreadable media) 100 %" in text and "media 3 100 %" in text and "is not a video" in text


@pytest.mark.parametrize(("name", "content"), [("x.jsonl", b""), ("x.json", b"[\n]\n"), ("x.json", b"[]")])
def test_an_empty_dataset_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    page = report(tmp_path, name, "--card", "card.md")
    assert "There are no samples." in page.text
    assert "0 samples." in (tmp_path / "card.md").read_text()


def test_a_run_that_goes_on_is_told_from_its_spool(tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 2)
    (tmp_path / "out").mkdir()
    spool = write_jsonl(tmp_path / "out" / "x_step1.jsonl.spool", [image_row(n, f"p/p{n}.jpg") for n in range(2)])
    with spool.open("ab") as file:
        file.write(b'{"id": 3, "ima')  # a line under way
    (tmp_path / "out" / "run.json").write_bytes(orjson.dumps({"state": "running", "output": "out/x_step1.jsonl"}))
    with output_lock(tmp_path / "out" / "x_step1.jsonl"):
        page = report(tmp_path, "out")
    assert "under way" in page.text and "2 in the dataset" in " ".join(page.text.split())
    page = report(tmp_path, "out")
    assert "killed: the same command goes on from here" in page.text


def test_missing_media_are_told_and_do_not_stop_the_report(tmp_path: Path) -> None:
    page = page_of(tmp_path, [image_row(1, "gone.jpg"), video_qa_row(2, "https://example.org/a.mp4")])
    text = " ".join(page.text.split())
    assert "1 file cannot be read:" in text and "gone.jpg: not found" in text
    assert "1 address on the network, not fetched" in text


def test_the_same_seed_gives_the_same_page_and_another_draws_others(tmp_path: Path) -> None:
    media(tmp_path)
    rows = [{**image_row(n, f"p/p{n % 4}.jpg"), "vqa": f"Q: What is {n}?\nA: Number {n}."} for n in range(60)]
    shown = []
    for seed in ("1", "1", "2"):
        page_of(tmp_path, rows, "--samples", "5", "--seed", seed)
        shown.append((tmp_path / "report.html").read_text())
    assert shown[0] == shown[1]
    cards = [re.findall(r'class="name"><b>(\d+)</b>', page) for page in shown]
    assert len(cards[0]) == 5 and set(cards[0]) != set(cards[2])


def test_no_samples_are_shown_when_none_are_wanted(tmp_path: Path) -> None:
    media(tmp_path)
    page = page_of(tmp_path, [caption_row(1)], "--samples", "0")
    assert page.all("img") == [] and "samples" not in [section["id"] for section in page.all("section")]


def test_reviewers_decisions_are_counted(tmp_path: Path) -> None:
    media(tmp_path)
    decisions = [{"key": "a", "id": 1, "do": "reject", "who": "x"}, {"key": "b", "id": 2, "do": "accept", "who": "x"}]
    write_jsonl(tmp_path / "data.review.jsonl", decisions)
    page = page_of(tmp_path, [caption_row(1), caption_row(2)])
    assert "Reviewed 2 1 accepted, 1 rejected" in " ".join(page.text.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["gone"], "there is no such file or folder"),
        (["p"], "no run and no data file"),
        (["data.jsonl", "-o", "data.jsonl"], "name a file that ends in .html"),
    ],
)
def test_a_slip_is_one_line(tmp_path: Path, words: list[str], says: str) -> None:
    (tmp_path / "p").mkdir()
    write_jsonl(tmp_path / "data.jsonl", [{"id": 1}])
    done = dataflow("report", *words, cwd=tmp_path)
    assert done.returncode in (1, 2)
    (line,) = done.stderr.strip().splitlines()
    assert says in line and (tmp_path / "data.jsonl").read_text() == '{"id":1}\n'
