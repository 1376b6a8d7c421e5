"""A legal invoice, and which charges are on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import define

from billfold.model import Invoice, Usage, start_within
from billfold.model.taxes import is_taxed
from billfold.money import Money, sum_by_currency
from billfold.period import Period, span


@define(eq=False)
class LegalInvoice:
    """A legal invoice that can be exported.

    ``period`` is what it bills. ``is_tied`` is whether the charges of that period are on it: the
    provider states the period, or the metering of it has the same amount, as ``is_metered`` says.
    ``is_alone`` says of a part of a month that no other invoice of the billing account bills any of
    that month.
    ``shares_number`` is whether another document of the provider has the same number. ``charged``
    adds up the charges by category; it is None until a usage of the period was read. ``original``
    is the tied invoice that a correction is of, ``reference`` the number of the document it names.
    """

    invoice: Invoice
    issued_on: date
    total: Money
    period: Period
    is_tied: bool
    is_metered: bool = False
    is_alone: bool = False
    shares_number: bool = False
    charged: dict[str, Money] | None = None
    original: LegalInvoice | None = None
    reference: str | None = None

    @property
    def number(self) -> str:
        """The invoice's number, or its id without one."""
        return self.invoice.number or self.invoice.id

    @property
    def net(self) -> Money:
        """The amount before tax, or the total where no net amount is stated."""
        return self.total if self.invoice.net is None else self.invoice.net

    @property
    def tax(self) -> Money:
        """The total without the net amount, where that may be a tax: else it is none."""
        more = self.total - self.net
        return more if is_taxed(self.total, self.net) else Money.zero(more.currency)

    @property
    def beyond_tax(self) -> Money:
        """What the total has more than the net amount, or less, and is no tax."""
        more = self.total - self.net
        return Money.zero(more.currency) if is_taxed(self.total, self.net) else more

    @property
    def corrected(self) -> LegalInvoice | None:
        """The invoice beside whose charges a correction stands: of another period it does not."""
        original = self.original
        return original if original is not None and self.is_within(original) else None

    def is_within(self, other: LegalInvoice) -> bool:
        """Return whether all the time that this document bills is billed by another, too."""
        return other.period.encloses(self.period)

    def time_in(self, usage: Usage) -> Period | None:
        """Return the time whose charges in a usage are on this invoice, None where none are.

        That is the period. A part of a month may be but a day that stands for the month, and then
        the charges of the other days are on the invoice, too. So a part is tied only where its
        charges make the net amount, or where there are no others in the month of an invoice that
        ``is_alone``. Where the metering is of a part, the charges of the month may make the amount.
        """
        if not usage.covers.encloses(self.period):
            return None
        if self.period.is_whole_months:
            return self.period
        months = months_around(self.period)
        of_month = self._costs_in(usage, months)
        inside = self._costs_in(usage, self.period)
        if inside and self._is_made_by(inside):
            return self.period
        if not self.is_alone or not of_month:
            return None
        if self.is_metered and self._is_made_by(of_month):
            return months
        has_all = usage.covers.encloses(months) and usage.sub_account_id is None
        return self.period if has_all and len(inside) == len(of_month) else None

    def _costs_in(self, usage: Usage, time: Period) -> list[Money]:
        return [
            charge.cost
            for charge in usage.charges
            if charge.cost is not None
            and charge.cost.currency == self.total.currency
            and start_within(charge, usage.covers) in time
        ]

    def _is_made_by(self, costs: Iterable[Money]) -> bool:
        return (self.net - self._sum(costs)).is_rounding_noise()

    def _sum(self, costs: Iterable[Money]) -> Money:
        return sum_by_currency([Money.zero(self.net.currency), *costs])[self.net.currency]

    @property
    def difference(self) -> Money:
        """What the net amount has more than the charges."""
        return self.net - self._sum((self.charged or {}).values())

    @property
    def doubt(self) -> str | None:
        """What is to be said of charges that do not explain the net amount, None without any.

        Or of a correction that no charges are beside, though they are on the invoice it is of.
        """
        if self.original is not None and self.corrected is None:
            return (
                f"{self.number} bills {self.period} and corrects {self.original.number} of "
                f"{self.original.period}: it stands in Invoice Detail alone"
            )
        if self.charged is None and self.is_tied and not self.period.is_whole_months:
            return (
                f"invoice {self.number} bills {self.period}, no whole month, whose charges are "
                f"not its net amount of {self.net}: it is tied to none"
            )
        if self.charged is None or self.difference.is_rounding_noise():
            return None
        asked = "total" if self.invoice.net is None else "net amount"
        return (
            f"invoice {self.number} has a {asked} of {self.net}, the charges of {self.period} that "
            f"are on it are {self.net - self.difference}: the Adjustment of {self.difference} is "
            f"more than rounding, see billfold reconcile --period {self.period}"
        )

    def line_id(self, category: str) -> str:
        """Return the id of the invoice's line of a charge category."""
        document = f"{self.number}/{self.invoice.id}" if self.shares_number else self.number
        return f"{document}/{category.lower()}"


def months_around(period: Period) -> Period:
    """Return the whole months that a period shares time with."""
    months = span(Period.month_of(part.start) for part in period.split_months())
    assert months is not None
    return months
