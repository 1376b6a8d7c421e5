"""What a reading changes in the store, and what it never does."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from attrs import evolve

from billfold import Money, Period, State
from billfold.adapter import Reading
from billfold.model import Charge, Check, Stream, Subscription, Usage
from billfold.store.book import Book
from billfold.store.booking import Outcome, book
from store.world import (
    MID_NOVEMBER,
    MID_OCTOBER,
    NOVEMBER,
    OCTOBER,
    Script,
    World,
    charge,
    part,
    prepaid,
    usage,
    whole,
)

DAY = timedelta(days=1)


def counts(outcome: Outcome) -> tuple[int, int, int]:
    done = outcome.changes.counts
    return done["new"], done["changed"], done["withdrawn"]


async def test_what_was_read_is_answered_again(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"), charge("b", "0.25", tags={"team": "web"}))
    (outcome,) = await world.sync(MID_OCTOBER)
    assert counts(outcome) == (3, 0, 0)  # the usage and its two charges
    assert await world.total() == "10.75 EUR"
    async with world.history() as history:
        (stored,) = await history.usage()
    assert stored.charges == tuple(
        charge(name, cost, provider="scripted", account="one", **more)
        for name, cost, more in (("a", "10.50", {}), ("b", "0.25", {"tags": {"team": "web"}}))
    )


async def test_the_same_again_books_nothing(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(MID_OCTOBER)
    (outcome,) = await world.sync(MID_OCTOBER + DAY)
    assert counts(outcome) == (0, 0, 0)


async def test_a_moved_source_is_no_change(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50", source="GET /lines#/data/0"))
    await world.sync(MID_OCTOBER)
    world.script.usage = whole(charge("a", "10.50", source="GET /lines#/data/1"))
    (outcome,) = await world.sync(MID_OCTOBER + DAY)
    assert counts(outcome) == (0, 0, 0)


async def test_a_restated_charge_counts_once_and_was_known_before(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(MID_OCTOBER)
    world.script.usage = whole(charge("a", "11.75"))
    (outcome,) = await world.sync(MID_OCTOBER + DAY)
    assert counts(outcome) == (0, 1, 0)
    assert await world.total() == "11.75 EUR"
    assert await world.total(as_of=MID_OCTOBER) == "10.50 EUR"
    rows = Book(str(world.folder)).rows("SELECT SUM(cost) AS cost FROM usage", "usage")
    assert rows == [{"cost": Decimal("11.75")}]  # 10.50 - 10.50 + 11.75


async def test_charges_of_one_fingerprint_are_told_apart_by_their_ids(world: World) -> None:
    one, two = charge("c-1645714", "10.50"), charge("c-1701057", "10.50")
    world.script.usage = whole(one)
    await world.sync(MID_OCTOBER)
    world.script.usage = whole(one, two)
    (outcome,) = await world.sync(MID_OCTOBER + DAY)
    assert counts(outcome) == (1, 0, 0)
    assert await world.total() == "21.00 EUR"
    rows = Book(str(world.folder)).rows(
        "SELECT DISTINCT fingerprint FROM usage WHERE row = 'charge'", "usage"
    )
    assert rows == [{"fingerprint": "8df4f2c897"}]
    world.script.usage = whole(two)
    (outcome,) = await world.sync(MID_OCTOBER + 2 * DAY)
    assert counts(outcome) == (0, 0, 1)
    async with world.history() as history:
        (stored,) = await history.usage()
    assert [each.id for each in stored.charges] == ["c-1701057"]


async def test_a_whole_reading_takes_back_what_it_no_longer_states(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"), charge("b", "2.00"))
    await world.sync(MID_OCTOBER)
    world.script.usage = whole(charge("a", "10.50"))
    (outcome,) = await world.sync(MID_OCTOBER + DAY)
    assert counts(outcome) == (0, 0, 1)
    assert await world.total() == "10.50 EUR"
    assert await world.total(as_of=MID_OCTOBER) == "12.50 EUR"


async def test_a_reading_that_was_cut_off_takes_nothing_back(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"), charge("b", "2.00"))
    await world.sync(MID_OCTOBER)
    world.script.usage = part(charge("a", "10.75"), charge("c", "5.00"))
    (outcome,) = await world.sync(MID_OCTOBER + DAY)
    # What is known by its id is restated; a new line may stand for one that was not read.
    assert counts(outcome) == (0, 1, 0)
    assert await world.total() == "12.75 EUR"


async def test_readings_that_were_cut_off_add_to_what_no_whole_one_covered(world: World) -> None:
    world.script.usage = part(charge("a", "10.00"))
    await world.sync(MID_OCTOBER)
    world.script.usage = part(charge("b", "2.00"))
    await world.sync(MID_OCTOBER + DAY)
    assert await world.total() == "12.00 EUR"
    assert await world.state() == (
        State.PARTIAL,
        "2026-10 was read in part only; the reading of 2026-10-21T12:00:00Z was partial: cut off",
    )


async def test_a_difference_up_to_a_total_never_stands_beside_the_lines_it_stood_for(
    world: World,
) -> None:
    world.script.usage = part(charge("a", "60.00"), charge("rest", "40.00", derived=True))
    await world.sync(MID_OCTOBER)
    world.script.usage = part(charge("b", "30.00"), charge("rest", "70.00", derived=True))
    await world.sync(MID_OCTOBER + DAY)
    assert await world.total() == "90.00 EUR"
    world.script.usage = whole(charge("a", "60.00"), charge("b", "40.00"))
    await world.sync(MID_OCTOBER + 2 * DAY)
    assert await world.total() == "100.00 EUR"
    world.script.usage = part(charge("a", "60.00"), charge("rest", "40.00", derived=True))
    await world.sync(MID_OCTOBER + 3 * DAY)
    assert await world.total() == "100.00 EUR"


DAY_TWO = Period.day(date(2026, 10, 2))


def share(name: str, cost: str, day: Period = DAY_TWO) -> Charge:
    return charge(name, cost, derived=True, covers=day)


FEE = charge("fee", "342.79")
OTHER_DAY = (
    share("5/x", "1.00", Period.day(date(2026, 10, 5))),
    share("5/y", "2.00", Period.day(date(2026, 10, 5))),
)
AS_ONE = (charge("2", "7.20", covers=DAY_TWO),)
AS_TWO = (share("2/x", "3.60"), share("2/y", "3.60"))
AS_THREE = (share("2/x", "2.40"), share("2/y", "2.40"), share("2/z", "2.40"))


@pytest.mark.parametrize("read_first", [part, whole])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        *((AS_ONE, AS_ONE), (AS_ONE, AS_TWO), (AS_TWO, AS_ONE)),
        *((AS_TWO, AS_TWO), (AS_TWO, AS_THREE), (AS_THREE, AS_TWO)),
    ],
)
async def test_an_amount_and_its_shares_are_known_once_and_stay(
    world: World,
    read_first: Callable[..., list[Reading[Usage]]],
    before: tuple[Charge, ...],
    after: tuple[Charge, ...],
) -> None:
    world.script.usage = read_first(FEE, *OTHER_DAY, *before)
    await world.sync(MID_OCTOBER)
    world.script.usage = part(FEE, *OTHER_DAY, *after)
    await world.sync(MID_OCTOBER + DAY)
    assert await world.total() == "352.99 EUR"  # 342.79 + 1.00 + 2.00 + 7.20
    # Its days out of reach, a total is filled up by what stands for them all.
    world.script.usage = part(FEE, charge("rest", "10.20", derived=True))
    await world.sync(MID_OCTOBER + 2 * DAY)
    assert await world.total() == "352.99 EUR"
    # Another fee, and another name of it: no day is let go of.
    world.script.usage = part(charge("renamed", "342.79"), *OTHER_DAY, *before)
    await world.sync(MID_OCTOBER + 3 * DAY)
    async with world.history() as history:
        (known,) = await history.usage()
    days = [each for each in known.charges if each.id not in ("fee", "renamed")]
    assert sum(each.cost.amount for each in days if each.cost is not None) == Decimal("10.20")


async def test_nothing_where_there_was_something_confirms_nothing(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(MID_OCTOBER)
    world.script.usage = whole()
    (outcome,) = await world.sync(MID_OCTOBER + DAY)
    assert counts(outcome) == (0, 0, 0)
    assert await world.total() == "10.50 EUR"
    world.now = MID_NOVEMBER
    state, detail = await world.state()
    assert state is State.PARTIAL
    assert detail is not None
    assert detail.startswith("as read until 2026-10-20T12:00:00Z")


async def test_an_answer_without_any_usage_says_that_it_confirms_nothing(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(MID_OCTOBER)
    world.script.usage = [Reading((), OCTOBER)]
    (outcome,) = await world.sync(MID_NOVEMBER, OCTOBER)
    assert counts(outcome) == (0, 0, 0)
    assert outcome.remarks() == ["nothing was stated for the account: what is known stays"]
    assert await world.total() == "10.50 EUR"
    assert (await world.state())[0] is State.PARTIAL


async def test_a_check_stays_that_of_the_lines_that_are_known(world: World) -> None:
    def stated(read: list[Reading[Usage]], amount: str) -> list[Reading[Usage]]:
        ((reading,), total) = read, Money(Decimal(amount), "EUR")
        (used,) = reading.items
        checks = (Check("total vs. lines", total, total),)
        return [evolve(reading, items=(evolve(used, stated_total=total, checks=checks),))]

    a, b = charge("a", "15.00"), charge("b", "4.00")
    for number, (read, cost, holds, not_made) in enumerate(
        (
            (stated(whole(a), "15.00"), "15.00", [True], ()),
            # b may stand for a line that is known, so it is not added, nor is the total of both.
            (stated(part(a, b), "19.00"), "15.00", [True], ()),
            (stated(whole(a, b), "19.00"), "19.00", [True], ()),
        )
    ):
        world.script.usage = read
        await world.sync(MID_OCTOBER + number * DAY)
        async with world.history() as history:
            (known,) = await history.usage()
        assert known.totals() == {"EUR": Money(Decimal(cost), "EUR")}
        assert ([each.holds for each in known.checks], known.unchecked) == (holds, not_made)


async def test_what_two_accounts_reach_belongs_to_the_first_that_booked_it(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(MID_OCTOBER)
    world.scripts = {"two": Script(whole(charge("a", "10.50")))}
    (outcome,) = await world.sync(MID_OCTOBER + DAY)
    assert counts(outcome) == (0, 0, 0)
    assert outcome.elsewhere == {'["acme",null]': "one"}
    assert await world.total() == "10.50 EUR"
    async with world.history() as history:
        details = {row.account: row.detail for row in (await history.usage(OCTOBER)).coverage}
    assert "acme is already counted in account one" in (details["two"] or "")


async def test_in_one_sync_it_belongs_to_the_first_account_however_slow_that_is(
    world: World,
) -> None:
    shared = whole(charge("a", "10.50"))
    world.scripts = {
        "one": Script(shared, slow=0.05),
        "two": Script(shared),
        "three": Script(shared, slow=0.02),
    }
    outcomes = await world.sync(MID_OCTOBER)
    assert [each.reading.account for each in outcomes] == ["one", "two", "three"]
    assert [list(each.elsewhere.values()) for each in outcomes] == [[], ["one"], ["one"]]
    assert await world.total() == "10.50 EUR"


@pytest.mark.parametrize("payer", ["acme", 'a "b" \\ c'])
async def test_a_balance_that_two_accounts_reach_belongs_to_the_first_that_booked_it(
    world: World, payer: str
) -> None:
    streams = (Stream.BALANCES,)
    (reading,) = prepaid("25.00", MID_OCTOBER)
    (balance,) = reading.items
    stated = [evolve(reading, items=(evolve(balance, billing_account_id=payer),))]
    world.script.balances = stated
    await world.sync(MID_OCTOBER, streams=streams)
    world.scripts = {"two": Script(balances=stated)}
    (outcome,) = await world.sync(MID_OCTOBER + DAY, streams=streams)
    assert counts(outcome) == (0, 0, 0)
    assert list(outcome.elsewhere.values()) == ["one"]
    async with world.history() as history:
        answer = await history.balances()
    assert str(answer.totals()["prepaid"]["EUR"]) == "25.00 EUR"
    details = {row.account: row.detail for row in answer.coverage}
    assert details == {
        "one": "as read at 2026-10-20T12:00:00Z",
        "two": (
            f"as read at 2026-10-21T12:00:00Z; {payer} is as account one read it: "
            f"as read at 2026-10-20T12:00:00Z; {payer} is already counted in account one"
        ),
    }


async def test_an_account_under_its_old_name_again_is_booked_as_it_is_now(world: World) -> None:
    streams = (Stream.BALANCES,)
    for name, moment, amount in (
        ("one", MID_OCTOBER, "25.00"),
        ("renamed", MID_OCTOBER + DAY, "20.00"),
        ("one", MID_OCTOBER + 2 * DAY, "15.00"),
    ):
        world.scripts = {name: Script(balances=prepaid(amount, moment))}
        await world.sync(moment, streams=streams)
        async with world.history() as history:
            known = str((await history.balances()).totals()["prepaid"]["EUR"])
        assert known == {"renamed": "25.00 EUR"}.get(name, f"{amount} EUR")


async def test_a_balance_is_its_last_reading(world: World) -> None:
    streams = (Stream.BALANCES,)
    world.script.balances = prepaid("25.00", MID_OCTOBER)
    await world.sync(MID_OCTOBER, streams=streams)
    later = MID_OCTOBER + DAY
    world.script.balances = prepaid("25.00", later)
    (same,) = await world.sync(later, streams=streams)
    assert counts(same) == (0, 0, 0)
    world.script.balances = prepaid("20.00", later + DAY)
    await world.sync(later + DAY, streams=streams)
    async with world.history() as history:
        assert str((await history.balances()).totals()["prepaid"]["EUR"]) == "20.00 EUR"
        before = await history.balances(as_of=later)
        assert str(before.totals()["prepaid"]["EUR"]) == "25.00 EUR"
        assert [each.as_of for each in before] == [later]


async def test_a_balance_is_as_of_the_last_reading_that_stated_it(world: World) -> None:
    for moment in (MID_OCTOBER, MID_OCTOBER + DAY):
        world.script.balances = prepaid("25.00", moment)
        await world.sync(moment, streams=(Stream.BALANCES,))
    world.script.balances = [Reading((), state=State.FAILED)]
    await world.sync(MID_OCTOBER + 2 * DAY, streams=(Stream.BALANCES,))
    async with world.history() as history:
        assert [each.as_of for each in await history.balances()] == [MID_OCTOBER + DAY]


async def test_a_balance_of_which_the_provider_says_as_of_when_keeps_that(world: World) -> None:
    world.script.balances = prepaid("25.00", MID_OCTOBER - DAY)
    for moment in (MID_OCTOBER, MID_OCTOBER + DAY):
        await world.sync(moment, streams=(Stream.BALANCES,))
    async with world.history() as history:
        assert [each.as_of for each in await history.balances()] == [MID_OCTOBER - DAY]


async def test_a_later_moment_that_the_provider_says_is_known_though_the_amount_is_the_same(
    world: World,
) -> None:
    for days, changed, moved in ((0, (1, 0, 0), "25.00 EUR"), (1, (0, 1, 0), "0.00 EUR")):
        world.script.balances = prepaid("25.00", MID_OCTOBER + (days - 1) * DAY)
        (outcome,) = await world.sync(MID_OCTOBER + days * DAY, streams=(Stream.BALANCES,))
        assert counts(outcome) == changed
        assert outcome.moved == {"prepaid": {"EUR": Money.parse(moved)}}
    async with world.history() as history:
        answer = await history.balances()
        before = await history.balances(as_of=MID_OCTOBER)
    assert [each.as_of for each in answer] == [MID_OCTOBER]
    assert [each.as_of for each in before] == [MID_OCTOBER - DAY]
    assert answer.totals()["prepaid"] == {"EUR": Money.parse("25.00 EUR")}


async def test_a_month_read_after_its_end_is_complete(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert await world.state() == (State.COMPLETE, None)


async def test_a_month_read_last_before_its_end_says_so(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(datetime(2026, 10, 31, 23, 58, tzinfo=UTC))
    world.now = MID_NOVEMBER
    said = "as read until 2026-10-31T23:58:00Z"
    assert await world.state() == (State.PARTIAL, said)
    assert await world.state(tolerance=timedelta(hours=1)) == (State.COMPLETE, said)


async def test_a_running_month_is_known_until_its_last_reading(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(MID_OCTOBER)
    world.now = MID_OCTOBER + DAY
    async with world.history() as history:
        (row,) = (await history.usage()).coverage
    assert (row.state, row.known_until) == (State.COMPLETE, MID_OCTOBER)


async def test_a_month_that_nobody_read_is_unavailable(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(MID_OCTOBER)
    assert await world.state(Period.month(2026, 8)) == (
        State.UNAVAILABLE,
        "2026-08 was never read: run billfold sync --period 2026-08",
    )


async def test_another_window_than_the_one_asked_confirms_nothing_of_it(world: World) -> None:
    streams = (Stream.INVOICES,)
    world.script.invoices = [Reading((), NOVEMBER)]
    await world.sync(MID_NOVEMBER, NOVEMBER, streams=streams)
    # It is read of days that begin within the month: what is before them was not read.
    tail = Period(MID_NOVEMBER, NOVEMBER.end)
    world.script.invoices = [Reading((), tail, State.DIFFERENT_WINDOW, "the last days alone")]
    await world.sync(MID_NOVEMBER + DAY, NOVEMBER, streams=streams)
    async with world.history() as history:
        (row,) = (await history.invoices(NOVEMBER)).coverage
    assert row.state is State.PARTIAL
    assert "was different_window: the last days alone" in (row.detail or "")


async def test_a_moment_of_any_year_can_be_asked_for(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    # 64 bits of nanoseconds, as which engines read times in text, end in 2262 and begin in 1677.
    assert await world.total(as_of=datetime(2300, 1, 1, tzinfo=UTC)) == "10.50 EUR"
    assert (await world.state(as_of=datetime(1600, 1, 1, tzinfo=UTC)))[0] is State.UNAVAILABLE
    assert (await world.state(Period.month(2300, 1)))[0] is State.UNAVAILABLE


async def test_a_name_that_is_another_providers_in_the_store_is_refused(world: World) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    (first,) = await world.sync(MID_OCTOBER)
    renamed = World(world.folder.with_name("renamed"), scripts=world.scripts)
    of_other = [evolve(first.reading, provider="other")]
    book(Book(str(renamed.folder)), of_other, "first", lambda: MID_OCTOBER)
    (refused,) = await renamed.sync(MID_OCTOBER + DAY)
    assert [error.message for error in refused.reading.answer.failures] == [
        "one is an account of other in the store: give this one of scripted another name"
    ]
    async with renamed.history() as history:
        answer = await history.usage(OCTOBER)
    assert [row.provider for row in answer.coverage] == ["other"]


async def test_cycles_of_one_project_that_overlap_are_said(world: World) -> None:
    first = Period.days(datetime(2026, 10, 3).date(), datetime(2026, 11, 3).date())
    moved = Period.days(datetime(2026, 10, 15).date(), datetime(2026, 11, 15).date())
    world.script.usage = whole(charge("a", "31.00"), covers=first)
    await world.sync(MID_OCTOBER)
    world.script.usage = whole(charge("b", "31.00"), covers=moved)
    await world.sync(MID_OCTOBER + DAY)
    state, detail = await world.state()
    assert state is State.PARTIAL
    assert "2026-10-03..2026-11-03 and 2026-10-15..2026-11-15 overlap" in (detail or "")


async def test_a_month_that_was_read_in_parts_and_later_whole_is_complete(world: World) -> None:
    edges = [datetime(2026, 10, day, tzinfo=UTC) for day in (1, 8, 16, 20)] + [OCTOBER.end]
    quarters = [Period(*each) for each in pairwise(edges)]
    world.script.usage = [
        Reading((usage(charge(f"c{number}", "1.25", covers=each), covers=each),), each)
        for number, each in enumerate(quarters)
    ]
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert (await world.total(), await world.state()) == ("5.00 EUR", (State.COMPLETE, None))
    halves = [Period(edges[0], edges[2]), Period(edges[2], edges[4])]
    world.script.usage = [
        Reading((usage(charge(f"h{number}", "2.75", covers=each), covers=each),), each)
        for number, each in enumerate(halves)
    ]
    await world.sync(MID_NOVEMBER + timedelta(hours=1), OCTOBER)
    assert (await world.total(), await world.state()) == ("5.50 EUR", (State.COMPLETE, None))
    world.script.usage = whole(charge("all", "6.00"))
    await world.sync(MID_NOVEMBER + timedelta(hours=2), OCTOBER)
    assert (await world.total(), await world.state()) == ("6.00 EUR", (State.COMPLETE, None))


async def test_an_answer_says_what_its_last_reading_did_not_confirm(world: World) -> None:
    world.script.usage = whole(charge("a", "3.33"))
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.script.usage = [Reading((), OCTOBER)]
    await world.sync(MID_NOVEMBER + timedelta(hours=1), OCTOBER)
    said = "nothing was stated for the account: what is known stays"
    assert (await world.total(), await world.state()) == ("3.33 EUR", (State.COMPLETE, said))
    # One that was cut off confirms nothing either.
    world.script.usage = part(charge("a", "3.33"))
    await world.sync(MID_NOVEMBER + timedelta(hours=2), OCTOBER)
    state, detail = await world.state()
    assert (await world.total(), state) == ("3.33 EUR", State.COMPLETE)
    assert said in (detail or "")
    world.script.usage = whole(charge("a", "3.00"))
    await world.sync(MID_NOVEMBER + timedelta(hours=3), OCTOBER)
    assert (await world.total(), await world.state()) == ("3.00 EUR", (State.COMPLETE, None))


def fee(amount: str) -> Subscription:
    price = Money(Decimal(amount), "EUR")
    return Subscription(id="prod", name="prod", price=price)


@pytest.mark.parametrize(
    ("stream", "stated"),
    [
        (Stream.BALANCES, prepaid("5.00", MID_OCTOBER)),
        (Stream.SUBSCRIPTIONS, [Reading((fee("5.00"),))]),
    ],
)
async def test_what_is_known_as_of_now_says_when_it_was_stated_and_that_it_is_no_more(
    world: World, stream: Stream, stated: list[Reading[object]]
) -> None:
    failed = [Reading[object](state=State.FAILED, detail="gone")]
    said = "nothing was stated for the account: what is known stays"
    first = "as read at 2026-10-20T12:00:00Z"
    for days, now_stated, expected in (
        (0, stated, (State.COMPLETE, first)),
        (1, [Reading[object](())], (State.COMPLETE, f"{first}; {said}")),
        (2, [Reading[object](())], (State.COMPLETE, f"{first}; {said}")),
        (
            3,
            failed,
            (
                State.PARTIAL,
                f"{first}; {said}; the reading of 2026-10-23T12:00:00Z was failed: gone",
            ),
        ),
        (4, stated, (State.COMPLETE, "as read at 2026-10-24T12:00:00Z")),
    ):
        setattr(world.script, stream.value, now_stated)
        await world.sync(MID_OCTOBER + days * DAY, streams=(stream,))
        async with world.history() as history:
            answer = await getattr(history, stream.value)()
        (row,) = answer.coverage
        assert (row.state, row.detail) == expected
        assert len(answer.items) == 1


REST = charge("rest", "1.00", derived=True)
BEHIND = (charge("fee", "5.00"), charge("2", "20.00", covers=DAY_TWO), REST)  # a total of 26.00
ABSORBED = (charge("fee", "5.00"), charge("2", "21.00", covers=DAY_TWO))  # and still 26.00


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (ABSORBED, "26.00 EUR"),
        ((*BEHIND[:2], charge("rest", "3.00", derived=True)), "28.00 EUR"),
        # With a line more, or one less, who knows what of it the rest stands for?
        ((*BEHIND[:2], charge("3", "1.00")), "26.00 EUR"),
        ((BEHIND[0], charge("rest", "21.00", derived=True)), "26.00 EUR"),
    ],
)
async def test_a_cut_off_reading_of_the_lines_that_are_known_says_what_the_rest_is(
    world: World, after: tuple[Charge, ...], expected: str
) -> None:
    world.script.usage = whole(*BEHIND)
    await world.sync(MID_OCTOBER)
    world.script.usage = part(*after)
    await world.sync(MID_OCTOBER + DAY)
    assert await world.total() == expected
    assert (await world.state())[0] is State.PARTIAL


async def test_a_month_that_a_cut_off_reading_has_changed_is_partial_until_a_whole_one(
    world: World,
) -> None:
    hour = timedelta(hours=1)

    async def state() -> tuple[State, str | None]:
        return await world.state(tolerance=hour)

    late = "as read until 2026-10-31T23:58:00Z"
    world.script.usage = whole(charge("a", "3.00"), charge("b", "2.00"))
    await world.sync(OCTOBER.end - timedelta(minutes=2), OCTOBER)
    # What changes nothing, as what fails, leaves the month as it is known.
    world.script.usage = part(charge("a", "3.00"))
    await world.sync(MID_NOVEMBER + hour, OCTOBER)
    told = "the reading of 2026-11-20T13:00:00Z was partial: cut off"
    assert await state() == (State.COMPLETE, f"{late}; {told}")
    world.script.usage = part(charge("a", "4.00"))
    await world.sync(MID_NOVEMBER + 2 * hour, OCTOBER)
    said = "the reading of 2026-11-20T14:00:00Z was partial: cut off"
    world.script.usage = [Reading(state=State.UNAVAILABLE, detail="forgotten")]
    await world.sync(MID_NOVEMBER + 3 * hour, OCTOBER)
    in_part = "and in part until 2026-11-20T14:00:00Z"
    assert await state() == (State.PARTIAL, f"{late}, {in_part}; {said}")
    world.script.usage = whole(charge("a", "4.00"), charge("b", "2.00"))
    await world.sync(MID_NOVEMBER + 4 * hour, OCTOBER)
    assert await state() == (State.COMPLETE, None)
