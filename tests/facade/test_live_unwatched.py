"""Of providers alone: what was deleted before a moment of asking, running cycles do not say.

Project a costs 365.00 a year from 1 January, so on 8 November 311.00, 31.00 of it in October.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from billfold import Account, Answer, Billfold, Period, Secret, State, Usage
from billfold.adapter import Reading
from billfold.costs import CostView
from store.cycles import InCycles, as_asked, cycle
from store.world import OCTOBER, Script, Scripted

YEAR = Period.parse("2026-01-01..2027-01-01")
NOW = datetime(2026, 11, 8, tzinfo=UTC)
YEARLY = cycle("311.00", YEAR)
UNKNOWN = "nothing was read before 2026-11-08T00:00:00Z, and what was deleted by then is not known"


def billfold(*stated: Reading[Any], adapter: type[Scripted] = InCycles) -> Billfold:
    account = Account("one", adapter(Script([*stated])), Secret("token-0123456789"))
    return Billfold([account], clock=lambda: NOW)


async def spread(period: Period | None, fold: Billfold) -> CostView:
    async with fold:
        return await fold.costs(period, by="month", spread=True, partial=True)


async def used(period: Period | None, fold: Billfold) -> Answer[Usage]:
    async with fold:
        return await fold.usage(period)


@pytest.mark.parametrize(
    ("period", "cost"),
    [
        (OCTOBER, "31.00 EUR"),
        (Period.parse("2026-09..2026-11"), "61.00 EUR"),  # September's 30 days, too
        (Period.parse("2026-11-01..2026-11-08"), "7.00 EUR"),
    ],
)
async def test_no_time_that_is_over_is_complete_by_a_longer_cycle_that_runs(
    period: Period, cost: str
) -> None:
    view = await spread(period, billfold(YEARLY))
    assert [str(each) for each in view.native.values()] == [cost]
    assert not view.complete
    (row,) = view.coverage
    assert row.state is State.DIFFERENT_WINDOW
    assert f"{period}: {UNKNOWN}: billfold sync keeps what it reads" in (row.detail or "")


async def test_so_it_is_of_a_trend_s_months_but_the_one_that_runs() -> None:
    async with billfold(YEARLY) as fold:
        trend = await fold.trend(2, by="account", spread=True)
    said = [month.view.coverage[0].detail or "" for month in trend.months]
    assert [UNKNOWN in each for each in said] == [True, False]
    assert not any(month.view.complete for month in trend.months)


async def test_what_runs_is_known_as_far_as_it_has_come() -> None:
    november = await spread(Period.month(2026, 11), billfold(YEARLY))
    assert [str(each) for each in november.native.values()] == ["7.00 EUR"]
    assert november.coverage[0].detail == (
        "only the running cycle; of its billing cycles, the days in the period are counted, up to "
        "2026-11-08T00:00:00Z"
    )
    current = await spread(None, billfold(as_asked(YEARLY)))
    assert current.complete


async def test_a_cycle_itself_is_as_it_was_read() -> None:
    covers = Period.parse("2026-10-08..2026-11-08")
    view = await spread(covers, billfold(as_asked(cycle("31.00", covers))))
    assert view.complete


async def test_whole_cycles_say_it_only_where_they_are_cut() -> None:
    answer = await used(OCTOBER, billfold(YEARLY))
    assert [row.detail for row in answer.coverage] == ["only the running cycle"]


async def test_a_provider_that_can_be_asked_for_any_month_states_what_was_deleted() -> None:
    view = await spread(OCTOBER, billfold(YEARLY, adapter=Scripted))
    assert view.complete
