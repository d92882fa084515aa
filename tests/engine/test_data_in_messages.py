"""What is said about a sample that fails, or an input that cannot be read, does not repeat the data it complains about.

Each case plants a long text where something else is expected; of its 300 words a message may show a few, so that a
person finds the place.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from dataflow.core.errors import DataFlowError
from dataflow.engine.options import RunOptions
from dataflow.engine.pipeline import Pipeline
from dataflow.registry import find
from tests.commands import read_jsonl, write_jsonl
from tests.pictures import make_pictures

DATA = " ".join(f"secret{number}" for number in range(300))
FEW = 80

FIELDS: dict[str, Any] = {
    "image": [
        *(DATA, [DATA], [[DATA]], {"a": DATA}, {"bytes": DATA, "path": None}, {"bytes": None, "path": DATA}),
        *(
            f"data:image/png;base64,{DATA}",
            f"data:text/plain,{DATA}",
            f"http://127.0.0.1/{DATA}?{DATA}",
            f"file:///{DATA}",
        ),
        *(
            f"/{DATA}",
            f"~{DATA}/x.png",
            f"p0.jpg/{DATA}",
            DATA.replace(" ", "/"),
            DATA.replace(" ", ""),
            f"none://{DATA}",
        ),
    ],
    "video": [DATA, {"a": DATA}, [DATA]],
    "id": [{"a": DATA}, [DATA]],
    "conversation": [
        *(DATA, [DATA], {"a": DATA}, [{"from": DATA, "value": "x"}], [{"from": "human", "value": {"a": DATA}}]),
        *([{"role": "user", "content": [{"type": DATA}]}], [{DATA: DATA}]),
    ],
}


def run(given: Any, **settings: Any) -> list[str]:
    """What a run says: of each sample that failed, or of the input."""
    serving = find("servings", "embedded")("", {})
    steps = find("pipelines", "image_vqa").steps(serving, settings)
    try:
        output = Pipeline(steps).run(given, "out", prefix="image_vqa", options=RunOptions(quiet=True))
    except DataFlowError as error:
        return [str(error)]
    failures = Path("out/image_vqa_step1.failures.jsonl")
    failed = [row["message"] for row in read_jsonl(failures)] if failures.exists() else []
    return [*failed, *output.counts.warnings]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_pictures(tmp_path, 1)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(messages: list[str]) -> None:
    assert messages
    for message in messages:
        assert message.count("secret") <= FEW, message[:3000]


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_another_kind(here: Path, field: str) -> None:
    rows = [{"image": "p0.jpg", field: value} for value in FIELDS[field]]
    if field == "video":
        rows = [{"video": row["video"]} for row in rows]
    check(run(rows))
    check(run(write_jsonl(here / "in.jsonl", rows)))


LINES: dict[str, Callable[[], bytes]] = {
    "broken.jsonl": lambda: b'{"image": "p0.jpg"}\n{"image": "%s\n' % DATA.encode(),
    "list.jsonl": lambda: b'{"image": "p0.jpg"}\n' + orjson.dumps([DATA]),
    "all.jsonl": lambda: DATA.encode(),
    "broken.json": lambda: b'[{"image": "p0.jpg"}, {"image": "%s' % DATA.encode(),
    "text.json": lambda: orjson.dumps(DATA),
    "list.json": lambda: orjson.dumps([{"image": "p0.jpg"}, DATA]),
    "cells.csv": lambda: b"image,n\np0.jpg,1\np0.jpg,%s,3\n" % DATA.encode(),
    "quote.csv": lambda: b'image,n\np0.jpg,"%s\n' % DATA.encode(),
    "headless.csv": lambda: f"{DATA},{DATA.upper()}\n".encode(),
    "twice.csv": lambda: b"%s,%s\nx,y\n" % (DATA.encode(), DATA.encode()),
    "columns.jsonl": lambda: orjson.dumps({f"{DATA}{n}": n for n in range(50)}),
    "not.parquet": lambda: DATA.encode(),
    "latin.jsonl": lambda: b'{"image": "p0.jpg"}\n{"image": "\xe9%s"}\n' % DATA.encode(),
}


@pytest.mark.parametrize("name", LINES)
def test_a_file_with_something_else_in_it(here: Path, name: str) -> None:
    (here / name).write_bytes(LINES[name]())
    check(run(here / name))


def test_columns_that_a_prompt_does_not_find(here: Path) -> None:
    check(run([{"image": "p0.jpg", DATA: DATA}], prompt_template="What of {caption}?"))
