"""Which of a reply's amounts are totals over its rows, and no rows themselves. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain

from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.wire import LOOKED_AT, Steps, in_slices, letting_go, slices
from billfold_bnerd.containers import PRODUCT_KEYS, containers
from billfold_bnerd.fields import Fields, Ref
from billfold_bnerd.row_status import gives_back
from billfold_bnerd.standing_keys import names_kind
from billfold_bnerd.total_labels import (
    is_called_total,
    is_labelled,
    names_all,
    names_something,
    names_what_others_do,
)
from billfold_bnerd.values import Node, number

# What says more of a row than an amount.
_DETAILS = (
    *("quantity", "hours", "usage", "description", "name", "period", "from", "start"),
    *("date", "day", "month", "timestamp", "hour"),
)

_QUANTITIES = ("quantity", "hours")


def sums(costs: Iterable[Money | None]) -> dict[str, Money]:
    """Add up what is stated, per currency."""
    return sum_by_currency(cost for cost in costs if cost is not None)


def summing(costs: Sequence[Money | None]) -> Steps[dict[str, Money]]:
    """Return what :func:`sums` does; pauses where there are many."""
    parts = yield from in_slices(costs, lambda some: [sums(some)], LOOKED_AT)
    return sums(chain.from_iterable(part.values() for part in parts))


def place_of_total(
    items: Sequence[object], costs: Sequence[Money | None], periods: Sequence[Period | None]
) -> Steps[int | None]:
    """Return which of a list's rows, the last or the first, is the total of the others, if any.

    It names nothing that costs something and is not theirs, is exactly what they add up to, is of
    no other time, and says less than each of them.
    """
    for at in (len(items) - 1, 0):
        cost, time, item = costs[at], periods[at], items[at]
        if cost is None or not _may_be_total(item, len(items) - 1):
            continue

        def are_parts(
            some: Iterable[int], time: Period | None = time, item: object = item
        ) -> list[bool]:
            return [
                costs[one] is not None
                and _spans(time, periods[one])
                and _says_more(items[one], item)
                and names_what_others_do(item, items[one])
                for one in some
            ]

        others = [*range(at), *range(at + 1, len(items))]
        if not all((yield from in_slices(others, are_parts, LOOKED_AT))):
            continue
        if (yield from summing([costs[one] for one in others])) == {cost.currency: cost}:
            return at
    return None


def _says_more(node: object, other: object) -> bool:
    """Return whether an object has something under a key that is missing in another."""
    if not isinstance(node, dict) or not isinstance(other, dict):
        return False
    return any(node[key] not in (None, "") and names_all(key, other) for key in node)


def _spans(period: Period | None, other: Period | None) -> bool:
    if period is None or other is None:
        return period is None
    return period.encloses(other)


def _may_be_total(node: object, others: int) -> bool:
    """Return whether a row may be the total of so many others, by what it says itself."""
    if not isinstance(node, dict) or not others or names_something(node) or is_labelled(node):
        return False
    is_one_more = others == 1 and _has_quantity(node)
    return not is_one_more and not any(node[key] for key in containers(node))


# Rows of a list, each with its place.
_Nodes = Sequence[tuple[int, Node]]


def possible_totals(
    items: Sequence[object],
    costs: Sequence[Money | None],
    periods: Sequence[Period | None],
    total: int | None,
    *,
    in_product: bool,
) -> Steps[list[tuple[int, str, bool]]]:
    """Return the rows that count and may be totals: all that are called so, or one of no name.

    Each is with why, and whether it adds up others.
    ``total`` is the row that was taken out of them as one.
    """
    nodes = yield from in_slices(enumerate(items), partial(_counted, total), LOOKED_AT)
    all_called = len(nodes) == len(items) and all(is_called_total(node) for _, node in nodes)
    called = {at: None for at, _ in nodes} if all_called else {}
    found = [(at, "is called a total, and counted", False) for at in called]
    given_back = yield from _given_back(nodes, costs)
    whole = yield from _of_whole_projects(nodes)
    whole = [at for at in whole if at not in given_back]
    found += [(at, "names a project and no product: a charge, or a total", False) for at in whole]
    bare = yield from in_slices(nodes, _bare)
    bare = [at for at in bare if at not in called and at not in given_back]
    if bare and total is None and not in_product and any(names_something(one) for _, one in nodes):
        found.append((bare[0], "names nothing that costs: a charge, or a total", False))
    elif (
        len(bare) == len(items) > 0
        and _may_be_of_others(nodes)
        and (yield from summing(costs[:-1])) == sums(costs[-1:])
    ):
        found.append((bare[-1], "is what the others add up to: a charge, or their total", True))
    elif not in_product:
        others = {*whole}
        those = [one for one in nodes if one[0] not in others]
        sum_of = yield from _sums_of_products(those, costs, periods)
        words = "is what the products add up to: a charge, or their total"
        found += [(at, words, True) for at in sum_of]
    yield from letting_go(nodes)
    return found


def _counted(total: int | None, items: Iterable[tuple[int, object]]) -> _Nodes:
    return [(at, item) for at, item in items if isinstance(item, dict) and at != total]


def _bare(nodes: _Nodes) -> list[int]:
    return [at for at, node in nodes if _is_bare(node)]


def _given_back(nodes: _Nodes, costs: Sequence[Money | None]) -> Steps[set[int]]:
    """Return the rows with a minus that are no total: of no other such row, or called a credit.

    Where all have a minus, one may be the total of the others.
    """
    back = {*(yield from in_slices(enumerate(costs), _with_a_minus, LOOKED_AT))}
    if len(back) == len(nodes):
        return set()
    if not back:
        return back
    return {at for at, node in nodes if at in back and (len(back) == 1 or gives_back(node))}


def _with_a_minus(costs: Iterable[tuple[int, Money | None]]) -> list[int]:
    return [at for at, cost in costs if cost is not None and cost.amount < 0]


def _may_be_of_others(nodes: _Nodes) -> bool:
    """Return whether the last row names no other thing than the others; its kind names none."""
    last = {key: value for key, value in nodes[-1][1].items() if not names_kind(key)}
    return all(names_what_others_do(last, one) for _, one in nodes)


# What rows of products are of: a project, or all of them, and a time, or all times.
_Scope = tuple[Ref, Period | None]
_Parts = Mapping[_Scope, Sequence[int]]


def _sums_of_products(
    nodes: _Nodes, costs: Sequence[Money | None], periods: Sequence[Period | None]
) -> Steps[list[int]]:
    """Return the rows without a product that cost what those of products do.

    That is all of them, or those of its project, its time, or both.
    """
    parts: dict[_Scope, list[int]] = {}
    by_place = dict(nodes)
    unnamed = yield from in_slices(nodes, _without_product)
    if not unnamed:
        return []
    for some in slices(nodes):
        if parts:
            yield
        for at, node in some:
            if _names_product(node):
                for scope in _scopes(node, periods[at]):
                    parts.setdefault(scope, []).append(at)

    def added(some: Iterable[tuple[_Scope, Sequence[int]]]) -> list[tuple[_Scope, object]]:
        return [(scope, sums(costs[at] for at in places)) for scope, places in some]

    totals = dict((yield from in_slices(parts.items(), added, LOOKED_AT, _count)))

    def found(some: _Nodes) -> list[int]:
        return [
            at
            for at, node in some
            if (cost := costs[at]) is not None
            and cost.amount
            and any(
                totals.get(scope) == {cost.currency: cost}
                and not _is_one_more(node, [by_place[one] for one in parts[scope]])
                for scope in _own_scopes(node, periods[at])
            )
        ]

    return (yield from in_slices(unnamed, found))


def _without_product(nodes: _Nodes) -> _Nodes:
    return [(at, node) for at, node in nodes if not _names_product(node)]


def _scopes(node: Node, period: Period | None) -> set[_Scope]:
    """Return what a row of a product is a part of."""
    project = Fields(node).ref("project")
    return {(Ref(), None), (project, None), (Ref(), period), (project, period)}


def _own_scopes(node: Node, period: Period | None) -> set[_Scope]:
    """Return what a row without a product may be the total of: its project's is of no other."""
    project = Fields(node).ref("project")
    return {(project, None), (project, period)}


