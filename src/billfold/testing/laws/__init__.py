"""The laws, as functions over any adapter with a simulator. None of them knows pytest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from billfold.testing.harness import Subject
from billfold.testing.laws import faults, holes, numbers, secrecy, timing
from billfold.testing.watch import run

# Gives how many times something was made to go wrong, where that is worth counting.
Law = Callable[[Subject], Awaitable[int | None]]

LAWS: dict[str, Law] = {
    "exact": numbers.exact,
    "conserved": numbers.conserved,
    "split": numbers.split,
    "stable": numbers.stable,
    "covered": holes.covered,
    "failing": holes.failing,
    "isolated": holes.isolated,
    "open-world": holes.open_world,
    "nulls": holes.nulls,
    "wrong-types": holes.wrong_types,
    "secret": secrecy.secret,
    "waits": timing.waits,
    "cancelled": timing.cancelled,
    "left": timing.left,
    "twice": timing.twice,
    "unblocked": timing.unblocked,
    "borrowed": timing.borrowed,
    **{f"fault {name}": partial(faults.survived, name=name) for name in faults.FATES},
}


def prove(subject: Subject, law: str) -> int:
    """Check one law, in an event loop of its own, and count what was struck: a fault at an endpoint of a stream, or a place.

    Raises LawBroken (an AssertionError) that says what was seen.
    """
    struck = 0

    async def work() -> None:
        nonlocal struck
        struck = await LAWS[law](subject) or 0

    run(law, work)
    return struck
