"""How well what was read covers a window: earned by when it was read, never assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import TypeVar

import msgspec
from attrs import evolve, field, frozen

from billfold.answer import COUNTED
from billfold.columns import Row
from billfold.model import ANSWERED, READ_WHOLE, WINDOWED, State, Stream
from billfold.period import Period, gaps, merged, span, utc_text
from billfold.store.book import Book
from billfold.store.literals import text_literal, time_literal
from billfold.store.records import one_spelling
from billfold.store.standing import is_one_of
from billfold.store.tables import TABLES

T = TypeVar("T")
# How a reading that stated nothing where something is known says so, in a detail.
UNCONFIRMED = "what is known stays"


@frozen
class Earned:
    """State, window and words of what is known; ``read_at`` is the oldest of its last readings.

    ``apart`` are windows that are known besides, where some time in between is not. ``behind`` are
    the scopes that are known until an earlier moment than ``known_until``, and that moment.
    """

    state: State
    detail: str | None = None
    covers: Period | None = None
    known_until: datetime | None = None
    read_at: datetime | None = None
    apart: tuple[Period, ...] = ()
    behind: Mapping[str, datetime] = field(factory=dict)


@frozen
class Confirmed:
    """A window that was read whole, and when last."""

    scope: str | None
    period: Period
    read_at: datetime

    def is_to_its_end(self) -> bool:
        """Return whether it was read when it was over."""
        return self.read_at >= self.period.end

    def is_open(self, now: datetime) -> bool:
        """Return whether it runs, and some of it was read."""
        return self.period.end > now and self.read_at > self.period.start

    def within(self, window: Period) -> Confirmed:
        """Return the part of it that lies in a window that it shares time with."""
        shared = Period(max(self.period.start, window.start), min(self.period.end, window.end))
        return evolve(self, period=shared)


def window_of(stream: Stream, period: Period | None, moment: datetime) -> Period | None:
    """Return the window that a period's records are of, as asked at a moment; None is all."""
    if stream not in WINDOWED or (period is None and stream in (Stream.LEDGER, Stream.INVOICES)):
        return None
    return Period.month_of(moment) if period is None else period


def earned(
    rows: Sequence[Row],
    stream: Stream,
    period: Period | None,
    *,
    moment: datetime,
    tolerance: timedelta,
) -> Earned:
    """Return what the readings of an account prove of a period (None: the running one)."""
    if not rows:
        return Earned(State.UNAVAILABLE, "nothing was read yet: run billfold sync")
    if all(row["state"] == State.UNSUPPORTED for row in rows):
        return Earned(State.UNSUPPORTED, rows[-1]["detail"])
    if stream not in WINDOWED:
        return _as_last_read(stream, rows)
    window = window_of(stream, period, moment)
    return (
        _all(stream, rows, moment, tolerance)
        if window is None
        else _of_window(stream, rows, window, period, moment, tolerance)
    )


def syncs(
    book: Book, accounts: Sequence[str], stream: Stream, as_of: datetime | None = None
) -> dict[str, list[Row]]:
    """Return how each reading of accounts went, by account in the order they were booked.

    Raises StoreError, also where the table is gone that they were booked in.
    """
    until = "" if as_of is None else f" AND known_at <= {time_literal(as_of)}"
    found: dict[str, list[Row]] = {account: [] for account in accounts}
    for row in book.rows(
        "SELECT account, known_at, read_at, state, detail, error, confirmed, requested_start, "
        "requested_end, covers_start, covers_end, part, sync_id, "
        'COALESCE("new", 0) + COALESCE(changed, 0) + COALESCE(withdrawn, 0) AS changes FROM syncs '
        f"WHERE {is_one_of('account', accounts)} AND stream = {text_literal(stream.value)}{until} "
        "ORDER BY known_at",
        "syncs",
    ):
        found[row["account"]].append(row)
    if any(found.values()):
        book.require(TABLES[stream].name)
    return found


def _last(readings: Sequence[Row]) -> list[Row]:
    """Return the rows of the last reading."""
    return [row for row in readings if row["known_at"] == readings[-1]["known_at"]]


def is_read_whole(stream: Stream, state: State, covers: Period | None, asked: Period) -> bool:
    """Return whether what was read covers a window that was asked for.

    A usage says which window it is of. What is no usage does not: it is of the one asked for.
    """
    if state is State.COMPLETE or stream is Stream.USAGE:
        return state in READ_WHOLE
    return (
        state is State.DIFFERENT_WINDOW
        and covers is not None
        and covers.start <= asked.start
        and covers.end >= asked.end
    )


def _is_whole(stream: Stream, rows: Sequence[Row]) -> bool:
    offered = [row for row in rows if row["state"] != State.UNSUPPORTED]
    return bool(offered) and all(
        is_read_whole(
            stream,
            State(row["state"]),
            _period(row, "covers"),
            _period(row, "requested") or Period.month_of(row["read_at"]),
        )
        for row in offered
    )


