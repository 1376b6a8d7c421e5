"""Lines around a change of plan: what they are, the time they are for, and their ids. Pure.

A change of plan leaves two prorated lines that may share item and start: the unused time of the old
plan, a credit, and the remaining time of the new one (CONTRACT.md, section 2.2).
"""

import re
from datetime import timedelta

from billfold.model import Category
from billfold.money import Money
from billfold.period import Period, between
from billfold_latitude import wire

# Python 3.11 looks members up slowly, and there are many lines.
_CREDIT, _PURCHASE, _USAGE = Category.CREDIT, Category.PURCHASE, Category.USAGE
_UNUSED = re.compile(r"\s*unused\b", re.IGNORECASE)


def category(product: wire.Product, cost: Money | None) -> Category:
    """Return what a line is; a prorated one with a negative cost gives unused time back."""
    if product.proration and cost is not None and cost < Money.zero(cost.currency):
        return _CREDIT
    return _PURCHASE if product.usage_type == "licensed" else _USAGE


def period(product: wire.Product, cycle: Period) -> Period:
    """Return the time that a line is for; one that is still running ends with the cycle.

    It may be older than the cycle. A line without any length gets a second; one that nothing
    sensible is stated of gets the cycle.
    """
    start, end = product.start or cycle.start, product.end or cycle.end
    if start == cycle.start and end == cycle.end:
        return cycle
    if start < end:
        return between(start, end)
    if product.start is not None and (start == product.end or start in cycle):
        return Period(start, start + timedelta(seconds=1))
    return cycle


def line_id(cycle_id: str, product: wire.Product, resource_id: str | None, since: str) -> str:
    """Return a line's id, made of what does not change while the cycle runs.

    ``since`` is the line's start as text. The description may count a quantity up, a second server
    may join the one that a line names, the end comes later, and a price is restated, to nothing or
    to the other sign: none of them is part of it.
    """
    if product.id and product.name and not product.proration:  # as nearly all lines
        return f"{cycle_id}/{product.id}/{product.name}@{since}"
    item = product.id or "/".join(filter(None, (product.resource, resource_id)))
    nameless = None if item or product.name else product.description or "line"
    prorated = _prorated(product) if product.proration else None
    parts = "/".join(filter(None, (cycle_id, item, product.name, prorated, nameless)))
    return f"{parts}@{since}"


def _prorated(product: wire.Product) -> str:
    """Return what a prorated line is by its words: its sign goes with a price that is restated."""
    return "credit" if _UNUSED.match(product.description or "") else "proration"
