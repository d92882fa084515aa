"""A local model on vLLM."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from dataflow.core import PrerequisiteError
from dataflow.media.image_limits import MAX_IMAGE_PIXELS
from dataflow.serving.local.serving import LocalServing


class LocalModelVLMServing_vllm(LocalServing):
    """Answers requests with a local model on vLLM, in a process of its own. Nothing is loaded before the first request.

    Requests go to vLLM's asynchronous engine one by one, as the run makes them, in the order of the samples; it batches
    them continuously. Images and videos have names there that are made of their content, so that the second question
    about a clip finds it processed, and its prefix in the cache.

    Args:
        hf_model_name_or_path: a model folder, or a name on the hub.
        hf_cache_dir: where hub downloads are kept.
        hf_local_dir: a folder to download the model into.
        vllm_tensor_parallel_size: GPUs that share the model.
        vllm_temperature: 0 to 2.
        vllm_top_p: 0 to 1.
        vllm_max_tokens: the longest answer, in tokens.
        vllm_top_k: tokens to sample from; -1 is all.
        vllm_repetition_penalty: 1 is none.
        vllm_seed: another seed gives other answers; every answer is repeatable without one too.
        vllm_max_model_len: the longest prompt with its answer, in tokens; the model's own limit unless told.
        vllm_gpu_memory_utilization: the share of each GPU's memory to use.
        vllm_engine_args: any other argument of vLLM's engine, such as `dtype` or `quantization`.
        trust_remote_code: run Python code that comes with the model. It can do whatever you can.
        max_workers: requests in flight at most.
        max_side: the longer side of images, in pixels; larger ones are scaled down.
        video_max_side: the same for the frames of videos.
        max_image_pixels: an image of more is read at reduced scale where its format can, and fails otherwise.
    """

    engine = "dataflow.serving.local.vllm_engine:VllmEngine"
    environment: Mapping[str, str] = {"VLLM_NO_USAGE_STATS": "1"}

    def __init__(
        self,
        hf_model_name_or_path: str,
        hf_cache_dir: str | None = None,
        hf_local_dir: str | None = None,
        vllm_tensor_parallel_size: int = 1,
        vllm_temperature: float = 0.7,
        vllm_top_p: float = 0.9,
        vllm_max_tokens: int = 1024,
        vllm_top_k: int = -1,
        vllm_repetition_penalty: float = 1.0,
        vllm_seed: int | None = None,
        vllm_max_model_len: int | None = None,
        vllm_gpu_memory_utilization: float = 0.9,
        vllm_engine_args: Mapping[str, Any] | None = None,
        trust_remote_code: bool = False,
        max_workers: int = 256,
        max_side: int = 2048,
        video_max_side: int = 448,
        max_image_pixels: int = MAX_IMAGE_PIXELS,
    ) -> None:
        params = {
            "temperature": vllm_temperature,
            "top_p": vllm_top_p,
            "max_tokens": vllm_max_tokens,
            "top_k": vllm_top_k,
            "repetition_penalty": vllm_repetition_penalty,
            "seed": vllm_seed,
        }
        model = (hf_model_name_or_path, hf_cache_dir, hf_local_dir)
        super().__init__(*model, params, max_workers, max_side, video_max_side, max_image_pixels)
        self.engine_arguments: dict[str, Any] = {
            "tensor_parallel_size": vllm_tensor_parallel_size,
            "max_model_len": vllm_max_model_len,
            "gpu_memory_utilization": vllm_gpu_memory_utilization,
            "trust_remote_code": trust_remote_code,
            "scheduling_policy": "priority",
            **(vllm_engine_args or {}),
        }
        self._own_arguments = dict(vllm_engine_args or {})

    @property
    def identity(self) -> Mapping[str, Any]:
        # any of them can change an answer: precision, quantization, the processor's limits
        return {"serving": "vllm", **super().identity, "engine_args": self._own_arguments}

    def settings(self) -> Mapping[str, Any]:
        return {"arguments": {name: value for name, value in self.engine_arguments.items() if value is not None}}

    def check(self) -> None:
        if find_spec("vllm") is None:
            raise PrerequisiteError(
                f"vLLM, which is to run {self.hf_model_name_or_path}, is not installed: "
                "pip install 'dataflow-mm[vllm]' (it needs a GPU); without one: "
                "pip install 'dataflow-mm[transformers]' and transformers/NAME, or dataflow run video_qa, which works "
                "at once on the embedded serving"
            )
