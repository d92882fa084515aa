"""How a stored picture is turned and mirrored for display, from the display matrix of its file."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees
from struct import unpack_from
from typing import Any

import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame


@dataclass(frozen=True, slots=True)
class Orientation:
    """What is done to the stored picture: mirrored left to right, then turned.

    Args:
        quarter_turns: clockwise, 0 to 3.
        mirrored: left to right, before turning.
    """

    quarter_turns: int = 0
    mirrored: bool = False

    @property
    def sideways(self) -> bool:
        """Whether width and height change places."""
        return self.quarter_turns % 2 == 1

    def apply(self, plane: Any) -> Any:
        """A plane (height, width, ...) as displayed."""
        if self.mirrored:
            plane = np.fliplr(plane)
        return np.rot90(plane, -self.quarter_turns) if self.quarter_turns else plane


def orientation(frame: VideoFrame) -> Orientation:
    """The orientation of a decoded frame, to the nearest quarter turn.

    The matrix is that of ISO/IEC 14496-12, section 8.3.2: (x, y) is shown at (a x + c y, b x + d y), y pointing down.
    """
    try:
        sides: Any = frame.side_data.keys()  # PyAV types this as a dict of names, and it is one of values
    except ValueError:  # one is of a kind that PyAV does not name, such as the EXIF of a camera's frames
        return Orientation(round(-frame.rotation / 90) % 4)
    matrix = next((side for side in sides if side.type == Type.DISPLAYMATRIX), None)
    if matrix is None:
        return Orientation()
    a, b, _, c, d = unpack_from("=5i", bytes(matrix))
    mirrored = a * d - b * c < 0
    angle = degrees(atan2(-b, -a) if mirrored else atan2(b, a))
    return Orientation(round(angle / 90) % 4, mirrored)
