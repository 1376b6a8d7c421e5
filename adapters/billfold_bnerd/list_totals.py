"""Take the totals that stand between a usage list's rows out of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise

from attrs import define

from billfold.money import Money
from billfold.period import Period
from billfold.wire import LOOKED_AT, Steps, in_slices, one_case, slices
from billfold_bnerd.called_totals import Called, called_totals
from billfold_bnerd.containers import containers
from billfold_bnerd.groups import Groups
from billfold_bnerd.naming_keys import (
    may_name_record,
    names_what_is_charged,
    own_name,
    tells_rows_apart,
)
from billfold_bnerd.time_keys import names_time
from billfold_bnerd.total_labels import is_sum_of_all, names_one, stands_for_all
from billfold_bnerd.totals import place_of_total, possible_totals, sums
from billfold_bnerd.unsettled import Unsettled, take_out
from billfold_bnerd.usage_rows import (
    Context,
    Path,
    Subtotal,
    UsageRow,
    place,
    pointer,
)

_WHOLE = "is of all, and is what the others add up to: charges, or their total"


@define
class ReadList:
    """A list whose rows were read: ``starts`` says where those of each item begin."""

    items: list[object]
    starts: list[int]
    path: Path
    context: Context
    rows: list[UsageRow]
    subtotals: list[Subtotal]
    unsettled: list[Unsettled]

    def take_totals(self) -> Steps[list[str]]:
        """Take the totals out of the rows, and return what is not certain about them.

        What a total over the list may settle is added to what is ``unsettled``.
        """
        counts = yield from in_slices(self._spans(), _counts, LOOKED_AT)
        costs = yield from in_slices(self._spans(), self._costs)
        in_named = self.context.named in ("project", "product")
        totals = yield from called_totals(self.items, costs, in_named=in_named)
        whole = yield from self._whole_groups(costs)
        self._doubt((at, _WHOLE, True) for at in whole)
        taken = {one.at for one in totals.called}
        odd = [one for one in totals.odd if counts[one[0]] == 1]
        self._doubt((at, why, True) for at, why in odd if at not in taken)
        called = [one for one in totals.called if counts[one.at] == 1]
        self._take_called(called)
        if not called and counts == [1] * len(self.items) and len(counts) > 1:
            yield from self._take_unnamed({at for at, _ in odd})
        return [f"{self._place(at)} {why}" for at, why in odd if at in taken]

    def _doubt(self, found: Iterable[tuple[int, str, bool]]) -> None:
        """Add what counts and may be a total, each with why, and whether it adds up others."""
        self.unsettled += [
            Unsettled(f"{self._place(at)} {why}", pointer((*self.path, at)), is_sum)
            for at, why, is_sum in found
        ]

    def _place(self, at: int) -> str:
        return f"`{place((*self.path, at))}`"

    def _whole_groups(self, costs: Sequence[dict[str, Money]]) -> Steps[list[int]]:
        """Return the objects around rows of all things that cost what those of one each do."""
        is_one = self.context.named is not None  # with an id it is one however it is called

        def of_all(items: Iterable[tuple[int, object]]) -> list[int]:
            return [at for at, item in items if _is_of_all(item, with_id=not is_one)]

        groups = yield from in_slices(enumerate(self.items), of_all, LOOKED_AT)
        if not groups or len(groups) == len(self.items):
            return []
        wholes = frozenset(groups)
        parts = [at for at in range(len(self.items)) if at not in wholes]
        every = sums((yield from in_slices(parts, lambda some: _costs_at(costs, some), LOOKED_AT)))
        is_some = any(cost.amount for cost in every.values())
        as_much = [at for at in groups if is_some and costs[at] == every]
        if not as_much:
            return []
        spans = [*self._spans()]
        rows = [row for at in parts for row in self.rows[slice(*spans[at])]]
        of_parts = yield from _by_product(rows)
        found = []
        for at in as_much:
            own = self.rows[slice(*spans[at])]
            said = _texts(self.items[at])
            if len(parts) == 1 and _names_itself(self.items[at]) and not _says_all(self.items[at]):
                continue  # one of no name beside one of a name
            is_whole = _is_around(own, rows) and _are_of(said, (self.items[one] for one in parts))
            count = len(rows) + _says_all(self.items[at])
            if is_whole and _hold((yield from _by_product(own)), of_parts, count):
                found.append(at)
        return found

    def _spans(self) -> Iterator[tuple[int, int]]:
        return pairwise(chain(self.starts, [len(self.rows)]))

    def _costs(self, spans: Iterable[tuple[int, int]]) -> list[dict[str, Money]]:
        return [sums(row.cost.money for row in self.rows[one:end]) for one, end in spans]

    def _take_called(self, called: Sequence[Called]) -> None:
        """Take out each; the only one, at an end, is the list's total though it be another sum."""
        is_last_word = len(called) == 1 and called[0].at in (0, len(self.items) - 1)
        costs = [self.rows[self.starts[one.at]].cost.money for one in called]
        for one in reversed(called):
            take_out(self.rows, self.subtotals, self.starts[one.at])
        for one, cost in zip(called, costs, strict=True):
            is_other_sum = one.is_plain and is_last_word and not one.is_sum
            if cost is not None and (one.over_all or is_other_sum):
                self._state(cost, one.at)

    def _state(self, total: Money, at: int) -> None:
        # A total over the whole of a bare list is the reply's.
        over = pointer((*self.path, at)) if self.path else ""
        first, project = self.starts[0], self.context.project
        self.subtotals.append(Subtotal(total, first, len(self.rows), project, over))

    def _take_unnamed(self, doubted: Collection[int]) -> Steps[None]:
        """Take out the last row, or the first, where it names nothing and adds up the others.

        Those are ``doubted`` that were said to be a charge or a total.
        """
        items, rows = self.items, self.rows[self.starts[0] :]
        costs = yield from in_slices(rows, _moneys, LOOKED_AT)
        periods = yield from in_slices(rows, _periods, LOOKED_AT)
        taken = yield from place_of_total(items, costs, periods)
        if taken is not None and (total := costs[taken]) is not None:
            del self.rows[self.starts[taken]]
            self._state(total, taken)
        in_product = self.context.named is not None
        found = yield from possible_totals(items, costs, periods, taken, in_product=in_product)
        self._doubt(one for one in found if one[0] not in doubted)


