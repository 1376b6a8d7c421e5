"""Which of a reply's amounts are totals over its rows, and no rows themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from billfold.money import Money, sum_by_currency
from billfold.period import Period
from billfold.wire import LOOKED_AT, Steps, in_slices, letting_go
from billfold_bnerd.containers import PRODUCT_KEYS, containers
from billfold_bnerd.fields import NOBODY, Fields, Ref
from billfold_bnerd.naming_keys import tells_rows_apart
from billfold_bnerd.parts_of_totals import Costs
from billfold_bnerd.rounding import same_sums
from billfold_bnerd.spacing import may_be_window
from billfold_bnerd.times import NO_TIME, Time
from billfold_bnerd.total_labels import (
    is_called_total,
    is_labelled,
    is_marked,
    names_all,
    names_one,
    names_something,
    names_what_others_do,
)
from billfold_bnerd.values import Node

# What says more of a row than an amount.
_DETAILS = ("quantity", "hours", "usage", "description", "name")

_QUANTITIES = ("quantity", "hours")


def sums(costs: Iterable[Money | None]) -> dict[str, Money]:
    """Add up what is stated, per currency."""
    return sum_by_currency(cost for cost in costs if cost is not None)


def summing(costs: Sequence[Money | None]) -> Steps[dict[str, Money]]:
    """Return what :func:`sums` does; pauses where there are many."""
    parts = yield from in_slices(costs, lambda some: [sums(some)], LOOKED_AT)
    return sums(chain.from_iterable(part.values() for part in parts))


def place_of_total(items: Sequence[object], costs: Sequence[Costs]) -> Steps[int | None]:
    """Return which of a list's items, the last or the first, is the total of the others, if any.

    It names nothing that costs something and is not theirs, is what they add up to, is of
    no other time, and says less than each of them.
    """
    for at in (len(items) - 1, 0) if len(items) > 1 else ():
        item = items[at]
        if len(costs[at]) != 1 or not _may_be_total(item, len(items) - 1):
            continue
        time = _time(item)

        def are_parts(some: Iterable[int], time: Time = time, item: object = item) -> list[bool]:
            return [bool(costs[one]) and _is_part(items[one], item, time) for one in some]

        others = [*range(at), *range(at + 1, len(items))]
        if not all((yield from in_slices(others, are_parts, LOOKED_AT))):
            continue
        each = [cost for one in others for cost in costs[one].values()]
        if same_sums((yield from summing(each)), costs[at]):
            return at
    return None


def _is_part(item: object, whole: object, time: Time) -> bool:
    says_more = _spans(time, item) and _says_more(item, whole)
    return says_more and names_what_others_do(whole, item)


def _says_more(node: object, other: object) -> bool:
    """Return whether an object has something under a key that is missing in another."""
    if not isinstance(node, dict) or not isinstance(other, dict):
        return False
    return any(node[key] not in (None, "") and names_all(key, other) for key in node)


def _spans(whole: Time, item: object) -> bool:
    """Return whether an item is of no time outside of another's; without any it is the window's."""
    if whole.period is None:
        return True
    other = _time(item).period
    if other is None:
        return may_be_window(whole.period, is_stamp=whole.is_stamp)
    return whole.period.encloses(other)


def _time(item: object) -> Time:
    """Return when an item says that it was."""
    return Fields(item).time() if isinstance(item, dict) else NO_TIME


def _may_be_total(node: object, others: int) -> bool:
    """Return whether a row may be the total of so many others, by what it says itself."""
    if not isinstance(node, dict) or names_something(node) or is_labelled(node):
        return False
    is_one_more = others == 1 and _has_quantity(node)
    return not is_one_more and not any(node[key] for key in containers(node))


def _has_quantity(node: Node) -> bool:
    return any(node.get(key) is not None for key in _QUANTITIES)


# Rows of a list, each with its place.
_Nodes = Sequence[tuple[int, Node]]


def possible_totals(
    items: Sequence[object], costs: Sequence[Costs], *, in_product: bool
) -> Steps[list[tuple[int, str]]]:
    """Return the rows that count and may be totals, by what they say alone, each with why.

    Those are all that are called so, where every row is and not each by a mark, and rows that name
    nothing that costs, or a project alone.
    """
    nodes = yield from in_slices(enumerate(items), _nodes, LOOKED_AT)
    found: list[tuple[int, str]] = []
    all_called = len(nodes) == len(items) and all(is_called_total(node) for _, node in nodes)
    if all_called and not all(is_marked(node) for _, node in nodes):
        found = [(at, "is called a total, and counted") for at, _ in nodes]
    else:
        back = yield from in_slices(enumerate(costs), _with_a_minus, LOOKED_AT)
        rows = {*(at for at, _ in nodes)}.difference(back if len(back) < len(nodes) else ())
        of = yield from in_slices(nodes, _projects_of_products)
        bare = yield from _bare(nodes)
        whole = [at for at, project in bare if at in rows and project in of]
        found = [(at, "names a project and no product: a charge, or a total") for at in whole]
        nobodys = [at for at, project in bare if at in rows and project == NOBODY]
        if nobodys and not in_product and (any(map(_names, nodes)) or all(map(_is_amount, nodes))):
            found.append((nobodys[0], "names nothing that costs: a charge, or a total"))
    yield from letting_go(nodes)
    return found


def _nodes(items: Iterable[tuple[int, object]]) -> _Nodes:
    return [(at, item) for at, item in items if isinstance(item, dict)]


def _with_a_minus(costs: Iterable[tuple[int, Costs]]) -> list[int]:
    """Return the rows with a minus, which are no total of rows without one."""
    return [at for at, cost in costs if any(each.amount < 0 for each in cost.values())]


def _names(one: tuple[int, Node]) -> bool:
    return names_something(one[1])


def _is_amount(one: tuple[int, Node]) -> bool:
    """Return whether a row is an amount and nothing else."""
    return len(one[1]) == 1


def _projects_of_products(nodes: _Nodes) -> list[Ref]:
    """Return the projects that rows of products name."""
    named = (Fields(node).ref("project") for _, node in nodes if _names_product(node))
    return [project for project in dict.fromkeys(named) if project != NOBODY]


def _names_product(node: Node) -> bool:
    return any(node.get(key) not in (None, "") for key in (*PRODUCT_KEYS, "product_name"))


def _bare(nodes: _Nodes) -> Steps[list[tuple[int, Ref]]]:
    """Return the rows that are an amount, and tell nothing of what it is for but its project.

    They are of no time, or of all that those which name something are of.
    """
    bare = yield from in_slices(nodes, _amounts)
    is_dated = any(time is not None for *_, time in bare)
    named = (yield from in_slices(nodes, _times_of_named)) if is_dated else []
    whole = Period(min(t.start for t in named), max(t.end for t in named)) if named else None
    return [
        (at, project)
        for at, project, time in bare
        if time is None or whole is None or time.encloses(whole)
    ]


def _amounts(nodes: _Nodes) -> list[tuple[int, Ref, Period | None]]:
    """Return the rows that are an amount, each with its project and when; a thing has no time."""
    bare = ((at, node, _time(node).period) for at, node in nodes if _is_bare(node))
    return [
        (at, Fields(node).ref("project"), time)
        for at, node, time in bare
        if time is None or not any(tells_rows_apart(key) and names_one(key, node) for key in node)
    ]


def _times_of_named(nodes: _Nodes) -> list[Period]:
    times = (_time(node).period for _, node in nodes if names_something(node))
    return [time for time in times if time is not None]


def _is_bare(node: Node) -> bool:
    says = any(node.get(key) not in (None, "") for key in _DETAILS)
    rest = {key: value for key, value in node.items() if not key.startswith("project")}
    return not (says or names_something(rest) or any(node[key] for key in containers(node)))
