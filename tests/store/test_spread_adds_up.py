"""Whatever was read when and how, the months' shares of billing cycles are what these cost."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from billfold import Money, Period
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from billfold.model import Usage
from billfold.money import sum_by_currency
from store.cycles import cycle, keep
from store.world import World

DAY = timedelta(days=1)
BEGIN = datetime(2026, 8, 20, tzinfo=UTC)
MONTHS = [*Period.parse("2026-08-01..2027-02-01").split_months()]
PROJECTS = ("a", "b")


@frozen
class Asked:
    """A reading some hours after the last one, and of which projects it failed."""

    hours: int
    failed: frozenset[str]
    gone: frozenset[str]


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[str, list[Period]], list[Asked]]:
    """Return each project's cycles, one after the other, and when they are read."""
    cycles = {}
    for project in PROJECTS:
        starts = [BEGIN + draw(st.integers(0, 20)) * DAY]
        for days in draw(st.lists(st.integers(20, 45), min_size=2, max_size=3)):
            starts.append(starts[-1] + days * DAY)
        cycles[project] = [Period(*each) for each in pairwise(starts)]
    some = st.sampled_from([frozenset(), frozenset(), frozenset({"a"}), frozenset({"b"})])
    asked = st.builds(Asked, st.integers(24, 24 * 20), some, some)
    return cycles, draw(st.lists(asked, min_size=2, max_size=5))


def stated(cycles: dict[str, list[Period]], asked: Asked, now: datetime) -> list[Reading[Usage]]:
    """Return what runs at a moment, at 1.37 a day so far, and which projects failed."""
    readings = list[Reading[Usage]]()
    for project, own in cycles.items():
        for each in own:
            if now not in each or project in asked.gone:
                continue
            if project in asked.failed:
                readings.append(Reading(part=project, error=ForbiddenError("busy")))
                continue
            used = (Decimal("1.37") * ((now - each.start) // DAY)).quantize(Decimal("0.01"))
            readings.append(cycle(str(used), each, project))
    return readings


async def spread(world: World, months: Sequence[Period]) -> dict[str, Money]:
    """Return what each project costs in all months, each asked for by itself."""
    shares = dict[str, list[Money]]()
    async with world.history() as history:
        for month in months:
            view = await history.costs(month, by="sub_account", spread=True, partial=True)
            for row in view.rows:
                shares.setdefault(row.keys[0], []).extend(row.native.values())
    return {project: sum_by_currency(own)["EUR"] for project, own in shares.items()}


async def known(world: World) -> dict[str, Money]:
    """Return what all of each project's cycles cost, not spread."""
    time = Period(MONTHS[0].start, MONTHS[-1].end)
    async with world.history() as history:
        view = await history.costs(time, by="sub_account", partial=True)
    return {row.keys[0]: sum_by_currency(row.native.values())["EUR"] for row in view.rows}


async def _replay(world: World, cycles: dict[str, list[Period]], every: list[Asked]) -> None:
    now = BEGIN
    for asked in every:
        now += timedelta(hours=asked.hours)
        if readings := stated(cycles, asked, now):
            await keep(world, now, *readings)
    for later in (timedelta(0), 15 * DAY, 200 * DAY):
        world.now = now + later
        assert await spread(world, MONTHS) == await known(world)


@settings(max_examples=6)
@given(histories())
def test_months_have_all_of_their_cycles_and_no_more_at_any_time(
    history: tuple[dict[str, list[Period]], list[Asked]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_replay(World(Path(folder) / "store"), *history))
