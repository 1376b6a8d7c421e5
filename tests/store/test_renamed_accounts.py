"""What an account reads after another one that had all of it, under its old name say.

Account old read October; neu reads the months since.
"""

from datetime import UTC, datetime
from itertools import product

import pytest
from attrs import evolve

from billfold import Answer, Period, Stream
from billfold.adapter import Reading
from billfold.model import Invoice
from store.test_moved_lines import invoice
from store.world import NOVEMBER, OCTOBER, Script, World, charge, entry, whole

EARLY_NOVEMBER, EARLY_DECEMBER, LATER = (
    datetime(2026, 11, 5, tzinfo=UTC),
    datetime(2026, 12, 5, tzinfo=UTC),
    datetime(2026, 12, 6, tzinfo=UTC),
)
ASKED: tuple[tuple[str, ...], ...] = ((), ("old",), ("neu",))
OF_OCTOBER, OF_NOVEMBER = invoice("1", OCTOBER, "7.25"), invoice("2", NOVEMBER, "9.00")


def stating(covers: Period, cost: str, *invoices: Invoice) -> Script:
    used = whole(charge("vm", cost, covers=covers), covers=covers)
    return Script(usage=used, invoices=[Reading(invoices)])


async def read(
    world: World, at: datetime, month: Period, name: str, cost: str, *stated: Invoice
) -> None:
    world.scripts = {name: stating(month, cost, *stated)}
    await world.sync(at, month, streams=(Stream.USAGE, Stream.INVOICES))


async def invoices(world: World, period: Period | None, *names: str) -> Answer[Invoice]:
    async with world.history() as history:
        return await history.invoices(period, accounts=list(names) or None)


def total(answer: Answer[Invoice]) -> str:
    kinds = answer.totals(partial=True)
    return ", ".join(str(each) for own in kinds.values() for each in own.values())


async def test_an_invoice_of_a_month_that_the_old_name_booked_nothing_of_is_booked(
    world: World,
) -> None:
    await read(world, EARLY_NOVEMBER, OCTOBER, "old", "7.25", OF_OCTOBER)
    for at in (EARLY_DECEMBER, LATER):
        await read(world, at, NOVEMBER, "neu", "9.00", OF_NOVEMBER)
    for names in ASKED:
        answer = await invoices(world, NOVEMBER, *names)
        assert (total(answer), answer.complete) == ("9.00 EUR", True), names
        assert not any("run billfold sync" in (row.detail or "") for row in answer.coverage)
    assert total(await invoices(world, OCTOBER)) == "7.25 EUR"
    assert total(await invoices(world, None)) == "16.25 EUR"  # 7.25 and 9.00


async def test_an_invoice_that_the_old_name_booked_of_another_month_counts_once(
    world: World,
) -> None:
    of_no_month = invoice("3", None, "4.00", "1.00")
    await read(world, EARLY_NOVEMBER, OCTOBER, "old", "7.25", OF_OCTOBER, of_no_month)
    await read(world, EARLY_DECEMBER, NOVEMBER, "neu", "9.00", OF_NOVEMBER, of_no_month)
    async with world.history() as history:
        (row,) = history.book.rows("SELECT SUM(total) AS sum FROM invoices", "invoices")
    assert str(row["sum"]).startswith("21.25")  # 7.25, 9.00 and 5.00
    assert total(await invoices(world, None)) == "21.25 EUR"


async def test_the_ledger_of_a_month_is_as_the_name_read_it_that_has_it(world: World) -> None:
    for at, own, name in ((EARLY_NOVEMBER, OCTOBER, "old"), (EARLY_DECEMBER, NOVEMBER, "neu")):
        script = stating(own, "0.70")
        script.ledger = [Reading((entry(f"e-{name}", "-0.70", own.start),))]
        world.scripts = {name: script}
        await world.sync(at, own, streams=(Stream.USAGE, Stream.LEDGER))
    async with world.history() as history:
        for month, names in product((OCTOBER, NOVEMBER), ASKED):
            answer = await history.ledger(month, accounts=list(names) or None)
            money = str(answer.totals(partial=True)["EUR"])
            assert (money, answer.complete) == ("-0.70 EUR", True), names


@pytest.mark.parametrize("read_at", [EARLY_NOVEMBER, datetime(2026, 10, 20, tzinfo=UTC)])
async def test_a_ledger_without_an_entry_is_as_well_known_as_the_old_name_read_it(
    world: World, read_at: datetime
) -> None:
    """October has no entry, and November one of 0.70."""
    both = Period(OCTOBER.start, NOVEMBER.end)
    for at, own, name in ((read_at, OCTOBER, "old"), (EARLY_DECEMBER, NOVEMBER, "neu")):
        script = stating(own, "0.70")
        moved = (entry("e", "-0.70", NOVEMBER.start),) if name == "neu" else ()
        script.ledger = [Reading(moved)]
        world.scripts = {name: script}
        await world.sync(at, own, streams=(Stream.USAGE, Stream.LEDGER))
    is_whole = read_at is EARLY_NOVEMBER
    for names in ASKED:
        async with world.history() as history:
            october = await history.ledger(OCTOBER, accounts=list(names) or None)
            answer = await history.ledger(both, accounts=list(names) or None)
        assert (october.items, october.complete) == ((), is_whole), names
        if names == ("neu",) and is_whole:
            (row,) = october.coverage
            assert row.detail == "acme is as account old read it at 2026-11-05T00:00:00Z"
        assert str(answer.totals(partial=True)["EUR"]) == "-0.70 EUR"
        assert answer.complete is is_whole


@pytest.mark.parametrize("names", [("neu",), ("old", "neu")])
async def test_an_organization_that_only_the_old_name_reached_counts_once(
    world: World, names: tuple[str, ...]
) -> None:
    """Of October acme has 7.25 and gone 5.00; the token has lost gone since, and its new name."""
    gone = evolve(charge("fee", "5.00"), billing_account_id="gone")
    script = stating(OCTOBER, "7.25")
    script.usage += whole(gone, billing_account_id="gone")
    world.scripts = {"old": script}
    await world.sync(EARLY_NOVEMBER, OCTOBER)
    for at in (EARLY_DECEMBER, LATER):
        await read(world, at, NOVEMBER, "neu", "9.00")
    assert await world.total(OCTOBER, accounts=[*names]) == "12.25 EUR"
    assert await world.total(NOVEMBER, accounts=[*names]) == "9.00 EUR"
