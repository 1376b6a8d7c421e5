"""One bill per subscription, where the provider does not say whose a bill is. Pure."""

from typing import Any, cast

from attrs import define, evolve, field, frozen

from billfold.adapter import DriftError, Reading, State
from billfold.model import Usage


@frozen
class Bill:
    """A project's cycle; ``subscription`` is its id where the reply names no project, else None."""

    label: str
    usage: Usage
    subscription: str | None


@define
class Subscriptions:
    """The subscriptions billed so far to a project that only our request names."""

    _first: dict[str, str] = field(factory=dict, init=False)

    def usage(self, reading: Reading[Bill]) -> Reading[Usage]:
        """Return a project's usage; the bill of another one again, in its place, is a failure.

        So answers a server that does not know the filter: its cents would count once per project.
        """
        for bill in reading.items:
            first = self._first.setdefault(bill.subscription or "", bill.label)
            if bill.subscription and first != bill.label:
                return _counted(reading, first, bill)
        usages: Any = tuple(bill.usage for bill in reading.items)
        return cast(Reading[Usage], evolve(reading, items=usages))


def _counted(reading: Reading[Bill], first: str, bill: Bill) -> Reading[Usage]:
    words = f"the reply names no project, and its subscription was billed to {first} already"
    error = DriftError(f"{words} - at `$.data.id`").about(bill.label)
    return Reading(state=State.FAILED, error=error, part=reading.part)
