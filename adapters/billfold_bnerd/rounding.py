"""Whether an amount is what others are or add up to, as rounded (CONTRACT.md, section 3.5). Pure.

Either of two may have been rounded to the digits that it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from billfold.money import Money, sum_by_currency
from billfold_bnerd.amounts import last_digit, shows


def same(one: Money, other: Money) -> bool:
    """Return whether two amounts are the same, or one is the other rounded to what it shows."""
    if one == other:
        return True
    if one.currency != other.currency:
        return False
    return shows(one.amount, other) or shows(other.amount, one)


def same_sums(some: Mapping[str, Money], others: Mapping[str, Money]) -> bool:
    """Return whether two sums per currency are the same, one of them perhaps rounded."""
    return some.keys() == others.keys() and all(same(some[code], others[code]) for code in some)


def add_up(parts: Sequence[Money], wholes: Sequence[Money]) -> bool:
    """Return whether parts cost what wholes do, which is something, as either may be rounded.

    Of several that one adds up each may have been rounded by itself, which explains no part more or
    less, and no tenth of all.
    """
    total, costs = sum_by_currency(wholes), sum_by_currency(parts)
    if not any(money.amount for money in total.values()) or costs.keys() != total.keys():
        return False
    if same_sums(total, costs):
        return True
    if len(wholes) > 1 or len(parts) == 1:
        return False
    (whole,) = wholes
    halves, off = sum(map(_half_digit, parts)), abs((whole - costs[whole.currency]).amount)
    return off <= halves and off * max(len(parts), 10) < abs(whole.amount)


def _half_digit(money: Money) -> Decimal:
    return last_digit(money.amount, money.currency) / 2
