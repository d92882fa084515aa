"""Reads an export back with the readers of its own world: own columns by the id of their conversation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from math import isclose
from pathlib import Path
from typing import Any

Own = dict[str, dict[str, Any]]
ARRAYS = {"sharegpt": "train.json", "llava": "train.json"}
LINES = {"llamafactory": "train.jsonl", "ms-swift": "train.jsonl", "openai": "train.jsonl"}


def by_datasets(path: str, cache: Path, **options: Any) -> dict[str, list[dict[str, Any]]]:
    """What `datasets.load_dataset` makes of it, by split, media not decoded."""
    import datasets

    datasets.disable_progress_bars()
    found = {}
    for split, rows in datasets.load_dataset(path, cache_dir=str(cache), **options).items():
        for name, feature in rows.features.items():
            for kind in (datasets.Image, datasets.Video):
                if isinstance(feature, kind):
                    rows = rows.cast_column(name, kind(decode=False))
                elif isinstance(feature, datasets.List) and isinstance(feature.feature, kind):
                    rows = rows.cast_column(name, datasets.List(kind(decode=False)))
        found[split] = list(rows)
    return found


def datasets_of(out: Path, to: str, cache: Path) -> list[dict[str, Any]]:
    """All rows that `datasets` reads: of the folder where it tells its types, else of the files of both splits."""
    if to in ("hf", "webdataset"):
        splits = by_datasets(str(out), cache)
    elif to == "parquet":
        splits = by_datasets("parquet", cache, data_files=str(out / "*" / "*.parquet"))
    else:
        name = {**ARRAYS, **LINES}[to]
        files = {"train": str(out / name)}
        if (held := out / name.replace("train", "val")).exists():
            files["validation"] = str(held)
        splits = by_datasets("json", cache, data_files=files)
    return [row for rows in splits.values() for row in rows]


def own_by_datasets(out: Path, to: str, cache: Path) -> Own:
    """Own columns as `datasets` reads them; of OpenAI's lines, which cannot hold them, those in the table beside."""
    rows = datasets_of(out, to, cache)
    if to == "webdataset":
        rows = [row["json"] for row in rows]
    if to == "openai":
        beside = {row["id"]: row for row in table(out / "own_columns")}
        assert len(beside) == len(rows)
        return beside
    return {row["id"]: row for row in rows}


def own_by_itself(out: Path, to: str) -> Own:
    """Own columns as the plainest reader of the format gives them: json, pyarrow, webdataset."""
    if to == "parquet":
        return {row["id"]: row for split in out.glob("*/") if split.name != "media" for row in table(split)}
    if to == "hf":
        return {row["id"]: row for row in table(out / "data")}
    if to == "openai":
        return {row["id"]: row for row in table(out / "own_columns")}
    if to == "webdataset":
        return {row["id"]: row for row in shards(out)}
    data = [file.read_text() for name in ("train", "val") for file in out.glob(f"{name}.json*")]
    if to in LINES:
        rows = [json.loads(line) for text in data for line in text.split("\n") if line]
    else:
        rows = [row for text in data for row in json.loads(text)]
    return {row["id"]: row for row in rows}


def table(folder: Path) -> list[dict[str, Any]]:
    """The rows of parquet files."""
    from pyarrow import parquet

    return [row for file in sorted(folder.glob("*.parquet")) for row in parquet.read_table(file).to_pylist()]


def shards(out: Path) -> Iterator[dict[str, Any]]:
    """The records in tar files."""
    import webdataset

    for file in sorted(out.glob("*.tar")):
        for sample in webdataset.WebDataset(str(file), shardshuffle=False):
            yield json.loads(sample["json"])


def is_same(read: Any, was: Any) -> bool:
    """Whether a value came back: a number as one, fields it never had as null, what no type holds as JSON text."""
    if was is None or read is None:
        return read is None and was is None
    if isinstance(read, str) and not isinstance(was, str):
        return bool(json.loads(read) == was)
    if isinstance(was, str) and read != was:  # readers of JSON take texts of this form for points in time
        return read is not None and _moment(read) == _moment(was)
    if isinstance(was, dict):
        others = [value for name, value in read.items() if name not in was]
        return all(value is None for value in others) and all(is_same(read.get(name), was[name]) for name in was)
    if isinstance(was, list):
        return len(read) == len(was) and all(map(is_same, read, was))
    if isinstance(read, float):  # `datasets` writes JSON again, with 10 decimals
        return isinstance(was, int | float) and isclose(read, was, rel_tol=1e-15, abs_tol=1e-12)
    return bool(read == was) and isinstance(read, bool) == isinstance(was, bool)


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=None)
