"""Reports over answers made by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import evolve

from billfold import Answer, Balance, Coverage, Invoice, Period, State, Stream, Usage
from billfold.costs.lines import Line
from billfold.costs.trend import Trend
from billfold.costs.view import priced_lines
from billfold.reconcile.views import Views
from billfold.report import ReportAnswers, ReportContent, build_content
from support.costs import OCTOBER, answer, charge

DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
BOTH = answer(charge("10.00 EUR"), charge("5.00 EUR", account="cloud"))
# Without charts, for what is looked at beside them: to draw takes a second.
IDLE = evolve(BOTH, items=())


def views(
    usage: Answer[Usage], balances: Sequence[Balance] = (), invoices: Sequence[Invoice] = ()
) -> Views:
    """Return views of usage; of the other streams those without items are unsupported."""

    def other(stream: Stream, items: Sequence[Any] = ()) -> Answer[Any]:
        state = State.COMPLETE if items else State.UNSUPPORTED
        return Answer(stream, OCTOBER, tuple(items), (Coverage("ci", "harmont", stream, state),))

    return Views(
        usage,
        other(Stream.DAILY),
        other(Stream.LEDGER),
        other(Stream.BALANCES, balances),
        other(Stream.INVOICES, invoices),
    )


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
    currency: str | None = "EUR",
    trend: Trend | None = None,
    brands: Mapping[str, str] | None = None,
    **others: Any,
) -> ReportContent:
    """Return the content of a report about usage, compared with the usage ``before``."""
    answers = ReportAnswers(period, views(usage, **others), before, brands or {})
    return build_content(answers, euros, currency=currency, now=now, partial=partial, trend=trend)
