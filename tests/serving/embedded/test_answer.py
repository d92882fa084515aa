import json
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from dataflow.core import Message, Request, TextPart
from dataflow.parsing.article import parse_article
from dataflow.parsing.checks import answer_in_article, speaks_of_image
from dataflow.parsing.qa_text import parse_qa
from dataflow.serving.embedded.answer import answer
from dataflow.serving.embedded.facts import Colour, Facts, ImageFacts, Movement, ShotFacts, VideoFacts
from dataflow.serving.embedded.replying import CANNOT_TELL, NOTHING_TO_MEASURE
from dataflow.serving.embedded.words import caption

VIDEO = VideoFacts(
    6.0,
    640,
    360,
    24.0,
    "H.264",
    "none",
    (
        ShotFacts(
            0.0, 2.0, "start", (Colour("blue", 95), Colour("yellow", 4)), 29, "moving",
            (Movement("yellow", "from left to right", 0.35, 224),),
        ),
        ShotFacts(2.0, 4.5, "cut", (Colour("green", 94),), 50, "still"),
        ShotFacts(4.5, 6.0, "dissolve", (Colour("red", 97),), 32, "changing"),
    ),
    fade_out=0.5,
)  # fmt: skip
PICTURE = ImageFacts(
    800,
    600,
    (Colour("light blue", 60, "at the top"), Colour("green", 40, "at the bottom")),
    54,
    "medium",
    "sharp",
    "plain",
    "Sample Camera",
    "2024-05-01 12:00:00",
)


def ask(text: str, *facts: Facts, schema: type[BaseModel] | None = None) -> str:
    return answer(Request((Message("user", (TextPart(text),)),), schema=schema), list(facts))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many shots does the clip have?", "The video has three shots."),
        ("How many cuts are there?", "There are two changes of shot."),
        ("What colour is the second shot?", "In shot 2 the picture is mostly green (about 94 %)."),
        ("What is the dominant color of shot 3?", "In shot 3 the picture is mostly red (about 97 %)."),
        ("How long does the video last?", "The video lasts 6.0 seconds."),
        ("How long is the last shot?", "Shot 3 lasts 1.5 seconds."),
        ("When does shot 2 start?", "Shot 2 begins at 2.0 seconds."),
        ("Is there sound?", "No, the video has no sound."),
        ("What is the frame rate?", "The video runs at 24 frames per second."),
        ("What is the resolution of the video?", "It measures 640 by 360 pixels."),
        ("Is it portrait or landscape?", "It is in landscape format."),
        ("What color is the moving object in the first shot?", "In shot 1 a yellow area moves."),
        ("Which shot is the brightest?", "Shot 2 is the brightest."),
        ("Does the video fade?", "It fades out during its last 0.5 seconds."),
        ("Which codec was used?", "The video is encoded in H.264."),
        ("Does anything move in shot 2?", "In shot 2 nothing moves."),
        ("What happens in shot 7, does it move?", "There is no such shot: the video has three shots."),
        ("How many people are there?", CANNOT_TELL),
        ("What colour is the dress?", CANNOT_TELL),
        ("Why is the man angry?", CANNOT_TELL),
    ],
)
def test_a_free_question_about_a_video_gets_one_true_sentence(question: str, said: str) -> None:
    assert ask(question, VIDEO) == said


def test_a_question_of_direction_gets_direction_and_speed() -> None:
    said = ask("Which direction does it move in shot 1?", VIDEO)
    assert said == (
        "In shot 1 a yellow area moves from left to right, at medium speed, at about 0.35 frame widths (224 pixels) "
        "per second."
    )


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Where is the green?", "Most of the green is at the bottom."),
        ("Which camera took it?", "It was taken with a camera named Sample Camera."),
        ("When was the photo taken?", "It is dated 2024-05-01 12:00:00."),
        ("How strong is the contrast?", "It has medium contrast."),
        ("Is the picture sharp?", "It looks sharp."),
        ("Who is this?", CANNOT_TELL),
    ],
)
def test_a_free_question_about_a_picture_gets_one_true_sentence(question: str, said: str) -> None:
    assert ask(question, PICTURE) == said


