"""What an export can be: the enums that the command line's help needs, and nothing slow."""

from __future__ import annotations

from enum import StrEnum


class Dataset(StrEnum):
    """The datasets of FOCUS 1.4 that billfold writes; the value is the name of the file."""

    COST_AND_USAGE = "cost_and_usage"
    INVOICE_DETAIL = "invoice_detail"
    BILLING_PERIOD = "billing_period"


class Format(StrEnum):
    """The format of the files; the value is their suffix."""

    CSV = "csv"
    PARQUET = "parquet"


class Profile(StrEnum):
    """Who reads the export.

    ``1.4`` has the columns of FOCUS 1.4 and those that older versions need, ``1.2`` only those of
    FOCUS 1.2, ``vantage`` those of Vantage's custom provider.
    """

    V1_4 = "1.4"
    V1_2 = "1.2"
    VANTAGE = "vantage"
