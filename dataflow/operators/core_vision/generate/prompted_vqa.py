"""Whatever a prompt asks about images and videos, as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dataflow.core import LLMServingABC, Request, Response, Run, Sample, UsageError, one_of, optional, output
from dataflow.core.message import DEFAULT_SAMPLING
from dataflow.core.operator import Keys
from dataflow.operators.asking import ask_with_conversation
from dataflow.operators.base import Operator
from dataflow.operators.media_fields import check_sampling
from dataflow.operators.structured import ask_checked, complete_pairs
from dataflow.prompts import context_vqa, correction, image_vqa
from dataflow.prompts.template import Template, check_template, words_of


def _article(response: Response) -> Any:
    from dataflow.parsing.article import parse_article

    return parse_article(response.text)


_CHECKS: Mapping[str, tuple[Callable[[Response], Any], str]] = {
    "pairs": (complete_pairs, image_vqa.FORM),
    "article": (_article, context_vqa.FORM),
}


class PromptedVQAGenerator(Operator):
    """Asks the prompt in a sample's conversation about its images and videos, and keeps the answer as text.

    All turns of the conversation are sent; literal `<image>` and `<video>` in them mark where media go.

    Args:
        serving: who answers.
        system_prompt: said first, unless the conversation has a system turn of its own.
        prompt_template: asked where the sample asks nothing itself: text with `{field}`s of the sample and `{num_qa}`,
            or an object with `build_prompt(**sample)`.
        sampling: which frames of videos the model sees.
        prompt_name: what the trace and the manifest call the prompt.
        answer_form: what the text must hold: `text`, anything; `pairs`, questions with answers; `article`, an article
            and pairs on it. A model whose answer does not is shown why, once, before the sample fails.
        num_qa: what `{num_qa}` in the template stands for.

    Raises:
        UsageError: a parameter has a value that does not do.
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
        answer_form: str = "text",
        num_qa: int | None = None,
    ) -> None:
        if prompt_template is not None:
            check_template(prompt_template, type(self).__name__)
        if answer_form != "text" and answer_form not in _CHECKS:
            raise UsageError(f"answer_form must be one of text, {', '.join(_CHECKS)}, not {answer_form!r}")
        if num_qa is not None and (not isinstance(num_qa, int) or num_qa < 1):
            raise UsageError(f"num_qa must be a number of pairs from 1, not {num_qa!r}")
        self.serving = serving
        self.system_prompt = system_prompt
        self.prompt_template = prompt_template
        self.sampling = check_sampling(sampling)
        self.prompt_name = prompt_name
        self.answer_form = answer_form
        self.num_qa = num_qa

    def prompts(self) -> Mapping[str, str]:
        template = "" if self.prompt_template is None else words_of(self.prompt_template)
        said = {self.prompt_name: f"{self.system_prompt}\n{template}"}
        if self.answer_form in _CHECKS:
            said[self.prompt_name + correction.SUFFIX] = f"{correction.TEMPLATE}\n{_CHECKS[self.answer_form][1]}"
        return said

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        messages, conversation = ask_with_conversation(
            sample if self.num_qa is None else {**sample, "num_qa": self.num_qa},
            conversation=keys.input_conversation_key,
            image=keys.input_image_key,
            video=keys.input_video_key,
            template=self.prompt_template,
            system=self.system_prompt,
            sampling=self.sampling,
        )
        request = Request(messages, prompt=self.prompt_name)
        if self.answer_form in _CHECKS:
            response = await ask_checked(run, self.serving, request, *_CHECKS[self.answer_form])
        else:
            response = await run.ask(self.serving, request)
        made: dict[str, Any] = {
            keys.input_conversation_key: conversation,
            keys.output_answer_key: response.text.strip(),
        }
        return {**sample, **made}
