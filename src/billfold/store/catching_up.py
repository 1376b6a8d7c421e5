"""Months that are over and not final: they are asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from billfold.accounts.account import Account
from billfold.adapter.declaration import LateData
from billfold.model import ANSWERED, WINDOWED, State, Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.left_early import left_early
from billfold.store.literals import text_literal, time_literal
from billfold.store.standing import is_one_of
from billfold.store.sync import Question
from billfold.store.untold import untold_since

# The states of a reading for which the provider was asked, whether it answered or failed.
_ASKED = sorted({*ANSWERED, State.FAILED, State.TIMED_OUT})
# After these there is nothing to be asked for again: all was read, or it is not to be had any more.
_SETTLED = (State.COMPLETE, State.DIFFERENT_WINDOW, State.UNAVAILABLE, State.UNSUPPORTED)
# How long who syncs seldom, or fails, still reads again what was answered too early, if at all.
_HALF_A_YEAR = timedelta(days=183)


class _Month(Struct, frozen=True):
    """A month of a provider's stream, which is final once it is settled at ``final_at``."""

    provider: str
    stream: Stream
    month: Period
    final_at: datetime


def unfinished(
    book: Book, accounts: Iterable[Account], streams: Iterable[Stream], now: datetime
) -> list[Question]:
    """Return the UTC months to ask for once more: they are over, were asked for, and may change.

    That is each month until it was answered after its end, or cannot be any more; where the
    provider states more of a time that is over (`Declaration.late_data`), after that. One of which
    nothing was ever answered is given up once it is final and the next one is over, any other half
    a year later. The one that ended last is asked for, too, where that answer left something as it
    was known before (see :mod:`billfold.store.left_early`), or a killed sync has changed some of it
    since. The oldest come first. Blocks, and raises StoreError.
    """
    places = {account.name: (place, account) for place, account in enumerate(accounts)}
    order = [stream for stream in streams if stream in WINDOWED]
    asked = (account for _, account in places.values())
    wanted = [*_months(asked, order, now)]
    if not wanted:
        return []
    last = Period.month_of(now).previous_month()
    found = set[tuple[Period, str, Stream]]()
    for row in book.rows(_query(wanted), "syncs"):
        month = Period(row["month_start"], row["month_end"])
        is_given_up = not row["answered"] and month != last and row["final_at"] <= now
        if not is_given_up:
            found.add((month, row["account"], Stream(row["stream"])))
    final_at = {
        (each.provider, each.stream): each.final_at for each in wanted if each.month == last
    }
    found |= {(last, *each) for each in left_early(book, places, last, final_at)}
    found |= {(last, *each) for each in _cut_off(book, order, last)}
    # By month: a commit has one window of each account, and many accounts.
    several = sorted(
        (month, places[name][0], order.index(stream), name)
        for month, name, stream in found
        if name in places
    )
    return [Question(places[name][1], order[number], month) for month, _, number, name in several]


def _cut_off(book: Book, streams: Iterable[Stream], month: Period) -> Iterator[tuple[str, Stream]]:
    """Yield of whom, and of which stream, a killed sync booked rows of a month that was over."""
    for stream in streams:
        for name, booked_at in untold_since(book, stream, month).items():
            settled = book.rows(
                "SELECT known_at FROM syncs "
                f"WHERE account = {text_literal(name)} AND stream = {text_literal(stream.value)} "
                f"AND known_at > {time_literal(booked_at)} "
                f"AND requested_start = {time_literal(month.start)} "
                f"AND requested_end = {time_literal(month.end)} GROUP BY known_at "
                f"HAVING MIN(CASE WHEN {is_one_of('state', _SETTLED)} THEN 1 ELSE 0 END) = 1",
                "syncs",
            )
            if not settled:
                yield name, stream


def _months(accounts: Iterable[Account], streams: list[Stream], now: datetime) -> Iterator[_Month]:
    """Yield the months of each provider's streams that may not be final yet.

    Of who states running billing cycles alone, these are all that asking for a month would give.
    """
    late = {
        (account.provider, stream): account.adapter.declares.late_data.get(stream)
        for account in accounts
        for stream in streams
        if not (stream is Stream.USAGE and account.adapter.declares.only_running_cycles)
    }
    last = Period.month_of(now).previous_month()
    for (provider, stream), states_more in late.items():
        yield _Month(provider, stream, last, _final_at(last, states_more))
        month = last.previous_month()
        while now < _final_at(month, states_more) + _HALF_A_YEAR:
            yield _Month(provider, stream, month, _final_at(month, states_more))
            month = month.previous_month()


def _final_at(month: Period, late_data: LateData | None) -> datetime:
    """Return from when on nothing more is stated of a month, as `LateData.not_final` has it."""
    return month.end if late_data is None else month.end + late_data.within


def _query(wanted: Iterable[_Month]) -> str:
    """Return the SQL of who was asked for months, and when they were settled last, too early."""
    # Who failed without a window was asked for what ran then.
    overlaps = (
        "COALESCE(covers_start, requested_start, read_at) < month_end "
        "AND COALESCE(covers_end, requested_end, read_at) > month_start"
    )
    is_answered = is_one_of("state", sorted(ANSWERED))
    is_settled = (
        "requested_start = month_start AND requested_end = month_end AND read_at >= month_end "
        f"AND {is_one_of('state', _SETTLED)}"
    )
    return (
        f"WITH wanted AS ({_values(wanted)}), readings AS ("
        "SELECT account, syncs.stream, month_start, month_end, final_at, MIN(read_at) AS read_at, "
        f"MAX(CASE WHEN {is_one_of('state', _ASKED)} AND {overlaps} THEN 1 ELSE 0 END) AS about, "
        f"MAX(CASE WHEN {is_answered} AND {overlaps} THEN 1 ELSE 0 END) AS answered, "
        f"MIN(CASE WHEN {is_settled} THEN 1 ELSE 0 END) AS settled "
        "FROM syncs JOIN wanted ON syncs.provider = wanted.provider "
        f"AND syncs.stream = wanted.stream AND (requested_start = month_start OR ({overlaps})) "
        "GROUP BY account, syncs.stream, month_start, month_end, final_at, known_at) "
        "SELECT account, stream, month_start, month_end, final_at, "
        "MAX(answered) AS answered FROM readings "
        "GROUP BY account, stream, month_start, month_end, final_at HAVING MAX(about) = 1 AND "
        "COALESCE(MAX(CASE WHEN settled = 1 THEN read_at END) < final_at, TRUE)"
    )


def _values(wanted: Iterable[_Month]) -> str:
    rows = ", ".join(
        f"({text_literal(each.provider)}, {text_literal(each.stream.value)}, "
        f"{time_literal(each.month.start)}, {time_literal(each.month.end)}, "
        f"{time_literal(each.final_at)})"
        for each in wanted
    )
    names = "provider, stream, month_start, month_end, final_at"
    return f"SELECT * FROM (VALUES {rows}) AS months({names})"
