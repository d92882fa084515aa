"""Who enters an engine, and when."""

from __future__ import annotations

import asyncio

from dataflow.serving.local.expected import FIRST_ANSWER, FIRST_MEDIUM, Expected
from dataflow.serving.local.room import FEW, Room


async def settle():
    for _ in range(3):
        await asyncio.sleep(0)


def run(story):
    return asyncio.run(story(Room(1000)))


def test_half_of_the_cache_is_kept_while_questions_come_back():
    async def story(room):
        entered = [asyncio.ensure_future(room.enter(order, 100)) for order in range(10)]
        await settle()
        return [turn.done() for turn in entered]

    assert run(story) == [True] * 5 + [False] * 5


def test_the_next_question_of_an_early_sample_goes_before_the_first_of_a_late_one():
    async def story(room):
        for order in range(5):
            await room.enter(order, 100)
        late = asyncio.ensure_future(room.enter(9, 100))
        await settle()
        follow_up = asyncio.ensure_future(room.enter(0, 100))
        await settle()
        room.leave(1, 100)
        await settle()
        return late.done(), follow_up.done()

    assert run(story) == (False, True)


def test_all_of_the_cache_is_used_where_no_question_comes_back():
    async def story(room):
        for order in range(FEW):
            room.leave(order, await room.enter(order, 100))
        entered = [asyncio.ensure_future(room.enter(100 + order, 100)) for order in range(12)]
        await settle()
        alone = sum(turn.done() for turn in entered)
        room.leave(100, 100)
        back = asyncio.ensure_future(room.enter(100, 100))
        await settle()
        return alone, room.limit, back.done()

    assert run(story) == (10, 500, False)


def test_what_is_larger_than_the_room_enters_alone():
    async def story(room):
        await room.enter(0, 5000)
        other = asyncio.ensure_future(room.enter(1, 1))
        await settle()
        waited = not other.done()
        room.leave(0, 5000)
        await settle()
        return waited, other.done()

    assert run(story) == (True, True)


def test_whoever_stops_waiting_leaves_no_gap():
    async def story(room):
        await room.enter(0, 500)
        gone = asyncio.ensure_future(room.enter(1, 100))
        await settle()
        gone.cancel()
        room.leave(0, 500)
        entered = [asyncio.ensure_future(room.enter(order, 100)) for order in range(2, 7)]
        await settle()
        return [turn.done() for turn in entered]

    assert run(story) == [True] * 5


def test_what_turns_out_smaller_makes_room():
    async def story(room):
        await room.enter(0, 500)
        other = asyncio.ensure_future(room.enter(1, 300))
        await settle()
        waited = not other.done()
        room.correct(500, 200)
        await settle()
        return waited, other.done()

    assert run(story) == (True, True)


def test_the_first_request_with_media_goes_ahead_and_the_others_count_as_it_did():
    async def story(_):
        expected = Expected()
        first = await expected.tokens(["video"], 100)
        others = [asyncio.ensure_future(expected.tokens(["video"], 100)) for _ in range(3)]
        words = await expected.tokens([], 100)
        await settle()
        waited = not any(other.done() for other in others)
        expected.saw("video", [5000])
        return first, words, waited, await asyncio.gather(*others)

    assert run(story) == (100 + FIRST_MEDIUM, 100, True, [5100] * 3)


def test_others_go_on_when_the_first_request_with_media_fails():
    async def story(_):
        expected = Expected()
        await expected.tokens(["image"], None)
        other = asyncio.ensure_future(expected.tokens(["image"], None))
        await settle()
        expected.open()
        return await other

    assert run(story) == FIRST_MEDIUM + FIRST_ANSWER
