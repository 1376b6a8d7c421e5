"""What a row that is called a total may be over, and what those rows cost. Pure.

That is all rows, those since the last such row, and those of its own project, time, or both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import define

from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.wire import LOOKED_AT, Steps, in_slices
from billfold_bnerd.fields import NOBODY, Fields, Ref
from billfold_bnerd.rounding import same

# What one item of a list costs, per currency.
Costs = Mapping[str, Money]
# Some rows: since as many rows called totals as a number says, or of a project and a time.
Scope = int | tuple[Ref | None, Period | None]
ALL: Scope = (None, None)


@define
class Parts:
    """The rows of a list that are not called totals, by what one that is may be over.

    ``over`` are the scopes of each that is, by its place, and ``rows`` and ``sums`` those of each.
    """

    costs: Sequence[Costs]
    over: Mapping[int, Sequence[Scope]]
    rows: Mapping[Scope, Sequence[int]]
    sums: Mapping[Scope, Costs]

    def added_up_by(self, at: int) -> list[Scope]:
        """Return those of the scopes of a row called a total that cost what it does."""
        return [scope for scope in self.over[at] if self._adds_up(scope, at)]

    def _adds_up(self, scope: Scope, at: int) -> bool:
        own, others = self.costs[at], self.sums[scope]
        return bool(own) and all(
            code in others and same(others[code], cost) for code, cost in own.items()
        )

    def is_one(self, scope: Scope) -> bool:
        """Return whether only one row of a scope costs something, which another may, too."""
        costly = (at for at in self.rows[scope] if is_some(self.costs[at]))
        next(costly, None)
        return next(costly, None) is None


def parts_of(
    items: Sequence[object], costs: Sequence[Costs], called: Collection[int]
) -> Steps[Parts]:
    """Return what the rows at some places, ``called`` totals, may be over; looks at each once."""
    totals = frozenset(called)
    over = {at: _scopes(items[at], before) for before, at in enumerate(sorted(totals))}
    rows: dict[Scope, list[int]] = {scope: [] for some in over.values() for scope in some}
    of_parts = any(len(some) > len((ALL, 0)) for some in over.values())
    before = 0

    def add(places: Iterable[int]) -> Iterable[None]:
        nonlocal before
        for at in places:
            if at in totals:
                before += 1
                continue
            for scope in _scopes(items[at], before) if of_parts else (ALL, before):
                if scope in rows:
                    rows[scope].append(at)
        return ()

    yield from in_slices(range(len(items)), add)

    def added(some: Iterable[tuple[Scope, Sequence[int]]]) -> list[tuple[Scope, Costs]]:
        return [(scope, sum_of(costs, places)) for scope, places in some]

    sums = yield from in_slices(rows.items(), added, LOOKED_AT, rows_in)
    return Parts(costs, over, rows, dict(sums))


def rows_in(part: tuple[Scope, Sequence[int]]) -> int:
    """Return how many rows a scope has."""
    return len(part[1])


def _scopes(item: object, before: int) -> list[Scope]:
    """Return what a row after so many totals is a part of, or what such a total may be over."""
    scopes: list[Scope] = [ALL, before]
    fields = Fields(item if isinstance(item, dict) else {})
    project, time = fields.ref("project"), fields.time().period
    if project != NOBODY:
        scopes.append((project, None))
    if time is not None:
        scopes += [(None, time)] if project == NOBODY else [(None, time), (project, time)]
    return scopes


def sum_of(costs: Sequence[Costs], places: Iterable[int]) -> Costs:
    """Add up what is at some places."""
    return sum_by_currency(cost for at in places for cost in costs[at].values())


def is_some(costs: Costs) -> bool:
    """Return whether something costs anything."""
    return any(cost.amount for cost in costs.values())
