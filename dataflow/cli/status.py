"""`dataflow status`: how far a run is, read from its manifest while it goes on or afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from dataflow.core.causes import said_by
from dataflow.core.terminal import one_line, say


def status(
    path: Annotated[Path, typer.Argument(help="The output folder of the run, or its data file.", show_default=False)],
    json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")] = False,
) -> None:
    """Show how far a run is."""
    from dataflow.core.errors import InputError
    from dataflow.runs.dataset import find_dataset
    from dataflow.runs.manifest import entry_of
    from dataflow.runs.names import MANIFEST
    from dataflow.runs.seal import what_is_odd_in_manifest

    dataset = find_dataset(path)
    manifest = entry_of(dataset.data_file)
    if not manifest:
        raise InputError(f"{dataset.data_file}: no run to be seen: no {MANIFEST} beside it tells of it")
    for odd in what_is_odd_in_manifest(dataset.data_file):
        say(f"warning: {odd}")
    try:
        manifest = {**manifest, "state": dataset.state}
        lines = _lines(manifest)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        path = dataset.data_file.with_name(MANIFEST)
        raise InputError(f"{path} is no manifest of a run: {said_by(error)}") from error
    typer.echo(orjson.dumps(manifest, option=orjson.OPT_INDENT_2).decode() if json else "\n".join(map(one_line, lines)))


def _lines(manifest: dict[str, Any]) -> list[str]:
    from dataflow.runs.kinds import failed_in_words
    from dataflow.runs.spent import so_far_line, spent_line

    counts = manifest["counts"]
    state = manifest["state"]
    failed = failed_in_words(counts["failed"], counts.get("kinds", {}))
    if state == "killed":
        state = "ended without a word (killed?); the same command goes on from here"
    return [
        f"state     {state}",
        *([f"reason    {manifest['message']}"] if manifest.get("message") else []),
        f"samples   {counts['finished']} of {counts['samples']}, {failed}, {counts['rejected']} rejected",
        f"answers   {counts['requests']} asked, {counts['from_ledger']} from the ledger",
        f"tokens    {spent_line(manifest)}",
        *([f"so far    {so_far_line(manifest['so_far'])}"] if manifest.get("so_far") else []),
        *_endpoints(manifest),
        f"time      {manifest['seconds']:.1f} s, as of {manifest['updated']}",
        f"output    {manifest['output']}",
    ]


def _endpoints(manifest: dict[str, Any]) -> list[str]:
    """A line on each endpoint: what it was found to carry, what it refused, until when it is left alone."""
    lines = []
    for serving in manifest.get("servings", ()):
        for state in serving.get("endpoints", ()):
            rate = "" if state["per_second"] is None else f", {state['per_second']:.3g} a second"
            rests = f", rests until {state['resting_until']}" if state["resting_until"] else ""
            carries = f"{state['room']} at once{rate}"
            lines.append(
                f"endpoint  {state['url']}: {state['asked']:,} asked, {state['refusals']:,} refusals; {carries}{rests}"
            )
    return lines
