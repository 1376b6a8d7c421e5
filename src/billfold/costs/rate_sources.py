"""Where exchange rates come from: a table of one's own, or constants; and what a source is."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Protocol

from attrs import field, frozen

from billfold.costs.rate_table import RateTable, hash_of
from billfold.counted import counted
from billfold.errors import ConfigError
from billfold.files.texts import read_content, text_of
from billfold.money import currency_code, parse_number

_HEADER = "date,base,quote,rate"
_COLUMNS = _HEADER.split(",")


class RateSource(Protocol):
    """Published rates, each as units of a currency per unit of the source's own reference."""

    @property
    def name(self) -> str:
        """What conversions name as their source."""
        ...

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return the rate of that very day, None where none was published."""
        ...

    @property
    def table(self) -> RateTable | None:
        """Which table that is, None for what is none and has no end."""
        ...

    def missing(self, currency: str, day: date) -> str:
        """Return why a rate is missing, for the error, and up to the words "use --rates ..."."""
        ...


@frozen
class TableRates:
    """A company's own table: a CSV file with the columns date, base, quote, rate.

    In each row one ``base`` is ``rate`` ``quote``; all rows have the same base.
    """

    name: str
    reference: str
    rates: Mapping[tuple[str, date], Decimal]
    table: RateTable | None = None

    @classmethod
    def read(cls, file: str | PathLike[str]) -> TableRates:
        """Return the file's rates. Raises ConfigError that names the line."""
        path = Path(file)
        content = read_content(path)
        rows = _csv_rows(path, text_of(content, path))
        if not rows:
            raise ConfigError(f"{path}: has no rates; the first line is {_HEADER}")
        rates: dict[tuple[str, date], Decimal] = {}
        base = next(iter(rows.values()))["base"].strip().upper()
        for number, row in rows.items():
            try:
                _add_row(rates, row, base)
            except ValueError as error:  # as every error about dates, money and currencies is
                raise ConfigError(f"{path}: line {number}: {error}") from None
        newest_day = max(day for _, day in rates)
        return cls(path.name, base, rates, RateTable(path.name, newest_day, hash_of(content)))

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return the table's rate of that day."""
        return Decimal(1) if currency == self.reference else self.rates.get((currency, day))

    def missing(self, currency: str, day: date) -> str:
        """Return the table's days and currencies."""
        days = [day for _, day in self.rates]
        currencies = ", ".join(sorted({currency for currency, _ in self.rates}))
        return f"{self.name} has {min(days)} to {max(days)} for {currencies}. Use"


def _csv_rows(path: Path, text: str) -> dict[int, dict[str, str]]:
    """Return a table's rows by the number of their line. Raises ConfigError."""
    header, _, _ = text.partition("\n")
    names = [name.strip().strip('"').lower() for name in header.split(",")]
    if text.strip() and names != _COLUMNS:
        separated = " with commas between them" if ";" in header or "\t" in header else ""
        raise ConfigError(f"{path}: line 1: the columns are {_HEADER}{separated}")
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        lines = enumerate(list(reader)[1:], 2)
    except csv.Error:
        raise ConfigError(
            f"{path}: line {reader.line_num}: a quote is not closed, or text follows it in its cell"
        ) from None
    rows = {number: row for number, row in lines if any(map(str.strip, row))}
    for number, row in rows.items():
        if len(row) != len(_COLUMNS):
            advice = "a rate has a point before its decimals, like 1.0812"
            raise ConfigError(
                f"{path}: line {number}: has {counted(len(row), 'cell')}, not 4; {advice}"
            )
    return {number: dict(zip(_COLUMNS, row, strict=True)) for number, row in rows.items()}


def _add_row(rates: dict[tuple[str, date], Decimal], row: dict[str, str], base: str) -> None:
    """Add one row's rate. Raises ValueError that says what is wrong with it."""
    day, quote, rate = _day(row["date"]), currency_code(row["quote"]), parse_number(row["rate"])
    if currency_code(row["base"]) != base:
        raise ValueError(f"the base is {row['base']}, and {base} above; a table has one base")
    if quote == base:
        raise ValueError(f"{base} is the base, which is worth 1 of itself")
    if rate <= 0:
        raise ValueError(f"the rate {row['rate']} is not above zero")
    if (quote, day) in rates:
        raise ValueError(f"a second rate of {quote} on {day}")
    rates[(quote, day)] = rate


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not a day; write it like 2026-10-31") from None


@frozen
class ConstantRates:
    """Fixed rates for every day: units of each currency per unit of the reference."""

    rates: Mapping[str, Decimal]
    name: str = "constant"
    table: RateTable | None = field(default=None, init=False)

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return the constant."""
        return self.rates.get(currency)

    def missing(self, currency: str, day: date) -> str:
        """Return the currencies that have a constant."""
        given = ", ".join(sorted(self.rates)) or "nothing"
        return f"constants are given for {given}. Use"
