"""How well what was read covers a window: earned by when it was read, never assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from attrs import field, frozen

from billfold.columns import Row
from billfold.counted import sentences
from billfold.model import ANSWERED, WINDOWED, State, Stream
from billfold.period import Period, merged, span, utc_text
from billfold.store.book import Book
from billfold.store.confirmed import (
    Confirmed,
    confirmed,
    ended_for_good,
    known_to,
    open_until,
    running,
)
from billfold.store.doubts import (
    Doubt,
    changed_in_part,
    cut_off,
    ended,
    missed,
    never_whole,
    other_time,
    read_but_some,
    read_early,
    twice,
    worst,
)
from billfold.store.reading_words import (
    as_read,
    how_it_went,
    never,
    not_confirmed,
    not_read,
    nothing_read,
    own_words,
    passed_over,
    read_in_part,
    tail_words,
)
from billfold.store.scopes import one_spelling
from billfold.store.seen import known_since, seen_until
from billfold.store.stands import Stands, asked_in_part
from billfold.store.sync_rows import (
    cut_off_rows,
    is_about,
    is_whole,
    last_answered,
    last_reading,
    syncs,
    unconfirmed,
)


@frozen
class Earned:
    """State, window and words of what is known; ``read_at`` is the oldest of its last readings.

    ``apart`` are windows that are known besides, where some time in between is not. ``behind`` are
    the scopes that are known until an earlier moment than ``known_until``, and that moment;
    ``passed_over``, by when they were read, those that no later whole reading states. ``seen`` is
    until when each usage was seen to cost what it costs, by its scope and window. ``gone`` are
    scopes of which nothing runs, where what runs was asked for.
    """

    state: State
    detail: str | None = None
    covers: Period | None = None
    known_until: datetime | None = None
    read_at: datetime | None = None
    apart: tuple[Period, ...] = ()
    behind: Mapping[str, datetime] = field(factory=dict)
    passed_over: Mapping[datetime, AbstractSet[str]] = field(factory=dict)
    seen: Mapping[tuple[str | None, Period], datetime] = field(factory=dict)
    gone: AbstractSet[str | None] = frozenset()


def window_of(stream: Stream, period: Period | None, moment: datetime) -> Period | None:
    """Return the window that a period's records are of, as asked at a moment; None is all."""
    if stream not in WINDOWED or (period is None and stream in (Stream.LEDGER, Stream.INVOICES)):
        return None
    return Period.month_of(moment) if period is None else period


def earned(
    rows: Sequence[Row],
    stands: Stands,
    period: Period | None,
    *,
    moment: datetime,
    tolerance: timedelta,
    only_current: str | None = None,
    elsewhere: Sequence[Period] = (),
    is_past: bool = False,
) -> Earned:
    """Return what the readings of an account prove of a period (None: the running one).

    ``stands`` is what is known by them, ``only_current`` names a provider that answers for what
    runs alone, and ``elsewhere`` are the months that other accounts read. Of a moment that
    ``is_past`` no sync can make more known.
    """
    if not rows:
        return Earned(State.UNAVAILABLE, nothing_read(is_past=is_past))
    if all(row["state"] == State.UNSUPPORTED for row in rows):
        return Earned(State.UNSUPPORTED, rows[-1]["detail"])
    stream = stands.stream
    if stream not in WINDOWED:
        return _as_last_read(stream, rows)
    window = window_of(stream, period, moment)
    if window is None:
        return _all(stands, rows, moment, tolerance)
    found = _of_window(stands, rows, window, period, moment, tolerance, elsewhere)
    if found is not None:
        return found
    about = [row for row in rows if is_about(row, window)]
    return _nothing_stands(stream, about, window, moment, only_current, is_past=is_past)


def _as_last_read(stream: Stream, readings: Sequence[Row]) -> Earned:
    last = last_reading(readings)
    answered = [row for row in readings if State(row["state"]) in ANSWERED]
    if not answered:
        return Earned(State.UNAVAILABLE, never(readings))
    stands = _last_stated(answered)
    read = f"as read at {utc_text(stands['read_at'])}"
    stays = not_confirmed(stream, readings)
    if is_whole(stream, last):
        own = own_words([row for row in answered if row["known_at"] == stands["known_at"]])
        return Earned(State.COMPLETE, sentences(read, *own, stays))
    return Earned(State.PARTIAL, sentences(read, stays, how_it_went(last)))


