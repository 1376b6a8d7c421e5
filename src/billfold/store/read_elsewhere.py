"""The months of which accounts together have read all that one of them reaches.

One of them was renamed, say, or two were made one, or one was made two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from attrs import field, frozen

from billfold.columns import Row
from billfold.counted import sentences
from billfold.model import Stream
from billfold.period import Period, gaps, meets, merged, span
from billfold.store.book import Book
from billfold.store.confirmed import Confirmed, confirmed
from billfold.store.counted_elsewhere import Held, as_read_by_text
from billfold.store.lost import losses, with_lost
from billfold.store.reading_words import as_read
from billfold.store.scopes import one_spelling, payer, scope_text
from billfold.store.standing import held_windows
from billfold.store.stands import windows_of
from billfold.store.sync_rows import syncs

if TYPE_CHECKING:
    import pyarrow as pa


@frozen(eq=False)
class _Owner:
    """Of which time an account has read whole each scope, and how its readings of that went."""

    times: Mapping[str, Sequence[Period]]
    readings: Sequence[Row]

    def as_read(self, periods: Sequence[Period]) -> tuple[datetime | None, str | None]:
        """Return when it read them whole, the oldest of its last readings, and what these said."""
        windows = [each for each in confirmed(self.readings) if meets(each.period, periods)]
        read_at = min((each.read_at for each in windows), default=None)
        return read_at, sentences(*as_read(self.readings, windows))


@frozen
class Elsewhere:
    """Of the months that an account lacks those that were ``read``, and what others have of them.

    ``here`` are the months that it read whole itself, whatever the moment; ``as_read`` is by
    account when others read theirs, and what these readings said.
    """

    here: Sequence[Period] = ()
    read: Sequence[Period] = ()
    theirs: Mapping[Held, Sequence[Period]] = field(factory=dict)
    as_read: Mapping[str, tuple[datetime | None, str | None]] = field(factory=dict)

    def is_all_read(self, period: Period, now: datetime) -> bool:
        """Return whether others read all of a period that may have begun."""
        begun = span(period.months_begun(now))
        return begun is not None and not gaps(begun, self.read)

    def text(self) -> str:
        """Return the words that others read it, when, and how well."""
        scopes: dict[str, set[str]] = {}
        for each in self.theirs:
            scopes.setdefault(each.account, set()).add(each.scope)
        return "; ".join(
            as_read_by_text(own, name, *self.as_read[name]) for name, own in sorted(scopes.items())
        )


NOWHERE = Elsewhere()


def read_here(
    stream: Stream, readings: Sequence[Row], rows: pa.Table | None, window: Period
) -> Sequence[Confirmed] | None:
    """Return the months of a window that an account read whole itself; None where it has cycles."""
    whole = [each for each in confirmed(readings) if each.period.overlaps(window)]
    is_of_months = all(each.period.is_whole_months for each in whole)
    if not readings or not is_of_months or not window.is_whole_months:
        return None
    # Of one month there is nothing to tell apart, and the rows need not be looked at.
    if stream is Stream.USAGE and window != Period.month_of(window.start):
        stands = windows_of(rows)
        own = [each for each in whole if each.scope is None or (each.scope, each.period) in stands]
        whole = own if stands else whole
    return whole


def lacking(here: Sequence[Confirmed], rows: pa.Table | None, window: Period) -> Sequence[Period]:
    """Return of which time of a window an account neither read the end nor has anything."""
    read = [each.period for each in here if each.is_to_its_end()]
    missing = gaps(window, read)
    return missing and gaps(window, [*read, *(each for _, each in windows_of(rows))])


def read_elsewhere(
    book: Book,
    place: tuple[str, str],
    lacks: Mapping[str, Sequence[Period]],
    reached: Mapping[str, AbstractSet[str]],
    stream: Stream,
    window: Period,
    as_of: datetime | None,
) -> Mapping[str, Elsewhere]:
    """Return what of the time that accounts at a place lack all of them have read, by account.

    ``reached`` are the scopes of usage that each reaches. Blocks; raises StoreError.
    """
    scopes = frozenset[str]().union(*(reached[name] for name in lacks))
    read = _read_whole(book, place, stream, window, as_of, scopes)
    return {
        name: _elsewhere(name, lacks[name], reached[name], read, stream)
        for name in lacks
        if reached[name]
    }


def _elsewhere(
    name: str,
    lacks: Sequence[Period],
    reached: AbstractSet[str],
    read: Mapping[str, _Owner],
    stream: Stream,
) -> Elsewhere:
    known: Sequence[Period] = lacks
    for scope in reached:
        every = chain.from_iterable(own.times.get(scope, ()) for own in read.values())
        known = [*_shared(known, merged(every))]
    theirs: dict[Held, Sequence[Period]] = {}
    for owner, own in read.items():
        for scope in reached & own.times.keys() if owner != name else ():
            whose = scope if stream is Stream.USAGE else scope_text(payer(scope))
            if periods := [*_shared(known, own.times[scope])]:
                held = Held(whose, owner)
                theirs[held] = merged([*theirs.get(held, ()), *periods])
    as_read = {each.account: read[each.account].as_read(known) for each in theirs}
    return Elsewhere(read=known, theirs=theirs, as_read=as_read)


def _read_whole(
    book: Book,
    place: tuple[str, str],
    stream: Stream,
    window: Period,
    as_of: datetime | None,
    scopes: Iterable[str],
) -> Mapping[str, _Owner]:
    """Return of which time each account has read whole whom it has usage of.

    A usage stands with its window, and says when it was read. Of what else is kept there may be
    nothing: only what was read at the end of its time counts.
    """
    held = held_windows(book, place, window, as_of, scopes)
    used = syncs(book, sorted(held), Stream.USAGE, as_of) if held else {}
    others = used
    if held and stream is not Stream.USAGE:
        lost = {name: losses(own) for name, own in used.items()}
        others = with_lost(book, syncs(book, sorted(held), stream, as_of), lost, as_of)
    read: dict[str, _Owner] = {}
    for name, windows in held.items():
        whole = {(each.scope, each.period) for each in confirmed(used[name])}
        own: dict[str, list[Period]] = {}
        for scope, period in windows:
            if (scope, period) in whole and period.is_whole_months:
                own.setdefault(scope, []).append(period)
        times = [] if stream is Stream.USAGE else confirmed(others[name])
        in_time = {
            scope: periods if stream is Stream.USAGE else _read_to_its_end(periods, scope, times)
            for scope, periods in own.items()
        }
        read[name] = _Owner(in_time, others[name])
    return read


def _read_to_its_end(
    periods: Sequence[Period], scope: str, times: Sequence[Confirmed]
) -> Sequence[Period]:
    """Return of which of these times the records were read at their end of who pays for a scope."""
    whose = scope_text(payer(scope))
    early = [each.period for each in times if each.scope == whose and not each.is_to_its_end()]
    read = merged(each.period for each in times if each.scope is None and each.is_to_its_end())
    return [each for each in _shared(periods, read) if not meets(each, early)]


def of_time(rows: pa.Table, windows: Mapping[str, Sequence[Period]]) -> pa.Table:
    """Return the rows of the windows of their scopes; all of a scope that has none."""
    import pyarrow as pa

    if not any(windows.values()):
        return rows
    cells = (rows[name].to_pylist() for name in ("scope", "window_start", "window_end"))
    kept = [
        not (own := windows.get(one_spelling(scope))) or meets(Period(start, end), own)
        for scope, start, end in zip(*cells, strict=True)
    ]
    return rows.filter(pa.array(kept, pa.bool_()))


def _shared(periods: Iterable[Period], others: Sequence[Period]) -> Iterator[Period]:
    """Yield the time that periods share with others."""
    for each in periods:
        for other in others:
            if each.overlaps(other):
                yield Period(max(each.start, other.start), min(each.end, other.end))
