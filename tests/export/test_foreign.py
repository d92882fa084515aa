"""A dataset that somebody else made: what its links lead to is in no export, no report, and is sent nowhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dataflow import Pipeline, RunOptions
from dataflow.export.job import export
from dataflow.export.media import How
from dataflow.export.options import ExportOptions
from dataflow.export.targets import TARGETS
from dataflow.registry import find
from dataflow.report.job import gather, write_report
from dataflow.runs.dataset import find_dataset
from dataflow.serving import APIVLMServing_openai
from tests.commands import read_jsonl, write_jsonl
from tests.export.rows import CLIPS, caption_row, image_row
from tests.pictures import make_pictures, short_digest
from tests.servers import ModelServer

KEY = b"-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0LW9mLXRoaXMtbWFjaGluZQ==\n"


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """A dataset with a picture of its own, and links to what is private, named like its media."""
    private, folder = tmp_path / "home", tmp_path / "set"
    make_pictures(private, 2)
    (private / "id_rsa").write_bytes(KEY)
    shutil.copy(min(CLIPS.glob("*.mp4")), private / "family.mp4")
    (folder / "media").mkdir(parents=True)
    shutil.copy(private / "p1.jpg", folder / "media/own.jpg")
    (folder / "media/k.png").symlink_to("../../home/id_rsa")
    (folder / "media/p.jpg").symlink_to(private / "p0.jpg")
    (folder / "media/v.mp4").symlink_to(private / "family.mp4")
    (folder / "deep").symlink_to("../home")
    rows = [
        image_row("own", "media/own.jpg"),
        image_row("key", "media/k.png"),
        image_row("picture", "media/p.jpg"),
        image_row("folder", "deep/p0.jpg"),
        caption_row("video", "media/v.mp4"),
    ]
    return write_jsonl(folder / "data.jsonl", rows)


def private_bytes(stranger: Path) -> list[bytes]:
    home = stranger.parent.parent / "home"
    return [KEY[40:60], (home / "p0.jpg").read_bytes()[-200:], (home / "family.mp4").read_bytes()[5000:5200]]


@pytest.mark.parametrize("to", TARGETS)
def test_what_links_lead_to_is_in_no_export(stranger: Path, tmp_path: Path, to: str) -> None:
    result = export(ExportOptions(stranger, to, tmp_path / "out"))
    assert (result.splits, result.skipped) == ({"train": 1}, 4)
    told = {record["id"]: record["message"] for record in read_jsonl(tmp_path / "out/skipped.jsonl")}
    assert told.keys() == {"key", "picture", "folder", "video"}
    assert all("leads out of" in message and "--follow-links" in message for message in told.values())
    written = b"".join(file.read_bytes() for file in (tmp_path / "out").rglob("*") if file.is_file())
    assert not [private for private in private_bytes(stranger) if private in written]
    assert not [file for file in (tmp_path / "out").rglob("*") if file.is_symlink()]


def test_nor_in_a_report_and_a_whole_folder_that_the_user_allows_is(stranger: Path, tmp_path: Path) -> None:
    gathered = gather(stranger)
    assert sum("leads out of" in message for facts in gathered.media.values() for message in facts.unreadable) == 4
    shown = [bool(small.url) for row, smalls in gathered.gallery for small in smalls if row["id"] != "own"]
    assert shown == [False] * 4
    page = write_report(gathered, tmp_path / "report.html").read_bytes()
    assert KEY[:20] not in page and KEY[40:60] not in page
    allowed = gather(stranger, follow_links=True)
    page = write_report(allowed, tmp_path / "allowed.html").read_bytes()
    assert b"is not an image: it is text" in page and KEY[:10] not in page  # nor is it quoted
    assert sum(bool(small.url) for _, smalls in allowed.gallery for small in smalls) > 2


@pytest.mark.parametrize("media", ["copy", "link", "reference"])
def test_what_is_no_medium_is_exported_by_no_option(stranger: Path, tmp_path: Path, media: How) -> None:
    result = export(ExportOptions(stranger, "llamafactory", tmp_path / "out", media=media, follow_links=True))
    assert (result.splits, result.skipped) == ({"train": 4}, 1)
    assert "k.png is no image or video, but text" in result.reasons[0]
    assert KEY not in b"".join(file.read_bytes() for file in (tmp_path / "out").rglob("*") if file.is_file())


def test_what_is_no_video_is_not_sent_whole_either(tmp_path: Path, model_server: ModelServer) -> None:
    (tmp_path / "key.mp4").write_bytes(KEY)
    (tmp_path / "wallet.mp4").write_bytes(bytes(range(256)) * 10)
    shutil.copy(min(CLIPS.glob("*.mp4")), tmp_path / "own.mp4")
    rows = [{"id": name, "video": [str(tmp_path / f"{name}.mp4")]} for name in ("key", "wallet", "own")]
    serving = APIVLMServing_openai(model_server.url, model_name="stub", video_as="video_url")
    steps = find("pipelines", "video_caption").steps(serving, {})
    done = Pipeline(steps).run(rows, tmp_path / "run", prefix="v", options=RunOptions(quiet=True))
    assert (done.counts.written, done.counts.failed) == (1, 2)
    assert {record["kind"] for record in read_jsonl(tmp_path / "run/v_step1.failures.jsonl")} == {"media"}
    assert len(model_server.requests()) == 1


def test_nor_sent_to_an_endpoint(stranger: Path, tmp_path: Path, model_server: ModelServer) -> None:
    steps = find("pipelines", "image_vqa").steps(APIVLMServing_openai(model_server.url, model_name="stub"), {})
    rows = [row for row in read_jsonl(stranger) if "image" in row]
    table = write_jsonl(stranger.parent / "images.jsonl", [{k: row[k] for k in ("id", "image")} for row in rows])
    Pipeline(steps).run(str(table), tmp_path / "run", prefix="v", options=RunOptions(quiet=True))
    failed = read_jsonl(tmp_path / "run/v_step1.failures.jsonl")
    assert {record["id"] for record in failed} == {"key", "picture", "folder"}
    assert all(record["kind"] == "media" and "leads out of" in record["message"] for record in failed)
    sent = str(model_server.requests())
    assert short_digest(stranger.parent / "media/own.jpg") in sent
    assert short_digest(tmp_path / "home/p0.jpg") not in sent


def test_links_that_a_user_lays_in_his_own_input_folder_work_from_the_run_to_the_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pictures(tmp_path / "big", 1)
    (tmp_path / "work/data").mkdir(parents=True)
    (tmp_path / "work/data/pictures").symlink_to(tmp_path / "big")
    monkeypatch.chdir(tmp_path / "work")
    for output, given in (("out", "data"), ("again", "out/v_step1.jsonl")):  # and through a second run on the first
        steps = find("pipelines", "image_vqa").steps(find("servings", "embedded")("", {}), {})
        done = Pipeline(steps).run(given, output, prefix="v", options=RunOptions(quiet=True))
        assert (done.counts.written, done.counts.failed) == (1, 0)
        source = find_dataset(Path(output))
        (row,) = source.rows()
        assert row["image"] == ["data/pictures/p0.jpg"]  # type: ignore[index]
        assert Path(source.locate("data/pictures/p0.jpg")).samefile(tmp_path / "big/p0.jpg")
        exported = export(ExportOptions(Path(output), "llamafactory", Path(f"{output}-export")))
        assert (exported.skipped, exported.splits) == (0, {"train": 1})


def test_a_manifest_that_came_with_the_data_trusts_no_folder_around_it(stranger: Path) -> None:
    home = stranger.parent
    for folder in ("/", str(home), str(home.parent)):
        (home / "run.json").write_text(f'{{"output": "data.jsonl", "base": ["/"], "folders": ["{folder}"]}}')
        source = find_dataset(stranger)
        assert source.places.own == ()
        with pytest.raises(Exception, match="leads out of"):
            source.locate("media/p.jpg")


def test_side_texts_behind_links_that_lead_out_are_not_read(stranger: Path, tmp_path: Path) -> None:
    from dataflow.storage.media_folder import MediaFolder

    folder = stranger.parent / "media"
    (folder / "own.txt").symlink_to(tmp_path / "home/id_rsa")
    (folder / "own.json").symlink_to(write_jsonl(tmp_path / "home/secret.json", [{"token": "s3cret"}]))
    (folder / "metadata.jsonl").symlink_to(write_jsonl(tmp_path / "home/t.jsonl", [{"file_name": "own.jpg", "a": 1}]))
    warned: list[str] = []
    rows = {str(row["id"]): row for row in MediaFolder(folder).rows(warned.append) if isinstance(row, dict)}
    assert rows["own.jpg"].keys() == {"id", "image"}
    assert "3 side files" in warned[0] and "leads out of" in warned[0]
    allowed = MediaFolder(folder, follow_links=True).rows(warned.append)
    assert next(row for row in allowed if isinstance(row, dict) and row["id"] == "own.jpg")["token"] == "s3cret"
