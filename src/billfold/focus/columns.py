"""The columns of FOCUS 1.4, in the order they are written: the specification's by name, then ours by name.

Each says what billfold writes there and, where it can be null, why. Both are for people: ``billfold focus explain`` and
docs/focus.md print them.
"""

from __future__ import annotations

import re
from enum import StrEnum

from attrs import frozen

from billfold.errors import ConfigError


class Kind(StrEnum):
    """What a column's values are, in FOCUS' words."""

    TEXT = "String"
    NUMBER = "Decimal"
    TIME = "Date/Time"
    JSON = "JSON"


class Profile(StrEnum):
    """Whom an export is for: readers of FOCUS 1.4 and older ones, of FOCUS 1.2 alone, or Vantage's custom provider."""

    V1_4 = "1.4"
    V1_2 = "1.2"
    VANTAGE = "vantage"


class Dataset(StrEnum):
    """The datasets of FOCUS 1.4 that billfold writes; the value is the file's name."""

    COST_AND_USAGE = "cost_and_usage"
    INVOICE_DETAIL = "invoice_detail"
    BILLING_PERIOD = "billing_period"


@frozen
class Column:
    """A column; ``null`` says why it may be null, None where it never is. ``since`` is the first FOCUS version that has it."""

    name: str
    kind: Kind
    says: str
    null: str | None = None
    since: str = "1.2"


_PRICED = "credits, taxes and adjustments have no price"
_COMMITMENT = "no provider's API states commitments, reservations or contracts"
_SPLIT = "billfold exports what the provider charged, not a share of it"
_REGION = "no provider's API states a region with its charges"
_INVOICED = "the month has no legal invoice yet, or none that its net amount and date tie to the month's metering"

T, N, D, J = Kind.TEXT, Kind.NUMBER, Kind.TIME, Kind.JSON

