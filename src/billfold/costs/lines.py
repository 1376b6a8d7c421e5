"""Usage charges as lines of cost: the one role of each cent that every view, allocation and report adds up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from attrs import evolve, frozen

from billfold.costs.rates import Exchange, Rate
from billfold.costs._shares import split
from billfold.errors import ConfigError
from billfold.model import Category, Charge, Usage
from billfold.money import Money
from billfold.period import Period

ROLE = "usage charges"
NO_DAY = "(no day)"
NONE = "(none)"
UNALLOCATED = "(unallocated)"
_DAY = timedelta(days=1)
_USED = (Category.USAGE, Category.ADJUSTMENT)


@frozen
class Line:
    """A charge, or the part of it that fell to one day or cost centre.

    ``day`` is None where the charge is longer than a day and was not spread; ``estimated`` marks what spreading or sharing
    made of it. ``rate`` and ``converted`` are there once it was converted.
    """

    charge: Charge
    cost: Money
    day: date | None
    estimated: bool = False
    cost_centre: str | None = None
    rate: Rate | None = None
    converted: Money | None = None


def lines(usages: Iterable[Usage]) -> Iterator[Line]:
    """Take every charge that carries a cost; a lease that crosses midnight belongs to the day it began."""
    for usage in usages:
        for charge in usage.charges:
            if charge.cost is not None:
                yield Line(charge, charge.cost, day_of(charge.period))


def day_of(period: Period) -> date | None:
    """Return the UTC day of a period no longer than a day, else None: a longer one has no day of its own."""
    return period.start.date() if period.end - period.start <= _DAY else None


def parts(line: Line, weights: Sequence[Decimal | int]) -> tuple[Line, ...]:
    """Split a line by weight, the parts adding up exactly, native and converted; they are marked estimated."""
    costs = split(line.cost, weights)
    if line.converted is None:
        return tuple(evolve(line, cost=cost, estimated=True) for cost in costs)
    both = zip(costs, split(line.converted, weights), strict=True)
    return tuple(
        evolve(line, cost=cost, converted=converted, estimated=True) for cost, converted in both
    )


def spread(line: Line, until: datetime | None = None) -> tuple[Line, ...]:
    """Spread a line without a day over its period, by time: fees and credits over all of it, usage up to ``until``.

    What is used cannot lie ahead, though a running line may be dated to the end of its billing cycle.
    """
    if line.day is not None:
        return (line,)
    period = line.charge.period
    if (
        until is not None
        and line.charge.category in _USED
        and until in period
        and until != period.start
    ):
        period = Period(period.start, until)
    days = period.split_days()
    shares = parts(line, [(day.end - day.start) // timedelta(microseconds=1) for day in days])
    return tuple(
        evolve(share, day=day.start.date()) for day, share in zip(days, shares, strict=True)
    )


def convert(line: Line, currency: str, exchange: Exchange) -> Line:
    """Convert by the rate of the line's day, or of the day its charge began. Raises RateError.

    This comes before spreading and sharing, so that neither changes a total.
    """
    rate = exchange.rate(line.cost.currency, currency, line.day or line.charge.period.start.date())
    return evolve(line, rate=rate, converted=rate.convert(line.cost))


Dimension = Callable[[Line], str]


def _month(line: Line) -> str:
    period = line.charge.period
    if line.day is not None:
        return f"{line.day:%Y-%m}"
    inside = Period.month_of(period.start)
    return str(inside) if period.end <= inside.end else "(several months)"


_DIMENSIONS: dict[str, Dimension] = {
    "provider": lambda line: line.charge.provider,
    "account": lambda line: line.charge.account,
    "billing_account": lambda line: (
        line.charge.billing_account_name or line.charge.billing_account_id or NONE
    ),
    "sub_account": lambda line: line.charge.sub_account_name or line.charge.sub_account_id or NONE,
    "service": lambda line: line.charge.service,
    "resource": lambda line: line.charge.resource_name or line.charge.resource_id or NONE,
    "category": lambda line: line.charge.category.value,
    "currency": lambda line: line.cost.currency,
    "day": lambda line: NO_DAY if line.day is None else line.day.isoformat(),
    "month": _month,
    "cost_centre": lambda line: line.cost_centre or UNALLOCATED,
}


def dimension(name: str) -> Dimension:
    """Return what reads a dimension from a line: a name, or ``tag:KEY``. Raises ConfigError for an unknown one."""
    if name.startswith("tag:") and len(name) > 4:
        key = name.removeprefix("tag:")
        return lambda line: line.charge.tags.get(key, NONE)
    try:
        return _DIMENSIONS[name]
    except KeyError:
        raise ConfigError(
            f"{name!r} is not a dimension; there are {', '.join(_DIMENSIONS)} and tag:KEY"
        ) from None
