"""An adapter that asks its provider, and the book where the provider cannot answer any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
from os import PathLike
from typing import Any, cast

from attrs import define, evolve, field, frozen

from billfold.accounts.account import Account
from billfold.adapter.declaration import Adapter, Declaration
from billfold.adapter.reading import Reading, Readings
from billfold.errors import ConfigError
from billfold.http.client import Client
from billfold.model import ANSWERED, WINDOWED, State, Usage
from billfold.period import Period, merged, utc_text
from billfold.store.book import Book
from billfold.store.location import store_url
from billfold.store.reader import Reader
from billfold.store.records import scope_text
from billfold.store.stored_adapter import Stored

# A provider that fails has not forgotten: its failure is shown, and nothing is put in its place.
_FORGOTTEN = frozenset({State.UNAVAILABLE, State.DIFFERENT_WINDOW})


@frozen(eq=False)
class Filled:
    """An account's own adapter, and what the book holds of the account.

    A window that the provider cannot answer is taken from the book, which says how fresh it is.
    """

    live: Adapter
    stored: Stored

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self.live.provider

    @property
    def declares(self) -> Declaration:
        """What the provider's adapter declares."""
        return self.live.declares

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
        given = _Given()
        is_forgotten = False
        async with aclosing(method(client, period, *others)) as readings:
            async for reading in readings:
                is_forgotten = is_forgotten or reading.state in _FORGOTTEN
                if is_forgotten:
                    held.append(reading)
                else:
                    given.add(reading)
                    yield reading
        if not held:
            return
        async with aclosing(getattr(self.stored, name)(client, period, *others)) as known:
            stored = [_from_store(reading) async for reading in known]
        is_better = given.can_be_added_to and _is_better(stored, held, given.windows, period)
        for reading in map(given.rest_of, stored) if is_better else held:
            yield reading


@define(eq=False)
class _Given:
    """What the provider answered before it said that it forgot the rest: it counts once.

    Usages are known by whom they are of and their time. What else is kept has no such parts.
    """

    can_be_added_to: bool = True
    _usages: dict[str, list[Period]] = field(factory=dict)

    @property
    def windows(self) -> list[Period]:
        """The times of the usages."""
        return [window for own in self._usages.values() for window in own]

    def add(self, reading: Reading[Any]) -> None:
        """Note what a reading holds."""
        for item in reading.items:
            if isinstance(item, Usage):
                self._usages.setdefault(_scope(item), []).append(item.covers)
            else:
                self.can_be_added_to = False

    def rest_of(self, stored: Reading[Any]) -> Reading[Any]:
        """Return a reading of the store without what the provider answered itself."""
        rest = tuple(item for item in stored.items if not self._has(item))
        return evolve(stored, items=rest)

    def _has(self, item: Any) -> bool:
        own = self._usages.get(_scope(item), ()) if self._usages else ()
        return any(window.overlaps(item.covers) for window in own)


def _scope(usage: Usage) -> str:
    return scope_text(usage.billing_account_id, usage.sub_account_id)


def _is_better(
    stored: list[Reading[Any]], live: list[Reading[Any]], given: Iterable[Period], period: Period
) -> bool:
    states = {reading.state for reading in stored}
    if states <= {State.COMPLETE, State.PARTIAL}:
        return True
    if not states & ANSWERED:
        return False
    # Of several projects, some may answer for a part of the window while others answer nothing.
    answers = all(reading.state in ANSWERED for reading in live)
    return not answers or _covered(stored, (), period) > _covered(live, given, period)


def _covered(
    readings: Iterable[Reading[Any]], given: Iterable[Period], period: Period
) -> timedelta:
    """Return how much of a period readings cover, with what was given before them."""
    read = (each.covers for each in readings if each.covers is not None)
    windows = merged([*given, *read])
    shared = (
        min(each.end, period.end) - max(each.start, period.start)
        for each in windows
        if each.overlaps(period)
    )
    return sum(shared, timedelta(0))


def _from_store(reading: Reading[Any]) -> Reading[Any]:
    """Return the reading with the words that it is not the provider's of now, and how fresh."""
    when = None if reading.read_at is None else f", read at {utc_text(reading.read_at)}"
    said = ["from the store" + (when or ""), reading.detail]
    return evolve(reading, detail="; ".join(filter(None, said)))


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
    return Filled(live, stored)
