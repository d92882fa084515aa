"""Whatever a prompt asks about images and videos, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dataflow.core import (
    LLMServingABC,
    Placeholders,
    Request,
    Response,
    Run,
    Sample,
    UsageError,
    one_of,
    optional,
    output,
)
from dataflow.core.message import DEFAULT_SAMPLING
from dataflow.core.operator import Keys
from dataflow.operators.asking import Asked, ask_with_conversation
from dataflow.operators.base import Operator
from dataflow.operators.core_vision.generate.answer_forms import ANSWER_FORMS, AnswerForm, Held, listed_pairs
from dataflow.operators.free_text import KEPT_CUT_OFF, FreeText, ask_free_text, with_text
from dataflow.operators.media_fields import check_sampling
from dataflow.operators.structured import ask_checked
from dataflow.parsing.chatter import speaks_of_pairs
from dataflow.prompts import correction
from dataflow.prompts.template import Template, check_template, placeholders_of, words_of


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
        answer_form: what the text must hold: `text`, anything; `pairs`, questions with answers, which are written as a
            list to `{output_answer_key}_pairs` too, those with a fault left out; `article`, an article and pairs on it.
            A model whose answer does not is shown why, once, before the sample fails.
        num_qa: what `{num_qa}` in the template stands for. With `pairs`, `{output_answer_key}_status` says when there
            are fewer.
        keep_cut_off: keep text that the token limit cut off; then `{output_answer_key}_status` says so. Otherwise the
            model is asked for a shorter one, once, before the sample fails. Of `pairs` those that are complete are
            kept in any case.
        form_of_template_only: hold only what `prompt_template` is answered with to the form; where the sample asks
            something itself, any text is an answer.

    Raises:
        UsageError: a parameter has a value that does not do.
    """

    keys = (
        optional("input_conversation_key", "conversation", holds="conversation"),
        one_of("input_image_key", "image", holds="image"),
        output("output_answer_key", "vqa", holds="text", beside={"_status": "status", "_pairs": "pairs"}),
        one_of("input_video_key", "video", holds="video"),
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
        keep_cut_off: bool = False,
        form_of_template_only: bool = False,
    ) -> None:
        if prompt_template is not None:
            check_template(prompt_template, type(self).__name__)
        if answer_form != "text" and answer_form not in ANSWER_FORMS:
            raise UsageError(f"answer_form must be one of text, {', '.join(ANSWER_FORMS)}, not {answer_form!r}")
        if num_qa is not None and (not isinstance(num_qa, int) or num_qa < 1):
            raise UsageError(f"num_qa must be a number of pairs from 1, not {num_qa!r}")
        self.serving = serving
        self.system_prompt = system_prompt
        self.prompt_template = prompt_template
        self.sampling = check_sampling(sampling)
        self.prompt_name = prompt_name
        self.answer_form = answer_form
        self.num_qa = num_qa
        self.keep_cut_off = keep_cut_off
        self.form_of_template_only = form_of_template_only

    def prompts(self) -> Mapping[str, str]:
        template = "" if self.prompt_template is None else words_of(self.prompt_template)
        form = ANSWER_FORMS[self.answer_form].words if self.answer_form in ANSWER_FORMS else correction.TEXT_FORM
        return {
            self.prompt_name: f"{self.system_prompt}\n{template}",
            self.prompt_name + correction.SUFFIX: correction.words(form),
        }

    def placeholders(self) -> Placeholders:
        return placeholders_of(self.prompt_template, () if self.num_qa is None else ("num_qa",))

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        asked = ask_with_conversation(
            sample if self.num_qa is None else {**sample, "num_qa": self.num_qa},
            conversation=keys.input_conversation_key,
            image=keys.input_image_key,
            video=keys.input_video_key,
            template=self.prompt_template,
            system=self.system_prompt,
            sampling=self.sampling,
        )
        request, form = Request(asked.messages, prompt=self.prompt_name), self._form_for(asked)
        made: dict[str, Any] = {keys.input_conversation_key: asked.conversation}
        pairs = f"{keys.output_answer_key}_pairs"
        if self.answer_form == "pairs":  # those of an earlier run do not stay beside another text
            sample = {name: value for name, value in sample.items() if name != pairs}
        if form is None:
            answer = await ask_free_text(run, self.serving, request, keep_cut_off=self.keep_cut_off)
            # A conversation that asks for pairs in its own words gets them listed; none are demanded of the answer.
            to_list = self.answer_form == "pairs" and speaks_of_pairs(asked.messages[-1].text)
            listed = listed_pairs(answer.text) if to_list else None
            row = with_text(sample, keys.output_answer_key, answer, **made)
            return row if listed is None else {**row, pairs: listed}

        def read(response: Response) -> Held:
            return form.read(response, self.keep_cut_off)

        response = await ask_checked(run, self.serving, request, read, form.words)
        held: Held = response.data
        if held.dropped:
            run.note(dropped_pairs=[{"question": one.pair.question, "reason": one.reason} for one in held.dropped])
        if held.pairs is None:
            return with_text(sample, keys.output_answer_key, held.answer, **made)
        wanted = self.num_qa if asked.by_template else None
        answer = FreeText(held.answer.text, _what_is_missing(len(held.pairs), wanted, response.truncated))
        return {**with_text(sample, keys.output_answer_key, answer, **made), pairs: held.pairs}

    def _form_for(self, asked: Asked) -> AnswerForm | None:
        """The form that the answer is held to; None where any text is one."""
        if self.form_of_template_only and not asked.by_template:
            return None
        return ANSWER_FORMS.get(self.answer_form)


def _what_is_missing(pairs: int, wanted: int | None, truncated: bool) -> str:
    if wanted is not None and pairs < wanted:
        return f"{pairs} of {wanted} pairs"
    return KEPT_CUT_OFF if truncated and wanted is None else ""
