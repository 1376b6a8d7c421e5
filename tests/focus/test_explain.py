"""What ``billfold focus explain`` says about a column."""

import pytest

from billfold.adapter import find, installed
from billfold.focus.choices import Dataset
from billfold.focus.columns import columns_of
from billfold.focus.explain import explain

DECLARATIONS = {name: find(name).declares for name in installed()}


def test_explaining_says_why_a_column_is_null() -> None:
    text = explain("regionid", DECLARATIONS)
    assert text == (
        "RegionId (String, cost and usage, FOCUS 1.2)\n"
        "  always null: no provider's API states a region with its charges"
    )


def test_explaining_says_what_each_provider_declares() -> None:
    text = explain(
        "SubAccountType", {"harmont": DECLARATIONS["harmont"], "bnerd": DECLARATIONS["bnerd"]}
    )
    assert text.splitlines()[-2:] == ["  bnerd: Project", "  harmont: Pipeline"]
    assert "harmont: null: the API" not in explain("SkuPriceDetails", DECLARATIONS)
    assert "harmont: null: the API has no tags of users" in explain("Tags", DECLARATIONS)
    assert "latitude: the resource's tags" in explain("Tags", DECLARATIONS)


def test_explaining_an_invoice_says_who_has_none() -> None:
    cost_and_usage, detail = explain("InvoiceId", DECLARATIONS).split("\n\n")
    assert "harmont: null: the API has no invoices" in cost_and_usage
    assert "harmont: no rows: the API has no invoices" in detail
    assert "bnerd" not in detail


@pytest.mark.parametrize("column", [column.name for column in columns_of(Dataset.COST_AND_USAGE)])
def test_every_column_can_be_explained(column: str) -> None:
    assert explain(column, DECLARATIONS).startswith(f"{column} (")


def test_explaining_names_the_services_that_an_adapter_declares_something_for() -> None:
    text = explain("PricingUnit", {"harmont": DECLARATIONS["harmont"]})
    assert text.splitlines()[1:] == [
        "  holds: the unit of PricingQuantity, as FOCUS spells it",
        "  null where: credits, taxes and adjustments have no price",
        "  harmont: Harmont Builds: Leases without a unit price",
    ]
