"""Where an account states other amounts of a scope than the account that holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from attrs import evolve, frozen

from billfold.columns import Row, as_money
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
# A scope, the account that holds it, and the amounts that another one stated, as JSON.
_KEPT: msgspec.json.Decoder[tuple[str, str, list[tuple[str, str, Decimal]]]] = msgspec.json.Decoder(
    tuple[str, str, list[tuple[str, str, Decimal]]]
)
_Place = tuple[str, str, Period]  # an account, a scope, and the time it was read for


@frozen
class Differing:
    """What two accounts state of one scope and time; ``part`` is whose it is.

    ``theirs`` is what the account has that holds it, ``stated`` what another one read.
    """

    part: str | None
    scope: str
    window: Period
    account: str
    theirs: _Amounts
    stated: _Amounts

    @property
    def text(self) -> str:
        """The sentence."""
        has, states = _text(self.theirs), _text(self.stated)
        return f"account {self.account} has {has}, this reading states {states}"

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

    def kept(self) -> str:
        """Return the text by which a later answer can tell whether the two differ still."""
        amounts = [(*key, f"{money.amount:f}") for key, money in sorted(self.stated.items())]
        return msgspec.json.encode((self.scope, self.account, amounts)).decode()


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
            yield Differing(part_of(items[0]), scope, window, owner, theirs, stated)


def with_differing(reading: AccountReading, differ: Iterable[Differing]) -> AccountReading:
    """Return a reading with the rows that say where it differs."""
    rows = {row: each.kept() for each in differ if (row := each.row(reading)) is not None}
    answer = evolve(reading.answer, coverage=(*reading.answer.coverage, *rows))
    return evolve(reading, answer=answer, differing=rows)


def as_they_differ(
    book: Book, stream: Stream, readings: dict[str, list[Row]], as_of: datetime | None
) -> dict[str, list[Row]]:
    """Return how readings went, by account, with what differs as it is known now, and no other.

    The account that holds it may have read it again since, and have what the other one stated.
    Blocks; raises StoreError.
    """
    told = [_as_kept(row) for own in readings.values() for row in own if row["differing"]]
    if not told:
        return readings
    accounts = {each.account for each in told}.union(readings)
    held = _held(book, stream, accounts, [one.window for one in told], as_of)
    return {
        name: [row for each in own if (row := _as_it_differs(each, held)) is not None]
        for name, own in readings.items()
    }


def _as_it_differs(row: Row, held: Mapping[_Place, _Amounts]) -> Row | None:
    """Return a reading's row as it is known now; None where what it says differs no more."""
    if not row["differing"]:
        return row
    kept = _as_kept(row)
    theirs = held.get((kept.account, kept.scope, kept.window))
    if theirs is None:
        # It was handed over to this account, or nobody has it now, or for another time.
        return None if (row["account"], kept.scope, kept.window) in held else row
    return None if theirs == kept.stated else row | {"detail": evolve(kept, theirs=theirs).text}


def _as_kept(row: Row) -> Differing:
    scope, account, amounts = _KEPT.decode(row["differing"])
    stated = {(kind, currency): as_money(amount, currency) for kind, currency, amount in amounts}
    window = Period(row["covers_start"], row["covers_end"])
    return Differing(row["part"], scope, window, account, {}, stated)


def _held(
    book: Book,
    stream: Stream,
    accounts: Iterable[str],
    windows: Sequence[Period],
    as_of: datetime | None = None,
) -> Mapping[_Place, _Amounts]:
    """Return what accounts hold of the times from the first window's start to the last one's."""
    table = TABLES[stream]
    first, last = min(each.start for each in windows), max(each.start for each in windows)
    keys = ["account", table.scope, "window_start", "window_end", f"{table.money}_currency"]
    keys += [table.apart] if table.apart else []
    names = ["account", "scope", "window_start", "window_end", "currency", "apart"]
    shown = ", ".join(f"{key} AS {name}" for key, name in zip(keys, names, strict=False))
    until = "" if as_of is None else f" AND known_at <= {time_literal(as_of)}"
    counts = " AND counts" if stream is Stream.INVOICES else ""
    rows = book.rows(
        f"SELECT {shown}, SUM({table.money}) AS total FROM {table.name} "
        f"WHERE {is_one_of('account', sorted(accounts))}{counts}{until} "
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
