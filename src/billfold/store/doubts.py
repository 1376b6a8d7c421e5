"""What keeps a stored window from being known as it is asked for: a doubt each, with its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain

from billfold.columns import Row
from billfold.model import ANSWERED, State, Stream
from billfold.period import Period, gaps, merged, span
from billfold.store.confirmed import WINDOWS, Confirmed, crossing_windows
from billfold.store.reading_words import ended_text, how_it_went, missed_text, other_time_text
from billfold.store.scopes import one_spelling
from billfold.store.stands import Stands
from billfold.store.sync_rows import (
    cut_off_rows,
    is_about,
    is_whole,
    last_answered,
    last_reading,
    unconfirmed,
)

# A state, and words where no others tell it. One that doubts nothing is COMPLETE.
Doubt = tuple[State, str | None]
_WORST_FIRST = (State.PARTIAL, State.DIFFERENT_WINDOW, State.COMPLETE)


def worst(doubts: Iterable[Doubt]) -> State:
    """Return the state that doubts leave."""
    found = {state for state, _ in doubts}
    return next(each for each in _WORST_FIRST if each in found)


def other_time(
    stated: Sequence[Confirmed],
    windows: Sequence[Confirmed],
    window: Period,
    now: datetime,
    elsewhere: Sequence[Period],
    *,
    is_requested: bool,
) -> Doubt:
    """Return a doubt where what was read is not all of a window: months lack, or cycles differ.

    Months ahead are not missing, nor what was read ``elsewhere`` of months.
    """
    is_of_months = all(each.period.is_whole_months for each in stated)
    covers = merged([*(each.period for each in windows), *(elsewhere if is_of_months else ())])
    if not gaps(window, covers) and span(covers) == window:
        return State.COMPLETE, None
    window = span(window.months_begun(now)) or window
    missing = gaps(window, covers)
    if missing and is_of_months:
        return State.PARTIAL, f"{', '.join(map(str, missing))} was not read"
    if not is_requested or not (missing or span(covers) != window):
        return State.COMPLETE, None
    own: dict[str | None, list[Period]] = {}
    for each in windows:
        own.setdefault(each.scope, []).append(each.period)
    others = {
        scope: time for scope, time in own.items() if span(time) != window or gaps(window, time)
    }
    times = merged(chain.from_iterable(others.values())) or covers
    return State.DIFFERENT_WINDOW, other_time_text(others, times)


def ended(windows: Sequence[Confirmed], now: datetime) -> Doubt:
    """Return a doubt about scopes that have no window at this moment."""
    in_time = {each.scope for each in windows if now in each.period}
    over = {each.scope for each in windows} - in_time
    return (State.DIFFERENT_WINDOW, ended_text(over)) if over else (State.COMPLETE, None)


def read_early(late: Sequence[Confirmed], tolerance: timedelta) -> Doubt:
    """Doubt windows that were read last before their end, of which the words tell already."""
    is_early = any(each.is_early(tolerance) for each in late)
    return (State.PARTIAL if is_early else State.COMPLETE), None


def twice(stated: Sequence[Confirmed]) -> Doubt:
    """Doubt two windows of one scope that share time."""
    if crossing := crossing_windows(stated):
        return State.PARTIAL, f"{crossing} overlap: the same money may stand in both"
    return State.COMPLETE, None


def never_whole(stream: Stream, in_part: Sequence[Confirmed], about: Sequence[Row]) -> list[Doubt]:
    """Doubt windows of which something stands that no whole reading had."""
    if not in_part:
        return []
    names = ", ".join(map(str, merged(each.period for each in in_part)))
    answered = [
        row
        for row in cut_off_rows(stream, about)
        if State(row["state"]) in ANSWERED and any(is_about(row, each.period) for each in in_part)
    ]
    last = {answered[-1]["known_at"]} if answered else set()
    how = how_it_went([row for row in about if row["known_at"] in last]) if answered else None
    return [(State.PARTIAL, f"{names} was read in part only"), (State.PARTIAL, how)]


def cut_off(stream: Stream, changing: Sequence[Row], about: Sequence[Row]) -> Doubt:
    """Doubt what a reading changed that was not whole; of one that changed nothing, tell only."""
    if changing:
        return State.PARTIAL, how_it_went(changing)
    answered = last_answered(about)
    is_told = answered and not is_whole(stream, answered)
    return State.COMPLETE, how_it_went(answered) if is_told else None


def missed(stream: Stream, about: Sequence[Row], windows: Iterable[Confirmed]) -> Doubt:
    """Doubt windows of which a later reading, cut off, had records that it could not add.

    Of a usage its row names those too of which it had only some of the lines that are known.
    """
    if stream is Stream.USAGE:
        return State.COMPLETE, None
    scopes = {
        scope: None
        for row in cut_off_rows(stream, about)
        for scope in unconfirmed([row])
        for each in windows
        if row["read_at"] > each.read_at
        and is_about(row, each.period)
        and each.scope in (None, scope and one_spelling(scope))
    }
    said = missed_text(scopes)
    return (State.PARTIAL if said else State.COMPLETE), said


def changed_in_part(
    stands: Stands, about: Sequence[Row], windows: Sequence[Confirmed]
) -> list[Row]:
    """Return the last reading that changed one of these windows and did not read it whole.

    Of what one took back nothing stands: that may have been in any window that it is about.
    """
    changing = set[datetime]()
    for row in about:
        if not row["changes"] or WINDOWS.decode(row["confirmed"]):
            continue
        # One that was never read whole is as read by the last that changed it.
        older = [
            each
            for each in windows
            if row["read_at"] >= each.read_at and is_about(row, each.period)
        ]
        if older and (row["withdrawn"] or stands.restated_by(row["sync_id"], older)):
            changing.add(row["known_at"])
    return [row for row in about if changing and row["known_at"] == max(changing)]


def read_but_some(stream: Stream, about: Sequence[Row], windows: Sequence[Confirmed]) -> list[Row]:
    """Return the last reading that read one of these windows whole, and another scope not."""
    moments = {each.read_at for each in windows}
    confirming = {
        row["known_at"]
        for row in about
        if row["read_at"] in moments and row["confirmed"] and WINDOWS.decode(row["confirmed"])
    }
    read = cut_off_rows(stream, [row for row in about if row["known_at"] in confirming])
    return last_reading(read) if read else []
