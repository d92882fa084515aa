"""Samples for multi-role video QA, and replies of all roles for the test endpoint to give."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson

from tests.pictures import make_pictures

Row = dict[str, Any]

CORRECTION = "cannot be used"
DRAFT = "Your role: draft author"
CALL = r"This is round \d+ of at most"
EXPERT = "set by the master of the panel"
MERGE = "your experts propose"
SYNTHESIS = "Make the final list"
LABELS = "Give each of these pairs the one label"
STAGES = {"draft": DRAFT, "call": CALL, "expert": EXPERT, "merge": MERGE, "synthesis": SYNTHESIS, "labels": LABELS}


def rows(folder: Path, count: int = 1, clips: int = 2, frames: int = 2) -> list[Row]:
    """So many samples, each of clips with frames of their own, paths relative to the folder."""
    pictures = make_pictures(folder / "frames", count * clips * frames)
    names = iter(f"frames/{path.name}" for path in pictures)
    return [
        {
            "Meta": f"Spot {number}",
            "Clips": [
                {
                    "Audio_Text": f"words {number} {clip}",
                    "Frames_Images": [next(names) for _ in range(frames)],
                    "Description": f"scene {number} {clip}",
                }
                for clip in range(clips)
            ],
        }
        for number in range(count)
    ]


def pairs(*questions: str, clips: tuple[int, ...] = (1,), **more: Any) -> str:
    """A reply with pairs of these questions."""
    items = [
        {"aspect": "content", "question": f"{question}?", "answer": f"reply to {question}", "clips": clips}
        for question in questions
    ]
    return as_json({"pairs": items, **more})


def call(*roles: str) -> str:
    """The master's reply that calls experts, or ends the work where there is none."""
    experts = [{"role": role, "description": f"knows {role}", "subtask": f"look at {role}"} for role in roles]
    decision = "CALL_EXPERTS" if roles else "NO_EXPERTS"
    return as_json({"decision": decision, "reason": "because", "experts": experts})


def merge(*decisions: tuple[str, ...]) -> str:
    """The master's reply: (action, pair), or (action, pair, question, answer)."""
    names = ("action", "pair", "question", "answer")
    return as_json({"decisions": [{**dict(zip(names, one, strict=False)), "reason": "so"} for one in decisions]})


def final(*made_of: tuple[str, str]) -> str:
    """The editor's reply: (pair it is made of, question)."""
    items = [{"of": [of], "question": f"{question}?", "answer": f"reply to {question}"} for of, question in made_of]
    return as_json({"pairs": items})


def labels(*names: str) -> str:
    """The editor's labels."""
    return as_json({"labels": [{"pair": at, "label": name} for at, name in enumerate(names, start=1)]})


def as_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def talk(**stages: Any) -> dict[str, Any]:
    """What the endpoint answers, by regex on the prompt: a discussion of one round with two experts.

    Args:
        stages: another reply for a stage, or a dict of regex and reply for some of its prompts; `first` for prompts
            that are to be looked at before all others.
    """
    replies: dict[str, Any] = {
        "draft": pairs("who", "where", clips=(1, 2)),
        "call": {r"This is round 1 of": call("Cutter", "Painter"), CALL: call()},
        "expert": {
            "Your role: Cutter": pairs("how cut", clips=(2,)),
            "Your role: Painter": pairs("how painted", "which hue", clips=(1,)),
        },
        "merge": merge(("add", "E1.1"), ("add", "E2.1"), ("drop", "E2.2"), ("correct", "Q2", "where then?", "there")),
        "synthesis": final(("Q1", "who"), ("Q3", "how cut"), ("Q4", "how painted"), ("Q2", "where then")),
        "labels": labels("content", "style", "style", "content"),
    } | {name: reply for name, reply in stages.items() if name != "first"}
    script: dict[str, Any] = dict(stages.get("first", {}))
    for name, reply in replies.items():
        if isinstance(reply, dict):
            for pattern, text in reply.items():
                script.setdefault(f"{pattern}.*{EXPERT}" if name == "expert" else pattern, text)
        else:
            script.setdefault(STAGES[name], reply)
    return script


def stage_of(request: Row) -> str:
    """Which stage a logged request belongs to; `+` for a correction."""
    text = text_of(request["messages"][1])
    name = next(name for name, pattern in STAGES.items() if re.search(pattern, text))
    return name + "+" * (len(request["messages"]) > 2)


def text_of(message: Row) -> str:
    """All words of a logged message."""
    content = message["content"]
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)
