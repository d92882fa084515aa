"""What is the same question: everything that changes an answer changes the key, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pydantic
import pytest

from dataflow.core import ImagePart, Message, Request, TextPart, VideoPart
from dataflow.serving import APIVLMServing_openai
from dataflow.serving.key import request_key


class Caption(pydantic.BaseModel):
    caption: str


class Title(pydantic.BaseModel):
    title: str


def serving(**settings: Any) -> APIVLMServing_openai:
    return APIVLMServing_openai(**{"api_url": "http://127.0.0.1:1/v1", "model_name": "m", **settings})


IMAGE, VIDEO = ImagePart("a.jpg"), VideoPart("v.mp4")
DIGESTS = {IMAGE: "digest of a", VIDEO: "digest of v"}
ASKED = Request(
    (Message("system", (TextPart("Be brief."),)), Message("user", (IMAGE, VIDEO, TextPart("What is this?")))),
    params={"temperature": 0.5},
    schema=Caption,
    prompt="caption",
)


def key(request: Request = ASKED, digests: dict[Any, str] = DIGESTS, **settings: Any) -> bytes:
    return request_key(serving(**settings), request, digests)


def asked(*parts: Any, **changes: Any) -> Request:
    return replace(ASKED, messages=(Message("user", parts),), **changes)


def test_the_same_question_has_the_same_key_of_sixteen_bytes() -> None:
    assert key() == key(replace(ASKED, messages=tuple(ASKED.messages)))
    assert len(key()) == 16


@pytest.mark.parametrize(
    "settings",
    [
        {"api_url": "https://elsewhere.example/v1"},
        {"max_workers": 3},
        {"timeout": 5.0},
        {"patience": 1.0},
        {"requests_per_minute": 10.0},
        {"key_name_of_api_key": "OTHER"},
    ],
)
def test_how_it_is_asked_does_not_change_the_key(settings: dict[str, Any]) -> None:
    assert key(**settings) == key()


def test_where_media_lie_and_what_the_prompt_is_called_do_not_change_the_key() -> None:
    moved_image, moved_video = ImagePart("/elsewhere/b.png"), VideoPart("/elsewhere/w.mp4")
    moved = replace(ASKED, messages=ASKED.replace_parts({IMAGE: moved_image, VIDEO: moved_video}), prompt="other name")
    assert key(moved, {moved_image: DIGESTS[IMAGE], moved_video: DIGESTS[VIDEO]}) == key()


def test_a_parameter_of_the_serving_and_the_same_of_the_request_are_the_same_question() -> None:
    assert key(replace(ASKED, params={}), temperature=0.5) == key()
    assert key(replace(ASKED, params={"temperature": 0.5, "top_p": None})) == key()
    assert key(temperature=0.9) == key()


def test_each_thing_that_changes_the_answer_changes_the_key() -> None:
    system, user = ASKED.messages
    coarser = replace(VIDEO, sampling="uniform:4")
    keys = [
        key(),
        key(model_name="other"),
        key(video_as="video_url"),
        key(max_side=512),
        key(video_max_side=224),
        key(top_p=0.5),
        key(max_tokens=10),
        key(seed=1),
        key(extra_body={"min_p": 0.1}),
        key(replace(ASKED, params={"temperature": 0.6})),
        key(replace(ASKED, params={})),
        key(replace(ASKED, schema=Title)),
        key(replace(ASKED, schema=None)),
        key(replace(ASKED, ordinal=1)),
        key(replace(ASKED, messages=(user,))),
        key(replace(ASKED, messages=(Message("user", system.parts), user))),
        key(replace(ASKED, messages=(system, Message("user", (VIDEO, IMAGE, TextPart("What is this?")))))),
        key(replace(ASKED, messages=(system, Message("user", (IMAGE, VIDEO, TextPart("What is that?")))))),
        key(ASKED, {**DIGESTS, IMAGE: "another picture"}),
        key(ASKED, {**DIGESTS, VIDEO: "another video"}),
        key(replace(ASKED, messages=ASKED.replace_parts({VIDEO: coarser})), {**DIGESTS, coarser: DIGESTS[VIDEO]}),
    ]
    assert len(set(keys)) == len(keys)


def test_texts_in_several_parts_are_not_mistaken_for_one_another() -> None:
    keys = {
        key(asked(TextPart("a"), TextPart("b")), {}),
        key(asked(TextPart("ab")), {}),
        key(asked(TextPart("a,b")), {}),
        key(asked(TextPart('{"image":"digest of a"}')), {}),
        key(asked(IMAGE), {IMAGE: "digest of a"}),
    }
    assert len(keys) == 5
