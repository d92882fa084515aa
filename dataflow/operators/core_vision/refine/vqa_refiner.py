"""From question-answer pairs as text to a list of them."""

from __future__ import annotations

from dataflow.core import Run, Sample, output, required
from dataflow.core.operator import Keys
from dataflow.operators.base import Operator
from dataflow.operators.core_vision.refine.text_field import is_cut_off, read_text, text_of
from dataflow.operators.no_answer import cut_off
from dataflow.operators.structured import nothing_usable
from dataflow.parsing.checks import clean_pairs
from dataflow.parsing.qa_text import parse_qa


class VQARefiner(Operator):
    """Makes a list of `{"question", "answer"}` of the text in which a model wrote them.

    A text that is a refusal fails its sample as `refused`. Of one that was kept although it was cut off, the last pair
    is left out.

    Args:
        drop_faulty: leave out pairs that are empty, repeated, give their answer away or speak of a caption; the trace
            says which and why. A sample without any other fails.
    """

    keys = (required("input_key", "vqa", holds="text"), output("output_key", "vqa_pairs", holds="pairs"))

    def __init__(self, drop_faulty: bool = False) -> None:
        self.drop_faulty = drop_faulty

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        text = text_of(sample[keys.input_key], keys.input_key)
        pairs = read_text(text, parse_qa)
        if is_cut_off(sample, keys.input_key):
            pairs = pairs[:-1]
            if not pairs:
                raise cut_off(text, "its first question-answer pair")
        if self.drop_faulty:
            pairs, dropped = clean_pairs(pairs)
            if dropped:
                run.note(dropped_pairs=[{"question": one.pair.question, "reason": one.reason} for one in dropped])
            if not pairs:
                raise nothing_usable("the text", [one.reason for one in dropped], text)
        return {**sample, keys.output_key: [{"question": pair.question, "answer": pair.answer} for pair in pairs]}
