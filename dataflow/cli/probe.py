"""`dataflow probe`: what is in image and video files, and which frames a plan would take from them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from dataflow.cli import complete
from dataflow.core.terminal import one_line, say

if TYPE_CHECKING:
    from dataflow.media.plan import Plan
    from dataflow.media.probe import MediaInfo

Planned = list[tuple[int, float]]
"""Frames as (number in display order, seconds)."""

DEFAULT_PLAN = "uniform:16"
"""What is on a contact sheet unless told: what a model sees unless told."""


def probe(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Images and videos.")],
    frames: Annotated[
        str | None,
        typer.Option(
            metavar="PLAN",
            help="Show which frames of a video this plan takes, as for `dataflow run`.",
            autocompletion=complete.plans,
        ),
    ] = None,
    contact_sheet: Annotated[
        Path | None,
        typer.Option(help="Write a picture of these frames of the first video.", show_default=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list with one object per file.")] = False,
) -> None:
    """Show what is in files: kind, codec, size, duration, frames, and what is odd about them.

    Exit codes: 0 all read, 1 some cannot be read, 2 wrong usage.
    """
    from dataflow.core.errors import MediaError
    from dataflow.core.loop import run_blocking
    from dataflow.media.plan import parse_plan

    plan = parse_plan(frames) if frames else None
    facts: list[dict[str, Any]] = []
    sheet_due = contact_sheet is not None
    for path in files:
        try:
            info, planned = run_blocking(_look(path, plan))
            facts.append({"file": str(path), **asdict(info), **_as_plain(planned)})
            if not json:
                typer.echo("\n".join(map(one_line, _lines(path, info, plan, planned))))
            if contact_sheet is not None and sheet_due and info.kind == "video":
                run_blocking(_draw(path, plan or parse_plan(DEFAULT_PLAN), contact_sheet))
                sheet_due = False
        except MediaError as error:
            message = " ".join(str(error).split())
            facts.append({"file": str(path), "error": message})
            say(f"error: {one_line(message)}")
    if json:
        typer.echo(orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode())
    if sheet_due:
        say(f"error: {contact_sheet} was not written, since there is no video to show")
    if sheet_due or any("error" in entry for entry in facts):
        raise typer.Exit(1)


async def _look(path: Path, plan: Plan | None) -> tuple[MediaInfo, Planned | None]:
    from dataflow.media.frames import frame_numbers, media_info

    info = await media_info(path)
    return info, await frame_numbers(path, plan) if plan and info.kind == "video" else None


async def _draw(path: Path, plan: Plan, out: Path) -> None:
    from dataflow.media.contact_sheet import contact_sheet
    from dataflow.media.frames import video_frames

    video = await video_frames(path, plan)
    contact_sheet(video.frames, out)


def _as_plain(planned: Planned | None) -> dict[str, Any]:
    return {} if planned is None else {"planned": [{"frame": number, "time": time} for number, time in planned]}


def _lines(path: Path, info: MediaInfo, plan: Plan | None, planned: Planned | None) -> list[str]:
    turned = f", turned by {info.rotation} degrees for display" if info.rotation else ""
    lines = [
        str(path),
        f"  kind      {info.kind}, {info.container}, {info.codec}",
        f"  size      {info.width}x{info.height}{turned}",
    ]
    if info.kind == "video":
        lines += [
            f"  duration  {info.duration:.3f} s at {info.fps:.6g} frames a second",
            f"  frames    {info.frames}, of which {info.keyframes} are keyframes",
            f"  sound     {'yes' if info.audio else 'no'}",
        ]
    lines += [f"  note      {note}" for note in info.notes]
    if planned is not None:
        lines.append(f"  {plan} takes {len(planned)} frames")
        lines += [f"    {time:10.3f} s  #{number}" for number, time in planned]
    return lines
