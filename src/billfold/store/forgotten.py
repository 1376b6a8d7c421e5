"""What a provider states stands; of what it forgot, a store's records are put beside it.

Each cent counts once: usage by whom it is of and its window, days and other records by their time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import define, evolve, field

from billfold.adapter.reading import Reading
from billfold.counted import listed, sentences
from billfold.model import ANSWERED, READ_WHOLE, State, Stream, Usage
from billfold.period import Period, gaps, meets, merged, span, utc_text
from billfold.store.lacking import Lacking, ids_of
from billfold.store.records import record_id
from billfold.store.scopes import scope_text
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
    nothing failed or was cut off that may be of another project.
    """

    stream: Stream
    period: Period
    is_bounded: bool = True
    names_every_project: bool = True
    _windows: dict[_Scope, list[Period]] = field(factory=dict)
    _renewed: dict[_Scope, list[Period]] = field(factory=dict)
    _projects: set[str] = field(factory=set)
    _records: set[Hashable] = field(factory=set)
    _forgetting: set[_Scope] = field(factory=set)
    _is_nothing_left: bool = False
    _lacking: Lacking = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._lacking = Lacking(self.period)

    def add(self, reading: Reading[Any]) -> None:
        """Note what a reading states, and whose rest its provider forgot."""
        forgets = reading.state in FORGOTTEN
        if forgets and self.stream in OF_PARTS:
            self._lacking.add(reading)
        self._is_nothing_left |= reading.state is State.UNAVAILABLE
        is_read = bool(reading.items) or reading.state in READ_WHOLE | FORGOTTEN
        self.names_every_project &= is_read and reading.error is None
        self._projects.update(map(_project, reading.items))
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
        known: dict[_Scope, list[Period]] = {}
        for reading in stored:
            for scope, window in _windows(reading):
                known.setdefault(scope, []).append(window)
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
        return merged(each for own in missing for each in own)

    def unread(self, stretch: Period, known: Sequence[Reading[Any]]) -> tuple[Period, ...]:
        """Return what of a stretch a store does not have; of whole months it says so itself."""
        covers = [each.covers for each in known if each.covers is not None]
        if not known:
            return (stretch,)
        if self.stream is not Stream.USAGE or all(each.is_whole_months for each in covers):
            return ()
        return gaps(stretch, covers)

    def lacking(self, rest: Iterable[Reading[Any]], now: datetime) -> Mapping[str, list[Period]]:
        """Return what is known of no project or organization beside what a store has, by its id."""
        return self._lacking.of(rest, now) if self.stream is Stream.USAGE else {}

    @property
    def is_of_anybody(self) -> bool:
        """Whether the provider forgot time of which it did not say whose."""
        return self._lacking.is_of_anybody

    def sought(
        self, known: Iterable[Reading[Any]], reached: Iterable[str], now: datetime
    ) -> Mapping[str, list[Period]]:
        """Return of which time other accounts may know what a store has not, by project or payer.

        ``reached`` is what the account reaches, as far as the provider did not say so.
        """
        return self._lacking.sought(known, reached, now)

    def gone(self, stored: Reading[Any]) -> Reading[Any] | None:
        """Return what a store has of projects that are not stated; None for nothing."""
        if self._is_nothing_left:
            return None  # as all of it is forgotten
        named = {"", *self._projects}
        items = tuple(
            usage for usage in stored.items if usage.charges and _project(usage) not in named
        )
        return self.rest_of(evolve(stored, items=items)) if items else None

    def own(self, reading: Reading[Any], *, is_filled: bool) -> Reading[Any] | None:
        """Return a reading without what gave way; None where nothing of it stays.

        What it lacked of the period is another reading's where all of that ``is_filled``.
        """
        if reading.state is not State.DIFFERENT_WINDOW:
            return reading
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

    def rest_of(self, stored: Reading[Any]) -> Reading[Any] | None:
        """Return a reading of the store without what was stated; None for nothing else.

        What it has is stated from then on: a month may share time with two stretches.
        """
        rest = tuple(self._as_asked(item) for item in stored.items if not self._has(item))
        self._records.update(map(self._record, rest))
        if stored.state not in ANSWERED or (stored.items and not rest):
            return None
        covers, until = stored.covers, stored.known_until
        # Of what runs the provider's own reading stands, and is known up to now.
        if rest and self.stream is Stream.USAGE:
            covers = span(item.covers for item in rest)
            until = until if until and any(item.covers.end > until for item in rest) else None
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


def _scope(usage: Usage) -> str:
    return scope_text(usage.billing_account_id, usage.sub_account_id)


def _project(record: Any) -> str:
    """Return a project's id in one spelling, whoever pays for it; "" for what is of none."""
    return (getattr(record, "sub_account_id", None) or "").casefold()


def from_store(reading: Reading[Any], *, beside: bool, whose: str = "") -> Reading[Any]:
    """Return the reading with the words that it is not the provider's of now, and how fresh.

    ``beside`` what the provider states, also of which time it is, and ``whose``.
    """
    time = f"{reading.covers} of {whose}" if whose else f"{reading.covers}"
    what = f"{time} is from the store" if beside else "from the store"
    when = None if reading.read_at is None else f", read at {utc_text(reading.read_at)}"
    return evolve(reading, detail=sentences(what + (when or ""), reading.detail))


def projects(reading: Reading[Usage]) -> str:
    """Return the names of the projects that a reading is of."""
    return listed(dict.fromkeys(usage.sub_account_id for usage in reading.items))


def naming_unread(reading: Reading[Any], unread: Sequence[Period]) -> Reading[Any]:
    """Return a reading with the words of which time the store does not have, either."""
    if not unread or reading.state is not State.DIFFERENT_WINDOW:
        return reading
    said = f"{', '.join(map(str, unread))} is not in the store"
    return evolve(reading, detail=sentences(reading.detail, said))


def naming_lacking(reading: Reading[Any], lacking: Mapping[str, Sequence[Period]]) -> Reading[Any]:
    """Return a reading of a part of which the store lacks something with the words of that."""
    missing = lacking.get((reading.part or "").casefold(), ())
    if not missing:
        return reading
    said = f"{', '.join(map(str, missing))} of {reading.part} is not in the store"
    known = reading.detail if reading.state is State.DIFFERENT_WINDOW else None
    return evolve(reading, detail=sentences(known, said))


def reached(reading: Reading[Any], reach: Iterable[str] | None) -> Reading[Any] | None:
    """Return a store's reading of what an account's settings limit it to; None for another's.

    ``reach`` are the ids of projects or organizations; None is every one.
    """
    if reach is None or not reading.items:
        return reading
    asked = set(map(str.casefold, reach))
    items = tuple(each for each in reading.items if ids_of(each) & asked or not ids_of(each))
    return evolve(reading, items=items) if items else None


def naming_given_way(
    readings: Sequence[Reading[Any]], given_way: Sequence[str]
) -> list[Reading[Any]]:
    """Return readings, the first with the words of what is not counted beside it."""
    first = [
        evolve(reading, detail=sentences(reading.detail, *given_way)) for reading in readings[:1]
    ]
    return [*first, *readings[1:]]


def begun(stretches: Iterable[Period], now: datetime) -> list[Period]:
    """Return the stretches of which anything can have been read."""
    return [each for each in stretches if each.start < now]
