"""Projects that a provider bills in cycles of their own, of which it states the running ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from attrs import evolve, frozen

from billfold import Period, State
from billfold.adapter import Declaration, Reading
from store.world import Scripted, World, charge, whole


@frozen(eq=False)
class InCycles(Scripted):
    """Says that it states nothing of a cycle that is over, nor of a project that is gone."""

    declares: ClassVar[Declaration] = evolve(Scripted.declares, only_running_cycles=True)


@frozen(eq=False)
class OfB(InCycles):
    """Is limited to project b by its settings."""

    declares: ClassVar[Declaration] = evolve(InCycles.declares, reach=lambda _: ("B",))


@frozen(eq=False)
class BySlug(InCycles):
    """Is limited by its settings to projects of which these are no ids."""

    declares: ClassVar[Declaration] = evolve(InCycles.declares, by_name=lambda _: True)


def cycle(cost: str, covers: Period, project: str = "a") -> Reading[Any]:
    """Return a project's cycle, as it is stated for a period that it is not."""
    machine = evolve(charge(f"vm of {project}", cost, covers=covers), sub_account_id=project)
    (reading,) = whole(machine, covers=covers, sub_account_id=project)
    return evolve(reading, state=State.DIFFERENT_WINDOW, detail="only the running cycle")


def as_asked(reading: Reading[Any]) -> Reading[Any]:
    """Return a cycle as it is stated for the very period that it is."""
    return evolve(reading, state=State.COMPLETE, detail=None)


async def watched(world: World) -> None:
    """Read the first account long before: what it had since, nobody can have deleted unseen."""
    world.script.usage = [Reading(())]
    await world.sync(datetime(2020, 1, 1, tzinfo=UTC))


async def keep(world: World, at: datetime, *cycles: Reading[Any]) -> None:
    """Book cycles as what runs at a moment."""
    world.script.usage = [as_asked(each) for each in cycles]
    await world.sync(at)
