"""From an article with questions, as text, to `{context, qas}`."""

from __future__ import annotations

from typing import Any

from dataflow.core import Rejection, Run, Sample, output, required
from dataflow.core.operator import Keys
from dataflow.operators.base import Operator
from dataflow.operators.core_vision.refine.text_field import is_cut_off, read_text, text_of
from dataflow.operators.no_answer import cut_off
from dataflow.parsing.article import parse_article
from dataflow.parsing.checks import answer_in_article, speaks_of_image
from dataflow.parsing.free_text import free_text


class WikiQARefiner(Operator):
    """Splits what a model wrote into the article (`context`) and the questions on it (`qas`).

    Beside the data, in `context_vqa_checks`, stands what checks found: `speaks_of_image`, whether the article refers to
    the image that it was written for, and `answers_in_context`, per pair whether its answer is found in the article;
    null where words cannot tell, as with a bare yes or no.

    A text or an article that is a refusal fails its sample as `refused`. Of a text that was kept although it was cut
    off, the last pair is left out.

    A refiner asks nothing: where a model's text may lack an article or pairs, let `PromptedVQAGenerator` see to it with
    `answer_form="article"`, as the `context_vqa` pipeline does.

    Args:
        reject_speaks_of_image: leave out samples whose article refers to the image.
        drop_answers_not_in_context: leave out pairs whose answer is not found in the article, and samples that have no
            other.
    """

    keys = (
        required("input_key", "vqa", holds="text"),
        output("output_key", "context_vqa", holds="article", beside={"_checks": "checks"}),
    )

    def __init__(self, reject_speaks_of_image: bool = False, drop_answers_not_in_context: bool = False) -> None:
        self.reject_speaks_of_image = reject_speaks_of_image
        self.drop_answers_not_in_context = drop_answers_not_in_context

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample | Rejection:
        text = text_of(sample[keys.input_key], keys.input_key)
        found = read_text(text, parse_article)
        context = read_text(found.context, free_text)
        qas = found.qas[:-1] if is_cut_off(sample, keys.input_key) else found.qas
        if not qas:
            raise cut_off(text, "its first question-answer pair")
        refers = speaks_of_image(context)
        if refers and self.reject_speaks_of_image:
            return Rejection("the article speaks of the image")
        judged = [(pair, _is_found(pair.answer, context)) for pair in qas]
        if self.drop_answers_not_in_context:
            judged = [(pair, is_found) for pair, is_found in judged if is_found is not False]
            if not judged:
                return Rejection("no answer is found in the article")
        made: dict[str, Any] = {
            keys.output_key: {
                "context": context,
                "qas": [{"question": pair.question, "answer": pair.answer} for pair, _ in judged],
            },
            f"{keys.output_key}_checks": {
                "speaks_of_image": refers,
                "answers_in_context": [is_found for _, is_found in judged],
            },
        }
        return {**sample, **made}


def _is_found(answer: str, context: str) -> bool | None:
    if answer_in_article(answer, context):
        return True
    # An answer that is not even found in itself is one of which words cannot tell.
    return False if answer_in_article(answer, answer) else None
