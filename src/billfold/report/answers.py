"""The answers that a report is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from attrs import frozen

from billfold.answer import Answer
from billfold.model import Invoice, Usage, bills_in
from billfold.period import Period, span
from billfold.reconcile.views import Views


@frozen
class ReportAnswers:
    """What was asked for a report: all views of a period, and the usage of the period before.

    ``period`` None is each provider's current one, which has no usage ``before``.
    """

    period: Period | None
    views: Views
    before: Answer[Usage] | None

    def invoices(self) -> Iterator[Invoice]:
        """Yield the invoices that bill the period, of every invoice that the accounts have.

        The current period of an account is what its usage covers, or without usage what the usage
        of all accounts covers.
        """
        covered: dict[str, list[Period]] = defaultdict(list)
        for usage in self.views.usage:
            covered[usage.account].append(usage.covers)
        everywhere = span(period for periods in covered.values() for period in periods)
        for invoice in self.views.invoices:
            period = self.period or span(covered.get(invoice.account, ())) or everywhere
            if bills_in(invoice, period):
                yield invoice
