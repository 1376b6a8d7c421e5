"""Money in exact parts: they add up to the whole, whatever the weights."""

from __future__ import annotations

import decimal
from collections.abc import Hashable, MutableMapping, Sequence
from decimal import Decimal
from functools import reduce

from billfold.errors import CurrencyError, MoneyError
from billfold.money.amount import Money
from billfold.money.arithmetic import exact
from billfold.money.currencies import exponent

# Wide enough that a count times a weight, of eighty digits each, and a sum of weights are exact.
_DOWN = decimal.Context(prec=200, rounding=decimal.ROUND_DOWN)
_HALF = decimal.ROUND_HALF_EVEN


def split(money: Money, weights: Sequence[Decimal | int]) -> tuple[Money, ...]:
    """Return a part per weight, which add up to the money in the finest unit it is written in.

    That is at least the currency's smallest unit. Parts are rounded down; the units that remain go
    to the largest remainders, one each, the earlier part first. Raises MoneyError for weights that
    are negative or not exact, and for those that add up to nothing.
    """
    return split_fairly(money, weights, {})


def split_fairly(
    money: Money, weights: Sequence[Decimal | int], owed: dict[str, list[Decimal]]
) -> tuple[Money, ...]:
    """Split, add to each remainder what the part is owed in this currency, and keep what it is."""
    exact_weights, total_weight = _weighed(weights)
    unit, units, sign = _in_units(money)
    signed_unit = _DOWN.multiply(unit, sign)
    before = owed.get(money.currency, [Decimal(0)] * len(exact_weights))
    shares = [_DOWN.divide(_DOWN.multiply(units, weight), total_weight) for weight in exact_weights]
    counts = _apportion(units, shares, [_DOWN.divide(each, signed_unit) for each in before])
    owed[money.currency] = [
        _DOWN.add(each, _DOWN.multiply(_DOWN.subtract(share, count), signed_unit))
        for each, share, count in zip(before, shares, counts, strict=True)
    ]
    return tuple(Money(_DOWN.multiply(unit, sign * count), money.currency) for count in counts)


def split_in_order(
    money: Money,
    weights: Sequence[Decimal | int],
    ends: Sequence[Hashable],
    owed: MutableMapping[tuple[str, Hashable], Decimal],
) -> tuple[Money, ...]:
    """Split so that the first parts together are their share of the money, to half a unit.

    So days in a row cost what their time is worth: single days, rounded each by itself, would not.
    ``ends`` are where the parts end, and ``owed`` what rounding has taken there of amounts split
    before, by currency and end. It is made good by the next ones.
    """
    exact_weights, total_weight = _weighed(weights)
    unit, units, sign = _in_units(money)
    signed_unit = _DOWN.multiply(unit, sign)
    so_far, given, parts = Decimal(0), 0, list[Money]()
    for weight, end in zip(exact_weights, ends, strict=True):
        so_far = _DOWN.add(so_far, weight)
        due = _DOWN.divide(_DOWN.multiply(units, so_far), total_weight)
        before = owed.get((money.currency, end), Decimal(0))
        count = given
        if weight and so_far == total_weight:
            count = units
        elif weight:
            wanted = _DOWN.add(due, _DOWN.divide(before, signed_unit)).to_integral_value(_HALF)
            count = min(max(int(wanted), given), units)
        taken = _DOWN.multiply(_DOWN.subtract(due, count), signed_unit)
        owed[money.currency, end] = _DOWN.add(before, taken)
        parts.append(Money(_DOWN.multiply(signed_unit, count - given), money.currency))
        given = count
    return tuple(parts)


def _weighed(weights: Sequence[Decimal | int]) -> tuple[list[Decimal], Decimal]:
    """Return weights as they are, and their sum."""
    exact_weights = [exact(Decimal(weight)) for weight in weights]
    total_weight = reduce(_DOWN.add, exact_weights, Decimal(0))
    if any(weight < 0 for weight in exact_weights) or not total_weight:
        raise MoneyError("money is split by weights that are not negative and not all zero")
    return exact_weights, total_weight


def _in_units(money: Money) -> tuple[Decimal, int, int]:
    """Return the finest unit of some money, how many of it there are, and their sign."""
    unit = _unit(money)
    units = int(_DOWN.divide(money.amount, unit))
    return unit, abs(units), -1 if units < 0 else 1


def _apportion(units: int, shares: Sequence[Decimal], owed: Sequence[Decimal]) -> list[int]:
    """Return whole units near the shares; what remains goes to the largest remainders and debts."""
    counts = [int(share) for share in shares]
    remaining = units - sum(counts)
    assert 0 <= remaining < len(shares)

    def due(part: int) -> Decimal:
        return _DOWN.add(_DOWN.subtract(shares[part], counts[part]), owed[part])

    # A part without a remainder, as of no weight, is owed nothing here, and there are more of the
    # others. sorted is stable in reverse, too: of equal dues the earlier part comes first.
    uneven = [part for part, share in enumerate(shares) if share != counts[part]]
    for part in sorted(uneven, key=due, reverse=True)[:remaining]:
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