_COST_AND_USAGE = (
    Column("AllocatedMethodDetails", J, "nothing", _SPLIT, "1.3"),
    Column("AllocatedMethodId", T, "nothing", _SPLIT, "1.3"),
    Column("AllocatedResourceId", T, "nothing", _SPLIT, "1.3"),
    Column("AllocatedResourceName", T, "nothing", _SPLIT, "1.3"),
    Column("AllocatedTags", J, "nothing", _SPLIT, "1.3"),
    Column("AvailabilityZone", T, "nothing", _REGION),
    Column("BilledCost", N, "what the provider charged, after discounts, every digit kept"),
    Column(
        "BillingAccountId",
        T,
        "the organization, team or customer billed; prefixed where it is only digits",
    ),
    Column("BillingAccountName", T, "its name, or its id again"),
    Column("BillingAccountType", T, "the provider's word for it"),
    Column("BillingCurrency", T, "ISO 4217 code"),
    Column("BillingPeriodEnd", D, "the end of the UTC month the line is booked in, exclusive"),
    Column("BillingPeriodStart", D, "the start of the UTC month the line is booked in"),
    Column("CapacityReservationId", T, "nothing", _COMMITMENT),
    Column("CapacityReservationStatus", T, "nothing", _COMMITMENT),
    Column("ChargeCategory", T, "Usage, Purchase, Tax, Credit or Adjustment"),
    Column(
        "ChargeClass",
        T,
        "Correction",
        "no provider marks a line as the correction of a closed month",
    ),
    Column("ChargeDescription", T, "the provider's description, or its name of the service"),
    Column(
        "ChargeFrequency",
        T,
        "Usage-Based for usage, Recurring for purchases and taxes, else One-Time",
    ),
    Column("ChargePeriodEnd", D, "when the charge ends, exclusive, cut to whole seconds"),
    Column("ChargePeriodStart", D, "when the charge begins, cut to whole seconds"),
    Column("CommitmentDiscountCategory", T, "nothing", _COMMITMENT),
    Column("CommitmentDiscountId", T, "nothing", _COMMITMENT),
    Column("CommitmentDiscountName", T, "nothing", _COMMITMENT),
    Column("CommitmentDiscountQuantity", N, "nothing", _COMMITMENT),
    Column("CommitmentDiscountStatus", T, "nothing", _COMMITMENT),
    Column("CommitmentDiscountType", T, "nothing", _COMMITMENT),
    Column("CommitmentDiscountUnit", T, "nothing", _COMMITMENT),
    Column("CommitmentProgramEligibilityDetails", J, "nothing", _COMMITMENT, "1.4"),
    Column(
        "ConsumedQuantity",
        N,
        "what was used, or what the lines included in this one used, or 1 of the service's unit",
        "only usage consumes",
    ),
    Column("ConsumedUnit", T, "the unit of ConsumedQuantity", "only usage consumes"),
    Column("ContractApplied", J, "nothing", _COMMITMENT, "1.3"),
    Column(
        "ContractedCost",
        N,
        "ContractedUnitPrice x PricingQuantity, exactly; BilledCost where there is no price",
    ),
    Column("ContractedUnitPrice", N, "ListUnitPrice again: no negotiated rate is stated", _PRICED),
    Column("EffectiveCost", N, "BilledCost again: nothing is amortised"),
    Column(
        "HostProviderName",
        T,
        "the provider's brand",
        "what is billed to the account as a whole is hosted nowhere",
        "1.3",
    ),
    Column("InvoiceDetailId", T, "the invoice's line in Invoice Detail", _INVOICED, "1.4"),
    Column("InvoiceId", T, "the number of the legal invoice", _INVOICED),
    Column("InvoiceIssuerName", T, "who sends the bill"),
    Column(
        "ListCost",
        N,
        "ListUnitPrice x PricingQuantity, exactly; BilledCost where there is no price",
    ),
    Column(
        "ListUnitPrice",
        N,
        "the provider's price of a unit; where it states none, the amount before discounts",
        _PRICED,
    ),
    Column("PricingCategory", T, "Standard", _PRICED),
    Column("PricingCurrency", T, "BillingCurrency again"),
    Column("PricingCurrencyContractedUnitPrice", N, "ContractedUnitPrice again", _PRICED),
    Column("PricingCurrencyEffectiveCost", N, "EffectiveCost again"),
    Column("PricingCurrencyListUnitPrice", N, "ListUnitPrice again", _PRICED),
    Column(
        "PricingQuantity",
        N,
        "how many units were charged; 1 where no unit price is stated, negative for money back",
        _PRICED,
    ),
    Column("PricingUnit", T, "the unit of PricingQuantity, in FOCUS' spelling", _PRICED),
    Column("ProviderName", T, "the provider's brand, for readers of FOCUS 1.2 and 1.3"),
    Column("PublisherName", T, "the provider's brand, for readers of FOCUS 1.2 and 1.3"),
    Column("RegionId", T, "nothing", _REGION),
    Column("RegionName", T, "nothing", _REGION),
    Column(
        "ResourceId",
        T,
        "what the charge is about; prefixed where it is only digits",
        "the line is about no single resource",
    ),
    Column("ResourceName", T, "its name, or its id again", "the line is about no single resource"),
    Column("ResourceType", T, "the provider's word for it", "the line is about no single resource"),
    Column("ServiceCategory", T, "declared by the adapter, one per service"),
    Column("ServiceName", T, "declared by the adapter"),
    Column("ServiceProviderName", T, "the provider's brand", since="1.3"),
    Column("ServiceSubcategory", T, "declared by the adapter, one per service"),
    Column("SkuId", T, "a stable slug of what is sold: no provider has ids of prices", _PRICED),
    Column("SkuMeter", T, "what is counted", _PRICED),
    Column(
        "SkuPriceDetails",
        J,
        "the shape that is priced (cores, memory, plan)",
        "no price, or no shape is stated",
    ),
    Column("SkuPriceId", T, "SkuId again", _PRICED),
    Column(
        "SubAccountId",
        T,
        "the project, pipeline or cluster; prefixed where it is only digits",
        "the line is above projects",
    ),
    Column("SubAccountName", T, "its name, or its id again", "the line is above projects"),
    Column("SubAccountType", T, "the provider's word for it", "the line is above projects"),
    Column(
        "Tags",
        J,
        "the user's tags; one without a value is true",
        "the resource has no tags of the user",
    ),
    Column("x_Account", T, "the account's name in billfold.toml"),
    Column(
        "x_CostBasis",
        T,
        "where the amount comes from: usage, derived (from stated totals), ledger, invoice, or invoice-difference",
    ),
    Column("x_Details", J, "what else the provider says about the line", "it says no more"),
    Column("x_ListCost", N, "the cost before discounts, as the provider states it", "not stated"),
    Column("x_ProviderRecordId", T, "the id of the charge, ledger entry or invoice in billfold"),
    Column("x_Quantity", N, "the quantity, as the provider states it", "not stated"),
    Column("x_Reason", T, "why billfold computed the line", "the provider states the line itself"),
    Column(
        "x_Service",
        T,
        "the service, in the provider's words",
        "the line comes from a ledger or an invoice",
    ),
    Column("x_Unit", T, "the unit, in the provider's words", "not stated"),
    Column("x_UnitPrice", N, "the price of a unit, as the provider states it", "not stated"),
)

