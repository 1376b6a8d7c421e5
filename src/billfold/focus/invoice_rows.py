"""Legal invoices as rows: Invoice Detail, and in Cost and Usage the tax and what ties a month to its invoice. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import frozen

from billfold.adapter.catalogue import Catalogue
from billfold.focus.row_values import (
    Row,
    account_level,
    billed_to,
    booked,
    json_text,
    sold_by,
    unpriced,
    writable,
)
from billfold.model import Invoice, InvoiceKind, Usage
from billfold.money import Money, sum_by_currency
from billfold.period import Period, midnight

USAGE, ADJUSTMENT, TAX = "Usage", "Adjustment", "Tax"


@frozen
class Bill:
    """A legal invoice that can be exported: its dates and total are known. ``tied`` is the month of metering it bills."""

    invoice: Invoice
    total: Money
    period: Period
    tied: bool

    @property
    def number(self) -> str:
        """What the invoice is called."""
        return self.invoice.number or self.invoice.id

    @property
    def net(self) -> Money:
        """The amount before tax; the total where no net amount is stated, which is then one line."""
        return self.invoice.net if self.invoice.net is not None else self.total

    @property
    def tax(self) -> Money:
        """What the total has more than the net amount."""
        return self.total - self.net

    def within(self, usage: Usage) -> bool:
        """Tell whether a usage of who is billed covers the month that is billed."""
        covers, same = (
            usage.covers,
            self.invoice.billing_account_id in (None, usage.billing_account_id),
        )
        return same and covers.start <= self.period.start and self.period.end <= covers.end

    def line(self, category: str) -> str:
        """Name its line of a charge category."""
        return f"{self.number}/{category.lower()}"


def bills(invoices: Iterable[Invoice], catalogue: Catalogue) -> tuple[tuple[Bill, ...], int]:
    """Select the legal invoices of one account and tie them to months; also count those without a date or total.

    No provider says which month a legal invoice bills, so it is tied to a month's metering invoice only if it was issued
    within the month after, its net amount is the metering's total but for rounding, and no other invoice fits as well.
    """
    known = tuple(invoices)
    legal = [invoice for invoice in known if invoice.kind is InvoiceKind.LEGAL]
    dated = [
        invoice for invoice in legal if invoice.issued_on is not None and invoice.total is not None
    ]
    metered = [
        invoice
        for invoice in known
        if invoice.kind is InvoiceKind.METERING and invoice.period is not None
    ]
    pairs = [(bill, month) for bill in dated for month in metered if _fits(bill, month, catalogue)]
    of_bill, of_month = (
        Counter(id(bill) for bill, _ in pairs),
        Counter(id(month) for _, month in pairs),
    )
    tied = {
        id(bill): month.period
        for bill, month in pairs
        if of_bill[id(bill)] == of_month[id(month)] == 1
    }
    return tuple(_bill(invoice, tied.get(id(invoice))) for invoice in dated), len(legal) - len(
        dated
    )


def _fits(bill: Invoice, month: Invoice, catalogue: Catalogue) -> bool:
    if (
        bill.issued_on is None
        or month.period is None
        or bill.type in catalogue.correction_types
        or bill.status in catalogue.voided_statuses
    ):
        return False
    same = bill.account == month.account and bill.billing_account_id == month.billing_account_id
    after = Period.month_of(month.period.end)
    return same and midnight(bill.issued_on) in after and _rounds_to(bill.net, month.total)


def _rounds_to(net: Money | None, metered: Money | None) -> bool:
    """Tell whether a net amount is what was metered, but for rounding it to the currency's smallest unit."""
    if net is None or metered is None or net.currency != metered.currency:
        return False
    return abs(net - metered) < Money.minor(1, net.currency)


def _bill(invoice: Invoice, billed: Period | None) -> Bill:
    assert invoice.issued_on is not None
    assert invoice.total is not None
    period = invoice.period or billed
    return Bill(
        invoice,
        invoice.total,
        period or Period.month_of(midnight(invoice.issued_on)),
        period is not None,
    )


def shares(
    bill: Bill, exported: Mapping[str, Money] | None, catalogue: Catalogue
) -> dict[str, Money]:
    """Split an invoice by charge category, which is all that is known of its lines.

    ``exported`` is what the rows of its month add up to, where they are all there; a difference is an adjustment.
    """
    if exported is None:
        found = {ADJUSTMENT if bill.invoice.type in catalogue.correction_types else USAGE: bill.net}
    else:
        found = dict(exported)
        if (rest := difference(bill, exported)).amount:
            found[ADJUSTMENT] = found.get(ADJUSTMENT, Money.zero(rest.currency)) + rest
    return {**found, TAX: bill.tax} if bill.tax.amount else found


