"""Which rows of a list that are called totals are some, and what of the others each adds up. Pure.

A row with a word of its own in such a name may be a product's, and so may one that costs what one
other row does: where it is what others add up to, and says nothing of its own, it is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from billfold.wire import Steps, in_slices
from billfold_bnerd.own_charges import own_charges
from billfold_bnerd.parts_of_totals import ALL, Costs, Parts, parts_of, sum_of
from billfold_bnerd.total_labels import is_called_total, is_net, is_plain, names_more, names_sum
from billfold_bnerd.totals import place_of_total
from billfold_bnerd.values import text

LIKE_A_PRODUCT = "is called a total and is what others add up to: a charge, or their total"
NO_SUM = "is called a total, and is not what the others add up to"


@frozen
class Called:
    """A row at a place that is a total; ``over_all`` is whether all others add up to it.

    ``is_sum`` is whether it adds up any of them, ``is_of_one`` whether only one other row, which
    proves nothing, ``is_plain`` whether it is called nothing else.
    """

    at: int
    over_all: bool
    is_sum: bool
    is_of_one: bool = False
    is_plain: bool = False


@frozen
class Totals:
    """The rows of a list that are totals and none that count: ``called`` so, or of no name.

    ``doubted`` are the places of those that may be charges, and count.
    """

    called: tuple[Called, ...] = ()
    doubted: tuple[int, ...] = ()


def totals_of_list(
    items: Sequence[object], costs: Sequence[Costs], *, in_named: bool
) -> Steps[Totals]:
    """Return the items of a list that are called totals, or else the one that is without a name.

    ``costs`` is what each item costs; ``in_named`` is whether an ``id`` there is that of a product
    or project.
    """
    totals = yield from _called_totals(items, costs, in_named=in_named)
    if totals.called:
        return totals
    at = yield from place_of_total(items, costs)
    unnamed = [] if at is None else [Called(at, over_all=True, is_sum=True)]
    return Totals((*unnamed,), totals.doubted)


def _called_totals(
    items: Sequence[object], costs: Sequence[Costs], *, in_named: bool
) -> Steps[Totals]:
    """Return the rows of a list that are called totals, none where all are."""

    def among(some: Iterable[tuple[int, object]]) -> list[int]:
        return [at for at, item in some if is_called_total(item)]

    called = yield from in_slices(enumerate(items), among)
    if len(called) in (0, len(items)):
        return Totals()
    parts = yield from parts_of(items, costs, called)
    charges, doubted = yield from _like_products(items, parts, in_named=in_named)
    totals = [at for at in called if at not in charges]
    found = yield from _found(items, costs, totals)
    doubted |= _of_one(items, found)
    if any(one.over_all and one.at not in doubted for one in found):
        return Totals((*found,))  # which proves that what may be a charge is none
    plain = yield from _found(items, costs, [at for at in totals if at not in doubted])
    if any(one.over_all for one in plain):
        return Totals((*plain,))  # which proves that it is one
    return Totals((*plain,), (*sorted(doubted),))


def _like_products(
    items: Sequence[object], parts: Parts, *, in_named: bool
) -> Steps[tuple[set[int], set[int]]]:
    """Return the rows called totals that are charges, and those that may be either.

    One that may be a product's is a charge where it adds up no others, alone or with other such
    rows, or is of something else than these; so is one of a net or gross amount that adds up none,
    which then is a network's.
    """
    doubted, unproven, nets = set[int](), list[int](), set[int]()

    def judge(some: Iterable[int]) -> Iterable[None]:
        for at in some:
            is_sum = bool(parts.added_up_by(at))
            if _is_like_a_product(items[at], in_named=in_named):
                doubted.update([at] if is_sum else [])
                unproven.extend([] if is_sum else [at])
            elif not is_sum and is_net(items[at]):
                nets.add(at)
        return ()

    yield from in_slices(parts.over, judge)
    if len(unproven) > 1 and sum_of(parts.costs, unproven) == parts.sums[ALL]:
        doubted.update(unproven)
    charges = yield from own_charges(items, parts, doubted)
    doubted -= charges
    return nets.union(unproven, charges) - doubted, doubted


def _is_like_a_product(item: object, *, in_named: bool) -> bool:
    has_id = in_named and isinstance(item, dict) and text(item.get("id")) is not None
    return has_id or names_more(item)


def _found(
    items: Sequence[object], costs: Sequence[Costs], called: Sequence[int]
) -> Steps[list[Called]]:
    parts = yield from parts_of(items, costs, called)

    def found(some: Iterable[int]) -> Iterator[Called]:
        for at in some:
            sums = parts.added_up_by(at)
            is_of_one = bool(sums) and all(map(parts.is_one, sums))
            yield Called(at, ALL in sums, bool(sums), is_of_one, is_plain(items[at]))

    return (yield from in_slices(called, found))


def _of_one(items: Sequence[object], found: Iterable[Called]) -> frozenset[int]:
    """Return the rows that may be products, by their name, and cost what one other row does.

    Subtotals, called nothing else, of several projects say so of each other.
    """
    unsure = [one for one in found if one.is_of_one and not names_sum(items[one.at])]
    subtotals = sum(one.is_plain for one in unsure)
    return frozenset(one.at for one in unsure if not one.is_plain or subtotals == 1)
