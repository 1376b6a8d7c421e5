"""The two sides of a comparison, per currency, and the evidence for the gap between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from billfold.model import Charge, Usage
from billfold.money import Money, sum_by_currency

_MOST_EVIDENCE = 20


def both_sides(
    stated: Mapping[str, Money], computed: Mapping[str, Money]
) -> Iterator[tuple[Money, Money]]:
    """Yield both sides of every currency; one that only one side has is zero on the other."""
    for currency in sorted(stated.keys() | computed.keys()):
        nothing = Money.zero(currency)
        yield stated.get(currency, nothing), computed.get(currency, nothing)


def priced_charges(usages: Iterable[Usage]) -> list[Charge]:
    """Return the charges that carry a cost."""
    return [charge for usage in usages for charge in usage.charges if charge.cost is not None]


def cost_of(charges: Iterable[Charge]) -> dict[str, Money]:
    """Return the charges' costs per currency."""
    return sum_by_currency(charge.cost for charge in charges if charge.cost is not None)


def total_of(usages: Iterable[Usage]) -> dict[str, Money]:
    """Return the usages' totals per currency; an idle usage has zero in its stated currency."""
    return sum_by_currency(money for usage in usages for money in usage.totals().values())


def shortened(evidence: Sequence[str]) -> tuple[str, ...]:
    """Return the first twenty lines of evidence, and how many more there are."""
    if len(evidence) <= _MOST_EVIDENCE:
        return tuple(evidence)
    return (*evidence[:_MOST_EVIDENCE], f"and {len(evidence) - _MOST_EVIDENCE} more")
