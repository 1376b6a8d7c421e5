"""An adapter that reads the book instead of a provider: so every view works over it unchanged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from billfold.adapter.declaration import Declaration
from billfold.adapter.reading import Reading, Readings
from billfold.columns import Row
from billfold.counted import counted, sentences
from billfold.coverage import NOT_KEPT
from billfold.http.client import Client
from billfold.model import (
    ANSWERED,
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
from billfold.period import Period, meets, midnight, span
from billfold.store.confirmed import running
from billfold.store.counted_elsewhere import as_read_by_text
from billfold.store.earned import Earned, earned, window_of
from billfold.store.last_stated import as_last_stated
from billfold.store.limited import Reach
from billfold.store.lost import lost_windows, of_scopes
from billfold.store.reader import Found, Left, Reader
from billfold.store.reading_back import records, without_owner
from billfold.store.reading_words import no_total_text, passed_over_text
from billfold.store.records import LINES_AND_TOTAL
from billfold.store.runs_elsewhere import as_it_runs
from billfold.store.scopes import scope_name, scope_of
from billfold.store.stands import Stands
from billfold.store.tables import TABLES
from billfold.unfit import part_of

if TYPE_CHECKING:
    import pyarrow as pa

_NO_TOLERANCE = timedelta(0)


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
        """Yield the days of a period, whatever the window that they were read for."""
        del client
        for reading in await self._readings(Stream.DAILY, period):
            yield reading if period is None else _of_days(reading, period)

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
        moment = self.reader.as_of or self.clock()
        asked = self.account, (self.provider, origin), ids, stream, period
        left = await asyncio.to_thread(self.reader.of_others, *asked)
        found = [self._left(each, stream, period, moment) for each in left]
        every = list(chain.from_iterable(found))
        return [_of_days(each, period) for each in every] if stream is Stream.DAILY else every

    async def is_with_others(self, origin: str, stream: Stream, period: Period) -> bool:
        """Return whether other accounts at ``origin`` booked anything of a period."""
        asked = self.account, (self.provider, origin), stream, period
        return await asyncio.to_thread(self.reader.is_with_others, *asked)

    async def reached(self, period: Period) -> frozenset[str]:
        """Return the ids of all that the last whole reading of usage was of, in one spelling."""
        return await self.reader.reached(self.account, period)

    async def has_failed_before(self, stream: Stream, period: Period) -> bool:
        """Return whether the account was asked in vain before a period's end."""
        found = await self.reader.read(self.account, stream, period)
        tried = (row for row in found.readings if row["state"] == State.FAILED)
        return any(row["read_at"] < period.end for row in tried)

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
        moment = self.reader.as_of or self.clock()
        window = window_of(stream, period, moment)
        found = await self.reader.read(self.account, stream, window, self.reach)
        if stream is Stream.USAGE and period is None:
            asked = self.reader, self.account, found, moment
            found = await asyncio.to_thread(as_it_runs, *asked)
        return await asyncio.to_thread(self._read, found, stream, period, moment)

    def _read(
        self, found: Found, stream: Stream, period: Period | None, moment: datetime
    ) -> Sequence[Reading[Any]]:
        every = self._records(found.rows, found.readings, stream, period)
        elsewhere = found.elsewhere
        lost = frozenset(lost_windows(found.readings))
        stands = _stands(stream, every, found.rows, elsewhere.read, lost)
        known = self._earned(found.readings, stands, period, moment, elsewhere.read)
        also = [*elsewhere.here, *elsewhere.read]
        if known.state in (State.UNAVAILABLE, State.UNSUPPORTED):
            left = (self._left(each, stream, period, moment, also) for each in found.left)
            theirs = [*chain.from_iterable(left)]
            asked = window_of(stream, period, moment)
            is_read = asked is not None and elsewhere.is_all_read(asked, moment)
            if theirs and (found.is_all_left or is_read):
                return theirs
            if is_read:
                return [Reading(covers=asked, detail=elsewhere.text())]
            return [Reading(state=known.state, detail=known.detail), *theirs]
        if found.lapsed:
            lapsed = (each.lapsed_text(is_past=self._is_past) for each in found.lapsed)
            detail = sentences(*lapsed, known.detail)
            known = evolve(known, state=State.PARTIAL, detail=detail)
        items = _asked(_without(known.gone, stream, every), stream, period, moment)
        if known.passed_over:
            scopes = {scope_of(stream, item) for item in items}
            detail = sentences(known.detail, *passed_over_text(known.passed_over, scopes))
            known = evolve(known, detail=detail)
        items = _as_early(stream, items, known)
        left = (self._left(each, stream, period, moment, also, known.gone) for each in found.left)
        theirs = [*chain.from_iterable(left)]
        if elsewhere.theirs and not theirs:
            known = evolve(known, detail=sentences(known.detail, elsewhere.text()))
        return [*_reading(stream, items, known, _lost(found.rows, stream)), *theirs]

    @property
    def _is_past(self) -> bool:
        """Whether what was known at an earlier moment is asked: no sync makes more known then."""
        return self.reader.as_of is not None and self.reader.as_of < self.clock()

    def _earned(
        self,
        readings: Sequence[Row],
        stands: Stands,
        period: Period | None,
        moment: datetime,
        elsewhere: Sequence[Period] = (),
    ) -> Earned:
        is_current = stands.stream in self.declares.only_current
        return earned(
            readings,
            stands,
            period,
            moment=moment,
            tolerance=self.tolerance,
            only_current=self.declares.title if is_current else None,
            elsewhere=elsewhere,
            is_past=self._is_past,
        )

    def _records(
        self,
        rows: pa.Table | None,
        readings: Sequence[Row],
        stream: Stream,
        period: Period | None,
    ) -> tuple[Any, ...]:
        if rows is None:
            return ()
        items = records(rows, self.account, stream, period)
        return as_last_stated(items, rows, readings) if stream is Stream.BALANCES else items

    def _left(
        self,
        left: Left,
        stream: Stream,
        period: Period | None,
        moment: datetime,
        also: Sequence[Period] = (),
        gone: AbstractSet[str | None] = frozenset(),
    ) -> Sequence[Reading[Any]]:
        """Return what another account booked of this one's, known as well as it is there.

        Nothing of scopes that are ``gone`` for either. What others ``also`` read is not missing.
        """
        every = self._records(left.rows, left.readings, stream, period)
        items = tuple(item for item in every if _is_left(left, stream, item))
        lost = of_scopes({*lost_windows(left.readings)}, left.windows)
        stands = _stands(stream, items, left.rows, lost=lost)
        known = self._earned(left.readings, stands, period, moment, also)
        left = evolve(left, windows=_but(gone | known.gone, left.windows))
        if not left.windows:
            return []
        items = _asked(_without(gone | known.gone, stream, items), stream, period, moment)
        # What stands is known, whatever became of the reading that it was booked from.
        state = known.state if known.state in ANSWERED else State.PARTIAL
        detail = as_read_by_text(left.windows.keys(), left.account, known.read_at, known.detail)
        known = evolve(known, state=state, detail=detail)
        items = _as_early(stream, items, known)
        return _reading(stream, items, known, _lost(left.rows, stream))


