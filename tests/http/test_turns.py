"""Work that begins in one turn of the loop is bounded, in order, and never lost."""

import asyncio

from billfold.http.turns import Turns


async def begun(turns: Turns, done: list[int], number: int, work: int = 1) -> None:
    if not turns.begin(work):
        await turns.wait(work)
    done.append(number)


async def test_no_more_than_so_many_begin_in_a_turn_and_all_in_their_order() -> None:
    turns, done, seen = Turns(3), list[int](), list[int]()
    work = [asyncio.create_task(begun(turns, done, number)) for number in range(10)]
    while len(done) < 10:
        before = len(done)
        await asyncio.sleep(0)
        seen.append(len(done) - before)
    assert done == list(range(10))
    assert max(seen) <= 6  # of two turns, between which this task may stand
    await asyncio.gather(*work)


async def test_a_turn_that_was_not_used_up_is_no_room_of_the_next() -> None:
    turns = Turns(2)
    assert turns.begin(1)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [turns.begin(1) for _ in range(3)] == [True, True, False]


async def test_a_turn_that_was_hardly_used_counts_on_and_is_never_more_than_one() -> None:
    turns = Turns(8)
    assert turns.begin(1)
    for _ in range(2):
        await asyncio.sleep(0)
    assert [turns.begin(7), turns.begin(1)] == [True, False]
    for _ in range(2):
        await asyncio.sleep(0)
    assert [turns.begin(7), turns.begin(1), turns.begin(1)] == [True, True, False]


async def test_large_work_begins_alone_and_small_work_together() -> None:
    turns, done, seen = Turns(8), list[int](), list[int]()
    sizes = [9, 1, 1, 1, 1, 1, 9, 9]
    work = [
        asyncio.create_task(begun(turns, done, number, size)) for number, size in enumerate(sizes)
    ]
    while len(done) < len(sizes):
        before = len(done)
        await asyncio.sleep(0)
        seen.append(len(done) - before)
    assert done == list(range(len(sizes)))
    assert [count for count in seen if count] == [1, 6, 1]
    await asyncio.gather(*work)


async def test_who_gives_up_waiting_takes_nobodys_turn() -> None:
    turns, done = Turns(1), list[int]()
    work = [asyncio.create_task(begun(turns, done, number)) for number in range(4)]
    await asyncio.sleep(0)
    work[1].cancel()
    await asyncio.gather(*work, return_exceptions=True)
    assert done == [0, 2, 3]
