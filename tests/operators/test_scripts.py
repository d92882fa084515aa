"""Eager scripts in the style of the seeds, wherever they are run."""

from __future__ import annotations

import asyncio
import shutil
import threading
from pathlib import Path

from dataflow.operators.core_vision import PromptedVQAGenerator, VideoCaptionToQAGenerator, VideoToCaptionGenerator
from dataflow.serving import APIVLMServing_openai
from dataflow.utils.storage import FileStorage
from dataflow.workspace.inputs import sample_input
from tests.commands import python, read_jsonl, write_jsonl
from tests.pictures import make_pictures, short_digest
from tests.servers import ModelServer


def ask_about(folder: Path, serving: APIVLMServing_openai, cache: str = "cache") -> list[str]:
    """One eager step over the pictures of a folder; the answers."""
    source = folder / "in.jsonl"
    if not source.exists():
        pictures = make_pictures(folder / "p", 5)
        write_jsonl(source, [{"image": [f"p/{picture.name}"]} for picture in pictures])
    storage = FileStorage(str(source), str(folder / cache), "x", "json")
    done = PromptedVQAGenerator(serving=serving, prompt_template="What?").run(
        storage=storage.step(), input_image_key="image", output_answer_key="vqa"
    )
    return [row["vqa"] for row in done.rows()]


def test_it_runs_where_an_event_loop_is_running_already(model_server: ModelServer, tmp_path: Path) -> None:
    async def notebook_cell() -> list[str]:
        return ask_about(tmp_path, APIVLMServing_openai(model_server.url, model_name="m"))

    answers = asyncio.run(notebook_cell())
    assert len(answers) == 5 and all(answers)


def test_it_runs_from_threads_at_once_with_one_serving(model_server: ModelServer, tmp_path: Path) -> None:
    serving = APIVLMServing_openai(model_server.url, model_name="m")
    answers: dict[int, list[str]] = {}

    def work(number: int) -> None:
        answers[number] = ask_about(tmp_path / str(number), serving)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=200)
    assert sorted(answers) == [0, 1, 2]
    assert all(len(found) == 5 for found in answers.values())


def test_one_serving_serves_two_runs_of_one_process(model_server: ModelServer, tmp_path: Path) -> None:
    serving = APIVLMServing_openai(model_server.url, model_name="m")
    assert ask_about(tmp_path, serving, "one") == ask_about(tmp_path, serving, "two")
    assert model_server.stats()["connections"] <= 6  # five, and the control channel's own


def test_two_eager_steps_find_clips_that_lie_beside_the_input_file(model_server: ModelServer, tmp_path: Path) -> None:
    data = tmp_path / "somewhere/data"
    (data / "clips").mkdir(parents=True)
    videos = sample_input("video_qa").parent / "videos"
    for name in ("sample1.mp4", "sample2.mp4"):
        shutil.copy(videos / name, data / "clips" / name)
    turns = [{"from": "human", "value": ""}]
    rows = [{"video": [f"./clips/{name}"], "conversation": turns} for name in ("sample1.mp4", "sample2.mp4")]
    write_jsonl(data / "in.jsonl", rows)
    model_server.configure(answer="qa", qa_pairs=1)
    serving = APIVLMServing_openai(model_server.url, model_name="m")
    storage = FileStorage(str(data / "in.jsonl"), str(tmp_path / "cache"), "v", "jsonl")
    VideoToCaptionGenerator(serving, sampling="uniform:4").run(storage=storage.step())
    VideoCaptionToQAGenerator(serving, sampling="uniform:4").run(storage=storage.step())
    out = read_jsonl(tmp_path / "cache/v_step2.jsonl")
    assert [row["video"] for row in out] == [row["video"] for row in rows]
    for row in out:
        assert set(row) == {"id", "video", "conversation", "caption", "qa"}
        assert set(row["qa"]) == {"question", "answer"}
        assert row["conversation"][0]["value"] != ""
    frames = [part for request in model_server.requests() for part in request["messages"][-1]["content"]]
    assert sum(part["type"] == "image_url" for part in frames) == 4 * 4


def test_both_batch_calls_answer_in_input_order(model_server: ModelServer, tmp_path: Path) -> None:
    pictures = make_pictures(tmp_path, 6)
    serving = APIVLMServing_openai(model_server.url, model_name="m")
    model_server.configure(latency=0.05, latency_sigma=1.0)
    answers = serving.generate_from_input(["What?"] * 6, "Be brief.", image_inputs=[str(path) for path in pictures])
    assert [short_digest(path) in answer for path, answer in zip(pictures, answers, strict=True)] == [True] * 6
    conversations = [[{"from": "human", "value": "<image> or <image>?"}]] * 3
    pairs = [[str(pictures[2 * row]), str(pictures[2 * row + 1])] for row in range(3)]
    answers = serving.generate_from_input_messages(conversations, image_list=pairs, system_prompt="Be brief.")
    for answer, pair in zip(answers, pairs, strict=True):
        assert all(short_digest(Path(path)) in answer for path in pair)


def test_a_script_that_meets_an_error_ends_in_one_line_with_the_exit_code(tmp_path: Path) -> None:
    code = "from dataflow.utils.storage import FileStorage\nFileStorage('gone.json').step().read()"
    ended = python(code, tmp_path)
    assert ended.returncode == 1
    (line,) = ended.stderr.strip().splitlines()
    assert line.startswith("error: ") and "gone.json" in line


def test_a_script_goes_on_where_samples_fail(model_server: ModelServer, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", [{"image": "gone.jpg"}])
    code = f"""
from dataflow.operators.core_vision import PromptedVQAGenerator
from dataflow.serving.api_vlm_serving_openai import APIVLMServing_openai
from dataflow.utils.storage import FileStorage
storage = FileStorage("in.jsonl", "cache", "x", "json")
serving = APIVLMServing_openai(
    api_url="{model_server.url}", key_name_of_api_key="DF_API_KEY", model_name="m", max_workers=10
)
PromptedVQAGenerator(serving=serving, prompt_template="What?").run(storage=storage.step())
print("went on")
"""
    ended = python(code, tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "went on"
    assert "1 failed" in ended.stderr


def test_a_wrong_key_ends_a_script_with_one_line_and_without_the_key(model_server: ModelServer, tmp_path: Path) -> None:
    make_pictures(tmp_path, 1)
    write_jsonl(tmp_path / "in.jsonl", [{"image": "p0.jpg"}])
    model_server.configure(expected_key="right")
    code = f"""
from dataflow.operators.core_vision import PromptedVQAGenerator
from dataflow.serving import APIVLMServing_openai
from dataflow.utils.storage import FileStorage
storage = FileStorage("in.jsonl", "cache", "x", "json")
serving = APIVLMServing_openai(api_url="{model_server.url}", model_name="m")
PromptedVQAGenerator(serving=serving, prompt_template="What?").run(storage=storage.step())
print("went on")
"""
    ended = python(code, tmp_path, env={"DF_API_KEY": "sk-secret-of-mine"})
    assert ended.returncode == 4
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr and "API key" in ended.stderr.splitlines()[-1]
    everything = ended.stderr + "".join(
        path.read_bytes().decode("latin-1") for path in (tmp_path / "cache").iterdir() if path.is_file()
    )
    assert "sk-secret-of-mine" not in everything
