"""What a user's mistakes are met with: one clear line, the right exit code, nothing half-written."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.pictures import make_pictures
from tests.servers import ModelServer

OUTPUT = "outputs/image_vqa/image_vqa_step1.jsonl"
FAILURES = "outputs/image_vqa/image_vqa_step1.failures.jsonl"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.jsonl", None, ["missing.jsonl"]),
        ("empty.json", b"", ["empty.json"]),
        ("empty.jsonl", b"", ["empty.jsonl"]),
        ("none.json", b"[]", ["none.json", "no samples"]),
        ("prose.json", b"these are my images", ["prose.json", "line 1"]),
        ("object.json", b'{"image": "a.jpg"}', ["object.json", "[ ]"]),
        ("column.json", b'[{"imagee": "a.jpg"}]', ["column.json", "'image'", "did you mean", "imagee"]),
        ("table.xlsx", b"PK", ["table.xlsx", "jsonl"]),
    ],
)
def test_an_input_that_cannot_be_read_ends_in_one_line_and_asks_nothing(
    model_server: ModelServer, tmp_path: Path, name: str, content: bytes | None, said: list[str]
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    words = ["run", "image_vqa", "--input", name, "--model", "openai/stub", "--api-url", model_server.url, "-q"]
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    for words_said in said:
        assert words_said in line
    assert model_server.stats()["requests"] == 0
    assert not (tmp_path / OUTPUT).exists()


def test_one_bad_line_costs_its_own_row_alone(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path, 3)
    good = [f'{{"image": "p{number}.jpg"}}' for number in range(3)]
    (tmp_path / "in.jsonl").write_text("\n".join([good[0], '{"image": "p1.jpg"', good[1], good[2]]))
    words = ["run", "image_vqa", "--input", "in.jsonl", "--model", "openai/stub", "--api-url", model_server.url]
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode == 3
    assert [row["id"] for row in read_jsonl(tmp_path / OUTPUT)] == [1, 3, 4]
    (failure,) = read_jsonl(tmp_path / FAILURES)
    assert failure["id"] == 2
    assert failure["kind"] == "input"
    assert "in.jsonl:2" in failure["message"]
    assert failure["raw"] == '{"image": "p1.jpg"'


def png_bomb(side: int) -> bytes:
    """A PNG that declares side x side pixels and holds hardly any."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(side * 3 + 1) * 50)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_bad_pictures_are_set_aside_with_reasons_and_no_request(model_server: ModelServer, tmp_path: Path) -> None:
    good, cut = make_pictures(tmp_path, 2, size=64)
    cut.write_bytes(cut.read_bytes()[:200])
    (tmp_path / "zero.jpg").write_bytes(b"")
    (tmp_path / "text.jpg").write_text("I am no picture")
    (tmp_path / "bomb.png").write_bytes(png_bomb(20_000))
    names = ["missing.jpg", "zero.jpg", "text.jpg", "bomb.png", cut.name, good.name]
    write_jsonl(tmp_path / "in.jsonl", [{"image": [name]} for name in names])
    words = ["run", "image_vqa", "--input", "in.jsonl", "--model", "openai/stub", "--api-url", model_server.url]
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert [row["image"] for row in read_jsonl(tmp_path / OUTPUT)] == [[good.name]]
    failures = read_jsonl(tmp_path / FAILURES)
    assert [failure["id"] for failure in failures] == [1, 2, 3, 4, 5]
    assert {failure["kind"] for failure in failures} == {"media"}
    for failure, name in zip(failures, names, strict=False):
        assert name in failure["message"]
        assert failure["sample"]["image"] == [name]
    assert model_server.stats()["requests"] == 1


def test_mended_samples_are_asked_about_by_the_next_run_and_the_others_are_not(
    model_server: ModelServer, tmp_path: Path
) -> None:
    good, late = make_pictures(tmp_path, 2)
    content = late.read_bytes()
    late.unlink()
    write_jsonl(tmp_path / "in.jsonl", [{"image": good.name}, {"image": late.name}])
    words = ["run", "image_vqa", "--input", "in.jsonl", "--model", "openai/stub", "--api-url", model_server.url]
    assert dataflow(*words, cwd=tmp_path).returncode == 3
    late.write_bytes(content)
    assert dataflow(*words, cwd=tmp_path).returncode == 0
    assert len(read_jsonl(tmp_path / OUTPUT)) == 2
    assert not (tmp_path / FAILURES).exists()
    assert model_server.stats()["requests"] == 2


def test_an_output_that_is_no_folder_ends_in_one_line(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 1)
    (tmp_path / "taken").write_text("a file")
    words = ["run", "image_vqa", "--input", "p", "--model", "openai/stub", "--api-url", model_server.url]
    done = dataflow(*words, "--output", "taken", "-q", cwd=tmp_path)
    assert done.returncode == 1
    assert "taken" in done.stderr and "Traceback" not in done.stderr
    assert model_server.stats()["requests"] == 0


def test_a_full_disk_ends_in_one_line_and_what_was_answered_is_kept(model_server: ModelServer, tmp_path: Path) -> None:
    import resource
    import signal

    make_pictures(tmp_path / "p", 300)

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))

    words = ["run", "image_vqa", "--input", "p", "--model", "openai/stub", "--api-url", model_server.url, "-q"]
    done = dataflow(*words, cwd=tmp_path, preexec_fn=small_files)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / OUTPUT).exists()
    before = model_server.stats()["delivered"]
    again = dataflow(*words, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert len(read_jsonl(tmp_path / OUTPUT)) == 300
    assert model_server.stats()["requests"] < before + 300


def test_a_missing_key_is_told_with_what_to_export(tmp_path: Path) -> None:
    make_pictures(tmp_path / "p", 1)
    words = ["run", "image_vqa", "--input", "p", "--model", "openai/stub", "--api-url", "https://api.example.com/v1"]
    done = dataflow(*words, "-q", cwd=tmp_path)
    assert done.returncode == 1
    assert "export DF_API_KEY=" in done.stderr and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "image_vqaa"], "did you mean 'image_vqa'"),
        (["run", "image_vqa", "--model", "opnai/x"], "did you mean 'openai'"),
        (["run", "image_vqa", "--set", "sampeling=uniform:4"], "did you mean 'sampling'"),
        (["run", "image_vqa", "--set", "sampling"], "KEY=VALUE"),
        (["run", "video_caption", "--frames", "uniforn:4"], "uniform:N"),
        (["run", "image_vqa", "--format", "xml"], "jsonl"),
    ],
)
def test_a_slip_in_the_command_names_what_was_meant(tmp_path: Path, words: list[str], said: str) -> None:
    done = dataflow(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
