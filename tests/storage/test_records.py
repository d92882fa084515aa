"""Side files replace those of an earlier run, whole, and are gone when there is nothing to say."""

from __future__ import annotations

import orjson
import pytest

from dataflow.core.errors import OutputError
from dataflow.storage.records import SideFile


def lines(path):
    return [orjson.loads(line) for line in path.read_text().splitlines()]


def test_records_appear_when_committed(tmp_path):
    path = tmp_path / "x.failures.jsonl"
    side = SideFile(path)
    side.append({"id": 1, "message": "é"})
    side.append({"id": 2})
    assert not path.exists()
    side.commit()
    assert lines(path) == [{"id": 1, "message": "é"}, {"id": 2}]
    assert side.count == 2


def test_the_file_of_an_earlier_run_is_replaced(tmp_path):
    path = tmp_path / "x.failures.jsonl"
    path.write_text('{"id":"old"}\n')
    side = SideFile(path)
    side.append({"id": "new"})
    assert lines(path) == [{"id": "old"}]
    side.commit()
    assert lines(path) == [{"id": "new"}]


def test_nothing_to_say_removes_the_file_of_an_earlier_run(tmp_path):
    path = tmp_path / "x.failures.jsonl"
    path.write_text('{"id":"old"}\n')
    SideFile(path).commit()
    SideFile(path).commit()
    assert list(tmp_path.iterdir()) == []


def test_abort_leaves_things_as_they_were(tmp_path):
    path = tmp_path / "x.failures.jsonl"
    path.write_text('{"id":"old"}\n')
    side = SideFile(path)
    side.append({"id": "new"})
    side.abort()
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [(path.name, '{"id":"old"}\n')]


def test_a_record_with_things_that_json_does_not_know_is_written_all_the_same(tmp_path):
    side = SideFile(tmp_path / "x.jsonl")
    side.append({"id": 1, "sample": {"frames": {1}, "big": 10**30, "raw": "\ud800", "nan": float("nan")}})
    side.commit()
    assert lines(tmp_path / "x.jsonl")[0]["sample"] == {
        "frames": "{1}",
        "big": str(10**30),
        "raw": "\\ud800",
        "nan": None,
    }


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "a").touch()
    with pytest.raises(OutputError, match="a file stands where a folder is needed"):
        SideFile(tmp_path / "a" / "x.jsonl")
