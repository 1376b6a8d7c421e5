"""A charge as a row of Cost and Usage. Pure; the choices are explained in docs/focus.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Context, Decimal
from functools import cache
from string import Formatter

from attrs import frozen

from billfold.adapter.catalogue import Catalogue, Service
from billfold.errors import MoneyError
from billfold.focus.partition import whole_months
from billfold.focus.row_values import (
    Row,
    billed_to,
    booked,
    fits,
    ident,
    json_text,
    sentence,
    sold_by,
    unpriced,
    words,
    writable,
)
from billfold.focus.units import focus_unit
from billfold.model import Category, Charge
from billfold.money import Money
from billfold.period import Period

_PRICED = frozenset({Category.USAGE, Category.PURCHASE})
_FREQUENCY = {Category.USAGE: "Usage-Based", Category.PURCHASE: "Recurring"}
_WIDE = Context(prec=200)
_SLUG = re.compile(r"[^a-z0-9.]+")


@frozen
class Quantity:
    """How much, in a unit of FOCUS."""

    number: Decimal
    unit: str


@frozen
class Price:
    """What one unit costs before discounts, and how many were charged; the price is never negative, the quantity may be."""

    unit_price: Money
    quantity: Quantity

    @property
    def amount(self) -> Money:
        """The exact product."""
        return self.unit_price * self.quantity.number


def row(
    charge: Charge,
    cost: Money,
    covers: Period,
    catalogue: Catalogue,
    carried: Quantity | None = None,
) -> Row:
    """Map a charge whose ``cost`` is stated; ``carried`` is what the unpriced lines included in it add up to.

    Raises MoneyError for a cost that a file could only hold rounded.
    """
    service = find(catalogue, charge)
    return {
        **sold_by(catalogue),
        **billed_to(
            catalogue, charge.account, charge.billing_account_id, charge.billing_account_name
        ),
        **booked(month(charge, covers), charge.period.start, charge.period.end),
        **_sub_account(charge, catalogue),
        **_resource(charge),
        **unpriced(cost),
        **(
            _priced(charge, cost, catalogue, service, carried) if charge.category in _PRICED else {}
        ),
        "ChargeCategory": charge.category.value.capitalize(),
        "ChargeDescription": sentence(charge.description or charge.service),
        "ChargeFrequency": _FREQUENCY.get(charge.category, "One-Time"),
        "InvoiceId": charge.invoice_id,
        "ServiceCategory": service.category,
        "ServiceName": service.name,
        "ServiceSubcategory": service.subcategory,
        "Tags": json_text(
            {
                key: value in ("", "true") or value
                for key, value in _tags(charge, catalogue, native=False).items()
            }
        ),
        **_native(charge, catalogue),
    }


def month(charge: Charge, covers: Period) -> Period:
    """Return the month a charge is booked in: the one it begins in, or the first month of a cycle that is no calendar month."""
    months = whole_months(covers)
    return months[0] if len(months) == 1 else Period.month_of(begins(charge, covers))


def begins(charge: Charge, covers: Period) -> datetime:
    """Return when a charge begins, the nearest instant of what its usage covers for one that begins outside."""
    return min(max(charge.period.start, covers.start), covers.end - datetime.resolution)


def find(catalogue: Catalogue, charge: Charge) -> Service:
    """Return the service that a charge is for: the first one that claims it."""
    text = f"{charge.service} {charge.resource_type or ''}".lower()
    for service in catalogue.services:
        if not service.keywords or any(word.lower() in text for word in service.keywords):
            return service
    return catalogue.services[-1]


def carried(charges: Iterable[Charge]) -> dict[str, Quantity]:
    """Add up per carrying charge what is included in it; lines of more than one unit, or of none, add up to nothing."""
    sums: dict[str, Quantity | None] = {}
    for charge in charges:
        if charge.included_in is None:
            continue
        one = _stated(charge)
        if charge.included_in in sums:
            before = sums[charge.included_in]
            same = one is not None and before is not None and one.unit == before.unit
            one = (
                Quantity(_WIDE.add(before.number, one.number), one.unit)
                if same and one and before
                else None
            )
        sums[charge.included_in] = one
    return {carrier: quantity for carrier, quantity in sums.items() if quantity is not None}


def _stated(charge: Charge) -> Quantity | None:
    unit = focus_unit(charge.unit)
    return (
        None
        if charge.quantity is None or unit is None or not fits(charge.quantity)
        else Quantity(charge.quantity, unit)
    )


def price(charge: Charge, cost: Money, service: Service) -> Price:
    """Take the provider's price of a unit where it explains the amount before discounts to the cent.

    Where it does not, or is not stated, one of the service's own unit costs that amount: no rate is made up by dividing.
    """
    listed = (
        charge.list_cost
        if charge.list_cost is not None and charge.list_cost.currency == cost.currency
        else cost
    )
    quantity, unit_price = _stated(charge), charge.unit_price
    if (
        quantity is not None
        and unit_price is not None
        and unit_price.currency == cost.currency
        and fits(unit_price.amount)
    ):
        many = quantity.number.copy_negate() if unit_price.amount < 0 else quantity.number
        stated = Price(abs(unit_price), Quantity(many, quantity.unit))
        if _explains(stated, listed):
            return stated
    return Price(
        abs(listed), Quantity(Decimal(-1 if listed.amount < 0 else 1), service.default_unit)
    )


def _explains(stated: Price, listed: Money) -> bool:
    try:
        return fits(stated.amount.amount) and abs(stated.amount - listed) < Money.minor(
            1, listed.currency
        )
    except MoneyError:
        return False


def _priced(
    charge: Charge, cost: Money, catalogue: Catalogue, service: Service, included: Quantity | None
) -> Row:
    """Write price, quantity and SKU; what was used where something was."""
    own = price(charge, cost, service)
    amount, unit_price = writable(own.amount.amount, "a list cost"), own.unit_price.amount
    sku = sku_id(charge, service)
    priced: Row = {
        "ContractedCost": amount,
        "ContractedUnitPrice": unit_price,
        "ListCost": amount,
        "ListUnitPrice": unit_price,
        "PricingCategory": "Standard",
        "PricingCurrencyContractedUnitPrice": unit_price,
        "PricingCurrencyListUnitPrice": unit_price,
        "PricingQuantity": own.quantity.number,
        "PricingUnit": own.quantity.unit,
        "SkuId": sku,
        "SkuMeter": service.meter,
        "SkuPriceDetails": _details(charge, catalogue),
        "SkuPriceId": sku,
    }
    if charge.category is Category.USAGE:
        used = _stated(charge) or included or Quantity(Decimal(1), service.default_unit)
        priced |= {"ConsumedQuantity": used.number, "ConsumedUnit": used.unit}
    return priced


def sku_id(charge: Charge, service: Service) -> str:
    """Make a stable id of what is sold: the provider and the service's parts, as far as the charge has their values."""
    known = _catalogue_of(charge)
    parts = [charge.provider]
    for part in service.sku_parts:
        names = _names(part)
        if known.keys() >= set(names):
            parts.append(
                part.format_map(
                    {name: _SLUG.sub("-", known[name].lower()).strip("-") for name in names}
                )
            )
    return ":".join(parts)


