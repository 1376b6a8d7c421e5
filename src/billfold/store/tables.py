"""The tables of the book: one per stream, and one of what was read when.

A row is a record as it was stated (``sign`` +1), or one that takes it back (``sign`` -1, its
amounts negated): so a plain sum is right in any engine. A usage and its charges, and an invoice and
its lines, are rows of one table, told apart by ``row``, because one commit is whole or not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

import attrs
from attrs import frozen

from billfold.columns import Column, ColumnType, Field, fields_of
from billfold.model import (
    Balance,
    Charge,
    DailyCost,
    Invoice,
    InvoiceLine,
    LedgerEntry,
    Stream,
    Subscription,
    Usage,
)

# The version of these columns. Columns are added, never renamed or retyped: a store of an older
# version is read as it is and gains them when it is next written, one of a newer is refused.
# Version 3 keeps the first ten digits of a fingerprint; rows of version 1 have 32, of version 2 16.
# Version 4 has columns of what others count and what was not confirmed; ``detail`` said it before.
# Version 5 says since when a project is there.
# Version 6 keeps in ``syncs`` which amounts differ; only a sentence said it before.
# Version 7 says which document a correction is of.
# Version 8 keeps in ``syncs`` which parts were idle; only a sentence said it before.
SCHEMA = 8
# Digits of a fingerprint, four bits each: nothing compresses them, and at ten they are still most
# of what a row takes in a file. They only tell what one record id stood for from what it stands
# for now: of a million million restatements one looks like no change.
PRINT_DIGITS = 10
# A row's fingerprint as SQL, whichever version wrote it.
PRINT = f"left(fingerprint, {PRINT_DIGITS})"
# What tells a stated record from every other of its account, as SQL: its digits, and then its id.
MARK = f"concat({PRINT}, record_id)"

_TEXT, _TIME, _WHOLE = ColumnType.TEXT, ColumnType.TIME, ColumnType.WHOLE

# What every row says about itself, before what its record says.
BOOKED = (
    Column("month", _TEXT),
    Column("row", _TEXT),
    Column("sign", _WHOLE),
    Column("known_at", _TIME),
    Column("sync_id", _TEXT),
    Column("fingerprint", _TEXT),
    Column("record_id", _TEXT),
    Column("owner", _TEXT),
    Column("scope", _TEXT),
    Column("place", _WHOLE),
    Column("window_start", _TIME),
    Column("window_end", _TIME),
    Column("provider", _TEXT),
    Column("origin", _TEXT),
    Column("account", _TEXT),
)
# How columns are written in which each row has a text or number of its own: without lengths, and
# as what differs from the row before. Money is not among them: every reader takes it as it is.
ENCODINGS: Mapping[
    str, Literal["DELTA_BINARY_PACKED", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"]
] = {
    "fingerprint": "DELTA_LENGTH_BYTE_ARRAY",
    "record_id": "DELTA_BYTE_ARRAY",
    "id": "DELTA_BYTE_ARRAY",
    "source": "DELTA_BYTE_ARRAY",
    "place": "DELTA_BINARY_PACKED",
}
# The columns that readers may skip files and pages by. Each query looks at them for every file, and
# in a file of a day they take more room than the rows. Those of decimals are floats in Delta Lake:
# a filter on money would bend rows.
WITH_STATISTICS = frozenset({"account", "scope", "known_at", "window_start", "window_end"})
_OWN = ("provider", "account")
# Their records have no window of their own, or may move to another one.
SEEN_WHOLE = frozenset({Stream.BALANCES, Stream.SUBSCRIPTIONS, Stream.INVOICES})
# Their ids name one record whatever its time: what another window holds under one was moved. A
# charge's id describes what is charged, and may come again each month.
KEEPS_ID = SEEN_WHOLE | {Stream.LEDGER}


@frozen
class RowKind:
    """One kind of rows: the word in ``row``, its record, the fields that name it.

    ``empty`` are the fields that other rows hold, ``is_stamped`` says whether the record
    says whose it is.
    """

    name: str
    record: type
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    empty: Mapping[str, Any]
    is_stamped: bool


@frozen
class Table:
    """A table: its name and the kinds of its rows; a stream's record is the first of them.

    ``money`` is the column that adds up to the stream's total, None where nothing does; amounts
    that differ in ``apart`` are never added up. ``scope`` is SQL of whom a row is billed to.
    """

    name: str
    kinds: tuple[RowKind, ...]
    money: str | None = None
    apart: str | None = None
    scope: str = "scope"

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column, in order; kinds share those of one name."""
        each = {column.name: column for column in BOOKED}
        for kind in self.kinds:
            for field in kind.fields:
                for column in field.columns:
                    each.setdefault(column.name, column)
        return tuple(each.values())

    def kind(self, name: str) -> RowKind:
        """Return the kind of rows that is called so."""
        return next(kind for kind in self.kinds if kind.name == name)


