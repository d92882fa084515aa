import numpy as np
import pytest
from PIL import ImageColor

from dataflow.serving.embedded.colours import base_name, clusters, name_of, patches
from tests.serving.embedded.drawing import COLOURS


@pytest.mark.parametrize("name", COLOURS)
def test_colours_that_people_agree_on_get_their_name(name: str) -> None:
    said = {base_name(name_of(*rgb)) for rgb in COLOURS[name]}
    assert said == {name}


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("navy", "dark blue"), ("maroon", "dark red"), ("teal", "dark cyan"), ("skyblue", "light blue"),
        ("darkgreen", "dark green"), ("lightgreen", "light green"), ("silver", "light grey"), ("indigo", "dark purple"),
        ("chocolate", "brown"), ("tan", "light brown"), ("crimson", "red"), ("gold", "yellow"), ("lime", "green"),
        ("hotpink", "pink"), ("fuchsia", "magenta"), ("ivory", "white"), ("turquoise", "cyan"), ("tomato", "red"),
    ],
)  # fmt: skip
def test_html_colours_get_the_name_a_person_would_give(html: str, name: str) -> None:
    assert name_of(*ImageColor.getrgb(html)) == name


def test_noise_around_a_colour_is_one_colour() -> None:
    noise = np.random.default_rng(1).normal((30, 140, 60), 12, (5000, 3)).clip(0, 255)
    found = patches(noise)
    assert found[0].name == "green"
    assert found[0].share > 0.95


def test_shares_are_those_of_the_pixels() -> None:
    pixels = np.array([(200, 30, 30)] * 60 + [(0, 0, 255)] * 30 + [(255, 255, 255)] * 10)
    assert [(one.name, round(one.share, 2)) for one in patches(pixels)] == [("red", 0.6), ("blue", 0.3), ("white", 0.1)]


def test_no_pixels_have_no_colours() -> None:
    assert clusters(np.empty((0, 3))) == []