@pytest.mark.parametrize("prompt", ["Describe this video in detail.", "", "Caption it!", "What is in this video?"])
def test_whatever_is_no_other_wish_gets_the_caption(prompt: str) -> None:
    assert ask(prompt, VIDEO) == caption(VIDEO)


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("Write 4 question-answer pairs about the image.", 4),
        ("Generate five QA pairs.", 5),
        ("Generate complete QA pairs based on image content and caption.", 3),
        ("Write two short and clear question-answer pairs", 2),
        ("Make 1 Q&A pair", 1),
    ],
)
def test_as_many_pairs_are_written_as_are_asked_for(prompt: str, count: int) -> None:
    text = ask(prompt, PICTURE)
    assert len(parse_qa(text)) == count
    assert text.startswith("- Q: ") and "\n  A: " in text


def test_pairs_that_are_quoted_are_left_out_where_others_are_wanted() -> None:
    first = parse_qa(ask("Write 3 question-answer pairs", VIDEO))
    listed = "\n".join(pair.question for pair in first)
    second = parse_qa(ask(f"Write 3 further question-answer pairs, other than these:\n{listed}", VIDEO))
    assert len(second) == 3
    assert not {pair.question for pair in first} & {pair.question for pair in second}


def test_types_that_a_prompt_asks_for_come_first_and_under_their_names() -> None:
    prompt = "Write 3 question-answer pairs.\n- 1 of type object_direction: which way\n- 2 of type time: when\n"
    filled = Typed.model_validate_json(ask(prompt, VIDEO, schema=Typed))
    assert [pair.type for pair in filled.qa] == ["object_direction", "time", "time"]


@pytest.mark.parametrize("facts", [VIDEO, PICTURE])
def test_an_article_does_not_speak_of_a_picture_and_holds_its_answers_literally(facts: Facts) -> None:
    prompt = (
        "Write a Wikipedia article related to this image without referring to it. Then write 5 question answer pairs."
    )
    told = parse_article(ask(prompt, facts))
    assert not speaks_of_image(told.context)
    assert not any(word in told.context for word in ("image", "picture", "photo", "video"))
    assert len(told.qas) == 5
    assert all(pair.answer in told.context and answer_in_article(pair.answer, told.context) for pair in told.qas)


class Record(BaseModel):
    Label: Literal["colour", "motion", "other"]
    Question: str
    Answer: str = Field(min_length=1)
    Reason: str | None = None


class Records(BaseModel):
    QA: list[Record] = Field(min_length=1, max_length=8)
    done: bool


class Knowledge(BaseModel):
    context: str
    qas: list[Record]


class TypedPair(BaseModel):
    type: str
    question: str
    answer: str


class Typed(BaseModel):
    qa: list[TypedPair]


class Node(BaseModel):
    name: str
    children: list["Node"] = []


def test_a_schema_is_filled_with_as_many_records_as_asked_for() -> None:
    filled = Records.model_validate_json(ask("Write 6 question-answer pairs", VIDEO, schema=Records))
    assert len({record.Question for record in filled.QA}) == 6
    assert filled.QA[0].Answer == "The video has three shots."
    assert next(record for record in filled.QA if "colour" in record.Question).Label == "colour"


def test_a_schema_gets_one_record_unless_told_otherwise_and_never_more_than_it_takes() -> None:
    assert len(Records.model_validate_json(ask("Questions please", VIDEO, schema=Records)).QA) == 1
    assert len(Records.model_validate_json(ask("Write 50 QA pairs", VIDEO, schema=Records)).QA) == 8


def test_a_schema_with_an_article_gets_one_and_answers_from_it() -> None:
    filled = Knowledge.model_validate_json(ask("An article with 4 QA pairs", PICTURE, schema=Knowledge))
    assert len(filled.qas) == 4
    assert all(record.Answer in filled.context for record in filled.qas)


def test_a_schema_that_holds_itself_ends() -> None:
    assert json.loads(ask("Go", VIDEO, schema=Node))


def test_a_caption_in_the_text_stands_for_the_video() -> None:
    prompt = f"<description>\n{caption(VIDEO)}\n</description>\nWrite 9 question-answer pairs."
    assert ask(prompt) == ask(prompt, VIDEO)


def test_without_anything_to_measure_it_says_so() -> None:
    assert ask("Describe the video.") == NOTHING_TO_MEASURE


def test_several_media_are_called_by_their_places() -> None:
    text = ask("Write 6 question-answer pairs.", PICTURE, PICTURE, VIDEO)
    assert "picture 1?" in text and "picture 2?" in text and "the video?" in text
    assert ask("How bright is picture 2?", VIDEO, PICTURE) == "It is of medium brightness (brightness 54 %)."
