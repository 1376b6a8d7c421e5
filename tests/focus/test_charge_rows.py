"""One charge, one row: every amount here is written by hand."""

import json
from datetime import UTC, datetime
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from attrs import evolve

from billfold.adapter.catalogue import SERVICE_CATEGORIES, Catalogue, Service, undeclared_catalogue
from billfold.errors import ConfigError, MoneyError
from billfold.focus._prices import Quantity, included_quantities
from billfold.focus.charge_rows import charge_row
from billfold.model import Category, Charge
from billfold.money import Money
from billfold.period import Period

OCTOBER = Period.month(2026, 10)
BUILDS = Service(
    "Builds",
    "Developer Tools",
    "Continuous Integration and Deployment",
    "Leases",
    "Leases",
    ("lease", "{cpu}cpu", "{gone}"),
)
DISKS = Service("Disks", "Storage", "Block Storage", "Volumes", "Units", ("disk",), ("volume",))
CATALOGUE = Catalogue(
    "Acme Cloud",
    "Team",
    (DISKS, BUILDS),
    invoice_issuer="Acme GmbH",
    price_detail_keys={"cpu": "CoreCount"},
    provider_tags=frozenset({"build"}),
)
CHARGE = Charge(
    id="c-1",
    provider="acme",
    account="ci",
    category=Category.USAGE,
    period=Period(
        datetime(2026, 10, 5, 8, 0, 0, 250_000, UTC), datetime(2026, 10, 5, 8, 10, 0, 999_999, UTC)
    ),
    service="machines",
    cost=Money(Decimal("0.25"), "USD"),
    quantity=Decimal(600),
    unit="second",
)


def row(
    charge: Charge = CHARGE,
    covers: Period = OCTOBER,
    catalogue: Catalogue = CATALOGUE,
    **changes: Any,
) -> dict[str, Any]:
    charge = evolve(charge, **changes)
    assert charge.cost is not None
    return charge_row(charge, charge.cost, covers, catalogue)


def usd(text: str) -> Money:
    return Money(Decimal(text), "USD")


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
    cells = row(
        unit="hour",
        quantity=Decimal("0.0000000001"),
        unit_price=usd("0.0000000001"),
        cost=usd("0.01"),
    )
    assert (cells["PricingQuantity"], cells["ListCost"]) == (1, Decimal("0.01"))


def test_a_cost_too_long_for_a_file_is_refused() -> None:
    with pytest.raises(MoneyError, match="18 decimal places"):
        row(cost=usd("0.0000000000000000001"))


@pytest.mark.parametrize("category", [Category.CREDIT, Category.ADJUSTMENT, Category.TAX])
def test_what_has_no_price_has_no_sku_and_no_quantity(category: Category) -> None:
    cells = row(category=category, cost=usd("-1.50"))
    assert cells["ChargeCategory"] == category.value.capitalize()
    assert cells["ChargeFrequency"] == "One-Time"
    assert (
        not {
            "SkuId",
            "SkuPriceId",
            "ListUnitPrice",
            "PricingQuantity",
            "PricingUnit",
            "ConsumedQuantity",
        }
        & cells.keys()
    )
    assert [
        cells[name] for name in ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
    ] == [Decimal("-1.50")] * 4


def test_a_purchase_recurs_and_consumes_nothing() -> None:
    cells = row(category=Category.PURCHASE)
    assert (cells["ChargeFrequency"], "ConsumedQuantity" in cells) == ("Recurring", False)


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


def test_times_are_whole_seconds_in_the_month_of_the_charge() -> None:
    cells = row()
    assert cells["ChargePeriodStart"] == datetime(2026, 10, 5, 8, 0, 0, tzinfo=UTC)
    assert cells["ChargePeriodEnd"] == datetime(2026, 10, 5, 8, 10, 0, tzinfo=UTC)
    assert (cells["BillingPeriodStart"], cells["BillingPeriodEnd"]) == (OCTOBER.start, OCTOBER.end)


def test_a_moment_lasts_a_second() -> None:
    start = datetime(2026, 10, 5, 8, 0, 0, 1, UTC)
    cells = row(period=Period(start, start.replace(microsecond=9)))
    assert (cells["ChargePeriodEnd"] - cells["ChargePeriodStart"]).total_seconds() == 1


def test_a_cycle_is_booked_in_the_month_it_begins_in() -> None:
    cycle = Period(datetime(2026, 11, 5, 16, tzinfo=UTC), datetime(2026, 12, 5, 16, tzinfo=UTC))
    for start in (datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)):
        cells = row(covers=cycle, period=Period(start, cycle.end))
        assert cells["BillingPeriodStart"] == datetime(2026, 11, 1, tzinfo=UTC)


