"""Rows of the book back to records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve

from billfold.model import Stream
from billfold.period import Period
from billfold.store.book import Book
from billfold.store.literals import text_literal
from billfold.store.records import as_named_now
from billfold.store.standing import by_account, holders, is_one_of, overlapping, standing_rows
from billfold.store.tables import TABLES, RowKind

if TYPE_CHECKING:
    import pyarrow as pa


def standing(
    book: Book,
    accounts: Sequence[str],
    stream: Stream,
    window: Period | None,
    as_of: datetime | None = None,
    scopes: Sequence[str] | None = None,
) -> Mapping[str, pa.Table]:
    """Return accounts' rows of the windows that share time with ``window``, by account.

    They are each as it was last stated; ``as_of`` None is what is known now, ``window`` None all,
    and so is ``scopes`` None.
    """
    where = [is_one_of("account", accounts)]
    if scopes is not None:
        where.append(is_one_of(TABLES[stream].scope, scopes))
    if window is not None:
        where += overlapping(window)
    table = TABLES[stream].name
    rows = book.query(standing_rows(table, where, as_of), table)
    return {} if rows is None else by_account(rows)


def scopes_at(
    book: Book,
    place: tuple[str, str],
    stream: Stream,
    window: Period,
    as_of: datetime | None = None,
    ids: Sequence[str] | None = None,
) -> dict[str, list[str]]:
    """Return the scopes of records in a window by the accounts that have them, as spelled there.

    They are of a provider and its address, which are ``place``, and of projects or payers of
    ``ids``; None is any.
    """
    provider, origin = place
    where = [
        f"provider = {text_literal(provider)} AND origin = {text_literal(origin)}",
        *overlapping(window),
    ]
    if ids is not None:
        names = ["billing_account_id", *(["sub_account_id"] if stream is Stream.USAGE else [])]
        where.append(f"({' OR '.join(is_one_of(f'lower({name})', ids) for name in names)})")
    found: dict[str, list[str]] = {}
    for account, scope in holders(book, stream, where, as_of):
        found.setdefault(account, []).append(scope)
    return found


def records(
    rows: pa.Table, account: str, stream: Stream, requested: Period | None = None
) -> tuple[Any, ...]:
    """Return the records of an account's standing rows; ``requested`` is written on usages."""
    table = TABLES[stream]
    header, *parts = table.kinds
    read = {kind.name: records_of(rows, kind, account) for kind in table.kinds}
    if not parts:
        return tuple(record for _, record in read[header.name])
    nested: dict[str, list[Any]] = {}
    for owner, record in read[parts[0].name]:
        nested.setdefault(as_named_now(header.key, owner), []).append(record)
    name = "charges" if stream is Stream.USAGE else "lines"
    own = {"requested": requested} if stream is Stream.USAGE else {}
    return tuple(
        evolve(record, **{name: tuple(nested.pop(as_named_now(header.key, owner), ()))}, **own)
        for owner, record in read[header.name]
    )


def without_owner(rows: pa.Table, stream: Stream) -> int:
    """Return how many charges or lines stand whose usage or invoice does not: they are in none."""
    import pyarrow.compute as pc

    header, *parts = TABLES[stream].kinds
    if not parts:
        return 0
    is_header = pc.call_function("equal", [rows["row"], header.name])
    own = rows.filter(is_header)["owner"].to_pylist()
    owners = {as_named_now(header.key, owner) for owner in own}
    counts = rows.filter(pc.call_function("invert", [is_header]))["owner"].value_counts()
    return sum(
        each["counts"]
        for each in counts.to_pylist()
        if as_named_now(header.key, each["values"]) not in owners
    )


def records_of(rows: pa.Table, kind: RowKind, account: str) -> Sequence[tuple[str, Any]]:
    """Return the records of one kind of rows, each with what it is part of."""
    import pyarrow as pa

    own = rows.filter(pa.array([name == kind.name for name in rows["row"].to_pylist()], pa.bool_()))
    columns = [
        [own.column(column.name).to_pylist() for column in each.columns] for each in kind.fields
    ]
    values = [
        [each.read(cells) for cells in zip(*lists, strict=True)]
        for each, lists in zip(kind.fields, columns, strict=True)
    ]
    names = [each.name for each in kind.fields]
    whose = own["provider"].to_pylist() if kind.is_stamped else [None] * own.num_rows
    return [
        (owner, _record(kind, provider, account, dict(zip(names, cells, strict=True))))
        for owner, provider, *cells in zip(own["owner"].to_pylist(), whose, *values, strict=True)
    ]


def _record(kind: RowKind, provider: str | None, account: str, arguments: dict[str, Any]) -> Any:
    if kind.is_stamped:
        return kind.record(provider=provider, account=account, **kind.empty, **arguments)
    return kind.record(**kind.empty, **arguments)
