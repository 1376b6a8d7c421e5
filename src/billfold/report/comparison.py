"""What changed from the period before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from attrs import frozen

from billfold.answer import Answer
from billfold.costs.lines import Line
from billfold.costs.stretch import aligned, counted_stretch, preceding_period, within_stretch
from billfold.errors import RateError
from billfold.model import State, Usage
from billfold.period import Period
from billfold.report.answers import ReportAnswers
from billfold.report.figures import Figure, period_name
from billfold.report.service_changes import ServiceChanges

ConvertedLines = Callable[[Answer[Usage]], Sequence[Line]]


@frozen
class Comparison:
    """The difference to the period before, what is compared, and what changed by service.

    ``columns`` name both periods in few words. Without an honest comparison ``difference`` and
    ``services`` are None, and ``note`` says why.
    """

    note: str
    difference: Figure | None = None
    percent: str | None = None
    columns: tuple[str, str] = ("", "")
    services: ServiceChanges | None = None


def compare(
    answers: ReportAnswers,
    lines: Sequence[Line],
    convert: ConvertedLines,
    currency: str | None,
    now: datetime,
) -> Comparison:
    """Compare the costs of the accounts that answered in full for both periods.

    A period that is not over is compared with the same stretch of the one before, or not at all.
    """
    period, before = answers.period, answers.before
    if period is None or before is None or before.requested is None:
        return Comparison("No comparison: this period is still running")
    earlier = period_name(before.requested)
    if period.end > now and before.requested.end - before.requested.start > now - period.start:
        return Comparison(f"No comparison: {period_name(period)} is not over yet")
    if before.requested != preceding_period(period):
        earlier = f"the same stretch before, {earlier}"
    usage = answers.views.usage
    accounts = _complete_accounts(usage) & _complete_accounts(aligned(usage, before))
    if not accounts:
        return Comparison(f"No comparison: no account has complete data for {earlier} as well")
    if currency is None:
        return Comparison(f"No comparison with {earlier}: nothing was charged")
    try:
        lines_before = convert(before)
    except RateError as error:
        return Comparison(f"No comparison with {earlier}: {error.message}")
    services = ServiceChanges.of(
        _of(accounts, lines_before),
        within_stretch(_of(accounts, lines), counted_stretch(period, before.requested)),
        currency,
        answers.brands,
    )
    total = services.total
    with_usage = {row.account for row in usage.coverage if row.state is not State.UNSUPPORTED}
    note = f"vs {earlier}"
    if with_usage - accounts:
        note += (
            f", comparing {', '.join(sorted(accounts))}"
            f" (the others have no complete data for one of the {_units(period)})"
        )
    columns = _columns(before.requested, period)
    return Comparison(note, Figure.difference(total.difference), total.percent, columns, services)


def _complete_accounts(answer: Answer[Usage]) -> set[str]:
    complete = {row.account for row in answer.coverage if row.state is State.COMPLETE}
    return complete - {row.account for row in answer.holes}


def _of(accounts: set[str], lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.charge.account in accounts]


def _columns(before: Period, period: Period) -> tuple[str, str]:
    if all(each == Period.month_of(each.start) for each in (before, period)):
        return period_name(before), period_name(period)
    return "Before", "This period"


def _units(period: Period) -> str:
    return "months" if period == Period.month_of(period.start) else "periods"
