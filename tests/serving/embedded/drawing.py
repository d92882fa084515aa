"""Draws clips at random, in several styles, and knows the truth about each: what the measuring is held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import hypot
from pathlib import Path
from random import Random

import av
import numpy as np

Rgb = tuple[int, int, int]

COLOURS: dict[str, tuple[Rgb, ...]] = {
    "red": ((255, 0, 0), (200, 30, 30), (220, 20, 60)),
    "orange": ((255, 140, 0), (255, 165, 0), (240, 130, 25)),
    "yellow": ((255, 255, 0), (250, 215, 40), (230, 220, 40)),
    "green": ((0, 128, 0), (0, 255, 0), (30, 140, 60), (60, 180, 75)),
    "cyan": ((0, 255, 255), (0, 200, 200), (0, 180, 190)),
    "blue": ((0, 0, 255), (25, 70, 190), (0, 90, 220)),
    "purple": ((128, 0, 128), (110, 40, 150), (145, 30, 180)),
    "magenta": ((255, 0, 255), (230, 0, 200), (240, 50, 230)),
    "pink": ((255, 192, 203), (255, 105, 180)),
    "brown": ((139, 69, 19), (150, 75, 0), (120, 70, 30)),
    "white": ((255, 255, 255), (245, 245, 245)),
    "grey": ((128, 128, 128), (160, 160, 160)),
    "black": ((0, 0, 0), (12, 12, 12)),
}
"""Colours that people agree on."""

DIRECTIONS = {
    (1, 0): "from left to right",
    (-1, 0): "from right to left",
    (0, 1): "downwards",
    (0, -1): "upwards",
    (1, 1): "towards the lower right",
    (-1, 1): "towards the lower left",
    (1, -1): "towards the upper right",
    (-1, -1): "towards the upper left",
}
GROUNDS = ("plain", "plain", "gradient", "texture", "noise", "stripes")


@dataclass(frozen=True)
class Mark:
    """A shape that moves: its form, colour, size and way as shares of the frame's height and width."""

    round: bool
    name: str
    rgb: Rgb
    size: tuple[float, float]
    start: tuple[float, float]
    way: tuple[int, int]
    speed: float
    """Frame widths per second; along a diagonal, of the way itself."""


@dataclass(frozen=True)
class Drawn:
    """A shot: seconds, ground, what moves, and how it is joined to the one before."""

    frames: int
    ground: str
    name: str
    rgb: Rgb
    mark: Mark | None
    joint: str = "cut"
    overlap: int = 0
    seed: int = 0


@dataclass(frozen=True)
class DrawnClip:
    """A clip and all that is true of it."""

    width: int
    height: int
    fps: int
    shots: tuple[Drawn, ...]
    sound: bool = False
    fade_in: int = 0
    fade_out: int = 0
    codec: str = "libx264"
    options: dict[str, str] = field(default_factory=dict)

    @property
    def frames(self) -> int:
        """How many; shots that dissolve share some."""
        return sum(shot.frames for shot in self.shots) - sum(s.overlap for s in self.shots if s.joint == "dissolve")

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.frames / self.fps

    def begins(self) -> list[int]:
        """The first frame of each shot."""
        found, at = [], 0
        for shot in self.shots:
            at -= shot.overlap if shot.joint == "dissolve" else 0
            found.append(at)
            at += shot.frames
        return found

    def boundaries(self) -> list[tuple[float, float, float, str]]:
        """(time, start, end, kind) of each passage, in seconds."""
        found = []
        for shot, first in list(zip(self.shots, self.begins(), strict=True))[1:]:
            if shot.joint == "dissolve":
                span = (first, first + shot.overlap)
            elif shot.joint == "fade":
                span = (first - shot.overlap, first + shot.overlap)
            else:
                span = (first, first)
            found.append((sum(span) / 2 / self.fps, span[0] / self.fps, span[1] / self.fps, shot.joint))
        return found


