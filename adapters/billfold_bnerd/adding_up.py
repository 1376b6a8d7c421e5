"""Whether some amounts cost what others do, exactly or as rounded (CONTRACT.md, 3.5). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from billfold.money import Money
from billfold_bnerd.amounts import last_digit, shows
from billfold_bnerd.parts_of_totals import is_some
from billfold_bnerd.totals import sums


def add_up(parts: Sequence[Money], wholes: Sequence[Money]) -> bool:
    """Return whether parts cost what wholes do, as rounded to the digits that these show.

    Of several that one adds up each may have been rounded by itself, which explains no part more or
    less, and no tenth of all.
    """
    total, costs = sums(wholes), sums(parts)
    if not is_some(total) or costs.keys() != total.keys():
        return False
    if all(shows(total[code].amount, costs[code]) for code in total):
        return True
    if len(wholes) > 1 or len(parts) == 1:
        return False
    (whole,) = wholes
    halves, off = sum(map(_half_digit, parts)), abs((whole - costs[whole.currency]).amount)
    return off <= halves and off * max(len(parts), 10) < abs(whole.amount)


def _half_digit(money: Money) -> Decimal:
    return last_digit(money.amount, money.currency) / 2
