"""Very many charges, the same for every part that needs them: made here, or flowing from a toy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from attrs import frozen

from billfold import Account, Answer, Category, Charge, Money, Period, Secret, Stream, Usage
from billfold.adapter import Declaration, Reading, Readings, State
from billfold.coverage import Coverage
from billfold.http.client import Client
from billfold.wire import Problem

MONTH = Period.month(2026, 10)
BATCH = 500
_BEGUN = datetime(2026, 10, 1, tzinfo=UTC)


@frozen
class Many:
    """Say a lot, a little at a time."""

    provider: ClassVar[str] = "many"
    declares: ClassVar[Declaration] = Declaration(
        "Many", "https://many.invalid", "MANY", "MANY_URL", lambda body: Problem()
    )

    charges: int

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        """Yield usages of a few charges."""
        for used in usages(self.charges):
            yield Reading((used,), MONTH)


def account(charges: int) -> Account:
    """Return an account with so many charges in October 2026."""
    return Account("a", Many(charges), Secret("not-a-token"))


def usages(charges: int) -> Iterator[Usage]:
    """Yield October's usage, some hundred charges at a time."""
    for first in range(0, charges, BATCH):
        lines = tuple(map(charge, range(first, min(first + BATCH, charges))))
        yield Usage(MONTH, MONTH, lines, billing_account_id="acme", provider="many", account="a")


def answer(charges: int) -> Answer[Usage]:
    """Return what asking such an account gives."""
    row = Coverage("a", "many", Stream.USAGE, State.COMPLETE, MONTH)
    return Answer(Stream.USAGE, MONTH, tuple(usages(charges)), (row,), (), ("a",))


def charge(number: int) -> Charge:
    """Make one of many different charges."""
    start = _BEGUN + timedelta(seconds=2 * number % 2_600_000)
    return Charge(
        id=f"acme/job-{number}",
        provider="many",
        account="a",
        category=Category.USAGE,
        period=Period(start, start + timedelta(seconds=61)),
        service=f"machines {number % 7}",
        cost=Money(Decimal(number % 9973).scaleb(-2), "USD"),
        billing_account_id="acme",
        sub_account_id=f"project-{number % 50}",
        description=f"job {number}",
        resource_id=f"machine-{number}",
        resource_type="machine",
        quantity=Decimal(61),
        unit="second",
        tags={"build": str(number), "step": "test"},
    )
