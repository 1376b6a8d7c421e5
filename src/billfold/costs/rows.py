"""The rows of a cost view: what each group of lines cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from operator import attrgetter
from typing import Any

from attrs import field, frozen

from billfold.costs.dimensions import group_lines
from billfold.costs.lines import Line
from billfold.money import Money, sum_by_currency

_CHARGE = attrgetter("charge")


def _counts(charges_of: Mapping[str, frozenset[int]]) -> dict[str, int]:
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
    charges_of: Mapping[str, frozenset[int]] = field(eq=_counts, repr=False)
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


def merged_row(rows: Sequence[CostRow], keys: tuple[str, ...]) -> CostRow:
    """Return one row of several."""
    return CostRow(
        keys=keys,
        native=sum_by_currency(money for row in rows for money in row.native.values()),
        converted_from=_added(item for row in rows for item in row.converted_from.items()),
        charges_of=_together(pair for row in rows for pair in row.charges_of.items()),
        estimated=any(row.estimated for row in rows),
    )


def _together(charges: Iterable[tuple[str, Set[int]]]) -> dict[str, frozenset[int]]:
    """Return the charges of each currency, each once."""
    found: dict[str, set[int]] = {}
    for currency, each in charges:
        found.setdefault(currency, set()).update(each)
    return {currency: frozenset(each) for currency, each in found.items()}


def grouped_rows(lines: Iterable[Line], by: Sequence[str]) -> tuple[CostRow, ...]:
    """Return lines grouped, largest first; by time or in several currencies by their keys."""
    lines = tuple(lines)
    in_parts = {id(line.charge) for line in lines if line.estimated}
    parts = Counter(id(line.charge) for line in lines if id(line.charge) in in_parts)
    rows = [_row(keys, group, parts) for keys, group in group_lines(lines, by).items()]
    rows.sort(key=lambda row: row.keys)
    if rows and have_one_currency(rows) and not {"day", "month"} & set(by):
        rows.sort(key=size, reverse=True)
    return tuple(rows)


def charges_of(lines: Iterable[Line]) -> frozenset[int]:
    """Return what tells apart the charges of lines, while these are held."""
    return frozenset(map(id, map(_CHARGE, lines)))


def _row(keys: tuple[str, ...], lines: Sequence[Line], parts: Mapping[int, int]) -> CostRow:
    of_currency: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        of_currency[line.cost.currency].append(line)
    return CostRow(
        keys=keys,
        native=sum_by_currency(line.cost for line in lines),
        converted_from=_added(
            (line.cost.currency, line.converted) for line in lines if line.converted is not None
        ),
        charges_of={code: charges_of(group) for code, group in of_currency.items()},
        estimated=any(line.rate is not None and line.rate.estimated for line in lines)
        or _has_mere_parts([line for line in lines if line.estimated], parts),
    )


def _has_mere_parts(estimated: Sequence[Line], parts: Mapping[int, int]) -> bool:
    """Return whether some charge is here in part; all its parts together are exactly the charge.

    A part that has all the money is one nevertheless: who has it was chosen by rounding.
    """
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
