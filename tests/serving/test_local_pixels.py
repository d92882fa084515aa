"""Files as the pixels that a local model's processor takes."""

from __future__ import annotations

import numpy as np
import simplejpeg

from dataflow.serving.local.pixels import frames_of


def test_frames_of_two_sizes_come_in_that_of_the_first():
    files = [simplejpeg.encode_jpeg(np.full((*size, 3), 90, np.uint8)) for size in ((48, 64), (90, 120), (48, 64))]
    assert frames_of({"files": files}).shape == (3, 48, 64, 3)
