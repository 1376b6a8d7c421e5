"""What a book answers of an account: its records, as well as they are known, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from billfold.adapter.reading import Reading
from billfold.columns import Row
from billfold.counted import sentences
from billfold.model import ANSWERED, State, Stream
from billfold.period import Period, meets
from billfold.store.confirmed import running
from billfold.store.counted_elsewhere import as_read_by_text
from billfold.store.earned import Earned, earned, window_of
from billfold.store.known_readings import as_seen, lost_text, readings_of, window_of_usage
from billfold.store.last_stated import as_last_stated
from billfold.store.lost import lost_windows, of_scopes
from billfold.store.reader import Found, Left
from billfold.store.reading_back import records
from billfold.store.reading_words import passed_over_text
from billfold.store.scopes import scope_of
from billfold.store.stands import Stands

if TYPE_CHECKING:
    import pyarrow as pa


@frozen(eq=False)
class Asked:
    """What is asked of a book at a moment: a stream of an account, and a period (None: what runs).

    ``is_past`` is whether no sync makes more known by then. A window that was read last up to
    ``tolerance`` before its end counts as complete. ``only_current`` names a provider that answers
    for what runs alone.
    """

    account: str
    stream: Stream
    period: Period | None
    moment: datetime
    is_past: bool = field(kw_only=True)
    tolerance: timedelta = field(kw_only=True)
    only_current: str | None = field(kw_only=True)

    @property
    def window(self) -> Period | None:
        """The window that what is asked for is of; None is all."""
        return window_of(self.stream, self.period, self.moment)

    def of_found(self, found: Found) -> Sequence[Reading[Any]]:
        """Return what a book has of the account, and what others have of the same."""
        every = self._records(found.rows, found.readings)
        elsewhere = found.elsewhere
        lost = frozenset(lost_windows(found.readings))
        stands = _stands(self.stream, every, found.rows, elsewhere.read, lost)
        known = self._earned(found.readings, stands, elsewhere.read)
        also = [*elsewhere.here, *elsewhere.read]
        if known.state in (State.UNAVAILABLE, State.UNSUPPORTED):
            left = (self.of_left(each, also) for each in found.left)
            theirs = [*chain.from_iterable(left)]
            asked = self.window
            is_read = asked is not None and elsewhere.is_all_read(asked, self.moment)
            if theirs and (found.is_all_left or is_read):
                return theirs
            if is_read:
                return [Reading(covers=asked, detail=elsewhere.text())]
            return [Reading(state=known.state, detail=known.detail), *theirs]
        if found.lapsed:
            lapsed = (each.lapsed_text(is_past=self.is_past) for each in found.lapsed)
            detail = sentences(*lapsed, known.detail)
            known = evolve(known, state=State.PARTIAL, detail=detail)
        items = self._asked(_without(known.gone, self.stream, every))
        if known.passed_over:
            scopes = {scope_of(self.stream, item) for item in items}
            detail = sentences(known.detail, *passed_over_text(known.passed_over, scopes))
            known = evolve(known, detail=detail)
        items = as_seen(self.stream, self._as_begun(items, found), known)
        left = (self.of_left(each, also, known.gone) for each in found.left)
        theirs = [*chain.from_iterable(left)]
        if elsewhere.theirs and not theirs:
            known = evolve(known, detail=sentences(known.detail, elsewhere.text()))
        return [
            *readings_of(self.stream, items, known, lost_text(found.rows, self.stream)),
            *theirs,
            *self._unread(found),
        ]

    def _as_begun(self, items: tuple[Any, ...], found: Found) -> tuple[Any, ...]:
        if self.period is None or not found.unread.began:
            return items
        return tuple(found.unread.as_begun(each, self.period) for each in items)

    def _unread(self, found: Found) -> Iterable[Reading[Any]]:
        if self.period is None:
            return ()
        return found.unread.readings(self.period, [each.readings for each in found.left])

    def of_left(
        self,
        left: Left,
        also: Sequence[Period] = (),
        gone: AbstractSet[str | None] = frozenset(),
    ) -> Sequence[Reading[Any]]:
        """Return what another account booked of this one's, known as well as it is there.

        Nothing of scopes that are ``gone`` for either. What others ``also`` read is not missing.
        """
        every = self._records(left.rows, left.readings)
        items = tuple(item for item in every if _is_left(left, self.stream, item))
        lost = of_scopes({*lost_windows(left.readings)}, left.windows)
        stands = _stands(self.stream, items, left.rows, lost=lost)
        known = self._earned(left.readings, stands, also)
        left = evolve(left, windows=_but(gone | known.gone, left.windows))
        if not left.windows:
            return []
        items = self._asked(_without(gone | known.gone, self.stream, items))
        # What stands is known, whatever became of the reading that it was booked from.
        state = known.state if known.state in ANSWERED else State.PARTIAL
        detail = as_read_by_text(left.windows.keys(), left.account, known.read_at, known.detail)
        known = evolve(known, state=state, detail=detail)
        items = as_seen(self.stream, items, known)
        return readings_of(self.stream, items, known, lost_text(left.rows, self.stream))

    def _earned(
        self,
        readings: Sequence[Row],
        stands: Stands,
        elsewhere: Sequence[Period] = (),
    ) -> Earned:
        return earned(
            readings,
            stands,
            self.period,
            moment=self.moment,
            tolerance=self.tolerance,
            only_current=self.only_current,
            elsewhere=elsewhere,
            is_past=self.is_past,
        )

    def _records(self, rows: pa.Table | None, readings: Sequence[Row]) -> tuple[Any, ...]:
        if rows is None:
            return ()
        items = records(rows, self.account, self.stream, self.period)
        return as_last_stated(items, rows, readings) if self.stream is Stream.BALANCES else items

    def _asked(self, items: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return of usages those that run, where what runs was asked for."""
        if self.stream is not Stream.USAGE or self.period is not None:
            return items
        return tuple(running(items, window_of_usage, self.moment))


def _stands(
    stream: Stream,
    items: Sequence[Any],
    rows: pa.Table | None,
    elsewhere: Sequence[Period] = (),
    lost: AbstractSet[tuple[str, Period]] = frozenset(),
) -> Stands:
    return Stands(stream, items if stream is Stream.USAGE else None, rows, elsewhere, lost)


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
