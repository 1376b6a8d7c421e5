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
from billfold.model import DailyCost, Subscription
from billfold.store.book import Book
from billfold.store.check import check
from store.world import (
    MID_NOVEMBER,
    MID_OCTOBER,
    OCTOBER,
    Script,
    World,
    charge,
    part,
    prepaid,
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
    (reading,) = prepaid("5.00", MID_OCTOBER)
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
    """Write scopes as they were written before they were kept in one case."""
    rewrite(world, table, f"'[\"{payer}\",null]'")
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
