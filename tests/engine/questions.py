"""An operator that asks a text and judges the answer, and a way to run it in this process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dataflow import Operator, Pipeline, RunOptions
from dataflow.core import AnswerError, Message, Request, Response, Run, Sample, TextPart, output, required
from dataflow.core.operator import Keys
from dataflow.engine.step_output import StepOutput
from dataflow.serving import APIVLMServing_openai
from tests.servers import ModelServer


class Ask(Operator):
    """Asks the sample's text. What it takes for no answer it refuses as a parser would, or after the parser.

    Args:
        serving: who answers.
        unparsed: the answer that the parser refuses.
        refused: the answer that the operator itself refuses.
    """

    keys = (required("input_key", "text"), output("output_key", "answer"))

    def __init__(self, serving: APIVLMServing_openai, unparsed: str = "", refused: str = "") -> None:
        self.serving = serving
        self.unparsed = unparsed
        self.refused = refused

    async def process(self, sample: Sample, keys: Keys, run: Run) -> Sample:
        def parse(response: Response) -> str:
            if response.text == self.unparsed:
                raise AnswerError("it does not parse")
            return response.text

        request = Request((Message("user", (TextPart(sample[keys.input_key]),)),))
        response = await run.ask(self.serving, request, parse)
        if response.text == self.refused:
            raise AnswerError("it says nothing", response.text)
        return {**sample, keys.output_key: response.data}


def serving_at(*servers: ModelServer, **settings: Any) -> APIVLMServing_openai:
    """A serving for these endpoints."""
    return APIVLMServing_openai(api_url=[server.url for server in servers], model_name="stub", **settings)


def ask(
    serving: APIVLMServing_openai, texts: Sequence[str], folder: Path, ledger: Path | None = None, **words: str
) -> StepOutput:
    """Ask these texts in one run."""
    rows = [{"text": text} for text in texts]
    options = RunOptions(quiet=True, ledger=ledger)
    return Pipeline([Ask(serving, **words)]).run(rows, folder, prefix="p", options=options)


FAILURES = "p_step1.failures.jsonl"
TRACE = "p_step1.trace.jsonl"
