"""Which rows of a reply cost what other rows of it add up to (CONTRACT.md, section 3.5). Pure.

A charge is no total because some others happen to add up to it. They must say more than it does:
be of shorter times inside of its own, name what it does not (a resource, a project), or name it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from attrs import evolve, frozen

from billfold.money import Money
from billfold.wire import LOOKED_AT, Steps, in_slices, one_case, slices
from billfold_bnerd.adding_up import may_be_sums
from billfold_bnerd.groups import Key
from billfold_bnerd.parents import named_by_parts
from billfold_bnerd.parts_of_totals import is_some
from billfold_bnerd.rounding import add_up
from billfold_bnerd.said_by_rows import (
    ALWAYS,
    OWN,
    PRODUCT,
    Said,
    Span,
    firm_names,
    is_described,
    names_product,
    own_keys,
    said_by,
)
from billfold_bnerd.second_breakdowns import second_breakdowns
from billfold_bnerd.total_labels import is_marked
from billfold_bnerd.totals import sums
from billfold_bnerd.unsettled import Unsettled
from billfold_bnerd.usage_rows import UsageRow

# More kinds of rows of one product than these are no sums of others: each is looked for in all.
_KINDS = 8
# What a flat price comes to of a thing's first day, of its last one, and of those between.
_OF_FLAT_PRICES = 3

_WHOLE = "is what finer rows add up to: a charge, or their total"
_AS_MUCH = "costs what a finer row does, and both count"
_BY_OTHERS = "costs with others what rows by something else do: a charge, or the same once more"
_NO_SUM = "says that it is of all, and is not what the others add up to"

# The keys under which rows state names, and those of the groups around them.
_Kind = tuple[frozenset[str], frozenset[Key]]


@frozen
class _Sum:
    """A row, and those that cost as much as it does with its ``like``, the rows of the same names.

    ``is_of_several`` is whether they are more: as many of one price cost the same by chance.
    ``is_by_chance`` is whether nothing says that they do not, ``counts_as_much`` whether no
    quantity or price of a unit does.
    """

    whole: Said
    parts: Sequence[Said]
    like: int
    is_by_chance: bool = False
    counts_as_much: bool = True

    @property
    def is_of_several(self) -> bool:
        """Whether there are more parts than rows that they add up to."""
        return len(self.parts) > self.like

    @property
    def is_of_longer(self) -> bool:
        """Whether a part is of a shorter time."""
        return any(part.span != self.whole.span for part in self.parts)


def wholes(rows: Sequence[UsageRow]) -> Steps[dict[int, Unsettled]]:
    """Return by their places the rows that may be what others of the reply add up to."""
    owners = Counter((yield from in_slices(rows, _owners, LOOKED_AT)))
    # A sum of several rows need not say whose it is.
    owner = next((one for one in owners if owners[one] > 1), None) if len(owners) == 1 else None
    of_products, odd = yield from _of_products(rows, owner)
    of_all, also_odd = yield from _of_all_products(rows, owner)
    marked = yield from in_slices(enumerate(rows), _marked, LOOKED_AT)
    odd += [*also_odd, *(marked if len(marked) < len(rows) else ())]
    every = (0, len(rows) - 1)
    parents = yield from named_by_parts(rows)
    second = yield from second_breakdowns(rows)
    return {
        **dict.fromkeys(second, Unsettled(_BY_OTHERS, is_sum=True, is_again=True, others=every)),
        **dict.fromkeys(odd, Unsettled(_NO_SUM, is_sum=True, others=every)),
        **dict.fromkeys(parents, Unsettled(_WHOLE, is_sum=True, is_again=True, others=every)),
        **{one.whole.at: _unsettled(one, rows) for one in (*of_products, *of_all)},
    }


def _owners(rows: Iterable[UsageRow]) -> list[str]:
    return [row.organization_id for row in rows if row.organization_id is not None]


def _marked(rows: Iterable[tuple[int, UsageRow]]) -> list[int]:
    return [at for at, row in rows if is_marked(row.rest)]


def _unsettled(one: _Sum, rows: Sequence[UsageRow]) -> Unsettled:
    places = [part.at for part in one.parts]
    are_several = sum(bool(part.cost.amount) for part in one.parts) > one.like
    is_again = are_several and one.counts_as_much and not is_described(rows[one.whole.at])
    return Unsettled(
        _AS_MUCH if one.is_by_chance else _WHOLE,
        is_sum=True,
        is_again=is_again,
        is_by_chance=one.is_by_chance,
        others=(min(places), max(places)),
    )


# What some rows add up to, and the places of rows that say that they are such sums, and are none.
_Found = tuple[list[_Sum], list[int]]


def _of_products(rows: Sequence[UsageRow], owner: str | None) -> Steps[_Found]:
    """Look for rows of a product that finer ones of it add up to; ``owner`` has those of nobody."""
    products: dict[object, list[int]] = {}
    for some in slices(enumerate(rows), LOOKED_AT):
        if products:
            yield
        for at, row in some:
            if row.cost.money is not None:
                key = (
                    row.organization_id or owner,
                    one_case(row.product.id or row.product.name or ""),
                )
                products.setdefault(key, []).append(at)
    several = [those for those in products.values() if len(those) > 1]

    def among(some: Iterable[list[int]]) -> Iterator[_Found]:
        for those in some:
            said = [one for at in those for one in said_by(at, rows[at])]
            found = [*_among(said)]
            yield found, _no_sums(said, found)

    found = yield from in_slices(several, among, weigh=len)
    of_several = [one for sums_, _ in found for one in sums_ if one.is_of_several]
    of_one = [[one for one in sums_ if not one.is_of_several] for sums_, _ in found]
    counted = [sum(is_some(sums([rows[at].cost.money])) for at in those) for those in several]
    pairs = [*_of_one_part(of_one, counted, rows, len(products))]
    if not pairs and not of_several:
        pairs = _pairs_of_all(chain.from_iterable(of_one), rows)
    return [*pairs, *of_several], [at for _, odd in found for at in odd]


def _pairs_of_all(found: Iterable[_Sum], rows: Sequence[UsageRow]) -> list[_Sum]:
    """Return the wholes of one part each that may be by chance, where all rows are such pairs."""
    pairs = [evolve(one, is_by_chance=True) for one in found]
    places = {each.at for one in pairs for each in (one.whole, *one.parts)}
    others = (row for at, row in enumerate(rows if pairs else ()) if at not in places)
    return [] if any(is_some(sums([row.cost.money])) for row in others) else pairs


def _no_sums(said: Sequence[Said], found: Iterable[_Sum]) -> list[int]:
    """Return the rows that say that they are of all of others, and are not what these add up to."""
    sums_ = {one.whole.at for one in found}
    odd = [one for one in said if one.is_of_all and one.cost.amount and one.at not in sums_]
    own = own_keys(said) if odd else frozenset()
    kinds = {one.at: firm_names(one.names, own) for one in odd}
    parts = {
        tuple((key, other.names[key]) for key in kind)
        for kind in {tuple(kind) for kind in kinds.values()}
        for other in said
        if not other.is_of_all and other.names.keys() >= {*kind}
    }
    named = {one.at: tuple((key, one.names[key]) for key in kinds[one.at]) for one in odd}
    return [at for at in named if named[at] in parts]


def _of_all_products(rows: Sequence[UsageRow], owner: str | None) -> Steps[_Found]:
    """Look for rows of no product that those of products add up to."""
    if all((yield from in_slices(rows, _name_a_product))):
        return [], []
    owners: dict[str | None, list[Said]] = {}
    for some in slices(enumerate(rows)):
        yield
        for at, row in some:
            owners.setdefault(row.organization_id or owner, []).extend(said_by(at, row))

    def among(some: Iterable[list[Said]]) -> Iterator[_Found]:
        for those in some:
            found = [one for one in _among(those) if _is_of_all_products(one, rows)]
            of_none = [one for one in those if PRODUCT not in one.names or not one.is_of_all]
            yield found, _no_sums(of_none, found)

    found = yield from in_slices(owners.values(), among, weigh=len)
    return [one for sums_, _ in found for one in sums_], [at for _, odd in found for at in odd]


def _is_of_all_products(one: _Sum, rows: Sequence[UsageRow]) -> bool:
    """Return whether a row names no product, and costs what those of products do.

    As many of one price may cost the same by chance, but for one beside the only other.
    """
    if PRODUCT in one.whole.names or PRODUCT not in one.parts[0].names:
        return False
    is_pair = len(one.parts) == one.like == 1
    again = is_pair and not _is_one_more(rows[one.whole.at], rows[one.parts[0].at])
    return one.is_of_several or again


def _is_one_more(row: UsageRow, part: UsageRow) -> bool:
    """Return whether a row counts something beside the only part, and not as much of it.

    One of something says nothing of how much there was, where a row says what it is.
    """
    is_as_much = row.quantity == part.quantity and (row.quantity != 1 or not is_described(row))
    return row.quantity is not None and not is_as_much


def _name_a_product(rows: Iterable[UsageRow]) -> list[bool]:
    return [names_product(row) for row in rows]


def _of_one_part(
    found: Sequence[Sequence[_Sum]], counts: Sequence[int], rows: Sequence[UsageRow], products: int
) -> Iterator[_Sum]:
    """Yield the wholes of one part each that are no charges which happen to cost the same.

    So do two rows of one thing and of none. Each product must have a whole, and of one product
    alone a part be of a shorter time; or a product has no row but such pairs, of several costs; or
    the whole says that it is of all.
    """
    of_products = [[one for one in sums_ if _may_be_of_one(rows[one.whole.at])] for sums_ in found]
    is_each = sum(map(bool, of_products)) == products
    is_shorter = any(one.is_of_longer for sums_ in of_products for one in sums_)
    are_sure = is_each and (products > 1 or is_shorter)
    for sums_, count in zip(of_products, counts, strict=True):
        are_pairs = are_sure or _are_all_pairs(sums_, count)
        yield from (one for one in sums_ if are_pairs or one.whole.is_of_all)


def _may_be_of_one(row: UsageRow) -> bool:
    """Return whether a row is of a time that may be divided: none is how long a thing lives."""
    return not row.is_life and (row.period is not None or row.starts is None)


def _are_all_pairs(found: Sequence[_Sum], count: int) -> bool:
    """Return whether all ``count`` rows of a product that cost something cost so twice.

    No chance are several costs at one time, or more of all times than a flat price has.
    """
    places = {one.at for sum_ in found for one in (sum_.whole, *sum_.parts)}
    if len(places) < count:
        return False
    at_times: dict[Span, set[Money]] = {}
    for one in found:
        at_times.setdefault(one.whole.span, set()).add(one.whole.cost)
    costs = {cost for some in at_times.values() for cost in some}
    return len(costs) > _OF_FLAT_PRICES or any(len(some) > 1 for some in at_times.values())


def _among(rows: Sequence[Said]) -> Iterator[_Sum]:
    """Yield the rows of one product that are what finer ones add up to, in no other group."""
    kinds: dict[_Kind, list[Said]] = {}
    for row in rows:
        kinds.setdefault((frozenset(row.names), frozenset(row.groups)), []).append(row)
    coarsest = sorted(kinds, key=lambda kind: len(kind[0]) + len(kind[1]))[:_KINDS]
    own = own_keys(rows)  # what only one record is called is no part's
    for less in coarsest:
        shared = firm_names(less[0], own)
        more = [kind for kind in kinds if kind[0].issuperset(shared)]
        finer = [kind for kind in more if kind[0] - less[0] or kind[1] > less[1]]
        together = [finer] if len(finer) > 1 else []
        for some in (*([kind] for kind in more), *together):
            grouped = less[1].intersection(*(kind[1] for kind in some))
            wholes = _by(shared, sorted(grouped), kinds[less])
            rest = chain.from_iterable(kinds[kind] for kind in some)
            parts = _by(shared, sorted(grouped), rest)
            is_finer = some[0] in finer
            for named in wholes.keys() & parts.keys():
                yield from _adding_up(wholes[named], parts[named], is_finer=is_finer)


def _by(
    keys: Sequence[str], groups: Sequence[Key], rows: Iterable[Said]
) -> dict[tuple[str, ...], list[Said]]:
    found: dict[tuple[str, ...], list[Said]] = {}
    for row in rows:
        names = (*(row.names[key] for key in keys), *(row.groups[key] for key in groups))
        found.setdefault(names, []).append(row)
    return found


def _adding_up(wholes: list[Said], parts: list[Said], *, is_finer: bool) -> Iterator[_Sum]:
    """Yield the wholes of a time that cost what the parts inside of it do, each with these.

    Each part is inside the shortest time around it, which may be its own where it ``is_finer``; of
    no time, it is inside of one that is around all others.
    """
    around, below = _by_span(wholes), _by_span(parts)
    if is_finer and (undated := below.pop(ALWAYS, [])):
        longest = min(start for start, _ in around), max(end for _, end in around)
        below.setdefault(longest, []).extend(undated)
    inside: dict[Span, list[Said]] = {}
    open_: list[Span] = []
    spans = sorted({*around, *below}, key=lambda span: span[1], reverse=True)
    for span in sorted(spans, key=lambda span: span[0]):
        while open_ and open_[-1][1] < span[1]:
            open_.pop()
        if is_finer and span in around:
            open_.append(span)
        if open_ and span in below:
            inside.setdefault(open_[-1], []).extend(below[span])
        if not is_finer and span in around:
            open_.append(span)
    for span, those in inside.items():
        if add_up([one.cost for one in those], [one.cost for one in around[span]]):
            records = {one.names.get(OWN) for one in those if one.span == span} - {None}
            as_much = may_be_sums([one.row for one in around[span]], [one.row for one in those])
            for one in around[span]:
                if one.names.get(OWN) not in records:  # else it is one of those, listed again
                    yield _Sum(one, those, len(around[span]), counts_as_much=as_much)


def _by_span(rows: Iterable[Said]) -> dict[Span, list[Said]]:
    spans: dict[Span, list[Said]] = {}
    for row in rows:
        spans.setdefault(row.span, []).append(row)
    return spans
