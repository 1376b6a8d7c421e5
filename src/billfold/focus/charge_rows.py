"""Charges as rows of Cost and Usage. docs/focus.md explains the choices."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from string import Formatter

from billfold.adapter.catalogue import Catalogue, Service
from billfold.focus._prices import Price, Quantity, price_of, stated_quantity
from billfold.focus.numbers import Fits, fits_text
from billfold.focus.row_values import (
    KEYBOARD_SIGNS,
    FocusRow,
    common_columns,
    json_text,
    text_id,
    title_words,
)
from billfold.model import Category, Charge
from billfold.money import Money
from billfold.period import Period

_PRICED = frozenset({Category.USAGE, Category.PURCHASE})
_FREQUENCY = {Category.USAGE: "Usage-Based", Category.PURCHASE: "Recurring"}
_NO_SLUG = re.compile(r"[^a-z0-9.]+")


def charge_row(
    charge: Charge,
    cost: Money,
    month: Period,
    catalogue: Catalogue,
    included: Quantity | None = None,
    fits: Fits = fits_text,
) -> FocusRow:
    """Return the row of a charge with a stated ``cost``, which is booked in a ``month``.

    ``included`` is the sum of the charges that are included in this one. Of quantities and prices,
    the row has those that the file can hold (``fits``); its costs are all there.
    """
    service = service_of(charge, catalogue)
    users_tags, details = _split_tags(charge, catalogue)
    row = {
        **common_columns(charge, catalogue, cost, month, charge.period.start, charge.period.end),
        **_part_columns(charge, catalogue),
        "ChargeCategory": charge.category.value.capitalize(),
        "ChargeDescription": (charge.description or charge.service).translate(KEYBOARD_SIGNS),
        "ChargeFrequency": _FREQUENCY.get(charge.category, "One-Time"),
        "InvoiceId": charge.invoice_id,
        "ServiceCategory": service.category,
        "ServiceName": service.name,
        "ServiceSubcategory": service.subcategory,
        "Tags": json_text(users_tags),
        # What the provider states in its own terms.
        "x_CostBasis": "derived" if charge.derived else "usage",
        "x_Details": json_text(details),
        "x_ListCost": _fitting(charge.list_cost, fits),
        "x_Quantity": _fitting(charge.quantity, fits),
        "x_Reason": charge.reason,
        "x_Service": charge.service,
        "x_Unit": charge.unit,
        "x_UnitPrice": _fitting(charge.unit_price, fits),
    }
    if charge.billing_account_name:
        row["BillingAccountName"] = charge.billing_account_name
    if charge.category in _PRICED:
        row |= _price_columns(charge, price_of(charge, cost, service, fits), catalogue, service)
    if charge.category is Category.USAGE:
        stated = stated_quantity(charge, fits)
        used = stated or included or Quantity(Decimal(1), service.default_unit)
        row |= {"ConsumedQuantity": used.number, "ConsumedUnit": used.unit}
    return row


def service_of(charge: Charge, catalogue: Catalogue) -> Service:
    """Return the first service that matches the charge, or the last where none does."""
    text = f"{charge.service} {charge.resource_type or ''}".lower()
    for service in catalogue.services:
        if not service.keywords or any(keyword.lower() in text for keyword in service.keywords):
            return service
    return catalogue.services[-1]


def _price_columns(
    charge: Charge, price: Price, catalogue: Catalogue, service: Service
) -> FocusRow:
    list_cost, unit_price = price.amount.amount, price.unit_price.amount
    sku = _sku_id(charge, service)
    return {
        "ContractedCost": list_cost,
        "ContractedUnitPrice": unit_price,
        "ListCost": list_cost,
        "ListUnitPrice": unit_price,
        "PricingCategory": "Standard",
        "PricingCurrencyContractedUnitPrice": unit_price,
        "PricingCurrencyListUnitPrice": unit_price,
        "PricingQuantity": price.quantity.number,
        "PricingUnit": price.quantity.unit,
        "SkuId": sku,
        "SkuMeter": service.meter,
        "SkuPriceDetails": _price_details(charge, catalogue),
        "SkuPriceId": sku,
    }


def _sku_id(charge: Charge, service: Service) -> str:
    """Return a stable id: the provider and the service's SKU parts whose values the charge has."""
    fields = {
        "service": charge.service,
        "resource_type": charge.resource_type,
        "category": charge.category.value,
    }
    parts = [charge.provider]
    for part in service.sku_parts:
        values = {name: fields.get(name) or charge.tags.get(name) for name in _field_names(part)}
        known = {name: _slug(value) for name, value in values.items() if value is not None}
        if len(known) == len(values):
            parts.append(part.format_map(known))
    return ":".join(parts)


@lru_cache(maxsize=1024)
def _slug(text: str) -> str:
    return _NO_SLUG.sub("-", text.lower()).strip("-")


@cache
def _field_names(part: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(part) if name)


def _price_details(charge: Charge, catalogue: Catalogue) -> str | None:
    details: dict[str, object] = {}
    for tag, key in catalogue.price_detail_keys.items():
        if tag in charge.tags:
            text = charge.tags[tag]
            details[key] = int(text) if text.isascii() and text.isdigit() else text
    return json_text(details)


def _split_tags(
    charge: Charge, catalogue: Catalogue
) -> tuple[dict[str, object], dict[str, object]]:
    """Return the tags of the user, and those that the adapter set; price details are neither."""
    users: dict[str, object] = {}
    adapters: dict[str, object] = {}
    for key, value in charge.tags.items():
        if key in catalogue.price_detail_keys:
            continue
        if catalogue.provider_tags is None or key in catalogue.provider_tags:
            adapters[key] = value
        else:
            users[key] = value in ("", "true") or value
    return users, adapters


def _part_columns(charge: Charge, catalogue: Catalogue) -> FocusRow:
    """Return the columns of the project and the resource that the charge is for, if it has them."""
    row: FocusRow = {}
    if charge.sub_account_id is not None:
        row |= {
            "SubAccountId": text_id(catalogue.sub_account_type, charge.sub_account_id),
            "SubAccountName": charge.sub_account_name or charge.sub_account_id,
            "SubAccountType": catalogue.sub_account_type,
        }
    if charge.resource_id is not None:
        kind = charge.resource_type or "resource"
        row |= {
            "ResourceId": text_id(kind, charge.resource_id),
            "ResourceName": charge.resource_name or charge.resource_id,
            "ResourceType": title_words(kind),
        }
    return row


def _fitting(value: Money | Decimal | None, fits: Fits) -> Decimal | None:
    number = value.amount if isinstance(value, Money) else value
    return number if number is not None and fits(number) else None
