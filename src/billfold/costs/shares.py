"""Split money so that the parts add up to the whole, to the last digit."""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from decimal import Decimal

from billfold.errors import CurrencyError, MoneyError
from billfold.money import Money, exponent

_DOWN = decimal.Context(prec=200, rounding=decimal.ROUND_DOWN)


def split(whole: Money, weights: Sequence[Decimal | int]) -> tuple[Money, ...]:
    """Split by weight, in the finest unit the whole is written in, but at least the currency's smallest.

    What rounding down leaves over goes, a unit each, to the largest remainders, the earlier part first. Raises MoneyError for
    negative weights, and for weights that add up to nothing.
    """
    if any(weight < 0 for weight in weights) or not (total := sum(weights)):
        raise MoneyError("money is split by weights that are not negative and not all zero")
    unit = _unit(whole)
    count = int(_DOWN.divide(whole.amount, unit))
    sign, count = (-1, -count) if count < 0 else (1, count)
    shares = [_DOWN.divide(_DOWN.multiply(count, weight), Decimal(total)) for weight in weights]
    whole_units = [int(share) for share in shares]
    left = count - sum(whole_units)
    by_remainder = sorted(range(len(shares)), key=lambda part: (whole_units[part] - shares[part], part))
    for part in by_remainder[:left]:
        whole_units[part] += 1
    return tuple(Money(_DOWN.multiply(unit, sign * units), whole.currency) for units in whole_units)


def _unit(whole: Money) -> Decimal:
    written = whole.amount.as_tuple().exponent
    assert isinstance(written, int)
    try:
        smallest = -exponent(whole.currency)
    except CurrencyError:  # one without a smallest unit is split in the digits it is written in
        smallest = written
    return Decimal(1).scaleb(min(written, smallest), _DOWN)
