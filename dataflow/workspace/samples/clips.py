"""The sample clips: a table of shots, and how a shot is drawn and encoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, RATE = 640, 360, 24
SOUND_RATE = 44_100

# Drawn twice as large and scaled down, so that edges are smooth and slow motion does not jump by whole pixels.
OVERSAMPLE = 2

Colour = tuple[int, int, int]
Point = tuple[float, float]

YELLOW, WHITE, BLACK, GOLD = (250, 215, 40), (245, 245, 245), (12, 12, 12), (214, 172, 74)
BLUE, GREEN, RED, ORANGE, PURPLE = (25, 70, 190), (30, 140, 60), (200, 35, 35), (240, 130, 25), (110, 40, 150)


@dataclass(frozen=True)
class Shot:
    """One shot of a clip: a plain ground, and a shape that moves over it or a text that stands on it.

    Args:
        seconds: how long it lasts.
        ground: the colour that fills the picture.
        shape: `disc`, `square`, `triangle`, or empty for none.
        colour: of the shape or the text.
        path: where the shape's centre starts and ends, as shares of width and height.
        text: one line in the middle of the picture.
        fade: the seconds before the end in which the picture goes to black; the last quarter of them is black.
    """

    seconds: float
    ground: Colour
    colour: Colour
    shape: str = ""
    path: tuple[Point, Point] = ((0.5, 0.5), (0.5, 0.5))
    text: str = ""
    fade: float = 0.0


@dataclass(frozen=True)
class Clip:
    """A file of shots, with a sine tone as sound where one is given (hertz)."""

    name: str
    shots: tuple[Shot, ...]
    tone: float | None = None

    @property
    def seconds(self) -> float:
        """How long the clip lasts."""
        return sum(shot.seconds for shot in self.shots)


CLIPS = (
    Clip(
        "sample1.mp4",
        (
            Shot(2.0, BLUE, YELLOW, "disc", ((0.15, 0.5), (0.85, 0.5))),
            Shot(2.0, GREEN, WHITE, "square", ((0.5, 0.2), (0.5, 0.8))),
            Shot(2.0, RED, BLACK, "triangle", ((0.85, 0.5), (0.15, 0.5))),
        ),
    ),
    Clip(
        "sample2.mp4",
        (
            Shot(2.0, WHITE, BLACK, text="NIGHT HARBOUR"),
            Shot(4.0, ORANGE, BLUE, "disc", ((0.5, 0.85), (0.5, 0.15)), fade=1.0),
        ),
    ),
    Clip("sample3.mp4", (Shot(4.0, PURPLE, YELLOW, "square", ((0.85, 0.5), (0.15, 0.5))),), tone=440.0),
)


def draw(shot: Shot, second: float) -> np.ndarray:
    """The picture of a shot at a time from its start, as (HEIGHT, WIDTH, 3) bytes of RGB."""
    width, height = WIDTH * OVERSAMPLE, HEIGHT * OVERSAMPLE
    canvas = Image.new("RGB", (width, height), shot.ground)
    pen = ImageDraw.Draw(canvas)
    (x0, y0), (x1, y1) = shot.path
    share = second / shot.seconds
    x, y = (x0 + (x1 - x0) * share) * width, (y0 + (y1 - y0) * share) * height
    half = height * 0.16
    if shot.shape == "disc":
        pen.ellipse((x - half, y - half, x + half, y + half), fill=shot.colour)
    elif shot.shape == "square":
        pen.rectangle((x - half, y - half, x + half, y + half), fill=shot.colour)
    elif shot.shape == "triangle":
        pen.polygon(((x, y - half), (x + half, y + half), (x - half, y + half)), fill=shot.colour)
    if shot.text:
        pen.text((width / 2, height / 2), shot.text, fill=shot.colour, font=ImageFont.load_default(120), anchor="mm")
    picture = np.asarray(canvas.resize((WIDTH, HEIGHT), Image.Resampling.BOX))
    return (picture * _light(shot, second)).round().astype(np.uint8)


def _light(shot: Shot, second: float) -> float:
    if not shot.fade:
        return 1.0
    dimming = shot.fade * 0.75
    return min(1.0, max(0.0, (shot.seconds - shot.fade + dimming - second) / dimming))


def frames_of(clip: Clip) -> Iterator[np.ndarray]:
    """Every picture of a clip in order, RATE of them per second."""
    for shot in clip.shots:
        for number in range(round(shot.seconds * RATE)):
            yield draw(shot, number / RATE)


def encode(clip: Clip, path: Path) -> None:
    """Write a clip as a file that browsers play and that comes out the same, byte for byte, with the same encoder."""
    # faststart: a browser can begin before it has the whole file. bitexact: no encoder version in the file.
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        video = container.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        # One thread: with several, x264 divides the picture differently from machine to machine.
        video.codec_context.thread_count = 1
        video.codec_context.options = {"crf": "20", "preset": "slow", "tune": "animation"}
        sound = container.add_stream("aac", rate=SOUND_RATE, layout="mono") if clip.tone else None
        for number, picture in enumerate(frames_of(clip)):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None and clip.tone:
            for block in _sine(clip.tone, clip.seconds):
                container.mux(sound.encode(block))
            container.mux(sound.encode(None))


def _sine(hertz: float, seconds: float) -> Iterator[av.AudioFrame]:
    wave = 0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SOUND_RATE)) / SOUND_RATE)
    block = 1024  # samples per AAC frame
    for start in range(0, len(wave), block):
        samples = wave[start : start + block].astype(np.float32)[None, :]
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
        yield frame
