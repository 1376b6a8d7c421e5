"""Months side by side, from a store and as of a moment."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from billfold import Account, Billfold, ConfigError, CurrencyError, Period, Secret
from billfold.costs import Trend
from store.world import NOVEMBER, OCTOBER, Scripted, World, charge, whole

AFTER_OCTOBER = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATE_NOVEMBER = datetime(2026, 11, 28, 9, tzinfo=UTC)


def shown(trend: Trend) -> list[tuple[str, str, bool, bool]]:
    return [
        (
            str(month.month),
            ", ".join(map(str, month.view.native.values())),
            month.complete,
            month.running,
        )
        for month in trend.months
    ]


@pytest.fixture
async def world(tmp_path: Path) -> World:
    """October was read after its end as 10.00, on 28 November as 9.25; November is at 4.00."""
    world = World(tmp_path / "store")
    world.script.usage = whole(charge("vm-1", "10.00"))
    await world.sync(AFTER_OCTOBER, OCTOBER)
    world.script.usage = whole(charge("vm-1", "9.25"))
    await world.sync(LATE_NOVEMBER, OCTOBER)
    world.script.usage = whole(charge("vm-2", "4.00", covers=NOVEMBER), covers=NOVEMBER)
    await world.sync(LATE_NOVEMBER, NOVEMBER)
    return world


async def test_a_history_shows_what_is_known_of_each_month(world: World) -> None:
    async with world.history() as history:
        trend = await history.trend(3)
    assert shown(trend) == [
        ("2026-09", "", False, False),
        ("2026-10", "9.25 EUR", True, False),
        ("2026-11", "4.00 EUR", True, True),
    ]
    assert trend.months[2].known_until == LATE_NOVEMBER


async def test_a_history_shows_what_was_known_up_to_the_month_of_then(world: World) -> None:
    async with world.history() as history:
        trend = await history.trend(2, as_of=datetime(2026, 11, 3, tzinfo=UTC))
    assert shown(trend) == [
        ("2026-10", "10.00 EUR", True, False),
        ("2026-11", "", False, True),
    ]


async def test_a_billfold_asks_its_accounts_for_each_month(world: World) -> None:
    account = Account("one", Scripted(world.script), Secret("token-0123456789"))
    async with Billfold([account], clock=lambda: LATE_NOVEMBER) as fold:
        trend = await fold.trend(1, by="account")
    assert shown(trend) == [("2026-11", "4.00 EUR", True, True)]
    assert [row.keys for row in trend.rows] == [("one",)]
    assert trend.months[0].month == Period.month(2026, 11)


async def test_what_makes_no_sense_is_refused_before_anything_is_asked() -> None:
    async with Billfold([Account("one", Scripted(object()), Secret("token-0123456789"))]) as fold:
        with pytest.raises(ConfigError, match="leave day out"):
            await fold.trend(by="day")
        with pytest.raises(ConfigError, match="1 to 120 months"):
            await fold.trend(0)
        with pytest.raises(CurrencyError):
            await fold.trend(currency="euros")
