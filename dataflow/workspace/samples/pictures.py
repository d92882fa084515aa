"""The sample pictures: a poster with a person, a landscape, a street."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dataflow.workspace.samples.clips import BLACK, BLUE, GOLD, GREEN, RED, WHITE, YELLOW, Colour

HOUSES: tuple[Colour, ...] = (RED, YELLOW, BLUE, GREEN, WHITE)
"""The house fronts of street.jpg from left to right."""

SKIN: Colour = (222, 170, 130)
NIGHT: Colour = (16, 28, 66)
CAMERA = {0x010F: "DataFlow", 0x0110: "Sample Camera", 0x0132: "2024:05:01 12:00:00"}
"""EXIF of street.jpg: Make, Model, DateTime."""


def draw_pictures(folder: Path) -> None:
    """Write person.png, landscape.png and street.jpg."""
    _person().save(folder / "person.png", optimize=True)
    _landscape().save(folder / "landscape.png", optimize=True)
    exif = Image.Exif()
    for tag, value in CAMERA.items():
        exif[tag] = value
    _street().save(folder / "street.jpg", quality=88, exif=exif)


def _canvas(width: int, height: int, top: Colour, bottom: Colour) -> Image.Image:
    share = np.linspace(0, 1, height)[:, None, None]
    column = np.array(top) * (1 - share) + np.array(bottom) * share
    return Image.fromarray(np.broadcast_to(column.round(), (height, width, 3)).astype(np.uint8))


def _person() -> Image.Image:
    canvas = _canvas(960, 1440, NIGHT, (34, 58, 120))
    pen = ImageDraw.Draw(canvas)
    pen.text((480, 150), "NIGHT HARBOUR", fill=GOLD, font=ImageFont.load_default(108), anchor="mm")
    pen.ellipse((230, 300, 730, 800), fill=(240, 232, 200))  # the moon
    pen.rectangle((0, 1060, 960, 1440), fill=(10, 34, 84))  # the water
    for row, y in enumerate(range(1090, 1300, 40)):
        pen.rectangle((300 - 30 * row, y, 660 + 30 * row, y + 8), fill=(70, 104, 170))
    pen.polygon(((340, 760), (620, 760), (720, 1300), (240, 1300)), fill=(24, 22, 26))  # the coat
    pen.polygon(((445, 760), (515, 760), (480, 880)), fill=RED)  # the scarf
    pen.rectangle((450, 690, 510, 770), fill=SKIN)
    pen.ellipse((400, 520, 560, 720), fill=SKIN)
    pen.ellipse((436, 604, 456, 624), fill=BLACK)
    pen.ellipse((504, 604, 524, 624), fill=BLACK)
    pen.arc((448, 630, 512, 680), 20, 160, fill=(150, 60, 50), width=6)
    pen.rectangle((400, 440, 560, 560), fill=(24, 22, 26))  # the hat
    pen.ellipse((340, 540, 620, 584), fill=(24, 22, 26))
    pen.rectangle((400, 520, 560, 544), fill=GOLD)
    pen.text((480, 1380), "A film that was never made", fill=GOLD, font=ImageFont.load_default(46), anchor="mm")
    return canvas.resize((480, 720), Image.Resampling.BOX)


def _landscape() -> Image.Image:
    canvas = _canvas(1600, 1000, (60, 110, 200), (250, 170, 90))
    pen = ImageDraw.Draw(canvas)
    pen.ellipse((340, 320, 580, 560), fill=YELLOW)
    pen.ellipse((-500, 620, 1100, 1600), fill=(46, 130, 62))
    pen.ellipse((600, 680, 2300, 1700), fill=(28, 100, 48))
    return canvas.resize((800, 500), Image.Resampling.BOX)


def _street() -> Image.Image:
    canvas = Image.new("RGB", (1600, 1200), (170, 210, 240))
    pen = ImageDraw.Draw(canvas)
    pen.rectangle((0, 900, 1600, 1200), fill=(90, 92, 96))
    pen.rectangle((0, 900, 1600, 940), fill=(180, 180, 176))
    for x in range(60, 1600, 260):
        pen.rectangle((x, 1050, x + 140, 1070), fill=WHITE)
    for number, colour in enumerate(HOUSES):
        left, top = number * 320, 300 - 60 * (number % 2)
        pen.rectangle((left, top, left + 319, 900), fill=colour)
        pen.rectangle((left + 120, 720, left + 200, 900), fill=(70, 48, 36))
        for row in range(2):
            for column in (50, 190):
                y = top + 80 + row * 170
                pen.rectangle((left + column, y, left + column + 80, y + 110), fill=(60, 72, 92))
    return canvas.resize((800, 600), Image.Resampling.BOX)
