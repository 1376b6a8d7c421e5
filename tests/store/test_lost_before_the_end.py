"""An organization that was read last before a month's end leaves that month known until then.

Account a reads acme and bee, 1.00 and 2.00 of each stream, in October; then bee is gone.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import evolve

from billfold import Answer, Money, Period, State, Stream
from billfold.adapter import Reading
from billfold.model import Invoice, InvoiceKind
from store.test_moved_organization import stating
from store.world import MID_NOVEMBER, MID_OCTOBER, NOVEMBER, OCTOBER, Script, World

DAY = timedelta(days=1)
STREAMS = (Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.INVOICES)
OF_ALL_TIME = (Stream.LEDGER, Stream.INVOICES)
COSTS = {"acme": "1.00", "bee": "2.00"}


def of(*names: str) -> Script:
    """Return what a provider states of organizations, with an invoice of each."""
    script = stating(*names)
    bills = [
        Invoice(
            id=f"{name}-1",
            kind=InvoiceKind.LEGAL,
            total=Money.parse(f"{COSTS[name]} EUR"),
            status="paid",
            billing_account_id=name,
            period=OCTOBER,
        )
        for name in names
    ]
    script.invoices = [Reading(tuple(bills), OCTOBER)]
    return script


def cut_off(script: Script) -> Script:
    for stream in STREAMS:
        (reading,) = getattr(script, stream.value)
        setattr(script, stream.value, [evolve(reading, state=State.PARTIAL, detail="cut off")])
    return script


async def read(world: World, *several: tuple[datetime, dict[str, Script]]) -> None:
    for at, scripts in several:
        world.scripts = scripts
        await world.sync(at, OCTOBER, streams=STREAMS)


async def lose_bee(world: World) -> None:
    await read(
        world,
        (MID_OCTOBER, {"a": of("acme", "bee")}),
        (MID_OCTOBER + DAY, {"a": of("acme")}),
        (MID_NOVEMBER, {"a": of("acme")}),
    )


async def asked(
    world: World, stream: Stream, period: Period | None = OCTOBER, **options: Any
) -> Answer[Any]:
    async with world.history() as history:
        answer: Answer[Any] = await getattr(history, stream.value)(period, **options)
        return answer


def known(answer: Answer[Any]) -> tuple[str, list[State]]:
    told: dict[str, Any] = answer.totals(partial=True)
    money = told["legal"]["EUR"] if answer.stream is Stream.INVOICES else told["EUR"]
    return str(money).lstrip("-"), [row.state for row in answer.coverage]


async def test_the_month_is_known_until_then(world: World) -> None:
    await lose_bee(world)
    for stream in STREAMS:
        answer = await asked(world, stream)
        assert known(answer) == ("3.00 EUR", [State.PARTIAL]), stream
        said = answer.coverage[0].detail or ""
        assert "as read until 2026-10-20T12:00:00Z" in said
        assert "bee" in said


async def test_also_beside_a_month_that_it_had_no_part_in(world: World) -> None:
    await lose_bee(world)
    world.scripts = {"a": Script(daily=[Reading()], ledger=[Reading()], invoices=[Reading()])}
    await world.sync(datetime(2026, 12, 2, tzinfo=UTC), NOVEMBER, streams=STREAMS[1:])
    for stream in STREAMS[1:]:
        answer = await asked(world, stream, Period(OCTOBER.start, NOVEMBER.end))
        assert known(answer) == ("3.00 EUR", [State.PARTIAL]), stream
        assert "bee: as read at 2026-10-20T12:00:00Z" in (answer.coverage[0].detail or "")


async def test_it_is_complete_once_it_is_stated_again(world: World) -> None:
    await lose_bee(world)
    await read(world, (MID_NOVEMBER + DAY, {"a": of("acme", "bee")}))
    for stream in STREAMS:
        assert known(await asked(world, stream)) == ("3.00 EUR", [State.COMPLETE]), stream
        before = await asked(world, stream, as_of=MID_NOVEMBER + DAY / 2)
        assert known(before) == ("3.00 EUR", [State.PARTIAL]), stream


async def test_lost_again_after_it_was_read_whole_the_month_is_complete(world: World) -> None:
    await lose_bee(world)
    await read(
        world,
        (MID_NOVEMBER + DAY, {"a": of("acme", "bee")}),
        (MID_NOVEMBER + 2 * DAY, {"a": of("acme")}),
    )
    for stream in STREAMS:
        answer = await asked(world, stream)
        assert known(answer) == ("3.00 EUR", [State.COMPLETE]), stream
        assert "bee" in (answer.coverage[0].detail or "")


async def test_what_moved_to_an_account_of_its_own_keeps_no_month_partial(world: World) -> None:
    await lose_bee(world)
    await read(world, (MID_NOVEMBER + DAY, {"a": of("acme"), "b": of("bee")}))
    for stream in STREAMS:
        assert known(await asked(world, stream)) == ("3.00 EUR", [State.COMPLETE] * 2), stream


async def test_while_the_month_runs_it_has_a_row_of_its_own(world: World) -> None:
    await read(
        world,
        (MID_OCTOBER, {"a": of("acme", "bee")}),
        (MID_OCTOBER + DAY, {"a": of("acme")}),
    )
    for stream in STREAMS:
        answer = await asked(world, stream)
        assert known(answer)[0] == "3.00 EUR", stream
        assert [(row.part, row.state, row.known_until) for row in answer.coverage] == [
            (None, State.COMPLETE, MID_OCTOBER + DAY),
            ("bee", State.COMPLETE, MID_OCTOBER),
        ]


async def test_of_a_part_of_the_month_what_was_over_by_then_is_complete(world: World) -> None:
    await lose_bee(world)
    before, after = Period.parse("2026-10-01..2026-10-15"), Period.parse("2026-10-21..2026-11-01")
    for stream in (Stream.DAILY, Stream.LEDGER):
        for part, state in ((before, State.COMPLETE), (after, State.PARTIAL)):
            (row,) = (await asked(world, stream, part)).coverage
            assert row.state is state, stream


async def test_of_all_time_it_is_said(world: World) -> None:
    await lose_bee(world)
    for stream in OF_ALL_TIME:
        answer = await asked(world, stream, None)
        assert known(answer) == ("3.00 EUR", [State.PARTIAL]), stream
        assert "bee: as read at 2026-10-20T12:00:00Z" in (answer.coverage[0].detail or "")


async def test_read_in_part_alone_it_leaves_the_month_partial(world: World) -> None:
    await read(
        world,
        (MID_NOVEMBER, {"a": cut_off(of("acme", "bee"))}),
        (MID_NOVEMBER + DAY, {"a": of("acme")}),
    )
    for stream in STREAMS:
        answer = await asked(world, stream)
        assert known(answer) == ("3.00 EUR", [State.PARTIAL]), stream
        assert "2026-10 was read in part only" in (answer.coverage[0].detail or "")


async def test_an_account_that_reaches_it_now_knows_no_more(world: World) -> None:
    await lose_bee(world)
    script = of("bee")
    (used,) = script.usage
    later = tuple(evolve(each, covers=NOVEMBER, charges=()) for each in used.items)
    idle: dict[str, Any] = {each.value: [Reading()] for each in STREAMS[1:]}
    world.scripts = {"b": Script(usage=[Reading(later, NOVEMBER)], **idle)}
    await world.sync(MID_NOVEMBER, NOVEMBER, streams=STREAMS)
    for stream in STREAMS:
        answer = await asked(world, stream, accounts=["b"])
        assert known(answer) == ("2.00 EUR", [State.PARTIAL]), stream


def idle_bee(*, is_cut_off: bool = False) -> Script:
    """Return what a provider states of acme, and of bee that nothing was used yet."""
    script = of("acme")
    (used,) = of("acme", "bee").usage
    acme, bee = used.items
    script.usage = [evolve(used, items=(acme, evolve(bee, charges=())))]
    return evolve(script, usage=cut_off(script).usage) if is_cut_off else script


async def test_lost_before_it_used_anything_it_leaves_the_month_known_until_then(
    world: World,
) -> None:
    await read(
        world,
        (MID_OCTOBER, {"a": idle_bee()}),
        (MID_OCTOBER + DAY, {"a": of("acme")}),
    )
    for stream in STREAMS[1:]:
        running = await asked(world, stream)
        assert known(running)[0] == "1.00 EUR", stream
        assert [(row.part, row.known_until) for row in running.coverage] == [
            (None, MID_OCTOBER + DAY),
            ("bee", MID_OCTOBER),
        ]
    await read(world, (MID_NOVEMBER, {"a": of("acme")}))
    for stream in STREAMS[1:]:
        answer = await asked(world, stream)
        assert known(answer) == ("1.00 EUR", [State.PARTIAL]), stream
        said = answer.coverage[0].detail or ""
        assert "as read until 2026-10-20T12:00:00Z" in said
        assert "bee" in said
    await read(world, (MID_NOVEMBER + DAY, {"a": of("acme", "bee")}))
    for stream in STREAMS[1:]:
        assert known(await asked(world, stream)) == ("3.00 EUR", [State.COMPLETE]), stream


async def test_so_it_is_said_of_all_time(world: World) -> None:
    await read(world, (MID_OCTOBER, {"a": idle_bee()}), (MID_NOVEMBER, {"a": of("acme")}))
    for stream in OF_ALL_TIME:
        assert known(await asked(world, stream, None)) == ("1.00 EUR", [State.PARTIAL]), stream


async def test_a_usage_that_was_cut_off_does_not_say_whom_it_reached(world: World) -> None:
    """What was read beside it, after the month's end, may be without bee."""
    await read(
        world,
        (MID_OCTOBER, {"a": idle_bee()}),
        (MID_NOVEMBER - DAY, {"a": idle_bee(is_cut_off=True)}),
        (MID_NOVEMBER, {"a": of("acme")}),
    )
    for stream in STREAMS[1:]:
        assert known(await asked(world, stream)) == ("1.00 EUR", [State.PARTIAL]), stream


