"""The columns of each dataset: what billfold writes into them, and where they are null."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import partial

from attrs import frozen

from billfold.focus.choices import Dataset


class ValueType(StrEnum):
    """The type of a column's values, in FOCUS' words."""

    TEXT = "String"
    NUMBER = "Decimal"
    TIME = "Date/Time"
    JSON = "JSON"


@frozen
class Column:
    """A column: what billfold writes into it, and where it is null.

    ``holds`` is None for a column that is always null, ``null_where`` is None for one that never
    is. ``since`` is the first FOCUS version that has the column.
    """

    value_type: ValueType
    name: str
    holds: str | None
    null_where: str | None = None
    since: str = "1.2"

    @property
    def content(self) -> str:
        """What the column holds, in words."""
        return self.holds or "nothing"

    @property
    def is_own(self) -> bool:
        """Whether the column is billfold's own, not FOCUS'."""
        return self.name.startswith("x_")


_text = partial(Column, ValueType.TEXT)
_number = partial(Column, ValueType.NUMBER)
_time = partial(Column, ValueType.TIME)
_json = partial(Column, ValueType.JSON)


def _unused(
    reason: str, names: str, value_type: ValueType = ValueType.TEXT, since: str = "1.2"
) -> list[Column]:
    """Return columns of FOCUS that are always null for one reason."""
    return [Column(value_type, name, None, reason, since) for name in names.split()]


# Why a column is null.
_COMMITMENTS = "no provider's API states commitments, reservations or contracts"
_SHARES = "billfold exports what the provider charged, not shares of it"
_REGION = "no provider's API states a region with its charges"
_PRICE = "credits, taxes and adjustments have no price"
_INVOICE = "the charge is tied to no legal invoice"
_RESOURCE = "the charge is not about a single resource"
_PROJECT = "the charge belongs to no single project"
_STATED = "the provider does not state it"

_OLD_BRAND = "the provider's brand, for readers of FOCUS 1.2 and 1.3"
_NAME = "its name, or its id if it has none"
_PREFIXED = "prefixed if it reads like a number"
_ISSUE_DAY = "the day of issue: no time of day is stated"

_COST_AND_USAGE = (
    *_unused(_SHARES, "AllocatedMethodId AllocatedResourceId AllocatedResourceName", since="1.3"),
    *_unused(_SHARES, "AllocatedMethodDetails AllocatedTags", ValueType.JSON, "1.3"),
    *_unused(_REGION, "AvailabilityZone RegionId RegionName"),
    *_unused(
        _COMMITMENTS,
        "CapacityReservationId CapacityReservationStatus CommitmentDiscountCategory "
        "CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus "
        "CommitmentDiscountType CommitmentDiscountUnit",
    ),
    *_unused(_COMMITMENTS, "CommitmentDiscountQuantity", ValueType.NUMBER),
    *_unused(_COMMITMENTS, "CommitmentProgramEligibilityDetails", ValueType.JSON, "1.4"),
    *_unused(_COMMITMENTS, "ContractApplied", ValueType.JSON, "1.3"),
    *_unused("no provider marks a charge as a correction of a closed month", "ChargeClass"),
    _number("BilledCost", "what the provider charged, after discounts, with every digit"),
    _text("BillingAccountId", f"the organization, team or customer that is billed; {_PREFIXED}"),
    _text("BillingAccountName", _NAME),
    _text("BillingAccountType", "the provider's word for it"),
    _text("BillingCurrency", "an ISO 4217 code"),
    _time("BillingPeriodEnd", "the end of the UTC month the charge is booked in, exclusive"),
    _time("BillingPeriodStart", "the start of the UTC month the charge is booked in"),
    _text("ChargeCategory", "Usage, Purchase, Tax, Credit or Adjustment"),
    _text("ChargeDescription", "the provider's description, or its name for the service"),
    _text(
        "ChargeFrequency", "Usage-Based for usage, Recurring for purchases and taxes, else One-Time"
    ),
    _time("ChargePeriodEnd", "when the charge ends, exclusive, in whole seconds"),
    _time("ChargePeriodStart", "when the charge begins, in whole seconds"),
    _number(
        "ConsumedQuantity",
        "the quantity used; else the sum of the charges included in this one; else 1 of the "
        "service's default unit",
        "only usage is consumed",
    ),
    _text("ConsumedUnit", "the unit of ConsumedQuantity", "only usage is consumed"),
    _number(
        "ContractedCost",
        "ContractedUnitPrice x PricingQuantity, exactly; BilledCost where there is no price",
    ),
    _number(
        "ContractedUnitPrice",
        "same as ListUnitPrice: no provider states a negotiated price",
        _PRICE,
    ),
    _number("EffectiveCost", "same as BilledCost: nothing is amortised"),
    _text(
        "HostProviderName",
        "the provider's brand",
        "the charge is for the account, and not for something that is hosted",
        "1.3",
    ),
    _text("InvoiceDetailId", "the invoice's line in Invoice Detail", _INVOICE, "1.4"),
    _text("InvoiceId", "the number of the legal invoice", _INVOICE),
    _text("InvoiceIssuerName", "who sends the invoice"),
    _number(
        "ListCost", "ListUnitPrice x PricingQuantity, exactly; BilledCost where there is no price"
    ),
    _number(
        "ListUnitPrice",
        "the provider's price per unit; where none is stated, the amount before discounts",
        _PRICE,
    ),
    _text("PricingCategory", "Standard", _PRICE),
    _text("PricingCurrency", "same as BillingCurrency"),
    _number("PricingCurrencyContractedUnitPrice", "same as ContractedUnitPrice", _PRICE),
    _number("PricingCurrencyEffectiveCost", "same as EffectiveCost"),
    _number("PricingCurrencyListUnitPrice", "same as ListUnitPrice", _PRICE),
    _number(
        "PricingQuantity",
        "the number of units charged; 1 where no unit price is stated; negative for money back",
        _PRICE,
    ),
    _text("PricingUnit", "the unit of PricingQuantity, as FOCUS spells it", _PRICE),
    _text("ProviderName", _OLD_BRAND),
    _text("PublisherName", _OLD_BRAND),
    _text("ResourceId", f"what the charge is for; {_PREFIXED}", _RESOURCE),
    _text("ResourceName", _NAME, _RESOURCE),
    _text("ResourceType", "the provider's word for it", _RESOURCE),
    _text("ServiceCategory", "the service's category, as the adapter declares it"),
    _text("ServiceName", "the service, as the adapter declares it"),
    _text("ServiceProviderName", "the provider's brand", since="1.3"),
    _text("ServiceSubcategory", "the service's subcategory, as the adapter declares it"),
    _text("SkuId", "a stable id of what is sold: no provider has ids of its prices", _PRICE),
    _text("SkuMeter", "what is counted", _PRICE),
    _json(
        "SkuPriceDetails",
        "what the price depends on (cores, memory, product)",
        "there is no price, or the provider states none of it",
    ),
    _text("SkuPriceId", "same as SkuId", _PRICE),
    _text("SubAccountId", f"the project, pipeline or cluster; {_PREFIXED}", _PROJECT),
    _text("SubAccountName", _NAME, _PROJECT),
    _text("SubAccountType", "the provider's word for it", _PROJECT),
    _json(
        "Tags",
        "the user's tags; a tag without a value is true",
        "the resource has no tags of the user",
    ),
    _text("x_Account", "the account's name in billfold.toml"),
    _text(
        "x_CostBasis",
        "where the amount comes from: usage, derived (from stated totals), ledger, invoice or "
        "invoice-difference",
    ),
    _json("x_Details", "other details that the provider states", "it states none"),
    _number("x_ListCost", "the cost before discounts, as the provider states it", _STATED),
    _text("x_ProviderRecordId", "the id of the charge, ledger entry or invoice in billfold"),
    _number("x_Quantity", "the quantity, as the provider states it", _STATED),
    _text("x_Reason", "why billfold computed the charge", "the provider states the charge itself"),
    _text(
        "x_Service",
        "the service, in the provider's words",
        "the row comes from a ledger or an invoice",
    ),
    _text("x_Unit", "the unit, in the provider's words", _STATED),
    _number("x_UnitPrice", "the price per unit, as the provider states it", _STATED),
)
_INVOICE_DETAIL = (
    _number("BilledCost", "the line's amount"),
    _text("BillingAccountId", "the organization, team or customer that is billed"),
    _text("BillingCurrency", "an ISO 4217 code"),
    _time("BillingPeriodEnd", "the end of the billed period, exclusive"),
    _time(
        "BillingPeriodStart",
        "the start of the billed period: as stated, else of the metering that the invoice is tied "
        "to, else of the month before the day of issue",
    ),
    _text(
        "ChargeCategory",
        "the category of the charges that the line sums up; Adjustment for a correction",
    ),
    _time("InvoiceDetailCreated", _ISSUE_DAY),
    _text("InvoiceDetailDescription", "the charge category and the billed period"),
    _json("InvoiceDetailGrain", "what the line sums up: one charge category"),
    _text("InvoiceDetailId", "the invoice's number and the charge category"),
    _time("InvoiceDetailLastUpdated", _ISSUE_DAY),
    _text("InvoiceId", "the invoice's number, or its id where it has no number"),
    _time("InvoiceIssueDate", "the day of issue"),
    _text("InvoiceIssueStatus", "Issued or Voided"),
    _text("InvoiceIssuerName", "who sends the invoice"),
    _text("PaymentCurrency", "same as BillingCurrency"),
    _number("PaymentCurrencyBilledCost", "same as BilledCost"),
    _text("PaymentCurrencyInvoiceDetailId", "same as InvoiceDetailId"),
    _time("PaymentDueDate", "the day it is due", "no due date is stated"),
    _text("PaymentTerms", "the days from issue to due (Net 14), or Not stated"),
    *_unused("no provider's API states one", "PurchaseOrderNumber"),
    _text(
        "ReferenceInvoiceId",
        "same as InvoiceId: no provider states which invoice a correction corrects",
    ),
    _text("x_Account", "the account's name in billfold.toml"),
    _text("x_ProviderRecordId", "the invoice's id in billfold"),
)
_BILLING_PERIOD = (
    _time("BillingPeriodCreated", "the start of the month"),
    _time("BillingPeriodEnd", "the end of the month, exclusive"),
    _time("BillingPeriodLastUpdated", "the time it closed, or of the export if it is open"),
    _time("BillingPeriodStart", "the start of the month"),
    _text(
        "BillingPeriodStatus",
        "Open, and Closed from two days after the month, when late charges have arrived",
    ),
    _text("InvoiceIssuerName", "who sends the invoice"),
)
COLUMNS: Mapping[Dataset, tuple[Column, ...]] = {
    Dataset.COST_AND_USAGE: _COST_AND_USAGE,
    Dataset.INVOICE_DETAIL: _INVOICE_DETAIL,
    Dataset.BILLING_PERIOD: _BILLING_PERIOD,
}
