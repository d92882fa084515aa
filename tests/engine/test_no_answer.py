"""What a model said instead of an answer reaches no operator as one, is kept, and is not paid for twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dataflow import Operator, Pipeline, RunOptions
from dataflow.core import (
    AnswerError,
    CutOffAnswer,
    LLMServingABC,
    Message,
    RefusedAnswer,
    Request,
    Response,
    Run,
    Sample,
    TextPart,
    output,
    required,
)
from dataflow.core.operator import Keys
from tests.commands import read_jsonl


class Says(LLMServingABC):
    """A serving of a third party that gives the same reply to everything, and counts how often it was asked."""

    def __init__(self, **reply: Any) -> None:
        self.reply = Response(**reply)
        self.asked = 0

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"serving": "says", "model": "says"}

    async def generate(self, request: Request) -> Response:
        self.asked += 1
        return self.reply


class Bare(Operator):
    """Asks without a parser, and once more where the first reply is no answer."""

    keys = (required("input_key", "text"), output("output_key", "answer"))

    def __init__(self, serving: LLMServingABC) -> None:
        self.serving = serving

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        try:
            response = await run.ask(self.serving, asked(sample["text"]))
        except AnswerError as error:
            response = await run.ask(self.serving, asked(f"{sample['text']} Really? {error.raw}"))
        return {**sample, "answer": response.text}


def asked(text: str) -> Request:
    return Request((Message("user", (TextPart(text),)),))


NONE = [
    ({"text": "I cannot look at this.", "finish_reason": "refusal"}, RefusedAnswer, "refused", "I cannot look"),
    ({"text": "", "finish_reason": "content_filter"}, RefusedAnswer, "refused", "content filter"),
    ({"text": "A man who", "finish_reason": "content_filter"}, RefusedAnswer, "refused", "content filter"),
    ({"text": " ", "finish_reason": "length"}, CutOffAnswer, "cut_off", "--max-tokens"),
    ({"text": "", "reasoning": "Well", "finish_reason": "length"}, CutOffAnswer, "cut_off", "reasoning"),
    ({"text": "", "reasoning": "It is a dog."}, AnswerError, "answer", "`reasoning`"),
    ({"text": "\n"}, AnswerError, "answer", "without a word"),
]


@pytest.mark.parametrize(("reply", "error", "kind", "said"), NONE)
def test_a_reply_that_is_no_answer_fails_the_sample_under_its_kind_and_is_replayed(
    tmp_path: Path, reply: dict[str, str], error: type[AnswerError], kind: str, said: str
) -> None:
    serving = Says(**reply)
    for replayed, expected in ((False, 2), (True, 4)):
        Pipeline([Bare(serving)]).run([{"text": "What?"}], tmp_path, prefix="p", options=RunOptions(quiet=True))
        (failure,) = read_jsonl(tmp_path / "p_step1.failures.jsonl")
        assert failure["kind"] == kind and said in failure["message"] and failure["raw"] == reply["text"]
        # A complete run that failed a sample asks it anew: once for each question, whatever it made of it before.
        assert serving.asked == expected, replayed


@pytest.mark.parametrize(("reply", "error", "kind", "said"), NONE)
def test_the_batch_calls_raise_it(reply: dict[str, str], error: type[AnswerError], kind: str, said: str) -> None:
    with pytest.raises(error, match=said.replace("`", ".")):
        Says(**reply).generate_from_input(["What?"])
    with pytest.raises(error):
        Says(**reply).generate_from_input_messages([[{"from": "human", "value": "What?"}]])


def test_a_text_that_was_cut_off_after_it_began_is_for_the_operator_to_judge() -> None:
    assert Says(text="A dog that", finish_reason="length").generate_from_input(["What?"]) == ["A dog that"]
