"""``stored="missing"``: what a provider states of a period stands, and only the rest is a store's.

Cycles of Latitude.sh's kind run from 25th to 25th; days of Aether's kind are those of one month.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from billfold import Account, Answer, Billfold, Money, Period, Secret, State, Stream
from billfold.adapter import Reading
from billfold.model import DailyCost
from billfold.period import midnight
from store.cycles import cycle, keep, watched
from store.world import NOVEMBER, OCTOBER, Scripted, World, entry

FIRST = Period.parse("2026-09-25..2026-10-25")
SECOND = Period.parse("2026-10-25..2026-11-25")
ON_5_NOVEMBER = datetime(2026, 11, 5, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "store")


def fold(world: World, **options: Any) -> Billfold:
    account = Account("one", Scripted(world.script), Secret("token-0123456789"))
    options = {"store": world.folder, "stored": "missing", **options}
    return Billfold([account], clock=lambda: world.now, **options)


async def first_is_kept_and_second_runs(world: World) -> None:
    await watched(world)
    await keep(world, datetime(2026, 10, 25, 0, 20, tzinfo=UTC), cycle("30.00", FIRST))
    world.now = ON_5_NOVEMBER
    world.script.usage = [cycle("11.00", SECOND)]


async def test_the_cycle_before_is_the_store_s_and_the_running_one_the_provider_s(
    world: World,
) -> None:
    await first_is_kept_and_second_runs(world)
    async with fold(world) as asked:
        answer = await asked.usage(OCTOBER)
    assert answer.totals(partial=True) == {"EUR": Money.parse("41.00 EUR")}
    (row,) = answer.coverage
    assert (row.state, row.covers) == (
        State.DIFFERENT_WINDOW,
        Period(FIRST.start, SECOND.end),
    )
    assert row.detail == (
        "2026-09-25..2026-10-25 is from the store, read at 2026-10-25T00:20:00Z; acme a: "
        "what was read is of 2026-09-25..2026-10-25; "
        "only the running cycle"
    )
    assert answer.items[0].requested == OCTOBER  # as if the provider had answered it


async def test_spread_both_cycles_are_the_whole_month(world: World) -> None:
    await first_is_kept_and_second_runs(world)
    async with fold(world) as asked:
        view = await asked.costs(OCTOBER, by="month", spread=True)
    # 24 of the first one's 30 days, and 7 of the 11 days of the second one so far
    assert view.native == {"EUR": Money.parse("31.00 EUR")}
    assert view.complete


async def test_a_cycle_that_was_kept_as_it_ran_is_the_provider_s_of_now(world: World) -> None:
    await first_is_kept_and_second_runs(world)
    await keep(world, datetime(2026, 10, 30, tzinfo=UTC), cycle("5.00", SECOND))
    world.now = ON_5_NOVEMBER
    world.script.usage = [cycle("11.00", SECOND)]
    async with fold(world) as asked:
        answer = await asked.usage(OCTOBER)
        view = await asked.costs(OCTOBER, by="month", spread=True)
    assert answer.totals(partial=True) == {"EUR": Money.parse("41.00 EUR")}
    assert answer.coverage[0].known_until == ON_5_NOVEMBER
    assert "2026-10-30" not in (answer.coverage[0].detail or "")
    assert view.native == {"EUR": Money.parse("31.00 EUR")}


async def test_projects_of_different_cycles_are_put_together_each_by_itself(world: World) -> None:
    await watched(world)
    other = Period.parse("2026-09-10..2026-10-10"), Period.parse("2026-10-10..2026-11-10")
    await keep(world, datetime(2026, 10, 10, 0, 20, tzinfo=UTC), cycle("15.00", other[0], "b"))
    kept = cycle("30.00", FIRST), cycle("7.00", other[1], "b")
    await keep(world, datetime(2026, 10, 25, 0, 20, tzinfo=UTC), *kept)
    world.now = ON_5_NOVEMBER
    world.script.usage = [cycle("11.00", SECOND), cycle("26.00", other[1], "b")]
    async with fold(world) as asked:
        answer = await asked.usage(OCTOBER)
        view = await asked.costs(OCTOBER, by="month", spread=True)
    # a: 30.00 and 11.00, b: 15.00 and what its running cycle states now
    assert answer.totals(partial=True) == {"EUR": Money.parse("82.00 EUR")}
    # The older reading of b's running cycle is no part of what the store gives.
    said = " ".join(row.detail or "" for row in answer.coverage)
    assert "2026-09-10..2026-10-25 is from the store" in said
    # a: 24.00 and 7.00; b: 9 of 30 days of 15.00, and 22 of the 26 days so far
    assert view.native == {"EUR": Money.parse("57.50 EUR")}


async def test_what_ran_beside_a_cycle_read_in_its_last_minutes_is_known_until_now(
    world: World,
) -> None:
    await watched(world)
    other = Period.parse("2026-09-10..2026-10-10"), Period.parse("2026-10-10..2026-11-10")
    await keep(world, datetime(2026, 9, 30, tzinfo=UTC), cycle("10.00", other[0], "b"))
    await keep(world, datetime(2026, 10, 10, 0, 20, tzinfo=UTC), cycle("15.00", other[0], "b"))
    kept = cycle("30.00", FIRST), cycle("7.00", other[1], "b")
    await keep(world, datetime(2026, 10, 24, 23, 58, tzinfo=UTC), *kept)
    world.now = ON_5_NOVEMBER
    world.script.usage = [cycle("11.00", SECOND), cycle("26.00", other[1], "b")]
    async with fold(world, tolerance=timedelta(hours=1)) as asked:
        answer = await asked.usage(OCTOBER)
        view = await asked.costs(OCTOBER, by="month", spread=True)
    assert {row.known_until for row in answer.coverage} == {ON_5_NOVEMBER}
    # a: 24.00 and 7.00; b: 9 of 30 days of 15.00, and 22 of the 26 days so far
    assert (view.native, view.complete) == ({"EUR": Money.parse("57.50 EUR")}, True)
    async with fold(world) as asked:
        view = await asked.costs(OCTOBER, by="month", spread=True, partial=True)
    assert not view.complete


async def test_a_month_around_two_forgotten_stretches_counts_once(world: World) -> None:
    # b is in the store alone, and a runs from the 10th to the 20th
    world.script.usage = [evolve(cycle("5.00", OCTOBER, "b"), state=State.COMPLETE)]
    await world.sync(datetime(2026, 11, 2, tzinfo=UTC), OCTOBER)
    world.now = ON_5_NOVEMBER
    world.script.usage = [cycle("1.00", Period.parse("2026-10-10..2026-10-20"))]
    async with fold(world) as asked:
        answer = await asked.usage(OCTOBER)
    assert answer.totals(partial=True) == {"EUR": Money.parse("6.00 EUR")}


async def test_a_cycle_that_the_store_does_not_have_is_named(world: World) -> None:
    world.now = ON_5_NOVEMBER
    world.script.usage = [cycle("11.00", SECOND)]
    async with fold(world) as asked:
        answer = await asked.usage(OCTOBER)
    assert answer.totals(partial=True) == {"EUR": Money.parse("11.00 EUR")}
    assert answer.coverage[0].detail == (
        "only the running cycle; 2026-10-01..2026-10-25 is not in the store"
    )


# Days: the provider has those of December, and the first two have 1.00 and 2.00.

ON_5_DECEMBER = datetime(2026, 12, 5, 12, tzinfo=UTC)
WEEK = Period.parse("2026-11-29..2026-12-06")


def days(costs: dict[date, str]) -> tuple[DailyCost, ...]:
    return tuple(
        DailyCost(date=day, cost=Money.parse(f"{cost} EUR"), billing_account_id="acme")
        for day, cost in costs.items()
    )


def of_november() -> Reading[DailyCost]:
    return Reading(days({date(2026, 11, 29): "4.00", date(2026, 11, 30): "6.00"}), NOVEMBER)


def of_december(*costs: str) -> Reading[DailyCost]:
    found = {date(2026, 12, 1 + place): cost for place, cost in enumerate(costs)}
    covers = Period.days(date(2026, 12, 1), date(2026, 12, 1 + len(costs)))
    return Reading(days(found), covers, State.DIFFERENT_WINDOW, "only the running month")


async def keep_days(world: World, at: datetime, reading: Reading[DailyCost]) -> None:
    world.script.daily = [evolve(reading, state=State.COMPLETE, detail=None)]
    await world.sync(at, Period.month_of(midnight(reading.items[0].date)), streams=(Stream.DAILY,))


async def week(world: World, **options: Any) -> Answer[DailyCost]:
    world.now = ON_5_DECEMBER
    world.script.daily = [of_december("1.00", "2.00", "30.00", "40.00", "50.00")]
    async with fold(world, **options) as asked:
        return await asked.daily(WEEK)


def amounts(answer: Answer[DailyCost]) -> Iterable[tuple[int, str]]:
    return [(each.date.day, str(each.cost.amount)) for each in answer]


OF_NOW = [(1, "1.00"), (2, "2.00"), (3, "30.00"), (4, "40.00"), (5, "50.00")]


async def test_days_that_the_store_has_as_of_before_are_the_provider_s_of_now(
    world: World,
) -> None:
    await keep_days(world, datetime(2026, 12, 2, 6, tzinfo=UTC), of_december("1.00", "2.00"))
    answer = await week(world)
    assert amounts(answer) == OF_NOW
    (row,) = answer.coverage
    assert row.state is State.DIFFERENT_WINDOW
    assert row.known_until == ON_5_DECEMBER
    assert row.detail == "only the running month; 2026-11-29..2026-12-01 is not in the store"


async def test_days_of_the_month_before_are_the_store_s_and_come_first(world: World) -> None:
    await keep_days(world, datetime(2026, 12, 1, 1, tzinfo=UTC), of_november())
    answer = await week(world)
    assert amounts(answer) == [(29, "4.00"), (30, "6.00"), *OF_NOW]
    assert answer.complete
    assert answer.totals() == {"EUR": Money.parse("133.00 EUR")}
    assert answer.coverage[0].covers == WEEK
    assert answer.coverage[0].detail == (
        "2026-11-29..2026-12-01 is from the store, read at 2026-12-01T01:00:00Z; "
        "only the running month"
    )


async def test_days_that_were_read_before_they_ended_keep_the_week_partial(world: World) -> None:
    read = datetime(2026, 11, 30, 23, 58, tzinfo=UTC)
    await keep_days(world, read, of_november())
    answer = await week(world)
    assert answer.totals(partial=True) == {"EUR": Money.parse("133.00 EUR")}
    assert answer.coverage[0].state is State.PARTIAL
    assert "as read until 2026-11-30T23:58:00Z" in (answer.coverage[0].detail or "")
    assert "was not read" not in (answer.coverage[0].detail or "")
    assert (await week(world, tolerance=timedelta(hours=1))).complete


async def test_days_ahead_are_not_looked_for_in_the_store(world: World) -> None:
    await keep_days(world, datetime(2026, 12, 1, 1, tzinfo=UTC), of_november())
    world.now = datetime(2026, 12, 2, 12, tzinfo=UTC)
    world.script.daily = [of_december("1.00", "2.00")]
    async with fold(world) as asked:
        answer = await asked.daily(WEEK)
    assert answer.totals(partial=True) == {"EUR": Money.parse("13.00 EUR")}
    assert answer.complete  # so far
    assert all("not in the store" not in (row.detail or "") for row in answer.coverage)


# Entries and invoices have an id: what the provider states itself is not the store's as well.


async def test_entries_count_once_and_the_newest_comes_first(world: World) -> None:
    moved = entry("2", "-2.00", datetime(2026, 11, 1, tzinfo=UTC))
    old = entry("1", "-1.00", datetime(2026, 10, 5, tzinfo=UTC))
    world.script.ledger = [Reading((evolve(moved, at=OCTOBER.end - timedelta(hours=1)), old))]
    await world.sync(datetime(2026, 11, 2, tzinfo=UTC), OCTOBER, streams=(Stream.LEDGER,))
    world.now = ON_5_NOVEMBER
    world.script.ledger = [Reading((moved,), NOVEMBER, State.DIFFERENT_WINDOW, "only this month")]
    async with fold(world) as asked:
        answer = await asked.ledger(Period(OCTOBER.start, NOVEMBER.end))
    assert [each.id for each in answer] == ["2", "1"]
    assert answer.totals() == {"EUR": Money.parse("-3.00 EUR")}


async def test_what_has_no_window_is_added_to_by_nothing(world: World) -> None:
    old = entry("1", "-1.00", datetime(2026, 10, 5, tzinfo=UTC))
    world.script.ledger = [Reading((old,))]
    await world.sync(datetime(2026, 11, 2, tzinfo=UTC), OCTOBER, streams=(Stream.LEDGER,))
    new = entry("2", "-2.00", datetime(2026, 11, 1, tzinfo=UTC))
    world.script.ledger = [Reading((new,), None, State.DIFFERENT_WINDOW, "some of it")]
    async with fold(world) as asked:
        answer = await asked.ledger(Period(OCTOBER.start, NOVEMBER.end))
    assert [each.id for each in answer] == ["2"]
