"""A UUID is the same in capitals: what it names counts once, and keeps its id (section 1.1)."""

import json
from typing import Any

import pytest

from billfold import Invoice, InvoiceKind, Period
from billfold_bnerd import invoices, month
from billfold_bnerd.lists import Listing
from billfold_bnerd.seen_months import Seen
from billfold_bnerd.usage import decode_usage

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
PROJECT = "f17a05d3-926e-4b4c-8de0-5c39b82f61a4"
PRODUCT = "6ec3d218-07bf-4f95-a3d1-98e0b54c7a2d"
RECORD = "95a1b7e4-c82d-4063-b7fe-2d0f68a39c51"
CANCELLATION = "c2f7d0e8-31a6-4b59-8d02-e64a91f7b3c5"
SEPTEMBER, OCTOBER = Period.month(2026, 9), Period.month(2026, 10)


def row(cents: int = 1000, **fields: str) -> dict[str, Any]:
    ids = {"id": RECORD, "project_id": PROJECT, "product_id": PRODUCT} | fields
    return {**ids, "total": {"cents": cents, "currency_iso": "EUR"}}


def october(*rows: dict[str, Any]) -> Listing[Any]:
    return month.usage(ORG, OCTOBER, OCTOBER, decode_usage(json.dumps(rows).encode()))


def total(listing: Listing[Any]) -> str:
    return str(listing.rows[0].totals()["EUR"])


@pytest.mark.parametrize("key", ["id", "project_id", "product_id"])
def test_a_usage_row_that_comes_again_with_an_id_in_capitals_counts_once(key: str) -> None:
    again = row() | {key: row()[key].upper()}
    listing = october(row(), again)
    assert (total(listing), listing.gaps) == ("10.00 EUR", ())
    assert listing.notes == ("1 listed twice, counted once",)
    changed = october(row(), {**again, "total": {"cents": 700, "currency_iso": "EUR"}})
    assert total(changed) == "17.00 EUR"
    assert "listed twice with different content" in changed.gaps[0]


def test_a_charge_keeps_its_id_when_the_provider_writes_ids_in_capitals() -> None:
    small = october(row()).rows[0].charges
    large = october({**row(), "id": RECORD.upper(), "project_id": PROJECT.upper()}).rows[0].charges
    assert [charge.id for charge in small] == [charge.id for charge in large]
    assert large[0].sub_account_id == PROJECT.upper()  # as received


@pytest.mark.parametrize(
    "reply",
    [
        [row()],
        {"items": [row()], "total": {"cents": 1500, "currency_iso": "EUR"}},
        {
            "projects": [
                {
                    "project_id": PROJECT,
                    "items": [row()],
                    "total": {"cents": 1500, "currency_iso": "EUR"},
                }
            ]
        },
    ],
)
def test_a_charge_keeps_its_id_when_the_organization_is_configured_in_capitals(reply: Any) -> None:
    decoded = decode_usage(json.dumps(reply).encode())
    small, large = (
        month.usage(org, OCTOBER, OCTOBER, decoded).rows[0].charges for org in (ORG, ORG.upper())
    )
    assert [charge.id for charge in small] == [charge.id for charge in large]
    assert len(small) == (1 if isinstance(reply, list) else 2)


def test_a_record_in_two_months_is_noticed_when_one_of_them_has_its_id_in_capitals() -> None:
    seen = Seen()
    for when, ident in ((SEPTEMBER, RECORD), (OCTOBER, RECORD.upper())):
        seen.add(when, decode_usage(json.dumps([row(id=ident)]).encode()))
    assert seen.repeats() == [OCTOBER]


def test_other_ids_have_a_case() -> None:
    assert total(october(row(id="vm-A"), row(id="vm-a"))) == "20.00 EUR"


def read(kind: InvoiceKind, *rows: dict[str, Any]) -> Listing[Invoice]:
    return invoices.invoices(ORG, kind, OCTOBER, json.dumps(rows).encode())


def counted(listing: Listing[Invoice]) -> list[str]:
    return [f"{bill.total}" for bill in listing.rows if bill.counts]


def legal(own_id: str, amount: int = 11900, **fields: Any) -> dict[str, Any]:
    dated = {"document_date": "2026-11-02", "currency": "EUR", "type": "INVOICE"}
    return {"id": own_id, "amount": amount, **dated, **fields}


def test_an_invoice_that_comes_again_with_its_id_in_capitals_counts_once() -> None:
    mirrored = {"period": "2026-10", "total": {"cents": 1000, "currency_iso": "EUR"}}
    metering = read(
        InvoiceKind.METERING, {"id": RECORD, **mirrored}, {"id": RECORD.upper(), **mirrored}
    )
    assert (counted(metering), metering.gaps) == (["10.00 EUR"], ())
    assert metering.notes == ("1 listed twice, counted once",)
    binding = read(InvoiceKind.LEGAL, legal(RECORD), legal(RECORD.upper()))
    assert (counted(binding), binding.notes) == (["119.00 EUR"], ("1 listed twice, counted once",))


@pytest.mark.parametrize(
    ("cancelled", "cancels"),
    [({"cancel_id": CANCELLATION.upper()}, {}), ({}, {"ref_id": RECORD.upper()})],
)
def test_a_cancellation_is_found_by_an_id_in_capitals(
    cancelled: dict[str, str], cancels: dict[str, str]
) -> None:
    listing = read(
        InvoiceKind.LEGAL,
        legal(RECORD, **cancelled),
        legal(CANCELLATION, -11900, **{"type": "STORNO", **cancels}),
    )
    assert (counted(listing), listing.gaps, listing.notes) == (
        ["119.00 EUR", "-119.00 EUR"],
        (),
        (),
    )
    assert listing.rows[0].cancelled_by == CANCELLATION
