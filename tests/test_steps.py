"""Long work is done in steps, and between two of them other work has its turn."""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence

import pytest

from billfold.adapter import in_turns
from billfold.steps import MADE, Steps, at_once, in_slices, slices, stepwise, taken
from support.hurried import hold, hurried

ROUNDS = 3  # of the loop, after each step


class _OtherWork:
    """Work that counts how often it has its turn."""

    turns = 0

    async def run(self) -> None:
        while True:
            self.turns += 1
            await asyncio.sleep(0)


async def _turns(rows: Sequence[str], weight: int) -> tuple[list[str], list[int], int]:
    """Return what was read, the rows of each slice, and how often other work had its turn."""
    read_at_once: list[int] = []

    def read(some: Sequence[str]) -> Iterator[str]:
        read_at_once.append(len(some))
        return (row.upper() for row in some)

    other = _OtherWork()
    work = asyncio.create_task(other.run())
    done = await in_turns(in_slices(rows, read, weigh=lambda row: weight))
    work.cancel()
    return done, read_at_once, other.turns


async def test_other_work_has_a_turn_between_slices_and_no_row_is_lost() -> None:
    rows = [f"row {number}" for number in range(MADE * 3 + 1)]
    done, read_at_once, turns = await _turns(rows, 1)
    assert done == [row.upper() for row in rows]
    assert (read_at_once, turns) == ([MADE] * 3 + [1], 3 * ROUNDS)


async def test_rows_that_hold_many_records_make_smaller_slices() -> None:
    done, read_at_once, turns = await _turns(["a", "b", "c", "d", "e"], MADE // 2)
    assert done == ["A", "B", "C", "D", "E"]
    assert (read_at_once, turns) == ([2, 2, 1], 2 * ROUNDS)


async def test_few_rows_are_read_at_once() -> None:
    assert await _turns(["a", "b"], 1) == (["A", "B"], [2], 0)
    assert await _turns([], 1) == ([], [], 0)


def test_what_a_timer_wakes_does_not_wait_for_a_second_slice() -> None:
    read: list[str] = []
    woken_after: list[int] = []

    async def timed() -> None:
        while True:
            await asyncio.sleep(0.001)
            woken_after.append(len(read))

    def slow(some: Sequence[str]) -> Sequence[str]:
        hold(0.003)  # the timer is due by the end of it
        read.extend(some)
        return some

    async def main() -> None:
        work = asyncio.create_task(timed())
        await asyncio.sleep(0)
        await in_turns(in_slices(["a", "b", "c", "d", "e"], slow, weigh=lambda row: MADE))
        work.cancel()

    hurried(main, idle=0)
    assert woken_after == [1, 2, 3, 4]


def test_slices_of_a_sequence_and_of_what_comes_one_by_one_are_the_same_rows() -> None:
    rows = [*range(10)]
    for most in (1, 3, 10, 11):
        weighed = slices(iter(rows), most, lambda row: 1)
        assert [[*some] for some in slices(rows, most)] == [[*some] for some in weighed]
        assert [row for some in slices(iter(rows), most) for row in some] == rows


def test_rows_that_are_taken_are_let_go_of() -> None:
    rows = deque(["a", "b", "c"])
    assert [(row, len(rows)) for row in taken(rows)] == [("a", 2), ("b", 1), ("c", 0)]


@stepwise
def count(most: int, *, until: int = 9) -> Steps[int]:
    """Return the least of two numbers."""
    for _ in range(most):
        yield
    if most > until:
        raise ValueError("too many")
    return most


def test_what_is_stepwise_comes_to_the_same_at_once() -> None:
    assert (count(0), count(3), at_once(count.steps(3))) == (0, 3, 3)
    assert [*count.steps(2)] == [None] * 2
    assert count.__doc__ == "Return the least of two numbers."
    with pytest.raises(ValueError, match="too many"):
        count(3, until=2)
