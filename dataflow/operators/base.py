"""What every operator inherits: `run`, which does one step eagerly over a storage or a table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from dataflow.core import DataFlowStorage, OperatorABC, Sample, Step, UsageError
from dataflow.engine.columns import columns_read, usable_media
from dataflow.engine.execute import Job, execute
from dataflow.engine.inputs import Intake, open_table, own_folders
from dataflow.engine.options import RunOptions
from dataflow.engine.step_output import Lineage, StepOutput, lineage_of
from dataflow.engine.usual_reporter import usual_reporter
from dataflow.storage.formats import write_rows
from dataflow.storage.places import MediaPlaces


class Operator(OperatorABC):
    """Write `keys` and `process`; `run` follows."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "run" not in vars(cls):
            cls.run = _run_with_signature(cls)  # type: ignore[method-assign]

    def run(self, storage: DataFlowStorage | None = None, *columns: str, df: Any = None, **named: str) -> StepOutput:
        """Take all samples through this operator and write the step's file.

        Args:
            storage: where samples come from and go to, moved to its step: `storage=storage.step()`.
            columns: the operator's keys in their order, or by name.
            df: what is worked on instead of what the storage holds: what another `run` returned, a pandas DataFrame,
                a list of dicts, a `datasets.Dataset` or another Arrow table, or a generator of dicts. With a storage
                too, the result goes to its next step that is not yet written.

        Returns:
            Where the result is and how many samples came through; `.dataframe()` loads it.

        Raises:
            UsageError: a key is unknown, or there is neither storage nor df.
            DataFlowError: the run could not begin, or ended early. Single samples that fail raise nothing.
        """
        names = [key.name for key in self.keys]
        if len(columns) > len(names):
            raise UsageError(f"{type(self).__name__}.run takes {len(names)} keys, not {len(columns)}")
        bound = dict(zip(names, columns, strict=False))
        if twice := sorted(bound.keys() & named.keys()):
            raise UsageError(f"{type(self).__name__}.run was given {twice[0]} twice")
        step = self.bind(**bound, **named)
        if storage is not None and not isinstance(storage, DataFlowStorage):
            raise UsageError(f"storage must be a storage such as FileStorage, not {type(storage).__name__}")
        job, lineage = _job(step, storage, df)
        counts = execute(job, RunOptions(), usual_reporter())
        return StepOutput(job.output, counts, lineage)


def _job(step: Step, storage: DataFlowStorage | None, df: Any) -> tuple[Job, Lineage]:
    """What to run, and what the result's lineage is."""
    warnings: list[str] = []
    if df is None:
        if storage is None:
            raise UsageError(f"{step.name}.run needs storage=storage.step() or df=...")
        lineage = Lineage(storage.cache_dir, storage.output_path.stem, _places(storage))
        storage.read_for(usable_media([step]), columns_read([step]), warnings.append)
        source, rows, count, survey = str(storage.input_path), storage.rows, storage.count, storage.survey
    else:
        source, lineage = "the given table", lineage_of(df)
        survey = _no_folder
        read = open_table(df, [step], Intake(lineage.cache if storage is None else storage.cache_dir))
        rows, count, warnings = read.rows, read.count, read.warnings
    write: Callable[[Iterable[Sample]], Path]
    if storage is None:
        output = lineage.cache / f"{lineage.stem}_{step.name}.jsonl"
        lineage = Lineage(lineage.cache, output.stem, lineage.places)
        write = partial(write_rows, output)
    elif df is None:
        output, write = storage.output_path, storage.write_rows
    else:
        output, write = storage.next_unwritten(), storage.write_rows
        lineage = Lineage(storage.cache_dir, output.stem, _places(storage).beside(lineage.places))
    job = Job(
        steps=[step],
        sources=(source,),
        rows=rows,
        output=output,
        write=write,
        cache=lineage.cache,
        places=lineage.places,
        total=count,
        survey=survey,
        warnings=warnings,
    )
    return job, lineage


def _places(storage: DataFlowStorage) -> MediaPlaces:
    return MediaPlaces(storage.media_bases, own_folders(storage.first_inputs))


def _no_folder() -> None:
    """No folder is read."""


def _run_with_signature(cls: type[Operator]) -> Any:
    """`run` as the operator's readers know it: with its keys and their defaults in the signature."""

    def run(self: Operator, *args: Any, **kwargs: Any) -> StepOutput:
        return Operator.run(self, *args, **kwargs)

    keyword = inspect.Parameter.POSITIONAL_OR_KEYWORD
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("self", keyword),
            inspect.Parameter("storage", keyword, default=None, annotation=DataFlowStorage),
            *(inspect.Parameter(key.name, keyword, default=key.default, annotation=str) for key in cls.keys),
            inspect.Parameter("df", inspect.Parameter.KEYWORD_ONLY, default=None),
        ],
        return_annotation=StepOutput,
    )
    run.__doc__ = Operator.run.__doc__
    return run
