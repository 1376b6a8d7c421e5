"""Invoices and ledger entries of all time, from a store: what was never read is not known."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import evolve

from billfold import Money, Period, Stream, focus
from billfold.adapter import Reading
from billfold.errors import ForbiddenError
from billfold.model import Invoice, InvoiceKind, State
from billfold.reconcile import Reconciliation
from store.world import (
    MID_NOVEMBER,
    MID_OCTOBER,
    NOVEMBER,
    OCTOBER,
    World,
    charge,
    entry,
    prepaid,
    whole,
)

SEPTEMBER = Period.month(2026, 9)
BILLS = (Stream.USAGE, Stream.INVOICES)
MOVES = (Stream.USAGE, Stream.LEDGER, Stream.BALANCES)
BILLED = "metering invoice vs. usage"
DEBITED = "ledger debits vs. usage"
ENDED = datetime(2026, 12, 5, 12, tzinfo=UTC)


def metering(month: Period, amount: str) -> Invoice:
    """Return the invoice that bills a month, in euros."""
    return Invoice(
        id=f"m{month}",
        kind=InvoiceKind.METERING,
        total=Money(Decimal(amount), "EUR"),
        period=month,
        billing_account_id="acme",
    )


def used(world: World, month: Period, cost: str) -> None:
    """Let the provider state the usage of a month, and its invoice."""
    world.script.usage = whole(charge("a", cost, covers=month), covers=month)
    world.script.invoices = [Reading((metering(month, cost),))]


async def reconciled(world: World, period: Period) -> Reconciliation:
    """Return what the store's views of a period say of each other."""
    async with world.history() as history:
        return await (await history.at()).reconcile(period)


def compared(found: Reconciliation, name: str) -> list[Decimal]:
    """Return the gaps of what was compared under a name."""
    return [each.gap.amount for each in found.identities if each.name == name]


def left(found: Reconciliation, name: str) -> list[tuple[str, str]]:
    """Return what could not be compared under a name, and why."""
    return [(str(each.amount), each.reason) for each in found.not_compared if each.name == name]


async def exported(world: World, folder: Path, period: Period) -> list[tuple[State, str | None]]:
    """Return how well an export's invoices are known."""
    async with world.history() as history:
        fold = await history.at()
        done = await focus.export(fold, folder, period=period, allow_partial=True)
        return [(r.state, r.detail) for r in done.coverage if r.stream is Stream.INVOICES]


async def test_a_month_between_whose_invoices_were_never_read_is_no_gap(
    world: World, tmp_path: Path
) -> None:
    for month, cost, streams in (
        (SEPTEMBER, "1.11", BILLS),
        (OCTOBER, "3.33", (Stream.USAGE,)),
        (NOVEMBER, "5.00", BILLS),
    ):
        used(world, month, cost)
        await world.sync(ENDED, month, streams=streams)
    october = await reconciled(world, OCTOBER)
    assert compared(october, BILLED) == []
    assert left(october, BILLED) == [("3.33 EUR", "invoices of 2026-10 not read")]
    assert compared(await reconciled(world, NOVEMBER), BILLED) == [Decimal(0)]
    detail = "only what was read is known: 2026-09, 2026-11"
    assert await exported(world, tmp_path / "october", OCTOBER) == [
        (State.UNAVAILABLE, f"2026-10 was not read; {detail}")
    ]
    assert await exported(world, tmp_path / "november", NOVEMBER) == [(State.COMPLETE, detail)]


async def test_invoices_that_were_read_last_before_the_month_was_over_are_not_its_all(
    world: World, tmp_path: Path
) -> None:
    await world.sync(MID_OCTOBER, OCTOBER, streams=(Stream.INVOICES,))
    used(world, OCTOBER, "5.00")
    await world.sync(MID_NOVEMBER, OCTOBER, streams=(Stream.USAGE,))
    used(world, NOVEMBER, "7.00")
    await world.sync(ENDED, NOVEMBER, streams=BILLS)
    found = await reconciled(world, OCTOBER)
    assert compared(found, BILLED) == []
    assert [amount for amount, _ in left(found, BILLED)] == ["5.00 EUR"]
    (state, _), *_ = await exported(world, tmp_path / "out", OCTOBER)
    assert state is State.DIFFERENT_WINDOW


