"""Real engines with a tiny random model, each started once in a process of tests, for all that use it there."""

from __future__ import annotations

import os

# read when an engine starts; 1 GiB of cache is plenty, and nothing here may look for a network
os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "1")
os.environ["HF_HUB_OFFLINE"] = "1"
# compiling the model would take longer than all that is asked of it here
os.environ |= {"TORCHDYNAMO_DISABLE": "1", "VLLM_USE_AOT_COMPILE": "0"}

import pytest

from dataflow.core.loop import run_blocking
from dataflow.serving import LocalModelVLMServing_transformers, LocalModelVLMServing_vllm
from tests.local.engines import CONTEXT, settings_of
from tests.local.tiny_model.make import make_model
from tests.local.vllm_server import start_vllm_server


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """The folder of a model."""
    return make_model(tmp_path_factory.mktemp("models") / "tiny-qwen2.5-vl")


@pytest.fixture(scope="session")
def vllm(tiny_model):
    """Our serving on vLLM: greedy, 16 tokens."""
    serving = LocalModelVLMServing_vllm(**settings_of(tiny_model))
    yield serving
    run_blocking(serving.close())


@pytest.fixture(scope="session")
def transformers(tiny_model):
    """Our serving on transformers: greedy, 16 tokens."""
    serving = LocalModelVLMServing_transformers(
        str(tiny_model), transformers_temperature=0, transformers_max_tokens=16, transformers_max_model_len=CONTEXT
    )
    yield serving
    run_blocking(serving.close())


@pytest.fixture(scope="session")
def vllm_server(tiny_model):
    """The base address of vLLM's own OpenAI server."""
    with start_vllm_server(tiny_model, CONTEXT) as url:
        yield url