async def test_lost_after_the_month_was_read_to_its_end_it_takes_nothing_from_it(
    world: World,
) -> None:
    await read(
        world,
        (MID_NOVEMBER, {"a": idle_bee()}),
        (MID_NOVEMBER + DAY, {"a": of("acme")}),
    )
    for stream in STREAMS[1:]:
        answer = await asked(world, stream)
        assert known(answer) == ("1.00 EUR", [State.COMPLETE]), stream
        assert "bee" in (answer.coverage[0].detail or "")


async def test_one_that_was_reached_in_another_month_only_is_nothing_to_this_one(
    world: World,
) -> None:
    await read(world, (MID_OCTOBER, {"a": of("acme")}))
    script = idle_bee()
    (used,) = script.usage
    later = tuple(evolve(each, covers=NOVEMBER, charges=()) for each in used.items)
    idle: dict[str, Any] = {each.value: [Reading()] for each in STREAMS[1:]}
    world.scripts = {"a": Script(usage=[Reading(later, NOVEMBER)], **idle)}
    await world.sync(MID_NOVEMBER, NOVEMBER, streams=STREAMS)
    await read(world, (MID_NOVEMBER + DAY, {"a": of("acme")}))
    for stream in STREAMS[1:]:
        answer = await asked(world, stream)
        assert known(answer) == ("1.00 EUR", [State.COMPLETE]), stream
        assert "bee" not in (answer.coverage[0].detail or "")


