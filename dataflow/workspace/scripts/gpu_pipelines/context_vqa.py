"""An article and questions on it for each picture, with a model on this machine's GPU.

It needs `pip install 'dataflow-mm[vllm]'`. Run it from the folder that `dataflow init` filled:

    python gpu_pipelines/context_vqa.py
"""

from dataflow.core import LLMServingABC
from dataflow.operators.core_vision import PromptedVQAGenerator, WikiQARefiner
from dataflow.serving.local_model_vlm_serving import LocalModelVLMServing_vllm
from dataflow.utils.storage import FileStorage


class ContextVQAPipeline:
    """Reads pictures, writes a `context_vqa` of context and questions beside each."""

    def __init__(self, llm_serving: LLMServingABC | None = None) -> None:
        """
        Args:
            llm_serving: who answers; without one, a model on this machine's GPU.
        """
        self.storage = FileStorage(
            first_entry_file_name="./example_data/image_contextvqa/sample_data.json",  # your own json, jsonl, csv, ...
            cache_path="./cache_local",  # where the step files and the answers received so far are kept
            file_name_prefix="context_vqa",
            cache_type="json",
        )

        self.vlm_serving = llm_serving or LocalModelVLMServing_vllm(
            hf_model_name_or_path="Qwen/Qwen2.5-VL-3B-Instruct",  # your model: a folder, or a name on the hub
            hf_cache_dir="~/.cache/huggingface",
            hf_local_dir="./ckpt",
            vllm_tensor_parallel_size=1,  # the number of GPUs that share the model
            vllm_temperature=0.7,
            vllm_top_p=0.9,
            vllm_max_tokens=512,
        )

        self.vqa_generator = PromptedVQAGenerator(
            serving=self.vlm_serving,
            system_prompt="You are a helpful assistant.",
        )

        self.refiner = WikiQARefiner()

    def forward(self) -> None:
        """Make ./cache_local/context_vqa_step1.json (text), then ./cache_local/context_vqa_step2.json (data)."""
        input_image_key = "image"
        output_answer_key = "vqa"
        output_wiki_key = "context_vqa"

        self.vqa_generator.run(
            storage=self.storage.step(),
            input_conversation_key="conversation",
            input_image_key=input_image_key,
            output_answer_key=output_answer_key,
        )

        self.refiner.run(
            storage=self.storage.step(),
            input_key=output_answer_key,
            output_key=output_wiki_key,
        )


if __name__ == "__main__":
    pipe = ContextVQAPipeline()
    pipe.forward()
