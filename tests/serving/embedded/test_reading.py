from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dataflow.parsing.checks import clean_pairs
from dataflow.parsing.pair import QAPair
from dataflow.serving.embedded.colours import base_name
from dataflow.serving.embedded.facts import Colour, ImageFacts, Movement, ShotFacts, VideoFacts, from_plain, to_plain
from dataflow.serving.embedded.measure_video import DIRECTIONS
from dataflow.serving.embedded.questions import pairs
from dataflow.serving.embedded.reading import read
from dataflow.serving.embedded.words import caption

NAMES = ["red", "dark blue", "light grey", "orange", "green", "white"]
PLACES = ["", "at the top", "in the lower right", "at the left edge", "in the middle column"]

percents = st.integers(0, 100)
seconds = st.integers(0, 3000).map(lambda value: value / 100)


def some_colours(places: list[str]) -> st.SearchStrategy[tuple[Colour, ...]]:
    one = st.builds(Colour, st.sampled_from(NAMES), percents, st.sampled_from(places))
    return st.lists(one, max_size=4, unique_by=lambda colour: colour.name).map(tuple)


def movements() -> st.SearchStrategy[Movement]:
    speeds = st.integers(1, 400).map(lambda value: float(f"{value / 100:.2g}"))
    thing = st.tuples(st.sampled_from([*NAMES, ""]), st.booleans()).map(
        lambda one: ("", True) if one[1] else (one[0], False)
    )
    return st.builds(
        lambda what, way, speed, pixels: Movement(what[0], way, speed, pixels, what[1]),
        thing, st.sampled_from(DIRECTIONS), speeds, st.integers(0, 5000),
    )  # fmt: skip


@st.composite
def video_facts(draw: st.DrawFn) -> VideoFacts:
    marks = sorted(draw(st.lists(seconds, min_size=2, max_size=16, unique=True)))
    shots = []
    for order, (start, end) in enumerate(pairwise(marks)):
        moving = tuple(draw(st.lists(movements(), max_size=2, unique_by=lambda one: (one.colour, one.whole))))
        shots.append(
            ShotFacts(
                start,
                end,
                "start" if not order else draw(st.sampled_from(["cut", "fade", "dissolve"])),
                draw(some_colours([""])),
                draw(percents),
                "moving" if moving else draw(st.sampled_from(["still", "changing", "unmeasured"])),
                moving,
            )
        )
    return VideoFacts(
        draw(seconds), draw(st.integers(2, 8000)), draw(st.integers(2, 8000)), draw(st.integers(100, 24000)) / 100,
        draw(st.sampled_from(["H.264", "HEVC", "MPEG-4", "VC1"])), draw(st.sampled_from(["none", "silent", "audible"])),
        tuple(shots), draw(seconds), draw(seconds),
    )  # fmt: skip


image_facts = st.builds(
    ImageFacts,
    st.integers(1, 20000),
    st.integers(1, 20000),
    some_colours(PLACES),
    percents,
    st.sampled_from(["low", "medium", "high"]),
    st.sampled_from(["", "sharp", "soft", "blurred"]),
    st.sampled_from(["plain", "lightly textured", "richly textured"]),
    st.sampled_from(["", "Canon EOS 5D", "DataFlow Sample Camera"]),
    st.sampled_from(["", "2024-05-01 12:00:00"]),
)
facts = st.one_of(video_facts(), image_facts)


@given(facts)
def test_a_caption_reads_back_into_the_very_same_facts(known: VideoFacts | ImageFacts) -> None:
    assert read(f"Here it is:\n{caption(known)}\n\nWrite a pair about it.") == [known]


@given(video_facts())
def test_facts_survive_the_way_between_processes(known: VideoFacts) -> None:
    assert from_plain(to_plain(known)) == known


@given(st.lists(facts, max_size=3))
def test_several_captions_are_read_in_their_order(known: list[VideoFacts | ImageFacts]) -> None:
    assert read("\n".join(caption(one) for one in known)) == known


@given(st.text())
def test_other_texts_give_no_facts_and_no_error(text: str) -> None:
    assert read(text) == []


def test_a_caption_that_was_tampered_with_gives_no_facts() -> None:
    shot = ShotFacts(0.0, 2.0, "start", (Colour("blue", 90),), 20, "still")
    known = VideoFacts(2.0, 64, 48, 10.0, "H.264", "none", (shot,))
    assert read(caption(known).replace("is a single shot", "has nine shots")) == []


@given(facts)
def test_pairs_are_fit_for_training(known: VideoFacts | ImageFacts) -> None:
    made = pairs(known)
    kept, dropped = clean_pairs(QAPair(pair.question, pair.answer) for pair in made)
    assert dropped == []
    assert len(kept) == len(made) >= 6
    assert all(pair.question.endswith("?") and pair.answer.endswith(".") for pair in made)


def test_a_clip_of_three_shots_gives_sixteen_pairs_of_many_kinds() -> None:
    names = ("blue", "green", "red")
    shots = tuple(
        ShotFacts(
            2.0 * at, 2.0 * at + 2, "cut" if at else "start", (Colour(name, 90),), 30, "moving",
            (Movement("white", "downwards", 0.2, 100),),
        )
        for at, name in enumerate(names)
    )  # fmt: skip
    made = pairs(VideoFacts(6.0, 640, 360, 24.0, "H.264", "none", shots))
    assert len({pair.question for pair in made}) == len(made) >= 16
    assert {"count", "duration", "colour", "direction", "speed", "sound", "light", "size", "time"} <= {
        pair.topic for pair in made
    }
    assert all(base_name(name) in "".join(pair.answer for pair in made) for name in names)
