"""A local model on transformers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from dataflow.core import PrerequisiteError, UsageError
from dataflow.media.image_limits import MAX_IMAGE_PIXELS
from dataflow.serving.local.serving import LocalServing


class LocalModelVLMServing_transformers(LocalServing):
    """Answers requests with a local model on transformers, in a process of its own: for models that vLLM lacks, and for
    machines without it, on the CPU or one GPU. Nothing is loaded before the first request.

    Whatever waits when the model is free becomes a batch. Where vLLM runs the model, it is many times as fast.

    Args:
        hf_model_name_or_path: a model folder, or a name on the hub.
        hf_cache_dir: where hub downloads are kept.
        hf_local_dir: a folder to download the model into.
        transformers_temperature: 0 to 2.
        transformers_top_p: 0 to 1.
        transformers_max_tokens: the longest answer, in tokens.
        transformers_top_k: tokens to sample from; -1 is all.
        transformers_repetition_penalty: 1 is none.
        transformers_seed: another seed gives other answers; every answer is repeatable without one too.
        transformers_max_model_len: the longest prompt with its answer, in tokens; the model's own limit unless told.
        transformers_batch_size: requests in a batch at most.
        transformers_device: `cpu`, `cuda`, ...; the first GPU, else the CPU, unless told.
        transformers_model_args: any other argument of `from_pretrained`, such as `dtype` or `device_map`.
        trust_remote_code: run Python code that comes with the model. It can do whatever you can.
        max_workers: requests in flight at most; two batches unless told, one at work and one waiting.
        max_side: the longer side of images, in pixels; larger ones are scaled down.
        video_max_side: the same for the frames of videos.
        max_image_pixels: an image of more is read at reduced scale where its format can, and fails otherwise.

    Raises:
        UsageError: the batch size is below 1.
    """

    engine = "dataflow.serving.local.transformers_engine:TransformersEngine"
    environment: Mapping[str, str] = {"TOKENIZERS_PARALLELISM": "false"}

    def __init__(
        self,
        hf_model_name_or_path: str,
        hf_cache_dir: str | None = None,
        hf_local_dir: str | None = None,
        transformers_temperature: float = 0.7,
        transformers_top_p: float = 0.9,
        transformers_max_tokens: int = 1024,
        transformers_top_k: int = -1,
        transformers_repetition_penalty: float = 1.0,
        transformers_seed: int | None = None,
        transformers_max_model_len: int | None = None,
        transformers_batch_size: int = 8,
        transformers_device: str | None = None,
        transformers_model_args: Mapping[str, Any] | None = None,
        trust_remote_code: bool = False,
        max_workers: int | None = None,
        max_side: int = 2048,
        video_max_side: int = 448,
        max_image_pixels: int = MAX_IMAGE_PIXELS,
    ) -> None:
        if transformers_batch_size < 1:
            raise UsageError(f"transformers_batch_size must be at least 1, not {transformers_batch_size}")
        params = {
            "temperature": transformers_temperature,
            "top_p": transformers_top_p,
            "max_tokens": transformers_max_tokens,
            "top_k": transformers_top_k,
            "repetition_penalty": transformers_repetition_penalty,
            "seed": transformers_seed,
        }
        model = (hf_model_name_or_path, hf_cache_dir, hf_local_dir)
        super().__init__(
            *model, params, max_workers or 2 * transformers_batch_size, max_side, video_max_side, max_image_pixels
        )
        self._batch_size = transformers_batch_size
        self._context = transformers_max_model_len
        self._device = transformers_device
        self._model_arguments = dict(transformers_model_args or {})
        self._trust_remote_code = trust_remote_code

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"serving": "transformers", **super().identity, "model_args": self._model_arguments}

    def settings(self) -> Mapping[str, Any]:
        return {
            "arguments": self._model_arguments,
            "trust_remote_code": self._trust_remote_code,
            "device": self._device,
            "context": self._context,
            "batch_size": self._batch_size,
        }

    def check(self) -> None:
        missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
        if missing:
            raise PrerequisiteError(
                f"{' and '.join(missing)}, needed to run {self.hf_model_name_or_path}, not installed: "
                "pip install 'dataflow-mm[transformers]'"
            )
