"""The cost view: charges grouped by whatever was asked, native and in one currency, with its holes in sight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from attrs import evolve, frozen

from billfold.answer import Answer, Coverage
from billfold.costs.allocation import Rules
from billfold.costs.lines import ROLE, Line, convert, dimension, lines, spread
from billfold.costs.rates import EcbRates, Exchange, Rate
from billfold.errors import BillfoldError, CurrencyError, IncompleteError
from billfold.model import Check, Usage
from billfold.money import Money, sum_by_currency
from billfold.period import Period


@frozen
class CostRow:
    """A group: what it cost in each native currency, and what each of them was ``converted_from``, when a currency was asked.

    ``lines`` counts the charges it is made of. ``estimated`` when a charge that was spread or shared is in it only in part.
    """

    keys: tuple[str, ...]
    native: dict[str, Money]
    converted_from: dict[str, Money]
    lines: int
    estimated: bool

    @property
    def converted(self) -> Money | None:
        """What it cost in the currency asked."""
        return next(iter(sum_by_currency(self.converted_from.values()).values()), None)

    @property
    def amounts(self) -> tuple[Money, ...]:
        """The converted amount where there is one, else the native ones."""
        return tuple(self.native.values()) if self.converted is None else (self.converted,)


@frozen
class CostView:
    """What everything cost, by ``by``. ``role`` names the one view of the money that was added up.

    ``rates`` are all exchange rates used; ``checks`` those of the provider's identities that do not hold.
    """

    requested: Period | None
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
    now: datetime | None = None,
) -> tuple[Line, ...]:
    """Make the lines of an answer: converted, spread and allocated as asked, in this order.

    ``now`` keeps what was used from being spread over days ahead. Raises RateError for a missing rate.
    """
    made: Iterable[Line] = lines(answer.items)
    if currency is not None:
        through = exchange or Exchange(EcbRates())
        made = (convert(line, currency, through) for line in made)
    if spreading:
        made = (part for line in made for part in spread(line, now))
    return tuple(made) if rules is None else rules.allocate(tuple(made))


def view(
    answer: Answer[Usage],
    made: Sequence[Line],
    *,
    by: Sequence[str],
    currency: str | None,
    partial: bool = False,
) -> CostView:
    """Group lines. Rows come largest first; days, months and what is in several currencies come by their keys.

    Raises IncompleteError over a hole unless ``partial``, and ConfigError for an unknown dimension.
    """
    if not partial and not answer.complete:
        raise IncompleteError(
            f"the costs would miss something: {answer.missing()}; allow partial costs to see the rest"
        )
    reads = [dimension(name) for name in by]
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in made:
        groups.setdefault(tuple(read(line) for read in reads), []).append(line)
    rows = sorted((_row(keys, group) for keys, group in groups.items()), key=lambda row: row.keys)
    if (
        not {"day", "month"} & set(by)
        and len({money.currency for row in rows for money in row.amounts}) == 1
    ):
        rows.sort(key=lambda row: row.amounts[0].amount, reverse=True)
    rates = dict.fromkeys(
        line.rate for line in made if line.rate is not None and line.rate.base != line.rate.quote
    )
    return CostView(
        answer.requested,
        tuple(by),
        currency,
        tuple(rows),
        sum_by_currency(line.cost for line in made),
        _converted(made, currency),
        tuple(
            sorted(
                rates, key=lambda rate: (rate.base, rate.quote, rate.asked or date.min, rate.source)
            )
        ),
        tuple(check for usage in answer.items for check in usage.checks if not check.holds),
        answer.complete,
        answer.coverage,
        answer.failures,
    )


def top(whole: CostView, count: int) -> CostView:
    """Keep the largest rows, in the view's order, and make one of the others, so that the rows still add up to the total.

    Raises CurrencyError where rows in several currencies have no order.
    """
    if len({money.currency for row in whole.rows for money in row.amounts}) > 1:
        raise CurrencyError(
            "the largest of several currencies cannot be told without an exchange rate; name one currency"
        )
    largest = set(
        sorted(
            range(len(whole.rows)),
            key=lambda place: whole.rows[place].amounts[0].amount,
            reverse=True,
        )[:count]
    )
    kept = [row for place, row in enumerate(whole.rows) if place in largest]
    rest = [row for place, row in enumerate(whole.rows) if place not in largest]
    if not rest:
        return whole
    together = CostRow(
        (f"({len(rest)} more)", *[""] * (len(whole.by) - 1)),
        sum_by_currency(money for row in rest for money in row.native.values()),
        _folded((code, money) for row in rest for code, money in row.converted_from.items()),
        sum(row.lines for row in rest),
        any(row.estimated for row in rest),
    )
    return evolve(whole, rows=(*kept, together))


def _row(keys: tuple[str, ...], group: Sequence[Line]) -> CostRow:
    converted = _folded(
        (line.cost.currency, line.converted) for line in group if line.converted is not None
    )
    charges = {id(line.charge): line.charge for line in group}
    return CostRow(
        keys,
        sum_by_currency(line.cost for line in group),
        converted,
        len(charges),
        _estimated(group),
    )


def _estimated(group: Sequence[Line]) -> bool:
    """Tell whether a charge that was spread or shared is in the group only in part; all of its parts are the exact whole."""
    parts: dict[int, list[Line]] = {}
    for line in group:
        if line.estimated:
            parts.setdefault(id(line.charge), []).append(line)
    return any(
        sum_by_currency(part.cost for part in mine) != sum_by_currency([_cost(mine[0])])
        for mine in parts.values()
    )


def _cost(line: Line) -> Money:
    return line.cost if line.charge.cost is None else line.charge.cost


def _folded(amounts: Iterable[tuple[str, Money]]) -> dict[str, Money]:
    """Add up by native currency what was converted to one."""
    found: dict[str, Money] = {}
    for code, money in amounts:
        found[code] = found[code] + money if code in found else money
    return dict(sorted(found.items()))


def _converted(group: Sequence[Line], currency: str | None) -> Money | None:
    if currency is None:
        return None
    return sum_by_currency(
        [Money.zero(currency), *(line.converted for line in group if line.converted is not None)]
    )[currency]
