"""Questions and answers about videos, made from their captions and, unless told otherwise, the videos themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from dataflow.core import (
    AnswerError,
    ImagePart,
    Request,
    Response,
    Run,
    Sample,
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
from dataflow.parsing.checks import clean_pairs
from dataflow.parsing.qa_text import QAPair, parse_qa
from dataflow.prompts import video_qa
from dataflow.prompts.system import WATCHER
from dataflow.prompts.template import Template, check_template, render, words_of


class Pair(BaseModel):
    """A question and its answer."""

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)


class Pairs(BaseModel):
    """What the model is to return."""

    qa: list[Pair] = Field(min_length=1)


class VideoCaptionToQAGenerator(Operator):
    """Makes question-answer pairs about a video from its caption.

    One pair is written as `{"question", "answer"}`, several as a list of those. Pairs that are empty, repeated, give
    their answer away or speak of the caption are left out; with fewer than asked, `qa_status` says how many there are.

    Args:
        vlm_serving: who answers.
        use_video_input: show the model the video (and images) too, not only the caption.
        num_qa: pairs per sample.
        prompt_template: replaces our own prompt: text with `{field}`s of the sample and `{num_qa}`, or an object with
            `build_prompt(**sample)`.
        system_prompt: said first.
        sampling: which frames the model sees.
    """

    keys = (
        optional("input_image_key", "image"),
        required("input_video_key", "video"),
        optional("input_conversation_key", "conversation"),
        output("output_key", "qa"),
        required("input_caption_key", "caption"),
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
        if num_qa < 1:
            raise UsageError(f"num_qa must be at least 1, not {num_qa}")
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
        return {video_qa.NAME: f"{self.system_prompt}\n{template}"}

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        caption = str(sample[keys.input_caption_key])
        if self.prompt_template is None:
            prompt = video_qa.build(caption, self.num_qa)
        else:
            prompt = render(self.prompt_template, {**sample, "caption": caption, "num_qa": self.num_qa})
        media: tuple[ImagePart | VideoPart, ...] = ()
        if self.use_video_input:
            images = [ImagePart(path) for path in paths_in(sample, keys.input_image_key)]
            videos = [VideoPart(path, self.sampling) for path in paths_in(sample, keys.input_video_key)]
            media = (*images, *videos)
        messages = messages_for(self.system_prompt, media, prompt)
        request = Request(messages, schema=Pairs, prompt=video_qa.NAME)
        response = await run.ask(self.vlm_serving, request, parse=valid_pairs)
        pairs: list[QAPair] = response.data[: self.num_qa]
        qa = [{"question": pair.question, "answer": pair.answer} for pair in pairs]
        made: dict[str, Any] = {keys.output_key: qa[0] if self.num_qa == 1 else qa}
        if len(qa) < self.num_qa:
            made[f"{keys.output_key}_status"] = f"{len(qa)} of {self.num_qa} pairs"
        return {**sample, **made}


def valid_pairs(response: Response) -> list[QAPair]:
    """The pairs in an answer that can be used.

    Raises:
        AnswerError: there is none.
    """
    kept: list[QAPair]
    kept, dropped = clean_pairs(parse_qa(response.text))
    if not kept:
        reasons = "; ".join(sorted({reason for _, reason in dropped}))
        raise AnswerError(f"no usable question-answer pair: {reasons}", raw=response.text)
    return kept
