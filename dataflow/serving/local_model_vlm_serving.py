"""A vLLM engine in this process."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from dataflow.core import PrerequisiteError, Request, Response
from dataflow.serving.base import ServingBase


class LocalModelVLMServing_vllm(ServingBase):
    """Answers requests with a local model on vLLM. Nothing is loaded before the first request.

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
        vllm_seed: makes sampling repeatable.
        vllm_max_model_len: the longest prompt with its answer, in tokens.
        vllm_gpu_memory_utilization: the share of each GPU's memory to use.
        max_workers: requests in flight at most.
    """

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
        max_workers: int = 256,
    ) -> None:
        super().__init__(max_workers)
        self.hf_model_name_or_path = hf_model_name_or_path
        self.hf_cache_dir = hf_cache_dir
        self.hf_local_dir = hf_local_dir
        self.engine_arguments = {
            "tensor_parallel_size": vllm_tensor_parallel_size,
            "max_model_len": vllm_max_model_len,
            "gpu_memory_utilization": vllm_gpu_memory_utilization,
        }
        self._params = {
            "temperature": vllm_temperature,
            "top_p": vllm_top_p,
            "max_tokens": vllm_max_tokens,
            "top_k": vllm_top_k,
            "repetition_penalty": vllm_repetition_penalty,
            "seed": vllm_seed,
        }

    @property
    def params(self) -> Mapping[str, Any]:
        return {name: value for name, value in self._params.items() if value is not None}

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"serving": "vllm", "model": self.hf_model_name_or_path}

    async def generate(self, request: Request) -> Response:
        """Not part of this release in process; says what does the same today.

        Raises:
            PrerequisiteError: always; the message is the cure.
        """
        model = self.hf_model_name_or_path
        if find_spec("vllm") is None:
            raise PrerequisiteError(
                f"vLLM, which is to run {model}, is not installed: pip install 'dataflow-mm[vllm]'. "
                "Without a GPU: dataflow run video_qa works at once, on the embedded serving"
            )
        raise PrerequisiteError(
            f"this release reaches vLLM through its server: run `vllm serve {model}` and use "
            f"APIVLMServing_openai(api_url='http://127.0.0.1:8000/v1', model_name='{model}'), or "
            f"dataflow run NAME --model openai/{model} --api-url http://127.0.0.1:8000/v1"
        )
