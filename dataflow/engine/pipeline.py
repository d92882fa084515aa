"""A pipeline: operators in order, run depth first from any input to one output folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dataflow.core import OperatorABC, Step, UsageError
from dataflow.engine.columns import columns_read, usable_media
from dataflow.engine.execute import Job, execute
from dataflow.engine.inputs import Intake, open_input
from dataflow.engine.options import RunOptions
from dataflow.engine.report import Reporter
from dataflow.engine.step_output import Lineage, StepOutput
from dataflow.engine.usual_reporter import usual_reporter
from dataflow.storage.file_storage import FileStorage


class Pipeline:
    """Operators in order. Each sample goes through all of them before it is written.

    Args:
        steps: operators, or operators with their keys bound (`operator.bind(input_video_key="clip")`).

    Raises:
        UsageError: there is no operator, or something in the list is none.
    """

    def __init__(self, steps: Iterable[OperatorABC | Step]) -> None:
        self.steps: list[Step] = []
        for step in steps:
            if not isinstance(step, OperatorABC | Step):
                raise UsageError(f"a pipeline is made of operators, not {type(step).__name__}")
            self.steps.append(step.bind() if isinstance(step, OperatorABC) else step)
        if not self.steps:
            raise UsageError("a pipeline needs at least one operator")

    def run(
        self,
        input: Any,
        output: str | Path,
        *,
        prefix: str = "pipeline",
        format: str = "jsonl",
        options: RunOptions | None = None,
        reporter: Reporter | None = None,
    ) -> StepOutput:
        """Take all samples of the input through all operators.

        Args:
            input: a dataset file or its address (`https://`, `s3://`, ...), a folder or glob of media files, `-` for
                standard input; a list of those, read one after the other; a DataFrame, a list of dicts, a
                `datasets.Dataset` or another Arrow table, or what an earlier run returned. Rows that come once (a
                generator, a dataset that streams) are first written to `input/rows.jsonl` in the output, from which a
                run can be resumed.
            output: the folder for the data file, the ledger and the manifest.
            prefix: how the data file's name begins.
            format: `jsonl`, `json`, `csv` or `parquet`.
            options: how to run it.
            reporter: who tells about progress; a bar in a notebook, else plain lines on stderr, unless given.

        Returns:
            Where the result is, and how many samples came through.

        Raises:
            DataFlowError: the run could not begin, or ended early. Samples that fail raise nothing.
        """
        options = options or RunOptions()
        read = open_input(input, self.steps, Intake.of(output, options))
        # Each input knows whether the output would overwrite it.
        targets = [FileStorage(path, output, prefix, format, csv_safe=options.csv_safe) for path in read.paths or ("",)]
        for target in targets:
            for _ in self.steps:
                target.step()
        data, *_ = (target.output_path for target in targets)
        targets[0].read_for(usable_media(self.steps), columns_read(self.steps), read.warnings.append)
        write, cache = targets[0].write_rows, targets[0].cache_dir
        job = Job(
            steps=self.steps,
            sources=read.sources,
            rows=read.rows,
            output=data,
            write=write,
            cache=cache,
            places=read.places,
            total=read.count,
            survey=read.survey,
            warnings=read.warnings,
        )
        counts = execute(job, options, reporter or (Reporter() if options.quiet else usual_reporter()))
        return StepOutput(data, counts, Lineage(cache, data.stem, read.places))