def _period(row: Row, name: str) -> Period | None:
    start, end = row[f"{name}_start"], row[f"{name}_end"]
    return None if start is None else Period(start, end)


def _as_last_read(stream: Stream, readings: Sequence[Row]) -> Earned:
    last = _last(readings)
    answered = [row for row in readings if State(row["state"]) in ANSWERED]
    if not answered:
        return Earned(State.UNAVAILABLE, _never(readings))
    stands = _last_stated(answered)
    read = f"as read at {utc_text(stands['read_at'])}"
    unconfirmed = _unconfirmed(stream, readings)
    if _is_whole(stream, last):
        own = _own([row for row in answered if row["known_at"] == stands["known_at"]])
        details = dict.fromkeys([read, *own, *_shared(last), *unconfirmed])
        return Earned(State.COMPLETE, "; ".join(details))
    return Earned(State.PARTIAL, "; ".join([read, *unconfirmed, _said(last)]))


def _last_stated(answered: Sequence[Row]) -> Row:
    """Return a row of the last reading that did not leave all as it was known."""
    silent = {row["known_at"] for row in answered if UNCONFIRMED in (row["detail"] or "")}
    stated = [row for row in answered if row["known_at"] not in silent]
    return (stated or answered)[-1]


def _all(stream: Stream, readings: Sequence[Row], now: datetime, tolerance: timedelta) -> Earned:
    """Return what is known of all entries ever: the windows that were read, and no other."""
    windows = confirmed(readings)
    read = [_as_far_as_read(stream, each, readings, now, tolerance) for each in windows]
    known_until = _known_until((each for each in windows if each.is_open(now)), now)
    known = merged(period for period in read if period is not None)
    if not known:
        return Earned(State.UNAVAILABLE, _never(readings))
    names = ", ".join(map(str, known))
    details = [
        f"only what was read is known: {names}",
        *_shared(readings),
        *_unconfirmed(stream, readings),
        *_as_read(readings, windows),
    ]
    text = "; ".join(details)
    return Earned(State.DIFFERENT_WINDOW, text, known[0], known_until, apart=known[1:])


def _as_far_as_read(
    stream: Stream, each: Confirmed, readings: Sequence[Row], now: datetime, tolerance: timedelta
) -> Period | None:
    """Return a window up to when its entries are known; one that runs is open, if read whole."""
    start, end = each.period.start, each.period.end
    if each.is_open(now):
        is_read = _is_whole(stream, _last([row for row in readings if is_about(row, each.period)]))
    else:
        is_read = end - each.read_at <= tolerance
    if is_read:
        return each.period
    return Period(start, each.read_at) if start < each.read_at else None


def _known_until(windows: Iterable[Confirmed], now: datetime) -> datetime | None:
    """Return the moment until which those of these windows are known that run."""
    return min((each.read_at for each in windows if each.period.end > now), default=None)


def _of_window(
    stream: Stream,
    readings: Sequence[Row],
    window: Period,
    requested: Period | None,
    now: datetime,
    tolerance: timedelta,
) -> Earned:
    windows = [each for each in confirmed(readings) if each.period.overlaps(window)]
    about = [row for row in readings if is_about(row, window)]
    if not windows:
        if any(State(row["state"]) in ANSWERED for row in _cut_off(stream, about)):
            detail = f"read in part only; {_said(_last(about))}"
            return Earned(State.PARTIAL, detail, window, _cut_off_at(about, window, now))
        return Earned(State.UNAVAILABLE, _not_read(about, window))
    is_past = False
    if requested is None and stream is Stream.USAGE:
        windows = running(windows, lambda each: (each.scope, each.period), now)
        in_time = {each.scope for each in windows if now in each.period}
        is_past = any(each.scope not in in_time for each in windows)
    by_months = all(each.period.is_whole_months for each in windows)
    crossing = _crossing(windows)
    if stream is not Stream.USAGE:  # its records have a time each, and only those asked for count
        windows = [each.within(window) for each in windows]
    covers = merged(each.period for each in windows)
    late = [each for each in windows if not (each.is_to_its_end() or each.is_open(now))]
    read = [_as_read_since(stream, each, about) for each in windows]
    known_until, behind = _latest(read, now)
    details = [
        *dict.fromkeys([*_shared(about), *_tail_details(late), *_unconfirmed(stream, about)]),
        *_as_read(about, windows),
    ]
    missing = gaps(window, covers)
    state = State.COMPLETE
    if missing and by_months:
        details.append(f"{', '.join(map(str, missing))} was not read")
        state = State.PARTIAL
    elif is_past or (requested is not None and (missing or span(covers) != window)):
        state = State.DIFFERENT_WINDOW
    if any(each.period.end - each.read_at > tolerance for each in late):
        state = State.PARTIAL
    if crossing:
        details.append(f"{crossing} overlap: the same money may stand in both")
        state = State.PARTIAL
    last = _last(about if is_past else _of_what_runs(about, windows, now))
    is_cut_off = (known_until or is_past) and not _is_whole(stream, last)
    if cut_off := last if is_cut_off else _changed_in_part(about, windows):
        state = State.PARTIAL
        details.append(_said(cut_off))
    elif not late and (answered := _last_answered(about)) and not _is_whole(stream, answered):
        details.append(_said(answered))  # it changed nothing of what was read whole after its end
    covered = span(covers)
    read_at = min(each.read_at for each in windows)
    return Earned(state, "; ".join(details) or None, covered, known_until, read_at, behind=behind)


