"""Which invoice a correction lowers in Cost and Usage: the one that it names, whatever its month."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from billfold import Period
from billfold.model import Invoice
from support.exports import written
from support.shop import OCTOBER, Shop, charge, legal, metering, usage

SEPTEMBER = Period.month(2026, 9)
# 119.00 for the metering of October, and 59.50 for its set-up, which states the month, too.
MONTHLY = legal("100", "119", period=OCTOBER)
SET_UP = evolve(legal("50", "59.50", number="RE-2", period=OCTOBER), id="71")
BILLED = (metering("100"), MONTHLY, SET_UP)


def credit(
    corrects: str | None, net: str = "-50", total: str = "-59.50", own: str = "75"
) -> Invoice:
    made = legal(net, total, type="CREDIT", number=f"GS-{own}", period=OCTOBER, due_on=None)
    return evolve(made, id=own, corrects=corrects)


async def summed(folder: Path, *bills: Invoice, period: Period = OCTOBER) -> tuple[str, str]:
    """Return what Cost and Usage has on invoices, and what Invoice Detail comes to."""
    shop = Shop((usage(charge("1", "100")),), bills=bills)
    _, rows = await written(folder, shop, period=period)
    on_invoices = (r["BilledCost"] for r in rows["cost_and_usage.csv"] if r["InvoiceId"])
    details = (r["BilledCost"] for r in rows["invoice_detail.csv"])
    return f"{sum(map(Decimal, on_invoices)):.2f}", f"{sum(map(Decimal, details)):.2f}"


@pytest.mark.parametrize(
    ("corrects", "left"),
    [
        ("71", "119.00"),  # the set-up, whose charges no usage has
        ("70", "59.50"),
        (None, "59.50"),  # by its period, where it names nothing
        ("99", "119.00"),  # what is not listed may be anything, but not the month's
        ("75", "119.00"),
        ("m", "119.00"),  # the metering is no document that can be corrected
    ],
)
async def test_a_credit_lowers_the_invoice_that_it_names_and_no_other(
    tmp_path: Path, corrects: str | None, left: str
) -> None:
    # 119.00 + 59.50 - 59.50 = 119.00 in all; of the month's invoice 119.00, or 59.50 are left.
    assert await summed(tmp_path, *BILLED, credit(corrects)) == (left, "119.00")


@pytest.mark.parametrize(
    ("first", "left"), [("70", "111.86"), ("71", "119.00"), (None, "111.86"), ("76", "119.00")]
)
async def test_a_correction_of_a_correction_is_of_what_that_is_of(
    tmp_path: Path, first: str | None, left: str
) -> None:
    # 11.90 are given back, and 4.76 of them taken back: 119.00 - 11.90 + 4.76 = 111.86.
    given = credit(first, "-10", "-11.90")
    taken = evolve(credit("75", "4", "4.76", "76"), type="STORNO")
    assert await summed(tmp_path, *BILLED, given, taken) == (left, "171.36")


async def test_an_invoice_whose_storno_was_taken_back_is_tied_with_both(tmp_path: Path) -> None:
    # 119.00 - 119.00 + 119.00: the month's 100.00 with its tax.
    storno = evolve(credit("70", "-100", "-119"), type="STORNO")
    back = credit("75", "100", "119", "76")
    assert await summed(tmp_path, metering("100"), MONTHLY, storno, back) == ("119.00", "119.00")


async def test_what_takes_the_set_up_back_whole_leaves_the_month_as_it_is(tmp_path: Path) -> None:
    bills = (BILLED[0], MONTHLY, evolve(SET_UP, cancelled_by="76"))
    storno = evolve(credit("71", own="76"), type="STORNO")
    assert await summed(tmp_path, *bills, storno) == ("119.00", "119.00")


async def test_what_names_an_invoice_is_a_correction_of_it_whatever_its_type(
    tmp_path: Path,
) -> None:
    negative = evolve(credit("70", "-10", "-11.90"), type="INVOICE")
    assert await summed(tmp_path, metering("100"), MONTHLY, negative) == ("107.10", "107.10")


async def test_a_correction_without_a_time_of_its_own_is_of_the_month_of_what_it_names(
    tmp_path: Path,
) -> None:
    # Dated as October is billed, both by the rule and by what it names.
    undated = evolve(credit("70", "-10", "-11.90"), period=None)
    assert await summed(tmp_path, metering("100"), MONTHLY, undated) == ("107.10", "107.10")


async def test_a_correction_that_bills_another_month_than_what_it_names_says_so(
    tmp_path: Path,
) -> None:
    september = evolve(MONTHLY, id="9", number="RE-9", period=SEPTEMBER)
    bills = (metering("100"), MONTHLY, september, credit("9", "-10", "-11.90"))
    done, rows = await written(tmp_path, Shop((usage(charge("1", "100")),), bills=bills))
    assert {row["InvoiceId"] for row in rows["cost_and_usage.csv"]} == {"RE-1"}
    assert done.notes == (
        "a: GS-75 bills 2026-10 and corrects RE-9 of 2026-09: it stands in Invoice Detail alone",
    )


async def test_invoice_detail_says_which_invoice_a_correction_adjusts(tmp_path: Path) -> None:
    bills = (*BILLED, credit("71"), credit("99", own="76"), credit(None, own="77"))
    _, rows = await written(tmp_path, Shop((usage(charge("1", "100")),), bills=bills))
    references = {row["InvoiceId"]: row["ReferenceInvoiceId"] for row in rows["invoice_detail.csv"]}
    assert references == {
        **{"RE-1": "RE-1", "RE-2": "RE-2", "GS-75": "RE-2"},
        **{"GS-76": "99", "GS-77": "GS-77"},
    }


@pytest.mark.parametrize(
    ("dated", "marked"), [(date(2026, 11, 2), ""), (date(2026, 11, 3), "Correction")]
)
async def test_a_correction_of_a_closed_month_is_of_the_class_correction(
    tmp_path: Path, dated: date, marked: str
) -> None:
    # October is closed on 3 November. Of 119.00, 10.00 and 1.90 of tax are given back.
    given = evolve(credit("70", "-10", "-11.90"), issued_on=dated)
    bills = (metering("100"), MONTHLY, given)
    _, rows = await written(tmp_path, Shop((usage(charge("1", "100")),), bills=bills))
    found = [
        (row["InvoiceId"], row["ChargeCategory"], Decimal(row["BilledCost"]), row["ChargeClass"])
        for row in rows["cost_and_usage.csv"]
    ]
    assert sorted(found) == [
        ("GS-75", "Adjustment", Decimal("-10"), marked),
        ("GS-75", "Tax", Decimal("-1.90"), marked),
        ("RE-1", "Tax", Decimal(19), ""),
        ("RE-1", "Usage", Decimal(100), ""),
    ]
