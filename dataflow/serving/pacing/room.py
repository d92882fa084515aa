"""How many requests an endpoint is given at once: fewer where it slows down without answering more, or refuses above so
many in flight."""

from __future__ import annotations

SMALLEST_ROUND = 20
"""Answers that a round trip is judged on at least."""

GROWTH = 0.05
"""By how much of the ceiling the room grows after a good round trip."""

UNHURRIED, SLOWED = 1.3, 2.0
"""Latency, as a multiple of what it was, up to which an endpoint is given more with big steps, and above which a full
one is taken to be queueing."""

DRIFT = 1.01
"""By how much the latency that counts as usual may rise in a round trip."""

KEPT = 0.9
"""Share of the throughput that must remain for less room to be kept."""

FIRST_TRY, LAST_TRY = 2.0, 8.0
"""Seconds after which one more is tried where more were refused; twice as long after each try that was refused too."""


class Room:
    """The room at one endpoint.

    Args:
        ceiling: the most there may be.
        now: the present (monotonic seconds).
    """

    def __init__(self, ceiling: int, now: float) -> None:
        self.ceiling = ceiling
        self._limit = float(ceiling)
        self._places: int | None = None
        self._next_try = 0.0
        self._try_again = FIRST_TRY
        self._step = 1
        self._most = 0
        self._unhurried: list[float] = []
        self._usual: float | None = None
        self._before: tuple[float, float] | None = None
        self._slow_rounds = 0
        self._settling = 0
        self._begin_round(now)

    @property
    def limit(self) -> float:
        """How many may be in flight, as a number that grows by fractions."""
        return self._limit if self._places is None else min(self._limit, float(self._places))

    def is_early(self, in_flight: int) -> bool:
        """Whether a request that is sent beside so many others shows how fast the endpoint is unhurried."""
        few = max(4, self.ceiling // 4)
        return self._usual is None and in_flight < few and len(self._unhurried) < max(8, self.ceiling // 4)

    def answered(self, seconds: float, load: int, in_flight: int, now: float, *, early: bool) -> None:
        """Take an answer.

        Args:
            seconds: that it took.
            load: how many were in flight when it was asked, itself included.
            in_flight: how many are now.
            now: the present.
            early: `is_early` when it was asked.
        """
        self._most = max(self._most, load)
        if self._places is not None and load >= self._places:
            self._tried(load, now)
        if self._settling:
            self._settling -= 1
            self._begin_round(now)
            return
        self._answers += 1
        self._latency += seconds
        if early:
            self._unhurried.append(seconds)
        if self._answers >= max(SMALLEST_ROUND, int(self.limit)):
            self._judge_speed(self._latency / self._answers, self._answers / max(now - self._since, 1e-6), in_flight)
            self._begin_round(now)

    def took_too_many(self, load: int, now: float) -> bool:
        """Take a refusal; whether it is that of a try with one more, which is given up."""
        if self._places is None or load <= self._most:
            return False
        self._places, self._step = self._most, 1
        self._try_again = min(LAST_TRY, 2 * self._try_again)
        self._next_try = now + self._try_again
        return True

    def judge(self, refused: int, let_in: int, now: float, *, rate_known: bool) -> bool:
        """Judge why requests were refused; whether it is because there were too many at once.

        Args:
            refused: the fewest in flight, the refused one included, at which one was.
            let_in: the most in flight of those that are not answered yet and were not refused.
            now: the present.
            rate_known: that there is a limit to the rate has shown already.
        """
        most, self._most = max(self._most, let_in), 0
        if rate_known or refused <= most:
            self._places = None
            return False
        self._places, self._most, self._step = max(1, most), most, 1
        self._try_again = FIRST_TRY
        self._next_try = now + FIRST_TRY
        return True

    def _tried(self, load: int, now: float) -> None:
        """As many as there are places were let in: after a while try more, and the more the longer that goes well."""
        assert self._places is not None
        if now < self._next_try:
            return
        self._places += self._step
        self._step = 2 * self._step if load > 1 else 1
        if self._places >= self.ceiling:
            self._places = None

    def _begin_round(self, now: float) -> None:
        self._since = now
        self._answers = 0
        self._latency = 0.0

    def _judge_speed(self, latency: float, throughput: float, in_flight: int) -> None:
        """Grow; or, where latency has risen and throughput would not suffer, hold or shrink.

        Less room is a trial: when throughput falls with it, latency is this endpoint's nature and not a queue. The
        trial begins when what was in flight before has been answered. At the ceiling, where nothing is held back, the
        usual latency may rise slowly; below it, only trials raise it, or a queue would come to look usual.
        """
        if self._usual is None:
            self._usual = sum(self._unhurried) / len(self._unhurried) if len(self._unhurried) >= 4 else latency
        full = latency * throughput > 0.7 * self._limit
        if self._before is not None:
            limit, best = self._before
            if throughput < KEPT * best:
                self._limit, self._usual = limit, latency * limit / self._limit / SLOWED * 1.1
            self._before = None
            return
        if latency < SLOWED * self._usual:
            self._usual = min(self._usual * (DRIFT if self._limit >= self.ceiling else 1.0), latency)
        self._slow_rounds = self._slow_rounds + 1 if full and latency > SLOWED * self._usual else 0
        if self._slow_rounds >= 2:
            self._slow_rounds = 0
            self._before = (self._limit, throughput)
            self._settling = in_flight
            self._limit = max(1.0, self._limit * max(0.5, self._usual * SLOWED / latency * 0.75))
        elif self._slow_rounds == 0:
            step = max(1.0, GROWTH * self.ceiling) if latency < UNHURRIED * self._usual or not full else 1.0
            self._limit = min(float(self.ceiling), self._limit + step)
