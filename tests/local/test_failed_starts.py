"""Models that cannot be loaded, on real engines: one line that says what to do, and no traceback."""

from __future__ import annotations

import shutil

import pytest

from dataflow.core import PrerequisiteError
from dataflow.serving import LocalModelVLMServing_transformers, LocalModelVLMServing_vllm
from tests.commands import dataflow
from tests.local.engines import settings_of


def refusal(serving) -> str:
    with pytest.raises(PrerequisiteError) as refused:
        serving.generate_from_input(["What?"])
    said = str(refused.value)
    assert "\n" not in said
    return said


def test_too_little_memory_for_the_context(tiny_model, monkeypatch):
    monkeypatch.delenv("VLLM_CPU_KVCACHE_SPACE")
    settings = settings_of(tiny_model) | {"vllm_max_model_len": 51_200}
    settings["vllm_engine_args"] = settings["vllm_engine_args"] | {"kv_cache_memory_bytes": 4_000_000}
    said = refusal(LocalModelVLMServing_vllm(**settings))
    assert "lower vllm_max_model_len" in said
    assert "51200" in said


def test_a_context_beyond_the_model_s_positions(tiny_model):
    said = refusal(LocalModelVLMServing_vllm(**settings_of(tiny_model) | {"vllm_max_model_len": 1_000_000}))
    assert "beyond what the model has positions for" in said


def test_an_engine_argument_that_there_is_not(tiny_model):
    said = refusal(LocalModelVLMServing_vllm(**settings_of(tiny_model) | {"vllm_engine_args": {"warmth": 3}}))
    assert "no such argument" in said and "warmth" in said


def test_weights_that_are_cut_off(tiny_model, tmp_path):
    broken = shutil.copytree(tiny_model, tmp_path / "broken")
    weights = (broken / "model.safetensors").read_bytes()
    (broken / "model.safetensors").write_bytes(weights[:100_000])
    said = refusal(LocalModelVLMServing_transformers(str(broken)))
    assert "fetch the model again" in said


def test_a_model_without_a_chat_template(tiny_model, tmp_path):
    bare = shutil.copytree(tiny_model, tmp_path / "bare")
    (bare / "chat_template.jinja").unlink()
    assert "has no chat template" in refusal(LocalModelVLMServing_transformers(str(bare)))


def test_code_that_comes_with_a_model_is_not_run(tiny_model, tmp_path):
    coded = shutil.copytree(tiny_model, tmp_path / "coded")
    config = (coded / "config.json").read_text()
    mapped = '"auto_map": {"AutoConfig": "own.Config"}, "model_type": "its_own",'
    (coded / "config.json").write_text(config.replace('"model_type": "qwen2_5_vl",', mapped, 1))
    (coded / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Config: pass\n")
    assert "its_own" not in config and '"its_own"' in (coded / "config.json").read_text()
    assert "trust_remote_code" in refusal(LocalModelVLMServing_transformers(str(coded)))
    assert not (tmp_path / "ran").exists()


def test_a_name_of_the_hub_without_a_network_says_where_it_was_looked_for(tmp_path):
    spec = f"transformers/owner/model?hf_cache_dir={tmp_path / 'hub'}"
    done = dataflow("run", "image_vqa", "--model", spec, "--output", tmp_path / "out", cwd=tmp_path)
    assert done.returncode == 1
    assert f"is no folder here and not in {tmp_path / 'hub'}, and HF_HUB_OFFLINE is set" in done.stderr
    assert "hf download owner/model --local-dir FOLDER" in done.stderr
    assert "Traceback" not in done.stderr
