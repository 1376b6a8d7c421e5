"""Which period an invoice bills: one rule for every view."""

from datetime import date
from decimal import Decimal

import pytest

from billfold import Invoice, InvoiceKind, Money, Period
from billfold.model import billed_period, bills_in

SEPTEMBER, OCTOBER, NOVEMBER = (Period.month(2026, month) for month in (9, 10, 11))


def invoice(period: Period | None = None, issued_on: date | None = None) -> Invoice:
    total = Money(Decimal(1), "EUR")
    return Invoice("1", InvoiceKind.LEGAL, total, period=period, issued_on=issued_on)


@pytest.mark.parametrize(
    ("period", "issued_on", "billed"),
    [
        (OCTOBER, None, OCTOBER),
        (OCTOBER, date(2027, 3, 1), OCTOBER),
        (Period.parse("2026-10-05..2026-11-05"), None, Period.parse("2026-10-05..2026-11-05")),
        (None, date(2026, 11, 1), OCTOBER),
        (None, date(2026, 11, 27), OCTOBER),
        (None, date(2026, 11, 28), NOVEMBER),
        (None, date(2026, 10, 31), OCTOBER),
        (None, date(2026, 10, 28), SEPTEMBER),
        (None, date(2024, 2, 27), Period.month(2024, 2)),
        (None, date(2026, 12, 31), Period.month(2026, 12)),
        (None, date(2027, 1, 2), Period.month(2026, 12)),
        (None, date(1, 1, 1), None),
        (None, date(9999, 12, 31), None),
        (None, None, None),
    ],
)
def test_an_invoice_bills_its_period_or_the_month_that_ended_last(
    period: Period | None, issued_on: date | None, billed: Period | None
) -> None:
    assert billed_period(invoice(period, issued_on)) == billed


def test_it_belongs_to_the_period_in_which_what_it_bills_begins() -> None:
    cycle = invoice(Period.parse("2026-10-05..2026-11-05"))
    assert [bills_in(cycle, month) for month in (SEPTEMBER, OCTOBER, NOVEMBER)] == [
        False,
        True,
        False,
    ]


def test_one_that_does_not_say_belongs_to_every_period() -> None:
    assert bills_in(invoice(), OCTOBER)
    assert bills_in(invoice(), NOVEMBER)


def test_no_period_is_all_of_them() -> None:
    assert bills_in(invoice(OCTOBER), None)
