"""The laws, as functions over any adapter with a simulator. None of them knows pytest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from billfold.testing.bench import Subject
from billfold.testing.laws import faults, holes, numbers, secrecy, timing
from billfold.testing.watch import run

Law = Callable[[Subject], Awaitable[None]]

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


def prove(subject: Subject, law: str) -> None:
    """Check one law, in an event loop of its own. Raises LawBroken (an AssertionError) that says what was seen."""

    async def work() -> None:
        await LAWS[law](subject)

    run(law, work)
