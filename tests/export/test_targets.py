"""Every export is read back by a reader of its own world."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dataflow.core import SampleError
from dataflow.export.build import conversations_of
from dataflow.export.targets import TARGETS, find_target
from dataflow.export.targets.openai import OpenAI
from tests.commands import environment, read_jsonl
from tests.export.rows import (
    NAMES,
    Row,
    caption_row,
    context_row,
    exported,
    image_row,
    media,
    multirole_row,
    video_qa_row,
    written,
)

DATASETS = """
import json, sys
import datasets

def told(medium):
    if isinstance(medium, str):
        return medium
    return len(medium["bytes"]) if isinstance(medium, dict) else [medium.format, *medium.size]

datasets.disable_progress_bars()
found = {}
for split, rows in datasets.load_dataset(sys.argv[1], **json.loads(sys.argv[3]), cache_dir=sys.argv[2]).items():
    if "Video" in str(rows.features.get("videos")):
        rows = rows.cast_column("videos", datasets.List(datasets.Video(decode=False)))
    columns = [name for name in ("images", "videos") if name in rows.features]
    found[split] = [{**row, **{name: [told(one) for one in row[name]] for name in columns}} for row in rows]
print(json.dumps(found))
"""


def rows_of_all_kinds() -> list[Row]:
    return [
        caption_row(1),
        video_qa_row(2, "clips/b.mp4", pairs=3),
        video_qa_row(3, "clips/c.mp4", pairs=1),
        image_row(4, "p/p0.jpg"),
        image_row(5, "p/p1.jpg", "p/p2.jpg"),
        context_row(6, "p/p3.jpg"),
        multirole_row(7, "p/p0.jpg", "p/p1.jpg"),
    ]


CONVERSATIONS = 9


def by_datasets(path: str | Path, cache: Path, **options: Any) -> dict[str, list[Row]]:
    """What `datasets.load_dataset` reads, in a process of its own, without network."""
    command = [sys.executable, "-c", DATASETS, str(path), str(cache), json.dumps(options)]
    env = environment(HF_DATASETS_OFFLINE="1", HF_HUB_OFFLINE="1", HF_HOME=str(cache))
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[Row]] = json.loads(done.stdout)
    return found


def test_datasets_reads_the_hugging_face_export_with_its_media(tmp_path: Path):
    result = exported(media(tmp_path), rows_of_all_kinds(), "hf", val=0.3)
    found = by_datasets(tmp_path / "out", tmp_path / "cache")
    assert {"train": len(found["train"]), "val": len(found["validation"])} == result.splits
    rows = {row["id"]: row for side in found.values() for row in side}
    assert len(rows) == CONVERSATIONS
    assert rows["4-qa"]["images"] == [["JPEG", 24, 24]] and rows["4-qa"]["videos"] == []
    assert rows["2-qa"]["videos"] == [(tmp_path / "clips" / "b.mp4").stat().st_size]
    assert len(rows["5-qa"]["images"]) == 2
    first, *_, last = rows["2-qa"]["messages"]
    assert first["content"] == [{"type": "video", "text": None}, {"type": "text", "text": "Question 0 of 2?"}]
    assert last == {"role": "assistant", "content": [{"type": "text", "text": "Answer 2."}]}


def test_datasets_reads_paths_of_a_hugging_face_export_by_reference(tmp_path: Path):
    exported(media(tmp_path), [image_row(4, "p/p0.jpg")], "hf", media="reference")
    (row,) = by_datasets(tmp_path / "out", tmp_path / "cache")["train"]
    assert row["images"] == [["JPEG", 24, 24]]
    assert (tmp_path / "out" / "data" / "train-00000-of-00001.parquet").stat().st_size < 8_000


def test_the_card_of_a_hugging_face_export_names_its_splits(tmp_path: Path):
    from huggingface_hub import DatasetCard

    exported(media(tmp_path), rows_of_all_kinds(), "hf", val=0.3)
    read = DatasetCard.load(tmp_path / "out" / "README.md")
    told, body = read.data.to_dict(), read.text
    assert [entry["split"] for entry in told["configs"][0]["data_files"]] == ["train", "validation"]
    assert told["size_categories"] == ["n<1K"]
    assert "# data" in body


def test_datasets_reads_lines_and_arrays_with_the_same_columns_in_every_row(tmp_path: Path):
    for to, name in (("sharegpt", "train.json"), ("llamafactory", "train.jsonl"), ("ms-swift", "train.jsonl")):
        exported(media(tmp_path), rows_of_all_kinds(), to, out=tmp_path / to)
        found = by_datasets("json", tmp_path / "cache", data_files=str(tmp_path / to / name))["train"]
        assert len(found) == CONVERSATIONS
        assert sum(len(row["videos"]) for row in found) == 5


def test_webdataset_reads_its_export(tmp_path: Path):
    import webdataset

    exported(media(tmp_path), rows_of_all_kinds(), "webdataset")
    found = list(webdataset.WebDataset(str(tmp_path / "out" / "train-000000.tar"), shardshuffle=False))
    assert len(found) == CONVERSATIONS
    records = {record["id"]: (record, sample) for sample in found for record in [json.loads(sample["json"])]}
    record, sample = records["5-qa"]
    assert record["images"] == ["0.jpg", "1.jpg"]
    assert [sample[name] for name in record["images"]] == [(tmp_path / f"p/p{n}.jpg").read_bytes() for n in (1, 2)]
    record, sample = records["3-qa"]
    assert record["videos"] == ["mp4"] and sample["mp4"] == (tmp_path / "clips" / "c.mp4").read_bytes()
    assert record["messages"][0] == {"role": "user", "content": "<video>\nQuestion 0 of 3?"}


def test_webdataset_begins_a_new_shard_when_one_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import webdataset

    from dataflow.export.targets import webdataset as target

    monkeypatch.setattr(target, "SAMPLES_PER_SHARD", 4)
    result = exported(media(tmp_path), rows_of_all_kinds(), "webdataset")
    assert "train-{000000..000002}.tar" in result.next_step
    urls = str(tmp_path / "out" / "train-{000000..000002}.tar")
    keys = [sample["__key__"] for sample in webdataset.WebDataset(urls, shardshuffle=False)]
    assert keys == [f"{number:08d}" for number in range(CONVERSATIONS)]


def test_pyarrow_reads_the_parquet_export(tmp_path: Path):
    from pyarrow import parquet

    exported(media(tmp_path), rows_of_all_kinds(), "parquet")
    rows = {row["id"]: row for row in parquet.read_table(tmp_path / "out" / "train").to_pylist()}
    assert len(rows) == CONVERSATIONS
    assert rows["2-qa"]["labels"] == ["count"] * 3 and rows["2-qa"]["sample"] == "2"
    assert rows["5-qa"]["messages"][0]["content"] == "<image>\n<image>\nWhat is it?"
    assert (tmp_path / "out" / rows["5-qa"]["images"][0]).is_file()


def test_parquet_is_written_in_groups_and_files_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from pyarrow import parquet

    from dataflow.export.targets import columnar

    monkeypatch.setattr(columnar, "ROWS_PER_GROUP", 10)
    monkeypatch.setattr(columnar, "BYTES_PER_FILE", 1000)
    exported(media(tmp_path), [caption_row(n) for n in range(205)], "parquet")
    files = sorted((tmp_path / "out" / "train").glob("*.parquet"))
    assert len(files) > 1 and files[-1].name == f"part-{len(files) - 1:05d}-of-{len(files):05d}.parquet"
    assert sum(parquet.read_metadata(file).num_rows for file in files) == 205


def test_llamafactory_files_have_the_documented_form(tmp_path: Path):
    """data/README.md of LLaMA-Factory 0.9.5: keys of a description, alternate turns, marks as many as files."""
    exported(media(tmp_path), rows_of_all_kinds(), "llamafactory", val=0.3)
    info = json.loads((tmp_path / "out" / "dataset_info.json").read_text())
    assert set(info) == {"data_train", "data_val"}
    total = 0
    for description in info.values():
        assert description["formatting"] == "sharegpt"
        columns, tags = description["columns"], description["tags"]
        assert set(columns) == {"messages", "images", "videos"}
        for record in read_jsonl(tmp_path / "out" / description["file_name"]):
            total += 1
            turns = record[columns["messages"]]
            speakers = [turn[tags["role_tag"]] for turn in turns]
            assert speakers == [tags["user_tag"], tags["assistant_tag"]] * (len(turns) // 2)
            text = "".join(turn[tags["content_tag"]] for turn in turns)
            for kind in ("image", "video"):
                paths = record[columns[f"{kind}s"]]
                assert text.count(f"<{kind}>") == len(paths)
                # media_dir is the folder of dataset_info.json unless told otherwise.
                assert all((tmp_path / "out" / path).is_file() for path in paths)
    assert total == CONVERSATIONS


def test_ms_swift_files_have_the_documented_form(tmp_path: Path):
    """Custom-dataset.md of ms-swift 4.6.0: roles, string contents, marks as many as files, absolute paths."""
    exported(media(tmp_path), rows_of_all_kinds(), "ms-swift")
    records = written(tmp_path)
    assert len(records) == CONVERSATIONS
    for record in records:
        assert set(record) == {"id", "messages", "images", "videos"}
        assert [turn["role"] for turn in record["messages"]] == ["user", "assistant"] * (len(record["messages"]) // 2)
        text = "".join(turn["content"] for turn in record["messages"])
        for kind in ("image", "video"):
            assert text.count(f"<{kind}>") == len(record[f"{kind}s"])
            assert all(Path(path).is_absolute() and Path(path).is_file() for path in record[f"{kind}s"])


def test_llava_files_have_the_documented_form(tmp_path: Path):
    exported(media(tmp_path), rows_of_all_kinds(), "llava")
    records = {record["id"]: record for record in json.loads((tmp_path / "out" / "train.json").read_text())}
    assert len(records) == CONVERSATIONS
    assert isinstance(records["4-qa"]["image"], str) and len(records["5-qa"]["image"]) == 2
    assert records["1-caption"]["video"].endswith(".mp4")
    for record in records.values():
        files = [record["video"]] if "video" in record else record["image"]
        files = [files] if isinstance(files, str) else files
        # The trainer knows no other mark: that of a video is <image>, too.
        assert "".join(turn["value"] for turn in record["conversations"]).count("<image>") == len(files)
        assert record["conversations"][0]["value"].startswith("<image>\n") or record["id"] == "7-multirole_qa"
        assert all((tmp_path / "out" / file).is_file() for file in files)


def test_llava_leaves_out_what_its_trainer_cannot_read(tmp_path: Path):
    both = {**caption_row(1), "image": ["p/p0.jpg"]}
    result = exported(media(tmp_path), [both, caption_row(2)], "llava")
    assert (result.splits, result.skipped) == ({"train": 1}, 1)
    assert "1 images and 1 videos" in result.reasons[0]


def test_openai_lines_hold_images_and_frames_that_can_be_opened(tmp_path: Path):
    exported(media(tmp_path), rows_of_all_kinds(), "openai")
    records = written(tmp_path)
    assert len(records) == CONVERSATIONS
    seen = 0
    for record in records:
        assert set(record) == {"messages"}
        parts = [part for turn in record["messages"] if isinstance(turn["content"], list) for part in turn["content"]]
        urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
        assert 1 <= len(urls) <= 10
        for url in urls:
            kind, _, data = url.partition(";base64,")
            with Image.open(io.BytesIO(b64decode(data))) as image:
                assert kind == f"data:image/{image.format.lower()}" and image.mode in ("RGB", "RGBA")
                image.load()
                seen += 1
        assert all(isinstance(turn["content"], str) for turn in record["messages"] if turn["role"] == "assistant")
    clip = records[0]["messages"][0]["content"]
    assert clip[0]["text"].startswith("Frames of a video, at 0.") and len(clip) == 1 + 8 + 1
    assert seen == 5 * 8 + 1 + 2 + 1 + 2


def test_openai_refuses_more_images_than_it_takes():
    (made,) = conversations_of(image_row(1, *[f"{n}.jpg" for n in range(11)]), NAMES)
    with pytest.raises(SampleError, match="at most 10 images"):
        OpenAI.refuse(made)


@pytest.mark.parametrize("to", TARGETS)
def test_the_same_dataset_gives_the_same_files(tmp_path: Path, to: str):
    contents = []
    for out in (tmp_path / "one" / "out", tmp_path / "two" / "out"):
        exported(media(tmp_path), rows_of_all_kinds(), to, val=0.3, out=out)
        files = sorted(file for file in out.rglob("*") if file.is_file() and file.name != "export.json")
        data = [file.read_bytes().replace(str(out).encode(), b"OUT") for file in files]
        contents.append(([str(file.relative_to(out)) for file in files], data))
    assert contents[0] == contents[1]


def test_a_format_is_found_by_either_spelling_and_a_slip_is_told(tmp_path: Path):
    from dataflow.core import UsageError

    assert find_target("ms_swift") is find_target("ms-swift")
    with pytest.raises(UsageError, match="sharegpt"):
        find_target("shargpt")
