"""The spool takes rows as they finish and gives them back in input order, without holding them."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataflow.core.errors import SampleError
from dataflow.storage.formats import FORMATS, read_rows, write_rows
from dataflow.storage.spool import Spool


@settings(max_examples=60, deadline=None)
@given(counts=st.lists(st.integers(0, 3), max_size=40), seed=st.integers(0, 99), gap=st.integers(1, 5000))
def test_rows_come_back_in_input_order_whatever_the_order_they_finished_in(tmp_path_factory, counts, seed, gap):
    spool = Spool(tmp_path_factory.mktemp("spool") / "x.jsonl.spool")
    rows = {index * gap: [{"id": f"{index}/{sub}"} for sub in range(count)] for index, count in enumerate(counts)}
    for index in random.Random(seed).sample(list(rows), len(rows)):
        spool.put(index, rows[index])
    assert list(spool.ordered()) == [row for group in rows.values() for row in group]
    spool.close()


@pytest.mark.parametrize("name", FORMATS)
def test_a_step_file_of_any_format_is_written_from_it(tmp_path, name):
    spool = Spool(tmp_path / "x.spool")
    for index in reversed(range(100)):
        spool.put(index, [{"id": index, "qa": [{"q": str(index)}]}])
    path = write_rows(tmp_path / f"x.{name}", spool.ordered())
    assert [row["id"] for row in read_rows(path)] == list(range(100))


def test_after_a_flush_anybody_can_read_whole_lines(tmp_path):
    spool = Spool(tmp_path / "x.spool")
    spool.put(1, [{"id": 2, "text": "a\nb\u2028"}])
    spool.put(0, [{"id": 1}])
    spool.flush()
    assert [json.loads(line) for line in (tmp_path / "x.spool").read_bytes().splitlines()] == [
        {"id": 2, "text": "a\nb\u2028"},
        {"id": 1},
    ]


def test_what_was_written_already_can_be_read_while_more_comes(tmp_path):
    spool = Spool(tmp_path / "x.spool")
    spool.put(1, [{"id": 2}])
    assert list(spool.ordered()) == [{"id": 2}]
    spool.put(0, [{"id": 1}])
    assert list(spool.ordered()) == [{"id": 1}, {"id": 2}]


def test_a_second_put_for_an_index_replaces_the_first(tmp_path):
    spool = Spool(tmp_path / "x.spool")
    spool.put(0, [{"id": 1, "try": 1}])
    spool.put(0, [{"id": 1, "try": 2}])
    assert list(spool.ordered()) == [{"id": 1, "try": 2}]


def test_a_row_without_a_json_form_fails_its_sample_and_takes_nothing(tmp_path):
    spool = Spool(tmp_path / "x.spool")
    with pytest.raises(SampleError, match="field 'frames': set has no JSON form"):
        spool.put(0, [{"id": 1}, {"id": 2, "frames": {1}}])
    assert list(spool.ordered()) == []


def test_closing_removes_the_files_or_leaves_the_rows(tmp_path):
    Spool(tmp_path / "a.spool").close()
    kept = Spool(tmp_path / "b.spool")
    kept.put(0, [{"id": 1}])
    kept.close(remove=False)
    kept.close()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"b.spool": '{"id":1}\n'}


def test_a_spool_of_an_earlier_run_is_begun_anew(tmp_path):
    old = Spool(tmp_path / "x.spool")
    old.put(5, [{"id": "old"}])
    old.close(remove=False)
    new = Spool(tmp_path / "x.spool")
    new.put(0, [{"id": "new"}])
    assert list(new.ordered()) == [{"id": "new"}]


def test_memory_does_not_grow_with_the_rows(tmp_path):
    def peak(count: int) -> int:
        spool = Spool(tmp_path / f"{count}.spool")
        tracemalloc.start()
        for index in range(count):
            spool.put(index ^ 63, [{"id": index, "text": "x" * 300}])
        assert sum(1 for _ in spool.ordered()) == count
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        spool.close()
        return highest

    assert peak(24_000) < 1.2 * peak(6_000)


def test_a_disk_that_fills_is_told_and_closing_still_works(tmp_path):
    code = """
import resource, sys
from pathlib import Path
from dataflow.core.errors import OutputError
from dataflow.storage.spool import Spool
spool = Spool(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    for index in range(10000):
        spool.put(index, [{"id": index, "text": "x" * 200}])
except OutputError as error:
    print(error)
spool.close(remove=False)
"""
    said = subprocess.run([sys.executable, "-c", code, str(tmp_path / "x.spool")], capture_output=True, text=True)
    assert (said.returncode, said.stderr) == (0, "")
    assert "x.spool: larger than this process or disk may write" in said.stdout
