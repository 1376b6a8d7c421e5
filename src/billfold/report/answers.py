"""The answers that a report is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, field, frozen

from billfold.answer import Answer
from billfold.coverage import Coverage
from billfold.model import Invoice, State, Stream, Usage, bills_in
from billfold.period import Period, span
from billfold.reconcile.reconciliation import was_not_read
from billfold.reconcile.views import Views, lack_of


@frozen
class ReportAnswers:
    """What was asked for a report: all views of a period, and the usage of the period before.

    ``period`` None is each provider's current one, which has no usage ``before``. Of a period that
    is not over, ``before`` is of the same stretch of the one before. ``brands`` are what people
    call the providers.
    """

    period: Period | None
    views: Views
    before: Answer[Usage] | None
    brands: Mapping[str, str] = field(factory=dict)

    def invoices(self) -> Iterator[Invoice]:
        """Yield the invoices that bill the period, of every invoice that asks for money.

        The current period of an account is what its usage covers, or without usage what the usage
        of all accounts covers.
        """
        covered: dict[str, list[Period]] = defaultdict(list)
        for usage in self.views.usage:
            covered[usage.account].append(usage.covers)
        everywhere = span(period for periods in covered.values() for period in periods)
        for invoice in self.views.invoices:
            period = self.period or span(covered.get(invoice.account, ())) or everywhere
            if invoice.counts and bills_in(invoice, period):
                yield invoice

    def lacking(self) -> tuple[Answer[Any], ...]:
        """Return the other views that lack something, each with only the rows that say so.

        Those that the page shows may lack it as well because a store has nothing of it.
        """
        narrowed = (
            evolve(view, coverage=tuple(self._holes(view)))
            for view in self.views.answers
            if view.stream is not Stream.USAGE
        )
        return tuple(view for view in narrowed if view.coverage)

    def _holes(self, view: Answer[Any]) -> Iterable[Coverage]:
        if view.stream is Stream.BALANCES:
            return view.holes
        if view.stream is Stream.INVOICES:
            return (row for row in view.holes if not self._is_known(row, view.coverage))
        return filter(was_not_read, view.holes)

    def _is_known(self, row: Coverage, coverage: Iterable[Coverage]) -> bool:
        """Return whether invoices, which are asked of all time, are known of the period in full."""
        own = [other for other in coverage if other.name == row.name]
        windows = () if self.period is None else (self.period,)
        return row.state is State.DIFFERENT_WINDOW and lack_of(own, windows) is None

    def charged_in(self) -> set[str]:
        """Return the currencies in which anything cost more or less than zero."""
        costs = (charge.cost for usage in self.views.usage for charge in usage.charges)
        return {cost.currency for cost in costs if cost is not None and cost.amount}

    def only_currency(self) -> str | None:
        """Return the one currency that anything was charged in.

        Where nothing was, that is the first of those that usage states zero in, or the one of the
        other views. None where there is no such one.
        """
        found = self.charged_in()
        if not found and (idle := {code for usage in self.views.usage for code in usage.totals()}):
            return min(idle)
        others = {
            *(balance.amount.currency for balance in self.views.balances),
            *(day.cost.currency for day in self.views.daily),
            *(entry.amount.currency for entry in self.views.ledger),
            *(bill.total.currency for bill in self.views.invoices if bill.total is not None),
        }
        found = found or others
        return found.pop() if len(found) == 1 else None
