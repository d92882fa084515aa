"""Encoded files as the pixels that a model's processor takes, in the engine's process.

They come from the parent, which has checked and re-encoded what was not plain; a frame is a JPEG file that it made.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image


def image_of(item: Mapping[str, Any]) -> Image.Image:
    """An image of 8-bit RGB."""
    from PIL import Image

    with Image.open(io.BytesIO(item["file"]), formats=("JPEG", "PNG", "WEBP")) as image:
        return image.convert("RGB")


def frames_of(item: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    """The frames of a video, (frames, height, width, 3) of uint8; all in the size of the first, as models take them."""
    import numpy as np
    import simplejpeg
    from PIL import Image

    frames = [simplejpeg.decode_jpeg(file) for file in item["files"]]
    height, width, _ = frames[0].shape
    for at, frame in enumerate(frames):
        if frame.shape != frames[0].shape:  # the picture changes its size in the middle of the video
            frames[at] = np.asarray(Image.fromarray(frame).resize((width, height)))
    return np.stack(frames)


def metadata_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """What a processor wants to know of a video, in the names of transformers' `VideoMetadata`."""
    return {**item["metadata"], "video_backend": "pyav", "do_sample_frames": False}
