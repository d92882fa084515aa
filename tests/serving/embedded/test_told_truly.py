"""Clips and pictures are drawn at random, and what is said of them is held against what was drawn."""

from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dataflow.serving.embedded import EmbeddedVLMServing
from dataflow.serving.embedded.colours import base_name
from dataflow.serving.embedded.facts import ImageFacts, ShotFacts, VideoFacts
from dataflow.serving.embedded.measure_image import measure_image
from dataflow.serving.embedded.reading import read
from tests.serving.embedded.drawing import COLOURS, DIRECTIONS, Drawn, DrawnClip, draw_clip, frames_of, write

DRAWS = 200
RIGHT = 0.95


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[DrawnClip, str, str, str]]:
    """Of each drawn clip what is said: (clip, caption, pairs made of the video, pairs made of the caption alone)."""
    folder: Path = tmp_path_factory.mktemp("drawn")
    clips = [draw_clip(Random(seed)) for seed in range(DRAWS)]
    paths = [str(write(clip, folder / f"{number}.mp4")) for number, clip in enumerate(clips)]
    serving = EmbeddedVLMServing()
    captions = serving.generate_from_input(["Describe this video."] * DRAWS, video_inputs=paths)
    prompt = "Write 60 question-answer pairs about the video."
    seen = serving.generate_from_input([prompt] * DRAWS, video_inputs=paths)
    unseen = serving.generate_from_input([f"{caption}\n\n{prompt}" for caption in captions])
    return list(zip(clips, captions, seen, unseen, strict=True))


def same_colour(said: str, drawn: str) -> bool:
    return base_name(said) == drawn or {base_name(said), drawn} == {"magenta", "pink"}


def facts_in(caption: str) -> VideoFacts:
    (facts,) = read(caption)
    assert isinstance(facts, VideoFacts)
    return facts


def shots_right(clip: DrawnClip, facts: VideoFacts) -> bool:
    """Whether the number of shots is right, and each begins within a frame and a half of where it was drawn."""
    truth = [time for time, *_ in clip.boundaries()]
    starts = [shot.start for shot in facts.shots[1:]]
    return len(starts) == len(truth) and all(
        abs(start - time) <= 1.5 / clip.fps for start, time in zip(starts, truth, strict=True)
    )


def pairs_of_shots(told: list[tuple[DrawnClip, str, str, str]]) -> list[tuple[Drawn, ShotFacts]]:
    return [
        pair
        for clip, caption, *_ in told
        if len((facts := facts_in(caption)).shots) == len(clip.shots)
        for pair in zip(clip.shots, facts.shots, strict=True)
    ]


def test_the_shots_are_those_drawn(told: list[tuple[DrawnClip, str, str, str]]) -> None:
    right = [shots_right(clip, facts_in(caption)) for clip, caption, *_ in told]
    assert sum(right) >= RIGHT * DRAWS


def test_the_durations_rates_and_sizes_are_those_drawn(told: list[tuple[DrawnClip, str, str, str]]) -> None:
    for clip, caption, *_ in told:
        facts = facts_in(caption)
        assert abs(facts.seconds - clip.seconds) <= 0.02
        assert abs(facts.fps - clip.fps) <= 0.02
        assert (facts.width, facts.height) == (clip.width, clip.height)


def test_sound_is_told_where_there_is_sound(told: list[tuple[DrawnClip, str, str, str]]) -> None:
    assert all((facts_in(caption).sound == "audible") == clip.sound for clip, caption, *_ in told)


def test_fades_at_the_end_are_told_where_there_are_any(told: list[tuple[DrawnClip, str, str, str]]) -> None:
    right = [bool(facts_in(caption).fade_out) == bool(clip.fade_out) for clip, caption, *_ in told]
    assert sum(right) >= RIGHT * DRAWS


def test_the_main_colours_are_those_drawn(told: list[tuple[DrawnClip, str, str, str]]) -> None:
    right = [
        bool(shot.colours) and same_colour(shot.colours[0].name, drawn.name) for drawn, shot in pairs_of_shots(told)
    ]
    assert sum(right) >= RIGHT * len(right)


