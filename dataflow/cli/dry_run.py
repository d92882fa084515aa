"""`dataflow run --dry-run`: what a run would ask, and what that would cost."""

from __future__ import annotations

import itertools

import orjson
import typer

from dataflow.cli.job import PipelineJob
from dataflow.core import BadRow, Usage
from dataflow.core.loop import run_blocking
from dataflow.engine.columns import check_columns
from dataflow.engine.estimate import Estimate, estimate
from dataflow.engine.inputs import COLUMNS_LOOKED_AT, open_input
from dataflow.engine.prices import FREE, prices_by_model
from dataflow.engine.runner import servings_of
from dataflow.storage.ids import with_ids


def dry_run(job: PipelineJob, *, as_json: bool) -> int:
    """Print what a run would ask.

    Args:
        job: the run.

    Returns:
        The exit code.

    Raises:
        DataFlowError: the run could not begin.
    """
    steps = job.make_steps()
    servings = [serving for step in steps for serving in servings_of(step)]
    price = job.options.caps.price or next(iter(prices_by_model(servings).values()), FREE)
    read = open_input(job.input_paths(), steps)
    rows = itertools.islice(with_ids(read.rows(), lambda _: None), job.options.limit)
    first = list(itertools.islice(rows, COLUMNS_LOOKED_AT))
    check_columns(steps, [row for row in first if not isinstance(row, BadRow)], read.sources[0])
    total = read.count()
    if total is not None and job.options.limit is not None:
        total = min(total, job.options.limit)
    found = run_blocking(estimate(steps, itertools.chain(first, rows), total, read.bases))
    whole = found.whole()
    cost = None if price is None else price.cost(Usage(whole.input_tokens, whole.output_tokens))
    typer.echo(_as_json(found, whole, cost) if as_json else _as_text(found, whole, cost))
    return 0


def _as_json(found: Estimate, whole: Estimate, cost: float | None) -> str:
    names = ("samples", "requests", "images", "frames", "input_tokens", "output_tokens", "problems", "unforeseen")
    document = {name: getattr(whole, name) for name in names}
    return orjson.dumps({**document, "looked_at": found.looked_at, "cost": cost}).decode()


def _as_text(found: Estimate, whole: Estimate, cost: float | None) -> str:
    samples = "unknown" if whole.samples is None else f"{whole.samples:,}"
    lines = [
        f"samples        {samples}",
        f"requests       {whole.requests:,}",
        f"images         {whole.images:,}",
        f"video frames   {whole.frames:,}",
        f"tokens read    about {whole.input_tokens:,}",
        f"tokens written about {whole.output_tokens:,}",
    ]
    if whole.problems:
        lines.append(f"problems       {whole.problems:,} samples that would fail")
    if whole.unforeseen:
        lines.append(f"not counted    what is asked of {whole.unforeseen:,} samples once an earlier step has made it")
    if cost is not None:
        lines.append(f"cost           about ${cost:,.4f}")
    if whole is not found:
        lines.append(f"estimated on the first {found.looked_at} samples")
    return "\n".join([*lines, "nothing was asked"])
