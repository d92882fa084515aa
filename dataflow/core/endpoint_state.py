"""How one endpoint stands with us, for those who watch: what it was found to carry, and whether it is left alone."""

from __future__ import annotations

from dataclasses import dataclass

HERE = "here"
"""The address of a serving that answers in this process: nothing to tell of."""


@dataclass(frozen=True, slots=True)
class EndpointState:
    """One endpoint as its answers have shown it so far. `LLMServingABC.endpoint_states` hands them out.

    Args:
        url: its address.
        in_flight: requests under way.
        room: requests that may be in flight at most, as found.
        per_second: requests per second that it was found to take; None where no such limit has shown.
        resting_until: when (seconds since the epoch) it may be asked again; None where it may be now.
        asked: requests sent.
        refusals: of them, those refused because they were too many.
    """

    url: str
    in_flight: int
    room: int
    per_second: float | None
    resting_until: float | None
    asked: int
    refusals: int
