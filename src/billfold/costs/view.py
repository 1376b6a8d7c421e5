"""The cost view: charges grouped by whatever was asked, native and in one currency, with its holes in sight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import frozen

from billfold.answer import Answer, Coverage
from billfold.costs.allocation import Rules
from billfold.costs.lines import ROLE, Line, convert, dimension, lines, spread
from billfold.costs.rates import EcbRates, Exchange, Rate
from billfold.errors import BillfoldError, IncompleteError
from billfold.model import Check, Usage
from billfold.money import Money, sums
from billfold.period import Period


@frozen
class CostRow:
    """A group. ``native`` always, ``converted`` when a currency was asked, ``estimated`` if any was spread or shared."""

    keys: tuple[str, ...]
    native: dict[str, Money]
    converted: Money | None
    lines: int
    estimated: bool


@frozen
class CostView:
    """What everything cost, by ``by``. ``role`` names the one view of the money that was added up.

    ``rates`` are all exchange rates used; ``checks`` those of the provider's identities that do not hold.
    """

    asked: Period | None
    by: tuple[str, ...]
    currency: str | None
    rows: tuple[CostRow, ...]
    native: dict[str, Money]
    converted: Money | None
    rates: tuple[Rate, ...]
    checks: tuple[Check, ...]
    complete: bool
    coverage: tuple[Coverage, ...]
    failures: tuple[BillfoldError, ...]
    role: str = ROLE


def priced(
    answer: Answer[Usage],
    *,
    currency: str | None = None,
    exchange: Exchange | None = None,
    rules: Rules | None = None,
    spreading: bool = False,
) -> tuple[Line, ...]:
    """Make the lines of an answer: spread, allocated and converted as asked. Raises RateError for a missing rate."""
    made: Iterable[Line] = lines(answer.items)
    if spreading:
        made = (part for line in made for part in spread(line))
    if rules is not None:
        made = rules.allocate(tuple(made))
    if currency is None:
        return tuple(made)
    through = exchange or Exchange(EcbRates())
    return tuple(convert(line, currency, through) for line in made)


def view(
    answer: Answer[Usage], made: Sequence[Line], *, by: Sequence[str], currency: str | None, partial: bool = False
) -> CostView:
    """Group lines. Rows come largest first in the asked currency, else by their keys.

    Raises IncompleteError over a hole unless ``partial``, and ConfigError for an unknown dimension.
    """
    if not partial and not answer.complete:
        raise IncompleteError(f"the costs would miss something: {answer.missing()}; allow partial costs to see the rest")
    reads = [dimension(name) for name in by]
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in made:
        groups.setdefault(tuple(read(line) for read in reads), []).append(line)
    rows = [_row(keys, group, currency) for keys, group in groups.items()]
    rows.sort(key=lambda row: row.keys)
    if currency is not None and not {"day", "month"} & set(by):
        rows.sort(key=lambda row: Money.zero(currency) if row.converted is None else row.converted, reverse=True)
    rates = dict.fromkeys(line.rate for line in made if line.rate is not None and line.rate.base != line.rate.quote)
    return CostView(
        answer.asked,
        tuple(by),
        currency,
        tuple(rows),
        sums(line.cost for line in made),
        _converted(made, currency),
        tuple(rates),
        tuple(check for usage in answer.items for check in usage.checks if not check.holds),
        answer.complete,
        answer.coverage,
        answer.failures,
    )


def _row(keys: tuple[str, ...], group: Sequence[Line], currency: str | None) -> CostRow:
    estimated = any(line.estimated for line in group)
    return CostRow(keys, sums(line.cost for line in group), _converted(group, currency), len(group), estimated)


def _converted(group: Sequence[Line], currency: str | None) -> Money | None:
    if currency is None:
        return None
    return sums([Money.zero(currency), *(line.converted for line in group if line.converted is not None)])[currency]
