"""FileStorage: steps, their files, and what it says when something is not there."""

from __future__ import annotations

import json
import pickle
import warnings
from pathlib import Path

import pytest

from dataflow.core.errors import InputError, OutputError, UsageError
from dataflow.core.storage import BadRow
from dataflow.storage import FileStorage
from dataflow.storage.formats import FORMATS, write_rows

ROWS = [
    {"video": ["./videos/1.mp4"], "conversation": [{"from": "human", "value": ""}]},
    {"video": ["./videos/2.mp4"], "conversation": [{"from": "human", "value": ""}], "n": 7},
]


@pytest.fixture
def entry(tmp_path):
    path = tmp_path / "data" / "sample_data.json"
    path.parent.mkdir()
    path.write_text(json.dumps(ROWS, indent=4))
    return path


def test_step_1_reads_the_first_entry_and_each_later_step_the_file_before(tmp_path, entry):
    storage = FileStorage(str(entry), str(tmp_path / "cache"), "video_vqa", "json")
    assert storage.step() is storage
    assert storage.read("dict") == ROWS
    assert storage.write([{"id": 1}]) == tmp_path / "cache" / "video_vqa_step1.json"
    assert storage.step().read("dict") == [{"id": 1}]
    storage.write([{"id": 2}])
    assert storage.step().read("dict") == [{"id": 2}]
    assert storage.reset().step().read("dict") == ROWS


def test_the_parameters_are_taken_by_name_too_with_the_defaults_of_the_original(tmp_path, entry, monkeypatch):
    monkeypatch.chdir(tmp_path)
    storage = FileStorage(first_entry_file_name="data/sample_data.json").step()
    assert storage.output_path == Path("cache/dataflow_cache_step_step1.jsonl")
    assert storage.input_path == Path("data/sample_data.json")
    assert storage.cache_dir == Path("cache")


def test_the_door_at_the_old_path_leads_to_the_same_class():
    from dataflow.utils.storage import FileStorage as old

    assert old is FileStorage


def test_constructing_touches_no_disk_and_the_storage_pickles_with_its_step(tmp_path):
    storage = FileStorage(str(tmp_path / "gone.jsonl"), str(tmp_path / "cache")).step()
    copy = pickle.loads(pickle.dumps(storage))  # noqa: S301
    assert copy.output_path == storage.output_path
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_serves_as_step_file_and_as_input(tmp_path, name):
    entry = write_rows(tmp_path / f"in.{name}", ROWS)
    storage = FileStorage(entry, tmp_path / "cache", "p", name)
    storage.step()
    storage.write_rows(storage.rows())
    assert storage.step().read("dict") == ROWS
    assert storage.count() == 2


def test_read_gives_a_dataframe_that_writes_back_unchanged(tmp_path, entry):
    storage = FileStorage(entry, tmp_path / "cache", "p", "parquet").step()
    frame = storage.read()
    assert list(frame.columns) == ["video", "conversation", "n"]
    storage.write(frame)
    assert storage.step().read("dict") == ROWS


@pytest.mark.parametrize("call", ["read", "rows", "count", "write", "write_rows", "input_path", "output_path"])
def test_before_the_first_step_everything_says_to_call_step(tmp_path, call):
    storage = FileStorage("x.jsonl", tmp_path)
    with pytest.raises(UsageError, match=r"call storage\.step\(\)"):
        member = getattr(storage, call)
        member([]) if call.startswith("write") else member()
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_cache_type_names_the_known_ones():
    with pytest.raises(UsageError, match=r"cache_type: 'josn'.*did you mean 'json'.*json, jsonl, csv, parquet"):
        FileStorage("x.json", cache_type="josn")


def test_an_unknown_output_type_names_both():
    with pytest.raises(UsageError, match=r"read\('list'\).*'dataframe'.*'dict'"):
        FileStorage("x.json").step().read("list")


def test_a_step_that_was_not_run_is_named(tmp_path, entry):
    storage = FileStorage(entry, tmp_path / "cache").step().step().step()
    with pytest.raises(InputError, match=r"step2\.jsonl: step 3 reads it.*Run step 2 first"):
        storage.rows()