def _latest(
    windows: Sequence[Confirmed], now: datetime
) -> tuple[datetime | None, dict[str, datetime]]:
    """Return until when the scopes that run are known, and those that are known for less long.

    A project that was deleted is known until it was read last, whenever the others were.
    """
    own: dict[str | None, list[Confirmed]] = {}
    for each in windows:
        own.setdefault(each.scope, []).append(each)
    until = {scope: _known_until(several, now) for scope, several in own.items()}
    last = max((moment for moment in until.values() if moment is not None), default=None)
    behind = {
        scope: moment
        for scope, moment in until.items()
        if scope is not None and moment is not None and moment != last
    }
    return last, behind


def _cut_off_at(about: Sequence[Row], window: Period, now: datetime) -> datetime | None:
    """Return when a window that runs was read last, of which no reading was whole."""
    if window.end <= now:
        return None
    rest = Period(max(now, window.start), window.end)
    runs = [row for row in about if is_about(row, rest) and State(row["state"]) in ANSWERED]
    moments: list[datetime] = [row["read_at"] for row in runs or _last_answered(about)]
    return max(moments)


def _as_read_since(stream: Stream, each: Confirmed, about: Sequence[Row]) -> Confirmed:
    """Return a window as read when a later reading was cut off of which no part failed."""
    own = _last_answered([row for row in about if is_about(row, each.period)])
    if _is_whole(stream, own) or any(row["error"] for row in own):
        return each
    return evolve(each, read_at=max([each.read_at, *(row["read_at"] for row in own)]))


def _of_what_runs(
    about: Sequence[Row], windows: Sequence[Confirmed], now: datetime
) -> Sequence[Row]:
    """Return the readings of those of these windows that run; all of them where none does."""
    runs = [each.period for each in windows if each.period.end > now]
    return [row for row in about if any(is_about(row, each) for each in runs)] or about


def running(
    each_of: Iterable[T], of: Callable[[T], tuple[str | None, Period]], now: datetime
) -> list[T]:
    """Return what runs now of each scope; all that is known of a scope of which nothing does.

    A month that was read in parts runs with all of them. ``of`` says whose a thing is and of what
    time.
    """
    month = Period.month_of(now)
    every = [(each, *of(each)) for each in each_of]
    runs = {scope: not gaps(period, [month]) for _, scope, period in every if now in period}
    return [
        each
        for each, scope, period in every
        if scope not in runs or now in period or (runs[scope] and not gaps(period, [month]))
    ]


def _last_answered(readings: Sequence[Row]) -> list[Row]:
    """Return the rows of the last reading that had anything to book."""
    return _last([row for row in readings if State(row["state"]) in ANSWERED])


def _shared(about: Sequence[Row]) -> list[str]:
    """Return what the last reading said of parts that another account has."""
    return _telling(about, COUNTED)


def _unconfirmed(stream: Stream, about: Sequence[Row]) -> list[str]:
    """Return what the last whole reading said of windows in which it stated nothing any more.

    One that was cut off confirms nothing, and says nothing of it.
    """
    cut_off = {row["known_at"] for row in _cut_off(stream, about)}
    return _telling([row for row in about if row["known_at"] not in cut_off], UNCONFIRMED)


def _cut_off(stream: Stream, about: Sequence[Row]) -> list[Row]:
    """Return the rows of the readings that were not whole."""
    by_reading = (list(rows) for _, rows in groupby(about, itemgetter("known_at")))
    return [row for rows in by_reading if not _is_whole(stream, rows) for row in rows]


def _telling(readings: Sequence[Row], words: str) -> list[str]:
    """Return the sentences of the last reading that have some words."""
    last = _last(readings) if readings else []
    return [said for said in _sentences(last) if words in said]