async def test_a_balance_is_not_compared_with_a_ledger_whose_beginning_was_never_read(
    world: World,
) -> None:
    top_up = entry("top", "100.00", MID_OCTOBER - timedelta(days=60))
    debit = evolve(entry("debit", "-4.00", MID_OCTOBER), for_usage=True)
    world.script.ledger = [Reading((debit, top_up))]
    world.script.balances = prepaid("96.00", MID_NOVEMBER)
    world.script.usage = whole(charge("a", "4.00"))
    await world.sync(MID_NOVEMBER, OCTOBER, streams=MOVES)
    found = await reconciled(world, OCTOBER)
    reason = "ledger known of 2026-10 only"
    assert left(found, "balance of acme vs. its ledger") == [("96.00 EUR", reason)]
    assert compared(found, DEBITED) == [Decimal(0)]


async def test_debits_are_compared_where_their_own_month_was_read(world: World) -> None:
    debit = evolve(entry("debit", "-4.00", MID_OCTOBER), for_usage=True)
    world.script.ledger = [Reading((debit,))]
    await world.sync(ENDED, SEPTEMBER, streams=(Stream.LEDGER,))
    world.script.usage = whole(charge("a", "4.00"))
    await world.sync(ENDED, OCTOBER, streams=(Stream.USAGE,))
    await world.sync(ENDED, NOVEMBER, streams=(Stream.LEDGER,))
    reason = "ledger of 2026-10 not read"
    found = await reconciled(world, OCTOBER)
    assert (compared(found, DEBITED), left(found, DEBITED)) == ([], [("4.00 EUR", reason)])
    await world.sync(ENDED, OCTOBER, streams=(Stream.LEDGER,))
    assert compared(await reconciled(world, OCTOBER), DEBITED) == [Decimal(0)]


async def test_what_runs_is_known_until_it_was_read_and_not_until_it_is_asked_for(
    world: World,
) -> None:
    read_at = datetime(2026, 11, 2, 20, tzinfo=UTC)
    for month in (SEPTEMBER, NOVEMBER):
        await world.sync(read_at, month, streams=(Stream.LEDGER, Stream.INVOICES))
    world.now = MID_NOVEMBER
    async with world.history() as history:
        for answer in (await history.ledger(), await history.invoices()):
            assert [(str(row.covers), row.known_until) for row in answer.coverage] == [
                ("2026-09", None),
                ("2026-11", read_at),
            ]


async def test_a_month_that_was_read_before_it_began_is_not_known(world: World) -> None:
    await world.sync(MID_OCTOBER, NOVEMBER, streams=(Stream.LEDGER,))
    world.now = MID_NOVEMBER
    async with world.history() as history:
        answer = await history.ledger()
    assert [row.state for row in answer.coverage] == [State.UNAVAILABLE]


async def test_what_was_read_is_one_row_for_each_stretch_of_time(world: World) -> None:
    for month in (SEPTEMBER, OCTOBER, Period.month(2026, 12)):
        await world.sync(datetime(2027, 1, 2, tzinfo=UTC), month, streams=(Stream.INVOICES,))
    async with world.history() as history:
        rows = (await history.invoices()).coverage
    assert {row.state for row in rows} == {State.DIFFERENT_WINDOW}
    assert [str(row.covers) for row in rows] == [
        str(Period(SEPTEMBER.start, OCTOBER.end)),
        "2026-12",
    ]


async def all_entries(world: World) -> tuple[str, list[tuple[State, str, str]]]:
    async with world.history() as history:
        answer = await history.ledger()
    rows = [(row.state, str(row.covers), row.detail or "") for row in answer.coverage]
    return str(answer.totals(partial=True)["EUR"]), rows


async def test_entries_of_a_month_that_was_only_read_in_part_are_known(world: World) -> None:
    first = entry("1", "9.50", datetime(2026, 10, 2, tzinfo=UTC))
    failed = Reading[Any](error=ForbiddenError("no permission"), part="bee")
    world.script.ledger = [Reading((first,), OCTOBER, part="acme"), failed]
    await world.sync(MID_NOVEMBER, OCTOBER, streams=(Stream.LEDGER,))
    total, ((state, covers, detail),) = await all_entries(world)
    assert (total, state, covers) == ("9.50 EUR", State.PARTIAL, "2026-10")
    assert detail.startswith("2026-10 was read in part only; the reading of 2026-11-20T12:00:00Z")
    assert "no permission" in detail


async def test_a_month_that_runs_is_known_until_it_was_read(world: World) -> None:
    world.script.ledger = [Reading((entry("1", "9.50", MID_OCTOBER),), OCTOBER)]
    await world.sync(MID_OCTOBER, OCTOBER, streams=(Stream.LEDGER,))
    total, ((state, covers, detail),) = await all_entries(world)
    assert (total, state, covers) == ("9.50 EUR", State.DIFFERENT_WINDOW, "2026-10")
    assert detail == "only what was read is known: 2026-10-01T00:00:00Z..2026-10-20T12:00:00Z"
