"""Pairs in rows: Markdown tables, cells separated by a bar or a tab, CSV with a header."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import islice

from dataflow.parsing.asking import asks, strip_lead
from dataflow.parsing.lines import tidy
from dataflow.parsing.marks import MAX_MARKS
from dataflow.parsing.names import FOLDED, fold
from dataflow.parsing.pair import Located, QAPair

_ROW = re.compile(r"^[^|\n]*+\|[^\n]*$", re.MULTILINE)
_RULED = re.compile(r"\A\n(?:[ \t]*\+[-=+]{3,}\n)?[ \t]*\n?\Z")
_TAB_ROW = re.compile(r"^[^\t\n]++\t[^\n]*$", re.MULTILINE)
_CELL = re.compile(r"(?<!\\)\|")
_DASHES = re.compile(r"[-:=\s]+")
_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)
_CELL_MARK = re.compile(
    r"[*_]{0,2}(?:(?P<q>question|q)|(?P<a>answer|ans|a))[ \t]?\d{0,4}[*_]{0,2}[ \t]*[:：.)][*_]{0,2}[ \t]*", re.I
)
_CSV_HEADER = re.compile(
    r"^[ \t]*\"?(?:(?:id|no\.?|index|#)\"?[ \t]*[,;][ \t]*\"?)?question\"?[ \t]*(?P<by>[,;])[^\n|]*answer[^\n|]*$",
    re.I | re.M,
)

Row = tuple[list[str], int, int]


def table_pairs(text: str) -> list[Located]:
    """The pairs of every table in a text, in order; empty when no row pairs.

    A table counts when its header names a question and an answer column; without such a header, a row of two cells
    whose first one asks, or whose cells bear marks.
    """
    found: list[Located] = []
    for pattern, split in ((_ROW, _bars), (_TAB_ROW, _tabs)):
        for rows in _groups(
            text,
            [(split(match.group()), match.start(), match.end()) for match in islice(pattern.finditer(text), MAX_MARKS)],
        ):
            found += _from_rows(rows)
        if found:
            return found
    return _from_csv(text)


def _bars(line: str) -> list[str]:
    line = line.strip()
    cells = _CELL.split(line.removeprefix("|"))
    if cells and not cells[-1].strip():
        cells.pop()
    return [cell.replace("\\|", "|").strip() for cell in cells]


def _tabs(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t")]


def _groups(text: str, rows: list[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    for row in rows:
        if group and _RULED.sub("", text[group[-1][2] : row[1]]):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _from_rows(rows: list[Row]) -> list[Located]:
    columns = _columns(rows[0][0])
    found: list[Located] = []
    question: tuple[str, int] | None = None
    for number, (cells, start, end) in enumerate(rows):
        if columns:
            if number == 0 or all(_DASHES.fullmatch(cell) or not cell for cell in cells):
                continue
            picked = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
            pair = _pair(picked["question"], picked["answer"], picked.get("label") or None)
        elif len(cells) == 2 and (kind := _kind(cells[0])):
            # A table that was laid on its side: one row for the question, the next for its answer.
            pair = None
            if kind == "question":
                question = (cells[1], start)
            elif question:
                pair, start = _pair(question[0], cells[1]), question[1]
        else:
            pair = _bare_row(cells)
        if pair:
            found.append(Located(pair, min(start, rows[0][1]) if columns and not found else start, end))
    return found


def _kind(cell: str) -> str:
    """What a cell names: question, answer, label, or nothing."""
    if len(cell) > 40 or cell.endswith("?"):
        return ""
    name = fold(cell)
    return next((kind for kind in ("question", "answer", "label") if name in FOLDED[kind]), "")


def _columns(header: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, cell in enumerate(header[:20]):
        if kind := _kind(cell):
            columns.setdefault(kind, at)
    return columns if "question" in columns and "answer" in columns else {}


def _bare_row(cells: list[str]) -> QAPair | None:
    if len(cells) == 3 and re.fullmatch(r"[#(Qq]?\d{1,4}[.):]?", cells[0]):
        cells = cells[1:]
    if len(cells) != 2:
        return None
    asked = cells[0] if _CELL_MARK.match(cells[0]) else strip_lead(cells[0])
    marks = [_CELL_MARK.match(cell) for cell in (asked, cells[1])]
    if (marks[0] and marks[0]["q"] and marks[1] and marks[1]["a"]) or asks(asked):
        return _pair(asked, cells[1])
    return None


def _pair(question: str, answer: str, label: str | None = None) -> QAPair | None:
    question, answer = (
        tidy(_BREAK.sub("\n", text[mark.end() :] if (mark := _CELL_MARK.match(text)) and mark[kind] else text))
        for text, kind in ((question, "q"), (answer, "a"))
    )
    return QAPair(question, answer, label) if question and answer else None


def _from_csv(text: str) -> list[Located]:
    header = _CSV_HEADER.search(text)
    if header is None:
        return []
    body = re.split(r"\n[ \t]*(?:```|\n)", text[header.start() :], maxsplit=1)[0]
    try:
        reader = csv.reader(body.splitlines(keepends=True), delimiter=header["by"], skipinitialspace=True)
        rows = list(islice(reader, MAX_MARKS))
    except csv.Error:
        return []
    columns = _columns(rows[0])
    found = []
    for row in rows[1:] if columns else ():
        if len(row) > max(columns.values()):
            picked = {name: row[at] for name, at in columns.items()}
            if pair := _pair(picked["question"], picked["answer"], picked.get("label") or None):
                found.append(Located(pair, header.start(), header.start() + len(body)))
    return found