_INVOICE_DETAIL = (
    Column("BilledCost", N, "the line's amount"),
    Column("BillingAccountId", T, "the organization, team or customer billed"),
    Column("BillingCurrency", T, "ISO 4217 code"),
    Column("BillingPeriodEnd", D, "the end of the month invoiced, exclusive"),
    Column(
        "BillingPeriodStart",
        D,
        "the start of the month invoiced; of the month of issue where that is all that is known",
    ),
    Column(
        "ChargeCategory",
        T,
        "the category of the charges that the line sums up; Adjustment for a correction",
    ),
    Column("InvoiceDetailCreated", D, "the day of issue: nothing closer is stated"),
    Column("InvoiceDetailDescription", T, "what the line is"),
    Column("InvoiceDetailGrain", J, "what the line sums up: a charge category"),
    Column("InvoiceDetailId", T, "the invoice's number and the charge category"),
    Column("InvoiceDetailLastUpdated", D, "the day of issue: nothing closer is stated"),
    Column("InvoiceId", T, "the legal number, or the id where there is none"),
    Column("InvoiceIssueDate", D, "the day of issue"),
    Column("InvoiceIssueStatus", T, "Issued, or Voided"),
    Column("InvoiceIssuerName", T, "who sends the bill"),
    Column("PaymentCurrency", T, "BillingCurrency again"),
    Column("PaymentCurrencyBilledCost", N, "BilledCost again"),
    Column("PaymentCurrencyInvoiceDetailId", T, "InvoiceDetailId again"),
    Column("PaymentDueDate", D, "the day it is due", "not stated"),
    Column("PaymentTerms", T, "the days from issue to due, as in Net 14"),
    Column("PurchaseOrderNumber", T, "nothing", "no provider's API states one"),
    Column("ReferenceInvoiceId", T, "InvoiceId again: what a correction corrects is not stated"),
    Column("x_Account", T, "the account's name in billfold.toml"),
    Column("x_ProviderRecordId", T, "the id of the invoice in billfold"),
)

_BILLING_PERIOD = (
    Column("BillingPeriodCreated", D, "the start of the month"),
    Column("BillingPeriodEnd", D, "the end of the month, exclusive"),
    Column("BillingPeriodLastUpdated", D, "when it was closed, or when it was exported"),
    Column("BillingPeriodStart", D, "the start of the month"),
    Column(
        "BillingPeriodStatus", T, "Closed two days after the month: until then late lines are usual"
    ),
    Column("InvoiceIssuerName", T, "who sends the bill"),
)

_ALL = {
    Dataset.COST_AND_USAGE: _COST_AND_USAGE,
    Dataset.INVOICE_DETAIL: _INVOICE_DETAIL,
    Dataset.BILLING_PERIOD: _BILLING_PERIOD,
}
# Vantage's custom provider reads a subset of FOCUS.
_VANTAGE = frozenset(
    re.findall(
        r"\w+",
        """BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory
        ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart ConsumedQuantity ConsumedUnit EffectiveCost ListCost
        RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName SubAccountId SubAccountName
        Tags""",
    )
)


def columns(dataset: Dataset, profile: Profile = Profile.V1_4) -> tuple[Column, ...]:
    """List a dataset's columns under a profile; none where the profile has no such dataset."""
    known = _ALL[dataset]
    if profile is Profile.V1_4:
        return known
    if dataset is not Dataset.COST_AND_USAGE:
        return ()
    if profile is Profile.VANTAGE:
        return tuple(column for column in known if column.name in _VANTAGE)
    return tuple(column for column in known if column.since == "1.2")


def find(name: str) -> tuple[tuple[Dataset, Column], ...]:
    """Find a column by name, letter case aside, in every dataset that has it. Raises ConfigError for an unknown one."""
    found = tuple(
        (dataset, column)
        for dataset in Dataset
        for column in _ALL[dataset]
        if column.name.lower() == name.lower()
    )
    if not found:
        raise ConfigError(f"no dataset has a column {name!r}; docs/focus.md lists them all")
    return found
