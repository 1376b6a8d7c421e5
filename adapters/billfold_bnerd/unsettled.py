"""Rows that may be charges or totals, and what a total stated over them says of that. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable

from attrs import define, evolve, field, frozen

from billfold.money import Money
from billfold.wire import Steps
from billfold_bnerd.called_totals import NO_SUM
from billfold_bnerd.rounding import same_sums
from billfold_bnerd.totals import summing
from billfold_bnerd.unread import described
from billfold_bnerd.usage_rows import Subtotal, UsageRow, place_of


@frozen
class Unsettled:
    """What keeps it from being certain that a row is a charge, and no total of others.

    ``is_sum`` is whether others add up to it, ``is_again`` whether these are several that say more
    of the same, and it nothing of its own, nor another quantity or price; ``is_by_chance`` whether
    nothing but what the row costs says that it may be one. ``others`` are the places of these,
    where they may be of another list.
    """

    why: str
    is_sum: bool = False
    is_again: bool = False
    is_by_chance: bool = False
    others: Collection[int] = ()

    def is_over(self, stated: Subtotal) -> bool:
        """Return whether a total over some rows is over all that this is about."""
        return all(stated.first <= at < stated.end for at in self.others)


@define
class Settling:
    """The rows of a reply, and by their places those that are unsettled or left out."""

    rows: list[UsageRow]
    subtotals: list[Subtotal]
    doubted: dict[int, Unsettled]
    left_out: set[int] = field(factory=set)

    def settle(self) -> Steps[tuple[list[str], list[str]]]:
        """Take out the rows that are totals of others; return gaps and notes of the uncertain ones.

        A total stated over rows says which they are, the innermost first: where it is what all of
        them cost, each is a charge; where it is what they cost without those that add up others,
        these are none. Where no other row is left than those that are said again, these are none
        either, but that is not certain.
        """
        odd = []
        places = sorted(self.doubted)
        for stated in sorted(self.subtotals, key=lambda one: one.end - one.first):
            below = places[bisect_left(places, stated.first) : bisect_left(places, stated.end)]
            is_sum = yield from self._hear(stated, [at for at in below if at in self.doubted])
            if stated.odd_at is not None and not is_sum:
                odd.append(f"`{stated.odd_at}` {NO_SUM}")
        self.subtotals[:] = [one for one in self.subtotals if not one.is_unsure]
        again = [at for at, one in self.doubted.items() if one.is_again]
        if again and (yield from self._are_all_again(again)):
            self.left_out.update(again)
        gaps, notes = (self._named(is_by_chance=each) for each in (False, True))
        take_out(self.rows, self.subtotals, self.left_out)
        return [*odd, *gaps], notes

    def _named(self, *, is_by_chance: bool) -> list[str]:
        named: dict[str, list[str]] = {}
        for at, one in sorted(self.doubted.items(), key=lambda item: item[0]):
            if one.is_by_chance is is_by_chance:
                why = f"{one.why}, and left out" if at in self.left_out else one.why
                named.setdefault(why, []).append(place_of(self.rows[at]))
        return [f"{described(places)} {why}" for why, places in named.items()]

    def _hear(self, stated: Subtotal, below: Iterable[int]) -> Steps[bool]:
        """Settle the rows ``below`` a total, and return whether its rows add up to it."""
        inside = [at for at in below if self.doubted[at].is_over(stated)]
        if not inside:
            return False
        places = {*range(stated.first, stated.end)} - self.left_out
        total = {stated.total.currency: stated.total}
        sums = [at for at in inside if self.doubted[at].is_sum]
        if same_sums((yield from self._costs(places)), total):
            sums = inside
        elif sums and same_sums((yield from self._costs(places.difference(sums))), total):
            self.left_out.update(sums)
        else:
            return False
        for at in sums:
            del self.doubted[at]
        return True

    def _are_all_again(self, again: Collection[int]) -> Steps[bool]:
        """Return whether some rows cost as much as all others do, or several times that."""
        others = {*range(len(self.rows))}.difference(again, self.left_out)
        once, more = (yield from self._costs(others)), (yield from self._costs(again))
        times = {
            cost.amount / once[code].amount if code in once and once[code].amount else None
            for code, cost in more.items()
        }
        return (
            once.keys() == more.keys()
            and len(times) == 1
            and all(each is not None and each == int(each) > 0 for each in times)
        )

    def _costs(self, places: Iterable[int]) -> Steps[dict[str, Money]]:
        return (yield from summing([self.rows[at].cost.money for at in places]))


def take_out(rows: list[UsageRow], subtotals: list[Subtotal], places: Collection[int]) -> None:
    """Take the rows at some places out of all, and out of those that totals are over."""
    gone = sorted(places)
    for at in reversed(gone):
        del rows[at]
    for index, one in enumerate(subtotals):
        if gone and one.end > gone[0]:  # as few are, while a list is read
            first, end = (at - bisect_left(gone, at) for at in (one.first, one.end))
            subtotals[index] = evolve(one, first=first, end=end)
