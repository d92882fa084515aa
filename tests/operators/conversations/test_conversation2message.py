"""ShareGPT turns as chat messages, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.core import SampleError, UsageError
from dataflow.operators.conversations import Conversation2Message
from dataflow.operators.conversations.conversation2message import (
    conversation_to_messages,
    messages_to_conversation,
)
from dataflow.utils.storage import FileStorage
from tests.commands import write_jsonl

TEXT = {"type": "text", "text": "What is this?"}


def turn(speaker: str, words: str) -> dict[str, str]:
    return {"from": speaker, "value": words}


def test_text_alone_becomes_a_user_message() -> None:
    assert conversation_to_messages([turn("human", "What is this?")], [], []) == [{"role": "user", "content": [TEXT]}]


def test_media_without_marks_stand_before_the_first_user_turn_images_first() -> None:
    (message,) = conversation_to_messages([turn("human", "What is this?")], ["a.jpg", "b.jpg"], ["c.mp4"])
    assert message["content"] == [
        {"type": "image", "image": "a.jpg"},
        {"type": "image", "image": "b.jpg"},
        {"type": "video", "video": "c.mp4"},
        TEXT,
    ]


def test_marks_say_where_media_go() -> None:
    conversation = [turn("human", "<image>\nFirst.\n<video>\nThen <image> last.")]
    (message,) = conversation_to_messages(conversation, ["a.jpg", "b.jpg"], ["c.mp4"])
    assert [part.get("text") or part.get("image") or part.get("video") for part in message["content"]] == [
        "a.jpg",
        "First.",
        "c.mp4",
        "Then",
        "b.jpg",
        "last.",
    ]


def test_several_turns_keep_their_roles_and_order() -> None:
    conversation = [turn("system", "Be brief."), turn("human", "Hi"), turn("gpt", "Hello"), turn("human", "Bye")]
    messages = conversation_to_messages(conversation, [], [])
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]


def test_a_mark_without_a_medium_is_an_error() -> None:
    with pytest.raises(SampleError, match="more <image> marks"):
        conversation_to_messages([turn("human", "<image> <image>")], ["a.jpg"], [])


@pytest.mark.parametrize(
    "conversation", ["text", [1], [{"from": "nobody", "value": "x"}], [{"from": "human", "value": 3}]]
)
def test_what_is_no_conversation_is_an_error(conversation: Any) -> None:
    with pytest.raises(SampleError):
        conversation_to_messages(conversation, [], [])


def test_a_mark_in_an_answer_of_the_model_is_text() -> None:
    messages = conversation_to_messages(
        [turn("human", "Which tag?"), turn("gpt", "Write <image> there.")], ["a.jpg"], []
    )
    assert messages[1]["content"] == [{"type": "text", "text": "Write <image> there."}]


words = st.text(st.characters(exclude_characters="<>\r", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(
    st.lists(st.tuples(words, words), min_size=1, max_size=4),
    st.lists(words, max_size=3),
    st.lists(words, max_size=2),
)
def test_there_and_back_gives_the_same_turns_and_media(
    exchanges: list[tuple[str, str]], images: list[str], videos: list[str]
) -> None:
    conversation = [one for q, a in exchanges for one in (turn("human", q), turn("gpt", a))]
    messages = conversation_to_messages(conversation, images, videos)
    back, found_images, found_videos = messages_to_conversation(messages)
    assert (found_images, found_videos) == (images, videos)
    assert conversation_to_messages(back, found_images, found_videos) == messages
    marks = "".join("<image>\n" for _ in images) + "".join("<video>\n" for _ in videos)
    assert back == [{**conversation[0], "value": marks + conversation[0]["value"]}, *conversation[1:]]


def test_messages_with_urls_and_plain_content_are_read_too() -> None:
    messages = [
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x/a.jpg"}}, TEXT]},
        {"role": "assistant", "content": "A cat."},
    ]
    conversation, images, _ = messages_to_conversation(messages)
    assert conversation == [turn("human", "<image>\nWhat is this?"), turn("gpt", "A cat.")]
    assert images == ["http://x/a.jpg"]


def test_as_an_operator_it_goes_both_ways(tmp_path: Path) -> None:
    row = {"id": "a", "image": ["a.jpg"], "conversation": [turn("human", "What is this?"), turn("gpt", "A cat.")]}
    storage = FileStorage(str(write_jsonl(tmp_path / "in.jsonl", [row])), str(tmp_path / "cache"), "x", "jsonl")
    there = Conversation2Message().run(storage.step(), "image", "video", "conversation", "messages")
    (made,) = there.rows()
    assert made["messages"][0]["content"][0] == {"type": "image", "image": "a.jpg"}
    back = Conversation2Message(direction="to_conversation").run(
        storage=storage.step(), input_conversation_key="again", input_image_key="pictures"
    )
    (returned,) = back.rows()
    assert returned["pictures"] == ["a.jpg"]
    assert returned["again"][0]["value"] == "<image>\nWhat is this?"


def test_an_unknown_direction_is_refused() -> None:
    with pytest.raises(UsageError, match="to_messages"):
        Conversation2Message(direction="up")
