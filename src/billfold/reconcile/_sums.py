"""Sums of what the views state, per currency, and two of them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from billfold.model import Charge, Usage
from billfold.money import Money, sum_by_currency


def both_sides(
    stated: Mapping[str, Money], computed: Mapping[str, Money]
) -> Iterator[tuple[Money, Money]]:
    """Yield both sides of every currency; one that only one side has is zero on the other."""
    for currency in sorted(stated.keys() | computed.keys()):
        nothing = Money.zero(currency)
        yield stated.get(currency, nothing), computed.get(currency, nothing)


def priced_charges(usages: Iterable[Usage], currency: str | None = None) -> list[Charge]:
    """Return the charges that carry a cost (in one currency)."""
    return [
        charge
        for usage in usages
        for charge in usage.charges
        if charge.cost is not None and currency in (None, charge.cost.currency)
    ]


def total_of(usages: Iterable[Usage]) -> dict[str, Money]:
    """Return the usages' totals per currency; an idle usage has zero in its stated currency."""
    return sum_by_currency(money for usage in usages for money in usage.totals().values())


def sum_of(amounts: Iterable[Money | None]) -> dict[str, Money]:
    """Return the sum of the amounts that are stated, per currency."""
    return sum_by_currency(money for money in amounts if money is not None)


def beyond(rest: Money, costs: Iterable[Money | None]) -> Money:
    """Return what a day has more, or less, than any parts of these costs can make up.

    Of costs that may fall to any day, each day has between nothing and all.
    """
    nothing = Money.zero(rest.currency)
    stated = [cost for cost in costs if cost is not None and cost.currency == rest.currency]
    most = sum((cost for cost in stated if cost.amount > 0), nothing)
    least = sum((cost for cost in stated if cost.amount < 0), nothing)
    if rest > most:
        return rest - most
    return rest - least if rest < least else nothing
