"""Legal invoices as rows of Invoice Detail, and the rows that complete their months' charges."""

from __future__ import annotations

from billfold.adapter.catalogue import Catalogue
from billfold.focus._legal_invoices import LegalInvoice
from billfold.focus.row_values import (
    FocusRow,
    account_level_columns,
    billing_account_columns,
    cost_columns,
    invoice_issuer,
    json_text,
    period_columns,
    provider_columns,
    writable,
)
from billfold.money import Money
from billfold.period import midnight

_USAGE, _ADJUSTMENT, _TAX = "Usage", "Adjustment", "Tax"


def invoice_detail_rows(
    invoice: LegalInvoice, catalogue: Catalogue, *, by_charges: bool
) -> tuple[FocusRow, ...]:
    """Return the rows of Invoice Detail, one per charge category.

    With ``by_charges`` the net amount is divided like the exported charges, and a difference is an
    adjustment. Otherwise it is one row, because the provider states no lines.
    """
    amounts = {_net_category(invoice, catalogue): invoice.net}
    if by_charges and invoice.charged is not None:
        amounts = dict(invoice.charged)
        difference = invoice.difference
        if difference.amount:
            known = amounts.get(_ADJUSTMENT, Money.zero(difference.currency))
            amounts[_ADJUSTMENT] = known + difference
    if invoice.tax.amount:
        amounts[_TAX] = invoice.tax
    return tuple(
        _detail_row(invoice, catalogue, category, amount) for category, amount in amounts.items()
    )


def _net_category(invoice: LegalInvoice, catalogue: Catalogue) -> str:
    return _ADJUSTMENT if invoice.invoice.type in catalogue.correction_types else _USAGE


def _detail_row(
    legal: LegalInvoice, catalogue: Catalogue, category: str, amount: Money
) -> FocusRow:
    invoice, issued = legal.invoice, midnight(legal.issued_on)
    billed = billing_account_columns(catalogue, invoice.account, invoice.billing_account_id)
    cost = writable(amount.amount, "an invoice's line")
    note = "" if invoice.net is not None else ", tax included"
    return {
        "BilledCost": cost,
        "BillingAccountId": billed["BillingAccountId"],
        "BillingCurrency": amount.currency,
        "BillingPeriodEnd": legal.period.end,
        "BillingPeriodStart": legal.period.start,
        "ChargeCategory": category,
        "InvoiceDetailCreated": issued,
        "InvoiceDetailDescription": f"{category} of {legal.period}{note}",
        "InvoiceDetailGrain": json_text({"x_ChargeCategory": category}),
        "InvoiceDetailId": legal.line_id(category),
        "InvoiceDetailLastUpdated": issued,
        "InvoiceId": legal.number,
        "InvoiceIssueDate": issued,
        "InvoiceIssueStatus": _issue_status(legal, catalogue),
        "InvoiceIssuerName": invoice_issuer(catalogue),
        "PaymentCurrency": amount.currency,
        "PaymentCurrencyBilledCost": cost,
        "PaymentCurrencyInvoiceDetailId": legal.line_id(category),
        "PaymentDueDate": None if invoice.due_on is None else midnight(invoice.due_on),
        "PaymentTerms": _payment_terms(legal),
        "ReferenceInvoiceId": legal.number,
        "x_Account": invoice.account,
        "x_ProviderRecordId": invoice.id,
    }


def _issue_status(legal: LegalInvoice, catalogue: Catalogue) -> str:
    # A correction has the status of what it withdraws, and is issued itself.
    is_correction = legal.invoice.type in catalogue.correction_types
    is_voided = legal.invoice.status in catalogue.voided_statuses
    return "Voided" if is_voided and not is_correction else "Issued"


def _payment_terms(legal: LegalInvoice) -> str:
    due_on = legal.invoice.due_on
    return "Not stated" if due_on is None else f"Net {(due_on - legal.issued_on).days}"


def completing_rows(
    invoice: LegalInvoice, catalogue: Catalogue, *, by_charges: bool
) -> tuple[FocusRow, ...]:
    """Return the rows of Cost and Usage that an invoice adds to the charges of its period.

    That is the tax and, with ``by_charges``, the difference between net amount and charges, so that
    all rows of the invoice add up to its total.
    """
    rows = []
    if invoice.tax.amount:
        rows.append(_tax_row(invoice, catalogue))
    if by_charges and invoice.difference.amount:
        rows.append(_difference_row(invoice, catalogue))
    return tuple(rows)


def _tax_row(invoice: LegalInvoice, catalogue: Catalogue) -> FocusRow:
    return {
        **_account_row(invoice, catalogue, _TAX, invoice.tax),
        "ChargeDescription": "Tax",
        "ChargeFrequency": "Recurring",
        "x_CostBasis": "invoice",
    }


def _difference_row(invoice: LegalInvoice, catalogue: Catalogue) -> FocusRow:
    return {
        **_account_row(invoice, catalogue, _ADJUSTMENT, invoice.difference),
        "ChargeDescription": "Difference between the invoice and the metered charges",
        "ChargeFrequency": "One-Time",
        "x_CostBasis": "invoice-difference",
    }


def _account_row(
    legal: LegalInvoice, catalogue: Catalogue, category: str, amount: Money
) -> FocusRow:
    invoice, period = legal.invoice, legal.period
    return {
        **provider_columns(catalogue),
        **billing_account_columns(catalogue, invoice.account, invoice.billing_account_id),
        **period_columns(period, period.start, period.end),
        **cost_columns(amount),
        **account_level_columns(),
        "ChargeCategory": category,
        "InvoiceDetailId": legal.line_id(category),
        "InvoiceId": legal.number,
        "x_ProviderRecordId": invoice.id,
    }
