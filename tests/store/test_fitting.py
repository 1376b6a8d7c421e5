"""A number that no column holds takes with it what it stands in, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

from attrs import evolve

from billfold import Money, State, Stream
from billfold.adapter import Reading
from billfold.model import Balance, BalanceKind, Charge, DailyCost, DayPart, Usage
from billfold.store.booking import Outcome
from store.world import MID_NOVEMBER, MID_OCTOBER, OCTOBER, World, charge, usage

DAY = timedelta(days=1)
NOISE = "3.552713678800501E-15"  # thirty decimals
DIGITS = "0.000000000000003552713678800501"
FAR = Decimal(10) ** 14  # fifteen digits before the point


def of(payer: str, *charges: Charge) -> Usage:
    """Return what an organization used in October, with its total."""
    total = Money.sum((each.cost for each in charges if each.cost is not None), "EUR")
    own = (evolve(each, billing_account_id=payer) for each in charges)
    return usage(*own, billing_account_id=payer, stated_total=total)


def both(*acme: Charge, bee: tuple[Charge, ...]) -> list[Reading[Usage]]:
    return [Reading((of("acme", *acme), of("bee", *bee)), OCTOBER)]


def states(outcome: Outcome) -> list[tuple[State, str | None]]:
    return [(row.state, row.part) for row in outcome.reading.answer.coverage]


async def test_the_other_organization_is_booked_and_the_failure_names_the_charge(
    world: World,
) -> None:
    odd = (charge("fee", "5.00"), charge("idle", NOISE, day=date(2026, 10, 2)))
    world.script.usage = both(charge("a", "3.00"), bee=odd)
    (outcome,) = await world.sync(MID_NOVEMBER, OCTOBER)
    assert states(outcome) == [(State.COMPLETE, None), (State.PARTIAL, "bee")]
    (error,) = outcome.reading.answer.failures
    assert (error.account, error.part) == ("one", "bee")
    assert error.message == (
        f"cost of charge idle (vm, 2026-10-02) is {DIGITS}, and a column holds 14 "
        "digits before the point and 24 behind it; nothing of bee is kept: save it by --format "
        "json, which holds every digit, and ask the provider to round it"
    )
    async with world.history() as history:
        answer = await history.usage(OCTOBER)
    assert [each.billing_account_id for each in answer] == ["acme"]  # no fee of bee's either
    assert str(answer.totals(partial=True)["EUR"]) == "3.00 EUR"
    assert not answer.complete
    assert "partial for bee: cost of charge idle" in (answer.coverage[0].detail or "")


async def test_a_running_month_of_the_others_goes_on(world: World) -> None:
    world.script.usage = both(charge("a", "3.00"), charge("b", "1.00"), bee=(charge("z", "5.00"),))
    await world.sync(MID_OCTOBER)
    odd = (charge("y", "6.00"), charge("x", NOISE))
    world.script.usage = both(charge("a", "3.50"), charge("c", "2.00"), bee=odd)
    await world.sync(MID_OCTOBER + DAY)
    # Of acme, a is restated, b withdrawn and c new; bee stands as it was: 3.50 + 2.00 + 5.00.
    assert await world.total() == "10.50 EUR"
    async with world.history() as history:
        answer = await history.usage(OCTOBER)
    known = {row.part: row.known_until for row in answer.coverage}
    assert known == {None: MID_OCTOBER + DAY, "bee": MID_OCTOBER}
    assert {row.state for row in answer.coverage} == {State.PARTIAL}
    world.script.usage = both(charge("a", "3.50"), charge("c", "2.00"), bee=(charge("y", "6.00"),))
    await world.sync(MID_OCTOBER + 2 * DAY)
    assert await world.total() == "11.50 EUR"
    assert (await world.state())[0] is State.COMPLETE


async def test_where_nothing_fits_nothing_is_booked_and_nothing_taken_back(world: World) -> None:
    world.script.usage = [Reading((of("bee", charge("z", "5.00")),), OCTOBER)]
    await world.sync(MID_OCTOBER)
    world.script.usage = [Reading((of("bee", charge("z", NOISE)),), OCTOBER)]
    (outcome,) = await world.sync(MID_NOVEMBER, OCTOBER)
    assert states(outcome) == [(State.FAILED, "bee")]
    assert not outcome.changes
    assert await world.total() == "5.00 EUR"
    state, words = await world.state()
    assert (state, (words or "")[:35]) == (State.PARTIAL, "as read until 2026-10-20T12:00:00Z")


def day(payer: str, number: int, cost: str) -> DailyCost:
    money = Money(Decimal(cost), "EUR")
    return DailyCost(
        date=date(2026, 10, number), cost=money, part=DayPart.ALL, billing_account_id=payer
    )


async def test_days_and_balances_are_kept_and_taken_back_by_organization(world: World) -> None:
    streams = (Stream.DAILY, Stream.BALANCES)

    def stated(amount: str, last: int) -> None:
        world.script.daily = [
            Reading((day("acme", last, "1.00"), day("bee", 1, amount), day("bee", last, "2.00")))
        ]
        world.script.balances = [
            Reading(
                tuple(
                    Balance(
                        amount=Money(Decimal(each), "EUR"),
                        kind=BalanceKind.PREPAID,
                        scope="wallet",
                        as_of=MID_NOVEMBER,
                        billing_account_id=payer,
                    )
                    for payer, each in (("acme", str(last)), ("bee", amount))
                )
            )
        ]

    stated("4.00", 2)
    await world.sync(MID_OCTOBER, OCTOBER, streams=streams)
    stated(NOISE, 3)
    await world.sync(MID_NOVEMBER, OCTOBER, streams=streams)
    async with world.history() as history:
        days, balances = await history.daily(OCTOBER), await history.balances()
    # acme's third instead of its second, and both of bee's as they were
    assert {(each.billing_account_id, each.date.day, str(each.cost)) for each in days} == {
        ("acme", 3, "1.00 EUR"),
        ("bee", 1, "4.00 EUR"),
        ("bee", 2, "2.00 EUR"),
    }
    assert str(balances.totals(partial=True)["prepaid"]["EUR"]) == "7.00 EUR"  # 3 and 4
    assert not days.complete
    assert not balances.complete


async def test_a_quantity_is_left_out_and_its_money_stays(world: World) -> None:
    world.script.usage = [
        Reading((of("acme", charge("a", "3.00", quantity=FAR), charge("b", "1.00")),), OCTOBER)
    ]
    for later in (0, 1):  # what is said is said by each reading
        (outcome,) = await world.sync(MID_NOVEMBER + later * DAY, OCTOBER)
        (row,) = outcome.reading.answer.coverage
        assert row.state is State.COMPLETE
        assert row.detail == (
            "left out: quantity of charge a (vm, 2026-10) is 100000000000000, and a column holds "
            "14 digits before the point and 24 behind it"
        )
    assert not outcome.changes
    async with world.history() as history:
        answer = await history.usage(OCTOBER)
    assert str(answer.totals()["EUR"]) == "4.00 EUR"
    assert {each.id: each.quantity for each in answer.items[0].charges} == {"a": None, "b": None}
    assert "left out: quantity of charge a" in (answer.coverage[0].detail or "")


async def test_another_account_is_as_it_was_without_it(world: World) -> None:
    world.script.usage = [Reading((of("bee", charge("z", NOISE)),), OCTOBER)]
    other = [Reading((of("acme", charge("a", "3.00")),), OCTOBER)]
    world.scripts["two"] = type(world.script)(usage=other)
    one, two = sorted(
        await world.sync(MID_NOVEMBER, OCTOBER), key=lambda each: each.reading.account
    )
    assert (one.reading.is_answered, two.reading.is_whole) == (False, True)
    assert await world.total() == "3.00 EUR"
