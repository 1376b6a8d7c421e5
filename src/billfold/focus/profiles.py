"""What a profile changes in a row besides its columns."""

from __future__ import annotations

from billfold.focus.choices import Profile
from billfold.focus.row_values import FocusRow


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
