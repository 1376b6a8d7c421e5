"""The answers that a report is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from billfold.answer import Answer
from billfold.model import Invoice, Usage, bills_in
from billfold.period import Period, span
from billfold.reconcile.views import Views


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
