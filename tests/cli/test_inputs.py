"""`dataflow run -i A -i B`: several inputs, and the slips that are made with them."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from dataflow.core.errors import InputError, UsageError
from dataflow.engine.pipeline import Pipeline
from dataflow.operators.core_vision import PromptedVQAGenerator
from dataflow.serving import APIVLMServing_openai
from tests.commands import dataflow, read_jsonl, write_jsonl
from tests.pictures import make_pictures, short_digest
from tests.servers import ModelServer

OUTPUT = "outputs/image_vqa/image_vqa_step1.jsonl"
FAILURES = "outputs/image_vqa/image_vqa_step1.failures.jsonl"


def words(server: ModelServer, *inputs: str) -> list[str]:
    given = [word for name in inputs for word in ("-i", name)]
    return ["run", "image_vqa", *given, "--model", "openai/stub", "--api-url", server.url, "--prompt", "What is it?"]


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """`a/in.jsonl` and the folder `b`, with pictures of the same names and other content."""
    pictures = make_pictures(tmp_path / "a", 4)
    for number in (2, 3):
        (tmp_path / "b").mkdir(exist_ok=True)
        pictures[number].rename(tmp_path / f"b/p{number - 2}.jpg")
    rows = [{"id": "mine", "image": "p0.jpg"}, {"image": "p1.jpg"}]
    write_jsonl(tmp_path / "a/in.jsonl", rows)
    return tmp_path


def test_a_table_and_a_folder_are_read_one_after_the_other(model_server: ModelServer, here: Path) -> None:
    done = dataflow(*words(model_server, "a/in.jsonl", "b"), "--json", cwd=here)
    assert done.returncode == 0, done.stderr
    rows = read_jsonl(here / OUTPUT)
    assert orjson.loads(done.stdout)["counts"]["samples"] == len(rows) == 4
    pictures = ["a/p0.jpg", "a/p1.jpg", "b/p0.jpg", "b/p1.jpg"]
    for row, picture in zip(rows, pictures, strict=True):
        assert f"[{short_digest(here / picture)}]" in row["vqa"]
    assert len({str(row["id"]) for row in rows}) == 4 and rows[0]["id"] == "mine"
    manifest = orjson.loads((here / "outputs/image_vqa/run.json").read_bytes())
    assert manifest["input"] == ["a/in.jsonl", "b"]
    again = dataflow(*words(model_server, "a/in.jsonl", "b"), "-q", cwd=here)
    assert again.returncode == 0 and read_jsonl(here / OUTPUT) == rows
    assert model_server.stats()["requests"] == 4


def test_two_tables_with_pictures_of_the_same_name_each_get_their_own_and_so_does_the_export(
    model_server: ModelServer, here: Path
) -> None:
    write_jsonl(here / "b/in.jsonl", [{"image": "p0.jpg"}, {"image": "p1.jpg"}, {"image": "gone.jpg"}])
    make_pictures(here / "a", 1, size=16)[0].rename(here / "a/gone.jpg")
    make_pictures(here / "a", 1)
    done = dataflow(*words(model_server, "a/in.jsonl", "b/in.jsonl"), "-q", cwd=here)
    assert done.returncode == 3, done.stderr
    rows = read_jsonl(here / OUTPUT)
    for row, picture in zip(rows, ["a/p0.jpg", "a/p1.jpg", "b/p0.jpg", "b/p1.jpg"], strict=True):
        assert f"[{short_digest(here / picture)}]" in row["vqa"]
    (failure,) = read_jsonl(here / FAILURES)
    assert (failure["id"], failure["kind"]) == (5, "media") and "b/gone.jpg" in failure["message"]
    # From another folder, so that nothing is found by luck.
    (here / "elsewhere").mkdir()
    export = ["export", here / OUTPUT, "--to", "sharegpt", "--out", here / "out", "--media", "reference"]
    exported = dataflow(*export, cwd=here / "elsewhere")
    assert exported.returncode == 0, exported.stderr
    told = (here / "out/train.json").read_text()
    for picture in ("a/p0.jpg", "b/p0.jpg", "b/p1.jpg"):
        assert picture in told


@pytest.mark.parametrize("more", [[], ["--dry-run"], ["--limit", "1"]])
def test_what_is_wrong_with_the_second_input_is_said_before_anything_is_asked(
    model_server: ModelServer, here: Path, more: list[str]
) -> None:
    write_jsonl(here / "c.jsonl", [{"imagee": "a/p0.jpg"}])
    (here / "empty").mkdir()
    for name, said in (("gone.jsonl", "no such file"), ("c.jsonl", "no column 'image'"), ("empty", "no image")):
        done = dataflow(*words(model_server, "a/in.jsonl", name), "-q", *more, cwd=here)
        assert done.returncode == 1
        (line,) = done.stderr.strip().splitlines()
        assert line.startswith(f"error: {name}: ") and said in line
    assert model_server.stats()["requests"] == 0


def test_a_dry_run_counts_all_inputs(model_server: ModelServer, here: Path) -> None:
    done = dataflow(*words(model_server, "a/in.jsonl", "b", "b/p1.jpg"), "--dry-run", "--json", cwd=here)
    assert done.returncode == 0, done.stderr
    assert orjson.loads(done.stdout)["samples"] == 5
    assert model_server.stats()["requests"] == 0


def test_the_output_never_overwrites_the_second_input_either(model_server: ModelServer, here: Path) -> None:
    write_jsonl(here / "b/image_vqa_step1.jsonl", [{"image": "p0.jpg"}])
    done = dataflow(*words(model_server, "a/in.jsonl", "b/image_vqa_step1.jsonl"), "-o", "b", cwd=here)
    assert done.returncode == 2 and "would overwrite the input" in done.stderr
    assert read_jsonl(here / "b/image_vqa_step1.jsonl") == [{"image": "p0.jpg"}]


def test_the_same_input_twice_is_a_slip(model_server: ModelServer, here: Path) -> None:
    done = dataflow(*words(model_server, "b", "./b"), cwd=here)
    assert done.returncode == 2 and "./b is given twice" in done.stderr


@pytest.mark.parametrize(
    "command", [["-i", "b/p0.jpg", "b/p1.jpg"], ["b/p0.jpg", "b/p1.jpg"], ["-q", "b/p1.jpg", "--input", "b/p0.jpg"]]
)
def test_a_pattern_that_the_shell_has_opened_is_a_folder_of_these_files(here: Path, command: list[str]) -> None:
    make_pictures(here / "b", 3)
    done = dataflow("run", "image_vqa", *command, cwd=here)
    assert done.returncode == 0, done.stderr
    rows = read_jsonl(here / OUTPUT)
    assert [(row["id"], row["image"]) for row in rows] == [("p0.jpg", ["b/p0.jpg"]), ("p1.jpg", ["b/p1.jpg"])]
    assert orjson.loads((here / "outputs/image_vqa/run.json").read_bytes())["input"] == "2 files in b"


def test_files_of_several_folders_and_a_table_between_them_keep_their_order(here: Path) -> None:
    done = dataflow("run", "image_vqa", "-i", "b/p1.jpg", "-i", "a/in.jsonl", "-i", "a/p0.jpg", "b/p0.jpg", cwd=here)
    assert done.returncode == 0, done.stderr
    assert [row["id"] for row in read_jsonl(here / OUTPUT)] == [
        *("b/p1.jpg", "mine", 3),
        *(f"{here.name}/a/p0.jpg", f"{here.name}/b/p0.jpg"),
    ]


@pytest.mark.parametrize("word", ["a", "a/in.jsonl", "nothing", "p9.jpg"])
def test_what_is_no_file_of_media_behind_an_input_is_told_with_its_cure(here: Path, word: str) -> None:
    done = dataflow("run", "image_vqa", "-i", "b/p0.jpg", "b/p1.jpg", word, cwd=here)
    assert done.returncode == 2 and not (here / "outputs").exists()
    (line,) = done.stderr.strip().splitlines()
    assert word in line and ("write -i before" if (here / word).exists() else "dataflow run --help") in line


def test_inputs_before_the_pipeline_are_told(here: Path) -> None:
    done = dataflow("run", "-i", "b/p0.jpg", "b/p1.jpg", "image_vqa", cwd=here)
    assert done.returncode == 2 and "dataflow run PIPELINE -i b/p1.jpg" in done.stderr


def test_ids_of_several_folders_begin_with_the_folders_name_and_stay_when_files_go(here: Path) -> None:
    make_pictures(here / "x/a", 2)
    folders = ("-i", "a", "-i", "b", "-i", "x/a")
    done = dataflow("run", "image_vqa", *folders, "-q", cwd=here)
    assert done.returncode == 0, done.stderr
    ids = [row["id"] for row in read_jsonl(here / OUTPUT)]
    first = f"{here.name}/a"
    assert ids == [f"{first}/p0.jpg", f"{first}/p1.jpg", "b/p0.jpg", "b/p1.jpg", "x/a/p0.jpg", "x/a/p1.jpg"]
    (here / "a/p0.jpg").unlink()
    (here / "b/p0.jpg").unlink()
    again = dataflow("run", "image_vqa", *folders, "-q", cwd=here)
    assert again.returncode == 0 and "suffix" not in done.stderr
    assert [row["id"] for row in read_jsonl(here / OUTPUT)] == [id for id in ids if id not in (ids[0], ids[2])]


def test_a_word_that_is_nothing_is_told(tmp_path: Path) -> None:
    done = dataflow("run", "image_vqa", "video_qa", cwd=tmp_path)
    assert done.returncode == 2 and "video_qa" in done.stderr and "Traceback" not in done.stderr


def test_from_python_a_list_of_paths_is_several_inputs_and_a_list_of_dicts_a_table(
    model_server: ModelServer, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    operator = PromptedVQAGenerator(APIVLMServing_openai(model_server.url, model_name="stub"), prompt_template="What?")
    several = Pipeline([operator]).run([Path("a/in.jsonl"), "b"], "out")
    assert [row["image"] for row in several.rows()] == ["p0.jpg", "p1.jpg", ["b/p0.jpg"], ["b/p1.jpg"]]
    assert len(Pipeline([operator]).run([{"image": "b/p0.jpg"}], "table")) == 1
    with pytest.raises(InputError, match="nowhere"):
        Pipeline([operator]).run(["a/in.jsonl", "nowhere.jsonl"], "out")
    with pytest.raises(UsageError):
        Pipeline([operator]).run(["a/in.jsonl", {"image": "b/p0.jpg"}], "out")
