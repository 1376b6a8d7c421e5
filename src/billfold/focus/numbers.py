"""Which numbers a format holds with every digit: CSV all of ours, Parquet and Arrow most."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal

from billfold.errors import MoneyError
from billfold.focus.choices import Dataset, Format
from billfold.focus.columns import number_columns
from billfold.focus.row_values import FocusRow
from billfold.money import exact, plain

# Arrow's decimal128 and DuckDB's DECIMAL have 38 digits. Prices and costs of a second or a byte
# have many decimals (an ordinary double up to 24 and more); 14 digits hold any bill.
DIGITS, PLACES = 38, 24

Fits = Callable[[Decimal], bool]

_LIMIT = Decimal(10) ** (DIGITS - PLACES)
_LAST_PLACE = Decimal(1).scaleb(-PLACES)
_WIDE = Context(prec=200)
_RECORDS = {Dataset.COST_AND_USAGE: "charge", Dataset.INVOICE_DETAIL: "invoice"}


def fits_text(number: Decimal) -> bool:
    """Return whether CSV can hold the number: all that can be written in plain notation."""
    try:
        exact(number)
    except MoneyError:
        return False
    return True


def fits_decimal128(number: Decimal) -> bool:
    """Return whether Parquet and Arrow can hold the number without rounding it."""
    return number.copy_abs() < _LIMIT and number == number.quantize(_LAST_PLACE, context=_WIDE)


def fitting(file_format: Format) -> Fits:
    """Return what says whether a format can hold a number."""
    return fits_text if file_format is Format.CSV else fits_decimal128


def require_fit(dataset: Dataset, row: FocusRow, fits: Fits) -> None:
    """Raise MoneyError, naming the record, its column and the number, unless all numbers fit."""
    # One amount is in many columns, and is looked at once.
    values = map(row.get, number_columns(dataset))
    numbers = {id(value): value for value in values if isinstance(value, Decimal)}
    if all(map(fits, numbers.values())):
        return
    for column, value in row.items():
        if isinstance(value, Decimal) and not fits(value):
            record = f"{_RECORDS.get(dataset, 'record')} {row.get('x_ProviderRecordId')}"
            if whose := row.get("SubAccountId") or row.get("BillingAccountId"):
                record += f" of {whose}"
            raise MoneyError(
                f"{column} of {record} is {plain(value)}: Parquet and Arrow hold at most {PLACES} "
                f"decimals and {DIGITS - PLACES} digits before the point. CSV holds every digit"
            )