def difference(bill: Bill, exported: Mapping[str, Money]) -> Money:
    """Return what the net amount has more than the rows of its month."""
    return (
        bill.net
        - sum_by_currency([Money.zero(bill.net.currency), *exported.values()])[bill.net.currency]
    )


def details(
    bill: Bill, exported: Mapping[str, Money] | None, catalogue: Catalogue
) -> tuple[Row, ...]:
    """Map an invoice to rows of Invoice Detail, one per charge category."""
    note = "" if bill.invoice.net is not None else ", tax included"
    return tuple(
        _detail(bill, catalogue, category, amount, f"{category} of {bill.period}{note}")
        for category, amount in shares(bill, exported, catalogue).items()
    )


def _detail(
    bill: Bill, catalogue: Catalogue, category: str, amount: Money, description: str
) -> Row:
    invoice = bill.invoice
    assert invoice.issued_on is not None
    issued, cost = midnight(invoice.issued_on), writable(amount.amount, "an invoice's line")
    billed_by, billed = (
        sold_by(catalogue),
        billed_to(catalogue, invoice.account, invoice.billing_account_id, None),
    )
    voided = (
        invoice.status in catalogue.voided_statuses
        and invoice.type not in catalogue.correction_types
    )
    return {
        "BilledCost": cost,
        "BillingAccountId": billed["BillingAccountId"],
        "BillingCurrency": amount.currency,
        "BillingPeriodEnd": bill.period.end,
        "BillingPeriodStart": bill.period.start,
        "ChargeCategory": category,
        "InvoiceDetailCreated": issued,
        "InvoiceDetailDescription": description,
        "InvoiceDetailGrain": json_text({"x_ChargeCategory": category}),
        "InvoiceDetailId": bill.line(category),
        "InvoiceDetailLastUpdated": issued,
        "InvoiceId": bill.number,
        "InvoiceIssueDate": issued,
        "InvoiceIssueStatus": "Voided" if voided else "Issued",
        "InvoiceIssuerName": billed_by["InvoiceIssuerName"],
        "PaymentCurrency": amount.currency,
        "PaymentCurrencyBilledCost": cost,
        "PaymentCurrencyInvoiceDetailId": bill.line(category),
        "PaymentDueDate": None if invoice.due_on is None else midnight(invoice.due_on),
        "PaymentTerms": _terms(invoice),
        "ReferenceInvoiceId": bill.number,
        "x_Account": invoice.account,
        "x_ProviderRecordId": invoice.id,
    }


def _terms(invoice: Invoice) -> str:
    if invoice.due_on is None or invoice.issued_on is None:
        return "Not stated"
    return f"Net {(invoice.due_on - invoice.issued_on).days}"


def lines(
    bill: Bill, exported: Mapping[str, Money] | None, catalogue: Catalogue
) -> tuple[Row, ...]:
    """Complete a tied month in Cost and Usage: the tax, and what the net amount has more than the rows ``exported``."""
    rows = []
    if bill.tax.amount:
        rows.append(_line(bill, catalogue, TAX, bill.tax, "invoice"))
    if exported is not None and (rest := difference(bill, exported)).amount:
        rows.append(_line(bill, catalogue, ADJUSTMENT, rest, "invoice-difference"))
    return tuple(rows)


def _line(bill: Bill, catalogue: Catalogue, category: str, amount: Money, basis: str) -> Row:
    invoice, tax = bill.invoice, category == TAX
    return {
        **sold_by(catalogue),
        **billed_to(catalogue, invoice.account, invoice.billing_account_id, None),
        **booked(bill.period, bill.period.start, bill.period.end),
        **unpriced(amount),
        **account_level(),
        "ChargeCategory": category,
        "ChargeDescription": "Tax"
        if tax
        else "Difference between the invoice and the metered charges",
        "ChargeFrequency": "Recurring" if tax else "One-Time",
        "InvoiceDetailId": bill.line(category),
        "InvoiceId": bill.number,
        "x_CostBasis": basis,
        "x_ProviderRecordId": invoice.id,
    }
