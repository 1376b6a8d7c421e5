"""Rows of what no charge says: ledger entries, legal invoices, and the months that are billed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from billfold.adapter.catalogue import Catalogue
from billfold.focus._corrections import is_correction, is_withdrawn
from billfold.focus._legal_invoice import LegalInvoice, months_around
from billfold.focus.row_values import (
    FocusRow,
    billed_id,
    common_columns,
    invoice_issuer,
    json_text,
    title_words,
)
from billfold.model import Category, LedgerEntry
from billfold.money import Money
from billfold.period import Period, midnight

_USAGE, _ADJUSTMENT, _TAX = "Usage", "Adjustment", "Tax"
# A row that is for the account, not for a service.
_ACCOUNT_LEVEL = {
    "HostProviderName": None,
    "ServiceCategory": "Other",
    "ServiceName": "Account Level Charges",
    "ServiceSubcategory": "Other (Other)",
}
# Charges of a month may arrive a day or two after its end (Harmont's CONTRACT.md, section 3.3).
_SETTLED_AFTER = timedelta(days=2)
_LAST = datetime.max.replace(tzinfo=UTC)  # an invoice may bill up to the end of the calendar


def ledger_row(entry: LedgerEntry, category: Category, catalogue: Catalogue) -> FocusRow:
    """Return the row of Cost and Usage of a ledger entry: credits and refunds, not in the usage.

    What is added to the balance lowers the cost, so the sign is turned. The entry's description is
    not exported: it may contain the code of a coupon.
    """
    month = Period.month_of(entry.at)
    return {
        **common_columns(entry, catalogue, -entry.amount, month, entry.at, entry.at),
        **_ACCOUNT_LEVEL,
        "ChargeCategory": category.value.capitalize(),
        "ChargeDescription": title_words(entry.kind),
        "ChargeFrequency": "One-Time",
        "x_CostBasis": "ledger",
    }


def completing_rows(
    invoice: LegalInvoice, catalogue: Catalogue, *, by_charges: bool
) -> Iterator[FocusRow]:
    """Yield the rows of Cost and Usage that an invoice adds to the charges of its period.

    That is the tax, or what else the total has more than the net amount, and, with ``by_charges``,
    the difference between net amount and charges, so that all rows of the invoice add up to its
    total.
    """
    if invoice.tax.amount:
        yield {
            **_invoice_columns(invoice, catalogue, _TAX, invoice.tax),
            "ChargeDescription": "Tax",
            "ChargeFrequency": "Recurring",
            "x_CostBasis": "invoice",
        }
    if invoice.beyond_tax.amount:
        yield {
            **_invoice_columns(invoice, catalogue, _ADJUSTMENT, invoice.beyond_tax),
            "ChargeDescription": "Difference between the invoice's total and its net amount",
            "ChargeFrequency": "One-Time",
            "x_CostBasis": "invoice-difference",
        }
    if by_charges and invoice.difference.amount:
        yield {
            **_invoice_columns(invoice, catalogue, _ADJUSTMENT, invoice.difference),
            "ChargeDescription": "Difference between the invoice and the metered charges",
            "ChargeFrequency": "One-Time",
            "x_CostBasis": "invoice-difference",
        }


def correction_rows(correction: LegalInvoice, catalogue: Catalogue) -> Iterator[FocusRow]:
    """Yield the rows of Cost and Usage of a document that changes what an invoice asks for.

    They are of FOCUS' class Correction where it is dated when its billing period was closed.
    """
    amounts = {_ADJUSTMENT: correction.net + correction.beyond_tax, _TAX: correction.tax}
    closed = _closes(months_around(correction.period)) <= midnight(correction.issued_on)
    for category, amount in amounts.items():
        if amount.amount:
            yield {
                **_invoice_columns(correction, catalogue, category, amount),
                "ChargeClass": "Correction" if closed else None,
                "ChargeDescription": f"{category} of a correction",
                "ChargeFrequency": "One-Time",
                "x_CostBasis": "invoice",
            }


def _invoice_columns(
    legal: LegalInvoice, catalogue: Catalogue, category: str, amount: Money
) -> FocusRow:
    period, month = legal.period, Period.month_of(legal.period.start)
    return {
        **common_columns(legal.invoice, catalogue, amount, month, period.start, period.end),
        **_ACCOUNT_LEVEL,
        "ChargeCategory": category,
        "InvoiceDetailId": legal.line_id(category),
        "InvoiceId": legal.number,
    }


def invoice_detail_rows(
    invoice: LegalInvoice, catalogue: Catalogue, *, by_charges: bool
) -> Iterator[FocusRow]:
    """Yield the rows of Invoice Detail, one per charge category.

    The net amount is divided like the exported charges. A difference is an adjustment with
    ``by_charges``, and else usage, of which some was not read. Without charges it is one row,
    because the provider states no lines.
    """
    adjusts = is_correction(invoice.invoice, catalogue)
    amounts = {_ADJUSTMENT if adjusts else _USAGE: invoice.net}
    if invoice.charged is not None:
        amounts = dict(invoice.charged)
        difference = invoice.difference
        if difference.amount:
            rest = _ADJUSTMENT if by_charges else _USAGE
            amounts[rest] = amounts.get(rest, Money.zero(difference.currency)) + difference
    for category, more in ((_ADJUSTMENT, invoice.beyond_tax), (_TAX, invoice.tax)):
        if more.amount:
            amounts[category] = amounts.get(category, Money.zero(more.currency)) + more
    for category, amount in amounts.items():
        yield _detail_row(invoice, catalogue, category, amount)


def _detail_row(
    legal: LegalInvoice, catalogue: Catalogue, category: str, amount: Money
) -> FocusRow:
    invoice, issued, line_id = legal.invoice, midnight(legal.issued_on), legal.line_id(category)
    cost = amount.amount
    note = "" if invoice.net is not None else ", tax included"
    due_on = invoice.due_on
    return {
        "BilledCost": cost,
        "BillingAccountId": billed_id(invoice, catalogue),
        "BillingCurrency": amount.currency,
        "BillingPeriodEnd": legal.period.end,
        "BillingPeriodStart": legal.period.start,
        "ChargeCategory": category,
        "InvoiceDetailCreated": issued,
        "InvoiceDetailDescription": f"{category} of {legal.period}{note}",
        "InvoiceDetailGrain": json_text({"x_ChargeCategory": category}),
        "InvoiceDetailId": line_id,
        "InvoiceDetailLastUpdated": issued,
        "InvoiceId": legal.number,
        "InvoiceIssueDate": issued,
        "InvoiceIssueStatus": "Voided" if is_withdrawn(invoice, catalogue) else "Issued",
        "InvoiceIssuerName": invoice_issuer(catalogue),
        "PaymentCurrency": amount.currency,
        "PaymentCurrencyBilledCost": cost,
        "PaymentCurrencyInvoiceDetailId": line_id,
        "PaymentDueDate": None if due_on is None else midnight(due_on),
        "PaymentTerms": f"Net {(due_on - legal.issued_on).days}" if due_on else "Not stated",
        "ReferenceInvoiceId": legal.reference or legal.number,
        "x_Account": invoice.account,
        "x_ProviderRecordId": invoice.id,
    }


def billing_period_row(issuer: str, month: Period, now: datetime) -> FocusRow:
    """Return the row of Billing Period of an issuer's month, closed two days after its end."""
    closes = _closes(month)
    return {
        "BillingPeriodCreated": month.start,
        "BillingPeriodEnd": month.end,
        "BillingPeriodLastUpdated": max(min(closes, now.replace(microsecond=0)), month.start),
        "BillingPeriodStart": month.start,
        "BillingPeriodStatus": "Closed" if now >= closes else "Open",
        "InvoiceIssuerName": issuer,
    }


def _closes(month: Period) -> datetime:
    """Return when the charges of a month, or of several, have all arrived."""
    return month.end + min(_SETTLED_AFTER, _LAST - month.end)
