"""`dataflow run --dry-run`: what a run would ask, word for word for the first sample, and what that would cost."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import orjson
import typer

from dataflow.cli.first_request import question_as_json, question_as_text
from dataflow.cli.job import PipelineJob, endpoint_lines
from dataflow.core.loop import run_blocking
from dataflow.core.terminal import one_line, say, visible
from dataflow.engine.estimate import FIGURES, Estimate, estimate
from dataflow.engine.inputs import Intake, open_input
from dataflow.engine.prepared import prepared
from dataflow.storage.tally import Tally


def dry_run(job: PipelineJob, *, as_json: bool) -> int:
    """Print what a run would ask.

    Args:
        job: the run.

    Returns:
        The exit code: 3 where not one of the samples looked at would come through, else 0.

    Raises:
        DataFlowError: the run could not begin.
    """
    steps = job.make_steps()
    for line in endpoint_lines(steps):
        say(line)
    price = job.options.caps.price
    with tempfile.TemporaryDirectory() as folder:
        read = open_input(job.input_paths(), steps, Intake.of(folder, job.options))
        taken = read.survey()
        total = job.options.taken_of(read.count())
        rows = prepared(read.rows, steps, read.sources[0], Path(folder), job.options, read.warnings)
        places = read.places.for_run(Path(folder), job.options.follow_links)
        found = run_blocking(estimate(steps, rows, total, places, price))
    typer.echo(_as_json(found, taken) if as_json else visible(_as_text(found, taken)))
    return 3 if found.looked_at and found.problems == found.looked_at else 0


def _as_json(found: Estimate, taken: Tally | None) -> str:
    whole = found.whole()
    document: dict[str, Any] = {
        "samples": whole.samples,
        "looked_at": found.looked_at,
        **{name: getattr(whole, name) for name in FIGURES},
        "cost": whole.cost,
        "rules": found.rules,
        "prices": {
            model: None
            if price is None
            else {"read": price.read, "cached": price.cached, "written": price.written, "source": price.source}
            for model, price in found.prices.items()
        },
        "taken": None if taken is None else taken.as_dict(),
        "kinds": found.kinds,
        "failures": [
            {"id": one.id, "operator": one.operator, "kind": one.kind, "message": one.message} for one in found.failures
        ],
        "first": {"id": found.first_id, "requests": [question_as_json(one) for one in found.first]},
    }
    return orjson.dumps(document, default=str).decode()


def _as_text(found: Estimate, taken: Tally | None) -> str:
    whole = found.whole()
    lines = []
    if found.first:
        lines.append(f"the first sample that a run would ask about: {one_line(str(found.first_id))}")
        for number, question in enumerate(found.first, start=1):
            lines += ["", *question_as_text(question, number)]
        lines.append("")
    about = f", and about {whole.extra:,} corrections" if whole.extra else ""
    lines += [
        *([] if taken is None else [f"input          {taken}"]),
        f"samples        {'unknown' if whole.samples is None else f'{whole.samples:,}'}",
        f"requests       {whole.requests:,}{about}",
        f"images         {whole.images:,}",
        f"video frames   {whole.frames:,}",
        f"tokens read    about {whole.input_tokens:,}",
        f"tokens written about {whole.output_tokens:,}",
        *(f"counted by     {rule}" for rule in dict.fromkeys(found.rules.values())),
        *_cost(whole),
        *_problems(found, whole),
    ]
    if whole.unforeseen:
        lines.append(f"not counted    what is asked of {whole.unforeseen:,} samples once an earlier step has made it")
    if found.samples is None or found.looked_at < found.samples:
        lines.append(f"estimated on the first {found.looked_at} samples")
    return "\n".join([*lines, "nothing was asked"])


def _cost(whole: Estimate) -> list[str]:
    """The cost, and by which price."""
    unknown = [model for model, price in whole.prices.items() if price is None]
    if unknown:
        return [f"cost           the price of {one_line(', '.join(unknown))} is not known: give --price IN,OUT"]
    priced = dict.fromkeys(f"{price} ({price.source})" for price in whole.prices.values() if price is not None)
    return [f"cost           about ${whole.cost or 0:,.4f}", *(f"by             {one}" for one in priced)]


def _problems(found: Estimate, whole: Estimate) -> list[str]:
    """How many samples would fail, and the first of them with the reason."""
    if not found.problems:
        return []
    kinds = ", ".join(f"{count} {kind}" for kind, count in found.kinds.most_common())
    lines = [f"would fail     {whole.problems:,} samples ({kinds} of the {found.looked_at} looked at)"]
    return lines + [f"  {one_line(str(one.id))}: {one_line(one.message)}" for one in found.failures]