def test_the_home_folder_is_understood(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write_rows(tmp_path / "in.jsonl", [{"id": 1}])
    storage = FileStorage("~/in.jsonl", "~/cache", "p").step()
    storage.write(storage.read("dict"))
    assert (tmp_path / "cache" / "p_step1.jsonl").read_text() == '{"id":1}\n'


def test_the_input_is_never_overwritten(tmp_path):
    entry = write_rows(tmp_path / "p_step2.jsonl", [{"id": 1}])
    storage = FileStorage(entry, tmp_path, "p").step()
    storage.write([])
    with pytest.raises(UsageError, match="step 2 would overwrite the input"):
        storage.step().write([{"id": 2}])
    assert entry.read_text() == '{"id":1}\n'


def test_media_are_looked_for_in_the_working_directory_and_beside_the_input_at_every_step(tmp_path, entry):
    storage = FileStorage(entry, tmp_path / "cache").step()
    bases = storage.media_bases
    assert bases == (Path.cwd(), entry.parent)
    storage.write([{"id": 1}])
    assert storage.step().media_bases == bases


def test_rows_from_elsewhere_go_to_the_step_after_the_one_that_is_written(tmp_path, entry):
    storage = FileStorage(entry, tmp_path / "cache", "p", "json")
    storage.step().write([{"id": 1}])
    assert storage.next_unwritten() == tmp_path / "cache" / "p_step2.json"
    assert storage.output_path == tmp_path / "cache" / "p_step2.json"
    assert storage.next_unwritten() == tmp_path / "cache" / "p_step3.json"


def test_rows_from_elsewhere_go_to_the_current_step_while_it_is_not_written(tmp_path, entry):
    storage = FileStorage(entry, tmp_path / "cache", "p", "json")
    assert storage.next_unwritten().name == "p_step1.json"
    storage.step().step()
    assert storage.next_unwritten().name == "p_step3.json"


def test_a_script_run_again_writes_rows_from_elsewhere_to_the_same_file(tmp_path, entry):
    names = []
    for _ in range(2):
        storage = FileStorage(entry, tmp_path / "cache", "p", "json")
        storage.step().write([{"id": 1}])
        storage.next_unwritten()
        names.append(storage.write([{"id": 2}]).name)
    assert names == ["p_step2.json", "p_step2.json"]


def test_bad_rows_are_streamed_as_such_and_read_leaves_them_out_with_a_warning(tmp_path):
    (tmp_path / "in.jsonl").write_text('{"id": 1}\noops\n')
    storage = FileStorage(tmp_path / "in.jsonl", tmp_path / "cache").step()
    assert [type(row) for row in storage.rows()] == [dict, BadRow]
    with pytest.warns(UserWarning, match=r"rows left out: 1.*in\.jsonl:2"):
        assert storage.read("dict") == [{"id": 1}]


def test_a_good_file_is_read_without_a_warning(tmp_path, entry):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        FileStorage(entry, tmp_path / "cache").step().read()


def test_a_folder_of_media_is_a_first_entry(tmp_path):
    (tmp_path / "b.mp4").write_bytes(b"x")
    (tmp_path / "a.jpg").write_bytes(b"x")
    storage = FileStorage(tmp_path, tmp_path / "cache").step()
    assert storage.read("dict") == [
        {"id": "a.jpg", "image": [str(tmp_path / "a.jpg")]},
        {"id": "b.mp4", "video": [str(tmp_path / "b.mp4")]},
    ]
    assert storage.count() == 2
    assert storage.media_bases == (Path.cwd(), tmp_path)


def test_a_glob_of_media_is_a_first_entry(tmp_path):
    (tmp_path / "x").mkdir()
    for name in ("b.jpg", "a.jpg", "a.mp4"):
        (tmp_path / "x" / name).write_bytes(b"x")
    storage = FileStorage(tmp_path / "x" / "*.jpg", tmp_path / "cache").step()
    assert [Path(row["image"][0]).name for row in storage.read("dict")] == ["a.jpg", "b.jpg"]
    assert storage.media_bases == (Path.cwd(), tmp_path / "x")


def test_the_count_of_an_unreadable_input_is_not_known(tmp_path):
    assert FileStorage(tmp_path / "gone.jsonl", tmp_path).step().count() is None


def test_a_cache_path_that_is_a_file_is_told(tmp_path, entry):
    (tmp_path / "cache").write_text("mine")
    with pytest.raises(OutputError, match="a file stands where a folder is needed"):
        FileStorage(entry, tmp_path / "cache").step().write([{"id": 1}])
    assert (tmp_path / "cache").read_text() == "mine"
