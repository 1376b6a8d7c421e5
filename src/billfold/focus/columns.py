"""The columns of each dataset, and which of them a profile has."""

from __future__ import annotations

from collections.abc import Mapping

from billfold.errors import ConfigError
from billfold.focus._column import Column
from billfold.focus._cost_and_usage_columns import COST_AND_USAGE
from billfold.focus._invoice_columns import BILLING_PERIOD, INVOICE_DETAIL
from billfold.focus.choices import Dataset, Profile

_COLUMNS: Mapping[Dataset, tuple[Column, ...]] = {
    Dataset.COST_AND_USAGE: COST_AND_USAGE,
    Dataset.INVOICE_DETAIL: INVOICE_DETAIL,
    Dataset.BILLING_PERIOD: BILLING_PERIOD,
}
_VANTAGE = frozenset(
    {
        "BilledCost",
        "BillingAccountId",
        "BillingAccountName",
        "BillingCurrency",
        "BillingPeriodEnd",
        "BillingPeriodStart",
        "ChargeCategory",
        "ChargeDescription",
        "ChargeFrequency",
        "ChargePeriodEnd",
        "ChargePeriodStart",
        "ConsumedQuantity",
        "ConsumedUnit",
        "EffectiveCost",
        "ListCost",
        "RegionId",
        "RegionName",
        "ResourceId",
        "ResourceName",
        "ResourceType",
        "ServiceCategory",
        "ServiceName",
        "SubAccountId",
        "SubAccountName",
        "Tags",
    }
)


def columns_of(dataset: Dataset, profile: Profile = Profile.V1_4) -> tuple[Column, ...]:
    """Return a dataset's columns in a profile, in the order they are written.

    A profile that does not have the dataset has none.
    """
    known = _COLUMNS[dataset]
    if profile is Profile.V1_4:
        return known
    if dataset is not Dataset.COST_AND_USAGE:
        return ()
    if profile is Profile.VANTAGE:
        return tuple(column for column in known if column.name in _VANTAGE)
    return tuple(column for column in known if column.since == "1.2")


def find_column(name: str) -> tuple[tuple[Dataset, Column], ...]:
    """Return the columns of this name, in any letter case, with the datasets that have them.

    Raises ConfigError where no dataset has one.
    """
    matching = tuple(
        (dataset, column)
        for dataset in Dataset
        for column in _COLUMNS[dataset]
        if column.name.lower() == name.lower()
    )
    if not matching:
        raise ConfigError(
            f"no FOCUS dataset has a column {name!r}: docs/focus.md lists all of them"
        )
    return matching
