"""A family of invoices of which nothing is stated any more stays known, with words.

acme is billed 7.25 by its metering and by a legal invoice of 8.63; bee has a legal one of 1.00.
"""

from datetime import timedelta

import pytest
from attrs import evolve

from billfold import Answer, Money, State, Stream
from billfold.adapter import Reading
from billfold.model import Invoice, InvoiceKind, InvoiceLine
from billfold.store.check import check
from store.world import MID_NOVEMBER, OCTOBER, Script, World

HOUR = timedelta(hours=1)
LEGAL, METERING = InvoiceKind.LEGAL, InvoiceKind.METERING


def invoice(kind: InvoiceKind, name: str, total: str, payer: str | None = "acme") -> Invoice:
    money = Money.parse(f"{total} EUR")
    return Invoice(
        id=name,
        kind=kind,
        total=money,
        status="paid",
        billing_account_id=payer,
        period=OCTOBER,
        lines=(InvoiceLine(id="1", description="vm", cost=money),),
    )


METERED = invoice(METERING, "m", "7.25")
BILLED = invoice(LEGAL, "r", "8.63")
OF_BEE = invoice(LEGAL, "b", "1.00", "bee")


async def read(world: World, *several: tuple[Invoice, ...]) -> Answer[Invoice]:
    """Read invoices one time after another; return what is known then."""
    for hours, stated in enumerate(several):
        world.scripts = {"a": Script(invoices=[Reading(stated, OCTOBER)])}
        await world.sync(MID_NOVEMBER + hours * HOUR, OCTOBER, streams=(Stream.INVOICES,))
    async with world.history() as history:
        assert not check(history.book, world.now).faults
        return await history.invoices(OCTOBER)


def totals(answer: Answer[Invoice]) -> dict[str, str]:
    return {str(kind): str(own["EUR"]) for kind, own in answer.totals(partial=True).items()}


@pytest.mark.parametrize("stays", [METERED, BILLED])
async def test_it_stays_while_another_one_is_stated(world: World, stays: Invoice) -> None:
    gone = "legal" if stays is METERED else "metering"
    answer = await read(world, (METERED, BILLED), (stays,))
    assert totals(answer) == {"metering": "7.25 EUR", "legal": "8.63 EUR"}
    (row,) = answer.coverage
    assert row.state is State.COMPLETE
    assert row.detail == f"nothing was stated for acme {gone} invoices: what is known stays"


async def test_until_it_is_stated_again(world: World) -> None:
    corrected = evolve(BILLED, total=Money.parse("9.00 EUR"))
    answer = await read(world, (METERED, BILLED), (METERED,), (METERED, corrected))
    assert totals(answer) == {"metering": "7.25 EUR", "legal": "9.00 EUR"}
    assert answer.coverage[0].detail is None


async def test_of_one_organization_while_another_one_has_the_family(world: World) -> None:
    answer = await read(world, (METERED, BILLED, OF_BEE), (METERED, OF_BEE))
    assert totals(answer) == {"metering": "7.25 EUR", "legal": "9.63 EUR"}  # 8.63 and 1.00
    assert "for acme legal invoices:" in (answer.coverage[0].detail or "")


async def test_of_one_that_is_gone_altogether(world: World) -> None:
    answer = await read(world, (METERED, BILLED, OF_BEE), (OF_BEE,))
    assert totals(answer) == {"metering": "7.25 EUR", "legal": "9.63 EUR"}
    assert answer.coverage[0].detail == "nothing was stated for acme: what is known stays"


async def test_of_invoices_that_name_no_organization(world: World) -> None:
    metered, billed = (evolve(each, billing_account_id=None) for each in (METERED, BILLED))
    answer = await read(world, (metered, billed), (metered,))
    assert totals(answer) == {"metering": "7.25 EUR", "legal": "8.63 EUR"}
    assert answer.coverage[0].detail == (
        "nothing was stated for legal invoices: what is known stays"
    )


async def test_an_invoice_that_others_of_its_family_are_stated_without_is_withdrawn(
    world: World,
) -> None:
    second = invoice(LEGAL, "s", "2.00")
    answer = await read(world, (METERED, BILLED, second), (METERED, second))
    assert totals(answer) == {"metering": "7.25 EUR", "legal": "2.00 EUR"}
    assert answer.coverage[0].detail is None
