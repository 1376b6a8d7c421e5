"""One invoice, read alone, says what the list says of it, or less and that it does."""

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import Answer, Invoice, InvoiceKind, State
from billfold_bnerd import invoices, one_invoice
from support.mocked import Mocked

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
BASE = "https://api.bnerd.cloud"
LEGAL = f"{BASE}/organizations/{ORG}/invoices"
METERING = f"{BASE}/invoices?organization_id={ORG}"
MIRROR = "70000000-0000-4000-8000-000000000001"
OTHER = "70000000-0000-4000-8000-000000000002"


def document(own_id: int, amount: int = 11900, **fields: Any) -> dict[str, Any]:
    dated = {"document_date": "2026-11-02", "currency": "EUR", "type": "INVOICE"}
    return {"id": own_id, "amount": amount, **dated, **fields}


def mirrored(own_id: str = MIRROR, cents: int = 1000, **fields: Any) -> dict[str, Any]:
    total = {"cents": cents, "currency_iso": "EUR"}
    return {"id": own_id, "period": "2026-10", "total": total, **fields}


@pytest.fixture
def read(mocked: Mocked, fold_of: Any) -> Any:
    """Return what is answered of the first row of a list, each of which is there alone, too."""

    async def ask(address: str, *rows: Any, alone: Any = None, **listing: Any) -> Answer[Invoice]:
        row = alone or rows[0]
        if address == LEGAL:
            mocked.get(f"{BASE}/invoices/{row['id']}", status=404, payload={}, repeat=True)
            mocked.get(f"{LEGAL}/{row['id']}", payload=row)
        else:
            mocked.get(f"{BASE}/invoices/{row['id']}", payload={"items": [], **row})
        mocked.get(address, **(listing or {"payload": [*rows]}), repeat=True)
        async with fold_of("bnerd", org=ORG) as fold:
            return await fold.invoice("acct", str(row["id"]))

    return ask


def said(answer: Answer[Invoice]) -> tuple[str, bool, str | None, State]:
    (bill,), (row,) = answer.items, answer.coverage
    return str(bill.total), bill.counts, bill.cancelled_by, row.state


CANCELLED = document(1, cancel_id=2)
BACK = document(2, type="STORNO", ref_id=1)


async def test_a_cancelled_invoice_names_what_took_it_back_and_both_add_up_to_nothing(
    read: Any,
) -> None:
    answer = await read(LEGAL, CANCELLED, BACK)
    assert said(answer) == ("119.00 EUR", True, "2", State.COMPLETE)
    answer = await read(LEGAL, BACK, CANCELLED)
    assert said(answer) == ("-119.00 EUR", True, None, State.COMPLETE)
    assert answer.coverage[0].detail == "STORNO 2 is written without a sign, and takes 1 back"


async def test_what_only_the_other_document_says_is_read_in_the_list(read: Any) -> None:
    # 119.00 that nothing on the invoice itself says to be taken back.
    answer = await read(LEGAL, document(1), document(2, -11900, type="STORNO", ref_id=1))
    assert said(answer) == ("119.00 EUR", True, "2", State.COMPLETE)


async def test_a_second_id_that_only_the_list_states_is_its_own(read: Any) -> None:
    # 2 takes 9001 back, and only the list says that this is 1.
    back = document(2, -11900, type="STORNO", ref_id=9001)
    answer = await read(LEGAL, document(1, external_id=9001), back, alone=document(1))
    assert said(answer) == ("119.00 EUR", True, "2", State.COMPLETE)


async def test_a_sign_that_is_not_sure_is_unknown_alone_too(read: Any) -> None:
    answer = await read(LEGAL, document(3, type="CREDIT"))
    assert said(answer) == ("None", True, None, State.PARTIAL)
    why = "3 is a CREDIT over 119.00 EUR, whose sign is not documented"
    assert answer.coverage[0].detail == f"{why}; 1 without a stated amount"


async def test_what_was_paid_in_part_is_said(read: Any) -> None:
    answer = await read(LEGAL, document(1, paid_amount=5000))
    assert said(answer) == ("119.00 EUR", True, None, State.COMPLETE)
    assert answer.coverage[0].detail == "invoice 1 asks for 119.00 EUR, and 50.00 EUR was paid"


async def test_gaps_of_a_metering_invoice_are_the_answers(read: Any) -> None:
    credits = [{"amount": {"cents": -300, "currency_iso": "EUR"}}]
    answer = await read(METERING, mirrored(status="refunded", credits=credits))
    assert said(answer) == ("10.00 EUR", True, None, State.PARTIAL)
    assert answer.coverage[0].detail == (
        "a status that is not known, and counted - at `$.status`; "
        "amounts that were not read: `$.credits[*].amount`"
    )


async def test_gaps_of_other_documents_are_none_of_its_business(read: Any) -> None:
    odd = document(2, status="refunded", paid_amount=5000)
    answer = await read(LEGAL, document(1), odd)
    assert (said(answer)[3], answer.coverage[0].detail) == (State.COMPLETE, None)


async def test_a_metering_invoice_has_what_it_leaves_out_from_the_list(read: Any) -> None:
    answer = await read(METERING, mirrored(status="void"), alone=mirrored())
    assert said(answer) == ("10.00 EUR", False, None, State.COMPLETE)
    answer = await read(METERING, mirrored(OTHER, -1000), mirrored(status="void"))
    assert said(answer)[3] is State.PARTIAL
    assert f"may take {MIRROR} back" in answer.coverage[0].detail


