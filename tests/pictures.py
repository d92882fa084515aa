"""Small pictures for tests, each with content of its own."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image


def make_pictures(folder: Path, count: int, size: int = 24) -> list[Path]:
    """So many JPEG files of random blocks, `p0.jpg` and on."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    paths = []
    for number in range(count):
        path = folder / f"p{number}.jpg"
        Image.fromarray(rng.integers(0, 255, (size, size, 3), dtype=np.uint8)).save(path, quality=90)
        paths.append(path)
    return paths


def short_digest(path: Path) -> str:
    """What the test endpoint calls a picture in its echo."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
