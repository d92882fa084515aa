"""What a run has done so far: the numbers behind the progress line, the summary and the manifest."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from dataflow.core import EndpointState, Usage
from dataflow.engine.spending import Spending
from dataflow.storage.tally import Tally


@dataclass(slots=True)
class Counts:
    """Counters of one run, written on the event loop and read from anywhere.

    Args:
        total: samples in the input, or None where that is not known beforehand.
        finished: samples through all operators: written, failed or rejected.
        written: rows in the output (one sample may become several, or none).
        failed: samples set aside with a reason.
        kinds: how many of those failed in which way (`refused`, `cut_off`, `media`, ...).
        rejected: samples left out on purpose.
        requests: questions answered by a model in this run.
        from_ledger: questions answered from the ledger.
        input_tokens: tokens read by models in this run, for replies that became no answer too, as the next three.
        cached_tokens: how many of them came from an endpoint's prompt cache.
        output_tokens: tokens written by models in this run.
        cost: dollars spent in this run, or None where the price of a model is not known.
        earlier: what earlier runs spent on the same dataset, by the ledger.
        taken: what was taken of folders of media and what passed over.
        waits_until: when (seconds since the epoch) an endpoint may be asked again that asks everybody to wait.
        endpoints: how each endpoint stands that is asked.
    """

    total: int | None = None
    finished: int = 0
    written: int = 0
    failed: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    requests: int = 0
    from_ledger: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    earlier: Spending = field(default_factory=Spending)
    waits_until: float | None = None
    endpoints: tuple[EndpointState, ...] = ()
    taken: Tally | None = None
    warnings: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    stopped: float | None = None

    @property
    def seconds(self) -> float:
        """How long the run has been going, or took."""
        return (self.stopped or time.monotonic()) - self.started

    @property
    def spent(self) -> Spending:
        """What this run has spent."""
        usage = Usage(self.input_tokens, self.output_tokens, self.cached_tokens)
        return Spending(1 if usage != Usage() else 0, usage, self.cost)

    @property
    def spent_so_far(self) -> Spending:
        """What the dataset has cost over all runs, this one included."""
        return self.earlier + self.spent

    def spending(self) -> dict[str, Any]:
        """What the manifest and the summary say of tokens and cost: of this run, and of the dataset so far."""
        so_far = self.spent_so_far
        return {**self.spent.as_dict(), "so_far": {"runs": so_far.runs, **so_far.as_dict()}}

    def as_dict(self) -> dict[str, Any]:
        """The counters that the manifest keeps."""
        return {
            "samples": self.total if self.total is not None else self.finished,
            "finished": self.finished,
            "written": self.written,
            "failed": self.failed,
            "kinds": dict(self.kinds),
            "rejected": self.rejected,
            "requests": self.requests,
            "from_ledger": self.from_ledger,
        }