# A balance has a scope of its own, and that is what its column holds: so whom it is billed to is
# said as other tables keep it, in JSON.
_PAYER = (
    "CASE WHEN billing_account_id IS NULL THEN '[null,null]' ELSE concat('[\"', "
    """replace(replace(billing_account_id, '\\', '\\\\'), '"', '\\"'), '",null]') END"""
)


def _kind(
    name: str, record: type, *key: str, empty: Mapping[str, Any] = MappingProxyType({})
) -> RowKind:
    fields = fields_of(record, without=(*_OWN, *empty))
    is_stamped = "account" in {each.name for each in attrs.fields(record)}
    return RowKind(name, record, fields, key, empty, is_stamped)


TABLES: Mapping[Stream, Table] = {
    Stream.USAGE: Table(
        "usage",
        (
            _kind(
                "usage",
                Usage,
                "billing_account_id",
                "sub_account_id",
                "covers",
                empty={"requested": None, "charges": (), "known_until": None},
            ),
            _kind("charge", Charge, "id"),
        ),
        "cost",
    ),
    Stream.DAILY: Table(
        "daily", (_kind("day", DailyCost, "billing_account_id", "date", "part", "cost"),), "cost"
    ),
    Stream.LEDGER: Table("ledger", (_kind("entry", LedgerEntry, "id"),), "amount"),
    Stream.INVOICES: Table(
        "invoices",
        (
            _kind("invoice", Invoice, "kind", "id", empty={"lines": ()}),
            _kind("line", InvoiceLine, "id"),
        ),
        "total",
        "kind",
    ),
    Stream.BALANCES: Table(
        "balances",
        (_kind("balance", Balance, "billing_account_id", "kind", "scope", "amount"),),
        "amount",
        "kind",
        _PAYER,
    ),
    Stream.SUBSCRIPTIONS: Table(
        "subscriptions", (_kind("subscription", Subscription, "billing_account_id", "id"),)
    ),
}

# Who was asked for what, when, and how well it was answered: a row per row of coverage.
# As JSON, ``confirmed`` lists the scopes and windows that were read whole, ``unconfirmed`` the
# scopes of which nothing was stated where something is known, ``counted_elsewhere`` those that
# another account has, and that account; ``stated`` are the totals. A row that says that another
# account has other amounts has in ``differing`` the scope, that account and the amounts read.
# ``idle`` are the parts that were read in full and have no record.
SYNCS = (
    Column("month", _TEXT),
    Column("sync_id", _TEXT),
    Column("known_at", _TIME),
    Column("read_at", _TIME),
    Column("provider", _TEXT),
    Column("origin", _TEXT),
    Column("account", _TEXT),
    Column("stream", _TEXT),
    Column("requested_start", _TIME),
    Column("requested_end", _TIME),
    Column("state", _TEXT),
    Column("part", _TEXT),
    Column("covers_start", _TIME),
    Column("covers_end", _TIME),
    Column("detail", _TEXT),
    Column("error", _TEXT),
    Column("confirmed", _TEXT),
    Column("unconfirmed", _TEXT),
    Column("counted_elsewhere", _TEXT),
    Column("differing", _TEXT),
    Column("idle", _TEXT),
    Column("stated", _TEXT),
    Column("new", _WHOLE),
    Column("changed", _WHOLE),
    Column("withdrawn", _WHOLE),
)
