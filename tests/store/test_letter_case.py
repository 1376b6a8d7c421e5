"""Ids are compared without case: what two spellings name is one, in the store, too."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from deltalake import DeltaTable

from billfold import Money, State, Stream
from billfold.adapter import Reading
from billfold.model import DailyCost, Invoice, InvoiceKind, Subscription
from billfold.store.book import Book
from billfold.store.check import check
from billfold.store.restatements import restatements
from billfold.store.tables import TABLES
from store.world import (
    MID_NOVEMBER,
    MID_OCTOBER,
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
FIVE = Money(Decimal("5.00"), "EUR")


def stated(stream: Stream, payer: str) -> Sequence[Reading[Any]]:
    """Return a reading of five euros, with whom they are billed to as it is spelled."""
    if stream is Stream.USAGE:
        return whole(charge("a", "5.00"), billing_account_id=payer)
    if stream is Stream.DAILY:
        day = DailyCost(date=date(2026, 10, 5), cost=FIVE, billing_account_id=payer)
        return [Reading((day,), OCTOBER)]
    if stream is Stream.SUBSCRIPTIONS:
        return [Reading((Subscription(id="fee", price=FIVE, billing_account_id=payer),))]
    (reading,) = prepaid("5.00", MID_OCTOBER - DAY)
    return [
        evolve(
            reading, items=tuple(evolve(each, billing_account_id=payer) for each in reading.items)
        )
    ]


def booked(world: World, stream: Stream) -> list[str]:
    """Return the accounts that have rows of a table, as any engine reads them."""
    sql = f"SELECT account FROM {stream.value} GROUP BY account HAVING SUM(sign) > 0"
    return [row["account"] for row in Book(str(world.folder)).rows(sql, stream.value)]


def rewrite(world: World, name: str, value: str, *, column: str = "scope", where: str = "") -> None:
    """Write a column of a table otherwise, as billfold itself never would."""
    table = DeltaTable(world.folder / name)
    table.alter.set_table_properties({"delta.appendOnly": "false"})
    table.update(updates={column: value}, predicate=where or None)


def spelled_as_stated(world: World, table: str, payer: str) -> None:
    """Write rows as they were written before ids and scopes were kept in one case."""
    rewrite(world, table, f"'[\"{payer}\",null]'")
    for column in ("record_id", "owner"):
        rewrite(world, table, f"replace({column}, '{payer.lower()}', '{payer}')", column=column)
    if payer != payer.lower():  # which the fingerprint had, too
        rewrite(world, table, "reverse(fingerprint)", column="fingerprint")
    confirmed = f"replace(confirmed, '{payer.lower()}', '{payer}')"
    rewrite(world, "syncs", confirmed, column="confirmed")


STREAMS = (Stream.USAGE, Stream.DAILY, Stream.SUBSCRIPTIONS, Stream.BALANCES)


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize(("first", "second"), [("ACME", "acme"), ("acme", "ACME")])
@pytest.mark.parametrize("is_old", [False, True])
async def test_what_one_account_spells_otherwise_than_another_is_booked_once(
    world: World, stream: Stream, first: str, second: str, is_old: bool
) -> None:
    world.scripts = {"one": Script(**{stream.value: stated(stream, first)})}
    await world.sync(MID_OCTOBER, streams=(stream,))
    if is_old and stream is not Stream.BALANCES:  # whose column is the balance's own scope
        spelled_as_stated(world, stream.value, first)
    world.scripts = {
        "one": Script(**{stream.value: stated(stream, first)}),
        "two": Script(**{stream.value: stated(stream, second)}),
    }
    _, two = await world.sync(MID_OCTOBER + DAY, streams=(stream,))
    assert two.remarks() == [f"{second} is already counted in account one"]
    assert booked(world, stream) == ["one"]


@pytest.mark.parametrize("is_old", [False, True])
async def test_an_account_that_is_spelled_otherwise_keeps_its_windows(
    world: World, is_old: bool
) -> None:
    world.script.usage = whole(charge("a", "5.00"), billing_account_id="ACME")
    await world.sync(MID_OCTOBER)
    if is_old:
        spelled_as_stated(world, "usage", "ACME")
    world.script.usage = whole(charge("a", "6.00"), billing_account_id="acme")
    await world.sync(MID_NOVEMBER, OCTOBER)
    assert await world.state() == (State.COMPLETE, None)
    async with world.history() as history:
        (known,) = await history.usage(OCTOBER)
    assert known.totals() == {"EUR": Money(Decimal("6.00"), "EUR")}
    # A reading that was cut off adds nothing to what a whole one covered, however it is spelled.
    world.script.usage = part(charge("b", "9.00"))
    await world.sync(MID_NOVEMBER + DAY, OCTOBER)
    assert await world.total() == "6.00 EUR"


async def test_a_record_under_two_accounts_in_two_spellings_is_named(world: World) -> None:
    world.scripts = {
        "one": Script(usage=whole(charge("a", "5.00"), billing_account_id="ACME")),
        "two": Script(usage=whole(charge("a", "5.00"), billing_account_id="other")),
    }
    await world.sync(MID_OCTOBER)
    rewrite(world, "usage", "'[\"ACME\",null]'", where="account = 'one'")
    rewrite(world, "usage", "'[\"acme\",null]'", where="account = 'two'")
    faults = [each.detail for each in check(Book(str(world.folder)), MID_NOVEMBER).faults]
    assert faults == ["a of acme stands under the accounts one and two: it counts twice"]


SPELLED = [("ACME", "acme"), ("acme", "ACME")]


def month(payer: str, *, is_cut_off: bool = False, day: str = "2.00") -> Script:
    """Return a month of a fee of 20 and a day of 2, and each other stream, as payer is spelled."""
    state = State.PARTIAL if is_cut_off else State.COMPLETE
    own = {"billing_account_id": payer}
    fee, rest = charge("fee", "20.00"), charge("rest", day, derived=True)
    lines = [evolve(each, **own) for each in (fee, rest if is_cut_off else charge("day", day))]
    total = Money(Decimal("20.00") + Decimal(day), "EUR")
    used = usage(*lines, stated_total=total, **own)
    days = tuple(
        DailyCost(date=date(2026, 10, number), cost=Money(Decimal(cost), "EUR"), **own)
        for number, cost in ((5, day), (6, "0.00"))
    )
    (balance,) = prepaid("22.00", MID_OCTOBER - DAY)[0].items
    bill = Invoice(
        id="INV-1", kind=InvoiceKind.METERING, total=total, period=OCTOBER, lines=(), **own
    )
    return Script(
        usage=[Reading((used,), OCTOBER, state)],
        daily=[Reading(days, OCTOBER, state)],
        subscriptions=[Reading((Subscription(id="fee", price=FIVE, **own),), state=state)],
        balances=[Reading((evolve(balance, scope=f"team:{payer}", **own),), state=state)],
        invoices=[Reading((bill,), OCTOBER, state)],
    )


EVERY = (*STREAMS, Stream.INVOICES)


def stands(world: World, stream: Stream) -> tuple[Decimal | None, int]:
    """Return what a table's money adds up to, and of how many records, as any engine reads it."""
    money = TABLES[stream].money or "price"
    sql = f"SELECT SUM({money}) AS money, SUM(sign) AS count FROM {stream.value}"
    (row,) = Book(str(world.folder)).rows(sql, stream.value)
    return row["money"], row["count"]


