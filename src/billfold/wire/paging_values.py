"""What a value says about pages: that it points at one, or how many rows there are. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from billfold.wire.members import objects_in
from billfold.wire.rows import PAGING, fold
from billfold.wire.words import has_cents

_MOST_DIGITS = 18
_MOST = 10**_MOST_DIGITS
_TOTAL = "total"
_IN_A_UNIT = 100  # cents
# Made once: a union would be made anew for each value.
_NUMBERS, _LISTS = (int, float, Decimal), (list, tuple)
_DATE = re.compile(r"\s*\d{4}-\d\d-\d\d([T ].*)?", re.DOTALL)


def points(value: object) -> bool:
    """Return whether this is a cursor, an address, a number or a yes."""
    if isinstance(value, _LISTS):  # [{"href": ...}]
        return any(_is_link_to_next(link, said="next") for link in value)
    if isinstance(value, Mapping):  # {"href": ...}
        return any(points(member) for member in value.values())
    if isinstance(value, str):
        return value.strip().lower() not in {"", "0", "false", "no", "null", "none"}
    return bool(value)


def points_at_a_page(value: object) -> bool:
    """Return whether what stands under a bare word points at a page.

    A date, a sentence or money does not.
    """
    is_prose = isinstance(value, str) and (" " in value.strip() or _DATE.fullmatch(value))
    return points(value) and not is_prose and not has_cents(value)


def links_to_next(value: object) -> bool:
    """Return whether a list of links has one to the next page."""
    return isinstance(value, _LISTS) and any(map(_is_link_to_next, value))


def _is_link_to_next(link: object, said: str | None = None) -> bool:
    """Return whether a link leads to the next page; ``said`` is what a link does without a word."""
    is_next = isinstance(link, Mapping) and link.get("rel", said) == "next"
    return is_next and isinstance(link, Mapping) and points(link.get("href"))


def whole(value: object) -> int | None:
    """Return a whole number, also where it is written as text; nobody counts beyond 18 digits."""
    if isinstance(value, str):
        is_whole = value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS
        return int(value) if is_whole else None
    # `1e999999999` is a number, too, and would fill the memory as an int.
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        return None
    if not -_MOST < value < _MOST:
        return None
    return int(value) if int(value) == value else None


def counts_rows(tree: object) -> bool:
    """Return whether a decoded body states a whole number as a total that is not one of money.

    Money has its cents, or is what a column of the rows adds up to, in units or in cents.
    """
    if type(tree) is not dict:
        return False
    # Loops, as every reply comes here and few state a total.
    totals = [tree[_TOTAL]] if _TOTAL in tree else []
    for key, info in objects_in(tree):
        if _TOTAL in info and fold(key) in PAGING:
            totals.append(info[_TOTAL])
    stated = {number for total in totals if (number := _without_cents(total)) is not None}
    if not stated:
        return False
    sums = _sums(max(filter(_is_list, tree.values()), key=len, default=()))
    return not any(number in sums or number * _IN_A_UNIT in sums for number in stated)


def _without_cents(value: object) -> int | None:
    return None if value is None or has_cents(value) else whole(value)


def _is_list(value: object) -> bool:
    return type(value) is list


def _sums(rows: Sequence[object]) -> set[Decimal]:
    """Return what each column of numbers adds up to, whatever its sign."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        for key, value in row.items() if type(row) is dict else ():
            if type(value) in (int, Decimal) and -_MOST < value < _MOST:
                sums[key] = sums.get(key, Decimal(0)) + value
    return {abs(each) for each in sums.values()}
