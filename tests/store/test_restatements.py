"""What changed in a month that was over, record by record."""

from datetime import UTC, datetime
from typing import Any

from billfold import Money, Period
from billfold.store.restatements import Restatement, moved, restatements
from store.world import MID_OCTOBER, NOVEMBER, OCTOBER, World, charge, part, whole

SECOND = datetime(2026, 11, 2, 9, tzinfo=UTC)
THIRD = datetime(2026, 11, 3, 9, tzinfo=UTC)
FOURTH = datetime(2026, 11, 4, 9, tzinfo=UTC)


def found(world: World, *arguments: Any, **options: Any) -> tuple[Restatement, ...]:
    return tuple(
        each
        for each in restatements(world.history().book, ["one"], *arguments, **options)
        if each.kind == "charge"
    )


def euros(*amounts: str) -> dict[str, Money]:
    (amount,) = amounts
    return {"EUR": Money.parse(f"{amount} EUR")}


async def closed(world: World) -> None:
    world.script.usage = whole(charge("vm", "10.00"), charge("disk", "1.50"))
    await world.sync(SECOND, OCTOBER)


async def test_a_changed_record_is_shown_as_it_was_and_as_it_is(world: World) -> None:
    await closed(world)
    world.script.usage = whole(charge("vm", "9.25"), charge("disk", "1.50"))
    (outcome,) = await world.sync(THIRD, OCTOBER)
    (each,) = found(world)
    assert (each.change, each.record_id, each.month, each.closes) == (
        "changed",
        "vm",
        "2026-10",
        False,
    )
    assert (each.before.cost, each.after.cost) == (
        Money.parse("10 EUR"),
        Money.parse("9.25 EUR"),
    )
    assert each.moved == euros("-0.75")
    assert each.known_at == THIRD
    assert each.window == OCTOBER
    assert moved([each]) == {"usage": outcome.moved} == {"usage": euros("-0.75")}


async def test_new_and_withdrawn_records_are_told_apart(world: World) -> None:
    await closed(world)
    world.script.usage = whole(charge("vm", "10.00"), charge("late", "0.40"))
    await world.sync(THIRD, OCTOBER)
    assert {each.record_id: (each.change, each.moved) for each in found(world)} == {
        "late": ("new", euros("0.40")),
        "disk": ("withdrawn", euros("-1.50")),
    }
    assert moved(found(world)) == {"usage": euros("-1.10")}


async def test_the_first_that_is_known_of_a_month_is_none(world: World) -> None:
    await closed(world)
    assert found(world) == ()


async def test_the_first_reading_after_the_end_closes_the_month(world: World) -> None:
    world.script.usage = whole(charge("vm", "6.00"))
    await world.sync(MID_OCTOBER)
    await closed(world)
    assert {(each.record_id, each.closes) for each in found(world)} == {
        ("vm", True),
        ("disk", True),
    }
    world.script.usage = whole(charge("vm", "10.00"), charge("disk", "2.00"))
    await world.sync(THIRD, OCTOBER)
    assert [each.record_id for each in found(world) if not each.closes] == ["disk"]


async def test_a_reading_that_was_cut_off_closes_nothing(world: World) -> None:
    world.script.usage = part(charge("vm", "6.00"))
    await world.sync(SECOND, OCTOBER)
    await world.sync(THIRD, OCTOBER)
    world.script.usage = whole(charge("vm", "7.00"))
    await world.sync(FOURTH, OCTOBER)
    (each,) = found(world)
    assert each.closes


async def test_periods_and_moments_bound_what_is_shown(world: World) -> None:
    await closed(world)
    world.script.usage = whole(charge("vm", "9.00"), charge("disk", "1.50"))
    await world.sync(THIRD, OCTOBER)
    world.script.usage = whole(charge("vm", "8.00"), charge("disk", "1.50"))
    await world.sync(FOURTH, OCTOBER)
    assert [each.moved for each in found(world)] == [euros("-1"), euros("-1")]
    assert [each.known_at for each in found(world, since=FOURTH)] == [FOURTH]
    assert [each.known_at for each in found(world, until=THIRD)] == [THIRD]
    assert len(found(world, OCTOBER)) == 2
    assert found(world, NOVEMBER) == ()
    assert found(world, Period.month(2026, 9)) == ()


async def test_a_month_that_runs_has_none(world: World) -> None:
    for cost in ("1.00", "2.00"):
        world.script.usage = whole(charge("vm", cost))
        await world.sync(MID_OCTOBER)
    assert found(world) == ()
