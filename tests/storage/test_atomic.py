"""Files appear whole or not at all, whatever goes wrong: no room, no permission, an error half way, a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from dataflow.core.errors import OutputError
from dataflow.storage.atomic import AtomicFile, atomic_file
from dataflow.storage.formats import FORMATS


def run(code: str, *arguments: object) -> str:
    """Run code in a process of its own and return what it prints."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_there_only_when_the_block_has_ended(tmp_path):
    path = tmp_path / "new" / "x.jsonl"
    with atomic_file(path) as file:
        file.write(b"all")
        assert not path.exists()
    assert path.read_bytes() == b"all"
    assert names(path.parent) == ["x.jsonl"]


def test_an_error_half_way_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), atomic_file(path) as file:
        file.write(b"new")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["x.jsonl"]


def test_an_interrupt_half_way_does_too(tmp_path):
    with pytest.raises(KeyboardInterrupt), atomic_file(tmp_path / "x") as file:
        file.write(b"new")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("limit", [1, 9_000, 300_000])
def test_a_file_that_may_not_grow_leaves_the_old_one_whatever_the_format(tmp_path, name, limit):
    path = tmp_path / f"x.{name}"
    path.write_bytes(b"old")
    said = run(
        """
        import resource, signal, sys
        from pathlib import Path
        import os
        from dataflow.core.errors import OutputError
        from dataflow.storage.formats import write_rows
        path, limit = Path(sys.argv[1]), int(sys.argv[2])
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            write_rows(path, ({"id": i, "text": os.urandom(150).hex()} for i in range(3000)))
        except OutputError as error:
            print(error)
        """,
        path,
        limit,
    )
    assert f"{path}: larger than this process or disk may write" in said
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == [path.name]


def test_a_full_disk_is_told_as_such():
    from dataflow.storage.os_errors import writing

    with pytest.raises(OutputError, match="no space left on the disk"), writing(Path("x.jsonl")):
        full = os.open("/dev/full", os.O_WRONLY)
        try:
            os.write(full, b"x")
        finally:
            os.close(full)


AS_NOBODY = """
    import os, sys
    from pathlib import Path
    from dataflow.core.errors import DataFlowError
    from dataflow.storage import FileStorage
    storage = FileStorage(sys.argv[1], sys.argv[2], "p").step()
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    try:
        storage.write(storage.read("dict"))
    except DataFlowError as error:
        print(type(error).__name__, error)
"""


@pytest.fixture
def open_path():
    """A folder that every user may reach: pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_folder_that_may_not_be_written_is_told_with_the_cure(open_path):
    (open_path / "in.jsonl").write_text('{"id": 1}\n')
    (open_path / "out").mkdir(mode=0o555)
    said = run(AS_NOBODY, open_path / "in.jsonl", open_path / "out")
    assert said.startswith("OutputError ")
    assert f"no permission to write in {open_path / 'out'}. Choose another output folder" in said
    assert names(open_path / "out") == []


def test_a_file_that_may_not_be_read_is_told_with_the_cure(open_path):
    (open_path / "in.jsonl").write_text('{"id": 1}\n')
    (open_path / "in.jsonl").chmod(0)
    said = run(AS_NOBODY, open_path / "in.jsonl", open_path / "out")
    assert said.startswith("InputError ")
    assert f"no permission to read it. Try: chmod u+r {open_path / 'in.jsonl'}" in said


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path):
    (tmp_path / "x.jsonl").mkdir()
    with pytest.raises(OutputError, match="this is a folder; a file is to be written there"):
        AtomicFile(tmp_path / "x.jsonl")


def test_a_file_where_a_folder_should_be_is_told_at_any_depth(tmp_path):
    (tmp_path / "a").write_text("mine")
    for path in (tmp_path / "a" / "x.jsonl", tmp_path / "a" / "b" / "x.jsonl"):
        with pytest.raises(OutputError, match="a file stands where a folder is needed"):
            AtomicFile(path)


def test_what_a_killed_process_left_is_replaced(tmp_path):
    path = tmp_path / "x.jsonl"
    code = """
        import os, signal, sys
        from pathlib import Path
        from dataflow.storage.atomic import AtomicFile
        half = AtomicFile(Path(sys.argv[1]))
        half.file.write(b"half")
        half.file.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    """
    with pytest.raises(subprocess.CalledProcessError) as killed:
        run(code, path)
    assert killed.value.returncode == -signal.SIGKILL
    assert not path.exists()
    with atomic_file(path) as file:
        file.write(b"whole")
    assert path.read_bytes() == b"whole"
    assert names(tmp_path) == ["x.jsonl"]


def test_of_two_writers_at_once_the_first_is_told_and_neither_mixes_with_the_other(tmp_path):
    path = tmp_path / "x.jsonl"
    first, second = AtomicFile(path), AtomicFile(path)
    first.file.write(b"first")
    second.file.write(b"second")
    with pytest.raises(OutputError, match="another run wrote it at the same time"):
        first.commit()
    second.commit()
    assert path.read_bytes() == b"second"
    assert names(tmp_path) == ["x.jsonl"]