# A usage and its two charges; the days of the fifth and the sixth; one of each other.
KNOWN = {
    Stream.USAGE: (Decimal("22.00"), 3),
    Stream.DAILY: (Decimal("2.00"), 2),
    Stream.SUBSCRIPTIONS: (Decimal("5.00"), 1),
    Stream.BALANCES: (Decimal("22.00"), 1),
    Stream.INVOICES: (Decimal("22.00"), 1),
}


@pytest.mark.parametrize("stream", EVERY)
@pytest.mark.parametrize(("first", "second"), SPELLED)
@pytest.mark.parametrize("cut_off", [(False, True), (True, True), (False, False)])
async def test_an_account_that_is_spelled_otherwise_states_the_same_records(
    world: World, stream: Stream, first: str, second: str, cut_off: tuple[bool, bool]
) -> None:
    one, two = cut_off
    world.scripts = {"one": month(first, is_cut_off=one)}
    await world.sync(MID_OCTOBER, streams=(stream,))
    before = stands(world, stream)
    world.scripts = {"one": month(second, is_cut_off=two)}
    (outcome,) = await world.sync(MID_OCTOBER + DAY, streams=(stream,))
    assert not outcome.changes
    assert stands(world, stream) == before
    if not one:
        assert before == KNOWN[stream]


