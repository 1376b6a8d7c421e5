"""The columns of each dataset, as columns.csv lists them, and what a profile has of them."""

from __future__ import annotations

import csv
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from attrs import frozen

from billfold.errors import ConfigError
from billfold.focus.choices import Dataset, Profile
from billfold.focus.row_values import FocusRow

NUMBER, TIME = "Decimal", "Date/Time"  # types of values, in FOCUS' words


@frozen
class Column:
    """A column: what billfold writes into it, and where it is null.

    ``holds`` is empty for a column that is always null, ``null_where`` for one that never is.
    ``since`` is the first FOCUS version that has the column, ``vantage`` is empty for one that
    Vantage does not read.
    """

    dataset: Dataset
    name: str
    value_type: str
    since: str
    vantage: str
    holds: str
    null_where: str

    @property
    def content(self) -> str:
        """What the column holds, in words."""
        return self.holds or "nothing"

    @property
    def is_own(self) -> bool:
        """Whether the column is billfold's own, not FOCUS'."""
        return self.name.startswith("x_")


@cache
def _all_columns() -> tuple[Column, ...]:
    lines = files("billfold.focus").joinpath("columns.csv").read_text("utf-8").splitlines()
    return tuple(Column(Dataset(dataset), *cells) for dataset, *cells in csv.reader(lines[1:]))


@cache
def columns_of(dataset: Dataset, profile: Profile = Profile.V1_4) -> tuple[Column, ...]:
    """Return a dataset's columns in a profile: those of FOCUS by name, then billfold's own.

    A profile that does not have the dataset has none.
    """
    known = tuple(column for column in _all_columns() if column.dataset is dataset)
    if profile is Profile.V1_4:
        return known
    if dataset is not Dataset.COST_AND_USAGE:
        return ()
    if profile is Profile.VANTAGE:
        return tuple(column for column in known if column.vantage)
    return tuple(column for column in known if column.since == "1.2")


@cache
def number_columns(dataset: Dataset) -> tuple[str, ...]:
    """Return the names of a dataset's columns that hold numbers."""
    return tuple(column.name for column in columns_of(dataset) if column.value_type == NUMBER)


def find_column(name: str) -> tuple[Column, ...]:
    """Return the columns of this name, in any letter case, one per dataset that has it.

    Raises ConfigError where no dataset has one.
    """
    matching = [column for column in _all_columns() if column.name.lower() == name.lower()]
    if not matching:
        known = {column.name.lower(): column.name for column in _all_columns()}
        similar = [known[word] for word in get_close_matches(name.lower(), known, 1)]
        hint = f"did you mean {similar[0]}? " if similar else ""
        raise ConfigError(
            f"no FOCUS dataset has a column {name!r}; {hint}docs/focus.md lists all of them"
        )
    return tuple(matching)


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
