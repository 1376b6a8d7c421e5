"""Usage charges as lines of cost: what every view, allocation and report adds up."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from attrs import define, field
from msgspec import Struct
from msgspec.structs import replace

from billfold.costs.rates import Exchange, Rate
from billfold.model import (
    Category,
    Charge,
    Usage,
    is_unstated,
    month_of_start,
    time_in_cycle,
    time_within,
)
from billfold.money import Money, split_fairly, split_in_order
from billfold.period import Period

# Providers state the same money as ledger, invoices and days, too. Only this view is added up.
ROLE = "usage charges"

_NO_CURRENCY = "XXX"  # as ISO 4217 calls it
_DAY = timedelta(days=1)


# gc=False for what comes by the million: a line has no way back to itself, and the collector, which
# goes through everything again when there is a quarter more, need not look for one.
class Line(Struct, frozen=True, gc=False):
    """A charge, or the part of it that fell to one day or one cost centre.

    It is booked on a UTC day and in a month, and is of a ``time``, by the rules of
    :mod:`billfold.model.booking`. ``day`` is None where the charge is longer than a day and was not
    spread. ``estimated`` marks a part
    that spreading or sharing made, ``shared`` one that sharing made, ``cut`` one of a charge of
    which other days are not counted. ``rate`` and ``converted`` are None until it is converted,
    ``rate`` of a line of zero, too, when it is.
    ``msgspec.structs.replace`` makes one with other values.
    """

    charge: Charge
    cost: Money
    booked_on: date
    month: Period
    time: Period
    day: date | None
    estimated: bool = False
    cost_centre: str | None = None
    rate: Rate | None = None
    converted: Money | None = None
    shared: bool = False
    cut: bool = False

    @property
    def amount(self) -> Money:
        """The converted cost where there is one, else the native one."""
        return self.cost if self.converted is None else self.converted


def charged_lines(
    usages: Iterable[Usage], in_cycles: Container[str] = frozenset()
) -> Iterator[Line]:
    """Yield a line for every charge that carries a cost.

    ``in_cycles`` are the accounts whose usages are billing cycles: their lines are of the time that
    they share with their cycle.
    """
    for usage in usages:
        time_of = time_in_cycle if usage.account in in_cycles else time_within
        line_of = _booked(usage.covers, time_of)
        for charge in usage.charges:
            if charge.cost is not None:
                yield line_of(charge, charge.cost)


def unstated_lines(usages: Iterable[Usage]) -> Iterator[Line]:
    """Yield a line of nothing for every charge whose cost nobody states, to be matched by rules."""
    for usage in usages:
        currency = next(iter(usage.totals()), _NO_CURRENCY)
        line_of = _booked(usage.covers, time_within)
        for charge in filter(is_unstated, usage.charges):
            yield line_of(charge, Money.zero(currency))


def _booked(
    covers: Period, time_of: Callable[[Charge, Period], Period]
) -> Callable[[Charge, Money], Line]:
    """Return what makes a line of a charge, out of a usage that ``covers`` a period."""
    month_of, days = month_of_start(covers), dict[date, date]()

    def line_of(charge: Charge, cost: Money) -> Line:
        time = time_of(charge, covers)
        start = time.start
        booked_on = charge.day or start.date()
        booked_on = days.setdefault(booked_on, booked_on)  # one day is one object for all its lines
        day = booked_on if has_day(charge) else None
        return Line(charge, cost, booked_on, month_of(start), time, day)

    return line_of


def has_day(charge: Charge) -> bool:
    """Return whether a charge belongs to one UTC day: a short one, or one the provider counts so.

    A short one that runs past midnight belongs to the day it began.
    """
    return charge.day is not None or charge.period.end - charge.period.start <= _DAY


def convert_lines(lines: Iterable[Line], currency: str, exchange: Exchange) -> Iterator[Line]:
    """Yield lines, each converted by the rate of the day it is booked on.

    Zero is zero at any rate, and needs none. Raises RateError for a missing rate.
    """
    rates: dict[tuple[str, date], Rate] = {}  # of a day, which most lines share with others
    for line in lines:
        if not line.cost.amount:
            yield replace(line, converted=Money(line.cost.amount, currency))
            continue
        base, day = line.cost.currency, line.booked_on
        rate = rates.get((base, day))
        if rate is None:
            rate = rates[base, day] = exchange.rate(base, currency, day)
        yield replace(line, rate=rate, converted=rate.convert(line.cost))


@define(eq=False)
class FairDays:
    """Spreads one line after the other over days, so that rounding favours no day of an account.

    A month has of every line what its days are worth: of a thousand fees of a cent, one day would
    else have all. No account's days depend on what another one costs.
    """

    _native: dict[tuple[str, Hashable], Decimal] = field(factory=dict)
    _converted: dict[tuple[str, Hashable], Decimal] = field(factory=dict)

    def spread_line(self, line: Line, until: datetime | None = None) -> tuple[Line, ...]:
        """Return a line without a day as one line for each day of its time.

        They are marked estimated, and add up to the line exactly in both currencies. Fees and
        credits are spread over all of their time, usage ``until`` it was read. A line with a day
        keeps it and counts, as the days of the others do, in the month of its time.
        """
        if line.day is not None:
            return (_in_month_of_time(line),)
        days = _spread_over(line, until).split_days()
        weights = [(day.end - day.start) // timedelta.resolution for day in days]
        ends = [(line.charge.account, day.end) for day in days]
        costs = split_in_order(line.cost, weights, ends, self._native)
        converted: Sequence[Money | None] = [None] * len(days)
        if line.converted is not None:
            converted = split_in_order(line.converted, weights, ends, self._converted)
        return tuple(
            replace(
                line,
                cost=cost,
                converted=amount,
                estimated=True,
                day=day.start.date(),
                month=Period.month_of(day.start),
            )
            for day, cost, amount in zip(days, costs, converted, strict=True)
        )


def _in_month_of_time(line: Line) -> Line:
    """Return a line in the month of its time: a cycle's lines are booked where the cycle begins."""
    start = line.time.start
    return line if start in line.month else replace(line, month=Period.month_of(start))


def _spread_over(line: Line, until: datetime | None) -> Period:
    """Return over which time a line is spread."""
    # What is used was used before it was read, though a running line may be dated to the end of
    # its cycle.
    used = line.charge.category in (Category.USAGE, Category.ADJUSTMENT)
    if used and until is not None and until in line.time and until != line.time.start:
        return Period(line.time.start, until)
    return line.time


@define(eq=False)
class FairShares:
    """Splits one line after the other by weight, so that rounding favours nobody over all of them.

    Who was given too little of the lines before comes first where something remains. Of a thousand
    charges of a cent, the first of three equal shares would else have all.
    """

    _native: dict[str, list[Decimal]] = field(factory=dict)
    _converted: dict[str, list[Decimal]] = field(factory=dict)

    def split_line(self, line: Line, weights: Sequence[Decimal | int]) -> tuple[Line, ...]:
        """Return parts by weight, marked estimated, that add up exactly in both currencies.

        The lines of one currency have one length. A line that is to be converted is converted
        first: what is split before would round each part.
        """
        costs = split_fairly(line.cost, weights, self._native)
        parts = [replace(line, cost=cost, estimated=True) for cost in costs]
        if line.converted is None:
            return tuple(parts)
        converted = split_fairly(line.converted, weights, self._converted)
        return tuple(
            replace(part, converted=amount) for part, amount in zip(parts, converted, strict=True)
        )
