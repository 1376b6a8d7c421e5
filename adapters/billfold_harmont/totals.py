"""What a build's total says of one window, which a reply may not have kept to. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from billfold.money import Money, exact_sum, sum_by_currency
from billfold.period import Period, utc_text
from billfold.wire import listed, one_case
from billfold_harmont import wire
from billfold_harmont.parse import CURRENCY, usd

_ZERO = Money.zero(CURRENCY)
_DAY = timedelta(days=1)


Rows = Iterable[tuple[int, wire.Build]]


class Doubts(Struct):
    """Why what counts may not be what was debited in a window, found build by build.

    ``across`` are the builds of which anything may have begun outside the window: few, as a rule.
    ``first`` and ``last`` are the starts of the first and the last lease of all.
    """

    window: Period
    builds: int = 0
    across: list[tuple[int, wire.Build]] = []
    first: datetime | None = None
    last: datetime | None = None
    _above: list[str] = []
    _unlisted: list[str] = []
    _bare: list[str] = []

    def add(self, rows: Rows) -> None:
        """Look at some more builds, whose leases were read before."""
        for index, build in rows:
            self.builds += 1
            if starts := starts_of(build):
                self._span(index, build, min(starts), max(starts))
            else:
                self.across.append((index, build))
            self._above += _above_zero(index, build)
            if build.job_count is not None and len(build.jobs) < build.job_count:
                self._unlisted.append(f"{_at(index)}.job_count`")
            if _is_bare(build, self.window):
                self._bare.append(f"{_at(index)}.total_cents`")

    def _span(self, index: int, build: wire.Build, first: datetime, last: datetime) -> None:
        own = build.started_at
        if not (first in self.window and last in self.window and (own or first) in self.window):
            self.across.append((index, build))
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)

    def gaps(self, stated: Decimal | None) -> list[str]:
        """Return in words why not, where ``stated`` is how many builds the reply says there are."""
        totals = unsettled(self.across, self.window)
        missing = ["`$.build_count`"] if stated is not None and stated > self.builds else []
        of_others = "maybe money of this window or of another beyond the leases, which alone count"
        no_debit = "above zero, where a debit is below (a refund, or a sign that is not known)"
        said = [
            (of_others, totals),
            (no_debit, self._above),
            ("more builds counted than listed", missing),
            ("more jobs counted than listed", self._unlisted),
            ("money without any lease, which may be that of other rows", self._bare),
        ]
        return [f"{words}: {listed(places)}" for words, places in said if places]

    def another_window(self, now: datetime) -> str | None:
        """Return in words that a reply with leases far outside the window may not have all inside.

        So replies a server that does not know the parameters, for a window of its own. Leases that
        span what was asked, as far as it has come, show that the reply does, too; rounded bounds
        are near.
        """
        window, first, last = self.window, self.first, self.last
        near = Period(window.start - _DAY, window.end + _DAY)
        if first is None or last is None or (first in near and last in near):
            return None
        if first < window.start + _DAY and last >= min(window.end, now) - _DAY:
            return None
        seen = f"{utc_text(first)} to {utc_text(last)}"
        return f"the reply may be of another window than the one asked, as leases began from {seen}"


def unsettled(across: Rows, window: Period) -> list[str]:
    """Return the places of totals that may have money of the window, or of another one."""
    return [
        f"{_at(index)}.total_cents`" for index, build in across if not _is_settled(build, window)
    ]


def _at(index: int) -> str:
    return f"`$.data[{index}]"


def _is_bare(build: wire.Build, window: Period) -> bool:
    """Return whether a build of the window has money and no lease, as no documented one has."""
    return bool(build.total_cents) and not build.jobs and _begins(build, window)


def beyond_leases(rows: Rows, window: Period) -> list[str]:
    """Return the builds that began in the window and total other money than their leases'."""
    return [
        f"build {one_case(build.build_id)}"
        for _, build in rows
        if build.build_id
        and build.jobs
        and _begins(build, window)
        and usd(build.total_cents) != _total(job.amount_cents for job in build.jobs)
    ]


def named(rows: Rows, window: Period) -> list[str]:
    """Return the builds with an id that cost something in the window."""
    return [
        f"build {one_case(build.build_id)}"
        for _, build in rows
        if build.build_id and any(start in window and cents for start, cents in _begun(build))
    ]


def _above_zero(index: int, build: wire.Build) -> Iterator[str]:
    """Yield the places of amounts that are no debits (section 3.5)."""
    if build.total_cents > 0:
        yield f"{_at(index)}.total_cents`"
    for number, job in enumerate(build.jobs):
        if job.amount_cents > 0:
            yield f"{_at(index)}.jobs[{number}].amount_cents`"


def outside(across: Rows, window: Period) -> list[tuple[datetime, Money]]:
    """Return starts and costs of leases outside the window, as in a reply that ignores it."""
    return [
        (start, -usd(cents))
        for _, build in across
        for start, cents in _begun(build)
        if start not in window
    ]


def unlike(summary: Money, kept: Money, left_out: Sequence[Money]) -> list[str]:
    """Return in words that a summary is of other leases than a reply with some outside the window.

    The summary of the window is what was kept, and one that ignores it as the reply does is all.
    """
    everything = summed([kept, *left_out])
    if summary in (kept, everything):
        return []
    return [
        "the reply may be of another window than the one asked: its summary is "
        f"{summary}, and what counts is {kept}, or {everything} with what began outside"
    ]


def is_beyond(across: Rows, window: Period) -> bool:
    """Return whether any lease began outside the window."""
    return any(start not in window for _, build in across for start in starts_of(build))


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


def _begun(build: wire.Build) -> list[tuple[datetime, Decimal]]:
    alone = [] if build.started_at is None else [(build.started_at, build.total_cents)]
    return [(job.started_at, job.amount_cents) for job in build.jobs] or alone


def stated_of(
    build: wire.Build, leases: Sequence[Money], wanted: Money, window: Period, *, whole: bool
) -> Money:
    """Return what a build's total states of the window.

    What it has beyond its leases belongs to the window in which the build began, as in any other
    it would count again. Beside leases that cost something outside the window nobody knows which
    of them it has: those inside count, which cost what is ``wanted``. ``whole`` is whether they are
    all.
    """
    alone = (whole or summed(leases) == wanted) and _begins(build, window)
    return -usd(build.total_cents) if alone else wanted


def adds_up(build: wire.Build) -> bool:
    """Return whether a build's total is that of its leases."""
    return build.total_cents == exact_sum([job.amount_cents for job in build.jobs])


def _total(cents: Iterable[Decimal]) -> Money:
    return summed(map(usd, cents))


def summed(amounts: Iterable[Money]) -> Money:
    """Return the sum of some amounts, zero of none."""
    return sum_by_currency([_ZERO, *amounts])[CURRENCY]