def _as_read(about: Sequence[Row], windows: Sequence[Confirmed]) -> list[str]:
    """Return what the readings that stand said themselves, each with its time.

    Some of it was true only then ("so far"); what was in no record then is not in the book either.
    """
    read: dict[datetime, list[str]] = {}
    for moment in sorted({each.read_at for each in windows}):
        own = _own([row for row in about if row["read_at"] == moment])
        read |= {moment: own} if own else {}
    return [f"read at {utc_text(moment)}: {'; '.join(own)}" for moment, own in read.items()]


def _own(rows: Sequence[Row]) -> list[str]:
    """Return what a reading said of what it read, without what was noted as it was booked."""
    said = _sentences(row for row in rows if row["state"] == State.COMPLETE)
    return [each for each in said if COUNTED not in each and UNCONFIRMED not in each]


def _sentences(rows: Iterable[Row]) -> list[str]:
    """Return the sentences of details, once each."""
    details = (row["detail"].split("; ") for row in rows if row["detail"])
    return [*dict.fromkeys(chain.from_iterable(details))]


def _changed_in_part(about: Sequence[Row], windows: Sequence[Confirmed]) -> list[Row]:
    """Return the last reading that changed one of these windows and did not read it whole."""
    changing = {
        row["known_at"]
        for row in about
        if row["changes"]
        and not _WINDOWS.decode(row["confirmed"])
        and any(row["read_at"] > each.read_at and is_about(row, each.period) for each in windows)
    }
    return [row for row in about if changing and row["known_at"] == max(changing)]


def _crossing(windows: Sequence[Confirmed]) -> str | None:
    """Return two windows of one scope that share time, as where a cycle was moved."""
    last: dict[str | None, Confirmed] = {}
    for each in sorted(windows, key=lambda one: one.period.start):
        before = last.get(each.scope)
        if before is not None and before.period.overlaps(each.period):
            return f"{before.period} and {each.period}"
        last[each.scope] = each
    return None


def _tail_details(late: Sequence[Confirmed]) -> list[str]:
    if not late:
        return []
    earliest = min(each.read_at for each in late)
    return [f"as read until {utc_text(earliest)}"]


def confirmed(readings: Iterable[Row]) -> list[Confirmed]:
    """Return every window that was read whole, by its last reading.

    One that a later reading covers was read again by it, in one window or in several; and so was
    one in which nobody had used anything, by a reading of what somebody used in its time.
    """
    last: dict[str | None, dict[datetime, Confirmed]] = {}
    for row in readings:
        now: dict[str | None, list[Period]] = {}
        for scope, start, end in _WINDOWS.decode(row["confirmed"]) if row["confirmed"] else ():
            own = now.setdefault(scope and one_spelling(scope), [])
            own.append(Period(start, end))
        if used := [each for scope, own in now.items() if scope is not None for each in own]:
            idle = last.get(None, {}).items()
            last[None] = {start: each for start, each in idle if not _meets(each.period, used)}
        for scope, periods in now.items():
            older = last.get(scope, {}).items()
            kept = {start: each for start, each in older if not _is_within(each.period, periods)}
            read = {each.start: Confirmed(scope, each, row["read_at"]) for each in periods}
            last[scope] = kept | read
    return [each for own in last.values() for each in own.values()]


def _is_within(window: Period, periods: Sequence[Period]) -> bool:
    return _meets(window, periods) and not gaps(window, periods)


def _meets(window: Period, periods: Sequence[Period]) -> bool:
    return any(window.overlaps(each) for each in periods)


_WINDOWS: msgspec.json.Decoder[list[tuple[str | None, datetime, datetime]]] = msgspec.json.Decoder(
    list[tuple[str | None, datetime, datetime]]
)


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
    last = confirmed(_last(about) if about else [])
    asked = one_spelling(scope), window
    return any((each.scope, each.period) == asked for each in [*closed, *last])


def is_about(row: Row, window: Period) -> bool:
    """Return whether a row says anything of a window.

    Who answered without a window used nothing in the month of asking; who failed was asked for
    whatever runs.
    """
    about = _period(row, "covers") or _period(row, "requested")
    if about is None and State(row["state"]) in ANSWERED:
        about = Period.month_of(row["read_at"])
    return about is None or about.overlaps(window)


def _said(rows: Sequence[Row]) -> str:
    """Return how a reading went, by a row that is not complete where it has one."""
    holes = (row for row in rows if row["state"] not in (State.COMPLETE, State.UNSUPPORTED))
    row = next(holes, rows[-1])
    words = f": {row['detail']}" if row["detail"] else ""
    return f"the reading of {utc_text(row['read_at'])} was {row['state']}{words}"


def _never(readings: Sequence[Row]) -> str:
    return f"it was never answered; {_said(_last(readings))}"


def _not_read(about: Sequence[Row], window: Period) -> str:
    if about:
        return f"{window} was not answered; {_said(_last(about))}"
    return f"{window} was never read: run billfold sync --period {window}"
