"""Captions: whose words are asked, whatever stands in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dataflow.operators.core_vision import VideoToCaptionGenerator
from dataflow.workspace.inputs import sample_input
from tests.operators.core_vision.runs import run, serving
from tests.servers import ModelServer

CLIP = str(sample_input("video_caption").parent / "videos/sample1.mp4")


class Builder:
    """A user's own way to ask."""

    def build_prompt(self, **fields: Any) -> str:
        return f"Tell {fields['topic']}."


@pytest.mark.parametrize(
    ("template", "sent"),
    [
        ('Tell {topic} in {{words}} as {"a": {}} {{}}', 'Tell {topic} {x} in {{words}} as {"a": {}} {{}}'),
        (Builder(), "Tell {topic} {x}."),
    ],
)
def test_a_template_of_the_user_is_asked_and_written_into_the_conversation(
    model_server: ModelServer, tmp_path: Path, template: Any, sent: str
) -> None:
    operator = VideoToCaptionGenerator(serving(model_server), prompt_template=template, sampling="uniform:2")
    rows = [{"video": [CLIP], "topic": "{topic} {x}", "conversation": [{"from": "human", "value": ""}]}]
    (row,), failures = run(operator, rows, tmp_path)
    assert failures == []
    assert row["conversation"] == [{"from": "human", "value": sent}]
    (request,) = model_server.requests()
    assert request["messages"][-1]["content"][-1]["text"] == sent


def test_braces_in_the_samples_own_words_are_sent_as_they_are(model_server: ModelServer, tmp_path: Path) -> None:
    words = 'Tell {topic} as {"x": {}}'
    operator = VideoToCaptionGenerator(serving(model_server), sampling="uniform:2")
    rows = [{"video": [CLIP], "topic": "t", "conversation": [{"from": "human", "value": words}]}]
    run(operator, rows, tmp_path)
    (request,) = model_server.requests()
    assert request["messages"][-1]["content"][-1]["text"] == words
