"""The columns, their order, and what is said about them."""

import pytest

from billfold import ConfigError
from billfold.adapter import find as adapter
from billfold.adapter import installed
from billfold.focus.columns import Dataset, Profile, columns, find
from billfold.focus.explain import explain
from billfold.focus.units import focus_unit

DECLARATIONS = {name: adapter(name).declares for name in installed()}


@pytest.mark.parametrize(
    ("dataset", "specified"),
    [("cost_and_usage", 67), ("invoice_detail", 22), ("billing_period", 6)],
)
def test_every_column_of_focus_is_there_in_order_before_ours(dataset: str, specified: int) -> None:
    names = [column.name for column in columns(Dataset(dataset))]
    theirs = [name for name in names if not name.startswith("x_")]
    assert names == [*sorted(theirs), *sorted(name for name in names if name.startswith("x_"))]
    assert len(theirs) == len(set(theirs)) == specified


def test_older_profiles_have_no_invoice_datasets() -> None:
    assert columns(Dataset.INVOICE_DETAIL, Profile.V1_2) == ()
    assert columns(Dataset.BILLING_PERIOD, Profile.VANTAGE) == ()
    assert len(columns(Dataset.COST_AND_USAGE, Profile.VANTAGE)) == 25


def test_an_unknown_column_is_an_error_that_says_where_they_are_listed() -> None:
    with pytest.raises(ConfigError, match=r"'Cost'.*docs/focus.md"):
        find("Cost")


def test_explaining_says_why_a_column_is_null() -> None:
    text = explain("regionid", DECLARATIONS)
    assert text == (
        "RegionId (String, cost and usage, FOCUS 1.2)\n  holds nothing\n"
        "  is null where no provider's API states a region with its charges"
    )


def test_explaining_says_what_each_provider_declares() -> None:
    text = explain(
        "SubAccountType", {"harmont": DECLARATIONS["harmont"], "bnerd": DECLARATIONS["bnerd"]}
    )
    assert text.splitlines()[-2:] == ["  bnerd: Project", "  harmont: Pipeline"]
    assert "harmont: null: no shape" not in explain("SkuPriceDetails", DECLARATIONS)
    assert "harmont: null: the API has no tags of users" in explain("Tags", DECLARATIONS)
    assert "latitude: the resource's tags" in explain("Tags", DECLARATIONS)


def test_explaining_an_invoice_says_who_has_none() -> None:
    cost_and_usage, detail = explain("InvoiceId", DECLARATIONS).split("\n\n")
    assert "harmont: null: the API has no invoices" in cost_and_usage
    assert "harmont: no rows: the API has no invoices" in detail
    assert "bnerd" not in detail


@pytest.mark.parametrize("column", [column.name for column in columns(Dataset.COST_AND_USAGE)])
def test_every_column_can_be_explained(column: str) -> None:
    assert explain(column, DECLARATIONS).startswith(f"{column} (")


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("hour", "Hours"),
        ("Hours", "Hours"),
        ("GB-hour", "GB-Hours"),
        ("GiB", "GiB"),
        ("frob", None),
        (None, None),
    ],
)
def test_units_are_translated_or_not_known(word: str | None, unit: str | None) -> None:
    assert focus_unit(word) == unit
