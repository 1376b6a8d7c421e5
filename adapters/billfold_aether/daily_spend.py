"""What autoscaling cost by day (CONTRACT.md, section 3.2): its days and total. Pure."""

from collections.abc import Mapping
from datetime import date, datetime

from attrs import evolve, frozen

from billfold.model import DailyCost, DayPart
from billfold.money import Money, plain
from billfold.period import Period, midnight, span
from billfold.wire import DriftError, parse_at, parse_rows
from billfold_aether import wire
from billfold_aether.parse import CURRENCY, billed_month, eur

_CENTS = 2  # decimals


@frozen
class Spend:
    """What autoscaling cost in one month; ``excess`` is what the stated total has over the days."""

    month: Period
    days: Mapping[date, Money]
    total: Money
    sum_of_days: Money
    excess: Money


def spend(reply: wire.DailySpend, current: Period | None = None) -> Spend:
    """Return what autoscaling cost; the points are one month's days, each once (section 3.2).

    No points that cost nothing are those of the ``current`` month, where it is given.
    """
    rows = reply.points or ()
    amounts = parse_rows("$.points", rows, lambda row: eur(row.amount_eur))
    months = set(parse_rows("$.points", rows, lambda row: Period.month_of(midnight(row.date))))
    days = dict(zip((row.date for row in rows), amounts, strict=True))
    if not rows and not reply.total_eur and current is not None:
        months = {current}
    if len(months) != 1 or len(days) < len(rows):
        kind = "no day" if not rows else f"days of {len(months)} months"
        problem = kind if len(months) != 1 else "two points for one day"
        raise DriftError(f"the reply has {problem} - at `$.points`")
    with parse_at("$.points"):
        sum_of_days = Money.sum(amounts, CURRENCY)
    with parse_at("$.total_eur"):
        total = eur(reply.total_eur)
        return Spend(months.pop(), days, total, sum_of_days, total - sum_of_days)


def lacks_days(bill: wire.Usage, spend: Spend | None) -> DriftError | None:
    """Return that there is no day, where a bill has more than its fees."""
    if spend is None or spend.days:
        return None
    with parse_at("$.total_eur"):
        fees = Money.sum((eur(row.amount_eur) for row in bill.subscriptions or ()), CURRENCY)
        is_idle = (eur(bill.total_eur) - fees).is_rounding_noise()
    return None if is_idle else DriftError("the reply has no day - at `$.points`")


def of_bill(bill: wire.Usage, spend: Spend | None) -> Spend | None:
    """Return daily spend; one without days names no month, and is the bill's if that is idle."""
    if spend is None or spend.days or lacks_days(bill, spend) is not None:
        return spend
    return evolve(spend, month=billed_month(bill))


def days_of_month(month: Period, requested: Period | None) -> Period | None:
    """Return the UTC days of the month that begin in ``requested``; Aether's cannot be cut."""
    if requested is None:
        return month
    return span(day for day in month.split_days() if day.start in requested)


def daily_costs(org: wire.Organization, spend: Spend, window: Period) -> tuple[DailyCost, ...]:
    """Return the days of a window, also those without cost; only autoscaling (section 3.2)."""
    return tuple(
        DailyCost(day, cost, DayPart.AUTOSCALING, org.id)
        for day, cost in spend.days.items()
        if midnight(day) in window
    )


def missing_days(spend: Spend, window: Period, now: datetime) -> tuple[date, ...]:
    """Return the window's days that have begun and have no point (section 3.2)."""
    return tuple(day for day in window.days_begun(now) if day not in spend.days)


def find_holes(spend: Spend, window: Period, now: datetime) -> tuple[bool, list[str]]:
    """Return whether days of a window are or may be incomplete, and what is odd, in words.

    Missing days may hold what the total has more than the others. A total that is less than its
    days, or more although no day is missing, leaves every day in doubt: beyond what rounding makes.
    """
    missing = missing_days(spend, window, now)
    adds_up = spend.excess.is_rounding_noise(_rounded(spend))
    named = missing if adds_up else missing_days(spend, spend.month, now)
    notes = [f"no point for {', '.join(map(str, named))}"] if named else []
    # A server that adds doubles up makes some noise (section 1).
    if not spend.excess.is_rounding_noise():
        notes.append(f"the stated total is {spend.total}, its days add up to {spend.sum_of_days}")
    if adds_up:
        return bool(missing), notes
    return bool(missing) or spend.excess.amount < 0 or not named, notes


def _rounded(spend: Spend) -> int:
    """Return how many amounts may each have been rounded to the cent: days and total, or one.

    A day without money was not, and where only one has some, the total is that day's.
    """
    costs = [cost for cost in spend.days.values() if cost.amount]
    decimals = (plain(cost.amount).partition(".")[2] for cost in costs)
    are_cents = all(len(digits.rstrip("0")) <= _CENTS for digits in decimals)
    return len(costs) + 1 if are_cents and len(costs) > 1 else 1
