"""What a profile has of the export: columns, and words for the categories of charges."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from billfold.errors import ConfigError
from billfold.focus._column_tables import COLUMNS, Column
from billfold.focus.choices import Dataset, Profile
from billfold.focus.row_values import FocusRow

_COLUMNS: Mapping[Dataset, tuple[Column, ...]] = {
    dataset: tuple(sorted(columns, key=lambda column: (column.is_own, column.name)))
    for dataset, columns in COLUMNS.items()
}
_VANTAGE = """
BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart
ChargeCategory ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart
ConsumedQuantity ConsumedUnit EffectiveCost ListCost RegionId RegionName ResourceId ResourceName
ResourceType ServiceCategory ServiceName SubAccountId SubAccountName Tags
"""


@cache
def columns_of(dataset: Dataset, profile: Profile = Profile.V1_4) -> tuple[Column, ...]:
    """Return a dataset's columns in a profile: those of FOCUS by name, then billfold's own.

    A profile that does not have the dataset has none.
    """
    known = _COLUMNS[dataset]
    if profile is Profile.V1_4:
        return known
    if dataset is not Dataset.COST_AND_USAGE:
        return ()
    if profile is Profile.VANTAGE:
        names = _VANTAGE.split()
        return tuple(column for column in known if column.name in names)
    return tuple(column for column in known if column.since == "1.2")


def find_column(name: str) -> tuple[tuple[Dataset, Column], ...]:
    """Return the columns of this name, in any letter case, with the datasets that have them.

    Raises ConfigError where no dataset has one.
    """
    matching = tuple(
        (dataset, column)
        for dataset, columns in _COLUMNS.items()
        for column in columns
        if column.name.lower() == name.lower()
    )
    if not matching:
        raise ConfigError(
            f"no FOCUS dataset has a column {name!r}: docs/focus.md lists all of them"
        )
    return matching


def adapt(row: FocusRow, profile: Profile) -> FocusRow:
    """Return a row of Cost and Usage with the charge categories of a profile.

    Vantage knows Usage, Credit, Refund, Discount and Tax.
    """
    if profile is not Profile.VANTAGE:
        return row
    category = row["ChargeCategory"]
    if category == "Adjustment":
        category = "Refund" if str(row["BilledCost"]).startswith("-") else "Usage"
    elif category == "Purchase":
        category = "Usage"
    return {**row, "ChargeCategory": category}
