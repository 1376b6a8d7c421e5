"""Which accounts' costs a total has, which it lacks, and what time they are of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from billfold.answer import Answer, holes_of, windows_read
from billfold.coverage import Coverage
from billfold.holes import Hole, why
from billfold.model import ANSWERED, State, Usage
from billfold.report.figures import days_of


@frozen
class Shortfall:
    """Accounts of which something is lacking for one reason, and the period that is there."""

    accounts: str
    provider: str
    reason: str
    covers: str


@frozen
class Window:
    """The time that some accounts' costs are of; ``is_open`` where it is not over."""

    name: str
    accounts: str
    is_open: bool


@frozen
class Completeness:
    """The accounts that answered in full, those that did not, and those that a filter left out.

    Of those that did not, the total has nothing (``not_included``), a part (``partly_included``),
    or the costs of another period (``other_period``).
    """

    complete: tuple[str, ...]
    incomplete: tuple[str, ...]
    left_out: tuple[str, ...]
    not_included: tuple[Shortfall, ...]
    partly_included: tuple[Shortfall, ...]
    other_period: tuple[Shortfall, ...]

    @classmethod
    def of(cls, usage: Answer[Usage]) -> Completeness:
        """Return how complete an answer is, by account in the order they were asked."""
        unsupported = State.UNSUPPORTED
        asked = dict.fromkeys(row.account for row in usage.coverage if row.state is not unsupported)
        missing = {hole.account for hole in usage.holes}
        return cls(
            tuple(name for name in asked if name not in missing),
            tuple(name for name in asked if name in missing),
            usage.left_out,
            *(
                shortfalls(hole for hole in holes_of(usage) if _included(hole.row) is included)
                for included in (None, State.PARTIAL, State.DIFFERENT_WINDOW)
            ),
        )


def _included(hole: Coverage) -> State | None:
    """Return in which way a hole's costs are in the total, None for those that are not."""
    return hole.state if hole.covers is not None and hole.state in ANSWERED else None


def shortfalls(holes: Iterable[Hole[Coverage]]) -> tuple[Shortfall, ...]:
    """Return what is lacking by holes: a row per reason."""
    alike: dict[tuple[str, str, str], list[Hole[Coverage]]] = {}
    for hole in holes:
        covers = "" if hole.row.covers is None else days_of(hole.row.covers)
        reason = hole.reason or hole.row.state.replace("_", " ")
        alike.setdefault((hole.row.provider, reason, covers), []).append(hole)
    return tuple(
        Shortfall(
            ", ".join(hole.row.name for hole in holes), provider, why(holes) or reason, covers
        )
        for (provider, reason, covers), holes in alike.items()
    )


def windows_of(usage: Answer[Usage], now: datetime) -> tuple[Window, ...]:
    """Return what the accounts' usage covers, earliest first."""
    accounts = windows_read(usage)
    return tuple(
        Window(days_of(covers), ", ".join(accounts[covers]), covers.end > now)
        for covers in sorted(accounts)
    )
