"""What another account booked is that account's while both are asked, and known without it, too."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from attrs import evolve

from billfold import Account, Billfold, Period, Secret, State, Stream, Usage
from billfold.adapter import Reading
from store.cycles import as_asked, cycle
from store.test_moved_organization import STREAMS, stating
from store.world import (
    MID_NOVEMBER,
    NOVEMBER,
    OCTOBER,
    Script,
    Scripted,
    World,
    charge,
    entry,
    part,
    whole,
)

HOUR = timedelta(hours=1)


async def both_read(world: World, *streams: Stream) -> None:
    """Book acme (1.00) and bee (2.00), which account a reaches both, and b bee alone."""
    world.scripts = {"a": stating("acme", "bee"), "b": stating("bee")}
    await world.sync(MID_NOVEMBER, OCTOBER, streams=streams)


async def test_it_counts_for_the_first_of_the_accounts_that_are_asked(world: World) -> None:
    await both_read(world, *STREAMS)
    cases = (["b"], "2.00 EUR"), (["a"], "3.00 EUR"), (["a", "b"], "3.00 EUR")
    for stream, (asked, total) in product(STREAMS, cases):
        window = () if stream is Stream.BALANCES else (OCTOBER,)
        async with world.history() as history:
            answer = await getattr(history, stream.value)(*window, accounts=asked)
        totals = answer.totals()
        totals = totals["prepaid"] if stream is Stream.BALANCES else totals
        assert str(totals["EUR"]).lstrip("-") == total, (stream, asked)
        details = {row.account: row.detail or "" for row in answer.coverage}
        assert ("bee is already counted in account a" in details.get("b", "")) is (len(asked) == 2)


async def test_it_is_known_as_the_account_that_booked_it_read_it(world: World) -> None:
    at = datetime(2026, 10, 31, 12, tzinfo=UTC)
    world.scripts = {"a": stating("acme", "bee")}
    await world.sync(at, OCTOBER)
    world.scripts = {"b": stating("bee"), "c": stating("acme")}
    await world.sync(MID_NOVEMBER, OCTOBER)
    async with world.history() as history:
        answer = await history.usage(OCTOBER, accounts=["b"])
    (row,) = answer.coverage
    assert (row.state, row.detail) == (
        State.PARTIAL,
        "bee is as account a read it: as read until 2026-10-31T12:00:00Z",
    )
    assert str(answer.totals(partial=True)["EUR"]) == "2.00 EUR"


async def test_a_running_month_is_known_until_the_account_that_booked_it_read_it(
    world: World,
) -> None:
    script = Script(whole(charge("vm", "2.00", covers=NOVEMBER), covers=NOVEMBER))
    for hours, name in enumerate("ab"):
        world.scripts = {name: script}
        await world.sync(MID_NOVEMBER + hours * HOUR, NOVEMBER)
    async with world.history() as history:
        answer = await history.usage(NOVEMBER, accounts=["b"])
    (row,) = answer.coverage
    assert (row.state, row.known_until) == (State.COMPLETE, MID_NOVEMBER)


async def test_a_reading_that_failed_since_changes_nothing_of_it(world: World) -> None:
    await both_read(world, Stream.USAGE)
    failed = Reading[Usage](state=State.FAILED, detail="no permission")
    world.scripts = {"b": Script(usage=[failed])}
    await world.sync(MID_NOVEMBER + HOUR, OCTOBER)
    async with world.history() as history:
        answer = await history.usage(OCTOBER, accounts=["b"])
    assert str(answer.totals(partial=True)["EUR"]) == "2.00 EUR"


async def test_of_two_months_it_is_known_though_the_last_one_had_nothing_of_it(
    world: World,
) -> None:
    moved = entry("bee-e", "-2.00", datetime(2026, 10, 3, tzinfo=UTC))
    script = Script(ledger=[Reading((moved,))])
    world.scripts = {"a": script, "b": script}
    for month in (OCTOBER, NOVEMBER):
        await world.sync(MID_NOVEMBER, month, streams=(Stream.LEDGER,))
    async with world.history() as history:
        answer = await history.ledger(Period(OCTOBER.start, NOVEMBER.end), accounts=["b"])
    assert str(answer.totals()["EUR"]) == "-2.00 EUR"


@pytest.mark.parametrize("is_another_there", [False, True])
@pytest.mark.parametrize("reads", [None, NOVEMBER])
async def test_a_cycle_that_has_ended_is_known_though_no_later_reading_says_anything_of_it(
    world: World, is_another_there: bool, reads: Period | None
) -> None:
    ended = as_asked(cycle("31.00", Period.parse("2026-10-10..2026-11-10"), "gone"))
    script = Script([ended])
    world.scripts = {"a": script, "b": script}
    await world.sync(datetime(2026, 11, 9, 23, 30, tzinfo=UTC))
    later = [as_asked(cycle("30.00", NOVEMBER, "other"))] if is_another_there else []
    world.scripts = {"a": Script([Reading()]), "b": Script(later or [Reading()])}
    await world.sync(MID_NOVEMBER, reads)
    async with world.history() as history:
        answer = await history.usage(NOVEMBER, accounts=["b"])
        both = await history.usage(NOVEMBER)
    total = "61.00 EUR" if is_another_there else "31.00 EUR"
    assert str(answer.totals(partial=True)["EUR"]) == total
    assert not answer.complete
    assert "acme gone is as account a read it" in (answer.coverage[0].detail or "")
    assert str(both.totals(partial=True)["EUR"]) == total


async def test_of_a_project_that_is_gone_for_one_account_its_later_cycles_are_the_others(
    world: World,
) -> None:
    first, second = Period.parse("2026-10-10..2026-11-10"), Period.parse("2026-11-10..2026-12-10")
    script = Script([as_asked(cycle("31.00", first))])
    world.scripts = {"a": script, "b": script}
    await world.sync(datetime(2026, 11, 9, 23, 30, tzinfo=UTC))
    world.scripts = {"a": Script([as_asked(cycle("30.00", second))]), "b": Script([Reading()])}
    await world.sync(MID_NOVEMBER)
    async with world.history() as history:
        alone = await history.usage(NOVEMBER, accounts=["b"])
        answer = await history.usage(NOVEMBER)
    assert str(alone.totals(partial=True)["EUR"]) == "31.00 EUR"
    assert str(answer.totals(partial=True)["EUR"]) == "61.00 EUR"


async def test_who_is_billed_no_more_has_left_with_all_of_the_month(world: World) -> None:
    acme, bee = whole(charge("vm", "1.00")), whole(charge("vm", "2.00"), billing_account_id="bee")
    world.scripts = {"a": Script(bee), "b": Script([*acme, *bee])}
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.scripts = {"b": Script(acme)}
    await world.sync(MID_NOVEMBER + HOUR, OCTOBER)
    async with world.history() as history:
        answer = await history.usage(OCTOBER, accounts=["b"])
    assert str(answer.totals()["EUR"]) == "1.00 EUR"


async def test_it_is_as_it_was_known_at_a_moment(world: World) -> None:
    await both_read(world, Stream.USAGE)
    world.scripts = {"a": Script(whole(charge("vm", "5.00"), billing_account_id="bee"))}
    await world.sync(MID_NOVEMBER + HOUR, OCTOBER)
    async with world.history() as history:
        now = await history.usage(OCTOBER, accounts=["b"])
        before = await history.usage(OCTOBER, accounts=["b"], as_of=MID_NOVEMBER)
    assert str(now.totals()["EUR"]) == "5.00 EUR"
    assert str(before.totals()["EUR"]) == "2.00 EUR"


async def test_an_account_that_was_renamed_has_the_month_that_its_old_name_booked(
    world: World,
) -> None:
    world.scripts = {"old": Script(whole(charge("vm", "41.00")))}
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.scripts = {"new": Script(whole(charge("vm", "41.00")))}
    await world.sync(MID_NOVEMBER + HOUR, OCTOBER)
    gone = Reading[Usage](state=State.UNAVAILABLE, detail="only the current month")
    world.scripts = {"new": Script(usage=[gone])}
    account = Account("new", Scripted(world.script), Secret("token-0123456789"))
    async with Billfold(
        [account], clock=lambda: world.now, store=world.folder, stored="missing"
    ) as fold:
        answer = await fold.usage(OCTOBER)
    assert str(answer.totals()["EUR"]) == "41.00 EUR"
    assert "acme is as account old read it" in (answer.coverage[0].detail or "")


async def test_what_a_cut_off_reading_left_to_another_is_known_too(world: World) -> None:
    world.scripts = {
        "a": Script(whole(charge("vm", "2.00"))),
        "b": Script(part(charge("vm", "2.00"))),
    }
    await world.sync(MID_NOVEMBER, OCTOBER)
    async with world.history() as history:
        answer = await history.usage(OCTOBER, accounts=["b"])
    assert not answer.complete
    assert str(answer.totals(partial=True)["EUR"]) == "2.00 EUR"


async def test_words_of_a_provider_are_words_only(world: World) -> None:
    said = "acme is already counted in account b; nothing was stated for acme: what is known stays"
    reading = [evolve(each, detail=said) for each in whole(charge("vm", "2.00"))]
    world.scripts = {"a": Script(reading), "b": Script(whole(charge("vm", "3.00")))}
    await world.sync(MID_NOVEMBER, OCTOBER)
    async with world.history() as history:
        answer = await history.usage(OCTOBER, accounts=["a"])
    assert answer.complete
    assert str(answer.totals()["EUR"]) == "2.00 EUR"
    assert answer.coverage[0].detail == f"read at 2026-11-20T12:00:00Z: {said}"
