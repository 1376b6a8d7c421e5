"""A store that an older version wrote is read as it is, and gains the columns that it lacks."""

from datetime import timedelta
from decimal import Decimal

from attrs import evolve
from deltalake import DeltaTable, Schema, write_deltalake

from billfold import Invoice, InvoiceKind, Money, Stream
from billfold.adapter import Reading
from billfold.arrow import arrow_schema
from billfold.store.book import COLUMNS, Book
from billfold.store.check import check
from billfold.store.tables import SCHEMA
from store.world import MID_NOVEMBER, MID_OCTOBER, OCTOBER, World, charge, whole

DAY = timedelta(days=1)


def written_without(world: World, later: tuple[str, ...], *names: str) -> World:
    """Return a world of the same rows, as a version wrote them that did not know some columns."""
    for name in names:
        place = f"{world.folder}/older/{name}"
        columns = [each for each in COLUMNS[name] if each.name not in later]
        rows = Book(str(world.folder)).query(f"SELECT * FROM {name}", name)
        assert rows is not None
        DeltaTable.create(
            place,
            schema=Schema.from_arrow(arrow_schema(columns)),
            partition_by=["month"],
            description="billfold 0",
        )
        write_deltalake(place, rows.select([each.name for each in columns]), mode="append")
    return World(world.folder / "older", scripts=world.scripts)


async def test_a_store_without_a_later_column_is_read_and_gains_it_when_written(
    world: World,
) -> None:
    world.script.usage = whole(charge("a", "10.50"))
    await world.sync(MID_OCTOBER)
    later = ("resource_name", "quantity", "day", "derived", "period_start", "detail", "new")
    older = written_without(world, later, "usage", "syncs")
    assert await older.total() == "10.50 EUR"
    older.script.usage = whole(charge("a", "10.50", resource_name="web-1"))
    await older.sync(MID_OCTOBER + DAY)
    assert await older.total() == "10.50 EUR"
    assert [each.resource_name for each in await older.charges()] == ["web-1"]
    table = DeltaTable(world.folder / "older" / "usage")
    assert table.metadata().description == f"billfold {SCHEMA}"


def bill(own_id: str, total: str, corrects: str | None = None) -> Invoice:
    money = Money(Decimal(total), "EUR")
    made = Invoice(own_id, InvoiceKind.LEGAL, money, period=OCTOBER, billing_account_id="acme")
    return evolve(made, corrects=corrects)


async def corrected(world: World) -> list[tuple[str, str | None]]:
    """Return the stored invoices of October, and what each corrects."""
    async with world.history() as history:
        return [(one.id, one.corrects) for one in await history.invoices(OCTOBER)]


async def test_a_store_that_knows_no_corrected_document_learns_it_of_corrections_alone(
    world: World,
) -> None:
    # 119.00 - 11.90 = 107.10, before and after.
    async def sync(world: World, day: int) -> dict[str, int]:
        (done,) = await world.sync(MID_NOVEMBER + day * DAY, OCTOBER, streams=(Stream.INVOICES,))
        return dict(done.changes.counts)

    def states(corrects: str | None) -> None:
        bills = bill("70", "119"), bill("75", "-11.90", corrects)
        world.script.invoices = [Reading(bills, OCTOBER)]

    def total(world: World) -> str:
        (row,) = Book(str(world.folder)).rows(
            "SELECT SUM(total) AS total FROM invoices", "invoices"
        )
        return f"{row['total']:.2f}"

    states(None)
    await sync(world, 0)
    older = written_without(world, ("corrects",), "invoices", "syncs")
    assert await corrected(older) == [("70", None), ("75", None)]
    assert await sync(older, 1) == {"new": 0, "changed": 0, "withdrawn": 0}
    states("70")
    assert await sync(older, 2) == {"new": 0, "changed": 1, "withdrawn": 0}
    assert await corrected(older) == [("70", None), ("75", "70")]
    assert await sync(older, 3) == {"new": 0, "changed": 0, "withdrawn": 0}
    assert total(older) == "107.10"
    assert check(Book(str(older.folder)), MID_NOVEMBER + 4 * DAY).faults == ()
