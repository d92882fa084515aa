"""Whatever a prompt asks about images and videos, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dataflow.core import LLMServingABC, Request, Run, Sample, one_of, optional, output
from dataflow.core.message import DEFAULT_SAMPLING
from dataflow.core.operator import Keys
from dataflow.operators.asking import ask_with_conversation
from dataflow.operators.base import Operator
from dataflow.operators.media_fields import check_sampling
from dataflow.prompts.template import Template, check_template, words_of


class PromptedVQAGenerator(Operator):
    """Asks the prompt in a sample's conversation about its images and videos, and keeps the answer as text.

    All turns of the conversation are sent; literal `<image>` and `<video>` in them mark where media go.

    Args:
        serving: who answers.
        system_prompt: said first, unless the conversation has a system turn of its own.
        prompt_template: asked where the sample asks nothing itself: text with `{field}`s of the sample, or an object
            with `build_prompt(**sample)`.
        sampling: which frames of videos the model sees.
        prompt_name: what the trace and the manifest call the prompt.
    """

    keys = (
        optional("input_conversation_key", "conversation"),
        one_of("input_image_key", "image"),
        output("output_answer_key", "vqa"),
        one_of("input_video_key", "video"),
    )

    def __init__(
        self,
        serving: LLMServingABC,
        system_prompt: str = "You are a helpful assistant.",
        prompt_template: Template | None = None,
        sampling: str = DEFAULT_SAMPLING,
        prompt_name: str = "prompted_vqa",
    ) -> None:
        if prompt_template is not None:
            check_template(prompt_template, type(self).__name__)
        self.serving = serving
        self.system_prompt = system_prompt
        self.prompt_template = prompt_template
        self.sampling = check_sampling(sampling)
        self.prompt_name = prompt_name

    def prompts(self) -> Mapping[str, str]:
        template = "" if self.prompt_template is None else words_of(self.prompt_template)
        return {self.prompt_name: f"{self.system_prompt}\n{template}"}

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        messages, conversation = ask_with_conversation(
            sample,
            conversation=keys.input_conversation_key,
            image=keys.input_image_key,
            video=keys.input_video_key,
            template=self.prompt_template,
            system=self.system_prompt,
            sampling=self.sampling,
        )
        response = await run.ask(self.serving, Request(messages, prompt=self.prompt_name))
        made: dict[str, Any] = {
            keys.input_conversation_key: conversation,
            keys.output_answer_key: response.text.strip(),
        }
        return {**sample, **made}
