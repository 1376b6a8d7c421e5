"""The views of the same money that providers give, one account's part of each, and their sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from billfold.answer import Answer
from billfold.coverage import Coverage
from billfold.model import (
    Balance,
    Cause,
    DailyCost,
    Invoice,
    LedgerEntry,
    State,
    Stream,
    Usage,
)
from billfold.model.shared_names import SharedNames
from billfold.money import Money
from billfold.period import Period, gaps, merged
from billfold.reconcile._sums import sum_of
from billfold.reconcile.identity import Identity, NotCompared

_MOST_EVIDENCE = 20
# What these answered is all that there is in the window that they cover.
_IN_FULL = frozenset({State.COMPLETE, State.DIFFERENT_WINDOW})
_OF_ALL_TIME = frozenset({Stream.LEDGER, Stream.INVOICES})  # they are asked without a period
_OF_THE_PERIOD = frozenset({Stream.USAGE, Stream.DAILY})

Finding = Identity | NotCompared


@frozen
class Views:
    """The views of the same money, as every account answered them."""

    usage: Answer[Usage]
    daily: Answer[DailyCost]
    ledger: Answer[LedgerEntry]
    balances: Answer[Balance]
    invoices: Answer[Invoice]

    @property
    def answers(self) -> tuple[Answer[Any], ...]:
        """All of them."""
        return (self.usage, self.daily, self.ledger, self.balances, self.invoices)

    def projects(self) -> SharedNames:
        """Return what their projects are called."""
        lines = (line for invoice in self.invoices for line in invoice.lines)
        return SharedNames.of("sub_account", (*self.usage, *lines))


@frozen
class AccountViews:
    """One account's part of every view, or one of its billing accounts' (``part``, not ``others``).

    The ledger and the invoices are of any period; ``requested`` is the caller's. Documents that ask
    for no money of their own are left out. ``elsewhere`` are the streams and billing accounts of
    which another account has records, where this one says that they are shared.
    """

    account: str
    provider: str
    usages: tuple[Usage, ...] = ()
    days: tuple[DailyCost, ...] = ()
    ledger: tuple[LedgerEntry, ...] = field(default=(), repr=False)
    balances: tuple[Balance, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    requested: Period | None = None
    part: str | None = None
    others: frozenset[str] = frozenset()
    elsewhere: frozenset[tuple[Stream, str]] = frozenset()
    projects: SharedNames = field(factory=SharedNames)

    @classmethod
    def of(
        cls,
        account: str,
        provider: str,
        views: Views,
        requested: Period | None,
        projects: SharedNames,
    ) -> AccountViews:
        """Return an account's part of the views."""
        usages, days, ledger, balances, invoices = (
            tuple(item for item in answer if item.account == account) for answer in views.answers
        )
        coverage = (row for answer in views.answers for row in answer.coverage)
        return cls(
            account,
            provider,
            usages,
            days,
            ledger,
            balances,
            tuple(invoice for invoice in invoices if invoice.counts),
            tuple(row for row in coverage if row.account == account),
            requested,
            elsewhere=frozenset(_elsewhere(account, provider, views)),
            projects=projects,
        )

    def parts(self, *views: str) -> Iterator[AccountViews]:
        """Yield the views of each billing account, where all records of the named views say theirs.

        Otherwise they are compared as the one that is known, or as a whole.
        """
        owners = {_owner(item) for view in views for item in getattr(self, view)}
        named = sorted(owner for owner in owners if owner is not None)
        if len(named) == 1:
            others = self._billing_accounts() - {*named} if None not in owners else frozenset()
            yield evolve(self, part=named[0], others=others)
            return
        if not named or None in owners:
            yield evolve(self, part=None)
            return
        for name in named:
            own: dict[str, Any] = {
                view: tuple(item for item in getattr(self, view) if _owner(item) == name)
                for view in views
            }
            yield evolve(self, part=name, others=self._billing_accounts() - {name}, **own)

    def _billing_accounts(self) -> frozenset[str]:
        """Return the billing accounts of all records, and those that only failures name.

        What both the balances and the ledger lack is one: neither has parts of another kind.
        """
        items = (*self.usages, *self.days, *self.ledger, *self.balances, *self.invoices)
        lacking = [
            {row.part for row in self.coverage if row.stream is stream and row.part is not None}
            for stream in (Stream.BALANCES, Stream.LEDGER)
        ]
        owners = {owner for item in items if (owner := _owner(item)) is not None}
        return frozenset(owners | (lacking[0] & lacking[1]))

    def has(self, *streams: Stream) -> bool:
        """Return whether the provider has all of the streams."""
        states = [{row.state for row in self.coverage if row.stream is name} for name in streams]
        return all(found - {State.UNSUPPORTED} for found in states)

    def unread(self, *streams: Stream, of: Iterable[Period] | None = None) -> str | None:
        """Return which streams were not read in full, and why; None where all of them were.

        What is absent from a stream that was read in full is zero. The ledger and the invoices have
        to be known for the windows ``of``, None is from the first entry on.
        """
        reasons = []
        for stream in streams:
            rows = [row for row in self.coverage if row.stream is stream]
            # A hole that is another billing account's is none of this one.
            own = [row for row in rows if row.part not in self.others]
            holes = [row for row in own if row.state not in _IN_FULL]
            if holes or not rows:
                states = dict.fromkeys(row.state.replace("_", " ") for row in holes)
                reasons.append(f"{stream} {' and '.join(states) or 'not read'}")
            elif stream in _OF_ALL_TIME and (lack := lack_of(own, of)):
                reasons.append(f"{stream} {lack}")
            elif self.part is not None and (stream, self.part) in self.elsewhere:
                reasons.append(f"{stream} of {self.part} counts in another account")
        return " and ".join(reasons) or None

    def open_until(self, window: Period | None = None) -> datetime | None:
        """Return up to when usage can be known of a window that is not over, None if it is."""
        moment = max(known_of_period(self.coverage), default=None)
        is_over = moment is not None and window is not None and window.end <= moment
        return None if is_over else moment

    @property
    def read_at(self) -> datetime | None:
        """When the balances were read, and the ledger beside them; None where nothing says it."""
        return min((balance.as_of for balance in self.balances), default=None)

    @property
    def windows(self) -> tuple[Period, ...]:
        """What the usage covers, in order; usages that meet make one window."""
        rows = [row for row in self.coverage if row.stream is Stream.USAGE]
        read = [row.covers or self.requested for row in rows if row.state is State.COMPLETE]
        covered = [*read, *(usage.covers for usage in self.usages)]
        return merged(period for period in covered if period is not None)

    @property
    def days_read(self) -> tuple[Period, ...]:
        """What the daily costs cover, in order; nothing where an answer does not say it."""
        rows = [row for row in self.coverage if row.stream is Stream.DAILY and self._is_read(row)]
        covered = [row.covers or self.requested for row in rows]
        return () if None in covered else merged(each for each in covered if each is not None)

    def _is_read(self, row: Coverage) -> bool:
        return row.state in _IN_FULL and row.part not in self.others

    @property
    def window(self) -> Period | None:
        """What the usage covers, None where that is not one window."""
        windows = self.windows
        return windows[0] if len(windows) == 1 else None

    @property
    def scope(self) -> tuple[Period, ...]:
        """What the comparison is about: what was requested, and what the usage covers."""
        asked = () if self.requested is None else (self.requested,)
        return merged([*asked, *self.windows])

    def identity(
        self,
        name: str,
        period: Period | None,
        stated: Money,
        computed: Money,
        cause: Cause = Cause.UNKNOWN,
        evidence: Sequence[str] = (),
        uneven: Sequence[Money] = (),
        together: Sequence[str] = (),
    ) -> Identity:
        """Return two sides compared, in all and by the differences of their days (``uneven``).

        ``cause`` and the first twenty lines of ``evidence`` are of a gap beyond rounding; without
        one those of ``together`` say what agrees only in sums.
        """
        gap = stated - computed
        agreed = Identity(
            self.account,
            self.provider,
            name,
            period,
            stated,
            computed,
            evidence=_first(together),
            part=self.part,
        )
        differences = [gap, *uneven]
        if all(difference.amount == 0 for difference in differences):
            return agreed
        if all(difference.is_rounding_noise() for difference in differences):
            noise = f"{gap} is at most half of the smallest unit"
            return evolve(agreed, cause=Cause.ROUNDING, evidence=(noise, *agreed.evidence))
        return evolve(agreed, cause=cause, evidence=_first(evidence))

    def not_compared(
        self, name: str, period: Period | None, amounts: Iterable[Money | None], reason: str
    ) -> Iterator[NotCompared]:
        """Yield what could not be compared, per currency; nothing is at stake where it is zero."""
        listed = list(amounts)
        unknown = [None] if None in listed else []
        for amount in [*sum_of(listed).values(), *unknown]:
            if amount is None or amount.amount:
                yield NotCompared(
                    self.account, self.provider, self.part, name, period, amount, reason
                )


