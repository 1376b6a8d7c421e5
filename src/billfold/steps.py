"""Long work in steps: after each it pauses, and who runs it lets other work have its turn. Pure.

A generator of steps yields nothing but pauses, and returns what the work comes to. Work on few
records has no pause and costs a call or two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import update_wrapper
from itertools import islice
from typing import Generic, ParamSpec, TypeAlias, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

Steps: TypeAlias = Generator[None, None, T]

# Records that are made, or read from what nobody documented: some 15 ms of work.
MADE = 500
# Records that are only looked at: some ms.
LOOKED_AT = 2_000


def at_once(steps: Steps[T]) -> T:
    """Return what steps come to, without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: T = end.value
            return value


class stepwise(Generic[P, T]):
    """A function that does all at once, and whose ``steps`` do the same with pauses."""

    def __init__(self, steps: Callable[P, Steps[T]]) -> None:
        self.steps = steps
        update_wrapper(self, steps)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the steps come to."""
        return at_once(self.steps(*args, **kwargs))


def slices(
    rows: Iterable[T], most: int = MADE, weigh: Callable[[T], int] | None = None
) -> Iterator[Sequence[T]]:
    """Yield rows some at a time, as many as ``most`` records are; no row is ever cut.

    ``weigh`` is how many records a row holds: one, where it is left out.
    """
    if weigh is None:
        left = iter(rows)
        while some := list(islice(left, most)):
            yield some
        return
    some = []
    weight = 0
    for row in rows:
        some.append(row)
        weight += weigh(row)
        if weight >= most:
            yield some
            some, weight = [], 0
    if some:
        yield some


def taken(rows: deque[T]) -> Iterator[T]:
    """Yield rows and let go of each, so that no step at the end has to free them all."""
    while rows:
        yield rows.popleft()


def letting_go(rows: list[T], most: int = LOOKED_AT) -> Steps[None]:
    """Let go of rows that nothing else holds, so many at a time, from the last on."""
    while len(rows) > most:
        del rows[-most:]
        yield


def in_slices(
    rows: Iterable[T],
    read: Callable[[Sequence[T]], Iterable[R]],
    most: int = MADE,
    weigh: Callable[[T], int] | None = None,
) -> Steps[list[R]]:
    """Return what ``read`` returns of all rows, which it is given some at a time.

    Pauses between two of these :func:`slices`.
    """
    done: list[R] = []
    for number, some in enumerate(slices(rows, most, weigh)):
        if number:
            yield
        done += read(some)
    return done
