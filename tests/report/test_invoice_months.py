"""Report, FOCUS export and the model agree on which invoices a month has."""

from collections import Counter
from datetime import date

import pytest
from attrs import evolve

from billfold import Billfold, InvoiceKind, Period, focus
from billfold.model import billed_period
from billfold.report import ask, build_content
from support.reports import DECEMBER, euros
from support.shop import Shop, charge, fold, legal, metering, usage

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (Period.month(2026, month) for month in (8, 9, 10, 11))
MONTHS = (AUGUST, SEPTEMBER, OCTOBER, NOVEMBER)


def bill(ident: str, issued_on: date | None, **more: object) -> object:
    return evolve(legal("15", "17.85", number=ident, issued_on=issued_on, **more), id=ident)


BILLS = (
    metering("15", AUGUST, "m-august"),
    metering("14", SEPTEMBER, "m-september"),
    metering("15", OCTOBER, "m-october"),
    bill("of-august", date(2026, 9, 30)),
    bill("of-september", date(2026, 10, 1)),  # its amount is not the metering's
    bill("of-october", date(2026, 11, 2)),  # this one's is
    bill("of-october-too", date(2026, 11, 20)),
    bill("late-of-august", date(2026, 11, 20), period=AUGUST),
    bill("in-advance-of-november", date(2026, 10, 31), period=NOVEMBER),
)


def shop(month: Period, *bills: object) -> Billfold:
    sold = usage(charge("1", "15", period=Period.day(month.start.date())), covers=month)
    return fold(Shop((sold,), bills=(*BILLS, *bills)))


async def reported(month: Period, period: Period | None, *bills: object) -> set[str]:
    async with shop(month, *bills) as opened:
        answers = await ask(opened, period)
    page = build_content(answers, euros, currency="EUR", now=DECEMBER)
    return {invoice.id for invoice in page.invoices}


async def exported(month: Period, period: Period | None) -> set[str]:
    async with shop(month) as opened:
        tables = await focus.arrow(opened, period=period)
    return set(tables["invoice_detail"]["x_ProviderRecordId"].to_pylist())


def billing(month: Period) -> set[str]:
    return {invoice.id for invoice in BILLS if billed_period(invoice) == month}


@pytest.mark.parametrize("is_current", [False, True])
@pytest.mark.parametrize("month", MONTHS, ids=str)
async def test_report_and_export_have_the_invoices_that_bill_the_month(
    month: Period, is_current: bool
) -> None:
    period = None if is_current else month
    legal_ids = {invoice.id for invoice in BILLS if invoice.kind is InvoiceKind.LEGAL}
    assert await reported(month, period) == billing(month)
    assert await exported(month, period) == billing(month) & legal_ids


async def test_every_invoice_is_in_one_month() -> None:
    in_report = Counter([ident for month in MONTHS for ident in await reported(month, month)])
    in_export = Counter([ident for month in MONTHS for ident in await exported(month, month)])
    assert set(in_report.values()) == set(in_export.values()) == {1}
    assert in_report.keys() == {invoice.id for invoice in BILLS}


async def test_an_invoice_that_does_not_say_what_it_bills_is_reported_for_every_month() -> None:
    undated = bill("undated", None)
    for month in MONTHS:
        assert await reported(month, month, undated) == {*billing(month), "undated"}