@pytest.mark.parametrize(("first", "second"), SPELLED)
async def test_a_month_that_the_turn_cut_off_keeps_its_money_however_it_is_spelled(
    world: World, first: str, second: str
) -> None:
    world.scripts = {"one": month(first)}
    await world.sync(MID_OCTOBER)
    world.scripts = {"one": month(second, is_cut_off=True)}
    await world.sync(OCTOBER.end + timedelta(minutes=10), OCTOBER)
    async with world.history() as history:
        (known,) = await history.usage(OCTOBER)
    assert known.totals() == {"EUR": Money(Decimal("22.00"), "EUR")}
    assert [each.id for each in known.charges] == ["fee", "day"]
    assert check(Book(str(world.folder)), MID_NOVEMBER).faults == ()


@pytest.mark.parametrize(("first", "second"), SPELLED)
async def test_a_day_that_changed_is_restated_however_it_is_spelled(
    world: World, first: str, second: str
) -> None:
    world.scripts = {"one": month(first)}
    await world.sync(MID_OCTOBER, streams=(Stream.DAILY,))
    world.scripts = {"one": month(second, is_cut_off=True, day="8.00")}
    (outcome,) = await world.sync(MID_OCTOBER + DAY, streams=(Stream.DAILY,))
    assert outcome.moved == {"EUR": Money(Decimal("6.00"), "EUR")}
    assert stands(world, Stream.DAILY) == (Decimal("8.00"), 2)


OLDER = (Stream.USAGE, Stream.DAILY, Stream.SUBSCRIPTIONS)


@pytest.mark.parametrize("stream", OLDER)
@pytest.mark.parametrize("is_cut_off", [False, True])
@pytest.mark.parametrize("second", ["acme", "ACME"])
async def test_an_older_store_has_each_record_once_however_it_is_spelled(
    world: World, stream: Stream, is_cut_off: bool, second: str
) -> None:
    world.scripts = {"one": month("ACME")}
    await world.sync(MID_OCTOBER, streams=(stream,))
    spelled_as_stated(world, stream.value, "ACME")
    world.scripts = {"one": month(second, is_cut_off=is_cut_off)}
    (outcome,) = await world.sync(MID_OCTOBER + DAY, streams=(stream,))
    assert outcome.changes.counts["new"] == outcome.changes.counts["withdrawn"] == 0
    assert stands(world, stream) == KNOWN[stream]
    assert check(Book(str(world.folder)), MID_NOVEMBER).faults == ()
    if stream is Stream.USAGE:
        async with world.history() as history:
            (known,) = await history.usage(OCTOBER)
        assert sorted(each.id for each in known.charges) == ["day", "fee"]


async def test_a_restated_record_of_an_older_store_changed_and_is_not_another(
    world: World,
) -> None:
    world.scripts = {"one": month("ACME")}
    await world.sync(MID_NOVEMBER, OCTOBER, streams=(Stream.DAILY,))
    spelled_as_stated(world, "daily", "ACME")
    await world.sync(MID_NOVEMBER + DAY, OCTOBER, streams=(Stream.DAILY,))
    found = restatements(Book(str(world.folder)), ["one"], OCTOBER)
    assert [each.change for each in found] == ["changed", "changed"]
    assert not any(money.amount for each in found for money in each.moved.values())


async def test_what_an_older_store_holds_in_two_spellings_is_there_once_when_it_was_read_whole(
    world: World,
) -> None:
    both = [*month("acme").daily, *month("other").daily]
    world.scripts = {"one": Script(daily=both)}
    await world.sync(MID_OCTOBER, streams=(Stream.DAILY,))
    for column in ("record_id", "owner", "scope", "billing_account_id"):
        rewrite(world, "daily", f"replace({column}, 'other', 'ACME')", column=column)
    assert stands(world, Stream.DAILY) == (Decimal("4.00"), 4)
    world.scripts = {"one": month("acme", day="3.00")}
    (outcome,) = await world.sync(MID_OCTOBER + DAY, streams=(Stream.DAILY,))
    assert stands(world, Stream.DAILY) == (Decimal("3.00"), 2)
    # The fifth is restated; it and the sixth are taken back in the other spelling.
    assert outcome.changes.counts == {"new": 0, "changed": 1, "withdrawn": 2}
