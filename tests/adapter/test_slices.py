"""Rows of a large reply are read in slices."""

import asyncio
import time
from collections.abc import Iterator, Sequence

from billfold.adapter import in_slices, pause_after
from billfold.adapter.slices import PER_SLICE

ROUNDS = 3  # of the loop, after each slice


class _OtherWork:
    """Work that counts how often it has its turn."""

    turns = 0

    async def run(self) -> None:
        while True:
            self.turns += 1
            await asyncio.sleep(0)


async def _turns(rows: Sequence[str], weight: int) -> tuple[list[str], list[int], int]:
    """Return what was read, the rows of each slice, and how often other work had its turn."""
    slices: list[int] = []

    def read(some: Sequence[str]) -> Iterator[str]:
        slices.append(len(some))
        return (row.upper() for row in some)

    other = _OtherWork()
    work = asyncio.create_task(other.run())
    done = await in_slices(rows, read, lambda row: weight)
    work.cancel()
    return done, slices, other.turns


async def test_other_work_has_a_turn_after_each_slice_and_no_row_is_lost() -> None:
    rows = [f"row {number}" for number in range(PER_SLICE * 3 + 1)]
    done, slices, turns = await _turns(rows, 1)
    assert done == [row.upper() for row in rows]
    assert (slices, turns) == ([PER_SLICE] * 3 + [1], 3 * ROUNDS)


async def test_rows_that_hold_many_records_make_smaller_slices() -> None:
    done, slices, turns = await _turns(["a", "b", "c", "d", "e"], PER_SLICE // 2)
    assert done == ["A", "B", "C", "D", "E"]
    assert (slices, turns) == ([2, 2, 1], 2 * ROUNDS)


async def test_few_rows_are_read_at_once() -> None:
    assert await _turns(["a", "b"], 1) == (["A", "B"], [2], 0)


async def test_what_a_timer_wakes_does_not_wait_for_a_second_slice() -> None:
    read: list[str] = []
    woken_after: list[int] = []

    async def timed() -> None:
        while True:
            await asyncio.sleep(0.001)
            woken_after.append(len(read))

    def slow(some: Sequence[str]) -> Sequence[str]:
        time.sleep(0.003)  # the timer is due by the end of it
        read.extend(some)
        return some

    work = asyncio.create_task(timed())
    await asyncio.sleep(0)
    await in_slices(["a", "b", "c", "d"], slow, lambda row: PER_SLICE)
    work.cancel()
    assert woken_after == [1, 2, 3, 4]


async def test_only_many_records_are_worth_a_pause() -> None:
    other = _OtherWork()
    work = asyncio.create_task(other.run())
    await pause_after(PER_SLICE - 1)
    assert other.turns == 0
    await pause_after(PER_SLICE)
    work.cancel()
    assert other.turns == ROUNDS
