"""Usage charges as lines of cost: what every view, allocation and report adds up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from attrs import evolve, frozen

from billfold.costs._shares import split
from billfold.costs.rates import Exchange, Rate
from billfold.model import Category, Charge, Usage
from billfold.money import Money
from billfold.period import Period

# Providers state the same money as ledger, invoices and days, too. Only this view is added up.
ROLE = "usage charges"

_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)
_USED = (Category.USAGE, Category.ADJUSTMENT)


@frozen
class Line:
    """A charge, or the part of it that fell to one day or one cost centre.

    ``day`` is None where the charge is longer than a day and was not spread. ``estimated`` marks a
    part that spreading or sharing made. ``rate`` and ``converted`` are None until it is converted.
    """

    charge: Charge
    cost: Money
    day: date | None
    estimated: bool = False
    cost_centre: str | None = None
    rate: Rate | None = None
    converted: Money | None = None

    @property
    def amount(self) -> Money:
        """The converted cost where there is one, else the native one."""
        return self.cost if self.converted is None else self.converted


def charged_lines(usages: Iterable[Usage]) -> Iterator[Line]:
    """Yield a line for every charge that carries a cost."""
    for usage in usages:
        for charge in usage.charges:
            if charge.cost is not None:
                yield Line(charge, charge.cost, day_of(charge.period))


def day_of(period: Period) -> date | None:
    """Return the UTC day a period began on, None for a period longer than a day."""
    return period.start.date() if period.end - period.start <= _DAY else None


def convert_line(line: Line, currency: str, exchange: Exchange) -> Line:
    """Return the line, converted by the rate of its day or of the day its charge began.

    Raises RateError for a missing rate.
    """
    rate = exchange.rate(line.cost.currency, currency, line.day or line.charge.period.start.date())
    return evolve(line, rate=rate, converted=rate.convert(line.cost))


def split_line(line: Line, weights: Sequence[Decimal | int]) -> tuple[Line, ...]:
    """Return parts by weight, marked estimated, that add up to the line exactly in both currencies.

    A line that is to be converted is converted first: what is split before would round each part.
    """
    costs = split(line.cost, weights)
    if line.converted is None:
        return tuple(evolve(line, cost=cost, estimated=True) for cost in costs)
    converted = split(line.converted, weights)
    return tuple(
        evolve(line, cost=cost, converted=amount, estimated=True)
        for cost, amount in zip(costs, converted, strict=True)
    )


def spread_line(line: Line, now: datetime | None = None) -> tuple[Line, ...]:
    """Return a line without a day as one line for each day of its period, by time.

    Fees and credits are spread over all of their period, usage up to ``now``.
    """
    if line.day is not None:
        return (line,)
    days = _spread_period(line.charge, now).split_days()
    parts = split_line(line, [(day.end - day.start) // _MICROSECOND for day in days])
    return tuple(evolve(part, day=day.start.date()) for day, part in zip(days, parts, strict=True))


def _spread_period(charge: Charge, now: datetime | None) -> Period:
    # What is used cannot lie ahead, though a running line may be dated to the end of its cycle.
    period = charge.period
    running = now is not None and now in period and now != period.start
    if now is not None and running and charge.category in _USED:
        return Period(period.start, now)
    return period
