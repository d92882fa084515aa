"""Runs the code blocks of the project's documentation as they stand, then the laid scripts, in the folder it is in.

    python seed_blocks.py FOLDER_OF_SEEDS MODEL API_URL

Replaced are the model's name, the API's address and key; names that a fragment leaves undefined are defined first.
Everything runs in this one process, so that servings with the same settings share one engine. Prints one JSON line per
block: what it was, and `ran`, or why it did not.
"""

from __future__ import annotations

import json
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
MODEL = re.compile(r"Qwen/Qwen2\.5-VL-\dB-Instruct")
ADDRESS = re.compile(r"http://[\d.]+:\d+/v1")
OPENAI = "https://api.openai.com/v1"
LAID = [
    "python pipelines/gpu_pipelines/video_caption_pipeline.py",
    "python pipelines/gpu_pipelines/video_qa_pipeline.py",
    "python pipelines/gpu_pipelines/multirole_videoqa_pipeline.py --model {model}",
    "python gpu_pipelines/context_vqa.py",
    "python api_pipelines/image_vqa.py --images_file data/image_vqa/sample_data.json",
]
MULTIROLE = "example_data/multirole_videoqa/sample_data.jsonl"


def blocks(seed: Path) -> Iterator[tuple[str, str]]:
    """The language and the text of each code block."""
    text = seed.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        yield match.group(1), match.group(2)


def undefined(model: str) -> dict[str, Any]:
    """What fragments take for granted."""
    from dataflow import core, operators, serving, utils
    from dataflow.operators import core_vision
    from dataflow.utils import storage

    names: dict[str, Any] = {}
    for module in (core, operators, serving, utils, core_vision, storage):
        names |= {name: getattr(module, name) for name in getattr(module, "__all__", ())}
    keys = {"input_meta_key": "Meta", "input_clips_key": "Clips", "output_key": "QA"}
    fragment = {"model_path": model, "hf_cache_dir": "./dataflow_cache", "download_dir": "./ckpt"}
    files = {"first_entry_file": MULTIROLE, "cache_path": "./cache"}
    files |= {"file_name_prefix": "multirole", "cache_type": "json"}
    places = {"input_image_key": "image", "output_answer_key": "vqa"}
    return {**names, **fragment, **files, **places, "self": SimpleNamespace(**keys)}


def prepare(names: dict[str, Any]) -> None:
    """Give `self` what a class around the fragment would have set."""
    me = names["self"]
    if "llm_serving" in names:
        me.llm_serving = names["llm_serving"]
    if "storage" in names:
        me.storage = names["storage"]
    if hasattr(me, "serving"):
        me.vlm_serving = me.serving
    if hasattr(me, "vlm_serving") and not hasattr(me, "vqa_generator"):
        me.vqa_generator = names["PromptedVQAGenerator"](serving=me.vlm_serving)
        me.refiner = names["WikiQARefiner"]()


def run_python(text: str, names: dict[str, Any], name: str) -> None:
    """Run a whole script, or a fragment, statement by statement, with `self` filled on the way."""
    import ast

    sys.argv = [name]
    if "__main__" in text:
        exec(compile(text, name, "exec"), {"__name__": "__main__"})
        return
    for node in ast.parse(text, name).body:
        exec(compile(ast.Module([node], []), name, "exec"), names)
        prepare(names)


def run_shell(line: str) -> str:
    """Run one line of a shell block; says why not where it is not to be run."""
    words = shlex.split(line, comments=True)
    if not words or words[0] in ("mkdir", "cd"):
        return "ran"
    if words[0] in ("dataflow", "dataflowmm"):
        subprocess.run([str(Path(sys.executable).with_name(words[0])), *words[1:]], check=True, capture_output=True)
        return "ran"
    if words[0] == "python":
        sys.argv = words[1:]
        runpy.run_path(words[1], run_name="__main__")
        return "ran"
    if words[0].endswith(".py"):  # what the documentation shows as laid
        laid = Path(words[0].removeprefix("run_dataflow_mm/"))
        return "ran" if laid.is_file() else f"{laid} is not there"
    return "not run: init lays the samples that it would download"


def run_laid(api: str, model: str) -> None:
    """Lay a workspace and run its scripts: the same calls in our own words."""
    run_shell("dataflow init")
    localize(model, api)
    for line in LAID:
        run_shell(line.format(model=model))
        print(json.dumps({"seed": "laid", "block": line, "language": "bash", "result": "ran"}), flush=True)


def localize(model: str, api: str) -> None:
    """Give the laid scripts the model and the address."""
    for script in Path().rglob("*pipelines/*.py"):
        script.write_text(ADDRESS.sub(api, MODEL.sub(model, script.read_text())).replace(OPENAI, api))


def run_seed(seed: Path, model: str, api: str) -> None:
    """Run every block of a seed."""
    names: dict[str, Any] = {}
    for number, (language, text) in enumerate(blocks(seed)):
        text = ADDRESS.sub(api, MODEL.sub(model, text))
        said = "ran"
        if language == "python":
            names = names or {**undefined(model), "__name__": "fragment"}
            run_python(text, names, f"{seed.stem}_{number}.py")
        elif language == "bash":
            results = [run_shell(line) for line in text.splitlines() if line.strip()]
            said = next((result for result in results if result != "ran"), "ran")
            localize(model, api)
        else:
            continue
        print(json.dumps({"seed": seed.stem, "block": number, "language": language, "result": said}), flush=True)


def main(seeds: Path, model: str, api: str) -> None:
    """Run every block of every seed, where they are at hand, then the laid scripts."""
    for seed in sorted(seeds.glob("*.txt")):
        run_seed(seed, model, api)
    run_laid(api, model)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
