"""Whether a bare `total` beside rows, or in what is about them, is how many there are. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from billfold.wire.paging_values import whole
from billfold.wire.rows import PAGING, fold
from billfold.wire.words import has_cents

_KEY = "total"
_IN_A_UNIT = 100  # cents


def counts_rows(tree: object) -> bool:
    """Return whether a decoded body states a whole number as a total that is not one of money.

    Money has its cents, or is what a column of the rows adds up to, in units or in cents.
    """
    if type(tree) is not dict:
        return False
    stated = {number for info in _around(tree) if (number := _whole(info.get(_KEY))) is not None}
    if not stated:
        return False
    sums = _sums(max(filter(_is_list, tree.values()), key=len, default=()))
    return not any(number in sums or number * _IN_A_UNIT in sums for number in stated)


def _around(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a body, and the objects in it that are about its rows."""
    yield tree
    for key, value in tree.items():
        if type(value) is dict and _KEY in value and fold(key) in PAGING:
            yield value


def _whole(value: object) -> int | None:
    return None if value is None or has_cents(value) else whole(value)


def _is_list(value: object) -> bool:
    return type(value) is list


def _sums(rows: Sequence[object]) -> set[Decimal]:
    """Return what each column of numbers adds up to, whatever its sign."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        for key, value in row.items() if type(row) is dict else ():
            if type(value) in (int, Decimal):
                sums[key] = sums.get(key, Decimal(0)) + value
    return {abs(each) for each in sums.values()}
