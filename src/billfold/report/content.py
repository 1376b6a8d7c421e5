"""What the page shows: exact amounts, and texts, ready for the template."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from billfold.costs.view import CostView, cost_view
from billfold.model import Invoice
from billfold.money import Money
from billfold.reconcile.reconciliation import Reconciliation
from billfold.reconcile.reconciliation import compare as compare_views
from billfold.report.answers import ReportAnswers
from billfold.report.comparison import Comparison, ConvertedLines, compare
from billfold.report.cost_groups import CostGroups
from billfold.report.figures import period_name
from billfold.report.runway import Runway

COLUMNS = ("provider", "account", "sub_account", "service", "category")


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
    total: Money
    table: CostView
    comparison: Comparison
    groups: CostGroups
    runways: tuple[Runway, ...]
    invoices: tuple[Invoice, ...]
    reconciliation: Reconciliation

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
    return ReportContent(
        period=period_name(answers.period),
        total=table.converted,
        table=table,
        comparison=compare(answers, lines, convert, currency, now),
        groups=CostGroups(usage, lines, currency),
        runways=tuple(Runway.of(balance, usage) for balance in answers.views.balances),
        invoices=tuple(answers.invoices()),
        reconciliation=compare_views(answers.period, answers.views),
    )
