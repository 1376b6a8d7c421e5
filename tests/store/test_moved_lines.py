"""An invoice that its provider moves to another month takes its lines along."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from attrs import evolve
from deltalake import write_deltalake

from billfold import Money, Period, Stream
from billfold.adapter import Reading, State
from billfold.model import Invoice, InvoiceKind, InvoiceLine, bills_in
from billfold.store.check import check
from billfold.store.restatements import restatements
from store.world import NOVEMBER, OCTOBER, World

INVOICES = (Stream.INVOICES,)
Shown = list[tuple[str, str, list[str]]]
SEPTEMBER = Period.month(2026, 9)
EARLY_OCTOBER = datetime(2026, 10, 1, 0, 10, tzinfo=UTC)
EARLY_NOVEMBER = datetime(2026, 11, 1, 0, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def invoice(name: str, period: Period | None, *costs: str, status: str = "open") -> Invoice:
    """Return an invoice that asks for the sum of its lines."""
    lines = tuple(InvoiceLine(f"l{n}", eur(cost)) for n, cost in enumerate(costs, 1))
    total = eur(str(sum(map(Decimal, costs))))
    return Invoice(
        id=name,
        kind=InvoiceKind.METERING,
        total=total,
        period=period,
        status=status,
        lines=lines,
        billing_account_id="acme",
    )


OTHER = invoice("78", SEPTEMBER, "1.00")


async def read(
    world: World, now: datetime, period: Period, *stated: Invoice, state: State = State.COMPLETE
) -> None:
    """Read what bills a period at a moment."""
    own = tuple(each for each in stated if bills_in(each, period))
    detail = None if state is State.COMPLETE else "cut off"
    world.script.invoices = [Reading(own, state=state, detail=detail)]
    await world.sync(now, period, streams=INVOICES)


async def shown(world: World, period: Period, as_of: datetime | None = None) -> tuple[bool, Shown]:
    """Return whether a period is complete, and its invoices with their total and lines."""
    async with world.history() as history:
        answer = await history.invoices(period, as_of=as_of)
    return answer.complete, [
        (each.id, str(each.total), [str(line.cost) for line in each.lines]) for each in answer
    ]


async def faults(world: World) -> list[tuple[str, str]]:
    async with world.history() as history:
        return [(each.rule, each.detail) for each in check(history.book, world.now).faults]


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        (("200.00", "4.00"), ("204.00 EUR", ["200.00 EUR", "4.00 EUR"])),  # as it was
        (("200.00", "5.00"), ("205.00 EUR", ["200.00 EUR", "5.00 EUR"])),  # one line changed
        (("200.00",), ("200.00 EUR", ["200.00 EUR"])),  # one line gone
        (("200.00", "4.00", "3.00"), ("207.00 EUR", ["200.00 EUR", "4.00 EUR", "3.00 EUR"])),
    ],
)
async def test_every_line_is_in_the_month_where_its_invoice_is_now(
    world: World, costs: tuple[str, ...], expected: tuple[str, list[str]]
) -> None:
    await read(world, EARLY_OCTOBER, SEPTEMBER, OTHER, invoice("77", SEPTEMBER, "200.00", "4.00"))
    now = OTHER, invoice("77", OCTOBER, *costs)
    await read(world, EARLY_OCTOBER + DAY, OCTOBER, *now)
    await read(world, EARLY_NOVEMBER, OCTOBER, *now)
    alone = [("78", "1.00 EUR", ["1.00 EUR"])]
    assert await shown(world, SEPTEMBER) == (True, alone)
    assert await shown(world, OCTOBER) == (True, [("77", *expected)])
    before = ("77", "204.00 EUR", ["200.00 EUR", "4.00 EUR"])  # 200.00 + 4.00
    assert await shown(world, SEPTEMBER, EARLY_OCTOBER) == (True, [*alone, before])
    assert await faults(world) == []
    await read(world, EARLY_NOVEMBER + DAY, SEPTEMBER, *now)
    assert await shown(world, SEPTEMBER) == (True, alone)
    assert await shown(world, OCTOBER) == (True, [("77", *expected)])


async def test_there_and_back_again_it_has_its_lines(world: World) -> None:
    for number, month in enumerate((SEPTEMBER, OCTOBER, SEPTEMBER, OCTOBER)):
        moment = EARLY_NOVEMBER + number * DAY
        await read(world, moment, month, OTHER, invoice("77", month, "200.00", "4.00"))
        there = ("77", "204.00 EUR", ["200.00 EUR", "4.00 EUR"])
        assert there in (await shown(world, month))[1]
        assert await faults(world) == []


async def test_the_month_it_left_lists_what_it_lost_and_the_other_what_it_gained(
    world: World,
) -> None:
    await read(world, EARLY_OCTOBER, SEPTEMBER, OTHER, invoice("77", SEPTEMBER, "200.00", "4.00"))
    await read(world, EARLY_OCTOBER + DAY, OCTOBER, invoice("77", OCTOBER, "200.00", "4.00"))
    async with world.history() as history:
        found = restatements(history.book, ["one"], SEPTEMBER)
    assert [(each.kind, each.change, each.moved) for each in found] == [
        ("invoice", "withdrawn", {"EUR": eur("-204.00")}),
        ("line", "withdrawn", {}),
        ("line", "withdrawn", {}),
    ]


async def test_lines_of_an_invoice_that_bills_no_month_stay_with_it(world: World) -> None:
    await read(world, EARLY_OCTOBER, SEPTEMBER, invoice("77", None, "200.00", "4.00"))
    await read(world, EARLY_OCTOBER + DAY, OCTOBER, invoice("77", None, "200.00", "4.00"))
    renamed = InvoiceLine("l1", eur("200.00"), product_name="renamed")
    same = invoice("77", None, "200.00", "4.00")
    changed = evolve(same, lines=(renamed, same.lines[1]))
    await read(world, EARLY_OCTOBER + 2 * DAY, OCTOBER, changed)
    lines = ["200.00 EUR", "4.00 EUR"]
    assert await shown(world, SEPTEMBER) == (True, [("77", "204.00 EUR", lines)])
    paid = invoice("77", None, "200.00", "4.00", status="paid")
    await read(world, EARLY_OCTOBER + 3 * DAY, OCTOBER, paid)
    async with world.history() as history:
        (row,) = await history.invoices(OCTOBER)
    assert (row.status, [str(each.cost) for each in row.lines]) == ("paid", lines)
    assert await faults(world) == []


async def test_a_reading_that_was_cut_off_leaves_it_where_it_was(world: World) -> None:
    kept = ("78", "1.00 EUR", ["1.00 EUR"])
    other, moved = invoice("78", OCTOBER, "1.00"), invoice("77", NOVEMBER, "200.00", "5.00")
    await read(world, EARLY_NOVEMBER, OCTOBER, other, invoice("77", OCTOBER, "200.00", "4.00"))
    await read(world, EARLY_NOVEMBER + DAY, NOVEMBER, other, moved, state=State.PARTIAL)
    before = ("77", "204.00 EUR", ["200.00 EUR", "4.00 EUR"])
    assert await shown(world, OCTOBER) == (True, [kept, before])
    assert await shown(world, NOVEMBER) == (False, [])
    await read(world, EARLY_NOVEMBER + 2 * DAY, NOVEMBER, other, moved)
    assert await shown(world, OCTOBER) == (True, [kept])
    after = ("77", "205.00 EUR", ["200.00 EUR", "5.00 EUR"])  # 200.00 + 5.00
    assert await shown(world, NOVEMBER) == (True, [after])
    assert await faults(world) == []


async def test_check_names_lines_in_another_month_and_the_next_whole_reading_heals_them(
    world: World,
) -> None:
    await read(world, EARLY_OCTOBER, SEPTEMBER, invoice("77", SEPTEMBER, "200.00", "4.00"))
    async with world.history() as history:
        rows = history.book.query("SELECT * FROM invoices WHERE row = 'invoice'", "invoices")
    assert rows is not None
    window = {"window_start": OCTOBER.start, "window_end": OCTOBER.end, "month": "2026-10"}
    add(world, rows, sign=-1)
    add(world, rows, fingerprint="0" * 10, **window)
    assert [each for each in await faults(world) if each[0] == "parts"] == [
        (
            "parts",
            "2 lines of account one, 2026-09, in no invoice that is known, "
            "and in no answer, until billfold sync reads all of it",
        )
    ]
    await read(world, EARLY_NOVEMBER, OCTOBER, invoice("77", OCTOBER, "200.00", "4.00"))
    healed = ("77", "204.00 EUR", ["200.00 EUR", "4.00 EUR"])  # 200.00 + 4.00
    assert await shown(world, OCTOBER) == (True, [healed])
    assert "parts" not in dict(await faults(world))


def add(world: World, rows: pa.Table, **changed: object) -> None:
    """Write rows as billfold never would."""
    for name, value in changed.items():
        place = rows.column_names.index(name)
        column = pa.array([value] * rows.num_rows, rows.schema.field(name).type)
        rows = rows.set_column(place, name, column)
    write_deltalake(world.folder / "invoices", rows, mode="append")
