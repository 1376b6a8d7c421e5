"""The identity between what a ledger took for usage and the usage, lease by lease and by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar

from attrs import frozen

from billfold.counted import counted
from billfold.model import Cause, Charge, LedgerEntry, Stream
from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.reconcile._counterparts import POSTED, READING, SWEPT, late, without_counterpart
from billfold.reconcile._sums import beyond, both_sides, priced_charges, sum_of, total_of
from billfold.reconcile.views import AccountViews, Finding

T = TypeVar("T")

_NAME = "ledger debits vs. usage"
_LEASE = timedelta(days=1)  # the longest job that is looked for across the edge of a window
_LONG_LEASE = timedelta(days=7)  # the longest that a raised time-out is thought to let a job run
_LATE = timedelta(days=2)  # within which a debit comes that is only late


def debit_identities(views: AccountViews) -> Iterator[Finding]:
    """Yield what was taken from the balance for usage, compared with the usage, per currency."""
    if views.has(Stream.USAGE, Stream.LEDGER):
        for part in views.parts("usages", "ledger"):
            yield from _compared(part)


def _compared(views: AccountViews) -> Iterator[Finding]:
    used = total_of(views.usages)
    debits = [entry for entry in views.ledger if entry.for_usage]
    if reason := views.unread(Stream.USAGE, Stream.LEDGER, of=views.windows):
        taken = sum_of(-debit.amount for debit in debits if _is_in(debit.at, views.scope))
        yield from views.not_compared(_NAME, views.window, (used or taken).values(), reason)
        return
    pairs = _Pairs.of(views, debits)
    taken = sum_by_currency(-debit.amount for debit in pairs.inside)
    for stated, computed in both_sides(taken, used):
        gap = pairs.in_currency(stated.currency)
        yield views.identity(
            _NAME,
            views.window,
            stated,
            computed,
            gap.cause(views.open_until(views.window)),
            gap.evidence(),
            gap.uneven(),
            gap.together(),
        )
    for kind, entries in _by_kind(pairs.unclear).items():
        reason = f"nothing says what debits of kind {kind!r} pay for"
        amounts = (-entry.amount for entry in entries)
        yield from views.not_compared(_NAME, views.window, amounts, reason)


def _is_in(moment: datetime, windows: Iterable[Period]) -> bool:
    return any(moment in window for window in windows)


def _by_kind(entries: Iterable[LedgerEntry]) -> dict[str, list[LedgerEntry]]:
    kinds: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        kinds[entry.kind].append(entry)
    return kinds


@frozen
class _Pairs:
    """Leases and debits, and which have no counterpart.

    ``leases`` and ``inside`` are the leases, and the debits for usage, of the windows. ``unused``
    are those that are no lease's; ``unpaid`` are leases without any debit, ``later`` those whose
    debit lies outside the windows. ``maybe_later`` are leases without any that may have been
    debited late, outside the windows, where nobody knows what else was leased. ``derived`` charges
    are of a total, so no debit is their own. ``unclear`` are debits that may pay for anything.
    ``newest`` is when the ledger's last entry was posted, ``read_at`` when it was read.
    """

    windows: Sequence[Period]
    leases: Sequence[Charge]
    inside: Sequence[LedgerEntry]
    unused: Sequence[LedgerEntry]
    unpaid: Sequence[Charge]
    later: Sequence[Charge]
    maybe_later: Sequence[Charge]
    derived: Sequence[Charge]
    unclear: Sequence[LedgerEntry]
    newest: datetime | None
    read_at: datetime | None

    @classmethod
    def of(cls, views: AccountViews, debits: Sequence[LedgerEntry]) -> _Pairs:
        """Pair the leases with the debits; what an unknown kind took may be a lease's, too."""
        windows, priced = views.windows, priced_charges(views.usages)
        inside = [debit for debit in debits if _is_in(debit.at, windows)]
        outside = [debit for debit in debits if not _is_in(debit.at, windows)]
        others = [
            entry for entry in views.ledger if not entry.for_usage and entry.amount.amount < 0
        ]
        leases = [charge for charge in priced if not charge.derived and charge.cost is not None]
        unpaid, unused = without_counterpart(leases, inside)
        remaining, after = without_counterpart(unpaid, outside)
        # Only then what was posted late, which any other of the same amount may be, too.
        later = _without(unpaid, remaining)
        overdue, unused = late(_without(leases, later), inside, remaining, unused)
        without_any, unclear = without_counterpart(overdue, others)
        without_late, _ = without_counterpart(without_any, after, SWEPT)
        renamed = _without(others, unclear)
        return cls(
            windows,
            leases,
            [*inside, *(entry for entry in renamed if _is_in(entry.at, windows))],
            unused,
            without_any,
            later,
            _without(without_any, without_late),
            [charge for charge in priced if charge.derived],
            [entry for entry in unclear if _is_in(entry.at, windows)],
            max((entry.at for entry in views.ledger), default=None),
            views.read_at,
        )

    def in_currency(self, currency: str) -> _Pairs:
        """Return what is in one currency."""

        def leases(charges: Sequence[Charge]) -> list[Charge]:
            return [c for c in charges if c.cost is not None and c.cost.currency == currency]

        def entries(debits: Sequence[LedgerEntry]) -> list[LedgerEntry]:
            return [debit for debit in debits if debit.amount.currency == currency]

        return _Pairs(
            self.windows,
            leases(self.leases),
            entries(self.inside),
            entries(self.unused),
            leases(self.unpaid),
            leases(self.later),
            leases(self.maybe_later),
            leases(self.derived),
            entries(self.unclear),
            self.newest,
            self.read_at,
        )

    def evidence(self) -> list[str]:
        """Return a line for each lease and debit without a counterpart."""
        without_any = _without(self.unpaid, self.maybe_later)
        outside = [*self.maybe_later, *self.later]
        return [
            *(f"{lease.id}: {lease.cost}, no debit" for lease in without_any),
            *(f"{lease.id}: {lease.cost}, no debit inside the window" for lease in outside),
            *(f"{debit.id}: {-debit.amount}, {self._whose(debit)}" for debit in self.unused),
            *(
                f"{charge.id}: {charge.cost}, computed from a stated total, so no debit is its own"
                for charge in self.derived
            ),
        ]

    def _whose(self, debit: LedgerEntry) -> str:
        first = self._first_of_two(debit)
        if first is None:
            return "of no lease that began inside the window"
        return f"a second one beside {first.id}, and of no other lease that began inside the window"

    def _first_of_two(self, debit: LedgerEntry) -> LedgerEntry | None:
        """Return a lease's debit of the same amount that was posted within minutes of this one."""
        paid = self._of_leases.get(debit.amount, ())
        return next((each for each in paid if abs(each.at - debit.at) < POSTED), None)

    @cached_property
    def _of_leases(self) -> Mapping[Money, Sequence[LedgerEntry]]:
        paid: dict[Money, list[LedgerEntry]] = defaultdict(list)
        for debit in _without(self.inside, self.unused):
            paid[debit.amount].append(debit)
        return paid

    def uneven(self) -> list[Money]:
        """Return the differences of the days, by when a lease ended and a debit was posted.

        A charge of more than a day, or of a total, may be debited on any day, but not twice.
        """
        charges = [*self.unpaid, *self.later]
        any_day = [*self.derived, *(charge for charge in charges if _is_long(charge))]
        days: dict[date, list[Money]] = defaultdict(list)
        for lease in charges:
            if lease.cost is not None and not _is_long(lease):
                days[lease.period.end.date()].append(-lease.cost)
        for debit in self.unused:
            days[debit.at.date()].append(-debit.amount)
        rests = [rest for amounts in days.values() for rest in sum_of(amounts).values()]
        return [beyond(rest, [charge.cost for charge in any_day]) for rest in rests]

    def together(self) -> list[str]:
        """Return a line for each day of which leases and debits add up, and are no one another's.

        One debit may pay for several leases, or what is wrong in one be made up by another.
        """
        leases: dict[date, list[Money]] = defaultdict(list)
        debits: dict[date, list[Money]] = defaultdict(list)
        charges = [*self.unpaid, *self.later]
        any_day = [*self.derived, *filter(_is_long, charges)]
        for lease in charges:
            if lease.cost is not None and not _is_long(lease):
                leases[lease.period.end.date()].append(lease.cost)
        for debit in self.unused:
            debits[debit.at.date()].append(-debit.amount)
        in_sums = [f"{charge.id}: {charge.cost}, compared in sums alone" for charge in any_day]
        return in_sums + [
            f"{day}: {counted(len(costs), 'lease')} and {counted(len(debits[day]), 'debit')} add "
            f"up to {taken}, and were not compared one by one"
            for day, costs in sorted(leases.items())
            for taken in sum_of(debits.get(day, ())).values()
            if [taken] == list(sum_of(costs).values())
        ]

    def cause(self, known_until: datetime | None) -> Cause:
        """Return what all that has no counterpart shows; two causes make up no gap, so unknown.

        But timing beside late data is late: both lie at the windows' edges.
        """
        causes = {self._cause_of_debit(debit, known_until) for debit in self.unused}
        without_any = _without(self.unpaid, self.maybe_later)
        causes |= {self._cause_of_lease(lease, known_until) for lease in without_any}
        causes |= {Cause.TIMING for _ in [*self.maybe_later, *self.later]} | {
            Cause.UNKNOWN for _ in self.derived
        }
        if causes == {Cause.TIMING, Cause.LATE_DATA}:
            return Cause.LATE_DATA
        return causes.pop() if len(causes) == 1 else Cause.UNKNOWN

    def _cause_of_lease(self, lease: Charge, known_until: datetime | None) -> Cause:
        """Return why a lease has no debit, inside the windows or after."""
        end = known_until or max((window.end for window in self.windows), default=None)
        if end is None or lease.period.end <= end - _LEASE:
            return Cause.UNKNOWN
        if known_until is not None:
            return Cause.TIMING
        # Where the ledger went on for longer, or was read later, it is not late but missing.
        went_on = self.newest is not None and self.newest >= end + _LEASE
        is_over = self.read_at is not None and self.read_at >= lease.period.end + _LATE
        return Cause.UNKNOWN if went_on or is_over else Cause.LATE_DATA

    def _cause_of_debit(self, debit: LedgerEntry, known_until: datetime | None) -> Cause:
        """Return why a debit is of no lease of the windows: one of before, or one not listed.

        A second one beside a lease's own may be either, or taken twice. One posted as the views
        were read may be of a lease that ended after the usage was.
        """
        read = known_until or self.read_at
        if read is not None and debit.at >= read - READING:
            return Cause.TIMING
        first = self._first_of_two(debit)
        if first is not None and not self._is_of_before(first, debit):
            return Cause.UNKNOWN
        if self._is_after_start(debit, _LEASE):
            return Cause.TIMING
        if self._is_after_start(debit, _LONG_LEASE) or debit.amount.amount > 0:
            return Cause.UNKNOWN
        return Cause.MISSING_USAGE

    def _is_of_before(self, first: LedgerEntry, second: LedgerEntry) -> bool:
        """Return whether one of two debits is of a lease of before, if that was as long.

        Nothing tells equal debits apart, so either may be of the lease inside.
        """
        earlier = min(first.at, second.at)
        return any(
            earlier - (lease.period.end - lease.period.start) < window.start <= earlier
            for lease in self._leases_of.get(-first.amount, ())
            if abs(lease.period.end - first.at) < POSTED
            for window in self.windows
        )

    @cached_property
    def _leases_of(self) -> Mapping[Money, Sequence[Charge]]:
        leases: dict[Money, list[Charge]] = defaultdict(list)
        for lease in self.leases:
            if lease.cost is not None:
                leases[lease.cost].append(lease)
        return leases

    def _is_after_start(self, debit: LedgerEntry, within: timedelta) -> bool:
        return any(window.start <= debit.at < window.start + within for window in self.windows)


def _without(items: Iterable[T], others: Iterable[T]) -> list[T]:
    identities = {id(other) for other in others}
    return [item for item in items if id(item) not in identities]


def _is_long(charge: Charge) -> bool:
    return charge.period.end - charge.period.start > _LEASE