def test_several_whole_months_are_booked_by_the_charge() -> None:
    quarter = Period(OCTOBER.start, datetime(2027, 1, 1, tzinfo=UTC))
    assert row(covers=quarter, period=Period.month(2026, 12))["BillingPeriodStart"] == datetime(
        2026, 12, 1, tzinfo=UTC
    )
    assert row(covers=quarter, period=Period.month(2026, 9))["BillingPeriodStart"] == OCTOBER.start


def test_ids_that_read_like_numbers_are_prefixed() -> None:
    cells = row(
        billing_account_id="10042", sub_account_id="7", resource_id="1e5", resource_type="node_pool"
    )
    assert (cells["BillingAccountId"], cells["SubAccountId"], cells["ResourceId"]) == (
        "team:10042",
        "project:7",
        "node-pool:1e5",
    )
    assert (cells["BillingAccountName"], cells["SubAccountName"], cells["ResourceName"]) == (
        "10042",
        "7",
        "1e5",
    )
    assert cells["ResourceType"] == "Node Pool"
    assert row(billing_account_id="acme-2")["BillingAccountId"] == "acme-2"


def test_without_an_id_the_account_is_billed_and_names_stay_empty() -> None:
    cells = row()
    assert (cells["BillingAccountId"], cells["BillingAccountType"]) == ("ci", "Team")
    assert (
        not {
            "SubAccountId",
            "SubAccountName",
            "SubAccountType",
            "ResourceId",
            "ResourceName",
            "ResourceType",
        }
        & cells.keys()
    )


def test_who_sells_and_who_bills_may_differ() -> None:
    cells = row()
    assert cells["InvoiceIssuerName"] == "Acme GmbH"
    assert {
        cells[f"{who}Name"] for who in ("HostProvider", "ServiceProvider", "Provider", "Publisher")
    } == {"Acme Cloud"}


def test_the_first_service_that_claims_a_charge_has_it() -> None:
    assert row(service="SSD Volume")["ServiceName"] == "Disks"
    assert row(service="SSD", resource_type="volume")["ServiceName"] == "Disks"
    assert row(description="a volume, says its owner")["ServiceName"] == "Builds"


def test_where_no_service_claims_everything_the_last_one_takes_what_is_left() -> None:
    assert row(catalogue=evolve(CATALOGUE, services=(DISKS,)))["ServiceName"] == "Disks"


def test_the_sku_is_made_of_what_the_charge_has() -> None:
    assert row()["SkuId"] == "acme:lease"
    cells = row(tags={"cpu": "2"})
    assert cells["SkuId"] == cells["SkuPriceId"] == "acme:lease:2cpu"
    assert cells["SkuPriceDetails"] == '{"CoreCount":2}'


def test_tags_are_the_users_and_details_the_providers() -> None:
    cells = row(tags={"prod": "true", "team": "M\u00fcnchen", "build": "42", "cpu": "many"})
    assert cells["Tags"] == '{"prod":true,"team":"M\\u00fcnchen"}'
    assert json.loads(cells["x_Details"]) == {"build": "42"}
    assert json.loads(cells["SkuPriceDetails"]) == {"CoreCount": "many"}
    assert row()["Tags"] is None


def test_a_description_keeps_its_words_but_not_its_typography() -> None:
    assert (
        row(description="2 \u00d7 x9 \u2013 f\u00fcr")["ChargeDescription"] == "2 x x9 - f\u00fcr"
    )
    assert row()["ChargeDescription"] == "machines"


def test_a_derived_line_says_so_and_why() -> None:
    cells = row(derived=True, reason="the total has more")
    assert (cells["x_CostBasis"], cells["x_Reason"]) == ("derived", "the total has more")


def test_money_without_a_smallest_unit_confirms_no_unit_price() -> None:
    gold = Money(Decimal(2), "XAU")
    cells = row(unit="hour", quantity=Decimal(1), unit_price=gold, list_cost=gold, cost=gold)
    assert (cells["PricingUnit"], cells["ListCost"]) == ("Leases", 2)


def test_facts_know_the_categories_of_focus() -> None:
    with pytest.raises(ConfigError, match="Storage"):
        Service("X", "Storage", "Containers", "m", "Units", ())
    for category in SERVICE_CATEGORIES:
        assert Service("X", category, f"Other ({category})", "m", "Units", ()).category == category


def test_an_adapter_that_declares_nothing_is_still_exported() -> None:
    cells = row(catalogue=undeclared_catalogue("Acme"), service="Big Machine")
    assert (cells["ServiceName"], cells["ServiceCategory"], cells["SkuId"]) == (
        "Acme services",
        "Other",
        "acme:big-machine",
    )
