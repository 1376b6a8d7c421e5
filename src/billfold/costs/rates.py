"""Exchange rates with their evidence: the two published figures, their day and their source."""

from __future__ import annotations

import calendar
import decimal
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce

from attrs import field, frozen

from billfold.costs.policy import Policy
from billfold.costs.rate_sources import RateSource
from billfold.costs.rate_table import RateTable
from billfold.counted import counted
from billfold.errors import ConfigError, MoneyError, RateError
from billfold.money import Money, plain

_WIDE = decimal.Context(prec=120, rounding=decimal.ROUND_HALF_EVEN)
_LONGEST_GAP = 7  # days without a published rate: the longest run of holidays of the ECB is four
_LONGEST_STALE = timedelta(days=366)  # an older rate is nothing to offer
_SATURDAY = 5
_PLACES = Decimal("1e-12")
_FINEST = Decimal("1e-30")
# Finer than what counts as a quotient that ends, and the most decimals that can be written.
_OF_A_DAY = Decimal("1e-40")

__all__ = ["Exchange", "Policy", "Rate", "quotient", "rate_tables"]


def quotient(amount: Decimal, numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return ``amount * numerator / denominator``, exactly if that ends within thirty decimals.

    Otherwise it is rounded half-even to twelve decimals. Cost views round nowhere else.
    """
    product = _WIDE.multiply(amount, numerator)
    result = _WIDE.divide(product, denominator)
    ends = result == result.quantize(_FINEST, context=_WIDE)
    if ends and _WIDE.multiply(result, denominator) == product:
        return _without_zeros(result, amount)
    return result.quantize(_PLACES, context=_WIDE)


def _without_zeros(result: Decimal, amount: Decimal) -> Decimal:
    """Return a result of many decimals without zeros at its end, but those that the amount has."""
    if _decimals(result) <= -_PLACES.adjusted():
        return result
    short = result.normalize(_WIDE)
    if _decimals(short) >= _decimals(amount):
        return short
    return short.quantize(amount, context=_WIDE)


def _decimals(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


@frozen
class Rate:
    """How much ``quote`` one ``base`` is: ``numerator / denominator``, the two published figures.

    ``day`` is the day it was published for and ``for_day`` the day it was needed for, which is
    later on weekends and holidays. Both are None for a constant and an average. ``table`` is where
    it was read. ``estimated`` marks one that a newer table may replace: the table ends before the
    day, or before the month of an average is over.
    """

    base: str
    quote: str
    numerator: Decimal
    denominator: Decimal
    day: date | None
    source: str
    for_day: date | None = None
    table: RateTable | None = None
    estimated: bool = False

    @property
    def rate(self) -> Decimal:
        """The quotient to twelve decimals, for reading; conversion uses the two figures."""
        rate = _WIDE.divide(self.numerator, self.denominator)
        return rate.quantize(_PLACES, context=_WIDE).normalize(_WIDE)

    def convert(self, money: Money) -> Money:
        """Return the amount in ``quote``, exact or rounded as :func:`quotient` does.

        Raises RateError for a rate that makes it larger than an amount can be.
        """
        if self.numerator == self.denominator:
            return money if money.currency == self.quote else Money(money.amount, self.quote)
        try:
            return Money(quotient(money.amount, self.numerator, self.denominator), self.quote)
        except (MoneyError, decimal.InvalidOperation):
            raise RateError(
                f"{money} cannot be converted by {self.source}: check the rate"
            ) from None

    def __str__(self) -> str:
        published = "" if self.day is None else f" of {self.day}"
        if self.day != self.for_day:
            published += f", the last published before {self.for_day}"
        published += "; estimated" if self.estimated else ""
        return f"1 {self.base} = {plain(self.rate)} {self.quote} ({self.source}{published})"


def rate_tables(rates: Iterable[Rate]) -> tuple[RateTable, ...]:
    """Return the tables that rates were read from, each once."""
    return tuple(dict.fromkeys(rate.table for rate in rates if rate.table is not None))


def _policy(given: Policy | str) -> Policy:
    try:
        return Policy(given)
    except ValueError:
        known = ", ".join(Policy)
        raise ConfigError(f"{given!r} is no rate policy; there are {known}") from None


@frozen
class Exchange:
    """Where rates come from, and which day's rate converts a charge.

    For so many ``stale_days`` after the end of the source's table its last rate may be used; it is
    marked estimated. Raises ConfigError for a policy that is none.
    """

    source: RateSource
    policy: Policy = field(default=Policy.CHARGE_DATE, converter=_policy)
    stale_days: int = 0

    def rate(self, base: str, quote: str, day: date) -> Rate:
        """Return the rate for a charge of ``day``. Raises RateError where there is none."""
        if base == quote:
            return Rate(base, quote, Decimal(1), Decimal(1), None, "same currency")
        if self.policy is Policy.CONSTANT:
            figures = self._figures(base, quote, day)
            if figures is None:
                raise self._missing(base, quote, day, [day])
            return Rate(base, quote, *figures, None, self.source.name)
        if self.policy is Policy.MONTH_AVERAGE:
            return self._average(base, quote, _days_of_month(day))
        if self.policy is Policy.MONTH_END:
            day = _days_of_month(day)[-1]
        return self._of_day(base, quote, day, self._last_usable(day))

    def _of_day(self, base: str, quote: str, day: date, last: date) -> Rate:
        """Return the rate published on the ``last`` day, or else before it."""
        table, ahead = self.source.table, self._is_ahead(day)
        for published in _days_back(last):
            figures = self._figures(base, quote, published)
            if figures is not None:
                name = self.source.name
                return Rate(base, quote, *figures, published, name, day, table, ahead)
        raise self._missing(base, quote, day, _days_back(last))

    def _average(self, base: str, quote: str, days: list[date]) -> Rate:
        """Return the mean of the published days, kept as their sum over their number.

        A day's rate has forty decimals at most, so that the sum can be written out whole.
        """
        figures = [self._figures(base, quote, day) for day in days]
        rates = [_of_a_day(*figure) for figure in figures if figure is not None]
        table, last = self.source.table, self._last_usable(days[-1])
        if not rates and last < days[0]:
            return self._of_day(base, quote, days[-1], last)
        if not rates:
            raise self._missing(base, quote, days[-1], days)
        source = f"{self.source.name}, average of {counted(len(rates), 'day')} in {days[0]:%Y-%m}"
        total, ahead = reduce(_WIDE.add, rates, Decimal(0)), self._is_ahead(days[-1])
        return Rate(base, quote, total, Decimal(len(rates)), None, source, None, table, ahead)

    def _last_usable(self, day: date) -> date:
        """Return the day itself, or the table's end where that may stand for it."""
        table = self.source.table
        if table is None or not timedelta(0) < day - table.newest_day <= self._stale:
            return day
        return table.newest_day

    @property
    def _stale(self) -> timedelta:
        return timedelta(days=self.stale_days)

    def _is_ahead(self, day: date) -> bool:
        """Return whether the table ends before a day for which a rate may still be published."""
        table = self.source.table
        if table is None or day <= table.newest_day:
            return False
        next_rates = table.newest_day + timedelta(days=1)
        while next_rates.weekday() >= _SATURDAY:
            next_rates += timedelta(days=1)
        return day >= next_rates

    def _figures(self, base: str, quote: str, day: date) -> tuple[Decimal, Decimal] | None:
        """Return that very day's numerator and denominator: both currencies per reference unit."""
        base_figure = self.source.published(base, day)
        quote_figure = self.source.published(quote, day)
        if base_figure is None or quote_figure is None:
            return None
        return quote_figure, base_figure

    def _missing(self, base: str, quote: str, day: date, days: list[date]) -> RateError:
        """Return that there is no rate for a day, for which one of any of the ``days`` would do."""
        missing = self._lacking(base, quote, day, days)
        others = f"`--rates FILE` or `--constant {base}=RATE` ({base} for 1 {quote})"
        if stale := self._stale_days_to(base, quote, day):
            others = f"`--stale-rates {stale}`, {others}"
        return RateError(
            f"No {missing} rate for {day}: {self.source.missing(missing, day)} {others}."
        )

    def _lacking(self, base: str, quote: str, day: date, days: list[date]) -> str:
        """Return which of two currencies there is no rate of.

        Where neither has one, that is the one which the table does not end with either.
        """
        table = self.source.table
        end = [] if table is None else _days_back(table.newest_day)
        return next(
            currency
            for looked_at in ([*days, *end], days, [day])
            for currency in (base, quote)
            if all(self.source.published(currency, each) is None for each in looked_at)
        )

    def _stale_days_to(self, base: str, quote: str, day: date) -> int | None:
        """Return for how many days the table's last rate would have to stand, None for never."""
        table = self.source.table
        if table is None or not timedelta(0) < day - table.newest_day <= _LONGEST_STALE:
            return None
        last = _days_back(table.newest_day)
        usable = any(self._figures(base, quote, published) for published in last)
        return (day - table.newest_day).days if usable else None


def _of_a_day(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return a day's rate, rounded half-even beyond forty decimals."""
    rate = _WIDE.divide(numerator, denominator)
    return rate.quantize(_OF_A_DAY, context=_WIDE).normalize(_WIDE)


def _days_back(day: date) -> list[date]:
    """Return the day and those before it whose rate may stand for it, latest first."""
    return [day - timedelta(days=back) for back in range(_LONGEST_GAP + 1)]


def _days_of_month(day: date) -> list[date]:
    last = calendar.monthrange(day.year, day.month)[1]
    return [day.replace(day=number) for number in range(1, last + 1)]
