"""The cost view: lines grouped by dimensions, in native currencies and in one, with their holes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from attrs import evolve, frozen

from billfold.answer import Answer, Coverage
from billfold.costs.allocation import Rules
from billfold.costs.dimensions import group_lines, read_dimensions
from billfold.costs.lines import ROLE, Line, charged_lines, convert_line, spread_line
from billfold.costs.names import telling_apart
from billfold.costs.rate_sources import EcbRates
from billfold.costs.rates import Exchange, Rate
from billfold.errors import BillfoldError, CurrencyError, IncompleteError
from billfold.model import Check, Usage
from billfold.money import Money, currency_code, sum_by_currency
from billfold.period import Period


@frozen
class CostRow:
    """What a group of lines cost.

    ``native`` is per currency. ``converted_from`` is what each of these was converted to, empty
    where nothing is converted. ``lines_of`` counts the charges of each. ``estimated`` marks a row
    with only a part of a charge that was spread or shared.
    """

    keys: tuple[str, ...]
    native: dict[str, Money]
    converted_from: dict[str, Money]
    lines_of: dict[str, int]
    estimated: bool

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


class UsageSource(Protocol):
    """What usage is read from: a :class:`~billfold.Billfold`, or whatever answers like one."""

    async def usage(
        self,
        period: Period | None = None,
        *,
        accounts: Iterable[str] | None = None,
        deadline: float | None = None,
    ) -> Answer[Usage]:
        """Return what was used and what it costs."""
        ...


async def ask(
    source: UsageSource,
    period: Period | None = None,
    *,
    by: str | Sequence[str] = ("provider", "service"),
    currency: str | None = None,
    exchange: Exchange | None = None,
    rules: Rules | None = None,
    spread: bool = False,
    partial: bool = False,
    accounts: Iterable[str] | None = None,
    deadline: float | None = None,
    now: datetime | None = None,
) -> CostView:
    """Return what a period's usage costs, by provider, account, service, day, ``tag:KEY`` ...

    The options are those of :func:`priced_lines` and :func:`cost_view`. ``deadline`` is in seconds.
    Raises ConfigError for a dimension that is none, CurrencyError for a currency that is none,
    before anything is requested.
    """
    by = read_dimensions(by)
    currency = None if currency is None else currency_code(currency)
    answer = await source.usage(period, accounts=accounts, deadline=deadline)
    lines = priced_lines(
        answer, currency=currency, exchange=exchange, rules=rules, spread=spread, now=now
    )
    return cost_view(answer, lines, by=by, currency=currency, partial=partial)


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

    ``currency`` converts by ``exchange``, the ECB's rates of the charge's day unless given.
    ``spread`` spreads fees over their days, and usage up to ``now``. ``rules`` allocate to cost
    centres. Raises RateError for a missing rate.
    """
    # Converted first, so that neither spreading nor sharing changes a total.
    lines: Iterable[Line] = charged_lines(answer.items)
    if currency is not None:
        currency = currency_code(currency)
        chosen = Exchange(EcbRates()) if exchange is None else exchange
        lines = (convert_line(line, currency, chosen) for line in lines)
    if spread:
        lines = (part for line in lines for part in spread_line(line, now))
    return tuple(lines) if rules is None else rules.allocate(tuple(lines))


def cost_view(
    answer: Answer[Usage],
    lines: Sequence[Line],
    *,
    by: str | Sequence[str],
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
    by, converted = read_dimensions(by), None
    lines = telling_apart(line.charge for line in lines)(lines)
    if currency is not None:
        currency = currency_code(currency)
        amounts = [line.converted for line in lines if line.converted is not None]
        converted = sum_by_currency([Money.zero(currency), *amounts])[currency]
    rates = dict.fromkeys(line.rate for line in lines if line.rate is not None)
    return CostView(
        requested=answer.requested,
        by=by,
        currency=currency,
        rows=_rows(lines, by),
        native=sum_by_currency([*_known_zeros(answer), *(line.cost for line in lines)]),
        converted=converted,
        rates=tuple(sorted((rate for rate in rates if rate.base != rate.quote), key=_rate_order)),
        checks=tuple(check for usage in answer for check in usage.checks if not check.holds),
        complete=answer.complete,
        coverage=answer.coverage,
        failures=answer.failures,
    )


def _known_zeros(answer: Answer[Usage]) -> Iterator[Money]:
    """Yield zero in every currency that the usages have a total in: an idle month costs 0.00."""
    for usage in answer:
        yield from map(Money.zero, usage.totals())


def _rate_order(rate: Rate) -> tuple[str, str, date, str]:
    return rate.base, rate.quote, rate.for_day or date.min, rate.source


def top_rows(view: CostView, count: int) -> CostView:
    """Return the view with its ``count`` largest rows, in its order, and one row of all the others.

    Raises CurrencyError for rows in several currencies, which have no order.
    """
    if not _have_one_currency(view.rows):
        raise CurrencyError(
            "the largest of several currencies cannot be told without an exchange rate; "
            "name one currency"
        )
    largest = {id(row) for row in sorted(view.rows, key=_size, reverse=True)[:count]}
    kept = [row for row in view.rows if id(row) in largest]
    others = [row for row in view.rows if id(row) not in largest]
    if not others:
        return view
    merged = CostRow(
        keys=(f"({len(others)} more)", *[""] * (len(view.by) - 1)),
        native=sum_by_currency(money for row in others for money in row.native.values()),
        converted_from=_added(item for row in others for item in row.converted_from.items()),
        lines_of=dict(sum((Counter(row.lines_of) for row in others), Counter())),
        estimated=any(row.estimated for row in others),
    )
    return evolve(view, rows=(*kept, merged))


def _rows(lines: Iterable[Line], by: Sequence[str]) -> tuple[CostRow, ...]:
    lines = tuple(lines)
    parts = Counter(id(line.charge) for line in lines)
    rows = [_row(keys, group, parts) for keys, group in group_lines(lines, by).items()]
    rows.sort(key=lambda row: row.keys)
    if rows and _have_one_currency(rows) and not {"day", "month"} & set(by):
        rows.sort(key=_size, reverse=True)
    return tuple(rows)


def _row(keys: tuple[str, ...], lines: Sequence[Line], parts: Mapping[int, int]) -> CostRow:
    return CostRow(
        keys=keys,
        native=sum_by_currency(line.cost for line in lines),
        converted_from=_added(
            (line.cost.currency, line.converted) for line in lines if line.converted is not None
        ),
        lines_of=dict(
            Counter(charge.currency for charge in {id(x.charge): x.cost for x in lines}.values())
        ),
        estimated=_has_mere_parts([line for line in lines if line.estimated], parts),
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


def _have_one_currency(rows: Iterable[CostRow]) -> bool:
    return len({money.currency for row in rows for money in row.amounts}) <= 1


def _size(row: CostRow) -> Decimal:
    return row.amounts[0].amount


def _added(amounts: Iterable[tuple[Any, Money]]) -> dict[Any, Money]:
    """Return the sum of each key's amounts, by the key."""
    totals: dict[str, Money] = {}
    for key, money in amounts:
        totals[key] = totals[key] + money if key in totals else money
    return dict(sorted(totals.items()))
