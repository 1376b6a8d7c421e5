"""The cost view: lines grouped by dimensions, in native currencies and in one, with their holes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from attrs import evolve, frozen

from billfold.answer import Answer
from billfold.costs.allocation import Rules
from billfold.costs.cycles import accounts_in_cycles, as_spread, counted_days, cut_to, read_until
from billfold.costs.dimensions import read_dimensions
from billfold.costs.ecb_rates import EcbRates
from billfold.costs.lines import (
    ROLE,
    FairDays,
    Line,
    charged_lines,
    convert_lines,
    unstated_lines,
)
from billfold.costs.names import telling_apart
from billfold.costs.rate_table import RateTable
from billfold.costs.rates import Exchange, Rate, rate_tables
from billfold.costs.rows import (
    CostRow,
    count_charges,
    flat_rows,
    grouped_rows,
    have_one_currency,
    merged_row,
    size,
    zero_rows,
)
from billfold.counted import counted
from billfold.coverage import Coverage, known_until, states
from billfold.errors import BillfoldError, ConfigError, CurrencyError, IncompleteError
from billfold.model import Check, Usage
from billfold.money import Money, currency_code, sum_by_currency
from billfold.one_line import amounts, names, one_line, state
from billfold.period import Period, PeriodLike, requested_period

if TYPE_CHECKING:
    import pyarrow as pa


@frozen(repr=False)
class CostView:
    """What everything cost, grouped by the dimensions ``by``.

    ``rates`` are all exchange rates used, ``checks`` the providers' identities that do not hold.
    ``role`` names the one view of the money that was added up, ``lines`` counts its charges: one of
    which several rows have a part counts once. ``accounts`` are the names of those that were asked,
    ``left_out`` those of the configured ones that were not.
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
    lines: int = 0
    accounts: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def rate_tables(self) -> tuple[RateTable, ...]:
        """The tables that the rates were read from."""
        return rate_tables(self.rates)

    def __repr__(self) -> str:
        by = f" by {names(', '.join(self.by))}" if self.by else ""
        return one_line(
            f"CostView {self.requested or 'current'}{by}",
            counted(len(self.rows), "row"),
            state(self.complete, sum(row.is_hole for row in self.coverage)),
            *amounts(self.native),
            None if self.converted is None else f"converted {self.converted.format()}",
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the view as plain JSON values of schema ``billfold.costs/1``."""
        from billfold.costs import json_values as values

        unread = values.refused_costs(
            self.by, self.currency, self.requested, None, self.coverage, self.failures
        )
        native, converted = values.amounts_text(self.native), values.amount_text(self.converted)
        scope = {"accounts": list(self.accounts), "left_out": list(self.left_out)}
        return unread | {
            "asked": unread["asked"] | scope,
            "complete": self.complete,
            "totals": {"native": native, "converted": converted},
            "rows": [values.row_values(self.by, row) for row in self.rows],
            **values.rates_values(self.rates),
            "checks": [values.check_values(check) for check in self.checks],
        }

    def _repr_html_(self) -> str:
        """Return the first rows as a table for a notebook, with the state of each account."""
        from billfold.notebook import table_html

        headings = "Cost" if self.currency is None else "Native", self.currency
        columns = [*self.by, *(heading for heading in headings if heading)]
        rows = (
            [*row.keys, tuple(row.native.values()), row.converted][: len(columns)]
            for row in self.rows
        )
        return table_html(repr(self)[1:-1], columns, rows, states(self.coverage))

    def to_arrow(self) -> pa.Table:
        """Return a row per group and native currency, as ``--format csv`` does, as Arrow table.

        Decimals are exact, decimal128(38, 24). Raises ConfigError without the extra ``arrow``, and
        MoneyError for a number that does not fit.
        """
        from billfold.costs.arrow import groups_table

        return groups_table(self.by, self.flat_rows(), known_until(self.coverage), self.complete)

    def flat_rows(self) -> list[dict[str, Any]]:
        """Return a row per group and native currency; without a group, what is known to be zero."""
        rows = [cells for row in self.rows for cells in flat_rows(self.by, row)]
        return rows or list(zero_rows(self.native, self.currency))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return :meth:`to_arrow` by the Arrow PyCapsule interface: for pandas, polars, DuckDB."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_json(self, *, indent: int | None = None) -> str:
        """Return what :meth:`to_dict` does as text; the command line prints it with indent 2."""
        from billfold.codec import json_text

        return json_text(self.to_dict(), indent)


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
    period: PeriodLike = None,
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

    The options are those of :func:`priced_lines` and :func:`cost_view`. ``deadline`` is in seconds,
    ``now`` is the moment that a period like ``last-month`` is of (None: the machine's time).
    Raises ConfigError for a dimension, an exchange or rules that are none, CurrencyError for a
    currency that is none, before anything is requested.
    """
    by = read_dimensions(by)
    currency = None if currency is None else currency_code(currency)
    _require_pricing(exchange, rules)
    requested = requested_period(period, now)
    answer = await source.usage(requested, accounts=accounts, deadline=deadline)
    if spread:
        answer = as_spread(answer)
    lines = priced_lines(answer, currency=currency, exchange=exchange, rules=rules, spread=spread)
    return cost_view(answer, lines, by=by, currency=currency, partial=partial)


def priced_lines(
    answer: Answer[Usage],
    *,
    currency: str | None = None,
    exchange: Exchange | None = None,
    rules: Rules | None = None,
    spread: bool = False,
) -> tuple[Line, ...]:
    """Return an answer's lines, converted, spread and allocated, in this order.

    ``currency`` converts by ``exchange``, the ECB's rates of the charge's day unless given.
    ``spread`` spreads fees over their days, and usage up to when the answer knows it; of billing
    cycles that cross the period's bounds, only its days stay (see :func:`as_spread`). ``rules``
    allocate to cost centres. Raises RateError for a missing rate.
    """
    _require_pricing(exchange, rules)
    # Converted first, so that neither spreading nor sharing changes a total.
    in_cycles = accounts_in_cycles(answer) if spread else frozenset[str]()
    code = None if currency is None else currency_code(currency)
    chosen = Exchange(EcbRates()) if exchange is None and code is not None else exchange

    def lines_of(usages: Iterable[Usage]) -> Iterable[Line]:
        lines = charged_lines(usages, in_cycles)
        return lines if code is None or chosen is None else convert_lines(lines, code, chosen)

    if spread:
        days, until = FairDays(), read_until(answer)
        lines: Iterable[Line] = (
            part
            for usage in answer
            for counted in [counted_days(usage, answer.requested)]
            for line in lines_of((usage,))
            for part in cut_to(counted, days.spread_line(line, until(usage)))
        )
    else:
        lines = lines_of(answer.items)
    if rules is None:
        return tuple(lines)
    return rules.allocate(tuple(lines), tuple(unstated_lines(answer.items)))


def _require_pricing(exchange: object, rules: object) -> None:
    """Raise ConfigError for what a caller gives instead of an Exchange or of Rules."""
    if not isinstance(exchange, Exchange | None):
        raise ConfigError(
            f"exchange is an Exchange, not {type(exchange).__name__}: "
            "write Exchange(EcbRates()) or Exchange(TableRates.read('rates.csv'))"
        )
    if not isinstance(rules, Rules | None):
        raise ConfigError(
            f"rules are Rules, not {type(rules).__name__}: write Rules.read('rules.toml')"
        )


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
            "allow partial costs to see the rest",
            coverage=answer.coverage,
        )
    by, converted = read_dimensions(by), None
    lines = telling_apart((line.charge for line in lines), by)(lines)
    rows = grouped_rows(lines, by)
    if currency is not None:
        currency = currency_code(currency)
        amounts = (money for row in rows for money in row.converted_from.values())
        converted = sum_by_currency([Money.zero(currency), *amounts])[currency]
    native = (money for row in rows for money in row.native.values())
    rates = _distinct_rates(lines)
    return CostView(
        requested=answer.requested,
        by=by,
        currency=currency,
        rows=rows,
        native=sum_by_currency([*_known_zeros(answer), *native]),
        converted=converted,
        rates=tuple(sorted((rate for rate in rates if rate.base != rate.quote), key=_rate_order)),
        checks=tuple(check for usage in answer for check in usage.checks if not check.holds),
        complete=answer.complete,
        coverage=answer.coverage,
        failures=answer.failures,
        lines=count_charges(rows, lines),
        accounts=answer.accounts,
        left_out=answer.left_out,
    )


