"""Rows that break down once more, by something else, what others cost (CONTRACT.md, 3.5). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from billfold.wire import Steps, in_slices
from billfold_bnerd.adding_up import may_be_sums
from billfold_bnerd.parts_of_totals import Costs, is_some
from billfold_bnerd.rounding import same_sums
from billfold_bnerd.said_by_rows import is_described
from billfold_bnerd.totals import summing
from billfold_bnerd.usage_rows import UsageRow
from billfold_bnerd.values import word_set

_PROJECT, _PRODUCT, _SUBSCRIPTION = "project", "product", "subscription"
# Under these a row says by which of them it is.
_KINDS = ("type", "kind", "group_by", "dimension")
_THINGS = word_set("project product subscription")

# By what of the three a row is.
_By = frozenset[str]


def second_breakdowns(rows: Sequence[UsageRow]) -> Steps[list[int]]:
    """Return the places of rows that are by other things than as costly ones are.

    Neither says what the other does, one of both names no product, and there are several of one:
    those without a product are returned. None of these says that it is a charge: by a word, by a
    price of one, or by quantities that are not those of the others.
    """
    places: dict[_By, list[int]] = {}

    def place(some: Iterable[tuple[int, UsageRow]]) -> Iterable[None]:
        for at, row in some:
            by = _by(row)
            if row.cost.money is not None and (_PRODUCT in by or not _is_charge(row)):
                places.setdefault(by, []).append(at)
        return ()

    yield from in_slices(enumerate(rows), place)
    costs: dict[_By, Costs] = {}
    for by, some in places.items() if len(places) > 1 else ():
        costs[by] = yield from summing([rows[at].cost.money for at in some])
    return [
        at
        for one, other in combinations(sorted(places, key=lambda by: _PRODUCT not in by), 2)
        if len(places[one]) + len(places[other]) > 2
        and _are_alike(one, other, costs)
        and may_be_sums([rows[at] for at in places[other]], [rows[at] for at in places[one]])
        for at in places[other]
    ]


def _are_alike(one: _By, other: _By, costs: Mapping[_By, Costs]) -> bool:
    is_other = not (one <= other or other <= one or _PRODUCT in other)
    return is_other and is_some(costs[one]) and same_sums(costs[one], costs[other])


def _by(row: UsageRow) -> _By:
    named = _kinds(row)
    refs = ((_PROJECT, row.project), (_PRODUCT, row.product))
    named |= {kind for kind, ref in refs if ref.id is not None or ref.name is not None}
    return frozenset(named | ({_SUBSCRIPTION} if row.subscription_id is not None else set()))


def _is_charge(row: UsageRow) -> bool:
    """Return whether a row without a product has a price of one, or a word for what it is.

    Where it says by which it is, a word is whose it is.
    """
    return row.is_priced or (is_described(row) and not _kinds(row))


def _kinds(row: UsageRow) -> set[str]:
    return {row.rest[key] for key in _KINDS if key in row.rest} & _THINGS
