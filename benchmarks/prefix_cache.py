"""What of a clip the second question finds in vLLM's prefix cache: samples taken depth first against step by step.

    make test-local                                    # sets up .venv-local, once
    .venv-local/bin/python benchmarks/prefix_cache.py [--clips 32] [--fit 8]

Each clip is captioned, then asked questions about, with a cache that holds about --fit clips. The model is a tiny
Qwen2.5-VL of random weights: what it says means nothing, what it reads and finds is counted by vLLM itself, per request
(`num_cached_tokens`) and in all (`vllm:prefix_cache_hits`). Serving, order and prompts are those of every run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from dataflow import Pipeline
from dataflow.core import Response
from dataflow.core.loop import run_blocking
from dataflow.operators.core_vision import VideoCaptionToQAGenerator, VideoToCaptionGenerator
from dataflow.prompts import video_qa
from dataflow.serving import LocalModelVLMServing_vllm
from dataflow.utils.storage import FileStorage
from tests.local.tiny_model.make import make_model

FRAMES = 16
BLOCK = 32
ANSWER = 48
PROMPT = 1_250
"""Tokens of the second request: 480 for the frames, about 700 for words in the tiny vocabulary, and the answer."""


class Watched(LocalModelVLMServing_vllm):
    """Notes what vLLM counted over each request.

    Args:
        model: its folder.
        fit: clips that its cache holds.
    """

    def __init__(self, model: Path, fit: int) -> None:
        arguments = {"enforce_eager": True, "dtype": "float32", "block_size": BLOCK}
        blocks = {"num_gpu_blocks_override": fit * -(-PROMPT // BLOCK)}
        super().__init__(
            str(model),
            vllm_temperature=0,
            vllm_max_tokens=ANSWER,
            vllm_max_model_len=4096,
            vllm_engine_args={**arguments, **blocks},
        )
        self.counted: list[dict[str, Any]] = []

    async def attempt(self, ready: Any, endpoint: str) -> tuple[Response, Mapping[str, str]]:
        response, told = await super().attempt(ready, endpoint)
        ((start, length),) = json.loads(told["media"])
        found = min(max(int(told["cached"]) - start, 0), length)
        self.counted.append(
            {"prompt": ready.request.prompt, "media": length, "found": found, "read": int(told["read"])}
        )
        return response, told


def draw(path: Path, seed: int) -> Path:
    """A clip of 3 seconds, 448 x 252 pixels, of coloured blocks that change twice a second; no two are alike."""
    import av
    import numpy as np

    random = np.random.default_rng(seed)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=8)
        stream.width, stream.height, stream.pix_fmt = 448, 252, "yuv420p"
        for _ in range(6):
            blocks = random.integers(0, 255, (9, 16, 3), dtype=np.uint8)
            picture = np.ascontiguousarray(blocks.repeat(28, axis=0).repeat(28, axis=1))
            for _ in range(4):
                file.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
        file.mux(stream.encode())
    return path


def depth_first(serving: Watched, rows: Path, folder: Path, sampling: str) -> None:
    """Each sample through both operators."""
    steps = [VideoToCaptionGenerator(serving, sampling=sampling), VideoCaptionToQAGenerator(serving, sampling=sampling)]
    Pipeline(steps).run(str(rows), str(folder))


def step_by_step(serving: Watched, rows: Path, folder: Path, sampling: str) -> None:
    """All samples through the first operator, then all through the second."""
    storage = FileStorage(str(rows), cache_path=str(folder), file_name_prefix="clips", cache_type="jsonl")
    VideoToCaptionGenerator(serving, sampling=sampling).run(storage=storage.step())
    VideoCaptionToQAGenerator(serving, sampling=sampling).run(storage=storage.step())


def measure(order: Any, model: Path, fit: int, rows: Path, folder: Path) -> None:
    """Run in one order, on an engine of its own, and print what was found."""
    serving = Watched(model, fit)
    run_blocking(serving.metrics())
    began = time.perf_counter()
    order(serving, rows, folder, f"uniform:{FRAMES}")
    seconds = time.perf_counter() - began
    total = run_blocking(serving.metrics())
    run_blocking(serving.close())
    second = [one for one in serving.counted if one["prompt"] == video_qa.NAME]
    media, found = (sum(one[name] for one in second) for name in ("media", "found"))
    hits, asked = (total[f"vllm:prefix_cache_{name}"] for name in ("hits", "queries"))
    print(
        f"{order.__name__.replace('_', ' '):14}{len(second):>9}{media // len(second):>10}"
        f"{media // len(second) // BLOCK:>8}{found / media:>15.1%}{hits / asked:>14.1%}{seconds:>10.1f}"
    )


def main() -> None:
    """Draw the clips, make the model, measure both orders."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=32)
    parser.add_argument("--fit", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = folder / "clips.jsonl"
        with rows.open("w") as file:
            for number in range(options.clips):
                clip = draw(folder / f"clip{number}.mp4", number)
                file.write(json.dumps({"id": number, "video": [str(clip)]}) + "\n")
        model = make_model(folder / "tiny-qwen2.5-vl")
        print(
            f"{options.clips} clips, {FRAMES} frames each, blocks of {BLOCK} tokens, "
            f"a cache of {options.fit * -(-PROMPT // BLOCK)} blocks (about {options.fit} requests)"
        )
        print(f"{'':14}{'second':>9}{'media':>10}{'blocks':>8}{'media tokens':>15}{'all tokens':>14}{'seconds':>10}")
        print(f"{'':14}{'requests':>9}{'tokens':>10}{'a clip':>8}{'found':>15}{'found':>14}{'':>10}")
        for order in (depth_first, step_by_step):
            measure(order, model, options.fit, rows, folder / order.__name__)


if __name__ == "__main__":
    main()