def _stands(
    stream: Stream,
    items: Sequence[Any],
    rows: pa.Table | None,
    elsewhere: Sequence[Period] = (),
    lost: AbstractSet[tuple[str, Period]] = frozenset(),
) -> Stands:
    return Stands(stream, items if stream is Stream.USAGE else None, rows, elsewhere, lost)


def _as_early(stream: Stream, items: tuple[Any, ...], known: Earned) -> tuple[Any, ...]:
    """Return usages with the moment at which each was read, where its window was not over then."""
    if stream is not Stream.USAGE or not known.early:
        return items
    return tuple(evolve(each, known_until=known.early.get(_window(each))) for each in items)


def _asked(
    items: tuple[Any, ...], stream: Stream, period: Period | None, moment: datetime
) -> tuple[Any, ...]:
    """Return of usages those that run, where what runs was asked for."""
    if stream is not Stream.USAGE or period is not None:
        return items
    return tuple(running(items, _window, moment))


def _without(
    gone: AbstractSet[str | None], stream: Stream, items: tuple[Any, ...]
) -> tuple[Any, ...]:
    """Return the records that are of no scope that is gone."""
    return tuple(each for each in items if scope_of(stream, each) not in gone) if gone else items


def _but(
    gone: AbstractSet[str | None], windows: Mapping[str, Sequence[Period]]
) -> Mapping[str, Sequence[Period]]:
    return {scope: own for scope, own in windows.items() if scope not in gone}


