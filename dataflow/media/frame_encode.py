"""A decoded frame made into what is sent: upright, in square pixels, at the wanted size, as JPEG or RGB."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import Any, Literal

import numpy as np
import simplejpeg
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter

from dataflow.media.orientation import Orientation, orientation
from dataflow.media.tokens.qwen import smart_resize

Encoding = Literal["jpeg", "rgb"]

_UNSPECIFIED_MATRIX = 2
_HDR_CURVES = (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67)


def fit_size(width: int, height: int, max_side: int, max_pixels: int | None = None) -> tuple[int, int]:
    """The size at which a frame is sent; never larger than it is, save for rounding to multiples of 28.

    Args:
        width: pixels as displayed.
        height: pixels as displayed.
        max_side: the longer side at most.
        max_pixels: area at most; given, both sides become multiples of 28 by the rule of `smart_resize`.
    """
    shrink = min(1.0, max_side / max(width, height))
    width, height = max(1, round(width * shrink)), max(1, round(height * shrink))
    if max_pixels is None:
        return width, height
    try:
        return smart_resize(width, height, min_pixels=1, max_pixels=max_pixels)
    except ValueError:
        shrink = min(1.0, sqrt(max_pixels / (width * height)))
        return max(1, int(width * shrink)), max(1, int(height * shrink))


def display_size(frame: VideoFrame, pixel_aspect: float, upright: Orientation) -> tuple[int, int]:
    """The size at which a frame is shown: rotation applied, pixels square."""
    width = max(1, round(frame.width * pixel_aspect)) if pixel_aspect >= 1 else frame.width
    height = max(1, round(frame.height / pixel_aspect)) if pixel_aspect < 1 else frame.height
    return (height, width) if upright.sideways else (width, height)


def told_sizes(sizes: Iterable[tuple[int, int]]) -> list[str]:
    """A sentence about a picture that changes its size in the middle of a video; none where there is one size."""
    named = [f"{width}x{height}" for width, height in sizes]
    return [f"its picture changes its size: {', '.join(named)}; every frame keeps its own"] if len(named) > 1 else []


class FrameEncoder:
    """Makes frames of one video ready to send. Not for use by two threads at once.

    Args:
        max_side: the longer side at most, in pixels.
        max_pixels: the area at most, or None.
        encode: `jpeg` gives the bytes of a JPEG file, `rgb` an array (height, width, 3) of uint8.
        quality: of the JPEG, 1 to 100.
        pixel_aspect: the width of a pixel in heights.
    """

    def __init__(
        self, max_side: int, max_pixels: int | None, encode: Encoding, quality: int, pixel_aspect: float
    ) -> None:
        self._max_side = max_side
        self._max_pixels = max_pixels
        self._encode = encode
        self._quality = quality
        self._pixel_aspect = pixel_aspect
        self._scaler = VideoReformatter()
        self._upright: Orientation | None = None
        self.shown_sizes: dict[tuple[int, int], None] = {}
        """Of the frames so far, as displayed; more than one where the picture changes its size in the middle."""
        self.corrupt = 0
        """How many frames the decoder put together from damaged data."""

    def __call__(self, frame: VideoFrame) -> tuple[Any, int, int]:
        """The frame as (data, width, height)."""
        if self._upright is None:
            # once per video: asking PyAV for side data ties a frame into a cycle, which keeps it in memory
            self._upright = orientation(frame)
        shown = display_size(frame, self._pixel_aspect, self._upright)
        self.shown_sizes[shown] = None
        self.corrupt += frame.is_corrupt
        width, height = fit_size(*shown, self._max_side, self._max_pixels)
        upright = self._upright
        stored = (height, width) if upright.sideways else (width, height)
        if self._encode == "rgb":
            return np.ascontiguousarray(upright.apply(self._rgb(frame, *stored))), width, height
        planes = [np.ascontiguousarray(upright.apply(plane)) for plane in self._yuv(frame, *stored)]
        return simplejpeg.encode_jpeg_yuv_planes(*planes, quality=self._quality), width, height

    def _yuv(self, frame: VideoFrame, width: int, height: int) -> list[Any]:
        """Planes as JPEG has them: BT.601, full range, chroma halved (JFIF 1.02)."""
        scaled = self._scale(
            frame, width, height, "yuvj420p", dst_colorspace=Colorspace.ITU601, dst_color_range=ColorRange.JPEG
        )
        return [
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
            for plane in scaled.planes
        ]

    def _rgb(self, frame: VideoFrame, width: int, height: int) -> Any:
        full_chroma = Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP | Interpolation.ACCURATE_RND
        return self._scale(frame, width, height, "rgb24", full_chroma).to_ndarray()

    def _scale(
        self, frame: VideoFrame, width: int, height: int, pixel_format: str, flags: int = 0, **target: Any
    ) -> VideoFrame:
        if any(component.is_alpha for component in frame.format.components):
            frame = _over_white(frame)
        if frame.color_trc in _HDR_CURVES:
            target |= {"dst_color_trc": ColorTrc.BT709, "dst_color_primaries": ColorPrimaries.BT709}
        return self._scaler.reformat(
            frame,
            width,
            height,
            pixel_format,
            src_colorspace=_assumed_matrix(frame),
            interpolation=Interpolation.BICUBIC | flags,
            threads=1,
            **target,
        )


def _assumed_matrix(frame: VideoFrame) -> int | None:
    """BT.709 for HD that does not say, as players assume; the frame's own, or swscale's BT.601, otherwise."""
    if frame.colorspace == _UNSPECIFIED_MATRIX and frame.height >= 720 and not frame.format.is_rgb:
        return Colorspace.ITU709
    return None


def _over_white(frame: VideoFrame) -> VideoFrame:
    pixels = frame.reformat(format="rgba", threads=1).to_ndarray()
    colour, alpha = pixels[..., :3], pixels[..., 3:].astype(np.uint16)
    over = ((colour * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    return VideoFrame.from_ndarray(over, "rgb24")
