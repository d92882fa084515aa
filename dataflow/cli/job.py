"""Runs a ready pipeline as the command line was told, and says what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataflow.core import LLMServingABC, Step, UsageError
from dataflow.core.secrets import without_credentials
from dataflow.core.terminal import one_line, say
from dataflow.engine.options import RunOptions
from dataflow.registry import find

if TYPE_CHECKING:
    from dataflow.engine.step_output import StepOutput

INPUTS_SHOWN = 5
"""Names at most: the shell may have made thousands of one pattern."""


@dataclass(frozen=True)
class PipelineJob:
    """What the options of `dataflow run` ask for.

    Args:
        name: the pipeline.
        inputs: dataset files, folders or globs; none takes the sample data.
        output: the output folder.
        model: the model spec.
        serving: settings of the serving; None leaves its default.
        settings: settings of the operators.
        prefix: how the data file's name begins.
        format: of the data file.
        options: how to run it.
    """

    name: str
    inputs: Sequence[str]
    output: Path
    model: str
    serving: Mapping[str, Any]
    settings: Mapping[str, Any]
    prefix: str
    format: str
    options: RunOptions

    def make_serving(self) -> LLMServingABC:
        """The serving that the model spec names.

        Raises:
            UsageError: there is none of that kind.
        """
        kind, _, model = self.model.partition("/")
        serving: LLMServingABC = find("servings", kind)(model, self.serving)
        return serving

    def make_steps(self) -> list[Step]:
        """The operators, set as told."""
        steps: list[Step] = find("pipelines", self.name).steps(self.make_serving(), self.settings)
        return steps

    def input_paths(self) -> list[str]:
        """The datasets, or the sample data."""
        if self.inputs:
            return list(self.inputs)
        from dataflow.workspace.inputs import sample_input

        return [str(sample_input(self.name))]


def run_pipeline(job: PipelineJob, *, as_json: bool) -> int:
    """Run a pipeline and print what came of it.

    Returns:
        The exit code: 0, or 3 where samples failed.

    Raises:
        DataFlowError: it could not run, or ended early.
    """
    from dataflow.cli.progress import reporter_for
    from dataflow.cli.summary import print_json, print_summary
    from dataflow.engine.pipeline import Pipeline

    if job.name.endswith(".py"):
        raise UsageError(f"options for a script stand behind it: dataflow run {job.name} --its-own-options")
    steps = job.make_steps()
    pipeline = Pipeline(steps)
    quiet = job.options.quiet
    talkative = not quiet and not as_json
    if talkative:
        announce(job, steps)
    elif as_json and not quiet:
        for line in endpoint_lines(steps):
            say(one_line(line))
    output: StepOutput = pipeline.run(
        job.input_paths(),
        job.output,
        prefix=job.prefix,
        format=job.format,
        options=job.options,
        reporter=reporter_for(quiet),
    )
    if as_json:
        print_json(output)
    elif talkative:
        print_summary(output)
    return 3 if output.counts.failed else 0


def announce(job: PipelineJob, steps: Sequence[Step]) -> None:
    """Say aloud which model answers, where the environment says at which address, and what is read."""
    model = "embedded (measures light, colour, motion and time; no neural network)"
    lines = [f"{job.name}  model: {model if job.model == 'embedded' else job.model}"]
    lines += endpoint_lines(steps)
    inputs = ["standard input" if path == "-" else without_credentials(path) for path in job.input_paths()]
    more = f" and {len(inputs) - INPUTS_SHOWN:,} more" if len(inputs) > INPUTS_SHOWN else ""
    lines.append(f"input: {'' if job.inputs else 'sample data, '}{', '.join(inputs[:INPUTS_SHOWN])}{more}")
    say("\n".join(map(one_line, lines)))


def endpoint_lines(steps: Sequence[Step]) -> list[str]:
    """Which endpoint is asked because an environment variable says so."""
    from dataflow.engine.servings import all_servings

    servings = [serving for serving in all_servings(steps) if getattr(serving, "address_from", "")]
    return [f"endpoint: {', '.join(serving.urls)} (from {serving.address_from})" for serving in servings]  # type: ignore[attr-defined]
