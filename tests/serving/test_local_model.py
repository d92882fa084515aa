"""Local models before any engine: where they are, what they are known by, how they are named on the command line."""

from __future__ import annotations

import pytest

from dataflow.core import ImagePart, Message, PrerequisiteError, Request, TextPart, UsageError, VideoPart
from dataflow.core.loop import run_blocking
from dataflow.registry import find
from dataflow.serving import LocalModelVLMServing_transformers, LocalModelVLMServing_vllm
from dataflow.serving.key import request_key
from dataflow.serving.local.loading import find_model
from dataflow.serving.local.trouble import explain
from dataflow.workspace.inputs import DATA
from tests.pictures import make_pictures

CLIP = str(DATA / "videos/sample1.mp4")


@pytest.fixture
def folder(tmp_path):
    """What looks like a model's folder."""
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(b"weights")
    return model


def ready(serving, *parts, **fields):
    return run_blocking(serving.prepare(Request((Message("user", parts),), **fields)))


def unchecked(monkeypatch):
    """The engines are not installed here, and are not needed to make requests ready."""
    monkeypatch.setattr(LocalModelVLMServing_vllm, "check", lambda self: None)


def test_a_folder_is_found_and_an_incomplete_one_refused_with_what_is_missing(folder):
    assert find_model(str(folder)) == folder
    (folder / "model.safetensors").unlink()
    with pytest.raises(PrerequisiteError, match="no weights"):
        find_model(str(folder))
    (folder / "config.json").unlink()
    with pytest.raises(PrerequisiteError, match=r"no config\.json"):
        find_model(str(folder))


@pytest.mark.parametrize("name", ["./models/qwen", "/models/qwen", "~/qwen-not-there", "qwen", "a/b/c"])
def test_a_folder_that_is_not_there_is_said_to_be_none(name):
    with pytest.raises(PrerequisiteError, match="no model folder"):
        find_model(name)


def test_other_weights_in_the_same_folder_are_another_model(folder):
    def known_as():
        return LocalModelVLMServing_vllm(str(folder)).identity

    before = known_as()
    assert known_as() == before
    (folder / "model.safetensors").write_bytes(b"tuned!!")
    assert known_as() != before
    assert LocalModelVLMServing_vllm("owner/name").identity["model"] == "owner/name"


def test_a_moved_folder_is_the_same_model(folder, tmp_path):
    before = LocalModelVLMServing_transformers(str(folder)).identity
    moved = folder.rename(tmp_path / "elsewhere")
    assert LocalModelVLMServing_transformers(str(moved)).identity["weights"] == before["weights"]


def test_engine_arguments_are_part_of_what_a_model_is_known_by():
    plain = LocalModelVLMServing_vllm("owner/name").identity
    assert LocalModelVLMServing_vllm("owner/name", vllm_engine_args={"dtype": "float32"}).identity != plain
    assert LocalModelVLMServing_vllm("owner/name", vllm_gpu_memory_utilization=0.5).identity == plain


def test_all_documented_parameters_reach_the_engine():
    serving = LocalModelVLMServing_vllm(
        hf_model_name_or_path="owner/name",
        hf_cache_dir="./cache",
        hf_local_dir="./ckpt",
        vllm_tensor_parallel_size=2,
        vllm_temperature=0.7,
        vllm_top_p=0.9,
        vllm_top_k=40,
        vllm_repetition_penalty=1.1,
        vllm_seed=3,
        vllm_max_tokens=2048,
        vllm_max_model_len=51200,
        vllm_gpu_memory_utilization=0.9,
        vllm_engine_args={"dtype": "bfloat16"},
    )
    assert serving.settings()["arguments"] == {
        "tensor_parallel_size": 2,
        "max_model_len": 51200,
        "gpu_memory_utilization": 0.9,
        "trust_remote_code": False,
        "scheduling_policy": "priority",
        "dtype": "bfloat16",
    }
    assert serving.params == {
        "temperature": 0.7,
        "top_p": 0.9,
        "max_tokens": 2048,
        "top_k": 40,
        "repetition_penalty": 1.1,
        "seed": 3,
    }
    assert (serving.hf_cache_dir, serving.hf_local_dir) == ("./cache", "./ckpt")


def test_the_seed_follows_the_question(monkeypatch):
    unchecked(monkeypatch)
    serving, other = LocalModelVLMServing_vllm("o/n"), LocalModelVLMServing_vllm("o/n", vllm_seed=1)
    asked = TextPart("What?")
    seed = ready(serving, asked).job["seed"]
    assert ready(serving, asked).job["seed"] == seed
    assert ready(serving, TextPart("Which?")).job["seed"] != seed
    assert ready(other, asked).job["seed"] != seed
    assert ready(serving, asked, ordinal=1).job["seed"] != seed
    key = request_key(serving, Request((Message("user", (asked,)),)), {})
    assert ready(serving, asked, key=key).job["seed"] == seed
    assert ready(serving, asked, key=key + b"\0\0\0\1").job["seed"] != seed
    assert ready(serving, asked, params={"seed": 11}).job["seed"] == 11


