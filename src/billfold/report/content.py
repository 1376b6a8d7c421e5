"""What the page shows: exact amounts, and texts, ready for the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import frozen

from billfold.answer import Answer
from billfold.costs.runway import Runway
from billfold.costs.trend import Trend
from billfold.costs.view import CostView, cost_view
from billfold.model import ANSWERED, Balance, Invoice, Usage
from billfold.money import Money
from billfold.period import Period
from billfold.reconcile.reconciliation import Reconciliation
from billfold.reconcile.reconciliation import compare as compare_views
from billfold.report.answers import ReportAnswers
from billfold.report.comparison import Comparison, ConvertedLines, compare
from billfold.report.cost_groups import CostGroups
from billfold.report.figures import period_name
from billfold.report.months import Months

COLUMNS = ("provider", "account", "sub_account", "service", "category")


@frozen
class NotIncluded:
    """Accounts whose costs the total lacks for one reason, and the period that it has of them."""

    accounts: str
    provider: str
    reason: str
    covers: str


@frozen
class Window:
    """The time that some accounts' costs are of; ``is_open`` where it is not over."""

    name: str
    accounts: str
    is_open: bool


@frozen
class ReportContent:
    """Everything on the page.

    ``total`` is None where nothing was answered, and where nothing was charged in any currency.
    ``months`` are there where a store knows several.
    ``balances`` are totals per kind and currency. ``windows`` are there where accounts differ.
    """

    period: str
    total: Money | None
    table: CostView
    comparison: Comparison
    groups: CostGroups
    runways: tuple[Runway, ...]
    balances: Mapping[str, Mapping[str, Money]]
    invoices: tuple[Invoice, ...]
    reconciliation: Reconciliation
    windows: tuple[Window, ...] = ()
    left_out: tuple[str, ...] = ()
    months: Months | None = None

    @property
    def state(self) -> str:
        """Whether the total is complete, and over how many of the configured accounts."""
        state = "complete" if self.table.complete else "incomplete"
        shown = len(self.reconciliation.accounts)
        scope = f" - {shown} of {shown + len(self.left_out)} accounts" if self.left_out else ""
        return f"{state}{scope}"

    @property
    def not_included(self) -> tuple[NotIncluded, ...]:
        """What the total lacks, with a row per reason."""
        accounts: dict[tuple[str, str, str], list[str]] = {}
        for hole in self.table.coverage:
            if hole.is_hole:
                reason = hole.detail or hole.state.replace("_", " ")
                covers = "" if hole.covers is None else str(hole.covers)
                accounts.setdefault((hole.provider, reason, covers), []).append(hole.name)
        return tuple(NotIncluded(", ".join(names), *key) for key, names in accounts.items())


def build_content(
    answers: ReportAnswers,
    convert: ConvertedLines,
    *,
    currency: str | None,
    now: datetime,
    by_cost_centre: bool = False,
    partial: bool = False,
    trend: Trend | None = None,
) -> ReportContent:
    """Return what the page shows.

    ``convert`` returns the lines of an answer in the report's ``currency``, which is None where
    nothing was charged in any; ``by_cost_centre`` adds a column for their cost centres. What nobody
    answered has no total. ``trend`` is by provider and in the same currency. Raises
    IncompleteError over a hole unless ``partial``, and RateError for a missing rate.
    """
    usage = answers.views.usage
    lines = convert(usage)
    columns = (*COLUMNS, "cost_centre") if by_cost_centre else COLUMNS
    allowed = partial or not usage.answered
    table = cost_view(usage, lines, by=columns, currency=currency, partial=allowed)
    windows = _windows(usage, now)
    several = len(windows) > 1 or answers.period is None
    is_open = (
        any(window.is_open for window in windows)
        if answers.period is None
        else answers.period.start <= now < answers.period.end
    )
    return ReportContent(
        period=period_name(answers.period) + (", so far" if is_open else ""),
        total=table.converted if usage.answered else None,
        table=table,
        comparison=compare(answers, lines, convert, currency, now),
        groups=CostGroups(usage, lines, currency),
        runways=_runways(answers.views.balances, usage),
        balances=answers.views.balances.totals(partial=True),
        invoices=tuple(answers.invoices()),
        reconciliation=compare_views(answers.period, answers.views),
        windows=windows if several else (),
        left_out=usage.left_out,
        months=Months.of(trend),
    )


def _days_of(period: Period) -> str:
    """Return a window in words; bounds within a day are shown as days."""
    name = period_name(period)
    return f"{period.start:%Y-%m-%d} to {period.end:%Y-%m-%d}" if "T" in name else name


def _runways(balances: Iterable[Balance], usage: Answer[Usage]) -> tuple[Runway, ...]:
    """Return how long balances last, prepaid money first."""
    unread = {hole.account for hole in usage.holes}
    by_kind = sorted(balances, key=lambda balance: balance.kind, reverse=True)
    return tuple(
        Runway.of(balance, usage, read_in_full=balance.account not in unread) for balance in by_kind
    )


def _windows(usage: Answer[Usage], now: datetime) -> tuple[Window, ...]:
    """Return what the accounts' usage covers, earliest first."""
    accounts: dict[Period, list[str]] = {}
    for row in usage.coverage:
        if row.covers is not None and row.state in ANSWERED:
            accounts.setdefault(row.covers, []).append(row.account)
    return tuple(
        Window(_days_of(covers), ", ".join(dict.fromkeys(accounts[covers])), covers.end > now)
        for covers in sorted(accounts)
    )
