"""`image_vqa` on tables that lie on a web server or in object storage, played by a process on this machine."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow
import pytest
from pyarrow import parquet

from dataflow.core.errors import InputError
from dataflow.engine.options import RunOptions
from dataflow.engine.pipeline import Pipeline
from dataflow.engine.step_output import StepOutput
from dataflow.registry import find
from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.pictures import make_pictures
from tests.table_server import requests_of, table_server


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is served: `bucket/d/t.jsonl` and its pictures `p0.jpg` to `p2.jpg` beside it."""
    root = tmp_path_factory.mktemp("served")
    make_pictures(root / "bucket/d", 3)
    rows = [{"image": "p0.jpg"}, {"image": ["./p1.jpg"]}, {"image": "../d/p2.jpg", "note": "p2.jpg"}]
    write_jsonl(root / "bucket/d/t.jsonl", rows)
    return root


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[str]:
    with table_server(root) as address:
        yield address


@pytest.fixture
def here(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, value in credentials(server).items():
        monkeypatch.setenv(name, value)
    return tmp_path


def credentials(server: str, key: str = "RIGHT") -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": "verysecret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def run(given: Any, *, private: bool = True) -> StepOutput:
    serving = find("servings", "embedded")("", {})
    steps = find("pipelines", "image_vqa").steps(serving, {})
    options = RunOptions(quiet=True, allow_private_urls=private)
    return Pipeline(steps).run(given, "out", prefix="image_vqa", options=options)


def kept() -> list[str]:
    return sorted(path.name for path in Path("out/input").iterdir())


def test_a_table_of_a_web_server_is_read_with_the_pictures_beside_it(here: Path, server: str) -> None:
    rows = list(run(f"{server}/bucket/d/t.jsonl").rows())
    images = [row["image"] if isinstance(row["image"], str) else row["image"][0] for row in rows]
    assert images == [f"{server}/bucket/d/p{n}.jpg" for n in range(3)]
    assert rows[2]["note"] == "p2.jpg"
    assert orjson.loads((here / "out/run.json").read_bytes())["input"] == f"{server}/bucket/d/t.jsonl"
    (name,) = kept()
    assert name.startswith("t-") and name.endswith(".jsonl")
    again = run(f"{server}/bucket/d/t.jsonl")
    assert (again.counts.requests, again.counts.from_ledger) == (0, 3) and kept() == [name]
    assert again.counts.warnings == []


def test_a_table_of_object_storage_is_read_with_the_pictures_beside_it(here: Path, server: str) -> None:
    rows = list(run("s3://bucket/d/t.jsonl", private=False).rows())
    assert rows[0]["image"] == "s3://bucket/d/p0.jpg" and len(rows) == 3
    assert "HEAD /bucket/d/t.jsonl" in requests_of(server)


def test_what_lies_below_the_working_directory_goes_before_what_lies_beside_the_table(here: Path, server: str) -> None:
    make_pictures(here, 1)
    first, *_ = run("s3://bucket/d/t.jsonl").rows()
    assert first["image"] == "p0.jpg"


def test_a_table_that_changes_between_runs_is_told_and_the_new_one_is_read(here: Path, server: str, root: Path) -> None:
    table = root / "bucket/d/changing.jsonl"
    write_jsonl(table, [{"image": "p0.jpg"}])
    run("s3://bucket/d/changing.jsonl")
    write_jsonl(table, [{"image": "p1.jpg"}])
    changed = run("s3://bucket/d/changing.jsonl")
    assert [row["image"] for row in changed.rows()] == ["s3://bucket/d/p1.jpg"]
    assert any("has changed since the run before" in warning for warning in changed.counts.warnings)
    table.unlink()
    with pytest.raises(InputError, match=r"no such object.*of the run before is kept: -i out/input/changing-"):
        run("s3://bucket/d/changing.jsonl")


def test_a_table_in_the_private_network_is_refused_unless_that_is_allowed(here: Path, server: str) -> None:
    with pytest.raises(InputError, match=r"not on the public internet.*--allow-private-urls"):
        run(f"{server}/bucket/d/t.jsonl", private=False)
    assert kept() == []


def test_packed_tables_parquet_and_addresses_without_an_ending_are_known(here: Path, server: str, root: Path) -> None:
    rows = [{"image": "p0.jpg"}]
    (root / "bucket/d/a.jsonl.gz").write_bytes(gzip.compress(orjson.dumps(rows[0])))
    (root / "bucket/d/unpacked.jsonl.gz").write_bytes(orjson.dumps(rows[0]))
    (root / "bucket/d/download").write_bytes(orjson.dumps(rows))
    pictures = [(root / "bucket/d/p1.jpg").read_bytes()]
    parquet.write_table(pyarrow.table({"image": pictures}), root / "bucket/d/b.parquet")
    endings = {"a.jsonl.gz": ".jsonl.gz", "unpacked.jsonl.gz": ".jsonl", "download": ".json", "b.parquet": ".parquet"}
    addresses = [f"{server}/bucket/d/{name}?token=verysecret" for name in endings]
    assert len(run(addresses)) == 4
    assert {name.partition("-")[0]: name.partition(".")[2] for name in kept()} == {
        name.partition(".")[0]: ending[1:] for name, ending in endings.items()
    }
    left = b"".join(path.read_bytes() for path in Path("out").rglob("*") if path.is_file())
    assert b"verysecret" not in left


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.jsonl", r"404.*check the URL"),
        ("empty.jsonl", r"is empty"),
        ("page.jsonl", r'a web page \("Log in"\), not a dataset'),
    ],
)
def test_what_is_no_table_on_a_web_server_is_told(here: Path, server: str, root: Path, name: str, said: str) -> None:
    (root / "empty.jsonl").write_bytes(b"")
    (root / "page.jsonl").write_text("<html><title>Log in</title></html>")
    with pytest.raises(InputError, match=said):
        run(f"{server}/{name}")


