"""Split money so that the parts add up to the whole, to the last digit."""

from __future__ import annotations

import decimal
from collections.abc import Sequence
from decimal import Decimal
from functools import reduce

from billfold.errors import CurrencyError, MoneyError
from billfold.money import Money, exact, exponent

# Wide enough that a count times a weight, of eighty digits each, is exact, and that weights add up exactly.
_DOWN = decimal.Context(prec=200, rounding=decimal.ROUND_DOWN)


def split(whole: Money, weights: Sequence[Decimal | int]) -> tuple[Money, ...]:
    """Split by weight, in the finest unit the whole is written in, but at least the currency's smallest.

    What rounding down leaves over goes, a unit each, to the largest remainders, the earlier part first. Raises MoneyError for
    weights that are negative or not exact, and for those that add up to nothing.
    """
    by = [exact(Decimal(weight)) for weight in weights]
    total = reduce(_DOWN.add, by, Decimal(0))
    if any(weight < 0 for weight in by) or not total:
        raise MoneyError("money is split by weights that are not negative and not all zero")
    unit = _unit(whole)
    count = int(_DOWN.divide(whole.amount, unit))
    sign, count = (-1, -count) if count < 0 else (1, count)
    shares = [_DOWN.divide(_DOWN.multiply(count, weight), total) for weight in by]
    whole_units = [int(share) for share in shares]
    left = count - sum(whole_units)
    assert 0 <= left < len(shares)
    by_remainder = sorted(
        range(len(shares)), key=lambda part: (_DOWN.subtract(whole_units[part], shares[part]), part)
    )
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