def _first(evidence: Sequence[str]) -> tuple[str, ...]:
    """Return the first lines, and how many more there are."""
    shown, more = tuple(evidence[:_MOST_EVIDENCE]), len(evidence) - _MOST_EVIDENCE
    return (*shown, f"and {more} more") if more > 0 else shown


def known_of_period(coverage: Iterable[Coverage]) -> list[datetime]:
    """Return up to when what was asked of a period that is not over is known.

    The ledger, the balances and the invoices are those of all time, which is never over.
    """
    return [
        row.known_until
        for row in coverage
        if row.known_until is not None and row.stream in _OF_THE_PERIOD
    ]


def lack_of(rows: Iterable[Coverage], windows: Iterable[Period] | None) -> str | None:
    """Return what of windows (None: of all time) is not known of a stream asked without a period.

    A store knows the windows that were read, and never what was before the first of them.
    """
    partly = [row for row in rows if row.state is State.DIFFERENT_WINDOW]
    if not partly:
        return None
    known = merged(row.covers for row in partly if row.covers is not None)
    if windows is None:
        read = merged(each for row in partly if (each := _as_read(row)) is not None)
        return f"known of {', '.join(map(str, read))} only"
    missing = [gap for window in windows for gap in gaps(window, known)]
    return f"of {', '.join(map(str, missing))} not read" if missing else None


def _as_read(row: Coverage) -> Period | None:
    """Return what a row covers, of a window that runs up to when it is known."""
    if row.covers is None or row.known_until is None or row.known_until <= row.covers.start:
        return row.covers
    return Period(row.covers.start, min(row.covers.end, row.known_until))


def _elsewhere(account: str, provider: str, views: Views) -> Iterator[tuple[Stream, str]]:
    """Yield the streams and billing accounts whose records another account has counted (law 3)."""
    for answer in views.answers:
        if any(row.account == account and row.counted_in for row in answer.coverage):
            for item in answer:
                owner = _owner(item)
                if item.provider == provider and item.account != account and owner is not None:
                    yield answer.stream, owner


def _owner(item: Any) -> str | None:
    """Return the billing account that a record is of; a balance may name it by its scope."""
    owner: str | None = item.billing_account_id
    return owner or (item.scope_name if isinstance(item, Balance) else None)
