"""Groups of lines, each added up while its lines go by."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING

from attrs import define, field

from billfold.costs.dimensions import keys_of
from billfold.costs.lines import Line
from billfold.money import Money
from billfold.money.arithmetic import EXACT, inexact

if TYPE_CHECKING:
    Ids = array[int]

_ZERO = Decimal(0)


def _no_ids() -> Ids:
    return array("Q")  # eight bytes each, and nothing for the collector


@define(eq=False)
class Sums:
    """What the lines of one currency are in a group, and by id which charges they are of."""

    native: Decimal = _ZERO
    converted: dict[str, Decimal] = field(factory=dict)
    charges: Ids = field(factory=_no_ids)


@define(eq=False)
class Group:
    """The sums of a group by currency, and the lines in it that are mere parts of a charge.

    The others are not kept: to come back to very many lines, one group after the other, takes
    longer than all that is done with them.
    """

    of_currency: dict[str, Sums] = field(factory=dict)
    parts: list[Line] = field(factory=list)
    by_estimated_rate: bool = False

    def add(self, line: Line) -> None:
        """Add a line. Raises DecimalException for a sum with too many digits."""
        cost = line.cost
        sums = self.of_currency.get(cost.currency)
        if sums is None:
            sums = self.of_currency[cost.currency] = Sums()
        sums.native = EXACT.add(sums.native, cost.amount)
        sums.charges.append(id(line.charge))
        if line.converted is not None:
            _convert(sums.converted, line.converted)
        if line.estimated:
            self.parts.append(line)
        if line.rate is not None and line.rate.estimated:
            self.by_estimated_rate = True


def _convert(sums: dict[str, Decimal], money: Money) -> None:
    sums[money.currency] = EXACT.add(sums.get(money.currency, _ZERO), money.amount)


def groups_of(lines: Iterable[Line], by: Sequence[str]) -> dict[tuple[str, ...], Group]:
    """Return the groups of lines by their values of the dimensions ``by``.

    Raises as :func:`~billfold.costs.dimensions.dimension`, and MoneyError for a sum with too many
    digits to be exact.
    """
    lines = tuple(lines)
    groups: defaultdict[tuple[str, ...], Group] = defaultdict(Group)
    try:
        for keys, line in zip(keys_of(lines, by), lines, strict=False):
            groups[keys].add(line)
    except DecimalException as error:
        raise inexact(error, _ZERO) from None
    return groups


def each_once(ids: Collection[int]) -> Collection[int]:
    """Return ids in eight bytes each, without those that come again."""
    return array("Q", dict.fromkeys(ids))
