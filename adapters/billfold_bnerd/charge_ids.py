"""Ids of a month's charges: made of what is charged, and never of its place in the reply. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from billfold.model import Category, Charge, qualify_ids
from billfold.period import Period, utc_text
from billfold.wire import one_case
from billfold_bnerd.usage_rows import UsageRow, in_one_case
from billfold_bnerd.values import word_set, words

# The last word of a key under which stands what a charge is for, as ``sku`` and ``server_name``.
_NAMES = word_set(
    "id uuid name sku code region zone location datacenter type kind size flavor flavour plan "
    "tier class category label title description service resource server host volume cluster "
    "bucket image"
)
_LONGEST = 80


def charge_id(org: str, window: Period, row: UsageRow, category: Category) -> str:
    """Return an id made of what is charged in which month.

    The server cuts a row's bounds to the window requested, so only a time that no window cuts is
    part of it: an hour's or a day's. What has neither product nor id is told by its other names.
    """
    stamp, row = None, in_one_case(row)
    if row.stamped and row.period and row.period.end - row.period.start <= timedelta(days=1):
        stamp = f"@{utc_text(row.period.start)}"
    product = row.product.id or row.product.name
    parts = (
        org,
        f"{window.start:%Y-%m}",
        row.project.id or row.project.name or "-",
        product or (row.id is None and _names(row.rest)) or "-",
        row.subscription_id,
        row.id,
        "credit" if category is Category.CREDIT else None,
        stamp,
    )
    return "/".join(filter(None, parts))


def told_apart(charges: Iterable[Charge]) -> tuple[Charge, ...]:
    """Return charges, with what tells those of one id apart added to it: their start, or names."""
    # The days of one product differ by their start.
    by_start = qualify_ids(charges, lambda charge: f"@{utc_text(charge.period.start)}")
    return qualify_ids(by_start, lambda charge: _names(charge.tags))


def _names(texts: Mapping[str, str]) -> str | None:
    """Return what texts call a thing, by key; None where they do not."""
    named = (
        f"{key}={one_case(text)}"
        for key, text in sorted(texts.items())
        if _names_a_thing(key) and len(text) <= _LONGEST
    )
    return ",".join(named) or None


@lru_cache(maxsize=4096)  # of each key of each row
def _names_a_thing(key: str) -> bool:
    return not _NAMES.isdisjoint(words(key)[-1:])


def content(charge: Charge) -> tuple[Any, ...]:
    """Return by what charges are numbered that nothing tells apart, whatever order they came in."""
    cost = Decimal(0) if charge.cost is None else charge.cost.amount
    return cost, charge.quantity or Decimal(0), sorted(charge.tags.items())
