"""Where an account states other amounts of a scope than the account that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from billfold.columns import as_money
from billfold.coverage import Coverage
from billfold.model import WINDOWED, State, Stream, total
from billfold.money import Money
from billfold.period import Period
from billfold.store.account_reading import AccountReading
from billfold.store.book import Book
from billfold.store.literals import time_literal
from billfold.store.scopes import one_spelling, scope_of
from billfold.store.standing import is_one_of
from billfold.store.tables import TABLES
from billfold.unfit import part_of

# Amounts by what is never added up, a kind of invoice and a currency.
_Amounts = Mapping[tuple[str, str], Money]
_Place = tuple[str, str, Period]  # an account, a scope, and the time it was read for


@frozen
class Differing:
    """What two accounts state of one scope and time, as a sentence; ``part`` is whose it is."""

    part: str | None
    window: Period
    text: str

    @property
    def said(self) -> str:
        """The sentence, after the name of whose it is."""
        return f"{self.part}: {self.text}" if self.part else self.text

    def row(self, reading: AccountReading) -> Coverage | None:
        """Return the row that says so; of a window that is not over, a moment may be the reason."""
        if self.window.end > reading.read_at:
            return None
        about = reading.account, reading.provider, reading.stream
        return Coverage(*about, State.PARTIAL, self.window, self.text, self.part)


def differing(
    book: Book, stream: Stream, read: Sequence[tuple[AccountReading, Mapping[str, str]]]
) -> list[tuple[Differing, ...]]:
    """Return of each reading where the accounts differ that hold some of its scopes, as given.

    Only whole readings are compared, and what both read for one time: amounts as of now change
    between two readings. One query is for all, as it is dear.
    """
    own = [_own(reading, elsewhere) for reading, elsewhere in read]
    windows = [window for each in own for _, window in each]
    if not windows:
        return [()] * len(read)
    owners = {owner for _, elsewhere in read for owner in elsewhere.values()}
    held = _held(book, stream, owners, windows)
    return [
        tuple(_differing(reading, elsewhere, each, held))
        for (reading, elsewhere), each in zip(read, own, strict=True)
    ]


def _own(
    reading: AccountReading, elsewhere: Mapping[str, str]
) -> dict[tuple[str, Period], list[Any]]:
    """Return the items of scopes that others hold, by scope and the time they were read for."""
    own: dict[tuple[str, Period], list[Any]] = {}
    if not elsewhere or reading.stream not in WINDOWED or not reading.is_whole:
        return own
    for item in reading.answer:
        if (scope := scope_of(reading.stream, item)) in elsewhere:
            window = item.covers if reading.stream is Stream.USAGE else reading.month
            own.setdefault((scope, window), []).append(item)
    return own


def _differing(
    reading: AccountReading,
    elsewhere: Mapping[str, str],
    own: Mapping[tuple[str, Period], Sequence[Any]],
    held: Mapping[_Place, _Amounts],
) -> Iterator[Differing]:
    for (scope, window), items in own.items():
        owner, stated = elsewhere[scope], _flat(total(reading.stream, items))
        theirs = held.get((owner, scope, window))
        if theirs is not None and theirs != stated:
            text = f"account {owner} has {_text(theirs)}, this reading states {_text(stated)}"
            yield Differing(part_of(items[0]), window, text)


def with_differing(reading: AccountReading, differ: Iterable[Differing]) -> AccountReading:
    """Return a reading with the rows that say where it differs."""
    rows = tuple(row for each in differ if (row := each.row(reading)) is not None)
    answer = evolve(reading.answer, coverage=(*reading.answer.coverage, *rows))
    return evolve(reading, answer=answer, differing=rows)


def _held(
    book: Book, stream: Stream, accounts: Iterable[str], windows: Sequence[Period]
) -> Mapping[_Place, _Amounts]:
    """Return what accounts hold of the times from the first window's start to the last one's."""
    table = TABLES[stream]
    first, last = min(each.start for each in windows), max(each.start for each in windows)
    keys = ["account", table.scope, "window_start", "window_end", f"{table.money}_currency"]
    keys += [table.apart] if table.apart else []
    names = ["account", "scope", "window_start", "window_end", "currency", "apart"]
    shown = ", ".join(f"{key} AS {name}" for key, name in zip(keys, names, strict=False))
    counts = " AND counts" if stream is Stream.INVOICES else ""
    rows = book.rows(
        f"SELECT {shown}, SUM({table.money}) AS total FROM {table.name} "
        f"WHERE {is_one_of('account', sorted(accounts))}{counts} "
        f"AND window_start >= {time_literal(first)} AND window_start <= {time_literal(last)} "
        f"GROUP BY {', '.join(keys)} HAVING SUM(sign) > 0",
        table.name,
    )
    held: dict[_Place, dict[tuple[str, str], Money]] = {}
    for row in rows:
        window = Period(row["window_start"], row["window_end"])
        own = held.setdefault((row["account"], one_spelling(row["scope"]), window), {})
        # A usage that nothing was used in is a row without an amount.
        if row["total"]:
            key = (row.get("apart", ""), row["currency"])
            money = as_money(row["total"], row["currency"])
            own[key] = own[key] + money if key in own else money
    return held


def _flat(totals: Mapping[str, Money] | Mapping[str, Mapping[str, Money]]) -> _Amounts:
    flat: dict[tuple[str, str], Money] = {}
    for name, told in totals.items():
        amounts = {("", name): told} if isinstance(told, Money) else _of_kind(name, told)
        flat |= {key: money for key, money in amounts.items() if money.amount}
    return flat


def _of_kind(kind: str, totals: Mapping[str, Money]) -> dict[tuple[str, str], Money]:
    return {(kind, currency): money for currency, money in totals.items()}


def _text(amounts: _Amounts) -> str:
    told = (f"{kind} {money}" if kind else str(money) for (kind, _), money in amounts.items())
    return " and ".join(sorted(told)) or "no amount"
