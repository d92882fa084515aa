"""Questions and answers for videos already cut into clips, by several roles that a model plays in turn.

It needs a GPU and `pip install 'dataflow-mm[vllm]'`. Run it from the folder that `dataflow init` filled:

    python pipelines/gpu_pipelines/multirole_videoqa_pipeline.py --model Qwen/Qwen2.5-VL-7B-Instruct

Every row of the data holds `Meta` (text on the video) and `Clips`: a list of `Audio_Text` (what is said),
`Frames_Images` (paths of frames) and `Description`.
"""

import argparse

from dataflow.operators.core_vision import (
    MultiroleVideoQAFinalGenerator,
    MultiroleVideoQAInitialGenerator,
    MultiroleVideoQAMultiAgentGenerator,
)
from dataflow.serving import LocalModelVLMServing_vllm
from dataflow.utils.storage import FileStorage


class MultiroleVideoQAPipeline:
    """Reads clips, writes a list of `QA` with labels beside them."""

    def __init__(
        self,
        model_path: str,
        first_entry_file: str,
        hf_cache_dir: str = "./dataflow_cache",
        download_dir: str = "./ckpt",
        cache_path: str = "./cache",
        file_name_prefix: str = "multirole_videoqa",
        cache_type: str = "jsonl",
        max_iterations: int = 3,
    ) -> None:
        """
        Args:
            model_path: a folder, or a name on the Hugging Face hub.
            first_entry_file: the data to read.
            hf_cache_dir: where the hub keeps what it downloads.
            download_dir: where the model's files are laid.
            cache_path: where the step files and the answers received so far are kept.
            file_name_prefix: how the names of the step files begin.
            cache_type: their format: json, jsonl, csv or parquet.
            max_iterations: how many rounds the roles discuss at most.
        """
        self.llm_serving = LocalModelVLMServing_vllm(
            hf_model_name_or_path=model_path,
            hf_cache_dir=hf_cache_dir,
            hf_local_dir=download_dir,
            vllm_tensor_parallel_size=1,  # the number of GPUs that share the model
            vllm_temperature=0.7,
            vllm_top_p=0.9,
            vllm_max_tokens=6000,
        )
        self.storage = FileStorage(
            first_entry_file_name=first_entry_file,
            cache_path=cache_path,
            file_name_prefix=file_name_prefix,
            cache_type=cache_type,
        )
        self.input_meta_key = "Meta"
        self.input_clips_key = "Clips"
        self.output_key = "QA"

        self.initial_QA_generation = MultiroleVideoQAInitialGenerator(llm_serving=self.llm_serving)
        self.multiAgent_QA_generation = MultiroleVideoQAMultiAgentGenerator(
            llm_serving=self.llm_serving, max_iterations=max_iterations
        )
        self.final_QA_generation = MultiroleVideoQAFinalGenerator(llm_serving=self.llm_serving)

    def forward(self) -> None:
        """First questions, then the roles' discussion of them, then the list that stays."""
        init_df = self.initial_QA_generation.run(
            storage=self.storage.step(),
            input_meta_key=self.input_meta_key,
            input_clips_key=self.input_clips_key,
            output_key=self.output_key,
        )
        middle_df = self.multiAgent_QA_generation.run(
            df=init_df,
            input_meta_key=self.input_meta_key,
            input_clips_key=self.input_clips_key,
            output_key=self.output_key,
        )
        self.final_QA_generation.run(
            storage=self.storage,
            df=middle_df,
            input_meta_key=self.input_meta_key,
            input_clips_key=self.input_clips_key,
            output_key=self.output_key,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Multi-role QA for videos that are cut into clips")
    parser.add_argument("--model", default="Qwen/Qwen2.5-VL-7B-Instruct", help="a folder, or a name on the hub")
    parser.add_argument("--data", default="./example_data/multirole_videoqa/sample_data.jsonl", help="the rows to read")
    args = parser.parse_args()

    pipe = MultiroleVideoQAPipeline(model_path=args.model, first_entry_file=args.data)
    pipe.forward()
