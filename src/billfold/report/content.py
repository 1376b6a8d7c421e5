"""What the page shows: texts and exact amounts, ready for the template."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from billfold.answer import Coverage
from billfold.costs.lines import Line, day_of
from billfold.costs.view import CostView, cost_view
from billfold.model import Invoice, billed_period
from billfold.money import Money, exponent
from billfold.reconcile.identity import Identity
from billfold.reconcile.reconciliation import Reconciliation
from billfold.reconcile.reconciliation import compare as compare_views
from billfold.report.answers import ReportAnswers
from billfold.report.comparison import Comparison, ConvertedLines, compare
from billfold.report.cost_groups import ChartBar, CostGroups, DayRow
from billfold.report.figures import Figure, period_name
from billfold.report.runway import Runway

COLUMNS = ("provider", "account", "sub_account", "service", "category")


@frozen
class CostTableRow:
    """A row of the table of costs."""

    keys: tuple[str, ...]
    native: tuple[Figure, ...]
    converted: Figure
    lines: int
    estimated: bool


@frozen
class InvoiceRow:
    """An invoice, the period it bills, and its amounts."""

    invoice: Invoice
    bills: str
    total: Figure | None
    net: Figure | None


@frozen
class IdentityRow:
    """A comparison of two of the provider's numbers."""

    identity: Identity
    stated: Figure
    computed: Figure
    gap: Figure


@frozen
class NotIncluded:
    """Accounts whose costs the total lacks for one reason, and the period that it has of them."""

    accounts: str
    provider: str
    reason: str
    covers: str


@frozen
class ReportContent:
    """Everything on the page."""

    period: str
    currency: str
    digits: int
    table: CostView
    columns: tuple[str, ...]
    total: Figure
    native: tuple[Figure, ...]
    comparison: Comparison
    providers: tuple[tuple[str, Figure], ...]
    provider_names: tuple[str, ...]
    day_bars: tuple[ChartBar, ...]
    days: tuple[DayRow, ...]
    undated: tuple[tuple[str, Figure], ...]
    is_spread: bool
    service_bars: tuple[ChartBar, ...]
    rows: tuple[CostTableRow, ...]
    runways: tuple[Runway, ...]
    invoices: tuple[InvoiceRow, ...]
    reconciliation: Reconciliation
    identities: tuple[IdentityRow, ...]
    coverage: tuple[Coverage, ...]
    failures: tuple[str, ...]

    @property
    def not_included(self) -> tuple[NotIncluded, ...]:
        """What the total lacks, with a row per reason."""
        accounts: dict[tuple[str, str, str], list[str]] = {}
        for hole in self.table.coverage:
            if hole.is_hole:
                reason = hole.detail or hole.state.replace("_", " ")
                covers = "" if hole.covers is None else str(hole.covers)
                accounts.setdefault((hole.provider, reason, covers), []).append(hole.account)
        return tuple(NotIncluded(", ".join(names), *key) for key, names in accounts.items())


def build_content(
    answers: ReportAnswers,
    convert: ConvertedLines,
    *,
    currency: str,
    now: datetime,
    by_cost_centre: bool = False,
    partial: bool = False,
) -> ReportContent:
    """Return what the page shows.

    ``convert`` returns the lines of an answer in the report's ``currency``; ``by_cost_centre`` adds
    a column for their cost centres. Raises IncompleteError over a hole unless ``partial``, and
    RateError for a missing rate.
    """
    usage = answers.views.usage
    lines = convert(usage)
    columns = (*COLUMNS, "cost_centre") if by_cost_centre else COLUMNS
    table = cost_view(usage, lines, by=columns, currency=currency, partial=partial)
    assert table.converted is not None
    groups = CostGroups(usage, lines, currency)
    reconciliation = compare_views(answers.period, answers.views)
    return ReportContent(
        period=period_name(answers.period),
        currency=currency,
        digits=exponent(currency),
        table=table,
        columns=columns,
        total=Figure.of(table.converted),
        native=tuple(Figure.of(money) for money in table.native.values()),
        comparison=compare(answers, lines, convert, currency, now),
        providers=groups.providers(),
        provider_names=groups.provider_names(),
        day_bars=groups.day_bars(),
        days=groups.days(),
        undated=groups.undated(),
        is_spread=any(_is_spread(line) for line in lines),
        service_bars=groups.service_bars(),
        rows=_table_rows(table),
        runways=tuple(Runway.of(balance, usage) for balance in answers.views.balances),
        invoices=tuple(_invoice_row(invoice) for invoice in answers.invoices()),
        reconciliation=reconciliation,
        identities=tuple(_identity_row(identity) for identity in reconciliation.identities),
        coverage=reconciliation.coverage,
        failures=tuple(f"{error.account}: {error.message}" for error in reconciliation.failures),
    )


def _is_spread(line: Line) -> bool:
    return line.estimated and line.day != day_of(line.charge.period)


def _table_rows(table: CostView) -> tuple[CostTableRow, ...]:
    return tuple(
        CostTableRow(
            row.keys,
            tuple(Figure.of(money) for money in row.native.values()),
            Figure.of(row.converted),
            row.lines,
            row.estimated,
        )
        for row in table.rows
        if row.converted is not None
    )


def _invoice_row(invoice: Invoice) -> InvoiceRow:
    bills = billed_period(invoice)
    name = "not stated" if bills is None else str(bills)
    return InvoiceRow(invoice, name, _figure(invoice.total), _figure(invoice.net))


def _identity_row(identity: Identity) -> IdentityRow:
    return IdentityRow(
        identity,
        Figure.of(identity.stated),
        Figure.of(identity.computed),
        Figure.of(identity.gap),
    )


def _figure(money: Money | None) -> Figure | None:
    return None if money is None else Figure.of(money)
