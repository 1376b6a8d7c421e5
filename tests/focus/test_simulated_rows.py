"""Rules for every row of the simulators' exports that the Foundation's validator does not check."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from iso4217 import Currency

from billfold import Answer, Billfold, Period, Stream, focus
from billfold.adapter.catalogue import SERVICE_CATEGORIES
from billfold.focus._prices import UNITS
from billfold.focus.choices import Dataset
from billfold.focus.columns import columns_of
from billfold.model.totals import total
from billfold.money import Money, exact, sum_by_currency
from billfold.period import utc

PROVIDERS = ("aether", "bnerd", "harmont", "latitude")
PERIODS = {"current": None, "closed": Period.month(2026, 10)}
PRICED = (
    "ListUnitPrice",
    "ContractedUnitPrice",
    "PricingQuantity",
    "PricingUnit",
    "PricingCategory",
    "SkuId",
    "SkuPriceId",
)
COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
Row = dict[str, Any]


@pytest.fixture(params=list(PERIODS))
async def world(
    request: pytest.FixtureRequest, simulated: Any
) -> AsyncIterator[tuple[Billfold, dict[str, list[Row]], Period | None]]:
    async with AsyncExitStack():
        fold, _ = await simulated(*PROVIDERS)
        period = PERIODS[request.param]
        tables = await focus.arrow(fold, period=period, allow_partial=True)
        yield fold, {name: table.to_pylist() for name, table in tables.items()}, period


async def test_every_row_keeps_the_rules(
    world: tuple[Billfold, dict[str, list[Row]], Period | None],
) -> None:
    fold, tables, period = world
    rows = tables["cost_and_usage"]
    assert len(rows) > 200
    for row in rows:
        allowed_values(row)
        null_coupling(row)
        arithmetic(row)
        times(row)
    one_category_per_service(rows)
    assert invoices_whose_sums_agree(rows, tables["invoice_detail"]) == (2 if period else 0)
    await exported_total(fold, rows, period)
    every_month_is_listed(tables)
    never_null_is_never_null(tables)


def allowed_values(row: Row) -> None:
    assert row["ChargeCategory"] in {"Usage", "Purchase", "Tax", "Credit", "Adjustment"}
    assert row["ChargeClass"] in {"Correction", None}
    assert row["ChargeFrequency"] in {"One-Time", "Recurring", "Usage-Based"}
    assert row["PricingCategory"] in {"Standard", None}
    assert row["ServiceSubcategory"] in (
        *SERVICE_CATEGORIES[row["ServiceCategory"]],
        f"Other ({row['ServiceCategory']})",
    )
    assert Currency(row["BillingCurrency"]).code == row["BillingCurrency"] == row["PricingCurrency"]
    units = {*UNITS.values(), "Leases", "Units", "Days", "Months", None}
    assert {row["PricingUnit"], row["ConsumedUnit"]} <= units
    for name in ("Tags", "SkuPriceDetails", "x_Details"):
        assert row[name] is None or (row[name].isascii() and json.loads(row[name]))
    assert not row["BillingAccountId"].isdigit()


def null_coupling(row: Row) -> None:
    priced = row["ChargeCategory"] in {"Usage", "Purchase"}
    assert all((row[name] is not None) is priced for name in PRICED)
    consumed = row["ChargeCategory"] == "Usage"
    assert (row["ConsumedQuantity"] is not None) is (row["ConsumedUnit"] is not None) is consumed
    assert (row["ChargeFrequency"] == "Usage-Based") is consumed
    for kind in ("SubAccount", "Resource", "BillingAccount"):
        assert len({row[f"{kind}{part}"] is None for part in ("Id", "Name", "Type")}) == 1
    assert (row["InvoiceId"] is None) is (row["InvoiceDetailId"] is None)
    assert priced or row["SkuPriceDetails"] is None


def arithmetic(row: Row) -> None:
    assert row["EffectiveCost"] == row["BilledCost"] == row["PricingCurrencyEffectiveCost"]
    if row["ListUnitPrice"] is None:
        assert len({row[name] for name in COSTS}) == 1
        return
    assert row["ListUnitPrice"] >= 0
    product = Money(row["ListUnitPrice"], "EUR") * row["PricingQuantity"]
    assert product.amount == row["ListCost"] == row["ContractedCost"]
    assert row["ListUnitPrice"] == row["ContractedUnitPrice"] == row["PricingCurrencyListUnitPrice"]


def times(row: Row) -> None:
    assert row["ChargePeriodStart"] < row["ChargePeriodEnd"]
    month = Period(row["BillingPeriodStart"], row["BillingPeriodEnd"])
    assert month == Period.month_of(month.start)
    assert all(utc(row[name]).microsecond == 0 for name in ("ChargePeriodStart", "ChargePeriodEnd"))


def one_category_per_service(rows: list[Row]) -> None:
    services = defaultdict(set)
    prices = defaultdict(set)
    for row in rows:
        services[row["ServiceName"]].add((row["ServiceCategory"], row["ServiceSubcategory"]))
        prices[row["SkuPriceId"]].add(row["SkuId"])
    assert all(len(values) == 1 for values in (*services.values(), *prices.values()))


def invoices_whose_sums_agree(rows: list[Row], details: list[Row]) -> int:
    # The charges of a tied month add up to each line of its invoice exactly, tax included.
    exported: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["InvoiceId"] is not None:
            line = row["InvoiceDetailId"], row["ChargeCategory"]
            exported[line] = exact(exported[line] + row["BilledCost"])
    payable = {
        (row["InvoiceDetailId"], row["ChargeCategory"]): row["BilledCost"] for row in details
    }
    assert all(amount == payable[line] for line, amount in exported.items())
    return len({row["InvoiceId"] for row in rows} - {None})


async def exported_total(fold: Billfold, rows: list[Row], period: Period | None) -> None:
    # To the last digit what usage says; credits, taxes and differences are marked and come on top.
    usage = [row for row in rows if row["x_CostBasis"] in {"usage", "derived"}]
    answer: Answer[Any] = await fold.usage(period)
    stated = total(Stream.USAGE, answer.items)
    assert (
        sum_by_currency(Money(row["BilledCost"], row["BillingCurrency"]) for row in usage) == stated
    )


def every_month_is_listed(tables: dict[str, list[Row]]) -> None:
    booked = {
        (row["InvoiceIssuerName"], row["BillingPeriodStart"], row["BillingPeriodEnd"])
        for name in ("cost_and_usage", "invoice_detail")
        for row in tables[name]
    }
    listed = [
        (row["InvoiceIssuerName"], row["BillingPeriodStart"], row["BillingPeriodEnd"])
        for row in tables["billing_period"]
    ]
    assert len(listed) == len(set(listed))
    assert set(listed) == booked


def never_null_is_never_null(tables: dict[str, list[Row]]) -> None:
    for dataset in Dataset:
        for column in columns_of(dataset):
            if not column.null_where:
                assert all(row[column.name] is not None for row in tables[dataset]), column.name


async def test_an_export_has_the_total_of_the_usage(simulated: Any, tmp_path: Path) -> None:
    fold, _ = await simulated("bnerd")
    month = PERIODS["closed"]
    done = await focus.export(fold, tmp_path, period=month, allow_partial=True)
    usage = await fold.usage(month)
    assert done.totals == usage.totals(partial=True)
    assert done.rows["invoice_detail"] >= 2
