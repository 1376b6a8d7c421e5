"""Money as b'nerd writes it, and why there is none where it cannot be read. Pure.

A count of the currency's smallest unit with its currency (CONTRACT.md, section 1.5). A number
without a currency has no known scale, and none is guessed (section 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import frozen

from billfold.money import Money
from billfold_bnerd.values import number


@frozen
class Amount:
    """Money, or the reason why there is none."""

    money: Money | None = None
    reason: str | None = None


NOT_STATED = Amount(reason="the provider states no amount")


def amount(value: object) -> Amount:
    """Return what ``{"cents", "currency_iso"}`` states; anything else is no Money."""
    if isinstance(value, Mapping):
        return scaled(value.get("cents"), value.get("currency_iso"))
    if value is None:
        return NOT_STATED
    return Amount(reason="the amount stated has neither scale nor currency")


def scaled(cents: object, currency: object) -> Amount:
    """Return a count of the smallest unit as Money: 1000 is 10.00 EUR, 1000 JPY, 1.000 KWD."""
    count = number(cents)
    if count is None:
        return Amount(reason="the cents stated are no number that can be kept exactly")
    if not isinstance(currency, str):
        return Amount(reason="the amount stated has no currency")
    try:
        return Amount(Money.minor(count, currency[:40]))
    except ValueError as error:  # as every error about money and currencies is
        return Amount(reason=f"the amount stated has no known scale: {error}")


def whole_cents(value: object, currency: str | None) -> Amount:
    """Return whole cents beside a currency, or Money, as EasyBill's documents state them.

    Digits after a point, zeros too, would mean another scale, which is not guessed.
    """
    count = number(value)
    if count is None and not isinstance(value, Decimal):
        return amount(value)
    if count is not None and count.as_tuple().exponent != 0:
        return Amount(reason="the amount stated is not in whole cents, so its scale is not known")
    return scaled(value, currency)