def _known_zeros(answer: Answer[Usage]) -> Iterator[Money]:
    """Yield zero in every currency that the usages have a total in: an idle month costs 0.00."""
    for usage in answer:
        stated = usage.stated_total
        known = {charge.cost.currency for charge in usage.charges if charge.cost is not None}
        yield from map(Money.zero, known if stated is None else known | {stated.currency})


def _distinct_rates(lines: Iterable[Line]) -> Iterable[Rate]:
    """Return each rate once; most lines have the very same ones."""
    rates = {id(line.rate): line.rate for line in lines if line.rate is not None}
    return dict.fromkeys(rates.values())


def _rate_order(rate: Rate) -> tuple[str, str, date, str]:
    return rate.base, rate.quote, rate.for_day or date.min, rate.source


def top_rows(view: CostView, count: int) -> CostView:
    """Return the view with its ``count`` largest rows, in its order, and one row of all the others.

    Raises CurrencyError for rows in several currencies, which have no order.
    """
    if not have_one_currency(view.rows):
        raise CurrencyError(
            "rows in several currencies have no order without an exchange rate; name one currency"
        )
    largest = {id(row) for row in sorted(view.rows, key=size, reverse=True)[:count]}
    kept = [row for row in view.rows if id(row) in largest]
    others = [row for row in view.rows if id(row) not in largest]
    if not others:
        return view
    merged = merged_row(others, (f"({len(others)} more)", *[""] * (len(view.by) - 1)))
    return evolve(view, rows=(*kept, merged))
