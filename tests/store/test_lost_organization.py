"""An organization of which nothing is stated any more keeps what is known of it, with words.

Account a reads acme and bee, 1.00 and 2.00 of each stream; then bee is gone.
"""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from billfold import Money, Period, State, Stream
from billfold.adapter import Reading
from billfold.model import Invoice, InvoiceKind, Subscription
from billfold.store.booking import Outcome
from billfold.store.check import check
from store.test_moved_organization import STREAMS, known, stating
from store.world import MID_NOVEMBER, NOVEMBER, OCTOBER, Script, World

HOUR = timedelta(hours=1)
STAYS = "nothing was stated for bee: what is known stays"
WINDOWLESS = (Stream.LEDGER, Stream.DAILY, Stream.BALANCES)


async def read_of(
    world: World, stream: Stream, names: tuple[str, ...], later: timedelta = timedelta(0)
) -> list[Outcome]:
    world.scripts = {"a": stating(*names)}
    return await world.sync(MID_NOVEMBER + later, OCTOBER, streams=(stream,))


async def lose_bee(world: World, stream: Stream) -> None:
    await read_of(world, stream, ("acme", "bee"))
    (outcome,) = await read_of(world, stream, ("acme",), HOUR)
    assert outcome.changes.counts.get("withdrawn", 0) == 0


@pytest.mark.parametrize("stream", STREAMS)
async def test_it_stays_in_the_sum(world: World, stream: Stream) -> None:
    await lose_bee(world, stream)
    total, rows = await known(world, stream)
    assert total == "3.00 EUR"
    assert rows["a"][0] is State.COMPLETE


@pytest.mark.parametrize("stream", WINDOWLESS)
async def test_the_answer_says_that_it_could_not_be_confirmed(world: World, stream: Stream) -> None:
    await lose_bee(world, stream)
    _, rows = await known(world, stream)
    assert STAYS in rows["a"][1]


async def test_of_a_usage_the_answer_says_as_of_when_it_is(world: World) -> None:
    await lose_bee(world, Stream.USAGE)
    _, rows = await known(world, Stream.USAGE)
    assert rows["a"][1] == "bee: as read at 2026-11-20T12:00:00Z, no later reading states it"


@pytest.mark.parametrize("stream", WINDOWLESS)
async def test_until_it_is_stated_again(world: World, stream: Stream) -> None:
    await lose_bee(world, stream)
    world.scripts = {"a": stating("acme", "bee")}
    await world.sync(MID_NOVEMBER + 2 * HOUR, OCTOBER, streams=(stream,))
    total, rows = await known(world, stream)
    assert total == "3.00 EUR"
    assert "nothing was stated" not in rows["a"][1]


async def test_a_balance_is_as_of_its_own_last_reading(world: World) -> None:
    for hours, names in enumerate((("acme", "bee"), ("acme",))):
        now, script = MID_NOVEMBER + hours * HOUR, stating(*names)
        (reading,) = script.balances
        items = tuple(evolve(each, as_of=now) for each in reading.items)
        script.balances = [evolve(reading, items=items)]
        world.scripts = {"a": script}
        await world.sync(now, streams=(Stream.BALANCES,))
    async with world.history() as history:
        answer = await history.balances()
    assert {each.billing_account_id: each.as_of for each in answer} == {
        "acme": MID_NOVEMBER + HOUR,
        "bee": MID_NOVEMBER,
    }


async def test_what_an_account_states_in_part_takes_back_what_it_does_not(world: World) -> None:
    # bee has one entry of two: it is stated, and one was withdrawn.
    first, second = stating("acme", "bee"), stating("acme", "bee")
    (reading,) = first.ledger
    other = evolve(reading.items[1], id="bee-f")
    first.ledger = [evolve(reading, items=(*reading.items, other))]
    for hours, script in enumerate((first, second)):
        world.scripts = {"a": script}
        await world.sync(MID_NOVEMBER + hours * HOUR, OCTOBER, streams=(Stream.LEDGER,))
    assert await known(world, Stream.LEDGER) == ("3.00 EUR", {"a": (State.COMPLETE, "")})


