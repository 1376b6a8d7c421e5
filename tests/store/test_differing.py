"""An account that states other amounts than the one that booked them says so, and so do answers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from billfold import Money, State, Stream
from billfold.adapter import Reading
from billfold.model import DailyCost, Invoice, InvoiceKind
from billfold.store.booking import Outcome
from store.world import (
    MID_NOVEMBER,
    MID_OCTOBER,
    OCTOBER,
    Script,
    World,
    charge,
    entry,
    usage,
    whole,
)

DAY = timedelta(days=1)
DIFFERS = "acme: account a has 0.23 EUR, this reading states 1.23 EUR"


def stating(cost: str, **more: str) -> Script:
    """Return acme's use, and another organization's where it is named."""
    items = (usage(charge("vm", cost)),)
    if more:
        items += (usage(charge("db", "2.00"), billing_account_id=more["beside"]),)
    return Script([Reading(items, OCTOBER)])


def by_account(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {each.reading.account: each for each in outcomes}


async def test_a_later_reading_of_another_account_says_what_each_states(world: World) -> None:
    world.scripts = {"a": stating("0.23")}
    await world.sync(MID_NOVEMBER, OCTOBER)
    world.scripts = {"b": stating("1.23", beside="bee")}
    (outcome,) = await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    assert DIFFERS in outcome.remarks()
    assert [(row.state, row.part) for row in outcome.reading.answer.coverage] == [
        (State.COMPLETE, None),
        (State.PARTIAL, "acme"),
    ]
    async with world.history() as history:
        answer = await history.usage(OCTOBER, accounts=["b"])
    assert str(answer.totals(partial=True)["EUR"]) == "2.23 EUR"  # 0.23 as a read it, and bee's
    assert not answer.complete
    words = "; ".join(row.detail or "" for row in answer.coverage)
    assert "acme is as account a read it at 2026-11-20T12:00:00Z" in words
    assert "partial for acme: account a has 0.23 EUR, this reading states 1.23 EUR" in words


async def test_it_is_said_until_both_state_the_same(world: World) -> None:
    for day, cost in enumerate(("0.23", "1.23")):
        world.scripts = {"a": stating(cost), "b": stating("1.23", beside="bee")}
        read = by_account(await world.sync(MID_NOVEMBER + day * DAY, OCTOBER))
        assert (DIFFERS in read["b"].remarks()) is (cost == "0.23")  # both in one sync, too
        async with world.history() as history:
            answer = await history.usage(OCTOBER, accounts=["b"])
        assert answer.complete is (cost == "1.23")
        assert read["a"].remarks() == []
    assert str(answer.totals()["EUR"]) == "3.23 EUR"


def all_stating(amount: str) -> Script:
    """Return acme's use, a day, an entry and an invoice, each with an amount, and bee's use."""
    money, at = Money(Decimal(amount), "EUR"), datetime(2026, 10, 5, tzinfo=UTC)
    bill = Invoice("i", InvoiceKind.LEGAL, money, period=OCTOBER, billing_account_id="acme")
    day = DailyCost(at.date(), money, billing_account_id="acme")
    own = stating(amount, beside="bee")
    own.daily, own.invoices = [Reading((day,), OCTOBER)], [Reading((bill,), OCTOBER)]
    own.ledger = [Reading((entry("e", amount, at),), OCTOBER)]
    return own


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        ("1.23", None),
        ("0.50", "account a has {}0.50 EUR, this reading states {}1.23 EUR"),
        ("0.00", "account a has no amount, this reading states {}1.23 EUR"),
    ],
)
async def test_it_is_as_the_account_that_has_it_states_it_since(
    world: World, cost: str, told: str | None
) -> None:
    """Account a is called b for one sync, which alone is asked then, and a again after that."""
    streams = (Stream.USAGE, Stream.DAILY, Stream.LEDGER, Stream.INVOICES)
    for number, (name, amount) in enumerate((("a", "0.23"), ("b", "1.23"), ("a", cost))):
        world.scripts = {name: all_stating(amount)}
        await world.sync(MID_NOVEMBER + number * DAY, OCTOBER, streams=streams)
    for stream in streams:
        kind = "legal " if stream is Stream.INVOICES else ""
        async with world.history() as history:
            ask = partial(getattr(history, stream.value), OCTOBER, accounts=["b"])
            answer, before = await ask(), await ask(as_of=MID_NOVEMBER + DAY * 1.5)
        words = "; ".join(row.detail or "" for row in answer.coverage)
        assert answer.complete is (told is None), words
        assert ("this reading states" in words) is (told is not None)
        assert told is None or told.format(kind, kind) in words
        assert not before.complete
        said = "; ".join(row.detail or "" for row in before.coverage)
        assert f"account a has {kind}0.23 EUR" in said


async def test_while_a_month_runs_a_moment_may_be_the_reason(world: World) -> None:
    world.scripts = {"a": stating("0.23")}
    await world.sync(MID_OCTOBER)
    world.scripts = {"b": stating("1.23")}
    (outcome,) = await world.sync(MID_OCTOBER + DAY)
    assert DIFFERS in outcome.remarks()
    assert outcome.reading.answer.complete


@pytest.mark.parametrize("stream", [Stream.LEDGER, Stream.INVOICES])
async def test_entries_and_invoices_are_compared_too(world: World, stream: Stream) -> None:
    def script(amount: str) -> Script:
        money = Money(Decimal(amount), "EUR")
        bill = Invoice("i", InvoiceKind.LEGAL, money, period=OCTOBER, billing_account_id="acme")
        at = datetime(2026, 10, 5, tzinfo=UTC)
        return Script(ledger=[Reading((entry("e", amount, at),))], invoices=[Reading((bill,))])

    world.scripts = {"a": script("0.23"), "b": script("1.23")}
    read = by_account(await world.sync(MID_NOVEMBER, OCTOBER, streams=(stream,)))
    kind = "legal " if stream is Stream.INVOICES else ""
    said = f"acme: account a has {kind}0.23 EUR, this reading states {kind}1.23 EUR"
    assert said in read["b"].remarks()
    assert not read["b"].reading.answer.complete


async def test_whom_the_first_states_as_idle_has_no_amount(world: World) -> None:
    world.scripts = {"a": Script(whole()), "b": stating("1.23")}
    read = by_account(await world.sync(MID_NOVEMBER, OCTOBER))
    said = "acme: account a has no amount, this reading states 1.23 EUR"
    assert said in read["b"].remarks()


async def test_other_windows_are_not_compared(world: World) -> None:
    half = type(OCTOBER)(OCTOBER.start, OCTOBER.start + 15 * DAY)
    world.scripts = {
        "a": Script(whole(charge("vm", "0.10", covers=half), covers=half)),
        "b": stating("1.23"),
    }
    read = by_account(await world.sync(MID_NOVEMBER, OCTOBER))
    assert not read["b"].differing
