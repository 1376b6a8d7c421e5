"""The rows of a cost view: what each group of lines cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from attrs import field, frozen

from billfold.costs.groups import Group, each_once, groups_of
from billfold.costs.lines import Line
from billfold.money import Money, sum_by_currency

_ESTIMATED = attrgetter("estimated")


def _counts(charges_of: Mapping[str, Collection[int]]) -> dict[str, int]:
    return {currency: len(charges) for currency, charges in charges_of.items()}


@frozen
class CostRow:
    """What a group of lines cost.

    ``native`` is per currency. ``converted_from`` is what each of these was converted to, empty
    where nothing is converted. ``charges_of`` tells apart the charges of each, so that one of which
    several rows have a part is counted once where they are put together. ``estimated`` marks a row
    with only a part of a charge that was spread or shared, or with a rate that is estimated.
    """

    keys: tuple[str, ...]
    native: dict[str, Money]
    converted_from: dict[str, Money]
    charges_of: Mapping[str, Collection[int]] = field(eq=_counts, repr=False)
    estimated: bool

    @property
    def lines_of(self) -> dict[str, int]:
        """How many charges it has of each currency."""
        return _counts(self.charges_of)

    @property
    def lines(self) -> int:
        """How many charges it has; each has one currency."""
        return sum(self.lines_of.values())

    @property
    def converted(self) -> Money | None:
        """The converted total, None where nothing is converted."""
        return next(iter(sum_by_currency(self.converted_from.values()).values()), None)

    @property
    def amounts(self) -> tuple[Money, ...]:
        """The converted total where there is one, else the native ones."""
        return tuple(self.native.values()) if self.converted is None else (self.converted,)


# The columns of a flat row, after those of its dimensions.
AMOUNTS = ("native", "native_currency", "converted", "converted_currency", "lines", "estimated")


def flat_rows(by: Sequence[str], row: CostRow) -> Iterator[dict[str, Any]]:
    """Yield a row per native currency of a group, with what it was converted to."""
    for code, native in row.native.items():
        converted = row.converted_from.get(code)
        yield {
            **dict(zip(by, row.keys, strict=True)),
            "native": native.amount,
            "native_currency": code,
            "converted": None if converted is None else converted.amount,
            "converted_currency": None if converted is None else converted.currency,
            "lines": row.lines_of[code],
            "estimated": row.estimated,
        }


def zero_rows(native: Mapping[str, Money], currency: str | None) -> Iterator[dict[str, Any]]:
    """Yield a row per currency of costs without any group: nothing was charged, so they are zero.

    ``currency`` is the one that costs are converted to, None where they are not.
    """
    for code in native:
        yield {
            "native": Decimal(0),
            "native_currency": code,
            "converted": None if currency is None else Decimal(0),
            "converted_currency": currency,
            "lines": 0,
            "estimated": False,
        }


def merged_row(rows: Sequence[CostRow], keys: tuple[str, ...]) -> CostRow:
    """Return one row of several."""
    return CostRow(
        keys=keys,
        native=sum_by_currency(money for row in rows for money in row.native.values()),
        converted_from=_added(item for row in rows for item in row.converted_from.items()),
        charges_of=_together(pair for row in rows for pair in row.charges_of.items()),
        estimated=any(row.estimated for row in rows),
    )


def _together(charges: Iterable[tuple[str, Iterable[int]]]) -> dict[str, Collection[int]]:
    """Return the charges of each currency, each once."""
    found: dict[str, list[int]] = {}
    for currency, each in charges:
        found.setdefault(currency, []).extend(each)
    return {currency: each_once(each) for currency, each in found.items()}


def grouped_rows(lines: Iterable[Line], by: Sequence[str]) -> tuple[CostRow, ...]:
    """Return lines grouped, largest first; by time or in several currencies by their keys."""
    groups = groups_of(lines, by)
    parts = _lines_of_parts(groups.values())
    rows = [_row(keys, group, parts) for keys, group in groups.items()]
    rows.sort(key=lambda row: row.keys)
    if rows and have_one_currency(rows) and not {"day", "month"} & set(by):
        rows.sort(key=size, reverse=True)
    return tuple(rows)


def _lines_of_parts(groups: Collection[Group]) -> Counter[int]:
    """Return how many lines each charge has of which some line is a mere part."""
    in_parts = {id(part.charge) for group in groups for part in group.parts}
    sums = (sums for group in groups if in_parts for sums in group.of_currency.values())
    return Counter(charge for each in sums for charge in each.charges if charge in in_parts)


def count_charges(rows: Iterable[CostRow], lines: Iterable[Line]) -> int:
    """Return how many charges the rows of lines have, one of which several rows have a part once.

    A charge is in several rows only by its parts.
    """
    in_rows = [charges for row in rows for charges in row.charges_of.values()]
    if any(map(_ESTIMATED, lines)):
        return len(set[int]().union(*in_rows))
    return sum(map(len, in_rows))


def _row(keys: tuple[str, ...], group: Group, parts: Mapping[int, int]) -> CostRow:
    sums = sorted(group.of_currency.items())
    return CostRow(
        keys=keys,
        native={code: Money(each.native, code) for code, each in sums},
        converted_from={
            code: Money.sum(Money(amount, to) for to, amount in each.converted.items())
            for code, each in sums
            if each.converted
        },
        charges_of={code: each_once(each.charges) for code, each in group.of_currency.items()},
        estimated=group.by_estimated_rate or _has_mere_parts(group.parts, parts),
    )


def _has_mere_parts(estimated: Sequence[Line], parts: Mapping[int, int]) -> bool:
    """Return whether some charge is here in part; all its parts together are exactly the charge.

    A part that has all the money is one nevertheless: who has it was chosen by rounding.
    """
    if any(line.cut for line in estimated):
        return True
    present = Counter(id(line.charge) for line in estimated)
    if any(parts[charge] != count for charge, count in present.items()):
        return True
    costs = _added((id(line.charge), line.cost) for line in estimated)
    return costs != {id(line.charge): line.charge.cost for line in estimated}


def have_one_currency(rows: Iterable[CostRow]) -> bool:
    """Return whether the rows' amounts have an order."""
    return len({money.currency for row in rows for money in row.amounts}) <= 1


def size(row: CostRow) -> Decimal:
    """Return what rows are ordered by."""
    return row.amounts[0].amount


def _added(amounts: Iterable[tuple[Any, Money]]) -> dict[Any, Money]:
    """Return the sum of each key's amounts, by the key."""
    groups: defaultdict[Any, list[Money]] = defaultdict(list)
    for key, money in amounts:
        groups[key].append(money)
    return {key: Money.sum(groups[key]) for key in sorted(groups)}