@pytest.mark.parametrize(
    ("one", "total", "counts"),
    [
        (document(1), "119.00 EUR", True),
        (document(1, cancel_id=2), "119.00 EUR", False),
        (document(2, type="STORNO", ref_id=1), "None", True),
    ],
)
async def test_without_the_list_what_it_says_is_not_known_and_said_so(
    read: Any, one: Any, total: str, counts: bool
) -> None:
    answer = await read(LEGAL, one, status=403, payload={})
    assert said(answer)[:2] == (total, counts)
    assert said(answer)[3] is State.PARTIAL
    assert "what the list says of it is not known: 403" in answer.coverage[0].detail


async def test_one_that_is_not_in_the_list_is_partial(read: Any) -> None:
    answer = await read(LEGAL, document(9), alone=document(1))
    assert said(answer) == ("119.00 EUR", True, None, State.PARTIAL)
    assert answer.coverage[0].detail == "it is not in the list, and what that says is not known"


async def test_a_list_of_which_a_page_is_missing_may_hold_what_took_it_back(read: Any) -> None:
    body = {"items": [document(1)], "page": 1, "pages": 2}
    answer = await read(LEGAL, document(1), payload=body)
    assert said(answer)[3] is State.PARTIAL
    assert "one page of several" in answer.coverage[0].detail


async def test_another_total_in_the_list_fails_a_check(read: Any) -> None:
    answer = await read(LEGAL, document(1, 12000), alone=document(1))
    assert said(answer) == ("119.00 EUR", True, None, State.COMPLETE)
    assert [str(check.gap) for check in answer.items[0].checks] == ["1.00 EUR"]
    answer = await read(
        LEGAL, {**document(1), "amount": None}, alone=document(1)
    )  # the list leaves it out
    assert said(answer) == ("119.00 EUR", True, None, State.COMPLETE)


@st.composite
def lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return documents of a list that name each other in several ways, in any order."""
    rows, count = [], draw(st.integers(2, 5))
    for own_id in range(1, count + 1):
        kind = draw(st.sampled_from(["INVOICE", "INVOICE", "STORNO", "CREDIT"]))
        amount = draw(st.sampled_from([10000, 11900])) * (1 if kind == "INVOICE" else -1)
        row = document(own_id, amount, type=kind, number=f"RE-{own_id}", easybill_id=9000 + own_id)
        row["document_date"] = draw(st.sampled_from(["2026-10-02", "2026-11-02", "2026-11-20"]))
        one, other = (draw(st.integers(1, count)) for _ in range(2))
        said = draw(
            st.sampled_from(
                [
                    *({}, {"ref_id": one}, {"document_ids": [one, other]}, {"ref_id": 9000 + one}),
                    *({"text": f"zu RE-{one}, ersetzt durch RE-{other}"}, {"cancel_id": one}),
                    *({"superseded_by": one}, {"cancel_id": 9000 + one}, {"is_draft": True}),
                ]
            )
        )
        rows.append(row | said)
    return list(draw(st.permutations(rows)))


@given(lists())
def test_one_invoice_is_what_its_list_says_of_it(rows: list[dict[str, Any]]) -> None:
    body = json.dumps(rows).encode()
    listing = invoices.invoices(ORG, InvoiceKind.LEGAL, None, body)
    in_list = {one.id: one for one in listing.rows}
    for row in rows:
        own_id = str(row["id"])
        alone = one_invoice.invoice(ORG, InvoiceKind.LEGAL, own_id, json.dumps(row).encode())
        one = one_invoice.beside_list(ORG, InvoiceKind.LEGAL, alone, body)
        assert [*one.rows] == [in_list[own_id]]
        # Paths are of the list there, and of the document here.
        assert {gap.partition(" - at ")[0] for gap in one.gaps} <= {
            gap.partition(" - at ")[0] for gap in listing.gaps
        }


@pytest.mark.parametrize("said", [{"text": "Storno zu RE-1, ersetzt durch RE-2"}, {"ids": [1, 2]}])
async def test_of_the_invoices_that_a_cancellation_names_it_takes_that_over_its_amount_back(
    said: Any, read: Any
) -> None:
    # 100.00 were billed, taken back, and billed anew as 101.00.
    named = {"document_ids": said["ids"]} if "ids" in said else said
    first, second = document(1, 10000, number="RE-1"), document(2, 10100, number="RE-2")
    storno = document(3, -10000, type="STORNO", number="ST-3", **named)
    for rows in permutations((first, second, storno)):
        body = json.dumps(rows).encode()
        listing = invoices.invoices(ORG, InvoiceKind.LEGAL, None, body)
        assert {one.id: (one.cancelled_by, one.corrects) for one in listing.rows} == {
            "1": ("3", None),
            "2": (None, None),
            "3": (None, "1"),
        }
    assert said_of(await read(LEGAL, second, storno, first, alone=first)) == "3"
    assert said_of(await read(LEGAL, first, storno, second, alone=first)) == "3"


def said_of(answer: Answer[Invoice]) -> str | None:
    (one,) = answer.items
    return one.cancelled_by


@pytest.mark.parametrize("text", ["zu RE-1, ersetzt durch RE-2", "Storno: RE-1 (neu: RE-2)"])
def test_of_two_invoices_over_its_amount_a_cancellation_takes_the_older_back(text: str) -> None:
    # One day's go by the order of the sentence.
    for day in ("2026-11-02", "2026-11-03"):
        first = document(1, 10000, number="RE-1")
        second = document(2, 10000, number="RE-2", document_date=day)
        storno = document(3, -10000, type="STORNO", number="ST-3", text=text)
        for rows in permutations((first, second, storno)):
            body = json.dumps(rows).encode()
            listing = invoices.invoices(ORG, InvoiceKind.LEGAL, None, body)
            assert {one.id: one.cancelled_by for one in listing.rows} == {
                "1": "3",
                "2": None,
                "3": None,
            }
