"""What is said where rows, rounded for reading, do not add up to their rounded total."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from rich.text import Text

from billfold.money import Money, sum_by_currency

# The amounts of a column, and the totals below them.
Column = tuple[Iterable[Money], Iterable[Money]]


def rounding_note(*columns: Column) -> Iterator[Text]:
    """Yield a line that says by how much shown rows miss the totals below them; none if by nothing.

    Of several columns in one currency the largest difference is named.
    """
    gaps: dict[str, Money] = {}
    for rows, totals in columns:
        shown = sum_by_currency(map(_as_shown, rows))
        for total in totals:
            if total.currency in shown:
                gap = abs(_as_shown(total) - shown[total.currency])
                gaps[gap.currency] = max(gap, gaps.get(gap.currency, gap))
    missed = " and ".join(str(gap) for gap in gaps.values() if gap.amount)
    if missed:
        yield Text(f"  rows are rounded: added up, they miss the exact total by {missed}", "dim")


def _as_shown(money: Money) -> Money:
    return Money(Decimal(money.rounded()), money.currency)
