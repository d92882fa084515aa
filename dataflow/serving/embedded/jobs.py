"""What the embedded serving has the decoder processes do with pictures."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any


def measure_image_job(source: str | bytes, max_image_pixels: int) -> dict[str, Any]:
    """`measure_image` for the pool."""
    from dataflow.serving.embedded.measure_image import measure_image

    return asdict(measure_image(source, max_image_pixels))
