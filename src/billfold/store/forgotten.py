"""What a provider states stands; of what it forgot, a store's records are put beside it.

Each cent counts once: usage by whom it is of and its window, days and other records by their time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from attrs import define, evolve, field

from billfold.adapter.reading import Reading
from billfold.model import ANSWERED, READ_WHOLE, State, Stream, Usage, first_billed
from billfold.period import Period, gaps, meets, merged, span
from billfold.store.lacking import Lacking
from billfold.store.records import record_id
from billfold.store.scopes import project_of, scope_text
from billfold.store.tables import TABLES

# A provider that fails has not forgotten: its failure is shown, and nothing is put in its place.
FORGOTTEN = frozenset({State.UNAVAILABLE, State.DIFFERENT_WINDOW})
# Streams whose records are of the projects or organizations that an account may be limited to.
OF_PARTS = frozenset({Stream.USAGE, Stream.DAILY})
# Whom a usage is of. What else is kept has days or moments, whoever it is of.
_Scope = str | None


@define(eq=False)
class Stated:
    """What a provider stated itself of a period: its windows by whom they are of, and records.

    ``is_bounded`` says whether all that it stated has a window, ``names_every_project`` whether
    nothing failed or was cut off that may be of another project. What is ``over`` the provider
    has forgotten, though it ``has_failed`` to say so; ``is_answered`` is whether it answered of
    anybody for the very period.
    """

    stream: Stream
    period: Period
    over: Period | None = None
    is_bounded: bool = True
    names_every_project: bool = True
    has_failed: bool = False
    _windows: dict[_Scope, list[Period]] = field(factory=dict)
    _renewed: dict[_Scope, list[Period]] = field(factory=dict)
    _projects: set[str] = field(factory=set)
    _named: set[str] = field(factory=set)
    _records: set[Hashable] = field(factory=set)
    _since: set[datetime | None] = field(factory=set)
    _begun: dict[tuple[_Scope, Period], datetime] = field(factory=dict)
    _first: datetime | None = None
    _forgetting: set[_Scope] = field(factory=set)
    is_answered: bool = False
    _is_nothing_left: bool = False
    _lacking: Lacking = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._lacking = Lacking(self.period)

    def add(self, reading: Reading[Any]) -> None:
        """Note what a reading states, and whose rest its provider forgot."""
        forgets = reading.state in FORGOTTEN
        self._since.add(reading.since)
        if forgets and self.stream in OF_PARTS:
            self._lacking.add(reading)
        self.is_answered |= not forgets and reading.state in ANSWERED
        self._is_nothing_left |= reading.state is State.UNAVAILABLE
        self.has_failed |= reading.error is not None
        is_read = bool(reading.items) or reading.state in READ_WHOLE | FORGOTTEN
        self.names_every_project &= is_read and reading.error is None
        self._projects.update(map(project_of, reading.items))
        self._named.add((reading.part or "").casefold())
        if reading.state not in ANSWERED:
            return
        windows = list(_windows(reading))
        self.is_bounded &= bool(windows) or not reading.items
        for scope, window in windows:
            self._windows.setdefault(scope, []).append(window)
            if forgets:
                self._forgetting.add(scope)
        if self.stream is not Stream.USAGE:
            self._records.update(map(self._record, reading.items))

    def give_way(self, stored: Iterable[Reading[Any]]) -> None:
        """Forget the cycles whose time other windows of a store's cover better than they do.

        A month that was read whole, say, of which the running cycle has only the last days. One
        that the store has as well stands as it is stated now.
        """
        if self.stream is not Stream.USAGE:
            return
        stored, known = list(stored), dict[_Scope, list[Period]]()
        for reading in stored:
            for scope, window in _windows(reading):
                known.setdefault(scope, []).append(window)
            for item in reading.items:
                if item.since is not None:
                    self._begun[_scope(item), item.covers] = item.since
        if self._forgetting <= known.keys():
            self._first = _begins(stored)
        for scope in self._forgetting & known.keys():
            own = self._windows[scope]
            beside = [each for each in known[scope] if not meets(each, own)]
            if self._shared(known[scope]) > self._shared([*own, *beside]):
                self._renewed[scope] = [each for each in own if each in known[scope]]
                del self._windows[scope]
        self._is_nothing_left |= bool(self._forgetting - self._windows.keys())

    def _shared(self, windows: Iterable[Period]) -> timedelta:
        return sum(
            (
                min(each.end, self.period.end) - max(each.start, self.period.start)
                for each in merged(windows)
                if each.overlaps(self.period)
            ),
            timedelta(0),
        )

    def forgotten(self) -> tuple[Period, ...]:
        """Return the stretches of the period that the provider did not state, of anybody."""
        if self._is_nothing_left:
            return (self.period,)
        missing = (gaps(self.period, self._windows[scope]) for scope in self._forgetting)
        return merged(chain(*missing, [self.over] if self.over and self.has_failed else []))

    def begins(self) -> datetime | None:
        """Return when the first of all that is there came to be; None where that is not stated."""
        known = [each for each in self._since if each is not None]
        return min(known) if len(known) == len(self._since) > 0 else None

    def is_own_cycle(self, stored: Iterable[Reading[Any]]) -> bool:
        """Return whether the period is the very window of a usage, stated or ``stored``."""
        kept = chain.from_iterable(_windows(each) for each in stored if each.items)
        stated = chain.from_iterable(self._windows.values())
        return self.period in [*stated, *(window for _, window in kept)]

    def again(self, stored: Reading[Any]) -> Reading[Any] | None:
        """Return what a store has of usages of whom the provider states some; None for nothing."""
        usages = (each for each in stored.items if isinstance(each, Usage))
        # Where the provider forgot only time of which it states nothing, all that it states counts.
        stated = self._forgetting or self._windows.keys() | self._renewed
        items = [each for each in usages if _scope(each) in stated]
        if not items or stored.state not in ANSWERED:
            return None
        return evolve(stored, items=tuple(items), covers=span(each.covers for each in items))

    def unread(self, stretch: Period, found: Iterable[Reading[Any] | None]) -> tuple[Period, ...]:
        """Return what of a stretch a store does not have; of whole months it says so itself."""
        known = [each for each in found if each is not None]
        if self._first is not None and stretch.start < self._first:
            if stretch.end <= self._first:
                return ()
            stretch = Period(self._first, stretch.end)
        covers = [each.covers for each in known if each.covers is not None]
        if not known:
            return (stretch,)
        if self.stream is not Stream.USAGE or all(each.is_whole_months for each in covers):
            return ()
        begins = _begins(known)
        if begins is not None and stretch.start < begins < stretch.end:
            stretch = Period(begins, stretch.end)
        return gaps(stretch, covers)

    def lacking(self, rest: Iterable[Reading[Any]], now: datetime) -> Mapping[str, list[Period]]:
        """Return what is known of no project or organization beside what a store has, by its id."""
        return self._lacking.of(rest, now) if self.stream in OF_PARTS else {}

    @property
    def is_of_anybody(self) -> bool:
        """Whether the provider forgot time of which it did not say whose."""
        return self._lacking.is_of_anybody

    @property
    def projects(self) -> AbstractSet[str]:
        """The ids of all projects that the provider named, in one spelling."""
        return (self._projects | self._named) - {""}

    def sought(
        self, known: Iterable[Reading[Any]], reached: Iterable[str], now: datetime
    ) -> Mapping[str, list[Period]]:
        """Return of which time other accounts may know what a store has not, by project or payer.

        ``reached`` is what the account reaches, as far as the provider did not say so.
        """
        return self._lacking.sought(known, reached, now)

    def gone(self, stored: Reading[Any], now: datetime) -> Reading[Any] | None:
        """Return what a store has of projects that are not stated; None for nothing."""
        if self._is_nothing_left:
            return None  # as all of it is forgotten
        named = {"", *self._projects}
        items = tuple(
            usage for usage in stored.items if usage.charges and project_of(usage) not in named
        )
        return self.rest_of(evolve(stored, items=items), now) if items else None

    def as_begun(self, reading: Reading[Any]) -> Reading[Any]:
        """Return a reading of usages that say what a store knows, that nothing was before them."""
        return evolve(reading, items=tuple(map(self._from_its_first, reading.items)))

    def _from_its_first(self, item: Any) -> Any:
        begins = self._begun.get((_scope(item), item.covers)) if isinstance(item, Usage) else None
        if begins is None or (item.since is not None and begins <= item.since):
            return item
        return evolve(item, since=begins)

    def own(self, reading: Reading[Any], *, is_filled: bool) -> Reading[Any] | None:
        """Return a reading without what gave way; None where nothing of it stays.

        What it lacked of the period is another reading's where all of that ``is_filled``.
        """
        if reading.state is not State.DIFFERENT_WINDOW:
            return reading
        reading = self.as_begun(reading)
        kept = tuple(item for item in reading.items if self._stays(item))
        if reading.items and not kept:
            return None
        is_within = reading.covers is not None and not gaps(reading.covers, [self.period])
        state = State.COMPLETE if is_filled and is_within else reading.state
        return evolve(reading, items=kept, state=state)

    def given_way(self, readings: Iterable[Reading[Any]]) -> list[str]:
        """Return in words which cycles gave way, and what they are stated to cost."""
        return [
            f"{' and '.join(map(str, item.totals().values())) or 'what is'} of {item.covers}, "
            "as stated now, is not counted beside it"
            for reading in readings
            if reading.state is State.DIFFERENT_WINDOW
            for item in reading.items
            if not self._stays(item)
        ]

    def _stays(self, item: Any) -> bool:
        if not isinstance(item, Usage) or _scope(item) in self._windows:
            return True
        return self._is_renewed(item)

    def _is_renewed(self, item: Any) -> bool:
        return isinstance(item, Usage) and item.covers in self._renewed.get(_scope(item), ())

    def rest_of(self, stored: Reading[Any], now: datetime) -> Reading[Any] | None:
        """Return a reading of the store without what was stated; None for nothing else.

        What it has is stated from then on: a month may share time with two stretches.
        """
        rest = tuple(self._as_asked(item) for item in stored.items if not self._has(item))
        self._records.update(map(self._record, rest))
        if stored.state not in ANSWERED or (stored.items and not rest):
            return None
        covers, until = stored.covers, stored.known_until
        # Of what runs the provider's own reading stands, and is known up to now. How far a cycle
        # that is over was read is in the state and the words.
        if rest and self.stream is Stream.USAGE:
            covers = span(item.covers for item in rest)
            until = until if any(item.covers.end > now for item in rest) else None
        return evolve(stored, items=rest, covers=covers, known_until=until)

    def _as_asked(self, item: Any) -> Any:
        return evolve(item, requested=self.period) if isinstance(item, Usage) else item

    def _has(self, item: Any) -> bool:
        own = self._windows.get(_scope(item), ()) if isinstance(item, Usage) else ()
        if own and meets(item.covers, own):
            return True
        return self._is_renewed(item) or self._record(item) in self._records

    def _record(self, item: Any) -> Hashable:
        return record_id(TABLES[self.stream].kinds[0], item)


def _windows(reading: Reading[Any]) -> Iterable[tuple[_Scope, Period]]:
    if any(isinstance(item, Usage) for item in reading.items):
        return [(_scope(item), item.covers) for item in reading.items]
    return [] if reading.covers is None else [(None, reading.covers)]


def _begins(readings: Iterable[Reading[Any]]) -> datetime | None:
    """Return when the first project of readings came to be; None where that is not stated."""
    usages: dict[_Scope, list[Usage]] = {}
    for reading in readings:
        for item in reading.items:
            usages.setdefault(_scope(item), []).append(item)
    since = [first_billed(own[0].since, (each.covers for each in own)) for own in usages.values()]
    return min((each for each in since if each is not None), default=None) if all(since) else None


def _scope(usage: Usage) -> str:
    return scope_text(usage.billing_account_id, usage.sub_account_id)


def begun(stretches: Iterable[Period], now: datetime) -> list[Period]:
    """Return the stretches of which anything can have been read."""
    return [each for each in stretches if each.start < now]
