"""Ids of a month's charges: made of what is charged, and never of its place in the reply. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from billfold.model import Charge, qualifying
from billfold.period import Period, utc_text
from billfold.wire import LOOKED_AT, Steps, one_case, slices
from billfold_bnerd.naming_keys import describes, names_of
from billfold_bnerd.usage_rows import UsageRow, in_one_case

_MONTH = timedelta(days=28)  # what names as much or more is the month, which is in every id


def month_id(org: str, window: Period) -> str:
    """Return what ids of a month's charges begin with, in whichever case the UUID is configured."""
    return f"{one_case(org)}/{window.start:%Y-%m}"


def charge_id(month: str, row: UsageRow) -> str:
    """Return an id made of what is charged in a month, whose :func:`month_id` is given.

    All that names it is part of it, also where nothing else is like it: another such row may come
    tomorrow. The server cuts a row's bounds to the window requested, so only a time that no window
    cuts is: an hour's, a day's or a week's. Where a row has no period, a start alone, or one time
    of its own, is, unless it is a month's.
    """
    row = in_one_case(row)
    begins = _begins(row)
    stamp = None if begins is None else f"@{utc_text(begins)}"
    names = _names(row)
    product = row.product.id or row.product.name
    parts = (
        month,
        row.project.id or row.project.name or "-",
        product or (row.id is None and names) or "-",
        row.subscription_id,
        row.id,
        names if product or row.id else None,
        stamp,
    )
    return "/".join(filter(None, parts))


def _begins(row: UsageRow) -> datetime | None:
    """Return when something began that is charged, as far as no window moves that."""
    if row.period is not None:
        is_short = row.period.end - row.period.start < _MONTH
        return row.period.start if row.stamped and is_short else None
    stated = {time.moment for time in row.other_times if time.is_own}
    begins = row.starts or (stated.pop() if len(stated) == 1 else None)
    return begins if begins is None or begins != Period.month_of(begins).start else None


def _names(row: UsageRow) -> str | None:
    """Return what names a thing beside its ids; of one product each unit is a meter of its own."""
    names = names_of(row.rest, row.id) if row.rest else None
    unit = None if row.unit is None else f"unit={row.unit}"
    return ",".join(filter(None, (row.groups.names, names, unit))) or None


def telling_apart(charges: Iterable[Charge], window: Period) -> Steps[tuple[Charge, ...]]:
    """Return charges, those that differ by their start with it in their ids.

    A month's first has none, as it had none before the others came. What a window that begins
    later has first need not be the month's.
    """
    charges, firsts = tuple(charges), dict[str, datetime]()
    if window.start == Period.month_of(window.start).start:
        for some in slices(charges, LOOKED_AT):
            if firsts:
                yield
            for charge in some:
                start = charge.period.start
                firsts[charge.id] = min(firsts.get(charge.id, start), start)
    return (
        yield from qualifying(
            charges,
            lambda charge: (
                None
                if charge.period.start == firsts.get(charge.id)
                else f"@{utc_text(charge.period.start)}"
            ),
        )
    )


def content(charge: Charge) -> tuple[Any, ...]:
    """Return by what charges are numbered that nothing tells apart, whatever order they came in.

    What is taken back comes last, so that what it is taken from keeps its id.
    """
    cost = Decimal(0) if charge.cost is None else charge.cost.amount
    quantity, tags = charge.quantity or Decimal(0), sorted(charge.tags.items())
    return cost < 0, _descriptions(charge.tags), cost, quantity, tags


def _descriptions(tags: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted((key, text) for key, text in tags.items() if describes(key))
