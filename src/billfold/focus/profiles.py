"""What a profile changes in a row besides its columns. Pure."""

from __future__ import annotations

from billfold.focus.columns import Profile
from billfold.focus.row_values import Row

# Vantage's categories are Usage, Credit, Refund, Discount and Tax.
_VANTAGE = {"Purchase": "Usage", "Adjustment": "Refund"}


def adapt(row: Row, profile: Profile) -> Row:
    """Say a row in the words of a profile."""
    if profile is not Profile.VANTAGE:
        return row
    category, cost = str(row["ChargeCategory"]), row["BilledCost"]
    if category == "Adjustment" and not str(cost).startswith("-"):
        return {**row, "ChargeCategory": "Usage"}
    return {**row, "ChargeCategory": _VANTAGE.get(category, category)}