async def test_where_no_payer_is_stated_what_is_gone_is_taken_back(world: World) -> None:
    for hours, payers in enumerate(((None, "bee"), (None,))):
        script = stating("acme", "bee")
        (reading,) = script.ledger
        items = [
            evolve(each, billing_account_id=payer)
            for each, payer in zip(reading.items, payers, strict=False)
        ]
        script.ledger = [evolve(reading, items=tuple(items))]
        world.scripts = {"a": script}
        await world.sync(MID_NOVEMBER + hours * HOUR, OCTOBER, streams=(Stream.LEDGER,))
    total, _ = await known(world, Stream.LEDGER)
    assert total == "1.00 EUR"


async def test_a_running_month_keeps_it_until_it_was_read(world: World) -> None:
    world.scripts = {"a": stating("acme", "bee")}
    asked = datetime(2026, 10, 20, tzinfo=UTC)
    await world.sync(asked)
    world.scripts = {"a": stating("acme")}
    await world.sync(asked + HOUR)
    async with world.history() as history:
        answer = await history.usage()
    assert str(answer.totals(partial=True)["EUR"]) == "3.00 EUR"
    assert [(row.part, row.known_until) for row in answer.coverage] == [
        (None, asked + HOUR),
        ("bee", asked),
    ]


@pytest.mark.parametrize("stream", [Stream.INVOICES, Stream.SUBSCRIPTIONS])
async def test_invoices_and_subscriptions_stay_too(world: World, stream: Stream) -> None:
    def of(*names: str) -> Script:
        invoices = [
            Invoice(
                id=f"{name}-1",
                kind=InvoiceKind.LEGAL,
                total=Money.parse("1 EUR"),
                status="paid",
                billing_account_id=name,
                period=OCTOBER,
            )
            for name in names
        ]
        orders = [Subscription(id=name, name="plan", billing_account_id=name) for name in names]
        return Script(
            invoices=[Reading(tuple(invoices), OCTOBER)], subscriptions=[Reading(tuple(orders))]
        )

    for hours, names in enumerate((("acme", "bee"), ("acme",))):
        world.scripts = {"a": of(*names)}
        await world.sync(MID_NOVEMBER + hours * HOUR, OCTOBER, streams=(stream,))
    async with world.history() as history:
        assert not check(history.book, world.now).faults
        window: tuple[Period, ...] = (OCTOBER,) if stream is Stream.INVOICES else ()
        answer = await getattr(history, stream.value)(*window)
    assert {each.billing_account_id for each in answer} == {"acme", "bee"}
    assert STAYS in (answer.coverage[0].detail or "")


async def test_what_another_account_states_is_that_one_s_and_the_sync_names_it(
    world: World,
) -> None:
    world.scripts = {"a": stating("acme", "bee")}
    await world.sync(MID_NOVEMBER, OCTOBER, streams=(Stream.LEDGER,))
    world.scripts = {"a": stating("acme"), "b": stating("bee")}
    outcomes = await world.sync(MID_NOVEMBER + HOUR, OCTOBER, streams=(Stream.LEDGER,))
    said = [remark for each in outcomes for remark in each.remarks()]
    assert "taken back: 1 record of bee" in said
    assert await known(world, Stream.LEDGER) == (
        "3.00 EUR",
        {"a": (State.COMPLETE, ""), "b": (State.COMPLETE, "")},
    )


async def test_a_month_that_nobody_states_is_asked_for_alone(world: World) -> None:
    # The other month of the account is not touched by what is handed over.
    world.scripts = {"a": stating("acme", "bee")}
    await world.sync(MID_NOVEMBER, OCTOBER, streams=(Stream.LEDGER,))
    world.scripts = {"a": stating("acme"), "b": Script(ledger=[Reading((), NOVEMBER)])}
    await world.sync(MID_NOVEMBER + HOUR, OCTOBER, streams=(Stream.LEDGER,))
    total, _ = await known(world, Stream.LEDGER)
    assert total == "3.00 EUR"
