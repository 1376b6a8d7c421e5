"""Rows of a large reply are read in slices."""

import asyncio
from collections.abc import Iterator, Sequence

from billfold.adapter import in_slices
from billfold.adapter.slices import PER_SLICE


async def _turns(rows: Sequence[str], weight: int) -> tuple[list[str], list[int], int]:
    """Return what was read, the rows of each slice, and how often other work had its turn."""
    slices: list[int] = []
    turns = 0

    async def other_work() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def read(some: Sequence[str]) -> Iterator[str]:
        slices.append(len(some))
        return (row.upper() for row in some)

    work = asyncio.create_task(other_work())
    done = await in_slices(rows, read, lambda row: weight)
    work.cancel()
    return done, slices, turns


async def test_other_work_has_a_turn_after_each_slice_and_no_row_is_lost() -> None:
    rows = [f"row {number}" for number in range(PER_SLICE * 3 + 1)]
    done, slices, turns = await _turns(rows, 1)
    assert done == [row.upper() for row in rows]
    assert (slices, turns) == ([PER_SLICE] * 3 + [1], 3)


async def test_rows_that_hold_many_records_make_smaller_slices() -> None:
    done, slices, turns = await _turns(["a", "b", "c", "d", "e"], PER_SLICE // 2)
    assert done == ["A", "B", "C", "D", "E"]
    assert (slices, turns) == ([2, 2, 1], 2)


async def test_few_rows_are_read_at_once() -> None:
    assert await _turns(["a", "b"], 1) == (["A", "B"], [2], 0)
