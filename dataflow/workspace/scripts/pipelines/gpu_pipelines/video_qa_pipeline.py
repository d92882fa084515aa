"""Captions, then questions and answers for videos, with a model on this machine's GPU.

It needs `pip install 'dataflow-mm[vllm]'`. Run it from the folder that `dataflow init` filled:

    python pipelines/gpu_pipelines/video_qa_pipeline.py

Without a GPU, `dataflow run video_qa` does the same on the embedded serving.
"""

from dataflow.operators.core_vision import VideoCaptionToQAGenerator, VideoToCaptionGenerator
from dataflow.serving import LocalModelVLMServing_vllm
from dataflow.utils.storage import FileStorage


class VideoVQAGenerator:
    """Reads videos, writes a `caption` and a `qa` beside each."""

    def __init__(self, use_video_in_qa: bool = True) -> None:
        """
        Args:
            use_video_in_qa: True: questions are made from the caption and the video.
                False: from the caption alone, which is faster.
        """
        self.storage = FileStorage(
            first_entry_file_name="./dataflow/example/video_caption/sample_data.json",  # your own json, jsonl, csv, ...
            cache_path="./cache",  # where the step files and the answers received so far are kept
            file_name_prefix="video_vqa",
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
        self.videocaption_to_qa_generator = VideoCaptionToQAGenerator(
            vlm_serving=self.vlm_serving,
            use_video_input=use_video_in_qa,
        )

    def forward(self) -> None:
        """Make ./cache/video_vqa_step1.json (captions), then ./cache/video_vqa_step2.json (captions and QA)."""
        self.video_to_caption_generator.run(
            storage=self.storage.step(),
            input_image_key="image",
            input_video_key="video",
            input_conversation_key="conversation",
            output_key="caption",
        )

        self.videocaption_to_qa_generator.run(
            storage=self.storage.step(),
            input_image_key="image",
            input_video_key="video",
            input_conversation_key="conversation",
            output_key="qa",
        )


if __name__ == "__main__":
    model = VideoVQAGenerator(use_video_in_qa=True)
    model.forward()
