"""What a document lacks that asks for no money changes no sum (CONTRACT.md, 2.3 and 2.4)."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from billfold import Answer, Invoice, InvoiceKind, Period
from billfold_bnerd import invoices
from billfold_bnerd.lists import Listing
from support.mocked import Mocked

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
BASE = "https://api.bnerd.cloud"
LEGAL = f"{BASE}/organizations/{ORG}/invoices"
METERING = f"{BASE}/invoices?organization_id={ORG}"
OCTOBER, AUGUST = Period.month(2026, 10), Period.month(2026, 8)
ROWS = [{"product": "vm", "total": {"cents": 11900, "currency_iso": "EUR"}}]
DAY = "document_date"

Read = Callable[..., Awaitable[Answer[Invoice]]]


def bill(own_id: int, **said: Any) -> dict[str, Any]:
    row = {"id": own_id, "type": "INVOICE", DAY: "2026-11-02", "number": f"RE-{own_id}"}
    return {**row, "amount": 11900, "amount_net": 10000, "currency": "EUR", **said}


def mirror(own_id: str, **said: Any) -> dict[str, Any]:
    money = {"cents": 11900, "currency_iso": "EUR"}
    return {"id": own_id, "period": "2026-10", "total": money, "items": ROWS, **said}


@pytest.fixture
def read(mocked: Mocked, fold_of) -> Read:
    async def ask(period: Period = OCTOBER, *, legal: Any = (), metering: Any = ()) -> Any:
        mocked.get(LEGAL, payload=[*legal])
        mocked.get(METERING, payload=[*metering])
        async with fold_of("bnerd", org=ORG) as fold:
            return await fold.invoices(period)

    return ask


def listed(*rows: Any, kind: InvoiceKind = InvoiceKind.LEGAL) -> Listing[Invoice]:
    return invoices.invoices(ORG, kind, OCTOBER, json.dumps(rows).encode())


NO_BILLS = [
    *({"type": kind} for kind in ("OFFER", "ORDER", "DELIVERY", "REMINDER", "DUNNING", "LETTER")),
    *({"type": kind} for kind in ("PDF", "RECURRING", "PROFORMA_INVOICE", "CHARGE")),
    *({"is_draft": True}, {"status": "draft"}, {"status": "void"}, {"cancelled": True}),
]
LACKING = [
    *({"amount": None, "amount_net": None}, {"currency": None}, {"currency": "CHW?"}),
    *({"amount": "100.50"}, {"amount": -100}, {DAY: None}, {DAY: "soon", "amount": None}),
    *({"service_date": {"type": "SERVICE", "text": "auf Anfrage"}}, {"period": "10/2026"}),
    *({"period": "2026-10", "month": "2026-09"}, {"fees": [{"amount": 5}]}, {"cancel_id": 2}),
]


@pytest.mark.parametrize("lacking", LACKING)
@pytest.mark.parametrize("kind", NO_BILLS)
async def test_what_asks_for_no_money_is_listed_and_lacks_nothing(
    read: Read, kind: Any, lacking: Any
) -> None:
    answer = await read(legal=[bill(1), bill(2, **kind, **lacking)])
    (one, other) = answer
    assert (one.id, other.id, other.counts) == ("1", "2", False)
    assert other.type == kind.get("type", "INVOICE")
    assert str(answer.totals()[InvoiceKind.LEGAL]["EUR"]) == "119.00 EUR"
    assert answer.complete


@pytest.mark.parametrize("lacking", LACKING[:-1])
async def test_a_bill_that_lacks_as_much_is_a_gap(read: Read, lacking: Any) -> None:
    # Of minus 1.00 the net amount is 100.00, which is of the other sign.
    answer = await read(legal=[bill(1), bill(2, **lacking)])
    assert not answer.complete


async def test_what_asks_for_no_money_may_be_of_any_month(read: Read) -> None:
    paper = {"id": 5, "type": "PDF", "number": None, DAY: None, "amount": None}
    answer = await read(AUGUST, legal=[paper])
    assert ([one.type for one in answer], answer.complete) == (["PDF"], True)


@pytest.mark.parametrize("lacking", [{}, {"amount": None}, {DAY: None}])
async def test_a_document_of_an_unknown_type_stays_a_gap(read: Read, lacking: Any) -> None:
    answer = await read(legal=[bill(1), bill(2, type="Rechnung", **lacking)])
    assert not answer.complete
    assert str(answer.totals(partial=True)[InvoiceKind.LEGAL]["EUR"]) == "119.00 EUR"


def test_a_void_bill_counts_beside_its_cancellation_and_lacks_as_one() -> None:
    # 119.00 - 119.00, and fees of 0.05 that are in neither.
    void = bill(1, status="CANCEL", fees=[{"amount": 5}])
    assert listed(void).gaps == ()
    back = bill(2, type="STORNO", ref_id=1, amount=-11900, amount_net=-10000)
    assert listed(void, back).gaps == ("amounts that were not read: `$[0].fees[*].amount`",)


def test_a_document_that_is_listed_again_with_other_content_is_a_gap_where_one_counts() -> None:
    offer, draft = bill(1, type="OFFER"), bill(1, is_draft=True)
    assert listed(offer, {**offer, "amount": 1}).gaps == ()
    assert len(listed(bill(1), draft).gaps) == len(listed(draft, bill(1)).gaps) == 1


@pytest.mark.parametrize(
    "lacking",
    [
        *({"total": None}, {"total": None, "period": None}, {"total": {"cents": 1}}),
        *({"items": [{"product": "x"}]}, {"items": ["x"]}, {"credits": [{"amount": 5}]}),
        {"period": "2026-10", "month": "2026-09"},
    ],
)
@pytest.mark.parametrize("kind", [{"status": "draft"}, {"voided": True}, {"type": "quote"}])
async def test_a_metering_invoice_that_is_no_bill_yet_lacks_nothing(
    read: Read, kind: Any, lacking: Any
) -> None:
    answer = await read(metering=[mirror("m"), mirror("d", **kind, **lacking)])
    assert [(one.id, one.counts) for one in answer] == [("m", True), ("d", False)]
    assert str(answer.totals()[InvoiceKind.METERING]["EUR"]) == "119.00 EUR"
    assert answer.complete


@pytest.mark.parametrize(
    ("status", "complete"), [("draft", True), ("void", True), ("open", False), (None, False)]
)
async def test_the_lines_of_what_asks_for_no_money_may_be_missing(
    mocked: Mocked, read: Read, status: str | None, complete: bool
) -> None:
    mocked.get(f"{BASE}/invoices/d", status=404, payload={"error": "gone"})
    answer = await read(metering=[mirror("m"), mirror("d", status=status, items=None)])
    assert ([one.id for one in answer], answer.complete) == (["m", "d"], complete)
    assert str(answer.totals(partial=True)[InvoiceKind.METERING]["EUR"]) == (
        "119.00 EUR" if complete else "238.00 EUR"
    )


@pytest.mark.parametrize("listed", [{"status": "draft"}, {"type": "quote"}, {"voided": True}])
async def test_a_draft_of_the_list_that_is_open_by_itself_counts_and_is_a_gap(
    mocked: Mocked, read: Read, listed: Any
) -> None:
    mocked.get(f"{BASE}/invoices/d", payload=mirror("d", status="open"))
    answer = await read(metering=[mirror("d", **listed, items=None)])
    assert str(answer.totals(partial=True)[InvoiceKind.METERING]["EUR"]) == "119.00 EUR"
    assert not answer.complete