def draw_clip(random: Random, small: bool = True, joints: tuple[str, ...] = ("cut",), style: str = "") -> DrawnClip:
    """A clip at random.

    Args:
        random: where the draws come from.
        small: few pixels and short, for many draws in little time.
        joints: how shots may be joined: `cut`, `fade`, `dissolve`.
        style: the ground of all shots; drawn for each when empty.
    """
    sizes = [(96, 64), (128, 72), (160, 90), (64, 48), (72, 128), (120, 120)]
    width, height = random.choice(sizes if small else [*sizes, (320, 180), (640, 360), (854, 480), (1280, 720)])
    fps = random.choice((10, 12, 15, 24, 25, 30) if small else (10, 15, 24, 25, 30, 50, 60))
    count = random.choice((1, 2, 2, 3) if small else (1, 2, 2, 3, 3, 4, 5))
    shots: list[Drawn] = []
    for order in range(count):
        least, most = (0.7, 1.5) if small else (0.9, 4.0)
        joint = "cut" if not order else random.choice(joints)
        overlap = 0 if joint == "cut" else max(4, round(random.uniform(0.3, 0.8) * fps))
        frames = round(random.uniform(least, most) * fps) + (2 * overlap if joint != "cut" else 0) + 4
        avoid = shots[-1].name if shots else ""
        shots.append(_draw_shot(random, frames, fps, width / height, joint, overlap, avoid, style))
    fading = random.random() < 0.2
    return DrawnClip(
        width,
        height,
        fps,
        tuple(shots),
        sound=random.random() < 0.4,
        fade_out=round(0.5 * fps) if fading and shots[-1].name != "black" and shots[-1].frames > 1.2 * fps else 0,
    )


_AKIN = {
    "magenta": {"pink", "purple"}, "pink": {"magenta", "white"}, "purple": {"magenta"}, "orange": {"brown", "yellow"},
    "yellow": {"orange"}, "brown": {"orange", "red"}, "red": {"brown"}, "cyan": {"green"}, "green": {"cyan"},
}  # fmt: skip
"""Colours that people do not agree to be different."""


def _draw_shot(
    random: Random, frames: int, fps: int, aspect: float, joint: str, overlap: int, avoid: str, style: str
) -> Drawn:
    name = random.choice([one for one in COLOURS if one != avoid and one not in _AKIN.get(avoid, ())])
    ground = style or random.choice(GROUNDS)
    if name == "white" and ground == "gradient":
        ground = "plain"  # a white that gets darker is grey
    rgb = random.choice(COLOURS[name])
    mark = None
    if random.random() < 0.85:
        other = random.choice([one for one in COLOURS if one != name and one not in _AKIN.get(name, ())])
        mark = _draw_mark(random, other, frames / fps, aspect)
    return Drawn(frames, ground, name, rgb, mark, joint, overlap, random.randrange(10**6))


def _draw_mark(random: Random, name: str, seconds: float, aspect: float) -> Mark:
    """A shape whose whole way lies in the frame."""
    way = random.choice(list(DIRECTIONS)[: random.choice((4, 8))])
    high = random.uniform(0.12, 0.45)
    size = (min(0.5, high / aspect * random.uniform(0.7, 1.4)), high)
    room = (1 - size[0], (1 - size[1]) / aspect)
    length = hypot(*way)
    reach = min(one for one, step in zip(room, way, strict=True) if step) * length
    speed = random.uniform(0.25, 0.98) * reach / seconds
    start = []
    for axis in (0, 1):
        travel = way[axis] / length * speed * seconds * (aspect if axis else 1)
        low, high_end = size[axis] / 2 + max(0, -travel), 1 - size[axis] / 2 - max(0, travel)
        start.append(random.uniform(min(low, high_end), max(low, high_end)))
    return Mark(random.random() < 0.5, name, random.choice(COLOURS[name]), size, (start[0], start[1]), way, speed)


