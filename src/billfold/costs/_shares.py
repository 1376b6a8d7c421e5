"""Split money so that the parts add up to it, to the last digit."""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from decimal import Decimal
from functools import reduce

from billfold.errors import CurrencyError, MoneyError
from billfold.money import Money, exact, exponent

# Wide enough that a count times a weight, of eighty digits each, and a sum of weights are exact.
_DOWN = decimal.Context(prec=200, rounding=decimal.ROUND_DOWN)


def split(money: Money, weights: Sequence[Decimal | int]) -> tuple[Money, ...]:
    """Return a part per weight, in the finest unit the money is written in.

    That is at least the currency's smallest unit. Parts are rounded down; the units that remain go
    to the largest remainders, one each, the earlier part first. Raises MoneyError for weights that
    are negative or not exact, and for those that add up to nothing.
    """
    exact_weights = [exact(Decimal(weight)) for weight in weights]
    total_weight = reduce(_DOWN.add, exact_weights, Decimal(0))
    if any(weight < 0 for weight in exact_weights) or not total_weight:
        raise MoneyError("money is split by weights that are not negative and not all zero")
    unit = _unit(money)
    units = int(_DOWN.divide(money.amount, unit))
    counts = _apportion(abs(units), exact_weights, total_weight)
    sign = -1 if units < 0 else 1
    return tuple(Money(_DOWN.multiply(unit, sign * count), money.currency) for count in counts)


def _apportion(units: int, weights: Sequence[Decimal], total_weight: Decimal) -> list[int]:
    shares = [_DOWN.divide(_DOWN.multiply(units, weight), total_weight) for weight in weights]
    counts = [int(share) for share in shares]
    remainders = [_DOWN.subtract(share, count) for share, count in zip(shares, counts, strict=True)]
    remaining = units - sum(counts)
    assert 0 <= remaining < len(shares)
    # sorted is stable in reverse, too: of equal remainders the earlier part comes first
    largest_first = sorted(range(len(shares)), key=remainders.__getitem__, reverse=True)
    for part in largest_first[:remaining]:
        counts[part] += 1
    return counts


def _unit(money: Money) -> Decimal:
    written = money.amount.as_tuple().exponent
    assert isinstance(written, int)
    try:
        smallest = -exponent(money.currency)
    except CurrencyError:
        smallest = written  # without a smallest unit, the digits it is written in are the finest
    return Decimal(1).scaleb(min(written, smallest), _DOWN)
