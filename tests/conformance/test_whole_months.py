"""A provider that answers for nothing but whole months can keep every law, if it says so."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from aiohttp import web
from attrs import frozen
from msgspec import Struct

from billfold.adapter import Client, Declaration, Reading, Readings, State
from billfold.model import Category, Charge, Usage
from billfold.money import Money
from billfold.period import Period, utc_text
from billfold.simulators import Habits, Sample, Simulation, plain_json
from billfold.testing import LawBroken, Subject
from billfold.testing.laws import LAWS, prove
from billfold.wire import Problem


class Month(Struct, frozen=True):
    month: str
    cost: Decimal


class Months(Struct, frozen=True):
    months: tuple[Month, ...]


@frozen
class Monthly:
    """Widens a period to whole months; ``lie`` is what it says of that."""

    provider: ClassVar[str] = "monthly"
    declares: ClassVar[Declaration] = Declaration(
        "Monthly", "https://monthly.invalid", "MONTHLY_TOKEN", "MONTHLY_URL", lambda body: Problem()
    )
    lie: str = ""

    async def usage(self, client: Client, period: Period | None) -> Readings[Usage]:
        window = period or Period.month_of(client.now())
        months = whole_months(window)
        query = (("from", utc_text(months.start)), ("to", utc_text(months.end)))
        reply = await client.get("/months", Months, query)
        usage = Usage(period, months, tuple(map(charge, reply.months)))
        if months == window or self.lie == "complete":
            yield Reading((usage,), months)
        elif self.lie == "complete, for the window asked":
            yield Reading((Usage(period, window, usage.charges),), window)
        elif self.lie == "complete, without a window":
            yield Reading((Usage(period, window, usage.charges),))
        elif self.lie == "the first month alone, for all of them":
            yield Reading((Usage(period, months, ()),), months, State.DIFFERENT_WINDOW, "no day")
        elif self.lie == "another month":
            other = Period.month(2020, 1)
            yield Reading((usage,), other, State.DIFFERENT_WINDOW, "only the first")
        elif self.lie == "partial":
            yield Reading((usage,), months, State.PARTIAL, "months cannot be cut")
        elif self.lie == "another window, without a reason":
            yield Reading((usage,), months, State.DIFFERENT_WINDOW)
        else:
            yield Reading((usage,), months, State.DIFFERENT_WINDOW, "months cannot be cut")


def whole_months(period: Period) -> Period:
    last = Period.month_of(period.end)
    end = last.start if last.start == period.end else last.end
    return Period(Period.month_of(period.start).start, end)


def charge(row: Month) -> Charge:
    month = Period.parse(row.month)
    return Charge(row.month, Category.USAGE, month, "Rent", Money(row.cost, "EUR"))


def simulate_with(lie: str) -> Any:
    def simulate(now: datetime) -> Simulation:
        async def months(request: web.Request) -> web.Response:
            window = Period(
                *(datetime.fromisoformat(request.query[name]) for name in ("from", "to"))
            )
            rows = [
                {"month": f"{month}", "cost": Decimal(month.start.month) + Decimal("0.123456789")}
                for month in window.split_months()
                if month.start < now and month.start.year >= 2026
            ]
            return plain_json({"months": rows})

        return Simulation(
            "monthly",
            (Sample("a", "monthly-token-0123456789", {"lie": lie}),),
            [web.get("/months", months)],
            lambda code: web.Response(status=code),
            Habits(enums=frozenset()),
        )

    return simulate


@pytest.mark.parametrize("law", LAWS)
def test_one_that_says_which_months_it_answers_for_keeps_every_law(law: str) -> None:
    prove(Subject(Monthly, simulate_with("")), law)


@pytest.mark.parametrize(
    ("lie", "law", "message"),
    [
        ("complete", "covered", "law 4.*is complete for 2026-10; .*State.DIFFERENT_WINDOW"),
        ("complete", "split", "law 4.*is complete for 2026-10; .*State.DIFFERENT_WINDOW"),
        (
            "complete, for the window asked",
            "split",
            "law 7, windows add up.*cut at .*; .*State.DIFFERENT_WINDOW",
        ),
        ("complete, without a window", "split", "law 7, windows add up.*cut at "),
        (
            "the first month alone, for all of them",
            "split",
            "law 7.*is answered with 2026-10, with other records",
        ),
        ("another month", "split", "law 7.*is complete, but no part of it is"),
        ("partial", "split", "law 7.*is complete, but no part of it is"),
        (
            "another window, without a reason",
            "covered",
            "law 4.*is different_window, and nothing says why; give Reading",
        ),
    ],
)
def test_one_that_says_something_else_breaks_a_law(lie: str, law: str, message: str) -> None:
    with pytest.raises(LawBroken, match=message):
        prove(Subject(Monthly, simulate_with(lie)), law)