def _is_left(left: Left, stream: Stream, item: Any) -> bool:
    """Return whether a record is of what was left to the account that has it."""
    windows = left.windows.get(scope_of(stream, item))
    if windows is None or not windows or stream is not Stream.USAGE:
        return windows is not None  # a record that has no window of its own has its row's
    return meets(item.covers, windows)


def _reading(
    stream: Stream, items: tuple[Any, ...], known: Earned, lost: str | None
) -> Sequence[Reading[Any]]:
    """Return records as well as they are known; of windows known apart, another for each.

    ``lost`` says what is known besides and cannot be counted.
    """
    state = State.PARTIAL if lost else known.state
    said = [known.detail, *no_total_text(_without_total(stream, items)), lost]
    whole: Reading[Any] = Reading(
        items,
        known.covers,
        state,
        sentences(*said),
        known_until=known.known_until,
        read_at=known.read_at,
    )
    apart = [evolve(whole, items=(), covers=window) for window in known.apart]
    return [*_by_moment(stream, whole, known.behind), *apart] if known.behind else [whole, *apart]


def _by_moment(
    stream: Stream, whole: Reading[Any], behind: Mapping[str, datetime]
) -> list[Reading[Any]]:
    """Return the records that are known as long as any, and in a reading each those that are not.

    Of usages each is of its own time. Who was lost may have no record, and has a reading.
    """
    own: dict[str | None, list[Any]] = {None: []}
    if stream is not Stream.USAGE:
        own |= {scope: [] for scope in behind}
    for item in whole.items:
        scope = scope_of(stream, item)
        own.setdefault(scope if scope in behind else None, []).append(item)
    return [
        evolve(whole, items=tuple(own.pop(None))),
        *(
            evolve(
                whole,
                items=tuple(items),
                covers=span(each.covers for each in items)
                if stream is Stream.USAGE
                else whole.covers,
                part=part_of(items[0]) if items else scope_name(scope),
                known_until=behind[scope],
            )
            for scope, items in own.items()
            if scope is not None
        ),
    ]


def _lost(rows: pa.Table | None, stream: Stream) -> str | None:
    """Return the words about charges or lines whose usage or invoice is not known."""
    if rows is None or not (count := without_owner(rows, stream)):
        return None
    header, kind = TABLES[stream].kinds
    lost = counted(count, kind.name)
    return f"not counted: {lost} in no {header.name} that is known; run billfold store check"


def _window(usage: Usage) -> tuple[str, Period]:
    return scope_of(Stream.USAGE, usage), usage.covers


def _without_total(stream: Stream, items: Sequence[Any]) -> set[str]:
    """Return the names of the usages of which only some charges were restated."""
    if stream is not Stream.USAGE:
        return set()
    parts = [usage for usage in items if LINES_AND_TOTAL in usage.unchecked]
    return {usage.sub_account_id or usage.billing_account_id or "the account" for usage in parts}


def _only(reading: Reading[Any], is_wanted: Callable[[Any], bool]) -> Reading[Any]:
    """Return a reading of the records that are wanted."""
    return evolve(reading, items=tuple(filter(is_wanted, reading.items)))


def _of_days(reading: Reading[DailyCost], period: Period) -> Reading[DailyCost]:
    return _only(reading, lambda each: midnight(each.date) in period)


def _at(entry: LedgerEntry) -> datetime:
    return entry.at
