"""Charges of many accounts for the benchmarks of the store: a month grows, and is restated."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from billfold import Answer, Coverage, Money, State, Stream
from billfold.model import Category, Charge, Usage
from billfold.model.usage import make_charge
from billfold.period import Period
from billfold.store.account_reading import AccountReading

ACCOUNTS = 20
_SERVICES = ("vm", "disk", "network", "object storage", "database", "gpu", "dns", "support")
_DAYS = 30


def answer(account: str, month: Period, day: int, a_month: int) -> AccountReading:
    """Return what an account states of a month at the end of a day of it.

    Each day has its share of the charges, and each day a hundredth of them is restated.
    """
    lines = (charge(account, month, n, day) for n in range(a_month // ACCOUNTS))
    usage = Usage(
        requested=month,
        covers=month,
        charges=tuple(line for line in lines if line is not None),
        provider="bench",
        account=account,
        billing_account_id=account,
    )
    row = Coverage(account, "bench", Stream.USAGE, State.COMPLETE, month)
    read = Answer(Stream.USAGE, month, (usage,), (row,), (), (account,))
    read_at = month.start + timedelta(days=day)
    return AccountReading(account, "bench", "https://bench.example", read_at, read)


def charge(account: str, month: Period, n: int, day: int) -> Charge | None:
    """Return a charge as it is stated on a day; None before it is."""
    of_day = n * 7919 % _DAYS
    if of_day >= day:
        return None
    start = month.start + timedelta(days=of_day)
    cents = n * 104_729 % 99_991 + (1 if n % 100 < day else 0)
    return make_charge(
        id=f"{account}/{month.start:%Y-%m}/{n}",
        provider="bench",
        account=account,
        category=Category.USAGE,
        period=Period(start, start + timedelta(days=1)),
        service=_SERVICES[n % len(_SERVICES)],
        cost=Money(Decimal(cents).scaleb(-6), "EUR"),
        billing_account_id=account,
        resource_id=f"i-{n % 500:06}",
        resource_name=f"server {n % 500}",
        quantity=Decimal(n % 24),
        unit="hour",
        tags={"team": f"team-{n % 12}"},
        source=f"GET /v1/usage?page={n // 100}#/data/{n % 100}",
    )
