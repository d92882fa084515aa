"""Questions and answers about videos, made from their captions and, unless told otherwise, the videos themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from pydantic import BaseModel, Field

from dataflow.core import (
    AnswerError,
    ImagePart,
    Message,
    Placeholders,
    Request,
    RequestRefused,
    Response,
    Run,
    Sample,
    TextPart,
    UsageError,
    VideoPart,
    VLMServingABC,
    optional,
    output,
    required,
)
from dataflow.core.message import DEFAULT_SAMPLING
from dataflow.core.operator import Key, Keys
from dataflow.operators.asking import messages_for
from dataflow.operators.base import Operator
from dataflow.operators.media_fields import check_sampling, paths_in
from dataflow.operators.structured import ask_checked, complete_pairs, usable_pairs
from dataflow.parsing.checks import clean_pairs
from dataflow.parsing.pair import QAPair
from dataflow.prompts import correction, question_types, top_up, video_qa
from dataflow.prompts.system import WATCHER
from dataflow.prompts.template import Template, check_template, placeholders_of, render, words_of


class Pair(BaseModel):
    """A question and its answer."""

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)


class TypedPair(Pair):
    """A question of a type, and its answer."""

    type: str


class Pairs(BaseModel):
    """What the model is to return for one pair."""

    qa: list[Pair] = Field(min_length=1)


class TypedPairs(BaseModel):
    """What the model is to return for several pairs."""

    qa: list[TypedPair] = Field(min_length=1)


class VideoCaptionToQAGenerator(Operator):
    """Makes question-answer pairs about a video from its caption.

    One pair is written as `{"question", "answer"}`; several as a list of those, with the `type` of the question where
    the model named it. Pairs that are empty, repeated, give their answer away or speak of the caption are left out;
    with fewer than asked, the model is asked for the missing ones, once. What is missing then stands in `qa_status`.

    Args:
        vlm_serving: who answers.
        use_video_input: show the model the video (and images) too, not only the caption.
        num_qa: pairs per sample. Several are spread over the types of `prompts.question_types`.
        prompt_template: replaces our own words on what to ask: text with `{field}`s of the sample, `{num_qa}` and
            `{question_types}`, or an object with `build_prompt(**sample)`. The form of the reply is added, unless the
            prompt speaks of JSON itself.
        system_prompt: said first.
        sampling: which frames the model sees.
    """

    keys = (
        optional("input_image_key", "image", holds="image"),
        required("input_video_key", "video", holds="video"),
        optional("input_conversation_key", "conversation", holds="conversation"),
        output("output_key", "qa", holds="pairs", beside={"_status": "status"}),
        required("input_caption_key", "caption", holds="caption"),
    )

    def __init__(
        self,
        vlm_serving: VLMServingABC,
        use_video_input: bool = True,
        num_qa: int = 1,
        prompt_template: Template | None = None,
        system_prompt: str = WATCHER,
        sampling: str = DEFAULT_SAMPLING,
    ) -> None:
        if not isinstance(num_qa, int) or num_qa < 1:
            raise UsageError(f"num_qa must be a number of pairs from 1, not {num_qa!r}")
        if prompt_template is not None:
            check_template(prompt_template, type(self).__name__)
        self.vlm_serving = vlm_serving
        self.use_video_input = use_video_input
        self.num_qa = num_qa
        self.prompt_template = prompt_template
        self.system_prompt = system_prompt
        self.sampling = check_sampling(sampling)

    def active_keys(self) -> tuple[Key, ...]:
        if self.use_video_input:
            return self.keys
        return tuple(optional(k.name, k.default) if k.name == "input_video_key" else k for k in self.keys)

    def prompts(self) -> Mapping[str, str]:
        template = video_qa.TEMPLATE if self.prompt_template is None else words_of(self.prompt_template)
        form = video_qa.form_of(self.num_qa)
        said = {
            video_qa.NAME: f"{self.system_prompt}\n{template}\n{form}",
            video_qa.NAME + correction.SUFFIX: correction.words(form),
        }
        if self.num_qa > 1:
            said[video_qa.NAME + top_up.SUFFIX] = f"{top_up.TEMPLATE}\n{form}"
            said["question_types"] = question_types.words()
        return said

    def placeholders(self) -> Placeholders:
        return placeholders_of(self.prompt_template, ("caption", "num_qa", "question_types"))

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        caption = str(sample[keys.input_caption_key])
        types = question_types.quotas(self.num_qa, caption) if self.num_qa > 1 else []
        messages = messages_for(self.system_prompt, self._media(sample, keys), self._prompt(sample, caption, types))
        request = Request(messages, schema=TypedPairs if types else Pairs, prompt=video_qa.NAME)
        form = video_qa.form_of(self.num_qa)
        response = await ask_checked(run, self.vlm_serving, request, usable_pairs, form)
        pairs, dropped = response.data
        if len(pairs) < self.num_qa:
            further = await self._further_pairs(run, request, pairs, types)
            pairs, unusable = clean_pairs([*pairs, *further])
            dropped = [*dropped, *unusable]
        if dropped:
            run.note(dropped_pairs=[{**_record(one.pair), "reason": one.reason} for one in dropped])
        qa = [_record(pair) for pair in pairs[: self.num_qa]]
        status = f"{keys.output_key}_status"
        made = {name: value for name, value in sample.items() if name != status}
        made[keys.output_key] = qa if types else {name: qa[0][name] for name in ("question", "answer")}
        if len(qa) < self.num_qa:
            made[status] = f"{len(qa)} of {self.num_qa} pairs"
        return made

    def _media(self, sample: Sample, keys: Keys) -> tuple[ImagePart | VideoPart, ...]:
        if not self.use_video_input:
            return ()
        images = [ImagePart(path) for path in paths_in(sample, keys.input_image_key)]
        videos = [VideoPart(path, self.sampling) for path in paths_in(sample, keys.input_video_key)]
        return (*images, *videos)

    def _prompt(self, sample: Sample, caption: str, types: Sequence[str]) -> str:
        described = question_types.describe(types) if types else ""
        if self.prompt_template is None:
            return video_qa.build(caption, self.num_qa, described)
        fields = {**sample, "caption": caption, "num_qa": self.num_qa, "question_types": described}
        prompt = render(self.prompt_template, fields)
        return prompt if "json" in prompt.lower() else f"{prompt}\n\n{video_qa.form_of(self.num_qa)}"

    async def _further_pairs(
        self, run: Run, request: Request, pairs: Sequence[QAPair], types: Sequence[str]
    ) -> list[QAPair]:
        """Ask for the pairs that are missing, once, where the sample may be asked more; whatever comes of it."""
        if not run.take_extra():
            return []
        missing = self.num_qa - len(pairs)
        left = question_types.left_over(types, [pair.label for pair in pairs], missing)
        prompt = top_up.build(
            missing,
            [pair.question for pair in pairs],
            question_types.describe(left) if left else "",
            video_qa.form_of(self.num_qa),
        )
        # The model is shown the usable pairs as if they were its whole reply: only good examples, in the right form.
        said = orjson.dumps({"qa": [_record(pair) for pair in pairs]}).decode()
        turns = (Message("assistant", (TextPart(said),)), Message("user", (TextPart(prompt),)))
        again = replace(request, messages=(*request.messages, *turns), prompt=video_qa.NAME + top_up.SUFFIX)
        try:
            response = await run.ask(self.vlm_serving, again, parse=_pairs_or_none)
        except RequestRefused as refusal:
            run.note(top_up=str(refusal))
            return []
        further: list[QAPair] = response.data
        return further


def _pairs_or_none(response: Response) -> list[QAPair]:
    try:
        return complete_pairs(response)
    except AnswerError:
        return []


def _record(pair: QAPair) -> dict[str, Any]:
    record = {"question": pair.question, "answer": pair.answer}
    return {**record, "type": question_types.name_of(pair.label)} if pair.label else record
