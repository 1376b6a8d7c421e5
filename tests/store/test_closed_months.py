"""A month that was read whole after its end is changed by a whole reading, and by no other."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from billfold import Money, Period, State, Stream
from billfold.adapter import Reading
from billfold.model import Charge, Check, Usage
from billfold.store.check import check
from store.world import MID_NOVEMBER, OCTOBER, World, charge, entry, part, usage, whole

DAY = timedelta(days=1)
MIDDLE = OCTOBER.start + 15 * DAY
HALVES = (Period(OCTOBER.start, MIDDLE), Period(MIDDLE, OCTOBER.end))
ON_5, ON_6 = "lease@2026-10-05", "lease@2026-10-06"
STANDS = "2026-10 stands as read whole at 2026-11-20T12:00:00Z"
CUT_OFF = f"the reading of 2026-11-21T12:00:00Z was partial: cut off; {STANDS}"


def leases(at: str, *costs: str) -> tuple[Charge, ...]:
    """Return leases of one start: the ids of all but the first are numbered, as they are stated."""
    names = (at if number == 1 else f"{at}#{number}" for number in range(1, len(costs) + 1))
    return tuple(charge(name, cost) for name, cost in zip(names, costs, strict=True))


async def stored(world: World) -> tuple[Usage, ...]:
    """Return the usages of October that are known."""
    async with world.history() as history:
        return (await history.usage(OCTOBER)).items


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    ("before", "after", "total"),
    [
        pytest.param(
            (*leases(ON_5, "0.25"), *leases(ON_6, "0.37")),
            (*leases(ON_5, "0.05", "0.25"), *leases(ON_6, "0.37")),
            "0.62 EUR",
            id="a second debit of one lease takes its id",
        ),
        pytest.param(
            (*leases(ON_5, "0.25"), *leases(ON_6, "0.37")),
            (*leases(ON_5, "-0.10", "0.25"), *leases(ON_6, "0.37")),
            "0.62 EUR",
            id="money comes back under the id of what it was paid for",
        ),
        pytest.param(
            leases(ON_5, "0.12", "0.25", "0.37"),
            leases(ON_5, "0.25", "0.37"),
            "0.74 EUR",
            id="the first of three is missing, and the others move up",
        ),
        pytest.param(
            leases(ON_5, "0.25"),
            (*leases(ON_5, "0.25"), *leases(ON_6, "0.25")),
            "0.25 EUR",
            id="a lease comes late",
        ),
    ],
)
async def test_a_partial_reading_books_nothing_of_it(
    world: World, before: tuple[Charge, ...], after: tuple[Charge, ...], total: str
) -> None:
    world.script.usage = whole(*before)
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.script.usage = part(*after)
    (outcome,) = await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    assert not outcome.changes
    assert outcome.remarks() == [STANDS]
    assert await world.total() == total
    assert await world.state() == (State.COMPLETE, CUT_OFF)


async def test_while_one_organization_fails_the_other_stands_too(world: World) -> None:
    beta = {"billing_account_id": "beta"}
    one = usage(evolve(charge("z", "1.00"), **beta), **beta)
    acme = usage(*leases(ON_5, "0.25", "0.37"))
    world.script.usage = [Reading((acme, one), OCTOBER)]
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.script.usage = part(*leases(ON_5, "0.05", "0.25", "0.37"))
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    assert await world.total() == "1.62 EUR"  # 0.25 + 0.37 + 1.00
    world.script.usage = [Reading((usage(*leases(ON_5, "0.05", "0.25", "0.37")), one), OCTOBER)]
    await world.sync(MID_NOVEMBER + 2 * DAY, OCTOBER)
    assert await world.total() == "1.67 EUR"  # 0.05 + 0.25 + 0.37 + 1.00
    assert await world.state() == (State.COMPLETE, None)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param((), id="the rows are of another window"),
        pytest.param(
            (charge("a", "0.25"), charge("rest", "0.50", derived=True)), id="one row of several"
        ),
        pytest.param(
            (charge("a", "0.25"), charge("b", "0.37"), charge("c", "0.13")), id="a late row"
        ),
    ],
)
async def test_its_total_and_checks_stay_those_of_its_charges(
    world: World, after: tuple[Charge, ...]
) -> None:
    agree = Check("rows vs. total", eur("0.62"), eur("0.62"))
    stated = {"stated_total": eur("0.62"), "checks": (agree,)}
    world.script.usage = whole(charge("a", "0.25"), charge("b", "0.37"), **stated)
    await world.sync(MID_NOVEMBER, OCTOBER)
    other = {
        "stated_total": eur("0.75"),
        "checks": (Check("rows vs. total", eur("0.75"), eur("0.25")),),
    }
    world.script.usage = [Reading((usage(*after, **other),), OCTOBER, State.PARTIAL, "cut off")]
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    (known,) = await stored(world)
    assert (known.stated_total, known.checks) == (eur("0.62"), (agree,))
    assert [each.cost for each in known.charges] == [eur("0.25"), eur("0.37")]
    async with world.history() as history:
        assert not check(history.book, world.now).faults


@pytest.mark.parametrize(
    ("before", "name"), [((OCTOBER,), "2026-10"), (HALVES, "2026-10-01..2026-10-16")]
)
async def test_it_stays_in_the_windows_it_was_read_in(
    world: World, before: tuple[Period, ...], name: str
) -> None:
    world.script.usage = [
        Reading(
            tuple(
                usage(charge(f"{each}", "1.00", covers=each), covers=each, stated_total=eur("1.00"))
                for each in before
            ),
            OCTOBER,
        )
    ]
    await world.sync(MID_NOVEMBER, OCTOBER)
    known = await stored(world)
    quarter = Period(OCTOBER.start, OCTOBER.start + 8 * DAY)
    world.script.usage = part(charge(f"{before[0]}", "0.40", covers=quarter), covers=quarter)
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    assert await stored(world) == known
    assert tuple(each.covers for each in known) == before
    assert await world.state() == (State.COMPLETE, CUT_OFF.replace("2026-10 ", f"{name} "))


async def test_whom_only_a_partial_reading_names_is_no_part_of_it(world: World) -> None:
    world.script.usage = whole(charge("a", "2.00"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    # The project's team is named now: the same charge, billed to another.
    team = {"billing_account_id": "team"}
    moved = usage(evolve(charge("a", "3.00"), **team), **team)
    world.script.usage = [Reading((moved,), OCTOBER, State.PARTIAL, "cut off")]
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    assert await world.total() == "2.00 EUR"


async def test_a_reading_without_any_usage_says_that_it_stands_too(world: World) -> None:
    world.script.usage = whole(charge("a", "2.00"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.script.usage = [Reading((), None, State.PARTIAL, "cut off")]
    (outcome,) = await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    assert outcome.remarks() == [STANDS]
    assert await world.state() == (State.COMPLETE, CUT_OFF)


async def test_what_was_known_before_says_nothing_of_later_readings(world: World) -> None:
    world.script.usage = whole(charge("a", "2.00"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.script.usage = part(charge("a", "1.00"))
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    assert await world.state(as_of=MID_NOVEMBER) == (State.COMPLETE, None)


async def test_a_month_that_was_not_read_after_its_end_is_partial_until_it_is(
    world: World,
) -> None:
    last = datetime(2026, 10, 31, 23, 58, tzinfo=UTC)
    world.script.usage = whole(*leases(ON_5, "0.25"), *leases(ON_6, "0.37"))
    await world.sync(last)
    world.script.usage = part(*leases(ON_5, "0.05", "0.25"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert await world.total() == "0.42 EUR"  # 0.05 restated, 0.37 kept
    hour = timedelta(hours=1)
    assert await world.state(tolerance=hour) == (
        State.PARTIAL,
        "as read until 2026-10-31T23:58:00Z, and in part until 2026-11-20T12:00:00Z; the reading "
        "of 2026-11-20T12:00:00Z was partial: cut off",
    )
    world.script.usage = whole(*leases(ON_5, "0.05", "0.25"), *leases(ON_6, "0.37"))
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    assert await world.total() == "0.67 EUR"
    assert await world.state(tolerance=hour) == (State.COMPLETE, None)


async def test_a_failure_after_it_leaves_a_month_within_the_tolerance_complete(
    world: World,
) -> None:
    world.script.usage = whole(charge("a", "2.00"))
    await world.sync(datetime(2026, 10, 31, 23, 58, tzinfo=UTC))
    world.script.usage = [Reading((), None, State.UNAVAILABLE, "forgotten")]
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert (await world.state(tolerance=timedelta(hours=1)))[0] is State.COMPLETE


async def test_the_entries_of_a_ledger_stand_as_well(world: World) -> None:
    streams, at = (Stream.LEDGER,), OCTOBER.start + DAY
    world.script.ledger = [Reading((entry("e", "-3", at), entry("f", "-1", at)))]
    await world.sync(MID_NOVEMBER, OCTOBER, streams=streams)
    world.script.ledger = [
        Reading((entry("e", "-2", at), entry("g", "-5", at)), state=State.PARTIAL, detail="cut off")
    ]
    await world.sync(MID_NOVEMBER + DAY, OCTOBER, streams=streams)
    async with world.history() as history:
        answer = await history.ledger(OCTOBER)
    assert answer.totals(partial=True) == {"EUR": eur("-4")}
    (row,) = answer.coverage
    missed = "acme: what only a cut-off reading has is not counted"  # g
    assert (row.state, row.detail) == (State.PARTIAL, f"{CUT_OFF}; {missed}")
