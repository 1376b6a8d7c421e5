"""An adapter that reads the book instead of a provider: so every view works over it unchanged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Any

from attrs import evolve, field, frozen

from billfold.adapter.declaration import Declaration
from billfold.adapter.reading import Reading, Readings
from billfold.coverage import NOT_KEPT
from billfold.http.client import Client
from billfold.model import (
    Balance,
    Credential,
    DailyCost,
    Invoice,
    InvoiceKind,
    LedgerEntry,
    PaymentMethod,
    State,
    Stream,
    Subscription,
    Usage,
    bills_in,
)
from billfold.period import Period, midnight
from billfold.store.idle import Idle
from billfold.store.limited import Reach
from billfold.store.reader import Reader
from billfold.store.runs_elsewhere import as_it_runs
from billfold.store.stored_answer import Asked
from billfold.store.sync_rows import first_read
from billfold.store.unread import first_within

_NO_TOLERANCE = timedelta(0)


def of_what_is_kept(declares: Declaration) -> Declaration:
    """Return the same of a provider whose billing cycles are known when they are gone, too."""
    return evolve(declares, only_running_cycles=False)


@frozen(eq=False)
class Stored:
    """What a book holds of one account, read by the reader that accounts share.

    A window that was read last up to ``tolerance`` before its end counts as complete. Nothing else
    counts than what is within ``reach``.
    """

    provider: str
    declares: Declaration
    account: str
    reader: Reader
    clock: Callable[[], datetime]
    tolerance: timedelta = field(default=_NO_TOLERANCE)
    reach: Reach = None

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Yield the usages of a period, and how well they were read.

        None is what runs: of billing cycles the one that has ended within the month does not, and
        of a month that was read in parts all of them do.
        """
        del client
        for reading in await self._readings(Stream.USAGE, period):
            yield reading

    async def daily(self, client: Client, period: Period | None) -> Readings[DailyCost]:
        """Yield the days of a period by organization, whatever the window they were read for."""
        del client
        for reading in await self._readings(Stream.DAILY, period):
            within = reading if period is None else _of_days(reading, period)
            yield evolve(within, items=_by_day(within.items))

    async def ledger(self, client: Client, period: Period | None) -> Readings[LedgerEntry]:
        """Yield the movements of a period, newest first."""
        del client
        for reading in await self._readings(Stream.LEDGER, period):
            within = _only(reading, lambda each: period is None or each.at in period)
            yield evolve(within, items=tuple(sorted(within.items, key=_at, reverse=True)))

    async def invoices(
        self, client: Client, period: Period | None, kind: InvoiceKind | None
    ) -> Readings[Invoice]:
        """Yield the invoices that bill a period, of one kind or both."""
        del client
        for reading in await self._readings(Stream.INVOICES, period):
            yield _only(reading, lambda each: kind in (None, each.kind) and bills_in(each, period))

    async def balances(self, client: Client) -> Readings[Balance]:
        """Yield the balances as they were last read."""
        del client
        for reading in await self._readings(Stream.BALANCES, None):
            yield reading

    async def subscriptions(self, client: Client) -> Readings[Subscription]:
        """Yield the standing orders as they were last read."""
        del client
        for reading in await self._readings(Stream.SUBSCRIPTIONS, None):
            yield reading

    async def of_others(
        self, origin: str, ids: Iterable[str], stream: Stream, period: Period
    ) -> Sequence[Reading[Any]]:
        """Return the usages or days of parts that other accounts at ``origin`` booked.

        ``ids`` are those of the projects or organizations, in one spelling.
        """
        place = self.provider, origin
        left = await asyncio.to_thread(
            self.reader.of_others, self.account, place, ids, stream, period
        )
        every = list(chain.from_iterable(map(self._asked(stream, period).of_left, left)))
        return [_of_days(each, period) for each in every] if stream is Stream.DAILY else every

    async def is_with_others(self, origin: str, stream: Stream, period: Period) -> bool:
        """Return whether other accounts at ``origin`` booked anything of a period."""
        asked = self.account, (self.provider, origin), stream, period
        return await asyncio.to_thread(self.reader.is_with_others, *asked)

    async def reached(self, period: Period) -> frozenset[str]:
        """Return the ids of all that the last whole reading of usage was of, in one spelling."""
        return await self.reader.reached(self.account, period)

    async def first_within(self, period: Period) -> datetime | None:
        """Return when usage was read first, where the period had begun by then; None otherwise.

        That is now, if it never was. What an older name of the account read counts, too.
        """
        found = await self.reader.read(self.account, Stream.USAGE, period)
        is_read = first_read(found.readings) is not None
        first = first_within(found.readings, period) if is_read else self.clock()
        if first is None:
            return None
        others = (first_read(each.readings) for each in found.left)
        first = min([first, *filter(None, others)])
        return first if first > period.start else None

    async def has_failed_before(self, stream: Stream, period: Period) -> bool:
        """Return whether the account was asked in vain before a period's end."""
        found = await self.reader.read(self.account, stream, period)
        tried = (row for row in found.readings if row["state"] == State.FAILED)
        return any(row["read_at"] < period.end for row in tried)

    async def idle(self, period: Period) -> Idle:
        """Return who was found without a billing cycle, as far as a period's readings say."""
        return Idle((await self.reader.read(self.account, Stream.USAGE, period)).readings)

    async def payment_methods(self, client: Client) -> Readings[PaymentMethod]:
        """Yield that they are not kept."""
        del client
        yield Reading(state=State.UNSUPPORTED, detail=NOT_KEPT)

    async def check(self, client: Client) -> Readings[Credential]:
        """Yield that no credential is tried."""
        del client
        yield Reading(state=State.UNSUPPORTED, detail=NOT_KEPT)

    async def _readings(self, stream: Stream, period: Period | None) -> Sequence[Reading[Any]]:
        """Return all records in one reading; of windows that are known apart, another for each."""
        asked = self._asked(stream, period)
        found = await self.reader.read(self.account, stream, asked.window, self.reach)
        if stream is Stream.USAGE and period is None:
            about = self.reader, self.account, found, asked.moment
            found = await asyncio.to_thread(as_it_runs, *about)
        return await asyncio.to_thread(asked.of_found, found)

    def _asked(self, stream: Stream, period: Period | None) -> Asked:
        now, as_of = self.clock(), self.reader.as_of
        return Asked(
            self.account,
            stream,
            period,
            as_of or now,
            is_past=as_of is not None and as_of < now,
            tolerance=self.tolerance,
            only_current=self.declares.title if stream in self.declares.only_current else None,
        )


def _only(reading: Reading[Any], is_wanted: Callable[[Any], bool]) -> Reading[Any]:
    """Return a reading of the records that are wanted."""
    return evolve(reading, items=tuple(filter(is_wanted, reading.items)))


def _of_days(reading: Reading[DailyCost], period: Period) -> Reading[DailyCost]:
    return _only(reading, lambda each: midnight(each.date) in period)


def _by_day(days: Sequence[DailyCost]) -> tuple[DailyCost, ...]:
    """Return each organization's days in order: a place is of the reading that stated the day."""
    by_payer: dict[str, list[DailyCost]] = {}
    for each in days:
        by_payer.setdefault((each.billing_account_id or "").casefold(), []).append(each)
    own = (sorted(each, key=attrgetter("date")) for each in by_payer.values())
    return tuple(chain.from_iterable(own))


def _at(entry: LedgerEntry) -> datetime:
    return entry.at
