"""`dataflow status`: how far a run is, read from its manifest while it goes on or afterwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer


def status(
    directory: Annotated[Path, typer.Argument(help="The output folder of the run.")],
    json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")] = False,
) -> None:
    """Show how far a run is."""
    from dataflow.core.errors import InputError
    from dataflow.engine.manifest import NAME

    path = directory / NAME if directory.is_dir() else directory
    try:
        manifest = orjson.loads(path.read_bytes())
        if manifest["state"] == "running" and not _alive(int(manifest["pid"])):
            manifest["state"] = "killed"
        lines = _lines(manifest)
    except OSError as error:
        raise InputError(f"no run to be seen in {directory}: {path} cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is no manifest of a run: {error}") from error
    typer.echo(orjson.dumps(manifest, option=orjson.OPT_INDENT_2).decode() if json else "\n".join(lines))


def _lines(manifest: dict[str, Any]) -> list[str]:
    counts, tokens = manifest["counts"], manifest["tokens"]
    state = manifest["state"]
    if state == "killed":
        state = "ended without a word (killed?); the same command goes on from here"
    cost = "" if manifest.get("cost") is None else f", ${manifest['cost']:.4f}"
    return [
        f"state     {state}",
        *([f"reason    {manifest['message']}"] if manifest.get("message") else []),
        f"samples   {counts['finished']} of {counts['samples']}, {counts['failed']} failed, "
        f"{counts['rejected']} rejected",
        f"answers   {counts['requests']} asked, {counts['from_ledger']} from the ledger",
        f"tokens    {tokens['input']:,} read, {tokens['output']:,} written{cost}",
        f"time      {manifest['seconds']:.1f} s, as of {manifest['updated']}",
        f"output    {manifest['output']}",
    ]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
