"""The columns of Cost and Usage: those of FOCUS by name, then billfold's own by name."""

from __future__ import annotations

from billfold.focus._column import Column, ValueType, unused

TEXT, NUMBER, TIME, JSON = ValueType.TEXT, ValueType.NUMBER, ValueType.TIME, ValueType.JSON

# Why a column is null.
_COMMITMENTS = "no provider's API states commitments, reservations or contracts"
_SHARES = "billfold exports what the provider charged, not shares of it"
_REGION = "no provider's API states a region with its charges"
_PRICE = "credits, taxes and adjustments have no price"
_USAGE = "only usage is consumed"
_INVOICE = "the charge is tied to no legal invoice"
_RESOURCE = "the charge is not about a single resource"
_PROJECT = "the charge belongs to no single project"
_STATED = "the provider does not state it"

_BRAND_FOR_OLD_READERS = "the provider's brand, for readers of FOCUS 1.2 and 1.3"

COST_AND_USAGE = (
    unused("AllocatedMethodDetails", JSON, _SHARES, "1.3"),
    unused("AllocatedMethodId", TEXT, _SHARES, "1.3"),
    unused("AllocatedResourceId", TEXT, _SHARES, "1.3"),
    unused("AllocatedResourceName", TEXT, _SHARES, "1.3"),
    unused("AllocatedTags", JSON, _SHARES, "1.3"),
    unused("AvailabilityZone", TEXT, _REGION),
    Column("BilledCost", NUMBER, "what the provider charged, after discounts, with every digit"),
    Column(
        "BillingAccountId",
        TEXT,
        "the organization, team or customer that is billed; prefixed if it reads like a number",
    ),
    Column("BillingAccountName", TEXT, "its name, or its id if it has none"),
    Column("BillingAccountType", TEXT, "the provider's word for it"),
    Column("BillingCurrency", TEXT, "an ISO 4217 code"),
    Column("BillingPeriodEnd", TIME, "the end of the UTC month the charge is booked in, exclusive"),
    Column("BillingPeriodStart", TIME, "the start of the UTC month the charge is booked in"),
    unused("CapacityReservationId", TEXT, _COMMITMENTS),
    unused("CapacityReservationStatus", TEXT, _COMMITMENTS),
    Column("ChargeCategory", TEXT, "Usage, Purchase, Tax, Credit or Adjustment"),
    unused("ChargeClass", TEXT, "no provider marks a charge as a correction of a closed month"),
    Column("ChargeDescription", TEXT, "the provider's description, or its name for the service"),
    Column(
        "ChargeFrequency",
        TEXT,
        "Usage-Based for usage, Recurring for purchases and taxes, else One-Time",
    ),
    Column("ChargePeriodEnd", TIME, "when the charge ends, exclusive, in whole seconds"),
    Column("ChargePeriodStart", TIME, "when the charge begins, in whole seconds"),
    unused("CommitmentDiscountCategory", TEXT, _COMMITMENTS),
    unused("CommitmentDiscountId", TEXT, _COMMITMENTS),
    unused("CommitmentDiscountName", TEXT, _COMMITMENTS),
    unused("CommitmentDiscountQuantity", NUMBER, _COMMITMENTS),
    unused("CommitmentDiscountStatus", TEXT, _COMMITMENTS),
    unused("CommitmentDiscountType", TEXT, _COMMITMENTS),
    unused("CommitmentDiscountUnit", TEXT, _COMMITMENTS),
    unused("CommitmentProgramEligibilityDetails", JSON, _COMMITMENTS, "1.4"),
    Column(
        "ConsumedQuantity",
        NUMBER,
        "the quantity used; else the sum of the charges included in this one; else 1 of the "
        "service's default unit",
        _USAGE,
    ),
    Column("ConsumedUnit", TEXT, "the unit of ConsumedQuantity", _USAGE),
    unused("ContractApplied", JSON, _COMMITMENTS, "1.3"),
    Column(
        "ContractedCost",
        NUMBER,
        "ContractedUnitPrice x PricingQuantity, exactly; BilledCost where there is no price",
    ),
    Column(
        "ContractedUnitPrice",
        NUMBER,
        "same as ListUnitPrice: no provider states a negotiated price",
        _PRICE,
    ),
    Column("EffectiveCost", NUMBER, "same as BilledCost: nothing is amortised"),
    Column(
        "HostProviderName",
        TEXT,
        "the provider's brand",
        "the charge is for the account, and not for something that is hosted",
        "1.3",
    ),
    Column("InvoiceDetailId", TEXT, "the invoice's line in Invoice Detail", _INVOICE, "1.4"),
    Column("InvoiceId", TEXT, "the number of the legal invoice", _INVOICE),
    Column("InvoiceIssuerName", TEXT, "who sends the invoice"),
    Column(
        "ListCost",
        NUMBER,
        "ListUnitPrice x PricingQuantity, exactly; BilledCost where there is no price",
    ),
    Column(
        "ListUnitPrice",
        NUMBER,
        "the provider's price per unit; where none is stated, the amount before discounts",
        _PRICE,
    ),
    Column("PricingCategory", TEXT, "Standard", _PRICE),
    Column("PricingCurrency", TEXT, "same as BillingCurrency"),
    Column("PricingCurrencyContractedUnitPrice", NUMBER, "same as ContractedUnitPrice", _PRICE),
    Column("PricingCurrencyEffectiveCost", NUMBER, "same as EffectiveCost"),
    Column("PricingCurrencyListUnitPrice", NUMBER, "same as ListUnitPrice", _PRICE),
    Column(
        "PricingQuantity",
        NUMBER,
        "the number of units charged; 1 where no unit price is stated; negative for money back",
        _PRICE,
    ),
    Column("PricingUnit", TEXT, "the unit of PricingQuantity, as FOCUS spells it", _PRICE),
    Column("ProviderName", TEXT, _BRAND_FOR_OLD_READERS),
    Column("PublisherName", TEXT, _BRAND_FOR_OLD_READERS),
    unused("RegionId", TEXT, _REGION),
    unused("RegionName", TEXT, _REGION),
    Column(
        "ResourceId",
        TEXT,
        "what the charge is for; prefixed if it reads like a number",
        _RESOURCE,
    ),
    Column("ResourceName", TEXT, "its name, or its id if it has none", _RESOURCE),
    Column("ResourceType", TEXT, "the provider's word for it", _RESOURCE),
    Column("ServiceCategory", TEXT, "the service's category, as the adapter declares it"),
    Column("ServiceName", TEXT, "the service, as the adapter declares it"),
    Column("ServiceProviderName", TEXT, "the provider's brand", since="1.3"),
    Column("ServiceSubcategory", TEXT, "the service's subcategory, as the adapter declares it"),
    Column("SkuId", TEXT, "a stable id of what is sold: no provider has ids of its prices", _PRICE),
    Column("SkuMeter", TEXT, "what is counted", _PRICE),
    Column(
        "SkuPriceDetails",
        JSON,
        "what the price depends on (cores, memory, product)",
        "there is no price, or the provider states none of it",
    ),
    Column("SkuPriceId", TEXT, "same as SkuId", _PRICE),
    Column(
        "SubAccountId",
        TEXT,
        "the project, pipeline or cluster; prefixed if it reads like a number",
        _PROJECT,
    ),
    Column("SubAccountName", TEXT, "its name, or its id if it has none", _PROJECT),
    Column("SubAccountType", TEXT, "the provider's word for it", _PROJECT),
    Column(
        "Tags",
        JSON,
        "the user's tags; a tag without a value is true",
        "the resource has no tags of the user",
    ),
    Column("x_Account", TEXT, "the account's name in billfold.toml"),
    Column(
        "x_CostBasis",
        TEXT,
        "where the amount comes from: usage, derived (from stated totals), ledger, invoice or "
        "invoice-difference",
    ),
    Column("x_Details", JSON, "other details that the provider states", "it states none"),
    Column("x_ListCost", NUMBER, "the cost before discounts, as the provider states it", _STATED),
    Column("x_ProviderRecordId", TEXT, "the id of the charge, ledger entry or invoice in billfold"),
    Column("x_Quantity", NUMBER, "the quantity, as the provider states it", _STATED),
    Column(
        "x_Reason",
        TEXT,
        "why billfold computed the charge",
        "the provider states the charge itself",
    ),
    Column(
        "x_Service",
        TEXT,
        "the service, in the provider's words",
        "the row comes from a ledger or an invoice",
    ),
    Column("x_Unit", TEXT, "the unit, in the provider's words", _STATED),
    Column("x_UnitPrice", NUMBER, "the price per unit, as the provider states it", _STATED),
)
