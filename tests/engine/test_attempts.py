"""How often each sample was tried by earlier complete runs, read from the failures file."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataflow.engine.outputs import previous_attempts

OUTPUT = Path("x_step1.jsonl")


def test_without_a_failures_file_nothing_was_tried(tmp_path: Path) -> None:
    assert previous_attempts(tmp_path / OUTPUT) == {}


def test_attempts_are_known_by_id_whatever_its_type(tmp_path: Path) -> None:
    lines = ['{"id": 7, "attempts": 2}', '{"id": "7", "attempts": 3}', '{"id": "a/0"}', '{"id": null, "attempts": 1}']
    (tmp_path / "x_step1.failures.jsonl").write_text("\n".join(lines))
    assert previous_attempts(tmp_path / OUTPUT) == {b"7": 2, b'"7"': 3, b'"a/0"': 1, b"null": 1}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"no json", b"[1]\n", b'{"id": 1, "attempts": []}', b""])
def test_a_file_that_was_spoilt_by_hand_stops_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x_step1.failures.jsonl").write_bytes(content)
    assert previous_attempts(tmp_path / OUTPUT) == {}