@cache
def _names(part: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(part) if name)


def _catalogue_of(charge: Charge) -> dict[str, str]:
    own = {
        "service": charge.service,
        "resource_type": charge.resource_type,
        "category": charge.category.value,
    }
    return {**charge.tags, **{key: value for key, value in own.items() if value}}


def _details(charge: Charge, catalogue: Catalogue) -> str | None:
    details = {
        name: _number(charge.tags[tag])
        for tag, name in catalogue.price_detail_keys.items()
        if tag in charge.tags
    }
    return json_text(details)


def _number(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() else text


def _tags(charge: Charge, catalogue: Catalogue, *, native: bool) -> Mapping[str, str]:
    """Return the tags that the adapter set (``native``), or those of the user; prices' details are neither."""
    return {
        key: value
        for key, value in charge.tags.items()
        if key not in catalogue.price_detail_keys
        and (catalogue.provider_tags is None or key in catalogue.provider_tags) is native
    }


def _sub_account(charge: Charge, catalogue: Catalogue) -> Row:
    if charge.sub_account_id is None:
        return {}
    return {
        "SubAccountId": ident(catalogue.sub_account_type, charge.sub_account_id),
        "SubAccountName": charge.sub_account_name or charge.sub_account_id,
        "SubAccountType": catalogue.sub_account_type,
    }


def _resource(charge: Charge) -> Row:
    if charge.resource_id is None:
        return {}
    kind = charge.resource_type or "resource"
    return {
        "ResourceId": ident(kind, charge.resource_id),
        "ResourceName": charge.resource_name or charge.resource_id,
        "ResourceType": words(kind),
    }


def _native(charge: Charge, catalogue: Catalogue) -> Row:
    """Keep what the provider stated as it stated it, where FOCUS' columns say it in another way."""
    return {
        "x_CostBasis": "derived" if charge.derived else "usage",
        "x_Details": json_text(_tags(charge, catalogue, native=True)),
        "x_ListCost": _kept(charge.list_cost),
        "x_ProviderRecordId": charge.id,
        "x_Quantity": charge.quantity
        if charge.quantity is not None and fits(charge.quantity)
        else None,
        "x_Reason": charge.reason,
        "x_Service": charge.service,
        "x_Unit": charge.unit,
        "x_UnitPrice": _kept(charge.unit_price),
    }


def _kept(money: Money | None) -> Decimal | None:
    return money.amount if money is not None and fits(money.amount) else None
