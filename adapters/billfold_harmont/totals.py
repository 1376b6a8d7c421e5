"""What a build's total says of one window, which a reply may not have kept to. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from billfold.model import Charge
from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold_harmont import wire
from billfold_harmont.parse import CURRENCY, builds, usd


def unsettled(breakdown: wire.Breakdown, window: Period) -> list[str]:
    """Return the places of totals that may have money of the window, or of another one."""
    return [
        f"`$.data[{index}].total_cents`"
        for index, build in builds(breakdown).rows
        if not _is_settled(build, window)
    ]


def _is_settled(build: wire.Build, window: Period) -> bool:
    """Return whether it is clear what a build's total has beyond its leases in the window.

    A reply that ignores the window may total all leases or those asked for: an exact match decides.
    """
    starts = starts_of(build)
    within = [start in window for start in starts]
    if not any(within) or (all(within) and _begins(build, window)):
        return True  # nearly always
    inside = [job.amount_cents for job in build.jobs if job.started_at in window]
    everything = [job.amount_cents for job in build.jobs]
    total, asked, whole = usd(build.total_cents), _total(inside), _total(everything)
    return total in (asked, whole) or (asked == whole and _begins(build, window))


def _begins(build: wire.Build, window: Period) -> bool:
    """Return whether a build began in the window: by its own word, or else with a lease."""
    alone = [] if build.started_at is None else [build.started_at]
    return min(starts_of(build) + alone) in window


def starts_of(build: wire.Build) -> list[datetime]:
    """Return when a build's leases began, or the build itself where it has none."""
    alone = [] if build.started_at is None else [build.started_at]
    return [job.started_at for job in build.jobs] or alone


def stated_of(
    build: wire.Build, leases: Sequence[Money], inside: Sequence[Charge], window: Period
) -> Money:
    """Return what a build's total states of the window.

    What it has beyond its leases belongs to the window in which the build began, as in any other
    it would count again. Beside leases that cost something outside the window nobody knows which
    of them it has: those inside count.
    """
    wanted = summed(charge.cost for charge in inside if charge.cost is not None)
    alone = summed(leases) == wanted and _begins(build, window)
    return -usd(build.total_cents) if alone else wanted


def _total(cents: Iterable[Decimal]) -> Money:
    return summed(map(usd, cents))


def summed(amounts: Iterable[Money]) -> Money:
    """Return the sum of some amounts, zero of none."""
    return sum_by_currency([Money.zero(CURRENCY), *amounts])[CURRENCY]
