"""A limit on requests in flight: how it is found, kept, and tried again."""

from __future__ import annotations

from dataflow.serving.pacing.room import FIRST_TRY, Room


def answer(room: Room, load: int, now: float) -> None:
    room.answered(0.3, load, load, now, early=False)


def test_refusals_only_above_so_many_in_flight_are_a_limit_on_that() -> None:
    room = Room(64, 0.0)
    assert room.judge(refused=33, let_in=32, now=1.0, rate_known=False)
    assert room.limit == 32


def test_refusals_beside_as_many_that_were_let_in_are_none_nor_where_a_rate_is_known() -> None:
    room = Room(64, 0.0)
    assert not room.judge(refused=33, let_in=33, now=1.0, rate_known=False)
    assert not room.judge(refused=33, let_in=32, now=1.0, rate_known=True)
    assert room.limit == 64


def test_after_a_while_one_more_is_tried_and_taken_back_where_it_is_refused() -> None:
    room = Room(64, 0.0)
    room.judge(refused=33, let_in=32, now=1.0, rate_known=False)
    answer(room, 32, 1.5)
    assert room.limit == 32
    answer(room, 32, 1.1 + FIRST_TRY)
    assert room.limit == 33
    assert room.took_too_many(33, 4.0) and room.limit == 32
    answer(room, 32, 4.1 + FIRST_TRY)
    assert room.limit == 32, "the next try comes later"


def test_a_limit_that_is_gone_is_soon_forgotten() -> None:
    room = Room(64, 0.0)
    room.judge(refused=17, let_in=16, now=1.0, rate_known=False)
    for step in range(10):
        answer(room, int(room.limit), 10.0 + step)
    assert room.limit == 64
