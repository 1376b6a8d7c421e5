"""Which rows of a list that are called totals are some, and what of the others each adds up. Pure.

A row with a word of its own in such a name may be a product's: it is a charge where it says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from attrs import frozen

from billfold.wire import Steps, in_slices, one_case
from billfold_bnerd.naming_keys import names_a_charged_thing, own_name
from billfold_bnerd.parts_of_totals import (
    ALL,
    Costs,
    Parts,
    fields_of,
    parts_of,
    project_of,
    sum_of,
)
from billfold_bnerd.projects import Projects
from billfold_bnerd.total_labels import (
    has_word,
    is_called_total,
    is_net,
    is_plain,
    is_to_pay,
    names_more,
    names_one,
    names_sum,
)
from billfold_bnerd.values import Node, text, word_set, words

_LIKE_A_PRODUCT = "is called a total and is what others add up to: a charge, or their total"
_NO_SUM = "is called a total, and is not what the others add up to"
# The last word of a key under which stands which product or subscription a row is of.
_FIRM = word_set("id uuid sku code subscription")


@frozen
class Called:
    """A row that is called a total; ``over_all`` is whether it is what all others add up to.

    ``is_sum`` is whether it adds up any of them, ``is_of_one`` whether only one other row, which
    proves nothing, ``is_plain`` whether it is called nothing else.
    """

    at: int
    over_all: bool
    is_sum: bool
    is_of_one: bool
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
    if len(called) in (0, len(items)):
        return Totals()
    parts = yield from parts_of(items, costs, called)
    like_products = yield from in_slices(called, like_a_product)
    doubtful = yield from _doubtful(parts, like_products)
    measured = yield from _measured(parts)
    rest = [at for at in called if at not in measured]
    nets, odd = yield from _no_sums(
        (yield from parts_of(items, costs, rest)) if measured else parts
    )
    charges = {*like_products} - doubtful | {*measured, *nets, *odd}
    totals = [at for at in called if at not in charges]
    found = yield from _found(items, costs, totals)
    doubtful |= _of_one(items, found)
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


def _measured(parts: Parts) -> Steps[frozenset[int]]:
    """Return the rows named as what there is to pay is, or a net amount, that are products.

    They are measured, and by no quantity of the others, nor by that of all that they cost.
    """

    def measured(some: Iterable[int]) -> Iterator[int]:
        for at in some:
            if not _may_be_measured(parts.items[at]):
                continue
            scopes = {ALL, *parts.added_up_by(at)}
            if all(_measures_its_own(parts.items[at], parts.counts(each)) for each in scopes):
                yield at

    return frozenset((yield from in_slices(parts.over, measured)))


def _no_sums(parts: Parts) -> Steps[tuple[list[int], list[int]]]:
    """Return the rows called so that add up no others and count, and of these the odd ones.

    A net or gross amount is a network's then; what there is to pay is odd, where it is measured.
    """

    def no_sums(some: Iterable[int]) -> list[int]:
        return [at for at in some if not parts.added_up_by(at)]

    others = yield from in_slices(parts.over, no_sums)
    nets = [at for at in others if is_net(parts.items[at])]
    return nets, [at for at in others if at not in nets and _is_counted(parts.items[at])]


def _is_like_a_product(item: object, *, in_named: bool) -> bool:
    has_id = in_named and isinstance(item, dict) and text(item.get("id")) is not None
    return has_id or names_more(item) or (_may_be_measured(item) and _has_unit_price(item))


def _may_be_measured(item: object) -> bool:
    """Return whether a row has a name of what there is to pay, or net, that a product has, too."""
    return is_to_pay(item) or is_net(item)


def _is_counted(item: object) -> bool:
    return _may_be_measured(item) and None not in fields_of(item).quantity()


def _has_unit_price(item: object) -> bool:
    fields = fields_of(item)
    return fields.unit_price() not in (None, fields.cost().money)


def _doubtful(parts: Parts, like_products: Sequence[int]) -> Steps[set[int]]:
    """Return the rows named like a product and a total that may be either.

    Nothing says that they are charges, and alone or together they cost what others do.
    """
    if not like_products:
        return set()
    items = parts.items
    nodes = [one for at in parts.rows[ALL] if isinstance(one := items[at], dict)]
    taken = {*(yield from in_slices(nodes, _firm_names_of))}
    projects = Projects()
    yield from in_slices(nodes, projects.add)
    found, unproven = set[int](), list[int]()

    def judge(some: Iterable[int]) -> Iterable[None]:
        for at in some:
            if _is_of_its_own(items[at], projects, taken):
                continue
            counts = map(parts.counts, parts.added_up_by(at))
            if any(not _measures_its_own(items[at], each) for each in counts):
                found.add(at)
            elif not _measures_its_own(items[at], parts.counts(ALL)):
                unproven.append(at)
        return ()

    yield from in_slices(like_products, judge)
    every = sum_of(parts.costs, unproven)
    if len(unproven) > 1 and every and every == parts.sums[ALL]:
        found.update(unproven)
    return found


def _is_of_its_own(item: object, others: Projects, taken: Collection[tuple[str, str]]) -> bool:
    """Return whether a row names a subscription, a sku or a project as none of the others.

    An id of its own says nothing: a total may be a record, too.
    """
    if isinstance(item, dict) and any(name not in taken for name in _firm_names(item)):
        return True
    own = project_of(item)
    return own is not None and others.surely_lack(own)


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


def _measures_its_own(item: object, others: Collection[Decimal]) -> bool:
    """Return whether a row is measured, and by none of the quantities of ``others``.

    One of something, as a month, says nothing of how much there was.
    """
    own, unit = fields_of(item).quantity()
    if own == 1 or own in others:
        return False
    return None not in (own, unit) or _has_unit_price(item)
