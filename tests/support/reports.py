"""Reports over answers made by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime

from billfold import Answer, Coverage, Period, State, Stream, Usage
from billfold.costs.lines import Line
from billfold.costs.view import priced_lines
from billfold.reconcile.views import Views
from billfold.report import ReportAnswers, ReportContent, build_content
from support.costs import OCTOBER, answer, charge

DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
BOTH = answer(charge("10.00 EUR"), charge("5.00 EUR", account="cloud"))


def views(usage: Answer[Usage]) -> Views:
    """Return views of usage alone; the other streams are unsupported."""
    empty = {
        stream: Answer(stream, OCTOBER, (), (Coverage("ci", "harmont", stream, State.UNSUPPORTED),))
        for stream in (Stream.DAILY, Stream.LEDGER, Stream.BALANCES, Stream.INVOICES)
    }
    return Views(usage, *empty.values())  # type: ignore[arg-type]  # by name, in order


def euros(usage: Answer[Usage]) -> Sequence[Line]:
    """Return the lines of usage in euros."""
    return priced_lines(usage, currency="EUR")


def content(
    usage: Answer[Usage],
    before: Answer[Usage] | None = None,
    *,
    period: Period | None = OCTOBER,
    now: datetime = DECEMBER,
    partial: bool = False,
) -> ReportContent:
    """Return the content of a report about usage, compared with the usage ``before``."""
    answers = ReportAnswers(period, views(usage), before)
    return build_content(answers, euros, currency="EUR", now=now, partial=partial)
