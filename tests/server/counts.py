"""What the test endpoint saw: totals, what became of every record, and a log of the requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

REFUSED = ("429", "quota", "503")
TOTALS = (
    *("requests", "in_flight", "peak_in_flight", "answered_200", "delivered", "paid_twice", "asked_again"),
    *("unauthorized", "prompt_tokens", "completion_tokens", "cached_tokens", "first_in", "last_out", "latency_sum"),
)


class Record:
    """One distinct request body: how often it was asked, and how often its answer arrived."""

    __slots__ = ("asked", "delivered", "order", "outcomes")

    def __init__(self, order: int) -> None:
        self.order = order
        self.asked = 0
        self.delivered = 0
        self.outcomes: list[str] = []


class Counts:
    """Counts requests and what became of them. Times are seconds of `time.monotonic`.

    Args:
        in_flight: how many are in flight already.
    """

    def __init__(self, in_flight: int = 0) -> None:
        self.records: dict[bytes, Record] = {}
        self.requests = 0
        self.in_flight = in_flight
        self.peak_in_flight = 0
        self.answered_200 = 0
        self.delivered = 0
        self.paid_twice = 0
        self.asked_again = 0
        self.unauthorized = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self.cached_tokens = 0
        self.fates: Counter[str] = Counter()
        self.first_in = 0.0
        self.last_out = 0.0
        self.latency_sum = 0.0
        self.outcomes: Counter[str] = Counter()
        self.timeline: dict[int, list[int]] = {}
        self.log: list[dict[str, Any]] = []

    def ask(self, digest: bytes, now: float) -> Record:
        """Count a request that came in."""
        record = self.records.get(digest)
        if record is None:
            record = self.records[digest] = Record(len(self.records))
        if not self.requests:
            self.first_in = now
        self.requests += 1
        record.asked += 1
        self.asked_again += record.delivered > 0
        self._second(now)[0] += 1
        return record

    def enter(self, now: float) -> None:
        """Count a request that was let in."""
        self.in_flight += 1
        second = self._second(now)
        second[3] = max(second[3], self.in_flight)
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)

    def leave(self, record: Record, outcome: str, now: float, *, entered: bool, whole: bool, good: bool) -> None:
        """Count a request that ended.

        Args:
            outcome: the status sent, or the name of the fault.
            entered: whether it was let in, so that it was in flight.
            whole: whether a complete HTTP 200 was sent.
            good: whether that was also an answer worth paying for.
        """
        self.in_flight -= entered
        self.outcomes[outcome] += 1
        record.outcomes.append(outcome)
        self.answered_200 += whole
        if good:
            self.last_out = now
            self.delivered += 1
            record.delivered += 1
            self.paid_twice += record.delivered == 2
        second = self._second(now)
        second[1] += good
        second[2] += outcome in REFUSED

    def charge(self, usage: Mapping[str, Any]) -> None:
        """Count the tokens of a whole reply that was sent, as its usage tells them."""
        self.prompt_tokens += usage["prompt_tokens"]
        self.completion_tokens += usage["completion_tokens"]
        self.cached_tokens += usage.get("prompt_tokens_details", {}).get("cached_tokens", 0)

    def stats(self) -> dict[str, Any]:
        """The totals, ready for JSON."""
        columns = ("requests", "delivered", "refused", "peak_in_flight")
        return {name: getattr(self, name) for name in TOTALS} | {
            "distinct": len(self.records),
            "refusals": sum(self.outcomes[name] for name in REFUSED),
            "statuses": dict(self.outcomes),
            "fates": dict(self.fates),
            "timeline": [{"second": s} | dict(zip(columns, row, strict=True)) for s, row in self.timeline.items()],
        }

    def details(self) -> dict[str, Any]:
        """What became of every record, and the log, ready for JSON."""
        records = {
            digest.hex(): {"asked": r.asked, "delivered": r.delivered, "outcomes": r.outcomes}
            for digest, r in self.records.items()
        }
        return {"records": records, "log": self.log}

    def _second(self, now: float) -> list[int]:
        second = int(now - self.first_in)
        row = self.timeline.get(second)
        if row is None:
            row = self.timeline[second] = [0, 0, 0, self.in_flight]
        return row