def _count(part: tuple[_Scope, Sequence[int]]) -> int:
    return len(part[1])


def _is_one_more(node: Node, parts: Sequence[Node]) -> bool:
    """Return whether a row counts something beside the only part, and not as much of it.

    One of something says nothing of how much there was, where a row says what it is.
    """
    if len(parts) > 1 or not _has_quantity(node):
        return False
    counts = {key: number(node.get(key)) for key in _QUANTITIES}
    same = [each for key, each in counts.items() if each == number(parts[0].get(key))]
    return not any(each is not None and (each != 1 or not is_labelled(node)) for each in same)


def _has_quantity(node: Node) -> bool:
    return any(node.get(key) is not None for key in _QUANTITIES)


def _names_product(node: Node) -> bool:
    return any(node.get(key) not in (None, "") for key in (*PRODUCT_KEYS, "product_name"))


def _of_whole_projects(nodes: _Nodes) -> Steps[list[int]]:
    """Return the rows that name nothing but a project, of which other rows name products."""
    projects = yield from in_slices(nodes, _projects)

    def of_products(some: Iterable[tuple[tuple[int, Node], Ref]]) -> set[Ref]:
        return {project for (_, node), project in some if _names_product(node)}

    named = {*(yield from in_slices(zip(nodes, projects, strict=True), of_products))}

    def whole(some: Iterable[tuple[tuple[int, Node], Ref]]) -> list[int]:
        return [at for (at, node), project in some if _is_whole(node, project, named)]

    found = yield from in_slices(zip(nodes, projects, strict=True), whole)
    yield from letting_go(projects)
    return found


def _projects(nodes: _Nodes) -> list[Ref]:
    return [Fields(node).ref("project") for _, node in nodes]


def _is_whole(node: Node, project: Ref, named: Collection[Ref]) -> bool:
    """Return whether a row names nothing but a project that is one of those named."""
    if not (project.id or project.name) or project not in named:
        return False
    return _is_bare({key: value for key, value in node.items() if not key.startswith("project")})


def _is_bare(node: Node) -> bool:
    """Return whether a row is an amount and nothing that tells what it is for."""
    says = any(node.get(key) not in (None, "") for key in _DETAILS)
    return not (says or names_something(node) or any(node[key] for key in containers(node)))
