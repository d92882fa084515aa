"""What is said when the system refuses a file."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from dataflow.storage.os_errors import input_error, output_error


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM])
def test_a_file_that_may_not_be_written_in_a_folder_that_may_is_told_by_its_own_name(tmp_path: Path, code: int) -> None:
    path = tmp_path / "a b.jsonl"
    path.touch()
    assert f"chmod u+rw '{path}'" in str(output_error(OSError(code, "no"), path))


def test_a_file_that_may_not_be_made_is_told_by_its_folder(tmp_path: Path) -> None:
    said = str(output_error(OSError(errno.EACCES, "no"), tmp_path / "x.jsonl"))
    assert f"no permission to write in {tmp_path}" in said and "Choose another output folder" in said


def test_a_folder_where_a_file_is_to_be_written_is_moved(tmp_path: Path) -> None:
    said = str(output_error(OSError(errno.EISDIR, "no"), tmp_path))
    assert f"mv {tmp_path} {tmp_path}.aside" in said


def test_a_file_that_may_not_be_read_names_the_command_for_a_shell(tmp_path: Path) -> None:
    assert f"chmod u+r '{tmp_path}/a b'" in str(input_error(OSError(errno.EACCES, "no"), tmp_path / "a b"))
