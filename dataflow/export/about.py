"""What an export says of itself in `export.json`: format, options, counts, and how its own columns are written."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import orjson

from dataflow.export.options import ExportOptions, ExportResult
from dataflow.export.replaced import ABOUT, FILES, files_in
from dataflow.export.targets.base import Facts, Target
from dataflow.storage.atomic import atomic_file
from dataflow.version import __version__

_REVIEW = ("applied", "rejected", "pairs_rejected", "rejected_for", "edited", "stale", "gone")
_COUNTS = ("samples", "missing", *_REVIEW, "skipped")


def write_about(
    folder: Path, target: type[Target], source: Path, options: ExportOptions, result: ExportResult, facts: Facts
) -> None:
    """Write it, as the last file.

    Raises:
        OutputError: it cannot be written.
    """
    counts = asdict(result)
    told = {
        "format": target.name,
        "documented": target.documented,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": __version__,
        "source": str(source),
        **({"partial": result.partial} if result.partial else {}),
        "options": {
            "val": options.val,
            "seed": options.seed,
            "media": facts.how,
            "columns": options.columns,
            "keep": options.keep,
            **({"question": options.question} if options.question else {}),
        },
        "conversations": result.splits,
        "counts": {name: counts[name] for name in _COUNTS},
        "own_columns": result.own,
        "renamed": {column.name: column.written for column in facts.own if column.written != column.name},
    }
    with atomic_file(folder / ABOUT) as file:
        file.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).removesuffix(b"\n}"))
        file.write(b',\n  "%b": [\n    "%b"' % (FILES.encode(), ABOUT.encode()))  # a line each: there may be millions
        for path in files_in(folder):
            if path != f".{ABOUT}.tmp":
                file.write(b",\n    " + orjson.dumps(path))
        file.write(b"\n  ]\n}")
