"""Prices and quantities of charges: every amount here is written by hand."""

from decimal import Context, Decimal, localcontext

import pytest
from attrs import evolve

from billfold import Money
from billfold.focus._prices import Quantity, included_quantities
from billfold.focus.charge_rows import charge_row
from billfold.focus.numbers import fits_decimal128
from support.acme import CATALOGUE, CHARGE, OCTOBER, row, usd


def test_without_a_unit_price_one_natural_unit_costs_what_was_charged() -> None:
    cells = row()
    assert (cells["PricingQuantity"], cells["PricingUnit"], cells["ListUnitPrice"]) == (
        1,
        "Leases",
        Decimal("0.25"),
    )
    assert (cells["ConsumedQuantity"], cells["ConsumedUnit"]) == (600, "Seconds")
    assert [
        cells[name] for name in ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
    ] == [Decimal("0.25")] * 4


def test_a_stated_unit_price_makes_the_list_cost_exactly_and_the_bill_stays_as_it_is() -> None:
    cells = row(unit="hour", quantity=Decimal("744"), unit_price=usd("0.038125"), cost=usd("28.36"))
    assert (cells["ListUnitPrice"], cells["PricingQuantity"], cells["PricingUnit"]) == (
        Decimal("0.038125"),
        744,
        "Hours",
    )
    assert (cells["ListCost"], cells["BilledCost"]) == (Decimal("28.365"), Decimal("28.36"))


def test_a_unit_price_that_does_not_explain_the_list_cost_is_not_used() -> None:
    """Latitude.sh divides some quantities by a thousand before it prices them."""
    cells = row(
        unit="GB",
        quantity=Decimal(5000),
        unit_price=usd("0.10"),
        list_cost=usd("0.50"),
        cost=usd("0.45"),
    )
    assert (cells["PricingQuantity"], cells["PricingUnit"], cells["ListUnitPrice"]) == (
        1,
        "Leases",
        Decimal("0.50"),
    )
    assert (cells["ListCost"], cells["BilledCost"], cells["x_UnitPrice"]) == (
        Decimal("0.50"),
        Decimal("0.45"),
        Decimal("0.10"),
    )


def test_a_list_cost_rounded_to_the_cent_still_confirms_the_unit_price() -> None:
    cells = row(
        unit="hour",
        quantity=Decimal("213.5"),
        unit_price=usd("0.119375"),
        list_cost=usd("25.49"),
        cost=usd("25.4865625"),
    )
    assert cells["ListCost"] == Decimal("25.4865625")


@pytest.mark.parametrize(
    ("cost", "unit_price", "quantity"),
    [("-10", "2", "5"), ("10", "900", "5"), ("10", "0", "5"), ("10", "1.90", "5")],
)
def test_a_unit_price_that_does_not_explain_the_bill_is_not_used_where_no_list_cost_is_stated(
    cost: str, unit_price: str, quantity: str
) -> None:
    cells = row(unit="hour", quantity=Decimal(quantity), unit_price=usd(unit_price), cost=usd(cost))
    assert (cells["ListCost"], cells["BilledCost"], cells["PricingUnit"]) == (
        Decimal(cost),
        Decimal(cost),
        "Leases",
    )
    assert (cells["ConsumedQuantity"], cells["x_UnitPrice"]) == (5, Decimal(unit_price))


def test_a_list_cost_in_another_currency_confirms_nothing_and_the_bill_does() -> None:
    euros = Money(Decimal("9"), "EUR")
    cells = row(
        unit="hour", quantity=Decimal(5), unit_price=usd("2"), list_cost=euros, cost=usd("10")
    )
    assert (cells["PricingUnit"], cells["ListCost"]) == ("Hours", 10)


def test_a_unit_that_focus_has_no_word_for_prices_nothing() -> None:
    cells = row(unit="frobs", quantity=Decimal(3), unit_price=usd("0.10"), cost=usd("0.30"))
    assert (cells["PricingUnit"], cells["ConsumedQuantity"], cells["ConsumedUnit"]) == (
        "Leases",
        1,
        "Leases",
    )
    assert (cells["x_Quantity"], cells["x_Unit"]) == (3, "frobs")


def test_money_back_is_a_negative_quantity_and_never_a_negative_price() -> None:
    cells = row(cost=usd("-6.15"))
    assert (cells["PricingQuantity"], cells["ListUnitPrice"], cells["ListCost"]) == (
        -1,
        Decimal("6.15"),
        Decimal("-6.15"),
    )
    cells = row(unit="hour", quantity=Decimal(2), unit_price=usd("-3"), cost=usd("-6"))
    assert (cells["PricingQuantity"], cells["ListUnitPrice"], cells["ListCost"]) == (-2, 3, -6)


def test_a_product_too_long_for_a_file_is_not_rounded_but_not_used() -> None:
    priced = {"unit": "hour", "quantity": Decimal("1E-13"), "unit_price": usd("1E-12")}
    cells = row(**priced, cost=usd("0.01"), fits=fits_decimal128)  # the product has 25 decimals
    assert (cells["PricingQuantity"], cells["ListCost"]) == (1, Decimal("0.01"))
    cells = row(**priced, cost=usd("0.01"))
    assert (cells["PricingQuantity"], cells["ListCost"]) == (Decimal("1E-13"), Decimal("1E-25"))


def test_what_is_included_in_a_line_is_what_it_consumed() -> None:
    day = evolve(CHARGE, id="day", quantity=None, unit=None)
    hours = [
        evolve(
            CHARGE, id=f"h{n}", cost=None, included_in="day", quantity=Decimal(n), unit="node_hour"
        )
        for n in (2, 3)
    ]
    assert included_quantities([day, *hours]) == {"day": Quantity(Decimal(5), "Node-Hours")}
    cells = charge_row(day, usd("7.83"), OCTOBER, CATALOGUE, included_quantities(hours)["day"])
    assert (cells["ConsumedQuantity"], cells["ConsumedUnit"]) == (5, "Node-Hours")


def test_the_callers_context_rounds_no_quantity() -> None:
    parts = [
        evolve(CHARGE, id=unit, included_in="day", quantity=Decimal(unit), unit="hour")
        for unit in ("1234567.25", "0.5")
    ]
    with localcontext(Context(prec=6)):
        assert included_quantities(parts) == {"day": Quantity(Decimal("1234567.75"), "Hours")}


def test_lines_of_two_units_add_up_to_nothing() -> None:
    units = ("node_hour", "gib", "node_hour")
    hours = [
        evolve(CHARGE, id=unit, cost=None, included_in="day", quantity=Decimal(1), unit=unit)
        for unit in units
    ]
    assert included_quantities(hours) == {}


def test_money_without_a_smallest_unit_confirms_no_unit_price() -> None:
    gold = Money(Decimal(2), "XAU")
    cells = row(unit="hour", quantity=Decimal(1), unit_price=gold, list_cost=gold, cost=gold)
    assert (cells["PricingUnit"], cells["ListCost"]) == ("Leases", 2)