async def test_one_without_a_record_that_has_an_account_of_its_own_is_not_lost(
    world: World,
) -> None:
    await read(
        world,
        (MID_OCTOBER, {"a": idle_bee()}),
        (MID_NOVEMBER, {"a": of("acme"), "b": of("bee")}),
    )
    for stream in STREAMS[1:]:
        assert known(await asked(world, stream)) == ("3.00 EUR", [State.COMPLETE] * 2), stream


async def test_who_reaches_it_now_knows_no_more_of_one_without_a_record(world: World) -> None:
    await read(world, (MID_OCTOBER, {"a": idle_bee()}), (MID_NOVEMBER, {"a": of("acme")}))
    script = of("bee")
    (used,) = script.usage
    later = tuple(evolve(each, covers=NOVEMBER, charges=()) for each in used.items)
    idle: dict[str, Any] = {each.value: [Reading()] for each in STREAMS[1:]}
    world.scripts = {"b": Script(usage=[Reading(later, NOVEMBER)], **idle)}
    await world.sync(MID_NOVEMBER, NOVEMBER, streams=STREAMS)
    for stream in STREAMS[1:]:
        answer = await asked(world, stream, accounts=["b"])
        assert State.COMPLETE not in [row.state for row in answer.coverage], stream


async def test_lost_before_a_stream_was_read_at_all_it_leaves_the_month_read_in_part(
    world: World,
) -> None:
    failing: dict[str, Any] = {
        each.value: [Reading((), None, State.FAILED, "503")] for each in STREAMS[1:]
    }
    await read(
        world,
        (MID_OCTOBER, {"a": Script(usage=idle_bee().usage, **failing)}),
        (MID_NOVEMBER, {"a": of("acme")}),
    )
    for stream in STREAMS[1:]:
        answer = await asked(world, stream)
        assert known(answer) == ("1.00 EUR", [State.PARTIAL]), stream
        assert "2026-10 was read in part only" in (answer.coverage[0].detail or "")
    await read(world, (MID_NOVEMBER + DAY, {"a": of("acme", "bee")}))
    for stream in STREAMS[1:]:
        assert known(await asked(world, stream)) == ("3.00 EUR", [State.COMPLETE]), stream
