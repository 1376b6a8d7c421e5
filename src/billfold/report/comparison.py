"""What changed from the period before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from attrs import frozen

from billfold.answer import Answer
from billfold.costs.lines import Line
from billfold.errors import RateError
from billfold.model import State, Usage
from billfold.money import Money, sum_by_currency
from billfold.report.answers import ReportAnswers
from billfold.report.figures import Figure, percentage, period_name

ConvertedLines = Callable[[Answer[Usage]], Sequence[Line]]


@frozen
class Comparison:
    """The difference to the period before, and what is compared.

    Without an honest comparison ``difference`` is None, and ``note`` says why.
    """

    note: str
    difference: Figure | None = None
    percent: str | None = None


def compare(
    answers: ReportAnswers,
    lines: Iterable[Line],
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
    if period.end > now:
        if before.requested.end - before.requested.start > now - period.start:
            return Comparison(f"No comparison: {period_name(period)} is not over yet")
        earlier = f"the same stretch before, {earlier}"
    usage = answers.views.usage
    accounts = _complete_accounts(usage) & _complete_accounts(before)
    if not accounts:
        return Comparison(f"No comparison: no account has complete data for {earlier} as well")
    if currency is None:
        return Comparison(f"No comparison with {earlier}: nothing was charged")
    try:
        lines_before = convert(before)
    except RateError as error:
        return Comparison(f"No comparison with {earlier}: {error.message}")
    base = _cost(lines_before, accounts, currency)
    difference = _cost(lines, accounts, currency) - base
    with_usage = {row.account for row in usage.coverage if row.state is not State.UNSUPPORTED}
    note = f"vs {earlier}"
    if with_usage - accounts:
        note += (
            f", comparing {', '.join(sorted(accounts))}"
            " (the others lack data for one of the two periods)"
        )
    return Comparison(note, Figure.difference(difference), percentage(difference, base))


def _complete_accounts(answer: Answer[Usage]) -> set[str]:
    complete = {row.account for row in answer.coverage if row.state is State.COMPLETE}
    return complete - {row.account for row in answer.holes}


def _cost(lines: Iterable[Line], accounts: set[str], currency: str) -> Money:
    amounts = [
        line.converted
        for line in lines
        if line.converted is not None and line.charge.account in accounts
    ]
    return sum_by_currency([Money.zero(currency), *amounts])[currency]
