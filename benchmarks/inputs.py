"""Peak memory of taking in a dataset, by its form and size: rows are read as a run reads them, pictures in them go to
files, and nothing is asked.

    python benchmarks/inputs.py [ROWS ...]        10000 and 100000 unless given

Each form and size is a process of its own, which tells its own peak (VmHWM). Pictures are 1 KB, each another.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

FORMS = ("parquet", "stdin", "generator", "dataset")
PICTURE_BYTES = 1024
BATCH = 1000


def picture(number: int) -> bytes:
    """A kilobyte that begins like a JPEG."""
    return b"\xff\xd8\xff\xe0" + number.to_bytes(8, "big") * ((PICTURE_BYTES - 4) // 8)


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Rows with a picture and a text."""
    for number in range(count):
        yield {"id": f"s{number:07}", "image": {"bytes": picture(number), "path": None}, "title": f"title {number}"}


def write_parquet(path: Path, count: int) -> None:
    """The rows as the Hub has them."""
    import pyarrow
    from pyarrow import parquet

    image = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    schema = pyarrow.schema([("id", pyarrow.string()), ("image", image), ("title", pyarrow.string())])
    left = rows(count)
    with parquet.ParquetWriter(path, schema) as writer:
        while batch := list(islice(left, BATCH)):
            writer.write_table(pyarrow.Table.from_pylist(batch, schema=schema))


def write_lines(count: int) -> None:
    """The rows as JSON lines on standard output, pictures in base64."""
    from base64 import b64encode

    import orjson

    for row in rows(count):
        line = {**row, "image": b64encode(row["image"]["bytes"]).decode()}
        sys.stdout.buffer.write(orjson.dumps(line) + b"\n")


def take_in(form: str, count: int, source: Path) -> None:
    """Read everything, then tell how many rows came and the peak in kilobytes."""
    from dataflow.engine.inputs import Intake, open_input
    from dataflow.engine.options import RunOptions
    from dataflow.engine.prepared import prepared
    from dataflow.registry import find

    steps = find("pipelines", "image_vqa").steps(find("servings", "embedded")("", {}), {})
    given: Any = {"parquet": str(source), "stdin": "-", "generator": rows(count), "dataset": None}[form]
    if form == "dataset":
        import datasets

        given = datasets.Dataset.from_parquet(str(source))
    with tempfile.TemporaryDirectory() as folder:
        read = open_input(given, steps, Intake(Path(folder)))
        taken = prepared(read.rows, steps, read.sources[0], Path(folder), RunOptions(), read.warnings)
        came = sum(1 for row in taken if isinstance(row, dict) and str(row["image"]).startswith("media/"))
    peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    print(came, peak)


def measured(form: str, count: int, folder: Path) -> tuple[int, float]:
    """How many rows came, and the peak in megabytes."""
    source = folder / f"{count}.parquet"
    if form in ("parquet", "dataset") and not source.exists():
        write_parquet(source, count)
    command = [sys.executable, __file__]
    environment = {
        **os.environ,
        "HF_DATASETS_CACHE": str(folder / "cache"),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    writer = None
    if form == "stdin":
        writer = subprocess.Popen([*command, "--write", str(count)], stdout=subprocess.PIPE, env=environment)
    done = subprocess.run(
        [*command, "--take-in", form, str(count), str(source)],
        stdin=writer.stdout if writer else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        check=True,
    )
    if writer:
        writer.wait()
    came, peak = done.stdout.split()[-2:]
    return int(came), int(peak) / 1024


def main() -> None:
    """Print a table."""
    match sys.argv[1:]:
        case ["--write", count]:
            return write_lines(int(count))
        case ["--take-in", form, count, source]:
            return take_in(form, int(count), Path(source))
    sizes = [int(word) for word in sys.argv[1:]] or [10_000, 100_000]
    print("| form | " + " | ".join(f"{size:,} rows" for size in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMS:
            found = [measured(form, size, Path(folder)) for size in sizes]
            if wrong := [size for size, (came, _) in zip(sizes, found, strict=True) if came != size]:
                sys.exit(f"{form}: of {wrong[0]:,} rows not all came")
            print(f"| {form} | " + " | ".join(f"{peak:.0f} MB" for _, peak in found) + " |", flush=True)


if __name__ == "__main__":
    main()
