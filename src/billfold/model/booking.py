"""The one rule for which month a charge is booked in, and which days, used by every view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from billfold.model.usage import Charge
from billfold.period import Period


@lru_cache(maxsize=256)
def booking_months(covers: Period) -> tuple[Period, ...]:
    """Return the months that a usage is booked in: all if they are whole, else the first."""
    if covers.is_whole_months:
        return covers.split_months()
    return (Period.month_of(covers.start),)


def booking_month(charge: Charge, covers: Period) -> Period:
    """Return the month a charge is booked in, out of a usage that ``covers`` a period.

    That is where it begins or, where the usage is a billing cycle, where the cycle begins.
    """
    return month_of_start(covers)(start_within(charge, covers))


@lru_cache(maxsize=256)
def month_of_start(covers: Period) -> Callable[[datetime], Period]:
    """Return what says the month of an instant that :func:`start_within` names.

    For the many charges of one usage.
    """
    months = booking_months(covers)
    if len(months) == 1:
        return lambda start: months[0]
    by_start = {(month.start.year, month.start.month): month for month in months}
    return lambda start: by_start[start.year, start.month]


def start_within(charge: Charge, covers: Period) -> datetime:
    """Return the instant of the covered period that is nearest to the charge's start.

    A cycle may hold lines that are older than it is: they are its money all the same.
    """
    start = charge.period.start
    if covers.start <= start < covers.end:
        return start
    return min(max(start, covers.start), covers.end - datetime.resolution)


def time_within(charge: Charge, covers: Period) -> Period:
    """Return the time that a charge's cost is of: its own, of an older line what the period covers.

    A fee may go on beyond a period that was asked for, with its whole cost. Of a line that lies
    wholly outside, it is the day on which it is booked.
    """
    own, start = charge.period, start_within(charge, covers)
    if own.start == start:
        return own
    return Period(start, own.end) if start < own.end else Period.day(start.date())


def time_in_cycle(charge: Charge, cycle: Period) -> Period:
    """Return the time that a charge's cost is of, where it is on the bill of a billing cycle.

    A cycle's money is of its days. What lies before or after it no other cycle has: of a year paid
    in one cycle, the later ones state nothing.
    """
    time = time_within(charge, cycle)
    return time if time.end <= cycle.end else Period(time.start, cycle.end)
