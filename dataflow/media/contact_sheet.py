"""Frames side by side in one picture, each with its time, for a person to look at."""

from __future__ import annotations

import io
from collections.abc import Sequence
from math import ceil, sqrt
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from dataflow.core.causes import said_by
from dataflow.core.errors import OutputError, UsageError
from dataflow.media.video import Frame

_CELL = 240
_LINE = 18
_GAP = 4


def contact_sheet(frames: Sequence[Frame], out: Path) -> Path:
    """Write a contact sheet and return its path.

    Args:
        frames: JPEG or RGB frames.
        out: the picture to write; its extension names the format.

    Raises:
        UsageError: there are no frames, or the extension is of no picture format.
        OutputError: it cannot be written.
    """
    if not frames:
        raise UsageError("a contact sheet needs at least one frame")
    pictures = [_thumbnail(frame) for frame in frames]
    across = ceil(sqrt(len(pictures)))
    width = max(picture.width for picture in pictures) + _GAP
    height = max(picture.height for picture in pictures) + _LINE + _GAP
    sheet = Image.new("RGB", (across * width + _GAP, ceil(len(pictures) / across) * height + _GAP), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    for number, (frame, picture) in enumerate(zip(frames, pictures, strict=True)):
        x, y = number % across * width + _GAP, number // across * height + _GAP
        sheet.paste(picture, (x, y))
        draw.text((x, y + picture.height + 1), f"{frame.time:.3f} s  #{frame.index}", "black", font)
    try:
        sheet.save(out)
    except ValueError:
        raise UsageError(f"{out}: name a picture format by the extension, such as .png or .jpg") from None
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or said_by(error)}") from None
    return Path(out)


def _thumbnail(frame: Frame) -> Image.Image:
    picture: Image.Image
    if isinstance(frame.data, bytes):
        picture = Image.open(io.BytesIO(frame.data), formats=("JPEG",))
    else:
        picture = Image.fromarray(frame.data)
    picture.thumbnail((_CELL, _CELL))
    return picture.convert("RGB")