def ground_of(shot: Drawn, width: int, height: int, random: np.random.Generator) -> np.ndarray:
    """The ground of a shot as float32 (height, width, 3); for noise, of one frame."""
    base = np.broadcast_to(np.array(shot.rgb, np.float32), (height, width, 3)).copy()
    if shot.ground == "gradient":
        share = np.linspace(1.0, 0.85, width, dtype=np.float32)[None, :, None]
        return base * share
    if shot.ground == "texture":
        still = np.random.default_rng(shot.seed)
        return base + still.normal(0, 14, (height, width, 1)).astype(np.float32)
    if shot.ground == "noise":
        return base + random.normal(0, 9, (height, width, 3)).astype(np.float32)
    if shot.ground == "stripes":
        wave = 22 * np.sign(np.sin(np.arange(width) * 2 * np.pi / max(8, width / 9)))
        return base + wave.astype(np.float32)[None, :, None]
    return base


def shot_frames(shot: Drawn, clip: DrawnClip) -> Iterator[np.ndarray]:
    """The frames of one shot, float32 (height, width, 3)."""
    random = np.random.default_rng(shot.seed + 1)
    width, height = clip.width, clip.height
    still = ground_of(shot, width, height, random)
    for number in range(shot.frames):
        picture = (ground_of(shot, width, height, random) if shot.ground == "noise" else still).copy()
        if shot.mark:
            _put(picture, shot.mark, number / clip.fps)
        yield picture.clip(0, 255)


def _put(picture: np.ndarray, mark: Mark, second: float) -> None:
    height, width, _ = picture.shape
    length = hypot(*mark.way)
    x = mark.start[0] * width + mark.way[0] / length * mark.speed * second * width
    y = mark.start[1] * height + mark.way[1] / length * mark.speed * second * width
    half = mark.size[0] * width / 2, mark.size[1] * height / 2
    across, down = (np.arange(width) + 0.5 - x) / half[0], (np.arange(height) + 0.5 - y) / half[1]
    if mark.round:
        inside = across[None, :] ** 2 + down[:, None] ** 2 <= 1
    else:
        inside = (np.abs(across) <= 1)[None, :] & (np.abs(down) <= 1)[:, None]
    picture[inside] = mark.rgb


def frames_of(clip: DrawnClip) -> Iterator[np.ndarray]:
    """All frames in order, uint8."""
    shots = [list(shot_frames(shot, clip)) for shot in clip.shots]
    total = clip.frames
    out: list[np.ndarray] = []
    for order, (shot, frames) in enumerate(zip(clip.shots, shots, strict=True)):
        if shot.joint == "dissolve":
            n = shot.overlap
            for at in range(n):
                share = (at + 0.5) / n
                out[len(out) - n + at] = out[len(out) - n + at] * (1 - share) + frames[at] * share
            frames = frames[n:]
        elif shot.joint == "fade":
            n = shot.overlap
            for at in range(n):
                out[len(out) - n + at] = out[len(out) - n + at] * (1 - (at + 1) / n)
                frames[at] = frames[at] * (at / n)
        out += frames
        shots[order] = []
    for at in range(clip.fade_in):
        out[at] = out[at] * (at / clip.fade_in)
    for at in range(clip.fade_out):
        out[total - clip.fade_out + at] = out[total - clip.fade_out + at] * (1 - (at + 1) / clip.fade_out)
    for picture in out:
        yield (picture + 0.5).astype(np.uint8)


def write(clip: DrawnClip, path: Path) -> Path:
    """Encode a clip."""
    with av.open(str(path), "w") as container:
        video = container.add_stream(
            clip.codec, rate=clip.fps, options=clip.options or {"preset": "veryfast", "crf": "20"}
        )
        video.width, video.height, video.pix_fmt = clip.width, clip.height, "yuv420p"
        video.codec_context.thread_count = 1
        sound = container.add_stream("aac", rate=16000, layout="mono") if clip.sound else None
        for number, picture in enumerate(frames_of(clip)):
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, clip.fps)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None:
            wave = (0.3 * np.sin(np.arange(int(clip.seconds * 16000)) * 0.17)).astype(np.float32)
            for start in range(0, len(wave), 1024):
                piece = av.AudioFrame.from_ndarray(wave[None, start : start + 1024], "fltp", "mono")
                piece.sample_rate, piece.pts, piece.time_base = 16000, start, Fraction(1, 16000)
                container.mux(sound.encode(piece))
            container.mux(sound.encode(None))
    return path
