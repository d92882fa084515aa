"""What those who watch are told of each endpoint."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.serving.test_insistence import Scripted, ask, error, numbers
from tests.virtual_time import run_virtually


def test_an_endpoint_is_seen_while_it_is_asked_and_when_the_run_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = error(status=429, throttled=True, retry_after=3600.0)
    serving = Scripted(lambda text, tries: busy)

    async def run() -> None:
        assert serving.endpoint_states == ()
        asking = asyncio.ensure_future(ask(serving, *numbers(3)))
        await asyncio.sleep(0.5)
        (state,) = serving.endpoint_states
        assert (state.url, state.in_flight, state.asked, state.refusals) == ("here", 3, 3, 0)
        await asking
        (state,) = serving.endpoint_states
        assert (state.in_flight, state.asked, state.refusals) == (0, 3, 3)
        assert state.resting_until is not None and state.resting_until > time.time() + 3000

    run_virtually(monkeypatch, run())
