"""Rows that count and may be totals of others, until a total over them says so or not. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from attrs import evolve, frozen

from billfold.money import Money
from billfold_bnerd.totals import sums
from billfold_bnerd.usage_rows import Subtotal, UsageRow


@frozen
class Unsettled:
    """A ``problem`` of what counts and may be a total, which stands at a ``pointer``.

    ``is_sum`` is whether it is what others add up to.
    """

    problem: str
    pointer: str
    is_sum: bool = False


def settled(
    doubted: Sequence[Unsettled],
    total: Money | None,
    rows: list[UsageRow],
    subtotals: list[Subtotal],
    first: int,
) -> list[Unsettled]:
    """Return what a total over the rows from the ``first`` on leaves in doubt.

    Where it is what all of them cost, each is a charge. Where it is what they cost without those
    that add up others, those are taken out.
    """
    stated = {} if total is None else {total.currency: total}
    places = range(first, len(rows))
    if _sum(rows, places) == stated:
        return []
    wholes = {one.pointer for one in doubted if one.is_sum}
    left_out = [at for at in places if wholes and is_inside(rows[at], wholes)]
    if not left_out or _sum(rows, {*places}.difference(left_out)) != stated:
        return [*doubted]
    for at in reversed(left_out):
        take_out(rows, subtotals, at)
    return [one for one in doubted if not one.is_sum]


def _sum(rows: Sequence[UsageRow], places: Iterable[int]) -> dict[str, Money]:
    return sums(rows[at].cost.money for at in places)


def is_inside(row: UsageRow, pointers: Collection[str]) -> bool:
    """Return whether a row stands at one of some places, or in what stands there."""
    steps = (row.pointer or "").split("/")
    return any("/".join(steps[:end]) in pointers for end in range(1, len(steps) + 1))


def take_out(rows: list[UsageRow], subtotals: list[Subtotal], at: int) -> None:
    """Take a row out of those that totals over some of them are over."""
    del rows[at]
    subtotals[:] = [
        evolve(one, first=one.first - (one.first > at), end=one.end - (one.end > at))
        for one in subtotals
    ]
