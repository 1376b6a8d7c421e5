"""An adapter that asks its provider, and the book where the provider cannot answer any more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import partial
from os import PathLike
from typing import Any, cast

from attrs import evolve, frozen

from billfold.accounts.account import Account
from billfold.adapter.declaration import Adapter, Declaration
from billfold.adapter.reading import Reading, Readings
from billfold.errors import ConfigError
from billfold.http.client import Client
from billfold.model import ANSWERED, WINDOWED, State
from billfold.period import Period, merged, utc_text
from billfold.store.book import Book
from billfold.store.location import store_url
from billfold.store.reader import Reader
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
        is_forgotten = False
        async with aclosing(method(client, period, *others)) as readings:
            async for reading in readings:
                is_forgotten = is_forgotten or reading.state in _FORGOTTEN
                if held or is_forgotten:
                    held.append(reading)
                else:
                    yield reading
        if not held:
            return
        async with aclosing(getattr(self.stored, name)(client, period, *others)) as known:
            stored = [_from_store(reading) async for reading in known]
        for reading in stored if _is_better(stored, held, period) else held:
            yield reading


def _is_better(stored: list[Reading[Any]], live: list[Reading[Any]], period: Period) -> bool:
    states = {reading.state for reading in stored}
    if states <= {State.COMPLETE, State.PARTIAL}:
        return True
    if not states & ANSWERED:
        return False
    # Of several projects, some may answer for a part of the window while others answer nothing.
    answers = all(reading.state in ANSWERED for reading in live)
    return not answers or _covered(stored, period) > _covered(live, period)


def _covered(readings: Iterable[Reading[Any]], period: Period) -> timedelta:
    """Return how much of a period readings cover."""
    windows = merged(each.covers for each in readings if each.covers is not None)
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
