"""Model specs of the command line, `embedded`, `openai/NAME`, `vllm/NAME`, as servings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dataflow.core import UsageError, VLMServingABC


def embedded(model: str, settings: Mapping[str, Any]) -> VLMServingABC:
    """`embedded`: no model, but measurements."""
    from dataflow.serving.embedded import EmbeddedVLMServing

    if model:
        raise UsageError(f"the embedded serving has no models: --model embedded, not embedded/{model}")
    return EmbeddedVLMServing()


def openai(model: str, settings: Mapping[str, Any]) -> VLMServingABC:
    """`openai/NAME`: any endpoint that speaks the OpenAI protocol, at `api_url`."""
    from dataflow.serving.api_vlm_serving_openai import APIVLMServing_openai

    if not model:
        raise UsageError("which model? write --model openai/NAME, with the name that the endpoint uses")
    known = {name: value for name, value in settings.items() if value is not None}
    return APIVLMServing_openai(model_name=model, **known)


def vllm(model: str, settings: Mapping[str, Any]) -> VLMServingABC:
    """`vllm/NAME`: a model in this process, on this machine's GPU."""
    from dataflow.serving.local_model_vlm_serving import LocalModelVLMServing_vllm

    if not model:
        raise UsageError("which model? write --model vllm/NAME, a folder or a name on the hub")
    names = {"temperature": "vllm_temperature", "top_p": "vllm_top_p", "max_tokens": "vllm_max_tokens"}
    known = {names[name]: value for name, value in settings.items() if value is not None and name in names}
    return LocalModelVLMServing_vllm(hf_model_name_or_path=model, **known)