def _last_stated(answered: Sequence[Row]) -> Row:
    """Return a row of the last reading that did not leave all as it was known."""
    silent = {row["known_at"] for row in answered if unconfirmed([row])}
    stated = [row for row in answered if row["known_at"] not in silent]
    return (stated or answered)[-1]


def _all(stands: Stands, readings: Sequence[Row], now: datetime, tolerance: timedelta) -> Earned:
    """Return what is known of all entries ever: the windows that were read, and no other."""
    stream, every = stands.stream, confirmed(readings)
    windows = [each for each in every if each.scope is None]
    read = [_as_far_as_read(stream, each, readings, now, tolerance) for each in windows]
    known = merged(period for period in read if period is not None)
    in_part = asked_in_part(stream, readings, windows)
    missing, said = missed(stream, readings, windows)
    late = _late([each for each in stands.read_whole(every) if each.scope is not None], now)
    early, _ = read_early(late, tolerance)
    older: dict[datetime, set[str]] = {}
    for each in late:
        older.setdefault(each.read_at, set()).add(each.scope or "")
    if not known and not in_part:
        return Earned(State.UNAVAILABLE, never(readings))
    until = [
        open_until((each for each in windows if each.is_open(now)), now),
        *(_cut_off_at(readings, each, now) for each in in_part),
    ]
    text = sentences(
        f"only what was read is known: {_as_known(known, windows)}" if known else None,
        not_confirmed(stream, readings),
        *as_read(readings, windows),
        *(read_in_part(readings, each) for each in in_part),
        said,
    )
    partly = State.PARTIAL if in_part else State.DIFFERENT_WINDOW
    state = worst((each, None) for each in (partly, missing, early))
    covers, *apart = merged([*known, *in_part])
    known_until = min(filter(None, until), default=None)
    return Earned(state, text, covers, known_until, apart=tuple(apart), passed_over=older)


def _as_known(known: Sequence[Period], windows: Sequence[Confirmed]) -> str:
    """Return in words up to when windows are known: one that runs is until it was read."""
    until = {each.period.end: each.read_at for each in windows if not each.is_to_its_end()}
    read = [(each, until.get(each.end, each.end)) for each in known]
    return ", ".join(
        str(Period(each.start, min(each.end, end)) if end > each.start else each)
        for each, end in read
    )


def _as_far_as_read(
    stream: Stream, each: Confirmed, readings: Sequence[Row], now: datetime, tolerance: timedelta
) -> Period | None:
    """Return a window up to when its entries are known; one that runs is open, if read whole."""
    start, end = each.period.start, each.period.end
    if each.is_open(now):
        own = [row for row in readings if is_about(row, each.period)]
        is_read = is_whole(stream, last_reading(own))
    else:
        is_read = end - each.read_at <= tolerance
    if is_read:
        return each.period
    return Period(start, each.read_at) if start < each.read_at else None


