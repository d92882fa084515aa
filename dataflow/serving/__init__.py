"""Whatever answers requests, one file per kind. Names are loaded when first asked for, so that start-up stays short."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataflow.serving.api_vlm_serving_openai import APIVLMServing_openai
    from dataflow.serving.base import ServingBase
    from dataflow.serving.embedded import EmbeddedVLMServing
    from dataflow.serving.local_model_vlm_serving import LocalModelVLMServing_transformers, LocalModelVLMServing_vllm

_HOMES = {
    "APIVLMServing_openai": "dataflow.serving.api_vlm_serving_openai",
    "EmbeddedVLMServing": "dataflow.serving.embedded",
    "LocalModelVLMServing_transformers": "dataflow.serving.local_model_vlm_serving",
    "LocalModelVLMServing_vllm": "dataflow.serving.local_model_vlm_serving",
    "ServingBase": "dataflow.serving.base",
}

__all__ = [
    "APIVLMServing_openai",
    "EmbeddedVLMServing",
    "LocalModelVLMServing_transformers",
    "LocalModelVLMServing_vllm",
    "ServingBase",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
