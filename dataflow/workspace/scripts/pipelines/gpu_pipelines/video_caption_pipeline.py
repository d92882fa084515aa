"""Captions for videos, with a model on this machine's GPU (needs `pip install 'dataflow-mm[vllm]'`).

Run it from the folder that `dataflow init` filled:

    python pipelines/gpu_pipelines/video_caption_pipeline.py

Without a GPU, `dataflow run video_caption` does the same on the embedded serving.
"""

from dataflow.operators.core_vision import VideoToCaptionGenerator
from dataflow.serving import LocalModelVLMServing_vllm
from dataflow.utils.storage import FileStorage


class VideoCaptionGenerator:
    """Reads videos, writes a `caption` beside each."""

    def __init__(self) -> None:
        self.storage = FileStorage(
            first_entry_file_name="./dataflow/example/video_caption/sample_data.json",  # your own json, jsonl, csv, ...
            cache_path="./cache",  # where the step files and the answers received so far are kept
            file_name_prefix="video_caption",
            cache_type="json",
        )
        self.model_cache_dir = "./dataflow_cache"

        self.vlm_serving = LocalModelVLMServing_vllm(
            hf_model_name_or_path="Qwen/Qwen2.5-VL-7B-Instruct",  # your model: a folder, or a name on the hub
            hf_cache_dir=self.model_cache_dir,
            vllm_tensor_parallel_size=1,  # the number of GPUs that share the model
            vllm_temperature=0.7,
            vllm_top_p=0.9,
            vllm_max_tokens=2048,
            vllm_max_model_len=51200,
            vllm_gpu_memory_utilization=0.9,
        )

        self.video_to_caption_generator = VideoToCaptionGenerator(
            vlm_serving=self.vlm_serving,
        )

    def forward(self) -> None:
        """Make ./cache/video_caption_step1.json."""
        self.video_to_caption_generator.run(
            storage=self.storage.step(),
            input_image_key="image",
            input_video_key="video",
            input_conversation_key="conversation",
            output_key="caption",
        )


if __name__ == "__main__":
    model = VideoCaptionGenerator()
    model.forward()
