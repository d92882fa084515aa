"""`dataflow run image_vqa -i -`: rows from a pipe, kept in a file from which a run can be resumed."""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

import orjson
import pyarrow
import pytest
from pyarrow import parquet

from tests.commands import COMMAND, dataflow, environment, read_jsonl
from tests.pictures import make_pictures

DATA = "out/image_vqa_step1.jsonl"
RUN = ("run", "image_vqa", "-o", "out", "-i", "-")


def lines(count: int) -> str:
    return "".join(f'{{"image": "p{n % 3}.jpg", "n": {n}}}\n' for n in range(count))


@pytest.fixture
def here(tmp_path: Path) -> Path:
    make_pictures(tmp_path, 3)
    return tmp_path


def test_lines_that_are_piped_in_are_kept_and_a_resume_from_the_file_or_the_pipe_asks_nothing_twice(here: Path) -> None:
    done = dataflow(*RUN, cwd=here, input=lines(3))
    assert done.returncode == 0 and "input: standard input" in done.stderr, done.stderr
    assert [row["n"] for row in read_jsonl(here / DATA)] == [0, 1, 2]
    assert orjson.loads((here / "out/run.json").read_bytes())["input"] == "out/input/stdin.jsonl"
    for words, piped in ((("-i", "out/input/stdin.jsonl"), ""), (("-i", "-"), lines(4))):
        again = dataflow("run", "image_vqa", "-o", "out", *words, "--json", cwd=here, input=piped)
        counts = orjson.loads(again.stdout)["counts"]
        assert counts["from_ledger"] == counts["samples"] == (4 if piped else 3) and counts["requests"] == 0


def test_other_forms_that_are_piped_in_are_known_by_their_beginning(here: Path) -> None:
    rows = [{"image": "p0.jpg"}, {"image": "p1.jpg"}]
    table = here / "in.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(rows), table)
    forms = {
        ".json": orjson.dumps(rows, option=orjson.OPT_INDENT_2),
        ".jsonl.gz": gzip.compress(lines(2).encode()),
        ".parquet": table.read_bytes(),
    }
    for ending, data in forms.items():
        done = subprocess.run([COMMAND, *RUN, "-q"], cwd=here, env=environment(), input=data, capture_output=True)
        assert done.returncode == 0, done.stderr
        assert len(read_jsonl(here / DATA)) == 2
        # What an earlier run kept in another form is gone: there is one file to resume from.
        assert [path.name for path in (here / "out/input").iterdir()] == [f"stdin{ending}"]


def test_an_endless_pipe_with_a_limit_is_read_no_further(here: Path) -> None:
    source = subprocess.Popen(["yes", '{"image": "p0.jpg"}'], stdout=subprocess.PIPE)
    done = dataflow(*RUN, "--limit", "5", "-q", cwd=here, stdin=source.stdout)
    source.kill()
    source.wait()
    assert done.returncode == 0, done.stderr
    assert len(read_jsonl(here / DATA)) == len(read_jsonl(here / "out/input/stdin.jsonl")) == 5


def test_an_empty_pipe_is_told_with_what_was_kept_before(here: Path) -> None:
    done = dataflow(*RUN, cwd=here, input="")
    assert done.returncode == 1 and "-i -: standard input is empty" in done.stderr and "kept" not in done.stderr
    assert dataflow(*RUN, "-q", cwd=here, input=lines(1)).returncode == 0
    (line,) = dataflow(*RUN, "-q", cwd=here, input="").stderr.strip().splitlines()
    assert "standard input is empty" in line and "-i out/input/stdin.jsonl" in line
    assert len(read_jsonl(here / "out/input/stdin.jsonl")) == 1


def test_a_line_that_is_no_row_is_told_by_the_file_that_keeps_it(here: Path) -> None:
    done = dataflow(*RUN, "-q", cwd=here, input=lines(2) + "image,n\n")
    assert done.returncode == 3
    (failure,) = read_jsonl(here / "out/image_vqa_step1.failures.jsonl")
    assert failure["message"].startswith("out/input/stdin.jsonl:3: ")


def test_a_pipe_beside_a_folder_and_in_a_dry_run(here: Path) -> None:
    make_pictures(here / "more", 2)
    dry = dataflow(*RUN, "-i", "more", "--dry-run", "--json", cwd=here, input=lines(3))
    assert orjson.loads(dry.stdout)["samples"] == 5 and not (here / "out").exists()
