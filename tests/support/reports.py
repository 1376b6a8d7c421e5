"""Reports over answers made by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime

from billfold import Answer, Coverage, Period, State, Stream, Usage
from billfold.costs import Line, priced_lines
from billfold.reconcile import Views
from billfold.report.content import Asked, Content, content
from support.costs import OCTOBER, answer, charge

DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)
BOTH = answer(charge("10.00 EUR"), charge("5.00 EUR", account="cloud"))


def views(now: Answer[Usage]) -> Views:
    empty = {
        stream: Answer(stream, OCTOBER, (), (Coverage("ci", "harmont", stream, State.UNSUPPORTED),))
        for stream in (Stream.DAILY, Stream.LEDGER, Stream.BALANCES, Stream.INVOICES)
    }
    return Views(now, *empty.values())  # type: ignore[arg-type]  # by name, in order


def euros(whole: Answer[Usage]) -> Sequence[Line]:
    return priced_lines(whole, currency="EUR")


def report(now: Answer[Usage], before: Answer[Usage] | None, *, period: Period | None = OCTOBER, at: datetime = DECEMBER,
           partial: bool = False) -> Content:  # fmt: skip
    return content(
        Asked(period, views(now), before), euros, currency="EUR", now=at, partial=partial
    )
