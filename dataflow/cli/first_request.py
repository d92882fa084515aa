"""A question as a model would get it, for reading: every word, and media by what of them is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dataflow.core.terminal import visible
from dataflow.engine.rehearsal import Planned
from dataflow.serving.as_sent import Sent, SentImage, SentText
from dataflow.storage.paths import URL


def question_as_text(planned: Planned, number: int) -> list[str]:
    """A question in lines for a terminal."""
    request, serving = planned.request, planned.serving
    model = str(serving.identity.get("model", ""))
    again = f", and {planned.times - 1:g} more that lead on from it" if planned.times > 1 else ""
    lines = [f"request {number}: {planned.operator} asks {visible(model)}{again}"]
    for message in planned.sent:
        lines.append(f"--- {message.role}")
        for part in message.parts:
            lines += visible(part_as_text(part)).split("\n")
    lines.append("---")
    if settings := {**serving.params, **request.params}:
        told = ", ".join(f"{name}={value}" for name, value in settings.items())
        lines.append(f"parameters: {visible(told)}")
    if request.schema is not None:
        lines.append(f"answer in the schema {request.schema.__name__}")
    return lines


def part_as_text(part: Sent) -> str:
    """A part of a message: its words, or `[image 800x600, 52 KB]`."""
    if isinstance(part, SentText):
        return part.text
    if isinstance(part, SentImage):
        if not part.width:
            return f"[image {part.name}, not fetched]"
        return f"[image {part.width}x{part.height}, {_size(part.size)}]"
    name = part.name if URL.match(part.name) else Path(part.name).name
    if not part.frames:
        return f"[video {name}, not fetched]"
    frames = f"{part.frames} frames" if part.frames > 1 else "1 frame"
    if not part.times:
        return f"[video {name}: the whole file, {_size(part.size)}]"
    span = f"{part.times[0]:.1f} s to {part.times[-1]:.1f} s" if part.frames > 1 else f"{part.times[0]:.1f} s"
    return f"[video {name}: {frames} {part.width}x{part.height}, {span}, {_size(part.size)}]"


def question_as_json(planned: Planned) -> dict[str, Any]:
    """A question as plain values."""
    request, serving = planned.request, planned.serving
    return {
        "operator": planned.operator,
        "prompt": request.prompt,
        "model": serving.identity.get("model"),
        "times": planned.times,
        "messages": [
            {"role": message.role, "content": [part_as_json(part) for part in message.parts]}
            for message in planned.sent
        ],
        "params": {**serving.params, **request.params},
        "schema": None if request.schema is None else request.schema.__name__,
    }


def part_as_json(part: Sent) -> dict[str, Any]:
    """A part of a message as plain values."""
    if isinstance(part, SentText):
        return {"type": "text", "text": part.text}
    if isinstance(part, SentImage):
        known = {"width": part.width, "height": part.height, "bytes": part.size} if part.width else {"fetched": False}
        return {"type": "image", "image": part.name, **known}
    named = {"type": "video", "video": part.name}
    if not part.frames:
        return {**named, "fetched": False}
    sizes = {"frames": part.frames, "width": part.width, "height": part.height, "bytes": part.size}
    return {**named, **sizes, "times": list(part.times)}


def _size(count: int) -> str:
    """Bytes for people."""
    if count < 1000:
        return f"{count} bytes"
    return f"{count / 1000:.0f} KB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
