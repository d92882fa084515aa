"""What is measured, as plain values already rounded to what is said: what stands in a caption is all there is.

So a caption can be read back into the very same facts, and answers made of either never differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Entry = Literal["start", "cut", "fade", "dissolve"]
Sound = Literal["none", "silent", "audible"]
Stir = Literal["still", "moving", "changing", "unmeasured"]


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour of a picture.

    Args:
        name: such as `dark blue`.
        percent: its share of the area, whole percent.
        place: where it mostly is, such as `at the top`; empty where that is not measured or everywhere.
    """

    name: str
    percent: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """Something that moves.

    Args:
        colour: of what moves; empty where it could not be told.
        direction: such as `from left to right`.
        speed: frame widths per second, two digits.
        pixels: the same in pixels per second.
        whole: the picture moves as a whole, as when a camera pans.
    """

    colour: str
    direction: str
    speed: float
    pixels: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ShotFacts:
    """One shot of a video.

    Args:
        start: seconds.
        end: seconds.
        entry: how it begins.
        colours: the largest first; empty where none stands out.
        brightness: mean luma, whole percent.
        stir: `still` when nothing moves, `moving` when it is known what does and how, `changing` when something does
            that goes no clear way, `unmeasured` where there are too few frames to tell.
        movements: what moves, the largest first.
    """

    start: float
    end: float
    entry: Entry
    colours: tuple[Colour, ...]
    brightness: int
    stir: Stir
    movements: tuple[Movement, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return round(self.end - self.start, 2)


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """A video.

    Args:
        seconds: how long it lasts.
        width: pixels as displayed.
        height: pixels as displayed.
        fps: frames per second on average.
        codec: its usual name, such as `H.264`.
        sound: `none`, `silent` for a sound track on which nothing is heard, or `audible`.
        shots: in order.
        fade_in: seconds; 0 for none.
        fade_out: seconds; 0 for none.
    """

    seconds: float
    width: int
    height: int
    fps: float
    codec: str
    sound: Sound
    shots: tuple[ShotFacts, ...]
    fade_in: float = 0.0
    fade_out: float = 0.0


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A picture.

    Args:
        width: pixels, upright.
        height: pixels, upright.
        colours: the largest first.
        brightness: mean luma, whole percent.
        contrast: `low`, `medium` or `high`.
        sharpness: `sharp`, `soft` or `blurred`; empty where there is nothing to be sharp.
        texture: `plain`, `lightly textured` or `richly textured`.
        camera: from EXIF; empty when there is none.
        taken: date and time from EXIF, `2024-05-01 12:00:00`; empty when there is none.
    """

    width: int
    height: int
    colours: tuple[Colour, ...]
    brightness: int
    contrast: str
    sharpness: str
    texture: str
    camera: str = ""
    taken: str = ""


Facts = VideoFacts | ImageFacts


def to_plain(facts: VideoFacts) -> dict[str, Any]:
    """The facts as plain values, for the way out of another process."""
    return asdict(facts)


def from_plain(values: Mapping[str, Any]) -> VideoFacts:
    """The facts of `to_plain` as values again."""
    shots = tuple(
        ShotFacts(
            **{
                **shot,
                "colours": tuple(Colour(**colour) for colour in shot["colours"]),
                "movements": tuple(Movement(**movement) for movement in shot["movements"]),
            }
        )
        for shot in values["shots"]
    )
    return VideoFacts(**{**values, "shots": shots})


def image_from_plain(values: Mapping[str, Any]) -> ImageFacts:
    """The facts of a picture as values again, from what `dataclasses.asdict` makes of them."""
    return ImageFacts(**{**values, "colours": tuple(Colour(**colour) for colour in values["colours"])})


def orientation_of(facts: Facts) -> str:
    """`landscape`, `portrait` or `square`."""
    if facts.width == facts.height:
        return "square"
    return "landscape" if facts.width > facts.height else "portrait"
