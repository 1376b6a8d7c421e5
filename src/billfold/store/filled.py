"""An adapter that asks its provider, and the book where the provider cannot answer any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from os import PathLike
from typing import Any, cast

from attrs import evolve, frozen

from billfold.accounts.account import Account
from billfold.adapter.declaration import Adapter, Declaration
from billfold.adapter.reading import Reading, Readings
from billfold.errors import BillfoldError, ConfigError
from billfold.http.client import Client
from billfold.model import ANSWERED, WINDOWED, State, Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.filling import as_seen_now, put_together, rest_of
from billfold.store.forgotten import FORGOTTEN, OF_PARTS, Stated, begun
from billfold.store.lacking import nothing_before
from billfold.store.limited import Reach, doubting
from billfold.store.location import store_url
from billfold.store.other_names import OtherNames, Read, beside
from billfold.store.reader import Reader
from billfold.store.stored_adapter import Stored, of_what_is_kept
from billfold.store.unread import is_unread, unwatched


@frozen(eq=False)
class Filled:
    """An account's own adapter, and what the book holds of the account.

    What the provider answers stands. The rest of a period is taken from the book, which says how
    fresh it is: earlier billing cycles, months and days. What has no period is the provider's.
    It ``declares`` what the provider's adapter does, but that nothing is known beside what runs.
    """

    live: Adapter
    stored: Stored
    origin: str
    declares: Declaration

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self.live.provider

    def __getattr__(self, name: str) -> Any:
        """Return the adapter's method: what it does not have is missing here, too."""
        method = getattr(self.live, name)
        return partial(self._fill, method, name) if name in WINDOWED else method

    async def _fill(
        self,
        method: Callable[..., Readings[Any]],
        name: str,
        client: Client,
        period: Period | None,
        *others: Any,
    ) -> Readings[Any]:
        if period is None:
            async with aclosing(method(client, None, *others)) as readings:
                async for reading in readings:
                    yield reading
            return
        held: list[Reading[Any]] = []
        stated = Stated(Stream(name), period, self._over(Stream(name), period))
        asked = method(client, period, *others)
        async with aclosing(_with_failure(asked) if stated.over else asked) as readings:
            async for each in readings:
                reading = as_seen_now(each, self.stored.clock())
                stated.add(reading)
                if held or reading.state in FORGOTTEN:
                    held.append(reading)
                else:
                    yield reading
        if not held and not stated.forgotten() and not self._may_miss_projects(stated):
            return
        read = partial(self._stored, stated, client, others)
        for reading in await self._put_together(stated, held, read, client):
            yield reading

    def _may_miss_projects(self, stated: Stated) -> bool:
        """Return whether a project may be gone that was billed for a part of the period."""
        is_usage = stated.stream is Stream.USAGE
        return is_usage and self.live.declares.only_running_cycles and stated.names_every_project

    def _over(self, stream: Stream, period: Period) -> Period | None:
        """Return what of a period a provider of months has forgotten whatever it says of it."""
        month = Period.month_of(self.stored.clock())
        is_of_months = not self.live.declares.only_running_cycles
        if is_of_months and stream in self.declares.only_current and period.start < month.start:
            return Period(period.start, min(period.end, month.start))
        return None

    async def _put_together(
        self, stated: Stated, held: Sequence[Reading[Any]], read: Read, client: Client
    ) -> Sequence[Reading[Any]]:
        """Return what was held back, and what the store has of the rest of the period."""
        whole = await read(stated.period)
        if not stated.is_bounded:
            return held
        stated.give_way(whole)
        now = self.stored.clock()
        gone = self._gone(stated, whole, now)
        before, stretches = await self._before(stated, begun(stated.forgotten(), now), read)
        named = [(each, whole if each == stated.period else await read(each)) for each in stretches]
        others = OtherNames(self.live, self.stored, self.origin, self._reach(stated))
        theirs = await others.find(stated, named, client, now)
        stored = [*await beside(theirs, named, read), *theirs]
        rest = rest_of(stated, stretches, stored, gone, now)
        if rest.lacking and stated.stream is Stream.DAILY:
            known = await self._months_of(rest.lacking, stated, client)
            rest = evolve(rest, lacking=stated.lacking([*rest.readings, *known], now))
        elif rest.lacking and self.live.declares.only_running_cycles:
            idle = await self.stored.idle(stated.period)
            rest = evolve(rest, lacking=idle.without(rest.lacking))
        # Of whom the provider states anything now, what is lacking says it.
        never = [
            each
            for each in whole
            if is_unread(each) and (each.part or "").casefold() not in rest.lacking
        ]
        if not (never or theirs or rest.lacking or rest.unread or stated.is_own_cycle(whole)):
            never = await self._unwatched(stated, now)
        return put_together(stated, held, evolve(rest, before=before, never=never))

    async def _unwatched(self, stated: Stated, now: datetime) -> list[Reading[Any]]:
        """Return that projects may have been deleted unseen in a period that is over."""
        if not self._may_miss_projects(stated) or stated.period.end > now:
            return []
        first = await self.stored.first_within(stated.period)
        return [] if first is None else [unwatched(stated.period, first)]

    async def _before(
        self, stated: Stated, stretches: Sequence[Period], read: Read
    ) -> tuple[list[Reading[Any]], list[Period]]:
        """Return that nothing was there in the months before all that is, and the other stretches.

        What the store has of such a month, or asked for in vain, is of what is there no more. A
        payer may have had other projects, which were deleted before any was read.
        """
        begins = stated.begins()
        if begins is None or self.live.declares.only_running_cycles:
            return [], [*stretches]
        start = Period.month_of(begins).start
        before, others = list[Reading[Any]](), list[Period]()
        for each in stretches:
            early = Period(each.start, min(each.end, start)) if each.start < start else None
            if early is None or await self._may_know(stated.stream, early, read):
                others.append(each)
                continue
            before.append(nothing_before(begins, early))
            others += [Period(start, each.end)] if start < each.end else []
        return before, others

    async def _may_know(self, stream: Stream, period: Period, read: Read) -> bool:
        """Return whether the store has anything of a time, or a failure of before its end."""
        if any(each.state in ANSWERED for each in await read(period)):
            return True
        return await self.stored.has_failed_before(stream, period)

    async def _months_of(
        self, lacking: Mapping[str, Sequence[Period]], stated: Stated, client: Client
    ) -> list[Reading[Any]]:
        """Return the days that the store has of the months of which parts lack some.

        Of whom it has any day of a month, it has what was stated of that month.
        """
        found = list[Reading[Any]]()
        times = chain.from_iterable(lacking.values())
        for month in {
            Period.month_of(each.start) for time in times for each in time.split_months()
        }:
            found += await self._stored(stated, client, (), month)
            found += await self.stored.of_others(self.origin, lacking, Stream.DAILY, month)
        return found

    def _gone(
        self, stated: Stated, whole: Iterable[Reading[Any]], now: datetime
    ) -> list[Reading[Any]]:
        """Return what the store has of projects that the account reaches, and that are gone."""
        if not self._may_miss_projects(stated):
            return []
        found = (stated.gone(reading, now) for reading in whole)
        return [each for each in found if each is not None]

    async def _stored(
        self, stated: Stated, client: Client, others: Sequence[Any], period: Period
    ) -> list[Reading[Any]]:
        reach = self._reach(stated) if stated.stream in OF_PARTS else None
        read = getattr(evolve(self.stored, reach=reach), stated.stream.value)
        async with aclosing(read(client, period, *others)) as readings:
            every = [reading async for reading in readings]
        if stated.stream in OF_PARTS and reach is None and self.declares.by_name(self.live):
            return [doubting(each, stated.projects) for each in every]
        return every

    def _reach(self, stated: Stated) -> Reach:
        """Return the ids of what the settings limit the account to; None where nobody knows.

        Behind names that are no ids is what the provider stated, unless any of it failed.
        """
        if self.declares.by_name(self.live) and not stated.has_failed:
            return frozenset(stated.projects)
        reach = self.declares.reach(self.live)
        return None if reach is None else frozenset(map(str.casefold, reach))


