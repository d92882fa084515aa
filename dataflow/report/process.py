"""How a dataset was made: the figures of its run, from the manifest, the trace and the side files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from dataflow.core import as_list
from dataflow.report.counts import TopCounts
from dataflow.report.spread import Spread
from dataflow.runs.dataset import DatasetFiles
from dataflow.runs.lines import json_lines

EXAMPLES = 8
EXAMPLES_OF_A_KIND = 2
LONGEST = 600
"""Characters of a message by which it is counted."""

_VARYING = re.compile(
    r"\d+(?:\.\d+)?|'[^']*'|\"[^\"]*\"|(?:\.{0,2}/)?(?:[\w@%+=-][\w.@%+=-]*/)+[\w.@%+=-]+|\b[\w-]+\.\w{2,4}\b"
)
"""What differs from one message to the next of a kind: numbers, quoted texts, paths."""


@dataclass(slots=True)
class Asked:
    """The requests of one prompt.

    Args:
        fresh: answered by a model.
        kept: answered from the ledger.
        again: answers to a second or later attempt.
        truncated: answers cut off by the token limit.
        input_tokens: read by the model, per request.
        output_tokens: written by it, per request.
        latency: seconds, of fresh answers.
        models: that answered.
    """

    fresh: int = 0
    kept: int = 0
    again: int = 0
    truncated: int = 0
    input_tokens: Spread = field(default_factory=Spread)
    output_tokens: Spread = field(default_factory=Spread)
    latency: Spread = field(default_factory=Spread)
    models: TopCounts = field(default_factory=TopCounts)

    def add(self, line: dict[str, Any]) -> None:
        """Take a line of the trace."""
        fresh = line.get("source") != "ledger"
        self.fresh += fresh
        self.kept += not fresh
        self.again += bool(line.get("attempt"))
        self.truncated += bool(line.get("truncated"))
        self.input_tokens.add(_number(line.get("input_tokens")))
        self.output_tokens.add(_number(line.get("output_tokens")))
        if fresh:
            self.latency.add(_number(line.get("latency")))
        self.models.add(str(line.get("model")))


@dataclass(slots=True)
class SetAside:
    """Samples that did not come through.

    Args:
        count: how many.
        kinds: of failures by kind, of rejections by reason.
        operators: at which operator.
        messages: what was said, numbers and names left out.
        examples: the first of each kind.
    """

    count: int = 0
    kinds: TopCounts = field(default_factory=TopCounts)
    operators: TopCounts = field(default_factory=TopCounts)
    messages: TopCounts = field(default_factory=TopCounts)
    examples: list[dict[str, Any]] = field(default_factory=list)

    def add(self, record: dict[str, Any], kind: str, message: str) -> None:
        """Take a record of the file."""
        self.count += 1
        self.kinds.add(kind)
        self.operators.add(str(record.get("operator") or "reading the input"))
        self.messages.add(f"{kind}\t{_VARYING.sub('…', message[:LONGEST])}")
        alike = sum(example.get("kind") == record.get("kind") for example in self.examples)
        if alike < EXAMPLES_OF_A_KIND and len(self.examples) < EXAMPLES:
            self.examples.append(record)


@dataclass(slots=True)
class Process:
    """The run.

    Args:
        asked: requests by operator and prompt.
        failed: samples set aside with a reason.
        rejected: samples left out on purpose.
        frames: how many the model saw of a video.
        traced: whether there is a trace.
    """

    asked: dict[tuple[str, str], Asked] = field(default_factory=dict)
    failed: SetAside = field(default_factory=SetAside)
    rejected: SetAside = field(default_factory=SetAside)
    frames: Spread = field(default_factory=Spread)
    traced: bool = False


def gather_process(source: DatasetFiles) -> Process:
    """Read the side files of a run, line by line."""
    process = Process()
    last: Any = None
    for line in json_lines(source.side("trace")):
        process.traced = True
        if "prompt" not in line:
            continue
        name = (str(line.get("operator")), str(line.get("prompt")))
        if name not in process.asked and len(process.asked) >= 100:
            continue
        process.asked.setdefault(name, Asked()).add(line)
        if line.get("id") != last:  # the operators behind the first see the same frames
            last = line.get("id")
            for medium in as_list(line.get("media")):
                if isinstance(medium, dict) and isinstance(medium.get("times"), list):
                    process.frames.add(len(medium["times"]))
    for record in json_lines(source.side("failures")):
        process.failed.add(record, str(record.get("kind")), str(record.get("message")))
    for record in json_lines(source.side("rejected")):
        reason = str(record.get("reason"))
        process.rejected.add(record, reason, reason)
    return process


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else -1.0
