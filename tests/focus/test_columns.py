"""The columns and their order; the units."""

import pytest

from billfold import ConfigError
from billfold.focus._prices import focus_unit
from billfold.focus.choices import Dataset, Profile
from billfold.focus.columns import columns_of, find_column


@pytest.mark.parametrize(
    ("dataset", "specified"),
    [("cost_and_usage", 67), ("invoice_detail", 22), ("billing_period", 6)],
)
def test_the_columns_of_focus_come_in_order_before_our_own(dataset: str, specified: int) -> None:
    names = [column.name for column in columns_of(Dataset(dataset))]
    specified_names = [name for name in names if not name.startswith("x_")]
    assert names == [
        *sorted(specified_names),
        *sorted(name for name in names if name.startswith("x_")),
    ]
    assert len(specified_names) == len(set(specified_names)) == specified


def test_older_profiles_have_no_invoice_datasets() -> None:
    assert columns_of(Dataset.INVOICE_DETAIL, Profile.V1_2) == ()
    assert columns_of(Dataset.BILLING_PERIOD, Profile.VANTAGE) == ()
    assert len(columns_of(Dataset.COST_AND_USAGE, Profile.VANTAGE)) == 25


def test_the_error_for_an_unknown_column_says_where_they_are_listed() -> None:
    with pytest.raises(ConfigError, match=r"'Cost'.*docs/focus.md"):
        find_column("Cost")
    with pytest.raises(ConfigError, match=r"'BiledCost'; did you mean BilledCost\?"):
        find_column("BiledCost")


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
