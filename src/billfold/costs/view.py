"""The cost view: lines grouped by dimensions, in native currencies and in one, with their holes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from attrs import evolve, frozen

from billfold.answer import Answer, Coverage
from billfold.costs.allocation import Rules
from billfold.costs.dimensions import group_lines
from billfold.costs.lines import ROLE, Line, charged_lines, convert_line, spread_line
from billfold.costs.rate_sources import EcbRates
from billfold.costs.rates import Exchange, Rate
from billfold.errors import BillfoldError, CurrencyError, IncompleteError
from billfold.model import Check, Usage
from billfold.money import Money, sum_by_currency
from billfold.period import Period


@frozen
class CostRow:
    """What a group of lines cost.

    ``native`` is per currency. ``converted_from`` is what each of these was converted to, empty
    where nothing is converted. ``lines`` counts charges. ``estimated`` marks a row with only a part
    of a charge that was spread or shared.
    """

    keys: tuple[str, ...]
    native: dict[str, Money]
    converted_from: dict[str, Money]
    lines: int
    estimated: bool

    @property
    def converted(self) -> Money | None:
        """The converted total, None where nothing is converted."""
        return next(iter(sum_by_currency(self.converted_from.values()).values()), None)

    @property
    def amounts(self) -> tuple[Money, ...]:
        """The converted total where there is one, else the native ones."""
        return tuple(self.native.values()) if self.converted is None else (self.converted,)


@frozen
class CostView:
    """What everything cost, grouped by the dimensions ``by``.

    ``rates`` are all exchange rates used, ``checks`` the providers' identities that do not hold.
    ``role`` names the one view of the money that was added up.
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


def priced_lines(
    answer: Answer[Usage],
    *,
    currency: str | None = None,
    exchange: Exchange | None = None,
    rules: Rules | None = None,
    spread: bool = False,
    now: datetime | None = None,
) -> tuple[Line, ...]:
    """Return an answer's lines, converted, spread and allocated, in this order.

    Each step is left out without its option. ``exchange`` is the ECB's rates of the charge's day
    unless given. ``now`` keeps usage from being spread over days ahead. Raises RateError.
    """
    # Converted first, so that neither spreading nor sharing changes a total.
    lines: Iterable[Line] = charged_lines(answer.items)
    if currency is not None:
        chosen = Exchange(EcbRates()) if exchange is None else exchange
        lines = (convert_line(line, currency, chosen) for line in lines)
    if spread:
        lines = (part for line in lines for part in spread_line(line, now))
    return tuple(lines) if rules is None else rules.allocate(tuple(lines))


def cost_view(
    answer: Answer[Usage],
    lines: Sequence[Line],
    *,
    by: Sequence[str],
    currency: str | None,
    partial: bool = False,
) -> CostView:
    """Return lines of an answer, grouped.

    Rows come largest first; by day or month, or in several currencies, they come by their keys.
    Raises IncompleteError over a hole unless ``partial``, and ConfigError for a dimension that is
    not one.
    """
    if not partial and not answer.complete:
        raise IncompleteError(
            f"the costs would miss something: {answer.missing()}; "
            "allow partial costs to see the rest"
        )
    return CostView(
        requested=answer.requested,
        by=tuple(by),
        currency=currency,
        rows=_rows(lines, by),
        native=sum_by_currency(line.cost for line in lines),
        converted=None if currency is None else _converted_total(lines, currency),
        rates=_rates(lines),
        checks=tuple(check for usage in answer for check in usage.checks if not check.holds),
        complete=answer.complete,
        coverage=answer.coverage,
        failures=answer.failures,
    )


def top_rows(view: CostView, count: int) -> CostView:
    """Return the view with its ``count`` largest rows, in its order, and one row of all the others.

    Raises CurrencyError for rows in several currencies, which have no order.
    """
    if not _have_one_currency(view.rows):
        raise CurrencyError(
            "the largest of several currencies cannot be told without an exchange rate; "
            "name one currency"
        )
    by_size = sorted(range(len(view.rows)), key=lambda place: _size(view.rows[place]), reverse=True)
    largest = set(by_size[:count])
    kept = [row for place, row in enumerate(view.rows) if place in largest]
    others = [row for place, row in enumerate(view.rows) if place not in largest]
    if not others:
        return view
    return evolve(view, rows=(*kept, _merged(others, len(view.by))))


def _rows(lines: Iterable[Line], by: Sequence[str]) -> tuple[CostRow, ...]:
    rows = [_row(keys, group) for keys, group in group_lines(lines, by).items()]
    rows.sort(key=lambda row: row.keys)
    if rows and _have_one_currency(rows) and not {"day", "month"} & set(by):
        rows.sort(key=_size, reverse=True)
    return tuple(rows)


def _row(keys: tuple[str, ...], lines: Sequence[Line]) -> CostRow:
    return CostRow(
        keys=keys,
        native=sum_by_currency(line.cost for line in lines),
        converted_from=_added(
            (line.cost.currency, line.converted) for line in lines if line.converted is not None
        ),
        lines=len({id(line.charge) for line in lines}),
        estimated=_is_estimated(lines),
    )


def _merged(rows: Sequence[CostRow], dimensions: int) -> CostRow:
    return CostRow(
        keys=(f"({len(rows)} more)", *[""] * (dimensions - 1)),
        native=sum_by_currency(money for row in rows for money in row.native.values()),
        converted_from=_added(item for row in rows for item in row.converted_from.items()),
        lines=sum(row.lines for row in rows),
        estimated=any(row.estimated for row in rows),
    )


def _have_one_currency(rows: Iterable[CostRow]) -> bool:
    return len({money.currency for row in rows for money in row.amounts}) <= 1


def _size(row: CostRow) -> Decimal:
    return row.amounts[0].amount


def _is_estimated(lines: Iterable[Line]) -> bool:
    """Return whether a charge that was spread or shared is only partly here.

    All parts of a charge together are exactly the charge, so they are no estimate.
    """
    parts: dict[int, Money] = {}
    charges: dict[int, Money | None] = {}
    for line in lines:
        if line.estimated:
            key = id(line.charge)
            parts[key] = parts[key] + line.cost if key in parts else line.cost
            charges[key] = line.charge.cost
    return parts != charges


def _added(amounts: Iterable[tuple[str, Money]]) -> dict[str, Money]:
    """Return converted amounts, added up by the currency they were converted from."""
    totals: dict[str, Money] = {}
    for code, money in amounts:
        totals[code] = totals[code] + money if code in totals else money
    return dict(sorted(totals.items()))


def _converted_total(lines: Iterable[Line], currency: str) -> Money:
    converted = [line.converted for line in lines if line.converted is not None]
    return sum_by_currency([Money.zero(currency), *converted])[currency]


def _rates(lines: Iterable[Line]) -> tuple[Rate, ...]:
    rates = dict.fromkeys(line.rate for line in lines if line.rate is not None)
    return tuple(sorted((rate for rate in rates if rate.base != rate.quote), key=_rate_order))


def _rate_order(rate: Rate) -> tuple[str, str, date, str]:
    return rate.base, rate.quote, rate.for_day or date.min, rate.source
