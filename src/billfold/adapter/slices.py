"""The rows of a large reply, read a slice at a time, so that other work is not kept waiting."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from billfold.http.turns import come_round

T = TypeVar("T")
R = TypeVar("R")

PER_SLICE = 500  # records: some 20 ms of work


def _one(_: object) -> int:
    return 1


async def pause_after(records: int) -> None:
    """Let what else is waiting have its turn, if so many records were worth one."""
    if records >= PER_SLICE:
        await come_round()


async def in_slices(
    rows: Iterable[T], read: Callable[[Sequence[T]], Iterable[R]], weigh: Callable[[T], int] = _one
) -> list[R]:
    """Return what ``read`` returns of all rows, which it is given in slices.

    Between two slices the loop comes round to what else is waiting. ``weigh`` is how many records
    a row holds; one row is never cut.
    """
    done: list[R] = []
    some: list[T] = []
    weight = 0
    for row in rows:
        some.append(row)
        weight += weigh(row)
        if weight >= PER_SLICE:
            done += read(some)
            some, weight = [], 0
            await come_round()
    done += read(some)
    return done
