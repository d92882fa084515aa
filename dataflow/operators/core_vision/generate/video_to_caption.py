"""Captions for videos."""

from __future__ import annotations

from collections.abc import Mapping

from dataflow.core import Placeholders, Request, Run, Sample, VLMServingABC, optional, output, required
from dataflow.core.message import DEFAULT_SAMPLING
from dataflow.core.operator import Keys
from dataflow.operators.asking import ask_with_conversation
from dataflow.operators.base import Operator
from dataflow.operators.free_text import ask_free_text, with_text
from dataflow.operators.media_fields import check_sampling
from dataflow.prompts import correction, video_caption
from dataflow.prompts.system import WATCHER
from dataflow.prompts.template import Template, check_template, placeholders_of, words_of


class VideoToCaptionGenerator(Operator):
    """Describes the videos of a sample, images along with them.

    The sample's human turn is the prompt when it is not empty, else the template; the prompt used is written into the
    conversation.

    Args:
        vlm_serving: who answers.
        prompt_template: asked where the sample asks nothing itself: text with `{field}`s of the sample, or an object
            with `build_prompt(**sample)`.
        system_prompt: said first.
        sampling: which frames the model sees: `uniform:n`, `uniform:n:keyframe`, `fps:rate:max`, `keyframes:max`,
            `shots:per_shot:max`.
        keep_cut_off: keep a caption that the token limit cut off; then `{output_key}_status` says so. Otherwise the
            model is asked for a shorter one, once, before the sample fails.
    """

    keys = (
        optional("input_image_key", "image", holds="image"),
        required("input_video_key", "video", holds="video"),
        optional("input_conversation_key", "conversation", holds="conversation"),
        output("output_key", "caption", holds="caption", beside={"_status": "status"}),
    )

    def __init__(
        self,
        vlm_serving: VLMServingABC,
        prompt_template: Template = video_caption.TEMPLATE,
        system_prompt: str = WATCHER,
        sampling: str = DEFAULT_SAMPLING,
        keep_cut_off: bool = False,
    ) -> None:
        check_template(prompt_template, type(self).__name__)
        self.vlm_serving = vlm_serving
        self.prompt_template = prompt_template
        self.system_prompt = system_prompt
        self.sampling = check_sampling(sampling)
        self.keep_cut_off = keep_cut_off

    def prompts(self) -> Mapping[str, str]:
        return {
            video_caption.NAME: f"{self.system_prompt}\n{words_of(self.prompt_template)}",
            video_caption.NAME + correction.SUFFIX: correction.words(correction.TEXT_FORM),
        }

    def placeholders(self) -> Placeholders:
        return placeholders_of(self.prompt_template)

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        asked = ask_with_conversation(
            sample,
            conversation=keys.input_conversation_key,
            image=keys.input_image_key,
            video=keys.input_video_key,
            template=self.prompt_template,
            system=self.system_prompt,
            sampling=self.sampling,
        )
        request = Request(asked.messages, prompt=video_caption.NAME)
        answer = await ask_free_text(run, self.vlm_serving, request, keep_cut_off=self.keep_cut_off)
        return with_text(sample, keys.output_key, answer, **{keys.input_conversation_key: asked.conversation})
