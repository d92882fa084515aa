"""How the engines of these tests are set up, and pictures and clips to show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from dataflow.workspace.inputs import DATA

CONTEXT = 4096
ENGINE_ARGS = {"enforce_eager": True, "dtype": "float32", "max_num_seqs": 16}
CLIP = str(DATA / "videos/sample1.mp4")
SYSTEM = "You describe what is seen."

NO_ANSWER = {"answer", "cut_off"}
"""The kinds of failure that random weights cause. Of a request that failed it is another."""


def settings_of(model: Path) -> dict[str, Any]:
    """Of the vLLM serving that these tests share: greedy, 16 tokens."""
    return {
        "hf_model_name_or_path": str(model),
        "vllm_temperature": 0,
        "vllm_max_tokens": 16,
        "vllm_max_model_len": CONTEXT,
        "vllm_engine_args": ENGINE_ARGS,
    }


def plain_png(folder: Path, seed: int = 0, size: int = 112) -> Path:
    """A small RGB PNG of random blocks, which every serving hands on byte for byte."""
    blocks = np.random.default_rng(seed).integers(0, 255, (7, 7, 3), dtype=np.uint8)
    path = folder / f"blocks{seed}.png"
    Image.fromarray(blocks).resize((size, size), Image.Resampling.NEAREST).save(path)
    return path
