"""Legal invoices as rows: Invoice Detail, and in Cost and Usage the tax and what ties a month to its invoice. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from attrs import frozen

from billfold.facts import Facts
from billfold.focus.rows import Row, account_level, billed_to, booked, json_text, sold_by, unpriced, writable
from billfold.model import Invoice, InvoiceKind, Usage
from billfold.money import Money
from billfold.period import Period, midnight

# The net amount and the tax are the two lines that a legal invoice is known to have.
NET, TAX = 1, 2


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
        covers, same = usage.covers, self.invoice.billing_account_id in (None, usage.billing_account_id)
        return same and covers.start <= self.period.start and self.period.end <= covers.end

    def line(self, number: int) -> str:
        """Name one of its lines."""
        return f"{self.number}/{number}"


def bills(invoices: Iterable[Invoice], facts: Facts) -> tuple[tuple[Bill, ...], int]:
    """Select the legal invoices of one account and tie them to months; also count those without a date or total.

    No provider says which month a legal invoice bills, so it is tied to a month's metering invoice only if it was issued
    within the month after, its net amount is the metering's total but for rounding, and no other invoice fits as well.
    """
    known = tuple(invoices)
    legal = [invoice for invoice in known if invoice.kind is InvoiceKind.LEGAL]
    dated = [invoice for invoice in legal if invoice.issued_on is not None and invoice.total is not None]
    metered = [invoice for invoice in known if invoice.kind is InvoiceKind.METERING and invoice.period is not None]
    pairs = [(bill, month) for bill in dated for month in metered if _fits(bill, month, facts)]
    of_bill, of_month = Counter(id(bill) for bill, _ in pairs), Counter(id(month) for _, month in pairs)
    tied = {id(bill): month.period for bill, month in pairs if of_bill[id(bill)] == of_month[id(month)] == 1}
    return tuple(_bill(invoice, tied.get(id(invoice))) for invoice in dated), len(legal) - len(dated)


def _fits(bill: Invoice, month: Invoice, facts: Facts) -> bool:
    if bill.issued_on is None or month.period is None or bill.type in facts.corrections or bill.status in facts.voided:
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
    return Bill(invoice, invoice.total, period or Period.month_of(midnight(invoice.issued_on)), period is not None)


def details(bill: Bill, facts: Facts) -> tuple[Row, ...]:
    """Map an invoice to rows of Invoice Detail: its net amount, and its tax where one is stated."""
    correction = bill.invoice.type in facts.corrections
    stated = bill.invoice.net is not None
    description = "Correction" if correction else f"Services of {bill.period}"
    text = description if stated else f"{description}, tax included"
    net = _detail(bill, facts, NET, "Adjustment" if correction else "Usage", bill.net, text)
    return (net, _detail(bill, facts, TAX, "Tax", bill.tax, "Tax")) if stated and bill.tax.amount else (net,)


def _detail(bill: Bill, facts: Facts, number: int, category: str, amount: Money, description: str) -> Row:
    invoice = bill.invoice
    assert invoice.issued_on is not None
    issued, cost = midnight(invoice.issued_on), writable(amount.amount, "an invoice's line")
    billed_by, billed = sold_by(facts), billed_to(facts, invoice.account, invoice.billing_account_id, None)
    voided = invoice.status in facts.voided and invoice.type not in facts.corrections
    return {
        "BilledCost": cost,
        "BillingAccountId": billed["BillingAccountId"],
        "BillingCurrency": amount.currency,
        "BillingPeriodEnd": bill.period.end,
        "BillingPeriodStart": bill.period.start,
        "ChargeCategory": category,
        "InvoiceDetailCreated": issued,
        "InvoiceDetailDescription": description,
        "InvoiceDetailGrain": json_text({"x_LineType": "tax" if number == TAX else "net"}),
        "InvoiceDetailId": bill.line(number),
        "InvoiceDetailLastUpdated": issued,
        "InvoiceId": bill.number,
        "InvoiceIssueDate": issued,
        "InvoiceIssueStatus": "Voided" if voided else "Issued",
        "InvoiceIssuerName": billed_by["InvoiceIssuerName"],
        "PaymentCurrency": amount.currency,
        "PaymentCurrencyBilledCost": cost,
        "PaymentCurrencyInvoiceDetailId": bill.line(number),
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


def lines(bill: Bill, exported: Money, facts: Facts) -> Sequence[Row]:
    """Complete a tied month in Cost and Usage: the tax, and what the net amount has more than the rows ``exported``."""
    tax = [_line(bill, facts, TAX, "Tax", bill.tax, "Recurring", "invoice", "Tax")] if bill.tax.amount else []
    rest = bill.net - exported
    if not rest.amount:
        return tax
    text = "Difference between the invoice and the metered charges"
    return [*tax, _line(bill, facts, NET, "Adjustment", rest, "One-Time", "invoice-difference", text)]


def _line(
    bill: Bill, facts: Facts, number: int, category: str, amount: Money, frequency: str, basis: str, description: str
) -> Row:
    invoice = bill.invoice
    return {
        **sold_by(facts),
        **billed_to(facts, invoice.account, invoice.billing_account_id, None),
        **booked(bill.period, bill.period.start, max(bill.period.end, bill.period.start + timedelta(seconds=1))),
        **unpriced(amount),
        **account_level(),
        "ChargeCategory": category,
        "ChargeDescription": description,
        "ChargeFrequency": frequency,
        "InvoiceDetailId": bill.line(number),
        "InvoiceId": bill.number,
        "x_CostBasis": basis,
        "x_ProviderRecordId": invoice.id,
    }
