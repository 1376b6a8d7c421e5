"""What the items of a stream add up to, whatever their coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from billfold.model.balances import BalanceKind
from billfold.model.invoices import InvoiceKind
from billfold.model.streams import Stream
from billfold.model.usage import Usage
from billfold.money import Money, sum_by_currency
from billfold.steps import Steps, at_once

Totals = dict[str, Money]


def _usage_costs(item: Usage) -> Iterable[Money]:
    return item.totals().values()


_AMOUNTS: Mapping[Stream, Callable[[Any], Iterable[Money]]] = {
    Stream.USAGE: _usage_costs,
    Stream.BALANCES: lambda item: (item.amount,),
    Stream.LEDGER: lambda item: (item.amount,),
    Stream.DAILY: lambda item: (item.cost,),
    Stream.INVOICES: lambda item: (item.total,) if item.counts and item.total is not None else (),
}
# What is of different kinds is never added up.
_KINDS: Mapping[Stream, type[StrEnum]] = {
    Stream.BALANCES: BalanceKind,
    Stream.INVOICES: InvoiceKind,
}


def amounts_of(stream: Stream, item: Any) -> tuple[Money, ...]:
    """Return what an item adds to its stream's total; nothing where that is no money."""
    amounts = _AMOUNTS.get(stream)
    return () if amounts is None else tuple(amounts(item))


def total(stream: Stream, items: Iterable[Any]) -> Totals | dict[str, Totals]:
    """Add up a stream's items, whatever their coverage; balances and invoices per kind."""
    amounts = _AMOUNTS.get(stream)
    if amounts is None:
        return {}
    if stream not in _KINDS:
        return sum_by_currency(money for item in items for money in amounts(item))
    by_kind: dict[str, list[Money]] = {}
    for item in items:
        by_kind.setdefault(item.kind.value, []).extend(amounts(item))
    kinds = [kind.value for kind in _KINDS[stream] if by_kind.get(kind.value)]
    return {kind: sum_by_currency(by_kind[kind]) for kind in kinds}


def currencies(stream: Stream, items: Iterable[Any]) -> set[str]:
    """Return the currencies that a stream's items state amounts in."""
    return at_once(finding_currencies(stream, items))


def finding_currencies(stream: Stream, items: Iterable[Any]) -> Steps[set[str]]:
    """Return what :func:`currencies` does; pauses where there are very many charges."""
    if stream is Stream.USAGE:
        codes = set[str]()
        for item in items:
            codes |= (yield from item.adding_up()).keys()
        return codes
    if stream is Stream.SUBSCRIPTIONS:
        return {item.price.currency for item in items if item.price is not None}
    amounts = _AMOUNTS.get(stream, lambda _: ())
    return {money.currency for item in items for money in amounts(item)}
