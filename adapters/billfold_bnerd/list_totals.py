"""Take the totals that stand between a usage list's rows out of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from attrs import define, evolve

from billfold.money import Money
from billfold.wire import LOOKED_AT, Steps, in_slices
from billfold_bnerd.called_totals import LIKE_A_PRODUCT, Called, totals_of_list
from billfold_bnerd.parts_of_totals import Costs
from billfold_bnerd.spacing import may_be_window
from billfold_bnerd.totals import possible_totals, sums
from billfold_bnerd.unsettled import Unsettled, take_out
from billfold_bnerd.usage_rows import (
    Context,
    Path,
    Subtotal,
    UsageRow,
    place,
    pointer,
)


@define
class ReadList:
    """A list whose rows were read: ``starts`` says where those of each item begin."""

    items: list[object]
    starts: list[int]
    path: Path
    context: Context
    rows: list[UsageRow]
    subtotals: list[Subtotal]
    unsettled: dict[str, Unsettled]

    def take_totals(self) -> Steps[None]:
        """Take the totals out of the rows.

        What a total over the list may settle is added to what is ``unsettled``.
        """
        counts = yield from in_slices(self._spans(), _counts, LOOKED_AT)
        costs = yield from in_slices(self._spans(), self._costs)
        in_named = self.context.named in ("project", "product")
        totals = yield from totals_of_list(self.items, costs, in_named=in_named)
        doubted = {at: LIKE_A_PRODUCT for at in totals.doubted if counts[at] == 1}
        self._doubt(doubted.items(), is_sum=True)
        called = [one for one in totals.called if counts[one.at] == 1]
        for one in called:
            if one.over_all:
                yield from self._date(self.rows[self.starts[one.at]])
        if not called and counts == [1] * len(counts) and len(counts) > 1:
            in_product = self.context.named is not None
            bare = yield from possible_totals(self.items, costs, in_product=in_product)
            self._doubt((one for one in bare if one[0] not in doubted), is_sum=False)
        self._take_out(called)

    def _doubt(self, found: Iterable[tuple[int, str]], *, is_sum: bool) -> None:
        """Add what counts and may be a total, each with why."""
        for at, why in found:
            self.unsettled[pointer((*self.path, at))] = Unsettled(why, is_sum)

    def _spans(self) -> Iterator[tuple[int, int]]:
        return pairwise(chain(self.starts, [len(self.rows)]))

    def _costs(self, spans: Iterable[tuple[int, int]]) -> list[Costs]:
        return [sums(row.cost.money for row in self.rows[one:end]) for one, end in spans]

    def _date(self, total: UsageRow) -> Steps[None]:
        """Let rows without a time be of that which the total over them states, as of a window."""
        time, is_stamp = total.period, total.stamped
        if time is None or not may_be_window(time, is_stamp=is_stamp):
            return

        def dated(some: Iterable[UsageRow]) -> list[UsageRow]:
            return [
                evolve(row, period=time, stamped=is_stamp) if row.says_nothing_of_when else row
                for row in some
            ]

        rows = self.rows[self.starts[0] :]
        self.rows[self.starts[0] :] = yield from in_slices(rows, dated)

    def _take_out(self, called: Sequence[Called]) -> None:
        """Take out each; the only one, at an end, is the list's total though it be another sum."""
        is_last_word = len(called) == 1 and called[0].at in (0, len(self.items) - 1)
        costs = [self.rows[self.starts[one.at]].cost.money for one in called]
        take_out(self.rows, self.subtotals, [self.starts[one.at] for one in called])
        for one, cost in zip(called, costs, strict=True):
            if cost is not None and (one.over_all or not one.is_sum):
                is_sure = one.is_sum or (one.is_plain and is_last_word)
                self._state(cost, one, is_unsure=not is_sure)

    def _state(self, total: Money, one: Called, *, is_unsure: bool) -> None:
        path = (*self.path, one.at)
        self.subtotals.append(
            Subtotal(
                total,
                self.starts[0],
                len(self.rows),
                self.context.project,
                # A total over the whole of a bare list is the reply's.
                pointer(path) if self.path or is_unsure else "",
                odd_at=None if one.is_sum else place(path),
                is_unsure=is_unsure,
            )
        )


def _counts(spans: Iterable[tuple[int, int]]) -> list[int]:
    return [end - start for start, end in spans]
