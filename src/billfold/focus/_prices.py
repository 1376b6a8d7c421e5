"""Quantities and prices of a charge, in FOCUS' units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Context, Decimal
from functools import lru_cache, reduce

from attrs import frozen

from billfold.adapter.catalogue import Service
from billfold.errors import MoneyError
from billfold.focus.numbers import Fits, fits_text
from billfold.model import Charge
from billfold.money import Money

_WIDE = Context(prec=200)
# FOCUS' units: plural, capitalised, GB and GiB kept apart. Other words are not guessed.
_UNITS = """
Seconds Minutes Hours Days Months Units Requests MB GB TB MiB GiB TiB
GB-Hours GiB-Hours TB-Hours GB-Months GiB-Months TB-Months Node-Hours
"""
# By a provider's word, in lower case and singular.
UNITS = {unit.lower().removesuffix("s"): unit for unit in _UNITS.split()} | {
    "quantity": "Units",
    "piece": "Units",
}


@frozen
class Quantity:
    """A number of units of FOCUS."""

    number: Decimal
    unit: str


@frozen
class Price:
    """The price of one unit before discounts, never negative, and the units charged.

    The quantity is negative for money back.
    """

    unit_price: Money
    quantity: Quantity

    @property
    def amount(self) -> Money:
        """The exact product."""
        return self.unit_price * self.quantity.number


@lru_cache(maxsize=256)
def focus_unit(unit: str | None) -> str | None:
    """Return FOCUS' word for a provider's unit, or None for a unit that is not known."""
    word = (unit or "").strip().lower().replace("_", "-").replace(" ", "-")
    return UNITS.get(word) or UNITS.get(word.removesuffix("s"))


def stated_quantity(charge: Charge, fits: Fits = fits_text) -> Quantity | None:
    """Return the charge's quantity, or None without one that FOCUS and the file can hold."""
    unit = focus_unit(charge.unit)
    if charge.quantity is None or unit is None or not fits(charge.quantity):
        return None
    return Quantity(charge.quantity, unit)


def included_quantities(charges: Iterable[Charge], fits: Fits = fits_text) -> dict[str, Quantity]:
    """Return the sums of what is included in other charges, by the id of the including charge.

    Charges of several units, or of an unknown one, have no sum.
    """
    included: dict[str, list[Quantity | None]] = defaultdict(list)
    for charge in charges:
        if charge.included_in is not None:
            included[charge.included_in].append(stated_quantity(charge, fits))
    sums = {}
    for charge_id, quantities in included.items():
        known = [quantity for quantity in quantities if quantity is not None]
        units = {quantity.unit for quantity in known}
        if len(known) == len(quantities) and len(units) == 1:
            number = reduce(_WIDE.add, (quantity.number for quantity in known))
            if fits(number):
                sums[charge_id] = Quantity(number, known[0].unit)
    return sums


def price_of(charge: Charge, cost: Money, service: Service, fits: Fits = fits_text) -> Price:
    """Return the provider's unit price if it explains the amount before discounts to the cent.

    Otherwise that amount is the price of one default unit of the service: dividing it by the
    quantity would make up a price that the provider does not have.
    """
    listed, stated = cost, charge.list_cost
    if stated is not None and stated.currency == cost.currency and fits(stated.amount):
        listed = stated
    quantity, unit_price = stated_quantity(charge, fits), charge.unit_price
    if quantity and unit_price is not None and _explains(unit_price, quantity.number, listed, fits):
        if unit_price.amount < 0:
            quantity = Quantity(quantity.number.copy_negate(), quantity.unit)
        return Price(abs(unit_price), quantity)
    count = Decimal(-1 if listed.amount < 0 else 1)
    return Price(abs(listed), Quantity(count, service.default_unit))


def _explains(unit_price: Money, number: Decimal, listed: Money, fits: Fits) -> bool:
    # This is not Money.is_rounding_noise(): a provider may round or cut its amounts to the cent, so
    # a whole cent is the bound, not half of one.
    try:
        amount = unit_price * number
        in_file = fits(unit_price.amount) and fits(amount.amount)
        return in_file and abs(amount - listed) < Money.minor(1, listed.currency)
    except MoneyError:  # another currency, one without cents, or a product that is too long
        return False
