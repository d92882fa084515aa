"""The laid scripts: the classes, arguments and calls of the documentation."""

from __future__ import annotations

import ast

import pytest

from dataflow.workspace.lay import SCRIPTS

VIDEO_CAPTION = "pipelines/gpu_pipelines/video_caption_pipeline.py"
VIDEO_QA = "pipelines/gpu_pipelines/video_qa_pipeline.py"
MULTIROLE = "pipelines/gpu_pipelines/multirole_videoqa_pipeline.py"
CONTEXT_VQA = "gpu_pipelines/context_vqa.py"
IMAGE_VQA = "api_pipelines/image_vqa.py"
ALL = [VIDEO_CAPTION, VIDEO_QA, MULTIROLE, CONTEXT_VQA, IMAGE_VQA]

QWEN_7B = {
    "hf_model_name_or_path": "Qwen/Qwen2.5-VL-7B-Instruct",
    "hf_cache_dir": "self.model_cache_dir",
    "vllm_tensor_parallel_size": 1,
    "vllm_temperature": 0.7,
    "vllm_top_p": 0.9,
    "vllm_max_tokens": 2048,
    "vllm_max_model_len": 51200,
    "vllm_gpu_memory_utilization": 0.9,
}
VIDEO_KEYS = {"input_image_key": "image", "input_video_key": "video", "input_conversation_key": "conversation"}
SAMPLES = "./dataflow/example/video_caption/sample_data.json"
STEP = {"storage": "self.storage.step()"}
CLIP_KEYS = {
    "input_meta_key": "self.input_meta_key",
    "input_clips_key": "self.input_clips_key",
    "output_key": "self.output_key",
}

# Per script, the class, the parameters of its constructor, and the calls as the documentation prints them.
DOCUMENTED = {
    VIDEO_CAPTION: (
        "VideoCaptionGenerator",
        [],
        {
            "FileStorage": {"first_entry_file_name": SAMPLES, "cache_path": "./cache"}
            | {"file_name_prefix": "video_caption", "cache_type": "json"},
            "LocalModelVLMServing_vllm": QWEN_7B,
            "VideoToCaptionGenerator": {"vlm_serving": "self.vlm_serving"},
            "self.video_to_caption_generator.run": {**STEP, **VIDEO_KEYS, "output_key": "caption"},
        },
    ),
    VIDEO_QA: (
        "VideoVQAGenerator",
        ["use_video_in_qa"],
        {
            "FileStorage": {"first_entry_file_name": SAMPLES, "cache_path": "./cache"}
            | {"file_name_prefix": "video_vqa", "cache_type": "json"},
            "LocalModelVLMServing_vllm": QWEN_7B,
            "VideoToCaptionGenerator": {"vlm_serving": "self.vlm_serving"},
            "VideoCaptionToQAGenerator": {"vlm_serving": "self.vlm_serving", "use_video_input": "use_video_in_qa"},
            "self.video_to_caption_generator.run": {**STEP, **VIDEO_KEYS, "output_key": "caption"},
            "self.videocaption_to_qa_generator.run": {**STEP, **VIDEO_KEYS, "output_key": "qa"},
            "VideoVQAGenerator": {"use_video_in_qa": True},
        },
    ),
    MULTIROLE: (
        "MultiroleVideoQAPipeline",
        [
            "model_path",
            "first_entry_file",
            "hf_cache_dir",
            "download_dir",
            "cache_path",
            "file_name_prefix",
            "cache_type",
            "max_iterations",
        ],
        {
            "LocalModelVLMServing_vllm": {
                "hf_model_name_or_path": "model_path",
                "hf_cache_dir": "hf_cache_dir",
                "hf_local_dir": "download_dir",
                "vllm_tensor_parallel_size": 1,
                "vllm_temperature": 0.7,
                "vllm_top_p": 0.9,
                "vllm_max_tokens": 6000,
            },
            "MultiroleVideoQAInitialGenerator": {"llm_serving": "self.llm_serving"},
            "MultiroleVideoQAMultiAgentGenerator": {
                "llm_serving": "self.llm_serving",
                "max_iterations": "max_iterations",
            },
            "MultiroleVideoQAFinalGenerator": {"llm_serving": "self.llm_serving"},
            "self.initial_QA_generation.run": {**STEP, **CLIP_KEYS},
            "self.multiAgent_QA_generation.run": {"df": "init_df", **CLIP_KEYS},
            "self.final_QA_generation.run": {"storage": "self.storage", "df": "middle_df", **CLIP_KEYS},
        },
    ),
    CONTEXT_VQA: (
        "ContextVQAPipeline",
        ["llm_serving"],
        {
            "FileStorage": {"first_entry_file_name": "./example_data/image_contextvqa/sample_data.json"}
            | {"cache_path": "./cache_local", "file_name_prefix": "context_vqa", "cache_type": "json"},
            "LocalModelVLMServing_vllm": {
                "hf_model_name_or_path": "Qwen/Qwen2.5-VL-3B-Instruct",
                "hf_cache_dir": "~/.cache/huggingface",
                "hf_local_dir": "./ckpt",
                "vllm_tensor_parallel_size": 1,
                "vllm_temperature": 0.7,
                "vllm_top_p": 0.9,
                "vllm_max_tokens": 512,
            },
            "PromptedVQAGenerator": {
                "serving": "self.vlm_serving",
                "system_prompt": "You are a helpful assistant.",
            },
            "WikiQARefiner": {},
            "self.vqa_generator.run": {**STEP, "input_conversation_key": "conversation"}
            | {"input_image_key": "input_image_key", "output_answer_key": "output_answer_key"},
            "self.refiner.run": {**STEP, "input_key": "output_answer_key", "output_key": "output_wiki_key"},
        },
    ),
    IMAGE_VQA: (
        "ImageVQAPipeline",
        ["first_entry_file", "cache_path", "file_name_prefix", "cache_type"],
        {
            "APIVLMServing_openai": {
                "api_url": "https://api.openai.com/v1",
                "key_name_of_api_key": "DF_API_KEY",
                "model_name": "gpt-5-nano-2025-08-07",
                "max_workers": 10,
            },
            "PromptedVQAGenerator": {
                "serving": "self.vlm_serving",
                "system_prompt": "You are an image question-answer generator. "
                "Your task is to generate a question-answer pair for the given image content.",
            },
            "self.vqa_generator.run": {**STEP, "input_conversation_key": "conversation"}
            | {"input_image_key": "image", "output_answer_key": "vqa"},
        },
    ),
}