def test_media_have_the_same_name_in_every_request_and_another_under_another_plan(monkeypatch, tmp_path):
    unchecked(monkeypatch)
    picture = str(make_pictures(tmp_path, 1)[0])
    serving = LocalModelVLMServing_vllm("o/n")

    def names(*parts):
        return list(ready(serving, *parts).job["media"])

    caption = names(VideoPart(CLIP, "uniform:4"), ImagePart(picture), TextPart("Describe it."))
    answers = names(VideoPart(CLIP, "uniform:4"), ImagePart(picture), TextPart("Ask about it."))
    assert caption == answers
    assert len(set(caption)) == 2
    assert names(VideoPart(CLIP, "uniform:5"), TextPart("Describe it."))[0] != caption[0]
    assert len(names(ImagePart(picture), ImagePart(picture))) == 1


def test_frames_come_with_what_processors_need_to_know_of_their_times(monkeypatch):
    unchecked(monkeypatch)
    made = ready(LocalModelVLMServing_vllm("o/n"), VideoPart(CLIP, "uniform:4"), TextPart("What?"))
    (item,) = made.job["media"].values()
    metadata = item["metadata"]
    assert metadata["fps"] == 24
    assert metadata["total_num_frames"] == 144
    assert metadata["frames_indices"] == [18, 54, 90, 126]
    assert len(item["files"]) == 4
    told, place, _ = made.job["turns"][0]["parts"]
    assert "at 0.75, 2.25, 3.75, 5.25 s" in told["text"]
    assert place == {"type": "video", "uuid": item["uuid"]}
    assert made.shown[0]["times"] == [0.75, 2.25, 3.75, 5.25]


def test_a_model_spec_sets_parameters_and_engine_arguments():
    made = find("servings", "vllm")(
        "owner/name?max_model_len=32768&tensor_parallel_size=2&dtype=bfloat16&seed=5&hf_cache_dir=./cache",
        {"temperature": 0.2, "max_tokens": None, "max_workers": 12, "patience": 5.0, "api_url": None},
    )
    arguments = made.settings()["arguments"]
    assert (arguments["max_model_len"], arguments["tensor_parallel_size"], arguments["dtype"]) == (32768, 2, "bfloat16")
    assert (made.params["temperature"], made.params["seed"], made.params["max_tokens"]) == (0.2, 5, 1024)
    assert (made.max_workers, made.patience, made.hf_cache_dir) == (12, 5.0, "./cache")
    small = find("servings", "transformers")("./folder?batch_size=2&device=cpu", {})
    assert (small.settings()["batch_size"], small.settings()["device"], small.max_workers) == (2, "cpu", 4)


@pytest.mark.parametrize(
    ("spec", "settings", "message"),
    [
        ("", {}, "which model"),
        ("owner/name?max_model_len", {}, "KEY=VALUE"),
        ("owner/name", {"api_url": ["http://127.0.0.1/v1"]}, "--api-url goes with"),
    ],
)
def test_a_model_spec_that_means_nothing_is_refused(spec, settings, message):
    with pytest.raises(UsageError, match=message):
        find("servings", "vllm")(spec, settings)


@pytest.mark.parametrize(
    ("log", "cure"),
    [
        ("RuntimeError: Failed to infer device type, please set", "transformers/NAME"),
        ("ValueError: Free memory on device cuda:0 (3/80 GiB) on startup is less", "other processes hold"),
        ("ValueError: No available memory for the cache blocks. Try", "lower vllm_max_model_len"),
        ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate", "quantized"),
        ("ValueError: Available memory on node 0 (3/23 GiB) on startup is less than desired CPU memory", "SPACE=4"),
        ("safetensors_rust.SafetensorError: Error while deserializing header", "damaged"),
        ("ValueError: Please pass the argument `trust_remote_code=True` to allow custom code", "read it, then pass"),
    ],
)
def test_a_failed_start_is_told_in_one_line_with_its_cure(tmp_path, log, cure):
    file = tmp_path / "engine.log"
    noise = "INFO 11-21 core.py:133 Initializing\n" * 300
    file.write_text(f"{noise}(Worker pid=3) ERROR {log}\n{noise}RuntimeError: Engine core initialization failed.\n")
    said = explain(RuntimeError("Engine core initialization failed. See root cause above."), file, "vLLM")
    assert cure in said
    assert log.split(": ")[1][:30] in said
    assert str(file) in said
    assert "\n" not in said
