"""A result as a table for a notebook: the first rows, long texts cut, small pictures of images and clips."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import orjson

from dataflow.core import DataFlowError, Sample, as_list
from dataflow.core.causes import said_by
from dataflow.core.loop import run_blocking
from dataflow.core.terminal import one_line, visible
from dataflow.engine.counts import Counts
from dataflow.engine.notebook.pictures import Picture, pictures
from dataflow.runs.kinds import failed_in_words
from dataflow.storage.media_kinds import column_of
from dataflow.storage.places import MediaPlaces

ROWS, COLUMNS, PICTURES = 5, 8, 3
"""What is shown at most: rows, columns, and pictures of one cell."""

LONGEST = 400
"""Characters of a text."""

_TABLE = "border-collapse:collapse;font-size:.9em"
_CELL = "text-align:left;vertical-align:top;padding:.3em .6em;border:1px solid rgba(128,128,128,.35)"
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere;max-width:32em"


def as_table(path: Path, counts: Counts, rows: Iterable[Sample], places: MediaPlaces) -> str:
    """A result in HTML without scripts, and nothing that stands in the data is taken for HTML.

    Args:
        path: its file, to name it.
        counts: of its samples.
        rows: read no further than what is shown.
        places: where its media are looked for.
    """
    summary = f"{path}: {counts.written:,} rows, {failed_in_words(counts.failed, counts.kinds)}"
    try:
        shown = list(itertools.islice(rows, ROWS))
    except (DataFlowError, OSError) as error:  # moved or removed since
        return f"<div>{_words(f'{summary}; {said_by(error)}')}</div>"
    names = list(dict.fromkeys(name for row in shown for name in row))
    pictured = {name for row in shown for name, value in row.items() if name != "id" and _media(value)}
    columns = sorted(names, key=lambda name: (name != "id", name not in pictured, name == "conversation"))[:COLUMNS]
    cells = [row.get(name) for row in shown for name in columns if name in pictured]
    wanted = [path for value in cells for path in _media(value)[:PICTURES]]
    made = run_blocking(pictures(wanted, places))
    head = "".join(f'<th style="{_CELL}">{_words(name)}</th>' for name in columns)
    body = "".join(_row([_cell(row.get(name), made if name in pictured else {}) for name in columns]) for row in shown)
    left = ((counts.written - len(shown), "row"), (len(names) - len(columns), "column"))
    more = [f"{count:,} more {what}{'' if count == 1 else 's'}" for count, what in left if count > 0]
    tail = f"<div>and {' and '.join(more)}: <code>.dataframe()</code> has all</div>" if more else ""
    table = f'<table style="{_TABLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>' if shown else ""
    return f"<div><div>{_words(summary)}</div>{table}{tail}</div>"


def _row(cells: list[str]) -> str:
    return "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>"


def _media(value: Any) -> list[str]:
    """The paths of images and videos that a value is made of; empty where it is anything else."""
    paths = as_list(value)
    named = [one for one in paths if isinstance(one, str) and len(one) < 4096 and column_of(one) is not None]
    return named if named and len(named) == len(paths) else []


def _cell(value: Any, made: dict[str, Picture]) -> str:
    paths = _media(value) if made else []
    if not paths:
        return f'<div style="{_TEXT}">{_text(value)}</div>'
    shown = [_picture(path, made[path]) for path in paths[:PICTURES]]
    if len(paths) > PICTURES:
        shown.append(f"<div>and {len(paths) - PICTURES:,} more</div>")
    return "".join(shown)


def _picture(path: str, picture: Picture) -> str:
    name = _words(path if len(path) <= 30 else f"...{path[-30:]}")
    if not picture.url:
        return f"<div>{name}<br><small>{_words(picture.why)}</small></div>"
    return f'<figure style="margin:0"><img src="{picture.url}" alt=""><br><small>{name}</small></figure>'


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return escape(visible(text if len(text) <= LONGEST else f"{text[:LONGEST]}..."))


def _words(text: str) -> str:
    return escape(one_line(text))
