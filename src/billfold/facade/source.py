"""One account as it is asked for one stream: what reads it, and what is known of it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from attrs import evolve
from msgspec import Struct

from billfold.accounts.account import Account
from billfold.accounts.reach import place_of, reach_of
from billfold.adapter.declaration import Adapter
from billfold.adapter.methods import has_stream
from billfold.adapter.reading import Readings
from billfold.counted import counted
from billfold.coverage import COUNTED, Coverage
from billfold.facade.collecting import Collector, unsupported
from billfold.facade.connections import credential
from billfold.facade.repeats import OF_RECORDS, Repeats
from billfold.facade.windows import (
    is_ahead,
    naming_future,
    unavailable_ahead,
    whole_days,
    with_known_until,
)
from billfold.http.client import Client
from billfold.model import ANSWERED, WINDOWED, State, Stream
from billfold.period import Period

_MOST_NAMES = 5
# Streams of what goes on, so that what a reply knows of it has an end.
_KNOWN_BY_NOW = frozenset({Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.BALANCES})


class Source(Struct, eq=False, dict=True):  # a dict for cached_property
    """An account's readings of a stream, and their collector.

    ``number`` is the account's place among those that are asked, ``readings`` None where its
    provider has no such stream. ``now`` is the moment up to which an open window can be known.
    """

    account: Account
    number: int
    collector: Collector[Any]
    requested: Period | None
    now: datetime
    readings: Readings[Any] | None
    ended: bool = False
    _counted: dict[str, dict[str, None]] = {}
    _differing: dict[str, None] = {}
    _contradicting: dict[str, None] = {}

    def __post_init__(self) -> None:
        self.ended = self.readings is None

    # Each is asked for where several accounts may reach the same, which few do.

    @cached_property
    def place(self) -> tuple[str, str]:
        """The provider, and the address at which it is asked."""
        return place_of(self.account)

    @cached_property
    def login(self) -> Hashable:
        """What accounts of the same token have in common, and of settings if these say whose."""
        adapter = self.account.adapter
        settings = None if adapter.declares.token_of_one_payer else _hashable(adapter)
        return credential(self.account), settings

    @cached_property
    def reach(self) -> frozenset[str] | None:
        """The parts that the account is limited to, None where it is not."""
        return reach_of(self.account)

    def note_counted(self, part: str, account: str) -> None:
        """Keep that another account has already counted a part."""
        self._counted.setdefault(account, {})[part] = None

    def note_differing(self, text: str) -> None:
        """Keep that another account states another amount of the same, as a moment may."""
        self._differing[text] = None

    def note_contradicting(self, text: str) -> None:
        """Keep that another account states another payer or currency, as no moment does."""
        self._contradicting[text] = None

    def coverage(self) -> tuple[Coverage, ...]:
        """Return the account's rows, as far as was read."""
        if self.readings is None:
            return unsupported(self.collector)
        rows = map(self._with_remarks, self.collector.coverage())
        return tuple(map(self._as_unwatched, rows)) if self._is_unwatched else tuple(rows)

    @property
    def _is_unwatched(self) -> bool:
        """Whether a period is over, and what runs now is all that is stated of it."""
        is_over = self.requested is not None and self.requested.end <= self.now
        declares = self.account.adapter.declares
        return is_over and self.collector.stream is Stream.USAGE and declares.only_running_cycles

    def _as_unwatched(self, row: Coverage) -> Coverage:
        is_cycle = row.state is State.DIFFERENT_WINDOW
        return evolve(row, first_read=self.now) if is_cycle else row

    def _with_remarks(self, row: Coverage) -> Coverage:
        row = with_known_until(row, self.requested, self.now)
        differ = self._differing or self._contradicting
        if not (self._counted or differ) or row.state not in ANSWERED:
            return row
        remarks = [_counted_text(account, [*parts]) for account, parts in self._counted.items()]
        remarks += self._differing_texts()
        # Of a window that is not over, two accounts may be told different figures by a moment.
        is_hole = self._contradicting or (self._differing and row.known_until is None)
        state = State.PARTIAL if is_hole else row.state
        detail = "; ".join([row.detail, *remarks] if row.detail else remarks)
        return evolve(row, state=state, detail=detail, counted_in=tuple(self._counted))

    def _differing_texts(self) -> list[str]:
        all_texts = [*self._contradicting, *self._differing]
        texts, more = all_texts[:_MOST_NAMES], len(all_texts) - _MOST_NAMES
        return (
            [*texts, f"and {counted(more, 'more differs', 'more differ')}"] if more > 0 else texts
        )


def _hashable(adapter: Adapter) -> Hashable:
    """Return what is equal for equal settings; an adapter without a hash is equal to itself."""
    key: Hashable = cast(Hashable, adapter)
    try:
        hash(key)
    except TypeError:
        return id(adapter)
    return key


def _counted_text(account: str, parts: list[str]) -> str:
    more = f" and {len(parts) - _MOST_NAMES} more" if len(parts) > _MOST_NAMES else ""
    verb = "is" if len(parts) == 1 else "are"
    return f"{', '.join(parts[:_MOST_NAMES])}{more} {verb} {COUNTED} {account}"


def open_source(
    account: Account,
    number: int,
    stream: Stream,
    arguments: tuple[Any, ...],
    now: datetime,
    connect: Callable[[Account], Client],
) -> Source:
    """Return what reads an account's stream; ``arguments`` are those of the adapters' method."""
    requested = arguments[0] if stream in WINDOWED else None
    declares = account.adapter.declares
    has_periods = stream in WINDOWED and stream not in declares.only_current
    collector: Collector[Any] = Collector(
        account.provider, account.name, stream, has_periods=has_periods
    )
    readings: Readings[Any] | None = None
    if has_stream(account.adapter, stream):
        readings = _readings(account, collector, arguments, requested, now, connect)
    return Source(account, number, collector, requested, now, readings)


def _readings(
    account: Account,
    collector: Collector[Any],
    arguments: tuple[Any, ...],
    requested: Period | None,
    now: datetime,
    connect: Callable[[Account], Client],
) -> Readings[Any]:
    stream = collector.stream
    if requested is not None and is_ahead(requested, now):
        return unavailable_ahead(requested)
    read: Callable[..., Readings[Any]] = getattr(account.adapter, stream.value)
    client = connect(account)
    collector.remarks = client.remarks
    if stream in _KNOWN_BY_NOW:
        client.remarks.ends = now if requested is None else min(now, requested.end)
    if stream in (Stream.USAGE, Stream.LEDGER):
        collector.judge = lambda reading: naming_future(reading, client.now())
    elif stream in OF_RECORDS:
        collector.judge = Repeats().judging
    collector.sign_in = client.sign_in
    if stream is not Stream.DAILY:
        return read(client, *arguments)
    whole = None if requested is None else requested.whole_days()
    return whole_days(read(client, whole), requested, whole, now)