def test_from_the_command_line_a_wrong_login_a_missing_package_and_another_scheme_are_one_line(
    here: Path, server: str
) -> None:
    (here / "hidden/s3fs").mkdir(parents=True)
    (here / "hidden/s3fs/__init__.py").write_text("raise ImportError('not here')\n")
    wrong = credentials(server, "WRONG")
    hidden = credentials(server) | {"PYTHONPATH": str(here / "hidden")}
    for address, env, code, said in (
        ("s3://bucket/d/t.jsonl", wrong, 1, "refuses yours: export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ("s3://bucket/d/t.jsonl", hidden, 1, "pip install 'dataflow-mm[s3]'"),
        ("ftp://host/t.jsonl", {}, 1, "ftp: URLs are not fetched; known are http, https"),
    ):
        done = dataflow("run", "image_vqa", "-q", "-o", "out", "-i", address, cwd=here, env=env)
        (line,) = done.stderr.strip().splitlines()
        assert done.returncode == code and said in line and "verysecret" not in line


def test_from_the_command_line_a_table_of_object_storage_is_run_and_its_login_is_written_nowhere(
    here: Path, server: str
) -> None:
    words = ("run", "image_vqa", "-o", "out", "-i", "s3://bucket/d/t.jsonl")
    done = dataflow(*words, cwd=here)
    assert done.returncode == 0 and "input: s3://bucket/d/t.jsonl" in done.stderr, done.stderr
    assert len(read_jsonl(here / "out/image_vqa_step1.jsonl")) == 3
    left = b"".join(path.read_bytes() for path in Path("out").rglob("*") if path.is_file())
    assert b"verysecret" not in left + done.stderr.encode()
    dry = dataflow(*words, "--dry-run", "--json", cwd=here)
    assert orjson.loads(dry.stdout)["samples"] == 3