def tree_of(script: str) -> ast.Module:
    return ast.parse((SCRIPTS / script).read_text(encoding="utf-8"), script)


def test_these_are_all_the_scripts():
    assert sorted(path.relative_to(SCRIPTS).as_posix() for path in SCRIPTS.rglob("*.py")) == sorted(ALL)


@pytest.mark.parametrize("script", ALL)
def test_the_class_of_a_script_takes_the_documented_arguments(script):
    name, parameters, _ = DOCUMENTED[script]
    (found,) = [node for node in tree_of(script).body if isinstance(node, ast.ClassDef)]
    (init,) = [node for node in found.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    assert found.name == name
    assert [argument.arg for argument in init.args.args[1:]] == parameters
    assert "forward" in [node.name for node in found.body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("script", ALL)
def test_a_script_makes_the_documented_calls(script):
    calls = {
        ast.unparse(node.func): {keyword.arg: value_of(keyword.value) for keyword in node.keywords}
        for node in ast.walk(tree_of(script))
        if isinstance(node, ast.Call)
    }
    documented = DOCUMENTED[script][2]
    assert {name: calls.get(name) for name in documented} == documented


def value_of(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else ast.unparse(node)


@pytest.mark.parametrize("script", ALL)
def test_a_script_leaves_the_environment_with_its_keys_alone(script):
    words = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(tree_of(script))}
    assert words.isdisjoint({"environ", "putenv", "setdefault", "os"})


@pytest.mark.parametrize("script", ALL)
def test_importing_a_script_starts_nothing(script):
    # Worker processes import the script that started them once more.
    allowed = (ast.Import, ast.ImportFrom, ast.ClassDef)
    docstring, *body, guard = tree_of(script).body
    assert isinstance(docstring, ast.Expr)
    assert all(isinstance(node, allowed) for node in body)
    assert isinstance(guard, ast.If) and ast.unparse(guard.test) == "__name__ == '__main__'"
