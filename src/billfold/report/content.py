"""What the page shows: exact amounts, and texts, ready for the template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import frozen

from billfold.answer import Answer, holes_of
from billfold.costs.lines import Line
from billfold.costs.rates import Rate
from billfold.costs.runway import Runway
from billfold.costs.trend import Trend
from billfold.costs.view import CostView, cost_view
from billfold.counted import listed
from billfold.model import Balance, Invoice, Stream, Usage
from billfold.model.shared_names import SharedNames
from billfold.money import Money
from billfold.reconcile.reconciliation import Reconciliation
from billfold.reconcile.reconciliation import compare as compare_views
from billfold.report.answers import ReportAnswers
from billfold.report.comparison import Comparison, ConvertedLines, compare
from billfold.report.completeness import Completeness, Shortfall, Window, shortfalls, windows_of
from billfold.report.cost_centres import CostCentres
from billfold.report.cost_groups import CostGroups
from billfold.report.figures import owner_name, period_name
from billfold.report.months import Months

COLUMNS = ("provider", "account", "sub_account", "service", "category")


@frozen
class ReportContent:
    """Everything on the page.

    ``period_owner`` is the period's name before what it has, like ``October's``.
    ``total`` is None where nothing was answered, and where nothing was charged in any currency.
    ``brands`` are what people call the providers. ``cost_centres`` are there where rules are given,
    ``months`` where a store knows several, ``windows`` where accounts differ. ``balances`` are
    totals per kind and currency. ``lacking`` is what the other views lack, those alone that do.
    """

    period: str
    period_owner: str
    total: Money | None
    completeness: Completeness
    table: CostView
    comparison: Comparison
    brands: Mapping[str, str]
    groups: CostGroups
    runways: tuple[Runway, ...]
    balances: Mapping[str, Mapping[str, Money]]
    invoices: tuple[Invoice, ...]
    reconciliation: Reconciliation
    lacking: Mapping[Stream, tuple[Shortfall, ...]]
    windows: tuple[Window, ...] = ()
    cost_centres: CostCentres | None = None
    months: Months | None = None

    @property
    def scopes(self) -> SharedNames:
        """What the balances are shared by, as it is called beside each other."""
        return SharedNames.of("scope", (row.balance for row in self.runways))

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Every exchange rate that was used on the page."""
        others = () if self.months is None else self.months.trend.rates
        return tuple(dict.fromkeys((*self.table.rates, *others)))

    @property
    def is_in_other_months(self) -> bool:
        """Whether some of the total is not in the page's own month, but in others beside it."""
        months = () if self.months is None else self.months.trend.months
        return any(
            month.month == self.table.requested and self.total not in (None, month.view.converted)
            for month in months
        )

    @property
    def is_converted(self) -> bool:
        """Whether the table says what each row was charged in, and how much of that."""
        return "currency" in self.table.by

    @property
    def incomplete_views(self) -> str:
        """Which of the other views are incomplete, in words; empty where none is."""
        return f"{listed(self.lacking)} incomplete" if self.lacking else ""

    @property
    def balances_read(self) -> str:
        """When the first and the last of the balances shown were read, to the minute in UTC."""
        moments = [f"{row.balance.as_of:%Y-%m-%d %H:%M}" for row in self.runways]
        return " to ".join(sorted({min(moments), max(moments)})) if moments else ""

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the table's groups, in their order."""
        names = ("project" if name == "sub_account" else name for name in self.table.by)
        return tuple(name.replace("_", " ").capitalize() for name in names)

    @property
    def complete(self) -> bool:
        """Whether nothing is lacking, neither in the total nor in the other views."""
        return self.table.complete and not self.lacking

    @property
    def state(self) -> str:
        """Whether everything is complete, and over how many of the configured accounts."""
        state = "complete" if self.table.complete else "incomplete"
        if self.table.complete and self.lacking:
            state = f"costs complete, {self.incomplete_views}"
        shown, left_out = len(self.reconciliation.accounts), len(self.completeness.left_out)
        scope = f" - {shown} of {shown + left_out} accounts" if left_out else ""
        return f"{state}{scope}"


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
    nothing was charged in any; ``by_cost_centre`` says who pays, where it allocates. What nobody
    answered has no total. ``trend`` is by provider and in the same currency. Raises
    IncompleteError over a hole unless ``partial``, and RateError for a missing rate.
    """
    usage = answers.views.usage
    lines = convert(usage)
    columns = _columns(lines, currency, by_cost_centre=by_cost_centre)
    allowed = partial or not usage.answered
    table = cost_view(usage, lines, by=columns, currency=currency, partial=allowed)
    centres = None
    if by_cost_centre and lines and currency is not None:
        centres = CostCentres.of(lines, currency)
    windows = windows_of(usage, now)
    several = len(windows) > 1 or answers.period is None
    is_open = (
        any(window.is_open for window in windows)
        if answers.period is None
        else answers.period.start <= now < answers.period.end
    )
    return ReportContent(
        period=period_name(answers.period) + (", so far" if is_open else ""),
        period_owner=owner_name(answers.period),
        total=table.converted if usage.answered else None,
        completeness=Completeness.of(usage),
        table=table,
        brands=answers.brands,
        comparison=compare(answers, lines, convert, currency, now),
        groups=CostGroups(lines, currency, answers.brands),
        runways=_runways(answers.views.balances, usage),
        balances=answers.views.balances.totals(partial=True),
        invoices=tuple(answers.invoices()),
        reconciliation=compare_views(answers.period, answers.views),
        lacking={view.stream: shortfalls(holes_of(view)) for view in answers.lacking()},
        windows=windows if several else (),
        cost_centres=centres,
        months=Months.of(trend, answers.brands),
    )


def _columns(
    lines: Iterable[Line], currency: str | None, *, by_cost_centre: bool
) -> tuple[str, ...]:
    """Return the columns of the table; currencies where a charge is in another one than it."""
    centres = ("cost_centre",) if by_cost_centre else ()
    is_converted = any(line.cost.currency != currency for line in lines)
    return (*COLUMNS, *centres, *(("currency",) if is_converted else ()))


def _runways(balances: Iterable[Balance], usage: Answer[Usage]) -> tuple[Runway, ...]:
    """Return how long balances last, prepaid money first."""
    by_kind = sorted(balances, key=lambda balance: balance.kind, reverse=True)
    return tuple(Runway.of(balance, usage, usage.coverage) for balance in by_kind)
