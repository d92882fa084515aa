"""Images for the running system: sent as they are where they fit, and otherwise decoded in a process of the pool.

Nothing of a picture is decoded in the process of the run: a hostile one costs a process its time and memory, within
bounds, and its own sample.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dataflow.media.disk import SMALL_BYTES, read_small
from dataflow.media.image import is_data_url, load_image, unless_decoded
from dataflow.media.image_limits import EncodedImage, ImageLimits, decoded_bytes
from dataflow.media.pool import Room, run_isolated

SECONDS = 60.0
"""For one picture: a hundred million pixels take ten, on a machine that does nothing else."""

_OWN_MB = 300
"""Megabytes that a process holds beside pixels: the interpreter, numpy, Pillow, and a file."""


async def fitted_image(
    source: str | Path | bytes,
    limits: ImageLimits = ImageLimits(),  # noqa: B008 - frozen
    *,
    timeout: float = SECONDS,
    cpu_seconds: float = 0.0,
    room: Room = "images",
) -> EncodedImage:
    """An image that fits the limits; see `dataflow.media.image.load_image`.

    Args:
        source: a path, a `data:` URL, or the encoded file as bytes.
        limits: what fits.
        timeout, cpu_seconds, room: as for `run_isolated`.

    Raises:
        MediaError: the image is missing, broken, cut off, no image, beyond a limit, or crashed, hung or bloated its
            decoder.
    """
    found = await read_small(
        lambda: unless_decoded(source, limits, SMALL_BYTES), lambda: unless_decoded(source, limits, limits.max_bytes)
    )
    if isinstance(found, EncodedImage):
        return found
    made = await in_a_process(
        fit_image_job, source, asdict(limits), limits=limits, timeout=timeout, cpu_seconds=cpu_seconds, room=room
    )
    return EncodedImage(*made)


async def in_a_process(
    function: Callable[..., Any],
    source: str | Path | bytes,
    *args: Any,
    limits: ImageLimits,
    timeout: float = SECONDS,
    cpu_seconds: float = 0.0,
    room: Room = "images",
) -> Any:
    """Run a function that decodes an image, in a process of the pool, in the room, time and memory of images.

    Args:
        function: of the image, and of `args`; as for `run_isolated`.
        source: as for `fitted_image`; the function gets a path as an absolute one.
        args: plain values.
        limits: how many pixels are decoded, and how large what comes of it may be.
        timeout, cpu_seconds, room: as for `run_isolated`.

    Raises:
        MediaError: as `run_isolated`.
    """
    if isinstance(source, bytes):
        subject = f"an image of {len(source)} bytes"
    elif is_data_url(source):
        subject = "an image in a data: URL"
    else:
        source = subject = str(Path(source).absolute())
    return await run_isolated(
        function,
        source,
        *args,
        timeout=timeout,
        cpu_seconds=cpu_seconds,
        memory_mb=_OWN_MB + decoded_bytes(limits) // 2**20,
        subject=subject,
        room=room,
        answer_bytes=limits.max_bytes,
    )


def fit_image_job(source: str | bytes, limits: dict[str, Any]) -> list[Any]:
    """`load_image` for the pool."""
    image = load_image(source, ImageLimits(**{**limits, "formats": tuple(limits["formats"])}))
    return [image.data, image.mime, image.width, image.height]
