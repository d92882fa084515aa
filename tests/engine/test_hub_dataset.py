"""`image_vqa` on `hf:NAME` and `hf://datasets/...`: against a process that plays the Hub, and on folders."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import orjson
import pyarrow
import pytest
from pyarrow import parquet

from tests.commands import dataflow, read_jsonl
from tests.pictures import make_pictures
from tests.table_server import requests_of, table_server

DATA = "out/image_vqa_step1.jsonl"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`owner/name` with the splits `train`, of three pictures, and `test`; the same as `closed/name`."""
    root = tmp_path_factory.mktemp("hub")
    pictures = [{"bytes": path.read_bytes(), "path": None} for path in make_pictures(root / "pictures", 3)]
    (root / "owner/name/data").mkdir(parents=True)
    for split, count in (("train", 3), ("test", 1)):
        table = pyarrow.table({"image": pictures[:count], "n": list(range(count))})
        parquet.write_table(table, root / f"owner/name/data/{split}-00000-of-00001.parquet")
    shutil.copytree(root / "owner/name", root / "closed/name")
    return root


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[str]:
    with table_server(root) as address:
        yield address


@pytest.fixture
def here(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a cache of its own."""
    monkeypatch.setenv("HF_ENDPOINT", server)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    return tmp_path


def run(here: Path, entry: str, *words: str, **env: str) -> tuple[int, str]:
    """The exit code and what was said, of a run that says nothing but errors."""
    done = dataflow("run", "image_vqa", "-q", "-o", "out", "-i", entry, *words, cwd=here, env=env)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


def test_a_dataset_of_the_hub_is_read_and_a_second_run_needs_no_network(here: Path, root: Path) -> None:
    assert run(here, "hf:owner/name:train") == (0, "")
    rows = read_jsonl(here / DATA)
    assert [row["n"] for row in rows] == [0, 1, 2]
    assert (here / "out" / rows[2]["image"]).read_bytes() == (root / "pictures/p2.jpg").read_bytes()
    assert orjson.loads((here / "out/run.json").read_bytes())["input"] == "hf:owner/name:train"
    offline = {"HF_HUB_OFFLINE": "1", "HF_ENDPOINT": "http://127.0.0.1:9"}
    assert run(here, "hf:owner/name:train", **offline) == (0, "")
    counts = orjson.loads((here / "out/run.json").read_bytes())["counts"]
    assert (counts["requests"], counts["from_ledger"]) == (0, 3)


def test_with_a_limit_only_what_is_read_is_fetched_and_kept(here: Path, server: str) -> None:
    before = len(requests_of(server))
    assert run(here, "hf:owner/name:train", "--limit", "2") == (0, "")
    assert len(read_jsonl(here / DATA)) == len(read_jsonl(here / "out/input/rows.jsonl")) == 2
    assert not any("test-00000" in request for request in requests_of(server)[before:])


def test_a_file_of_the_hub_is_a_table_like_any_other(here: Path) -> None:
    assert run(here, "hf://datasets/owner/name/data/test-00000-of-00001.parquet") == (0, "")
    assert [row["n"] for row in read_jsonl(here / DATA)] == [0]


def test_folders_in_the_form_of_the_hub_are_read(here: Path, root: Path) -> None:
    shutil.copytree(root / "owner/name", here / "mine")
    assert run(here, "hf:./mine:test") == (0, "")
    assert len(read_jsonl(here / DATA)) == 1
    make_pictures(here / "pictures", 2)
    assert run(here, "hf:./pictures") == (0, "")
    assert [Path(row["image"]).name for row in read_jsonl(here / DATA)] == ["p0.jpg", "p1.jpg"]


def test_a_closed_dataset_opens_with_the_token_which_is_written_nowhere(here: Path) -> None:
    for entry in ("hf:closed/name:test", "hf://datasets/closed/name/data/test-00000-of-00001.parquet"):
        code, said = run(here, entry)
        assert code == 1 and "export HF_TOKEN" in said and len(said.splitlines()) == 1
        assert run(here, entry, HF_TOKEN="hf_right") == (0, "")
    left = b"".join(path.read_bytes() for path in (here / "out").rglob("*") if path.is_file())
    assert b"hf_right" not in left


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("hf:owner/name", "several splits; there are train, test. Name one: hf:owner/name:train"),
        ("hf:owner/name:trian", "no split 'trian'; there are train, test"),
        ("hf:owner/none", "there is no such dataset, or it is closed to you"),
        ("hf:./none", "there is no such folder"),
        ("hf://datasets/owner/none/x.parquet", "there is no such object"),
    ],
)
def test_what_is_not_there_is_one_line_with_what_is(here: Path, entry: str, said: str) -> None:
    code, told = run(here, entry)
    assert code == 1 and said in told and len(told.splitlines()) == 1


def test_without_the_package_or_the_network_the_cure_is_told(here: Path) -> None:
    (here / "hidden/datasets").mkdir(parents=True)
    (here / "hidden/datasets/__init__.py").write_text("raise ImportError('not here')\n")
    code, said = run(here, "hf:owner/name", PYTHONPATH=str(here / "hidden"))
    assert code == 1 and "pip install 'dataflow-mm[hf]'" in said
    code, said = run(here, "hf:owner/name", HF_ENDPOINT="http://127.0.0.1:9")
    assert code == 1 and "the Hub cannot be reached" in said and "HF_HUB_OFFLINE=1" in said


def test_files_that_may_hold_pickles_are_not_read(here: Path) -> None:
    (here / "mine").mkdir()
    (here / "mine/README.md").write_text("---\nconfigs:\n- config_name: default\n  data_files: x.h5\n---\n")
    (here / "mine/x.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    code, said = run(here, "hf:./mine")
    assert code == 1 and "of the kind hdf5, which are not read" in said


def test_a_configuration_is_named_where_there_are_several(here: Path) -> None:
    make_pictures(here / "mine", 1)
    (here / "mine/README.md").write_text(
        "---\nconfigs:\n- config_name: one\n  data_files: a.jsonl\n- config_name: two\n  data_files: b.jsonl\n---\n"
    )
    for name in ("a", "b"):
        (here / f"mine/{name}.jsonl").write_text(f'{{"image": "mine/p0.jpg", "whose": "{name}"}}\n')
    code, said = run(here, "hf:./mine:train")
    assert code == 1 and "has the configurations one, two. Name one, and a split: hf:./mine:one:train" in said
    assert run(here, "hf:./mine:two:train") == (0, "")
    assert [row["whose"] for row in read_jsonl(here / DATA)] == ["b"]


def test_it_stands_alone(here: Path) -> None:
    code, said = run(here, "hf:owner/name:train", "-i", "other.jsonl")
    assert code == 2 and "stands alone" in said
