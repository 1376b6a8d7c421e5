"""Legal invoices: the months they bill, their rows, and the charges that are on them."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from billfold import Period, ProviderError
from billfold.model import Category, Invoice
from support.exports import written
from support.shop import OCTOBER, Shop, charge, legal, metering, usage

GONE = ProviderError("the shop is closed")


async def test_a_legal_invoice_is_tied_to_the_month_whose_metering_it_bills(tmp_path: Path) -> None:
    shop = Shop(
        (usage(charge("1", "10"), charge("2", "5.004")),),
        bills=(metering("15.004"), legal("15", "17.85")),
    )
    _, rows = await written(tmp_path, shop)
    lines = [
        (r["ChargeCategory"], r["BilledCost"], r["InvoiceDetailId"], r["x_CostBasis"])
        for r in rows["cost_and_usage.csv"]
    ]
    assert lines == [
        ("Usage", "10.0", "RE-1/usage", "usage"),
        ("Usage", "5.004", "RE-1/usage", "usage"),
        ("Tax", "2.85", "RE-1/tax", "invoice"),
        ("Adjustment", "-0.004", "RE-1/adjustment", "invoice-difference"),
    ]
    assert sum(
        Decimal(row["BilledCost"])
        for row in rows["cost_and_usage.csv"]
        if row["InvoiceId"] == "RE-1"
    ) == Decimal("17.85")
    details = [
        (row["ChargeCategory"], row["BilledCost"], row["InvoiceDetailId"])
        for row in rows["invoice_detail.csv"]
    ]
    assert details == [
        ("Usage", "15.004", "RE-1/usage"),
        ("Adjustment", "-0.004", "RE-1/adjustment"),
        ("Tax", "2.85", "RE-1/tax"),
    ]
    assert rows["invoice_detail.csv"][0]["PaymentTerms"] == "Net 14"
    assert rows["invoice_detail.csv"][2]["InvoiceDetailGrain"] == '{"x_ChargeCategory":"Tax"}'


async def test_a_tax_in_the_usage_is_on_the_invoice_beside_the_invoices_own(tmp_path: Path) -> None:
    # The usage has 2.85 of tax in its 17.85, which is what the invoice asks for in all.
    tax = evolve(charge("2", "2.85"), category=Category.TAX)
    shop = Shop((usage(charge("1", "15"), tax),), bills=(legal("15", "17.85", period=OCTOBER),))
    _, rows = await written(tmp_path, shop)
    for name in ("cost_and_usage.csv", "invoice_detail.csv"):
        amounts: dict[str, Decimal] = {}
        for row in rows[name]:
            known = amounts.get(row["InvoiceDetailId"], Decimal())
            amounts[row["InvoiceDetailId"]] = known + Decimal(row["BilledCost"])
        assert amounts == {
            "RE-1/usage": Decimal("15"),
            "RE-1/tax": Decimal("5.70"),
            "RE-1/adjustment": Decimal("-2.85"),
        }


@pytest.mark.parametrize(
    ("total", "more"),
    [
        # Of 15.00 net no tax is below zero, more than 27 % or less than 1 %.
        *(("0", "-15.0"), ("14", "-1.0"), ("19.06", "4.06"), ("150", "135.0"), ("15.14", "0.14")),
    ],
)
async def test_what_can_be_no_tax_is_an_adjustment_and_a_note(
    tmp_path: Path, total: str, more: str
) -> None:
    shop = Shop((usage(charge("1", "15")),), bills=(legal("15", total, period=OCTOBER),))
    export, rows = await written(tmp_path, shop)
    for name in ("cost_and_usage.csv", "invoice_detail.csv"):
        lines = [
            (row["ChargeCategory"], row["BilledCost"], row["InvoiceDetailId"]) for row in rows[name]
        ]
        assert lines == [("Usage", "15.0", "RE-1/usage"), ("Adjustment", more, "RE-1/adjustment")]
    (note,) = export.notes
    assert f"a total of {total} EUR and a net amount of 15 EUR" in note
    assert "is no tax, and stands as an Adjustment" in note


async def test_a_correction_whose_total_contradicts_its_net_is_one_adjustment(
    tmp_path: Path,
) -> None:
    # 10.00 are given back by its total, 1.00 by its net.
    credit = legal("-1", "-10", number="GS-1", type="CREDIT", corrects="70", period=OCTOBER)
    bills = (legal("15", "17.85", period=OCTOBER), evolve(credit, id="71"))
    _, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    for name in ("cost_and_usage.csv", "invoice_detail.csv"):
        back = [row for row in rows[name] if row["InvoiceId"] == "GS-1"]
        assert [(row["ChargeCategory"], row["BilledCost"]) for row in back] == [
            ("Adjustment", "-10.0")
        ]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 9, 30, 23, 30, tzinfo=UTC), datetime(2026, 10, 1, 1, tzinfo=UTC)),
        (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, 1, tzinfo=UTC)),
    ],
)
async def test_a_charge_that_crosses_the_end_of_the_month_is_on_the_invoice_once(
    tmp_path: Path, start: datetime, end: datetime
) -> None:
    shop = Shop(
        (usage(charge("1", "10"), charge("2", "5", period=Period(start, end))),),
        bills=(metering("15"), legal("15", "17.85")),
    )
    _, rows = await written(tmp_path, shop)
    lines = [
        (r["ChargeCategory"], r["BilledCost"], r["InvoiceDetailId"])
        for r in rows["cost_and_usage.csv"]
    ]
    assert lines == [
        ("Usage", "10.0", "RE-1/usage"),
        ("Usage", "5.0", "RE-1/usage"),
        ("Tax", "2.85", "RE-1/tax"),
    ]
    assert [row["BilledCost"] for row in rows["invoice_detail.csv"]] == ["15.0", "2.85"]


@pytest.mark.parametrize(
    "bills",
    [
        (metering("14"), legal("15", "17.85")),
        (metering("15.01"), legal("15", "17.85")),
        (metering("15.007"), legal("15", "17.85")),  # more than rounding to the cent can make
        (metering("15"), metering("15", ident="n"), legal("15", "17.85")),
        (metering("15"), legal("15", "17.85"), legal("15", "17.85", number="RE-2")),
        (metering("15"), legal("15", "17.85", issued_on=datetime(2026, 12, 2).date())),
        (metering("15"), legal("15", "17.85", status="CANCEL")),
        (metering("15"), legal("15", "17.85", type="STORNO")),
        (metering("15"), legal(None, "15")),
        (legal("15", "17.85", period=OCTOBER, type="STORNO"),),
        (
            legal("15", "17.85", period=OCTOBER),
            legal("15", "17.85", period=OCTOBER, number="RE-2"),
        ),
    ],
)
async def test_an_invoice_that_may_bill_something_else_is_not_tied(
    tmp_path: Path, bills: tuple[Any, ...]
) -> None:
    _, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    assert [row["InvoiceId"] for row in rows["cost_and_usage.csv"]] == [""]


@pytest.mark.parametrize("period", [OCTOBER, None])
async def test_a_month_that_is_tied_to_none_of_its_invoices_says_so(
    tmp_path: Path, period: Period | None
) -> None:
    first = legal("15", "17.85", period=period)
    bills = (metering("15"), first, evolve(first, id="71", number="RE-2"))
    done, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    # 15.00 of usage, without the 2.85 of tax that one of the two asks for.
    assert [row["BilledCost"] for row in rows["cost_and_usage.csv"]] == ["15.0"]
    assert done.notes == (
        "a: the charges of 2026-10 are tied to none of the invoices that bill it (RE-1, RE-2): "
        "Cost and Usage has them without an invoice's tax",
    )


@pytest.mark.parametrize("kind", ["credit", "Credit ", "CREDIT"])
async def test_a_type_of_a_correction_has_no_case(tmp_path: Path, kind: str) -> None:
    # 17.85 of October, of which 1.19 is given back by what names nothing: 16.66.
    credit = evolve(
        legal("-1", "-1.19", period=OCTOBER, number="GS-1", type=kind, status="cancel"), id="71"
    )
    shop = Shop((usage(charge("1", "15")),), bills=(legal("15", "17.85", period=OCTOBER), credit))
    _, rows = await written(tmp_path, shop)
    used = sum(Decimal(row["BilledCost"]) for row in rows["cost_and_usage.csv"])
    assert used == Decimal("16.66")


TAX_IN_IT = "states no net amount: its rows of Invoice Detail have the tax in them"


YEAR = Period(datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 10, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("other", "period"),
    [(("50", "59.50"), OCTOBER), (("500", "595"), YEAR), (("50", "59.50"), None)],
)
@pytest.mark.parametrize("stated", [OCTOBER, None])
async def test_of_invoices_that_state_a_month_the_one_over_its_metering_is_tied(
    tmp_path: Path, other: tuple[str, str], period: Period | None, stated: Period | None
) -> None:
    # 15.00 of October, beside its set-up for 50.00 or a year's support for 500.00.
    bills = (
        metering("15"),
        legal("15", "17.85", period=stated),
        evolve(legal(*other, period=period, number="RE-2"), id="71"),
    )
    _, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    lines = [
        (row["ChargeCategory"], row["BilledCost"], row["InvoiceId"])
        for row in rows["cost_and_usage.csv"]
    ]
    assert lines == [("Usage", "15.0", "RE-1"), ("Tax", "2.85", "RE-1")]


async def test_of_two_invoices_over_the_metering_of_a_month_that_both_state_none_is_tied(
    tmp_path: Path,
) -> None:
    bills = (
        metering("15"),
        legal("15", "17.85", period=OCTOBER),
        evolve(legal("15", "17.85", period=OCTOBER, number="RE-2"), id="71"),
    )
    _, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    assert [row["InvoiceId"] for row in rows["cost_and_usage.csv"]] == [""]


async def test_an_untied_invoice_belongs_to_the_month_before_its_date(tmp_path: Path) -> None:
    bills = (
        legal(None, "15", number=None, due_on=None),
        legal("-4", "-4.76", number="ST-1", type="STORNO", status="CANCEL"),
    )
    voided = legal("1", "1", number="RE-2", status="CANCEL")
    done, rows = await written(tmp_path, Shop((usage(),), bills=(*bills, voided)))
    assert done.notes == (f"a: invoice 70 {TAX_IN_IT}",)
    lines = [
        (
            row["InvoiceId"],
            row["ChargeCategory"],
            row["BilledCost"],
            row["InvoiceIssueStatus"],
            row["PaymentTerms"],
        )
        for row in rows["invoice_detail.csv"]
    ]
    assert lines == [
        ("70", "Usage", "15.0", "Issued", "Not stated"),
        ("ST-1", "Adjustment", "-4.0", "Issued", "Net 14"),
        ("ST-1", "Tax", "-0.76", "Issued", "Net 14"),
        ("RE-2", "Usage", "1.0", "Voided", "Net 14"),
    ]
    assert (
        rows["invoice_detail.csv"][0]["InvoiceDetailDescription"]
        == "Usage of 2026-10, tax included"
    )


async def test_an_invoice_without_a_date_is_left_out_and_counted(tmp_path: Path) -> None:
    done, rows = await written(tmp_path, Shop((usage(),), bills=(legal("1", "1", issued_on=None),)))
    assert "invoice_detail.csv" not in rows
    assert done.left_out == {"a: legal invoices without a date or total": 1}


async def test_a_month_read_in_part_is_not_completed_to_its_invoice(tmp_path: Path) -> None:
    bills = (metering("15"), legal("15", "17.85"))
    first_half = Period(OCTOBER.start, datetime(2026, 10, 15, tzinfo=UTC))
    _, rows = await written(
        tmp_path,
        Shop((usage(charge("1", "9"), covers=first_half),), bills=bills),
        period=first_half,
    )
    assert [(row["BilledCost"], row["InvoiceId"]) for row in rows["cost_and_usage.csv"]] == [
        ("9.0", "")
    ]
    broken = Shop((usage(charge("1", "9")),), bills=bills, broken=GONE)
    _, rows = await written(tmp_path, broken, allow_partial=True)
    assert [(row["BilledCost"], row["InvoiceId"]) for row in rows["cost_and_usage.csv"]] == [
        ("9.0", "RE-1"),
        ("2.85", "RE-1"),
    ]


async def test_rows_of_a_month_read_in_part_name_lines_that_its_invoice_has(tmp_path: Path) -> None:
    # A fee of 9.00 and usage of 2.00 were read, of 15.00; the missing 4.00 are usage, too.
    fee = evolve(charge("1", "9"), category=Category.PURCHASE)
    shop = Shop(
        (usage(fee, charge("2", "2")),), bills=(metering("15"), legal("15", "17.85")), broken=GONE
    )
    _, rows = await written(tmp_path, shop, allow_partial=True)
    lines = {r["InvoiceDetailId"]: r["BilledCost"] for r in rows["invoice_detail.csv"]}
    assert lines == {"RE-1/purchase": "9.0", "RE-1/usage": "6.0", "RE-1/tax": "2.85"}
    assert {row["InvoiceDetailId"] for row in rows["cost_and_usage.csv"]} == lines.keys()


async def test_an_invoice_without_a_total_is_left_out_of_the_month_it_bills_only(
    tmp_path: Path,
) -> None:
    shop = Shop((usage(),), bills=(legal(None, None),))
    september = OCTOBER.previous_month()
    october, _ = await written(tmp_path, shop, allow_partial=True)
    before, _ = await written(tmp_path, shop, allow_partial=True, period=september)
    assert october.left_out == {"a: legal invoices without a date or total": 1}
    assert before.left_out == {}


async def test_metering_that_began_within_the_month_is_tied_to_the_invoice_of_the_month(
    tmp_path: Path,
) -> None:
    later_half = Period(datetime(2026, 10, 15, tzinfo=UTC), OCTOBER.end)
    sold = charge("1", "15", period=Period.day(later_half.start.date()))
    shop = Shop((usage(sold),), bills=(metering("15", later_half), legal("15", "17.85")))
    _, rows = await written(tmp_path, shop)
    assert {row["InvoiceId"] for row in rows["cost_and_usage.csv"]} == {"RE-1"}
    # Only part of the billed month is exported: neither the invoice nor its number is.
    _, rows = await written(tmp_path, shop, period=later_half)
    assert {row["InvoiceId"] for row in rows["cost_and_usage.csv"]} == {""}
    assert "invoice_detail.csv" not in rows


async def test_an_invoice_that_states_its_period_needs_no_metering(tmp_path: Path) -> None:
    bills = (legal("15.10", "17.97", period=OCTOBER, issued_on=datetime(2026, 12, 9).date()),)
    _, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    lines = [
        (row["ChargeCategory"], row["BilledCost"], row["InvoiceId"])
        for row in rows["cost_and_usage.csv"]
    ]
    assert lines == [
        ("Usage", "15.0", "RE-1"),
        ("Tax", "2.87", "RE-1"),
        ("Adjustment", "0.10", "RE-1"),
    ]


@pytest.mark.parametrize(
    ("net", "total", "used", "adjustment", "said"),
    [
        ("8.00", "9.52", "14.00", "-6.00", "net amount of 8.00 EUR"),
        ("8.01", "9.53", "8.00", "0.01", "net amount of 8.01 EUR"),
        (None, "9.52", "8.00", "1.52", "total of 9.52 EUR"),
    ],
)
async def test_a_difference_beyond_rounding_is_an_adjustment_and_a_note(
    tmp_path: Path, net: str | None, total: str, used: str, adjustment: str, said: str
) -> None:
    bills = (legal(net, total, period=OCTOBER),)
    done, rows = await written(tmp_path, Shop((usage(charge("1", used)),), bills=bills))
    found = [r["BilledCost"] for r in rows["cost_and_usage.csv"] if r["InvoiceId"]]
    assert adjustment in found
    *before, note = done.notes
    assert before == ([f"a: invoice RE-1 {TAX_IN_IT}"] if net is None else [])
    assert note == (
        f"a: invoice RE-1 has a {said}, the charges of 2026-10 that are on it are {used} EUR: "
        f"the Adjustment of {adjustment} EUR is more than rounding, "
        "see billfold reconcile --period 2026-10"
    )


@pytest.mark.parametrize("used", ["8", "8.005", "7.995"])
async def test_rounding_needs_no_note(tmp_path: Path, used: str) -> None:
    bills = (metering("8"), legal("8", "9.52"))
    done, _ = await written(tmp_path, Shop((usage(charge("1", used)),), bills=bills))
    assert done.notes == ()


async def test_documents_that_ask_for_no_money_are_not_exported_and_tie_nothing(
    tmp_path: Path,
) -> None:
    # A draft of the invoice and a reminder of it: the month is charged 17.85 once.
    draft, reminder = (evolve(legal("15", "17.85"), id=i, counts=False) for i in ("69", "71"))
    bills = (draft, metering("15"), legal("15", "17.85"), reminder)
    done, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    assert [row["x_ProviderRecordId"] for row in rows["invoice_detail.csv"]] == ["70", "70"]
    assert sum(Decimal(row["BilledCost"]) for row in rows["invoice_detail.csv"]) == Decimal("17.85")
    assert {row["InvoiceId"] for row in rows["cost_and_usage.csv"]} == {"RE-1"}
    assert (done.complete, done.left_out, done.notes) == (True, {}, ())


async def test_documents_of_one_number_have_lines_of_their_own_and_a_note_says_so(
    tmp_path: Path,
) -> None:
    def numbered(ident: str, number: str | None) -> Invoice:
        return evolve(legal("10", "10", number=number), id=ident)

    # 9 is the id of a document without a number, and the number of another one.
    bills = (numbered("1", "RE-9"), numbered("2", "RE-9"), numbered("9", None), numbered("3", "9"))
    done, rows = await written(tmp_path, Shop((usage(),), bills=(*bills, numbered("4", "RE-4"))))
    lines = [(row["InvoiceId"], row["InvoiceDetailId"]) for row in rows["invoice_detail.csv"]]
    assert lines == [
        ("RE-9", "RE-9/1/usage"),
        ("RE-9", "RE-9/2/usage"),
        ("9", "9/9/usage"),
        ("9", "9/3/usage"),
        ("RE-4", "RE-4/usage"),
    ]
    assert done.notes == tuple(
        f"a: several documents have the number {number}: "
        "the ids of their lines hold the document's own id, too"
        for number in ("RE-9", "9")
    )
    assert json.loads((tmp_path / "focus-metadata.json").read_text())["notes"] == list(done.notes)


async def test_documents_of_two_accounts_with_one_number_have_lines_of_their_own(
    tmp_path: Path,
) -> None:
    shops = [
        Shop((usage(),), bills=(evolve(legal(total, total), id=ident),))
        for ident, total in (("70", "10"), ("71", "20"))
    ]
    done, rows = await written(tmp_path, *shops)
    assert [
        (row["x_Account"], row["InvoiceDetailId"], row["BilledCost"])
        for row in rows["invoice_detail.csv"]
    ] == [("a", "RE-1/70/usage", "10.0"), ("b", "RE-1/71/usage", "20.0")]
    assert [note.partition(":")[0] for note in done.notes] == ["a", "b"]


WITHDRAWN = evolve(legal("15", "17.85"), id="1", number="R1", cancelled_by="2")
STORNO = evolve(legal("-15", "-17.85"), id="2", number="S2", type="STORNO")


async def test_an_invoice_that_another_document_took_back_is_voided_and_ties_nothing(
    tmp_path: Path,
) -> None:
    bills = (metering("15"), WITHDRAWN, STORNO)
    _, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    lines = [
        (r["ChargeCategory"], r["BilledCost"], r["InvoiceId"]) for r in rows["cost_and_usage.csv"]
    ]
    assert lines == [("Usage", "15.0", "")]
    details = [
        (r["InvoiceId"], r["ChargeCategory"], r["BilledCost"], r["InvoiceIssueStatus"])
        for r in rows["invoice_detail.csv"]
    ]
    assert details == [
        ("R1", "Usage", "15.0", "Voided"),
        ("R1", "Tax", "2.85", "Voided"),
        ("S2", "Adjustment", "-15.0", "Issued"),
        ("S2", "Tax", "-2.85", "Issued"),
    ]


@pytest.mark.parametrize("period", [None, OCTOBER])
async def test_an_invoice_written_anew_is_tied_as_if_the_withdrawn_one_had_never_been(
    tmp_path: Path, period: Period | None
) -> None:
    anew = evolve(legal("15", "17.85"), id="3", number="R3")
    bills = (evolve(bill, period=period) for bill in (WITHDRAWN, STORNO, anew))
    shop = Shop((usage(charge("1", "15")),), bills=(metering("15"), *bills))
    _, rows = await written(tmp_path, shop)
    lines = [
        (r["ChargeCategory"], r["BilledCost"], r["InvoiceId"]) for r in rows["cost_and_usage.csv"]
    ]
    assert lines == [("Usage", "15.0", "R3"), ("Tax", "2.85", "R3")]


CREDIT = evolve(
    legal("-1", "-1.19", type="CREDIT", number="GS-1", period=OCTOBER, due_on=None), id="75"
)


async def test_a_credit_note_over_a_part_stands_beside_the_charges_of_the_invoice_it_lowers(
    tmp_path: Path,
) -> None:
    # 17.85 were asked for, of which 1.19 went back: both datasets add up to the 16.66 of `invoices`.
    bills = (metering("15"), legal("15", "17.85"), CREDIT)
    done, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    lines = [
        (r["ChargeCategory"], r["BilledCost"], r["InvoiceDetailId"], r["x_CostBasis"])
        for r in rows["cost_and_usage.csv"]
    ]
    assert lines == [
        ("Usage", "15.0", "RE-1/usage", "usage"),
        ("Tax", "2.85", "RE-1/tax", "invoice"),
        ("Adjustment", "-1.0", "GS-1/adjustment", "invoice"),
        ("Tax", "-0.19", "GS-1/tax", "invoice"),
    ]
    for name in ("cost_and_usage.csv", "invoice_detail.csv"):
        billed = [(row["InvoiceId"], Decimal(row["BilledCost"])) for row in rows[name]]
        assert sum(cost for number, cost in billed if number == "GS-1") == Decimal("-1.19")
        assert sum(cost for _, cost in billed) == Decimal("16.66")
    assert done.notes == ()


@pytest.mark.parametrize(
    "bills",
    [
        (metering("14"), legal("15", "17.85"), CREDIT),  # the charges are on no invoice
        (metering("15"), legal("15", "17.85"), evolve(CREDIT, period=Period.month(2026, 9))),
        # Of which month it is nothing says but its date.
        (metering("15"), legal("15", "17.85"), evolve(CREDIT, period=None)),
        (metering("15"), legal("15", "17.85"), evolve(CREDIT, billing_account_id="other")),
        # It was taken back itself.
        (
            metering("15"),
            legal("15", "17.85"),
            evolve(CREDIT, cancelled_by="76"),
            evolve(legal("1", "1.19", period=OCTOBER), id="76", type="STORNO", number="SC-1"),
        ),
    ],
)
async def test_a_credit_note_beside_no_invoice_of_its_month_stands_in_invoice_detail_alone(
    tmp_path: Path, bills: tuple[Invoice, ...]
) -> None:
    _, rows = await written(tmp_path, Shop((usage(charge("1", "15")),), bills=bills))
    assert {row["InvoiceId"] for row in rows["cost_and_usage.csv"]} <= {"", "RE-1"}
