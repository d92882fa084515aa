"""The door to the servings of local models; what stands behind it is in `dataflow.serving.local`."""

from dataflow.serving.local.transformers_serving import LocalModelVLMServing_transformers
from dataflow.serving.local.vllm_serving import LocalModelVLMServing_vllm

__all__ = ["LocalModelVLMServing_transformers", "LocalModelVLMServing_vllm"]
