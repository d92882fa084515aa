"""The rows of every pipeline become conversations."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from dataflow.core import ImagePart, SampleError, TextPart
from dataflow.export.build import conversations_of
from dataflow.export.columns import columns_of
from dataflow.export.conversation import Conversation, load_conversation
from dataflow.export.placeholders import marked_text
from tests.export.rows import NAMES, caption_row, context_row, image_row, multirole_row, video_qa_row


def told(conversation: Conversation) -> list[tuple[str, str]]:
    return [(turn.role, marked_text(turn)) for turn in conversation.messages]


def test_a_caption_answers_the_prompt_that_was_asked():
    (made,) = conversations_of(caption_row(7), NAMES)
    assert (made.id, made.sample, made.task, made.videos) == ("7-caption", "7", "caption", ["clips/a.mp4"])
    assert told(made) == [("user", "<video>\nTell what happens."), ("assistant", "Caption of 7.")]


def test_a_caption_without_a_prompt_answers_one_of_ours():
    (made,) = conversations_of({"id": 1, "image": "a.png", "caption": "A square."}, NAMES)
    assert told(made) == [("user", "<image>\nDescribe the image in detail."), ("assistant", "A square.")]


@pytest.mark.parametrize("pairs", [1, 3])
def test_video_qa_gives_its_caption_and_its_pairs_apart(pairs: int):
    caption, qa = conversations_of(video_qa_row(1, pairs=pairs), NAMES)
    assert (caption.task, qa.task) == ("caption", "qa")
    assert len(told(qa)) == 2 * pairs
    assert told(qa)[0] == ("user", "<video>\nQuestion 0 of 1?")
    assert "<video>" not in "".join(text for _, text in told(qa)[1:])
    assert qa.labels == ("count",) * pairs


def test_pairs_in_text_are_read():
    (made,) = conversations_of(image_row(1, "a.png", "b.png"), NAMES)
    assert told(made) == [
        ("user", "<image>\n<image>\nWhat is it?"),
        ("assistant", "A square."),
        ("user", "Which colour?"),
        ("assistant", "Blue."),
    ]


def test_text_that_holds_no_pairs_answers_the_prompt():
    row = {**image_row(1, "a.png"), "vqa": "It shows a blue square on white ground."}
    (made,) = conversations_of(row, NAMES)
    assert made.task == "answer"
    assert told(made)[0] == ("user", "<image>\nGenerate complete QA pairs.")


def test_an_article_stands_before_its_first_question_and_its_text_is_not_told_twice():
    (made,) = conversations_of(context_row(1, "a.png"), NAMES)
    assert made.task == "context_qa"
    assert told(made)[0] == ("user", "<image>\nThe palette is led by blue.\nWhich colour leads?")


def test_multirole_pairs_come_with_frames_and_what_is_said_but_not_with_what_is_to_be_seen():
    (made,) = conversations_of(multirole_row(1, "f1.jpg", "f2.jpg"), NAMES)
    assert made.task == "multirole_qa" and made.images == ["f1.jpg", "f2.jpg"] and made.labels == ("content",)
    first = "An advertisement.\nClip 1:\n<image>\n<image>\nSpeech: Buy now.\nWhat is sold?"
    assert told(made) == [("user", first), ("assistant", "Shoes.")]


def test_a_whole_conversation_is_taken_as_it_is_with_media_where_it_marks_them():
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Compare <image> with <image>"},
        {"role": "assistant", "content": "The first is brighter."},
    ]
    (made,) = conversations_of({"id": 1, "image": ["a.png", "b.png"], "conversation": turns}, NAMES)
    assert made.task == "conversation"
    parts = made.messages[1].parts
    assert parts == (TextPart("Compare"), ImagePart("a.png"), TextPart("with"), ImagePart("b.png"))


def test_columns_of_other_names_are_known_from_the_manifest():
    keys = {"input_video_key": "clip", "output_key": "told", "input_conversation_key": "conversation"}
    operators = [
        {"name": "VideoToClips", "keys": {"output_meta_key": "Meta", "output_clips_key": "Clips"}},
        {"name": "VideoToCaptionGenerator", "keys": keys},
        {"name": "WordCount", "keys": {"output_key": "words"}},
    ]
    columns = columns_of({"operators": operators})
    (made,) = conversations_of({"id": 1, "clip": "a.mp4", "told": "A walk.", "words": 2, "Meta": "Text."}, columns)
    assert told(made) == [("user", "<video>\nDescribe the video in detail."), ("assistant", "A walk.")]


def test_frames_of_clips_stand_for_the_video_that_they_are_of():
    (made,) = conversations_of({**multirole_row(1, "f1.jpg"), "video": ["a.mp4"]}, NAMES)
    assert (made.images, made.videos) == (["f1.jpg"], [])
    (made,) = conversations_of({**multirole_row(1), "video": ["a.mp4"]}, NAMES)
    assert (made.images, made.videos) == ([], ["a.mp4"])


def test_only_the_columns_that_are_wanted_are_told():
    (made,) = conversations_of(video_qa_row(1), NAMES, ["qa"])
    assert made.task == "qa"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"id": 1, "video": "a.mp4"}, "nothing to train on"),
        ({"id": 1, "caption": None, "qa": []}, "nothing to train on"),
        ({"id": 1, "qa": [{"question": "Why?"}]}, "without an answer"),
        ({"id": 1, "qa": ["Why?"]}, "no pairs of question and answer.* name it: --column qa"),
        ({"id": 1, "qa": [{"question": "Why?", "answer": "So."}, "Why?"]}, "must be an object"),
        ({"id": 1, "qa": 7}, "no pairs of question and answer"),
        ({"id": 1, "image": "a.png", "made": {"a": 1}}, "Name the column that is to be learnt with --column: made"),
        ({"id": 1, "caption": "x", "image": [7]}, "must hold paths"),
        ({"id": 1, "caption": "x", "conversation": "Why?"}, "must be a list of turns"),
    ],
)
def test_what_cannot_be_told_says_why(row: dict[str, Any], says: str):
    with pytest.raises(SampleError, match=says):
        conversations_of(row, NAMES)


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        (["assistant"], "from user to assistant"),
        (["user", "user", "assistant"], "from user to assistant"),
        (["user", "assistant", "system", "user", "assistant"], "system turn"),
    ],
)
def test_turns_that_no_trainer_reads_are_refused(roles: list[str], says: str):
    turns = [{"role": role, "content": "Words."} for role in roles]
    with pytest.raises(SampleError, match=says):
        conversations_of({"id": 1, "conversation": turns}, NAMES)


def test_a_conversation_comes_back_from_the_spool_as_it_was():
    for made in conversations_of(video_qa_row("ü/1"), NAMES):
        assert load_conversation(made.dump()) == made


def test_an_answer_of_its_own_shape_answers_the_prompt_that_was_asked():
    row = {**image_row(1, "a.png"), "vqa": {"objects": ["cat", "dog"], "count": 2}}
    (made,) = conversations_of(row, NAMES)
    assert made.task == "answer"
    assert told(made) == [
        ("user", "<image>\nGenerate complete QA pairs."),
        ("assistant", '{"objects":["cat","dog"],"count":2}'),
    ]


@pytest.mark.parametrize("value", [{"a": 1}, [{"a": 1}], ["cat", "dog"], 7, True, [[1, 2]]])
def test_any_column_is_learnt_as_it_stands_when_it_is_named(value: Any):
    row = {"id": 1, "image": "a.png", "made": value}
    (made,) = conversations_of(row, NAMES, ["made"], question="What is it?")
    assert told(made)[0] == ("user", "<image>\nWhat is it?")
    assert orjson.loads(told(made)[1][1]) == value
    with pytest.raises(SampleError, match=r"does not say what was asked\. Say it with --question"):
        conversations_of(row, NAMES, ["made"])


def test_pairs_are_pairs_in_any_column_that_is_named_and_a_broken_one_is_none():
    row = {"id": 1, "image": "a.png", "mine": [{"Question": "Why?", "Answer": "So."}]}
    (made,) = conversations_of(row, NAMES, ["mine"])
    assert (made.task, told(made)[1]) == ("qa", ("assistant", "So."))
    with pytest.raises(SampleError, match="without an answer"):
        conversations_of({**row, "mine": [{"question": "Why?"}]}, NAMES, ["mine"])


def test_a_question_that_is_given_takes_the_place_of_the_one_that_was_asked():
    row = caption_row(1, made={"a": 1})
    (made,) = conversations_of(row, NAMES, ["made"], question="Give a.")
    assert told(made)[0] == ("user", "<video>\nGive a.")
    (made,) = conversations_of(row, NAMES, ["made"])
    assert told(made)[0] == ("user", "<video>\nTell what happens.")