async def _with_failure(readings: Readings[Any]) -> Readings[Any]:
    """Yield readings, and what ends them all as the failure of the account."""
    try:
        async with aclosing(readings):
            async for reading in readings:
                yield reading
    except BillfoldError as error:
        yield Reading(state=State.FAILED, error=error)


def require_missing(stored: str) -> None:
    """Raise ConfigError for what a caller gives instead of the one word that there is."""
    if stored != "missing":
        raise ConfigError(
            f'stored is "missing" or None, not {stored!r}; History answers only from a store'
        )


def filled(
    accounts: Iterable[Account],
    store: str | PathLike[str] | None,
    *,
    clock: Callable[[], datetime],
    tolerance: timedelta = timedelta(0),
) -> tuple[Account, ...]:
    """Return the accounts, each taking from the store what its provider cannot answer any more.

    ``store`` None is where ``billfold sync`` keeps it.
    """
    reader = Reader(Book(store_url(store)))
    return tuple(
        evolve(account, adapter=cast(Adapter, _filled(account, reader, clock, tolerance)))
        for account in accounts
    )


def _filled(
    account: Account, reader: Reader, clock: Callable[[], datetime], tolerance: timedelta
) -> Filled:
    live = account.adapter
    stored = Stored(live.provider, live.declares, account.name, reader, clock, tolerance)
    return Filled(live, stored, str(account.url().origin()), of_what_is_kept(live.declares))
