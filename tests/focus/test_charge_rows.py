"""One charge, one row: every value here is written by hand."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from billfold import Category, Period
from billfold.adapter.catalogue import SERVICE_CATEGORIES, Service, undeclared_catalogue
from billfold.errors import ConfigError
from billfold.focus.row_values import json_text
from support.acme import CATALOGUE, DISKS, OCTOBER, row, usd


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


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.just(True), min_size=1))
@example({"DEL": "\x7f", "quote": '"', "line": "a\nb", "\\": "\x00", "lone": "\ud800"})
@example({"M\u00fcnchen": 10**30})
def test_json_in_a_cell_is_sorted_ascii_whatever_it_says(values: dict[str, object]) -> None:
    text = json_text(values)
    assert text == json.dumps(values, sort_keys=True, separators=(",", ":"))
    assert text.isascii()