def _of_window(
    stands: Stands,
    readings: Sequence[Row],
    window: Period,
    requested: Period | None,
    now: datetime,
    tolerance: timedelta,
    elsewhere: Sequence[Period],
) -> Earned | None:
    """Return what is proven of a window of which anything stands; None where nothing does."""
    stream, every = stands.stream, confirmed(readings)
    whole = stands.read_whole([each for each in every if each.period.overlaps(window)])
    about = [row for row in readings if is_about(row, window)]
    if stream is Stream.USAGE:
        whole = _without_idle_months(whole, window)
    in_part = [each for each in stands.read_in_part(about, every) if each.period.overlaps(window)]
    windows = [*whole, *in_part]
    if not windows:
        return None
    seen = seen_until(stands, windows, readings)
    past: Doubt = State.COMPLETE, None
    gone = frozenset[str | None]()
    if requested is None and stream is Stream.USAGE:
        # Only a whole reading says of whom there is nothing.
        gone = ended_for_good(whole, now) - {each.scope for each in in_part if now in each.period}
        windows = [each for each in windows if each.scope not in gone]
        windows = running(windows, lambda each: (each.scope, each.period), now)
        past = ended(windows, now)
    is_past = past[0] is not State.COMPLETE
    stated = windows
    if stream is not Stream.USAGE:  # its records have a time each, and only those asked for count
        windows = [each.within(window) for each in windows]
        in_part = [each.within(window) for each in in_part]
    theirs = [each for each in _late(windows, now) if stands.are_elsewhere(each.period)]
    own = [each for each in windows if each not in theirs]
    # A cycle that ended later than what is asked need not be known to its own end.
    late = [each.within(window) for each in _late(own, now)]
    read = [known_since(stream, each, about) for each in windows]
    known_until, behind = known_to(read, now)
    last = last_reading(about if is_past else _of_what_runs(about, windows, now))
    is_cut_off = (known_until or is_past) and not is_whole(stream, last)
    in_part_since = changed_in_part(stands, about, windows)
    changing = in_part_since or read_but_some(stream, about, windows)
    doubts = [
        other_time(stated, windows, window, now, elsewhere, is_requested=requested is not None),
        past,
        read_early(late, tolerance),
        twice(stated),
        *never_whole(stream, [each for each in in_part if each in windows], about),
        cut_off(stream, last if is_cut_off else changing, about),
        # One that runs is partial after such a reading, whatever that has.
        missed(stream, about, [each for each in windows if not each.is_open(now)]),
    ]
    said = [
        *tail_words(late, in_part_since, tolerance),
        not_confirmed(stream, about),
        *as_read(about, own),
        *(words for _, words in doubts),
    ]
    covered = span(each.period for each in windows)
    read_at = min((each.read_at for each in own), default=None)
    return Earned(
        worst(doubts),
        sentences(*dict.fromkeys(said)),
        covered,
        known_until,
        read_at,
        behind=behind,
        passed_over=passed_over(about, own),
        seen=seen,
        gone=gone,
    )


def _nothing_stands(
    stream: Stream,
    about: Sequence[Row],
    window: Period,
    now: datetime,
    only_current: str | None,
    *,
    is_past: bool,
) -> Earned:
    """Return what is known of a window of which no record is, nor a whole reading."""
    if any(State(row["state"]) in ANSWERED for row in cut_off_rows(stream, about)):
        detail = read_in_part(about)
        return Earned(State.PARTIAL, detail, window, _cut_off_at(about, window, now))
    forgotten_by = only_current if window.end <= now else None
    return Earned(State.UNAVAILABLE, not_read(about, window, forgotten_by, is_past=is_past))


def _without_idle_months(windows: Sequence[Confirmed], asked: Period) -> list[Confirmed]:
    """Return windows without the months read idle, where one of usage is the very time asked.

    A billing cycle ended in such a month, say, and none began.
    """
    if not any(each.scope is not None and each.period == asked for each in windows):
        return [*windows]
    return [each for each in windows if each.scope is not None or each.period == asked]


def _late(windows: Sequence[Confirmed], now: datetime) -> list[Confirmed]:
    """Return the windows that were read last before their end, and do not run."""
    return [each for each in windows if not (each.is_to_its_end() or each.is_open(now))]


def _cut_off_at(about: Sequence[Row], window: Period, now: datetime) -> datetime | None:
    """Return when a window that runs was read last, of which no reading was whole."""
    if window.end <= now:
        return None
    rest = Period(max(now, window.start), window.end)
    runs = [row for row in about if is_about(row, rest) and State(row["state"]) in ANSWERED]
    moments: list[datetime] = [row["read_at"] for row in runs or last_answered(about)]
    return max(moments)


def _of_what_runs(
    about: Sequence[Row], windows: Sequence[Confirmed], now: datetime
) -> Sequence[Row]:
    """Return the readings of those of these windows that run; all of them where none does."""
    runs = [each.period for each in windows if each.period.end > now]
    return [row for row in about if any(is_about(row, each) for each in runs)] or about


def stands_whole(book: Book, account: str, scope: str, window: Period) -> bool:
    """Return whether a usage's window is as a whole reading of its scope stated it.

    After its end no other reading changes it; before, the last one may have been cut off.
    """
    about = [
        row
        for row in syncs(book, [account], Stream.USAGE)[account]
        if State(row["state"]) in ANSWERED and is_about(row, window)
    ]
    closed = [each for each in confirmed(about) if each.is_to_its_end()]
    last = confirmed(last_reading(about) if about else [])
    asked = one_spelling(scope), window
    return any((each.scope, each.period) == asked for each in [*closed, *last])
