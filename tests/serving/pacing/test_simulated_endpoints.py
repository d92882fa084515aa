"""The simulated endpoints are those of the study of limits: a plain client fares there as it did."""

from __future__ import annotations

import pytest

from tests.serving.pacing.situations import SITUATIONS, Situation, ask_plainly, measure

QUICK = [situation for situation in SITUATIONS if situation.requests <= 4000]
"""Those in which a plain client is not refused five thousand times, each simulated."""


@pytest.mark.parametrize("situation", QUICK, ids=lambda situation: situation.name)
def test_a_plain_client_takes_as_long_and_is_refused_as_often_as_in_the_study(situation: Situation) -> None:
    seconds, refusals = measure(ask_plainly, situation, seed=1)
    expected_seconds, expected_refusals = situation.floor
    assert seconds == pytest.approx(expected_seconds, rel=0.06)
    assert refusals == pytest.approx(expected_refusals, rel=0.15, abs=2)
