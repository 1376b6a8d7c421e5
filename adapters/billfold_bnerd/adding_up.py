"""Whether rows count what others add up to (CONTRACT.md, section 3.5). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from billfold_bnerd.usage_rows import UsageRow
from billfold_bnerd.values import word_set

_HOURS = word_set("h hr stunde stunden std")


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
