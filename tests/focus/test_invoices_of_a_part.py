"""Legal invoices that state a day or a part of a month: its usage is charged once."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve

from billfold import Period
from billfold.model import Charge, Invoice
from support.exports import CsvRows, written
from support.shop import OCTOBER, Shop, charge, legal, metering, usage

LAST_DAY = Period(datetime(2026, 10, 31, tzinfo=UTC), OCTOBER.end)
FROM_THE_12TH = Period(datetime(2026, 10, 12, tzinfo=UTC), OCTOBER.end)
FIRST_HALF = Period(OCTOBER.start, datetime(2026, 10, 16, tzinfo=UTC))
SECOND_HALF = Period(FIRST_HALF.end, OCTOBER.end)
WHOLE = (charge("1", "100", period=OCTOBER),)
DAILY = tuple(charge(str(at), "3.25", period=day) for at, day in enumerate(OCTOBER.split_days()))


def of(period: Period | None, net: str = "100", total: str = "119", ident: str = "70") -> Invoice:
    return evolve(legal(net, total, period=period, number=f"RE-{ident}"), id=ident)


def sums(rows: CsvRows) -> tuple[Decimal, Decimal]:
    """Return what the rows of Cost and Usage and of Invoice Detail add up to."""
    found = (rows.get(f"{name}.csv", []) for name in ("cost_and_usage", "invoice_detail"))
    used, billed = (sum(Decimal(row["BilledCost"]) for row in each) for each in found)
    return Decimal(used), Decimal(billed)


def tied(rows: CsvRows) -> set[str]:
    """Return the numbers of the invoices that usage is on."""
    lines = rows["cost_and_usage.csv"]
    return {row["InvoiceId"] for row in lines if row["ChargeCategory"] == "Usage"}


@pytest.mark.parametrize("stated", [LAST_DAY, FROM_THE_12TH, FIRST_HALF, OCTOBER, None])
@pytest.mark.parametrize("charges", [WHOLE, (*DAILY[:-1], charge("30", "2.50", period=LAST_DAY))])
async def test_a_day_of_the_month_whose_metering_it_bills_stands_for_the_month(
    tmp_path: Path, stated: Period | None, charges: tuple[Charge, ...]
) -> None:
    # 100.00 of usage and metering, net 100.00, tax 19.00: 30 days of 3.25 and one of 2.50.
    shop = Shop((usage(*charges),), bills=(metering("100"), of(stated)))
    done, rows = await written(tmp_path, shop)
    assert sums(rows) == (Decimal("119.00"), Decimal("119.00"))
    assert (tied(rows), done.notes) == ({"RE-70"}, ())


async def test_a_credit_note_of_such_a_day_lowers_the_month(tmp_path: Path) -> None:
    credit = evolve(of(LAST_DAY, "-10", "-11.90", "75"), type="CREDIT")
    shop = Shop((usage(*WHOLE),), bills=(metering("100"), of(LAST_DAY), credit))
    _, rows = await written(tmp_path, shop)
    assert sums(rows) == (Decimal("107.10"), Decimal("107.10"))


@pytest.mark.parametrize(
    ("charges", "bills", "used", "billed", "untied"),
    [
        (WHOLE, [of(LAST_DAY)], "100", "119", ["70"]),
        (WHOLE, [of(FROM_THE_12TH)], "100", "119", ["70"]),
        (WHOLE, [metering("90"), of(LAST_DAY)], "100", "119", ["70"]),
        # 31 days of 3.25 are 100.75, and the last of them is not the 100.75 of the invoice.
        (DAILY, [of(LAST_DAY, "100.75", "119.89")], "100.75", "119.89", ["70"]),
        ((), [of(LAST_DAY)], "0", "119", ["70"]),
        # Neither of the halves is what was used from the first of the month on.
        (
            WHOLE,
            [of(FIRST_HALF, "60", "71.40"), of(SECOND_HALF, "40", "47.60", "71")],
            "100",
            "119",
            ["70", "71"],
        ),
        # Two days of one amount: the metering may be of either.
        (
            WHOLE,
            [metering("100"), of(LAST_DAY), of(Period.day(FIRST_HALF.end.date()), ident="71")],
            "100",
            "238",
            ["70", "71"],
        ),
    ],
)
async def test_a_part_whose_charges_are_not_its_amount_is_tied_to_none_and_a_note_says_so(
    tmp_path: Path,
    charges: tuple[Charge, ...],
    bills: list[Invoice],
    used: str,
    billed: str,
    untied: list[str],
) -> None:
    done, rows = await written(tmp_path, Shop((usage(*charges),), bills=tuple(bills)))
    assert sums(rows) == (Decimal(used), Decimal(billed))
    assert tied(rows) <= {""}
    assert [note.split()[2] for note in done.notes] == [f"RE-{ident}" for ident in untied]
    assert all("no whole month" in note for note in done.notes)


async def test_the_halves_of_a_month_are_tied_to_what_was_used_in_them(tmp_path: Path) -> None:
    charges = (charge("1", "60", period=FIRST_HALF), charge("2", "40", period=SECOND_HALF))
    halves = (of(FIRST_HALF, "60", "71.40"), of(SECOND_HALF, "40", "47.60", "71"))
    shop = Shop((usage(*charges),), bills=(metering("100"), *halves))
    done, rows = await written(tmp_path, shop)
    assert sums(rows) == (Decimal("119.00"), Decimal("119.00"))
    assert (tied(rows), done.notes) == ({"RE-70", "RE-71"}, ())


async def test_tax_and_corrections_of_a_part_are_booked_in_its_month(tmp_path: Path) -> None:
    # 15 days of 3.25 are 48.75 with 9.26 of tax; 8.75 and 1.66 of tax are given back.
    credit = evolve(of(LAST_DAY, "-8.75", "-10.41", "75"), type="CREDIT", corrects="70")
    bills = (of(FIRST_HALF, "48.75", "58.01"), evolve(credit, period=FIRST_HALF))
    _, rows = await written(tmp_path, Shop((usage(*DAILY),), bills=bills))
    lines = rows["cost_and_usage.csv"]
    booked = {(line["BillingPeriodStart"], line["BillingPeriodEnd"]) for line in lines}
    assert booked == {("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")}
    # 31 days of 3.25 are 100.75, and 100.75 + 9.26 - 8.75 - 1.66 = 99.60.
    assert sums(rows) == (Decimal("99.60"), Decimal("47.60"))


async def test_the_first_month_of_a_customer_is_tied_to_all_that_was_used_in_it(
    tmp_path: Path,
) -> None:
    # Each of several lines was rounded: 99.98 were used, and 100.00 are asked for.
    charges = (charge("1", "99.98", period=FROM_THE_12TH),)
    done, rows = await written(tmp_path, Shop((usage(*charges),), bills=(of(FROM_THE_12TH),)))
    assert sums(rows) == (Decimal("119.00"), Decimal("119.00"))
    assert tied(rows) == {"RE-70"}
    assert ["the Adjustment of 0.02 EUR is more than rounding" in n for n in done.notes] == [True]


async def test_usage_of_several_projects_ties_a_part_only_by_its_amount(tmp_path: Path) -> None:
    # The 40.00 of one project are of the part, the 60.00 of the other are not: 100.00 in all.
    late, early = charge("1", "40", period=LAST_DAY), charge("2", "60", period=FIRST_HALF)
    shop = Shop((usage(late, project="p1"), usage(early, project="p2")), bills=(of(LAST_DAY),))
    _, rows = await written(tmp_path, shop)
    assert sums(rows) == (Decimal("100"), Decimal("119"))


async def test_metering_of_a_part_is_tied_to_usage_that_says_no_day(tmp_path: Path) -> None:
    bills = (metering("100", FROM_THE_12TH), of(FROM_THE_12TH))
    done, rows = await written(tmp_path, Shop((usage(*WHOLE),), bills=bills))
    assert sums(rows) == (Decimal("119.00"), Decimal("119.00"))
    assert done.notes == ()


@pytest.mark.parametrize(
    "end", [datetime(9999, 12, 31, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)]
)
async def test_an_invoice_that_bills_on_and_on_is_tied_to_no_month(
    tmp_path: Path, end: datetime
) -> None:
    support = of(Period(FIRST_HALF.start, end), "1200", "1428")
    _, rows = await written(tmp_path, Shop((usage(*WHOLE),), bills=(metering("100"), support)))
    assert sums(rows) == (Decimal("100"), Decimal("1428"))
