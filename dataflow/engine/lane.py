"""One endpoint as its answers show it: how much it carries at once, how fast, and whether it is alive."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from dataflow.core import EndpointState
from dataflow.engine.allowance import Charge
from dataflow.engine.doubts import Doubts
from dataflow.engine.pacer import TRANSIT_SECONDS, Pacer, read_bucket

SUBSTANTIAL_SHARE = 0.2
"""Throttled answers in a round trip above which the endpoint is overasked; random refusals stay below it."""

SMALLEST_ROUND = 20
"""Answers that a round trip is judged on at least: five per cent of random refusals must not look like a fifth."""

GROWTH = 0.05
"""By how much of the ceiling the limit grows after a good round trip."""

UNHURRIED, SLOWED = 1.3, 2.0
"""Latency, as a multiple of what it was, up to which an endpoint is given more with big steps, and above which a full
one is taken to be queueing."""

DRIFT = 1.01
"""By how much the latency that counts as usual may rise in a round trip."""

KEPT = 0.9
"""Share of the throughput that must remain for a lower limit to be kept."""

DEAD_AFTER = 5
"""Requests in a row without a complete reply after which an endpoint rests; then one request at a time tries it."""

FIRST_REST, LONGEST_REST = 2.0, 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try ended.

    Args:
        kind: `ok`; `empty` (the model replied, but without an answer); `throttled` (refused because it is asked too
            much); `error` (any other complete reply); `broken` (no complete reply); `unreached` (likewise, but for a
            reason on this side); `unasked` (it ended for a reason of ours, and tells nothing of the endpoint).
        headers: of the reply.
        retry_after: seconds the endpoint asks to wait.
        tokens: what the request really took, where the reply says.
    """

    kind: str
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave to ask, to be given back with the outcome.

    Args:
        lane: the endpoint.
        sent: when (monotonic seconds).
        tokens: what it is estimated to take.
        requests_spent: the request bucket's count right after this request.
        tokens_spent: the token bucket's.
        early: sent while the endpoint had little else to do.
        charge: what it takes of the tokens that the user allows.
    """

    lane: Lane
    sent: float
    tokens: float
    requests_spent: float
    tokens_spent: float
    early: bool
    charge: Charge | None


class Lane:
    """The way to one endpoint. Lives on the event loop.

    Args:
        url: the endpoint.
        ceiling: how many requests may be in flight at most.
    """

    def __init__(self, url: str, ceiling: int) -> None:
        self.url = url
        self.ceiling = ceiling
        self.limit = float(ceiling)
        self.in_flight = self.asked = self.refusals = 0
        self.requests = Pacer()
        self.tokens = Pacer()
        self.doubts = Doubts()
        self._under_way: dict[float, Pass] = {}
        self._resting_until = 0.0
        self._broken = 0
        self._dead = False
        self._rest = FIRST_REST
        self._unhurried: list[float] = []
        self._usual: float | None = None
        self._before: tuple[float, float] | None = None
        self._slow_rounds = 0
        self._settling = 0
        self._begin_round(time.monotonic())

    def nap(self, tokens: float, now: float) -> float:
        """Seconds until this endpoint may be asked; 0 when now, infinity when only an answer can make room."""
        if self.in_flight >= (1 if self._dead else int(self.limit)):
            return float("inf")
        return max(self._resting_until - now, self.requests.nap(1, now), self.tokens.nap(tokens, now), 0.0)

    @property
    def load(self) -> float:
        """In-flight requests as a share of what the endpoint carries."""
        return self.in_flight / self.limit

    def state(self, now: float, epoch: float) -> EndpointState:
        """How it stands at present, which is `now` (monotonic) and `epoch` (since the epoch)."""
        rests = self.rests_for(now)
        return EndpointState(
            url=self.url,
            in_flight=self.in_flight,
            room=int(self.limit),
            per_second=None,
            resting_until=epoch + rests if rests else None,
            asked=self.asked,
            refusals=self.refusals,
        )

    def alive(self, now: float) -> bool:
        """Whether it answered of late."""
        return not self._dead or now >= self._resting_until

    def rests_for(self, now: float) -> float:
        """Seconds for which it asks everybody to wait, or is left out."""
        return max(0.0, self._resting_until - now)

    def rest_until(self, when: float) -> None:
        """Leave it alone until then (monotonic seconds)."""
        self._resting_until = max(self._resting_until, when)

    def enter(self, tokens: float, now: float, charge: Charge | None = None) -> Pass:
        """Count a request that is sent now."""
        early = self.in_flight < max(4, self.ceiling // 4) and len(self._unhurried) < max(8, self.ceiling // 4)
        self.in_flight += 1
        self.asked += 1
        self.requests.spend(1)
        self.tokens.spend(tokens)
        early = early and self._usual is None
        leave = Pass(self, now, tokens, self.requests.spent, self.tokens.spent, early, charge)
        self._under_way[leave.requests_spent] = leave
        return leave

    def leave(self, leave: Pass, outcome: Outcome, *, alone: bool) -> None:
        """Learn from how a request ended.

        Args:
            alone: there is no other endpoint that could be asked while this one rests.
        """
        now = time.monotonic()
        self.in_flight -= 1
        del self._under_way[leave.requests_spent]
        self._pace(leave, outcome.headers, now)
        if outcome.kind == "unasked":
            return
        if outcome.kind in ("broken", "unreached"):
            self._count_broken(now, alone)
            return
        self._broken, self._dead, self._rest = 0, False, FIRST_REST
        self.refusals += outcome.kind == "throttled"
        if self._settling:
            self._settling -= 1
            self._begin_round(now)
            return
        self._answers += 1
        if outcome.kind == "throttled":
            self._throttled += 1
            if outcome.retry_after and self._answers >= SMALLEST_ROUND // 2 and self._share > 0.5:
                self.rest_until(now + outcome.retry_after)
        elif outcome.kind in ("ok", "empty"):
            self._good += 1
            self._latency += now - leave.sent
            if leave.early:
                self._unhurried.append(now - leave.sent)
        if self._answers >= max(SMALLEST_ROUND, int(self.limit)):
            self._end_round(now)

    @property
    def _share(self) -> float:
        return self._throttled / self._answers

    def _pace(self, leave: Pass, headers: Mapping[str, str], now: float) -> None:
        for what, pacer in (("requests", self.requests), ("tokens", self.tokens)):
            if (reading := read_bucket(headers, what)) is None:
                continue
            counts_tokens = what == "tokens"
            since = leave.sent - TRANSIT_SECONDS
            near = (other for other in self._under_way.values() if since <= other.sent <= leave.sent)
            units = sum(other.tokens if counts_tokens else 1 for other in near)
            pacer.observe(
                reading, leave.tokens_spent if counts_tokens else leave.requests_spent, leave.sent, units, now
            )

    def _count_broken(self, now: float, alone: bool) -> None:
        self._broken += 1
        # Those that were in flight when it died break together: that is one death, and one rest.
        if self._broken >= DEAD_AFTER and not alone and now >= self._resting_until:
            self._dead = True
            self._resting_until = now + self._rest
            self._rest = min(2 * self._rest, LONGEST_REST)

    def _begin_round(self, now: float) -> None:
        self._since = now
        self._answers = self._good = self._throttled = 0
        self._latency = 0.0

    def _end_round(self, now: float) -> None:
        if self._share > SUBSTANTIAL_SHARE:
            self.limit = max(1.0, self.limit * (1 - self._share))
            self._before = None
        elif self._good:
            self._judge_speed(self._latency / self._good, self._good / max(now - self._since, 1e-6))
        self._begin_round(now)

    def _judge_speed(self, latency: float, throughput: float) -> None:
        """Grow; or, where latency has risen and throughput would not suffer, hold or shrink.

        A lower limit is a trial: when throughput falls with it, latency is this endpoint's nature and not a queue. The
        trial begins when what was in flight before has been answered. At the ceiling, where nothing is held back, the
        usual latency may rise slowly; below it, only trials raise it, or a queue would come to look usual.
        """
        if self._usual is None:
            self._usual = sum(self._unhurried) / len(self._unhurried) if len(self._unhurried) >= 4 else latency
        full = latency * throughput > 0.7 * self.limit
        if self._before is not None:
            limit, best = self._before
            if throughput < KEPT * best:
                self.limit, self._usual = limit, latency * limit / self.limit / SLOWED * 1.1
            self._before = None
            return
        if latency < SLOWED * self._usual:
            self._usual = min(self._usual * (DRIFT if self.limit >= self.ceiling else 1.0), latency)
        self._slow_rounds = self._slow_rounds + 1 if full and latency > SLOWED * self._usual else 0
        if self._slow_rounds >= 2:
            self._slow_rounds = 0
            self._before = (self.limit, throughput)
            self._settling = self.in_flight
            self.limit = max(1.0, self.limit * max(0.5, self._usual * SLOWED / latency * 0.75))
        elif self._slow_rounds == 0:
            step = max(1.0, GROWTH * self.ceiling) if latency < UNHURRIED * self._usual or not full else 1.0
            self.limit = min(float(self.ceiling), self.limit + step)
