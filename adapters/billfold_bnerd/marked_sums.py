"""Which rows are marked as sums, or are of several levels that cost the same. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from billfold.money import Money
from billfold.wire import LOOKED_AT, Steps, in_slices
from billfold_bnerd.parts_of_totals import is_some
from billfold_bnerd.said_by_rows import says_level
from billfold_bnerd.totals import sums
from billfold_bnerd.unread import described
from billfold_bnerd.usage_rows import UsageRow, place_of
from billfold_bnerd.values import word_set, words

# What a row is marked as that adds up others.
_SUMS = word_set("summary subtotal total rollup rolledup grandtotal")


def marked_sums(rows: Sequence[UsageRow]) -> Steps[list[str]]:
    """Return a gap for the rows that are marked as sums, unless all are."""
    keys = yield from in_slices(rows, _marks, LOOKED_AT)
    places = [
        f"{place_of(row)}.{key}" for row, key in zip(rows, keys, strict=True) if key is not None
    ]
    if not places or None not in keys:
        return []
    return [f"{described(places)} says that it is what others add up to, and is counted"]


def _marks(rows: Iterable[UsageRow]) -> list[str | None]:
    return [next((key for key in row.rest if _is_sum(key, row.rest[key])), None) for row in rows]


def _is_sum(key: str, value: str) -> bool:
    return value in ("true", "True") and "".join(words(key)).removeprefix("is") in _SUMS


def levels(rows: Sequence[UsageRow]) -> Steps[list[str]]:
    """Return a gap for each key by which rows are of several levels that cost the same."""
    keys = dict.fromkeys((yield from in_slices(rows, _level_keys, LOOKED_AT)))
    return [
        f"rows of different `{key}` cost the same, and are counted: they may be the same money"
        for key in keys
        if _levels_repeat(key, rows)
    ]


def _level_keys(rows: Iterable[UsageRow]) -> list[str]:
    return [*dict.fromkeys(key for row in rows for key in row.rest if says_level(key))]


def _levels_repeat(key: str, rows: Sequence[UsageRow]) -> bool:
    """Return whether two levels cost the same, one of them in several rows."""
    levels: dict[str, list[Money]] = {}
    for row in rows:
        if row.cost.money is not None and key in row.rest:
            levels.setdefault(row.rest[key], []).append(row.cost.money)
    stated = [(len(costs), sums(costs)) for costs in levels.values()]
    some = [(count, tuple(sorted(cost.items()))) for count, cost in stated if is_some(cost)]
    alike = Counter(cost for _, cost in some)
    return any(count > 1 and alike[cost] > 1 for count, cost in some)
