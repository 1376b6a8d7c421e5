"""The columns of Invoice Detail and Billing Period: those of FOCUS by name, then billfold's own."""

from __future__ import annotations

from billfold.focus._column import Column, ValueType, unused

TEXT, NUMBER, TIME, JSON = ValueType.TEXT, ValueType.NUMBER, ValueType.TIME, ValueType.JSON

_ISSUE_DAY = "the day of issue: no time of day is stated"

INVOICE_DETAIL = (
    Column("BilledCost", NUMBER, "the line's amount"),
    Column("BillingAccountId", TEXT, "the organization, team or customer that is billed"),
    Column("BillingCurrency", TEXT, "an ISO 4217 code"),
    Column("BillingPeriodEnd", TIME, "the end of the billed period, exclusive"),
    Column(
        "BillingPeriodStart",
        TIME,
        "the start of the billed period: as stated, else of the metering that the invoice is tied "
        "to, else of the month before the day of issue",
    ),
    Column(
        "ChargeCategory",
        TEXT,
        "the category of the charges that the line sums up; Adjustment for a correction",
    ),
    Column("InvoiceDetailCreated", TIME, _ISSUE_DAY),
    Column("InvoiceDetailDescription", TEXT, "the charge category and the billed period"),
    Column("InvoiceDetailGrain", JSON, "what the line sums up: one charge category"),
    Column("InvoiceDetailId", TEXT, "the invoice's number and the charge category"),
    Column("InvoiceDetailLastUpdated", TIME, _ISSUE_DAY),
    Column("InvoiceId", TEXT, "the invoice's number, or its id where it has no number"),
    Column("InvoiceIssueDate", TIME, "the day of issue"),
    Column("InvoiceIssueStatus", TEXT, "Issued or Voided"),
    Column("InvoiceIssuerName", TEXT, "who sends the invoice"),
    Column("PaymentCurrency", TEXT, "same as BillingCurrency"),
    Column("PaymentCurrencyBilledCost", NUMBER, "same as BilledCost"),
    Column("PaymentCurrencyInvoiceDetailId", TEXT, "same as InvoiceDetailId"),
    Column("PaymentDueDate", TIME, "the day it is due", "no due date is stated"),
    Column("PaymentTerms", TEXT, "the days from issue to due (Net 14), or Not stated"),
    unused("PurchaseOrderNumber", TEXT, "no provider's API states one"),
    Column(
        "ReferenceInvoiceId",
        TEXT,
        "same as InvoiceId: no provider states which invoice a correction corrects",
    ),
    Column("x_Account", TEXT, "the account's name in billfold.toml"),
    Column("x_ProviderRecordId", TEXT, "the invoice's id in billfold"),
)

BILLING_PERIOD = (
    Column("BillingPeriodCreated", TIME, "the start of the month"),
    Column("BillingPeriodEnd", TIME, "the end of the month, exclusive"),
    Column("BillingPeriodLastUpdated", TIME, "the time it closed, or of the export if it is open"),
    Column("BillingPeriodStart", TIME, "the start of the month"),
    Column(
        "BillingPeriodStatus",
        TEXT,
        "Open, and Closed from two days after the month, when late charges have arrived",
    ),
    Column("InvoiceIssuerName", TEXT, "who sends the invoice"),
)