def test_the_directions_are_those_drawn(told: list[tuple[DrawnClip, str, str, str]]) -> None:
    count: Counter[str] = Counter()
    for drawn, shot in pairs_of_shots(told):
        if drawn.mark:
            said = {movement.direction for movement in shot.movements}
            count["right" if said == {DIRECTIONS[drawn.mark.way]} else "wrong" if said else "untold"] += 1
    assert count["right"] >= RIGHT * count.total()
    assert count["wrong"] <= 0.01 * count.total()


def test_the_colours_and_speeds_of_what_moves_are_those_drawn(told: list[tuple[DrawnClip, str, str, str]]) -> None:
    right = [
        all(
            same_colour(movement.colour, drawn.mark.name) and abs(movement.speed / drawn.mark.speed - 1) < 0.2
            for movement in shot.movements
        )
        for drawn, shot in pairs_of_shots(told)
        if drawn.mark and shot.movements
    ]
    assert sum(right) >= RIGHT * len(right)


def test_nothing_is_said_to_move_where_nothing_was_drawn_to_move(told: list[tuple[DrawnClip, str, str, str]]) -> None:
    still = [shot for drawn, shot in pairs_of_shots(told) if drawn.mark is None]
    assert len(still) > 20
    assert all(not shot.movements for shot in still)
    assert sum(shot.stir == "still" for shot in still) >= RIGHT * len(still)


def test_pairs_made_of_the_caption_are_those_made_of_the_video(told: list[tuple[DrawnClip, str, str, str]]) -> None:
    assert all(seen == unseen and seen.count("- Q:") >= 9 for _, _, seen, unseen in told)


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(1000, 10**9))
def test_the_brightness_is_that_of_the_drawn_pixels(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    clip = draw_clip(Random(seed))
    path = write(clip, tmp_path_factory.mktemp("bright") / "clip.mp4")
    facts = facts_in(EmbeddedVLMServing().generate_from_input(["Describe it."], video_inputs=[str(path)])[0])
    frames = list(frames_of(clip))
    if len(facts.shots) == len(clip.shots) and not clip.fade_out:
        for shot, drawn, first in zip(facts.shots, clip.shots, clip.begins(), strict=True):
            pixels = np.stack(frames[first : first + drawn.frames]).reshape(-1, 3).mean(axis=0)
            assert abs(shot.brightness - pixels @ [0.299, 0.587, 0.114] / 2.55) <= 4


AREAS = {
    "at the top": (0, 0, 3, 1),
    "at the bottom": (0, 2, 3, 3),
    "on the left": (0, 0, 1, 3),
    "on the right": (2, 0, 3, 3),
    "in the upper left": (0, 0, 1, 1),
    "in the lower right": (2, 2, 3, 3),
    "in the middle": (1, 1, 2, 2),
}


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_what_is_said_of_a_picture_is_what_was_drawn(seed: int) -> None:
    random = Random(seed)
    ground, patch = random.sample(["red", "yellow", "green", "blue", "purple", "white", "grey", "black", "cyan"], 2)
    place = random.choice(list(AREAS))
    width, height = random.randrange(64, 1500), random.randrange(64, 1500)
    picture = np.empty((height, width, 3), np.uint8)
    picture[:] = random.choice(COLOURS[ground])
    left, top, right, bottom = AREAS[place]
    box = (slice(height * top // 3, height * bottom // 3), slice(width * left // 3, width * right // 3))
    picture[box] = random.choice(COLOURS[patch])
    facts = measure_image(_png(picture))
    assert (facts.width, facts.height) == (width, height)
    assert [base_name(colour.name) for colour in facts.colours] == [ground, patch]
    assert facts.colours[1].place == place
    assert abs(facts.colours[1].percent - 100 * picture[box].size / picture.size) <= 2
    assert abs(facts.brightness - picture.reshape(-1, 3).mean(axis=0) @ [0.299, 0.587, 0.114] / 2.55) <= 1
    assert isinstance(facts, ImageFacts) and facts.texture == "plain"


def _png(picture: np.ndarray) -> bytes:
    from io import BytesIO

    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()
