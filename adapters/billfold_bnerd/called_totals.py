"""Which rows of a list that are called totals are some, and what of the others each adds up. Pure.

A row with a word of its own in such a name may be a product's: it is a charge where it says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from attrs import frozen

from billfold.money import Money, sum_by_currency
from billfold.wire import Steps, in_slices, one_case
from billfold_bnerd.fields import NOBODY, Fields, Ref, ref_of
from billfold_bnerd.naming_keys import names_a_charged_thing, own_name
from billfold_bnerd.total_labels import (
    has_word,
    is_called_total,
    is_net,
    is_of_all,
    is_plain,
    is_to_pay,
    names_more,
    names_one,
)
from billfold_bnerd.values import Node, text, word_set, words

_LIKE_A_PRODUCT = "is called a total and is what others add up to: a charge, or their total"
_NO_SUM = "is called a total, and is not what the others add up to"
# The last word of a key under which stands which product or subscription a row is of.
_FIRM = word_set("id uuid sku code subscription")

# What one item of a list costs, per currency.
Costs = Mapping[str, Money]


@frozen
class Called:
    """A row that is called a total; ``over_all`` is whether it is what all others add up to.

    ``is_sum`` is whether it adds up any of them, ``is_plain`` whether it is called nothing else.
    """

    at: int
    over_all: bool
    is_sum: bool
    is_plain: bool


@frozen
class Totals:
    """The rows of a list that are ``called`` totals and are none that count, by their places.

    ``odd`` are those of which that is not certain, and why: one that may be a charge counts.
    """

    called: tuple[Called, ...] = ()
    odd: tuple[tuple[int, str], ...] = ()


def called_totals(
    items: Sequence[object], costs: Sequence[Costs], *, in_named: bool
) -> Steps[Totals]:
    """Return the rows of a list that are called totals, none where all are.

    ``in_named`` is whether an ``id`` there is that of a product or project.
    """

    def among(some: Iterable[tuple[int, object]]) -> list[int]:
        return [at for at, item in some if is_called_total(item)]

    def like_a_product(some: Iterable[int]) -> list[int]:
        of_one = len(items) - len(called) == 1
        return [
            at
            for at in some
            if _is_like_a_product(items[at], in_named=in_named)
            or (of_one and _is_counted(items[at]))  # as much as of the only other one
        ]

    called = yield from in_slices(enumerate(items), among)
    if len(called) == len(items):
        return Totals()
    like_products = yield from in_slices(called, like_a_product)
    doubtful = yield from _doubtful(items, costs, called, like_products)
    measured = yield from _measured(items, costs, called)
    nets, odd = yield from _no_sums(items, costs, [at for at in called if at not in measured])
    charges = {*like_products} - doubtful | {*measured, *nets, *odd}
    totals = [at for at in called if at not in charges]
    found = yield from _found(items, costs, totals)
    if any(one.over_all and one.at not in doubtful for one in found):
        return _totals(found, no_sums=odd)  # which proves that what may be a charge is none
    plain = yield from _found(items, costs, [at for at in totals if at not in doubtful])
    if any(one.over_all for one in plain):
        return _totals(plain, no_sums=odd)  # which proves that it is one
    return _totals(plain, sorted(doubtful), odd)


def _totals(
    called: Sequence[Called], may_cost: Sequence[int] = (), no_sums: Sequence[int] = ()
) -> Totals:
    odd = [*no_sums, *(one.at for one in called if not one.is_sum)]
    may_be = ((at, _LIKE_A_PRODUCT) for at in may_cost)
    return Totals(tuple(called), (*may_be, *((at, _NO_SUM) for at in odd)))


def _found(
    items: Sequence[object], costs: Sequence[Costs], called: Sequence[int]
) -> Steps[list[Called]]:
    found, others = [], frozenset(called)
    for at in called:
        yield
        known = [_adds_up(costs, part, at) for part in _parts(items, at, others)]
        found.append(Called(at, known[0], any(known), is_plain(items[at])))
    return found


def _measured(
    items: Sequence[object], costs: Sequence[Costs], called: Sequence[int]
) -> Steps[frozenset[int]]:
    """Return the rows named as what there is to pay is, or a net amount, that are products.

    They are measured, and by no quantity of the others, nor by that of all that they cost.
    """
    named = [at for at in called if _may_be_measured(items[at])]
    if not named:
        return frozenset()
    totals, found = frozenset(called), set[int]()
    others = [item for at, item in enumerate(items) if at not in totals]
    counts = _with_sum((yield from in_slices(others, _counts)))
    for at in named:
        yield
        sums = [part for part in _parts(items, at, totals) if _adds_up(costs, part, at)]
        parts = [_with_sum(_counts(items[index] for index in part)) for part in sums]
        if all(_measures_its_own(items[at], some) for some in (counts, *parts)):
            found.add(at)
    return frozenset(found)


def _no_sums(
    items: Sequence[object], costs: Sequence[Costs], called: Sequence[int]
) -> Steps[tuple[list[int], list[int]]]:
    """Return the rows called so that add up no others and count, and of these the odd ones.

    A net or gross amount is a network's then; what there is to pay is odd, where it is measured.
    """
    nets, odd, totals = [], [], frozenset(called)
    for at in called:
        yield
        if any(_adds_up(costs, part, at) for part in _parts(items, at, totals)):
            continue
        if is_net(items[at]):
            nets.append(at)
        elif _is_counted(items[at]):
            odd.append(at)
    return nets, odd


def _is_like_a_product(item: object, *, in_named: bool) -> bool:
    has_id = in_named and isinstance(item, dict) and text(item.get("id")) is not None
    return has_id or names_more(item) or (_may_be_measured(item) and _has_unit_price(item))


def _may_be_measured(item: object) -> bool:
    """Return whether a row has a name of what there is to pay, or net, that a product has, too."""
    return is_to_pay(item) or is_net(item)


def _is_counted(item: object) -> bool:
    return _may_be_measured(item) and None not in _fields(item).quantity()


def _has_unit_price(item: object) -> bool:
    fields = _fields(item)
    return fields.unit_price() not in (None, fields.cost().money)


def _doubtful(
    items: Sequence[object],
    costs: Sequence[Costs],
    called: Sequence[int],
    like_products: Sequence[int],
) -> Steps[frozenset[int]]:
    """Return the rows named like a product and a total that may be either.

    Nothing says that they are charges, and alone or together they cost what others do.
    """
    if not like_products:
        return frozenset()
    others, found = frozenset(called), set()
    rows = [index for index in range(len(items)) if index not in others]
    nodes = [one for index in rows if isinstance(one := items[index], dict)]
    taken = {*(yield from in_slices(nodes, _firm_names_of))}
    counts = _with_sum((yield from in_slices(nodes, _counts)))
    unproven = []
    for at in like_products:
        yield
        if _is_of_its_own(items[at], nodes, taken):
            continue
        sums = [part for part in _parts(items, at, others) if _adds_up(costs, part, at)]
        parts = ([items[index] for index in part] for part in sums)
        if any(not _measures_its_own(items[at], _with_sum(_counts(part))) for part in parts):
            found.add(at)
        elif not _measures_its_own(items[at], counts):
            unproven.append(at)
    every = _sum_of(costs, unproven)
    if len(unproven) > 1 and every and every == _sum_of(costs, rows):
        found.update(unproven)
    return frozenset(found)


def _adds_up(costs: Sequence[Costs], rows: Sequence[int], total: int) -> bool:
    return bool(costs[total]) and _sum(costs, rows, costs[total]) == costs[total]


def _is_of_its_own(
    item: object, others: Sequence[Node], taken: Collection[tuple[str, str]]
) -> bool:
    """Return whether a row names a subscription, a sku or a project as none of the others.

    An id of its own says nothing: a total may be a record, too.
    """
    if isinstance(item, dict) and any(name not in taken for name in _firm_names(item)):
        return True
    own = _project(item)
    return own is not None and all(_differ(own, _project(one)) for one in others)


def _firm_names_of(nodes: Iterable[Node]) -> Iterator[tuple[str, str]]:
    return chain.from_iterable(map(_firm_names, nodes))


def _firm_names(node: Node) -> Iterator[tuple[str, str]]:
    for key in filter(_is_firm, node):
        named = own_name(key, node[key])
        if named is not None and names_one(key, node) and not has_word(named):
            # ``subscription_id`` says what the id in a ``subscription`` does.
            spelled = words(key)
            is_id = len(spelled) > 1 and spelled[-1] in ("id", "uuid")
            yield "-".join(spelled[:-1] if is_id else spelled), one_case(named)


@lru_cache(maxsize=4096)  # of each key of each row
def _is_firm(key: str) -> bool:
    spelled = words(key)
    is_charged = names_a_charged_thing(key) and not spelled[0].startswith("project")
    return spelled[-1:] == ("sku",) or (is_charged and spelled[-1] in _FIRM)


def _differ(one: Ref, other: Ref | None) -> bool:
    """Return whether two projects are surely not the same."""
    if other is None:
        return False
    if one.id and other.id:
        return one_case(one.id) != one_case(other.id)
    names = [each.name for each in (one, other) if each.name and not is_of_all(each.name)]
    return len(names) == 2 and names[0].casefold() != names[1].casefold()


def _measures_its_own(item: object, others: Collection[Decimal]) -> bool:
    """Return whether a row is measured, and by none of the quantities of ``others``.

    One of something, as a month, says nothing of how much there was.
    """
    own, unit = _fields(item).quantity()
    if own == 1 or own in others:
        return False
    return None not in (own, unit) or _has_unit_price(item)


def _with_sum(counts: Sequence[Decimal]) -> frozenset[Decimal]:
    return frozenset([*counts, sum(counts, Decimal(0))])


def _counts(items: Iterable[object]) -> list[Decimal]:
    counts = (_fields(item).quantity()[0] for item in items)
    return [count for count in counts if count is not None]


def _fields(item: object) -> Fields:
    return Fields(item if isinstance(item, dict) else {})


def _parts(items: Sequence[object], at: int, called: Collection[int]) -> Iterator[list[int]]:
    """Yield what a total may be over: all rows, those since the last total, its project's."""
    rows = [index for index in range(len(items)) if index not in called]
    yield rows
    before = max((index for index in called if index < at), default=-1)
    yield [index for index in rows if before < index < at]
    project = _project(items[at])
    if project is not None:
        yield [index for index in rows if _project(items[index]) == project]


def _sum(costs: Sequence[Costs], rows: Sequence[int], like: Costs) -> Costs:
    """Add up rows in the currencies of a total."""
    added: dict[str, Money] = {}
    for index in rows:
        for currency in costs[index].keys() & like.keys():
            cost = costs[index][currency]
            added[currency] = added[currency] + cost if currency in added else cost
    return added


def _sum_of(costs: Sequence[Costs], rows: Sequence[int]) -> Costs:
    return sum_by_currency(cost for index in rows for cost in costs[index].values())


def _project(item: object) -> Ref | None:
    ref = ref_of(item, "project") if isinstance(item, dict) else NOBODY
    return ref if ref.id or ref.name else None