def _is_of_all(item: object, *, with_id: bool) -> bool:
    """Return whether an object around rows names no thing, or all of them, maybe with an id."""
    if not isinstance(item, dict) or not any(item[key] for key in containers(item)):
        return False
    names = [key for key in item if _names_a_part(key) and names_one(key, item)]
    return not names or (with_id and all(map(may_name_record, names)))


def _names_itself(item: object) -> bool:
    """Return whether an object has an id of its own."""
    node = item if isinstance(item, dict) else {}
    return any(may_name_record(key) and names_one(key, node) for key in node)


def _says_all(item: object) -> bool:
    """Return whether an object says by a name that it is of all things."""
    node = item if isinstance(item, dict) else {}
    named = (own_name(key, node[key]) for key in node if _names_a_part(key))
    return any(is_sum_of_all(name) for name in named if name is not None)


# What rows of each product cost; of no product, or of all, under None.
_ByProduct = Mapping[str | None, Mapping[str, Money]]


def _by_product(rows: Sequence[UsageRow]) -> Steps[_ByProduct]:
    costs: dict[str | None, list[Money]] = {}
    for some in slices(rows, LOOKED_AT):
        if costs:
            yield
        for row in some:
            name = row.product.id or row.product.name
            of = None if name is None or stands_for_all(name) else one_case(name)
            if row.cost.money is not None:
                costs.setdefault(of, []).append(row.cost.money)
    return {of: sums(each) for of, each in costs.items()}


def _hold(whole: _ByProduct, parts: _ByProduct, count: int) -> bool:
    """Return whether a group holds the products of ``count`` rows, or only what is of no product.

    What one row costs another may, too, but for one of all.
    """
    return whole.keys() <= {None} or (count > 1 and whole == parts)


def _is_around(whole: Sequence[UsageRow], parts: Iterable[UsageRow]) -> bool:
    """Return whether no part is known to be of another time than the rows of a group."""
    times = [row.period for row in whole if row.period is not None]
    if len(times) < len(whole):
        return True
    time = Period(min(one.start for one in times), max(one.end for one in times))
    return all(row.period is None or time.encloses(row.period) for row in parts)


def _are_of(said: Mapping[str, str], parts: Iterable[object]) -> bool:
    """Return whether all parts say what a group does."""
    return not said or all(said.items() <= _texts(one).items() for one in parts)


def _texts(item: object) -> dict[str, str]:
    """Return what an object around rows says of them, but for times, ids and names of all."""
    node = item if isinstance(item, dict) else {}
    said = Groups().inside(node, {*containers(node)}, None).said
    return {key: text for key, text in said if not (_is_no_text(key) or stands_for_all(text))}


@lru_cache(maxsize=4096)  # of each key of each object
def _is_no_text(key: str) -> bool:
    return names_time(key) or may_name_record(key)


@lru_cache(maxsize=4096)  # of each key of each object
def _names_a_part(key: str) -> bool:
    return tells_rows_apart(key) or names_what_is_charged(key)


def _costs_at(costs: Sequence[dict[str, Money]], places: Iterable[int]) -> list[Money]:
    return [cost for at in places for cost in costs[at].values()]


def _counts(spans: Iterable[tuple[int, int]]) -> list[int]:
    return [end - start for start, end in spans]


def _moneys(rows: Iterable[UsageRow]) -> list[Money | None]:
    return [row.cost.money for row in rows]


def _periods(rows: Iterable[UsageRow]) -> list[Period | None]:
    return [row.period for row in rows]
