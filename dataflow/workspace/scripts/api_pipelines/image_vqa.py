"""Questions and answers for pictures, with a model behind an OpenAI-compatible API.

Run it from the folder that `dataflow init` filled:

    export DF_API_KEY=sk-...
    python api_pipelines/image_vqa.py --images_file data/image_vqa/sample_data.json

The key stays in the environment and out of this file, so that it is not shared with it. An endpoint on this machine
(a vLLM server, say) needs none.
"""

import argparse

from dataflow.operators.core_vision import PromptedVQAGenerator
from dataflow.serving.api_vlm_serving_openai import APIVLMServing_openai
from dataflow.utils.storage import FileStorage


class ImageVQAPipeline:
    """Reads pictures, writes a `vqa` text of questions and answers beside each."""

    def __init__(
        self,
        first_entry_file: str,
        cache_path: str = "./cache_local_vqa",
        file_name_prefix: str = "vqa_task",
        cache_type: str = "json",
    ) -> None:
        """
        Args:
            first_entry_file: the data to read.
            cache_path: where the step files and the answers received so far are kept.
            file_name_prefix: how the names of the step files begin.
            cache_type: their format: json, jsonl, csv or parquet.
        """
        self.storage = FileStorage(
            first_entry_file_name=first_entry_file,
            cache_path=cache_path,
            file_name_prefix=file_name_prefix,
            cache_type=cache_type,
        )

        self.vlm_serving = APIVLMServing_openai(
            api_url="https://api.openai.com/v1",  # your endpoint, such as http://127.0.0.1:8000/v1
            key_name_of_api_key="DF_API_KEY",  # the environment variable that holds the key
            model_name="gpt-5-nano-2025-08-07",  # a model of that endpoint
            max_workers=10,  # requests in flight at most
        )

        self.vqa_generator = PromptedVQAGenerator(
            serving=self.vlm_serving,
            system_prompt="You are an image question-answer generator. "
            "Your task is to generate a question-answer pair for the given image content.",
        )

    def forward(self) -> None:
        """Make ./cache_local_vqa/vqa_task_step1.json."""
        self.vqa_generator.run(
            storage=self.storage.step(),
            input_conversation_key="conversation",
            input_image_key="image",
            output_answer_key="vqa",
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Questions and answers for pictures")
    parser.add_argument("--images_file", default="data/image_vqa/sample_data.json", help="the rows to read")
    args = parser.parse_args()

    pipe = ImageVQAPipeline(first_entry_file=args.images_file)
    pipe.forward()
