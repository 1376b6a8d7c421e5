"""Whether rows cost and count what others add up to (CONTRACT.md, section 3.5). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from billfold.money import Money
from billfold_bnerd.amounts import last_digit, shows
from billfold_bnerd.parts_of_totals import is_some
from billfold_bnerd.totals import sums
from billfold_bnerd.usage_rows import UsageRow
from billfold_bnerd.values import word_set

_HOURS = word_set("h hr stunde stunden std")


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


def may_be_sums(wholes: Iterable[UsageRow], parts: Sequence[UsageRow]) -> bool:
    """Return whether quantities and unit prices of rows, where stated, are those of the parts.

    Quantities are what those of the parts add up to, unit by unit; the price of one is the same.
    """
    measured = [row for row in wholes if (row.quantity, row.unit_price) != (None, None)]
    if not measured:
        return True
    counts, prices = _quantities(parts), {row.unit_price for row in parts}
    return all(counts.get(unit) == count for unit, count in _quantities(measured).items()) and all(
        row.unit_price is None or prices == {row.unit_price} for row in measured
    )


def _quantities(rows: Iterable[UsageRow]) -> Mapping[str | None, Decimal]:
    counts: dict[str | None, Decimal] = {}
    for row in rows:
        if row.quantity is not None:
            unit = None if row.unit is None else _in_one_spelling(row.unit)
            counts[unit] = counts.get(unit, Decimal(0)) + row.quantity
    return counts


@lru_cache(maxsize=1024)  # of each row, and there are few
def _in_one_spelling(unit: str) -> str:
    """Return a unit as units are compared: "GB hours" is "gb_hour", and "h" is "hour"."""
    letters = "".join(filter(str.isalnum, unit.casefold()))
    one = letters.removesuffix("s") if len(letters) > 1 else letters
    return "hour" if one in _HOURS else one
