"""`image_vqa` on every form in which people have their data."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
from pathlib import Path
from typing import Any

import orjson
import pyarrow
import pytest
from PIL import Image
from pyarrow import feather, parquet

from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.pictures import make_pictures

DATA = "out/image_vqa_step1.jsonl"


def run(cwd: Path, *words: str, code: int = 0, **options: Any) -> list[dict[str, Any]]:
    """The rows of a run of the embedded serving, which must have ended so."""
    done = dataflow("run", "image_vqa", "-o", "out", *words, cwd=cwd, **options)
    assert done.returncode == code, done.stdout + done.stderr
    return read_jsonl(cwd / DATA)


def refused(cwd: Path, *words: str, **options: Any) -> str:
    """What is said of a command that cannot run, in one line and without a traceback."""
    done = dataflow("run", "image_vqa", "-q", "-o", "out", *words, cwd=cwd, **options)
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr, done.stderr
    return done.stderr


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """`p0.jpg`, `p1.jpg` and `p2.jpg`."""
    make_pictures(tmp_path, 3, size=48)
    return tmp_path


def picture(here: Path, number: int) -> bytes:
    return (here / f"p{number}.jpg").read_bytes()


def test_tables_with_tabs_and_arrows_own_files_are_read(here: Path) -> None:
    (here / "in.tsv").write_text("image\tn\np0.jpg\t0\n")
    table = pyarrow.table({"image": [picture(here, 1), picture(here, 2)], "n": [1, 2], "other": [b"x", b"y"]})
    feather.write_feather(table, str(here / "in.feather"))
    with pyarrow.OSFile(str(here / "in.arrow"), "wb") as file, pyarrow.ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)
    (here / "in.ndjson").write_text('{"image": "p0.jpg", "n": 3}\n')
    names = ("in.tsv", "in.feather", "in.arrow", "in.ndjson")
    rows = run(here, *(word for name in names for word in ("-i", name)))
    assert [row["n"] for row in rows] == [0, 1, 2, 1, 2, 3] and "other" not in rows[1]
    (here / "in.arrow").write_bytes(b"no arrow file at all")
    assert "in.arrow: no Arrow file, or damaged" in refused(here, "-i", "in.arrow")


def rows_of_paths() -> list[dict[str, Any]]:
    return [{"image": f"p{number}.jpg", "n": number} for number in range(3)]


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
@pytest.mark.parametrize("packing", ["gz", "zst", "bz2", "xz"])
def test_packed_tables_are_read(here: Path, form: str, packing: str) -> None:
    lines = b"\n".join(map(orjson.dumps, rows_of_paths()))
    text = {
        "jsonl": lines,
        "json": orjson.dumps(rows_of_paths(), option=orjson.OPT_INDENT_2),
        "csv": b"image,n\np0.jpg,0\np1.jpg,1\np2.jpg,2\n",
    }[form]
    pack = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd}[packing]
    (here / f"in.{form}.{packing}").write_bytes(pack(text))
    assert [row["n"] for row in run(here, "-i", f"in.{form}.{packing}")] == [0, 1, 2]


def zstd(data: bytes) -> bytes:
    sink = pyarrow.BufferOutputStream()
    with pyarrow.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize("packing", ["gz", "zst", "bz2", "xz"])
def test_a_packed_table_that_is_damaged_is_told(here: Path, packing: str) -> None:
    (here / f"in.jsonl.{packing}").write_bytes(b"this is not packed at all, whatever the name says")
    assert f"in.jsonl.{packing}: " in refused(here, "-i", f"in.jsonl.{packing}")
    whole = gzip.compress(b"\n".join(orjson.dumps({"image": "p0.jpg", "n": n}) for n in range(1000)))
    (here / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    assert "damaged, or cut short" in refused(here, "-i", "cut.jsonl.gz")


def hub_table(here: Path) -> Path:
    struct = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    images = [
        {"bytes": picture(here, 0), "path": "whatever.jpg"},
        {"bytes": picture(here, 1), "path": None},
        {"bytes": None, "path": "p2.jpg"},
    ]
    table = pyarrow.table({"image": pyarrow.array(images, struct), "n": [0, 1, 2], "thumbnail": [b"x", b"y", None]})
    parquet.write_table(table, here / "hub.parquet")
    return here / "hub.parquet"


def test_parquet_of_the_hub_has_its_pictures_in_files_named_by_their_content(here: Path) -> None:
    hub_table(here)
    done = dataflow("run", "image_vqa", "-o", "out", "-i", "hub.parquet", cwd=here)
    assert done.returncode == 0, done.stderr
    assert "left out, for they hold bytes that nothing reads: thumbnail" in done.stderr
    rows = read_jsonl(here / DATA)
    assert [row["id"] for row in rows] == [1, 2, 3] and rows[2]["image"] == "p2.jpg"
    for number in (0, 1):
        path = rows[number]["image"]
        assert path.startswith("media/") and path.endswith(".jpg")
        assert (here / "out" / path).read_bytes() == picture(here, number)
    files = sorted((here / "out/media").rglob("*.*"))
    times = [file.stat().st_mtime_ns for file in files]
    again = dataflow("run", "image_vqa", "-o", "out", "-i", "hub.parquet", "--json", cwd=here)
    counts = orjson.loads(again.stdout)["counts"]
    assert (counts["requests"], counts["from_ledger"]) == (0, 3)
    assert sorted((here / "out/media").rglob("*.*")) == files
    assert [file.stat().st_mtime_ns for file in files] == times
    # The output is whole by itself: moved elsewhere, it exports with its pictures.
    (here / "moved").mkdir()
    (here / "out").rename(here / "moved/out")
    exported = dataflow("export", "moved/out", "--to", "llava", "--out", "exported", cwd=here)
    assert exported.returncode == 0, exported.stderr
    assert len(list((here / "exported/media").rglob("*.jpg"))) == 3


def test_what_export_to_hf_writes_is_read_back(here: Path) -> None:
    write_jsonl(here / "in.jsonl", rows_of_paths())
    run(here, "-i", "in.jsonl")
    exported = dataflow("export", "out", "--to", "hf", "--out", "exported", cwd=here)
    assert exported.returncode == 0, exported.stderr
    (table,) = (here / "exported").rglob("*.parquet")
    column = next(name for name in parquet.read_schema(table).names if name.startswith("image"))
    words = (
        "-i",
        str(table),
        "-o",
        "again",
        "--set",
        f"input_image_key={column}",
        "--set",
        "input_conversation_key=none",
    )
    done = dataflow("run", "image_vqa", *words, cwd=here)
    assert done.returncode == 0, done.stderr
    assert len(read_jsonl(here / "again/image_vqa_step1.jsonl")) >= 3


def test_plain_bytes_lists_of_them_and_other_formats_are_read(here: Path) -> None:
    png = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(png, "PNG")
    parquet.write_table(pyarrow.table({"image": [picture(here, 0), png.getvalue()]}), here / "plain.parquet")
    assert [Path(row["image"]).suffix for row in run(here, "-i", "plain.parquet")] == [".jpg", ".png"]
    several = [[{"bytes": picture(here, 0), "path": ""}, {"bytes": png.getvalue(), "path": ""}]]
    parquet.write_table(pyarrow.table({"image": several}), here / "lists.parquet")
    (row,) = run(here, "-i", "lists.parquet")
    assert [Path(path).suffix for path in row["image"]] == [".jpg", ".png"]


def test_a_column_of_bytes_under_another_name_is_named_in_the_error(here: Path) -> None:
    parquet.write_table(pyarrow.table({"picture": [picture(here, 0)], "n": [1]}), here / "in.parquet")
    said = refused(here, "-i", "in.parquet")
    assert "no column 'image'" in said and "hold bytes that nothing reads: picture" in said
    assert run(here, "-i", "in.parquet", "--set", "input_image_key=picture")[0]["picture"].startswith("media/")


def test_base64_and_data_urls_become_files_and_do_not_swell_the_output(here: Path) -> None:
    plain = base64.b64encode(picture(here, 0)).decode()
    lines = base64.encodebytes(picture(here, 1)).decode()
    url_safe = base64.urlsafe_b64encode(picture(here, 2)).decode().rstrip("=")
    write_jsonl(
        here / "in.jsonl",
        [
            {"image": plain},
            {"image": [lines]},
            {"image": f"data:image/jpeg;base64,{url_safe}"},
            {"image": {"bytes": plain, "path": None}},
        ],
    )
    rows = run(here, "-i", "in.jsonl")
    paths = [row["image"] if isinstance(row["image"], str) else row["image"][0] for row in rows]
    assert [(here / "out" / path).read_bytes() for path in paths] == [picture(here, n) for n in (0, 1, 2, 0)]
    assert paths[0] == paths[3]
    assert (here / DATA).stat().st_size < 8000
    dry = dataflow("run", "image_vqa", "-i", "in.jsonl", "-o", "dry", "--dry-run", "--json", cwd=here)
    assert orjson.loads(dry.stdout)["failures"] == [] and not (here / "dry").exists()


def test_a_failure_never_repeats_the_data(here: Path) -> None:
    noise = base64.b64encode(bytes(range(256)) * 400).decode()
    write_jsonl(here / "in.jsonl", [{"image": noise}, {"image": {"a": noise}}, {"image": ["word " * 5000]}])
    rows = run_failing(here)
    assert len(rows) == 3
    assert all(len(row["message"]) < 2500 for row in rows)
    assert len(rows[0]["message"]) < 500 and "136,536 characters" in rows[0]["message"]


def run_failing(here: Path) -> list[dict[str, Any]]:
    done = dataflow("run", "image_vqa", "-o", "out", "-i", "in.jsonl", cwd=here)
    assert done.returncode == 3, done.stderr
    assert len(done.stderr) < 8000
    return read_jsonl(here / "out/image_vqa_step1.failures.jsonl")


def test_a_bad_field_that_nobody_reads_loses_no_row(here: Path) -> None:
    (here / "in.jsonl").write_bytes(
        b'{"image": "p0.jpg", "note": "caf\xe9"}\n'
        b'{"image": "p1.jpg", "note": "half \\ud83d a smile", "score": NaN}\n'
        b'{"image": "caf\xe9.jpg"}\n'
    )
    done = dataflow("run", "image_vqa", "-o", "out", "-i", "in.jsonl", cwd=here)
    assert done.returncode == 3, done.stderr
    assert [row["note"] for row in read_jsonl(here / DATA)] == ["caf\ufffd", "half \ufffd a smile"]
    (failure,) = read_jsonl(here / "out/image_vqa_step1.failures.jsonl")
    assert "not UTF-8" in failure["message"] and failure["id"] == 3
    assert "1 row holds bytes that are not UTF-8 in columns that nothing reads, such as 'note'" in done.stderr
    (here / "in.csv").write_bytes(b"image,note\np0.jpg,caf\xe9\np1.jpg,fine\n")
    assert [row["note"] for row in run(here, "-i", "in.csv")] == ["caf\ufffd", "fine"]
    (here / "in.json").write_bytes(b'[{"image": "p0.jpg", "note": "caf\xe9"}]')
    assert [row["note"] for row in run(here, "-i", "in.json")] == ["caf\ufffd"]
    # What is read counts: a prompt that names the column.
    assert "not UTF-8" in refused(here, "-i", "in.csv", "--prompt", "What of {note}?")


def test_the_conversations_of_llava_are_asked_where_they_end_in_a_question(here: Path) -> None:
    question = {"from": "human", "value": "<image>\nWhat is it?"}
    answer = {"from": "gpt", "value": "A cat."}
    write_jsonl(
        here / "in.jsonl",
        [
            {"id": "asked", "image": "p0.jpg", "conversations": [question]},
            {"id": "answered", "image": "p1.jpg", "conversations": [question, answer]},
        ],
    )
    asked, answered = run(here, "-i", "in.jsonl")
    assert asked["conversation"] == asked["conversations"] == [question]
    assert answered["conversations"] == [question, answer]
    assert answered["vqa_pairs"] and answered["conversation"] != [question]


def test_a_sample_is_drawn_at_random_and_grows(here: Path) -> None:
    write_jsonl(here / "in.jsonl", [{"image": f"p{n % 3}.jpg", "n": n} for n in range(60)])
    small = [row["n"] for row in run(here, "-i", "in.jsonl", "--sample", "5", "--seed", "7")]
    assert len(small) == 5 and small == sorted(small) and small != [0, 1, 2, 3, 4]
    manifest = orjson.loads((here / "out/run.json").read_bytes())
    assert manifest["counts"]["samples"] == 5
    large = [row["n"] for row in run(here, "-i", "in.jsonl", "--sample", "9", "--seed", "7")]
    assert len(large) == 9 and set(small) <= set(large)
    assert [row["n"] for row in run(here, "-i", "in.jsonl", "--sample", "5", "--seed", "8")] != small
    limited = run(here, "-i", "in.jsonl", "--sample", "5", "--limit", "6")
    assert len(limited) == 5 and {row["n"] for row in limited} < set(range(6))
    dry = dataflow("run", "image_vqa", "-i", "in.jsonl", "--sample", "5", "--dry-run", "--json", cwd=here)
    assert orjson.loads(dry.stdout)["samples"] == 5


def test_pictures_that_are_not_drawn_are_not_written(here: Path) -> None:
    images = [picture(here, number) for number in range(3)]
    parquet.write_table(pyarrow.table({"image": images}), here / "in.parquet")
    run(here, "-i", "in.parquet", "--sample", "1")
    assert len(list((here / "out/media").rglob("*.jpg"))) == 1
