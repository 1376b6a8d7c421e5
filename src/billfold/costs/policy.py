"""Which day's rate converts: a choice of the command line's, whose help needs nothing else."""

from __future__ import annotations

from enum import StrEnum


class Policy(StrEnum):
    """Which day's rate converts a charge."""

    CHARGE_DATE = "charge-date"
    MONTH_END = "month-end"
    MONTH_AVERAGE = "month-average"
    CONSTANT = "constant"
