"""An invoice that takes another one's place never counts beside it in silence (CONTRACT.md, section 2.4)."""

import json
from typing import Any

import pytest

from billfold import InvoiceKind, Money, Period
from billfold_bnerd import invoices, one_invoice
from billfold_bnerd.lists import Listing

ORG = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"
OCTOBER = Period.month(2026, 10)
KINDS = (InvoiceKind.LEGAL, InvoiceKind.METERING)


def bill(kind: InvoiceKind, own_id: int, **said: Any) -> dict[str, Any]:
    """119.00 for October, in either family."""
    if kind is InvoiceKind.METERING:
        total = {"cents": 11900, "currency_iso": "EUR"}
        return {"id": str(own_id), "total": total, "period": "2026-10", "items": [], **said}
    row = {"id": own_id, "type": "INVOICE", "amount": 11900, "currency": "EUR"}
    return {**row, "document_date": "2026-11-02", "number": f"RE-{own_id}", **said}


def listed(kind: InvoiceKind, *rows: Any, period: Period | None = OCTOBER) -> Listing[Any]:
    return invoices.invoices(ORG, kind, period, json.dumps(rows).encode())


def asked(kind: InvoiceKind, *rows: Any, period: Period | None = OCTOBER) -> tuple[str, bool]:
    """Return what October asks for, and whether that is sure."""
    listing, total = listed(kind, *rows, period=period), Money.zero("EUR")
    for one in listing.rows:
        total += one.total if one.counts and one.total is not None else Money.zero("EUR")
    return f"{total.amount:.2f}", not listing.gaps


EARLIER = [
    *({key: 71} for key in ("revision_of", "revises", "amends", "amendment_of", "replaces")),
    *({key: "71"} for key in ("supersedes", "replacement_for", "reissue_of", "revised_from")),
    *({key: 71} for key in ("previous_version_id", "rebill_of", "ersetzt", "korrektur_zu")),
    *({"from_invoice": 71}, {"from_invoice": {"action": "revision", "invoice": "71"}}),
    *({"replaces": [71]}, {"revision_of": {"id": 71}}, {"replaced_invoice_id": 71}),
]
LATER = [
    *({key: 72} for key in ("superseded_by", "replaced_by_invoice_id", "revised_by", "amended_by")),
    *({key: "72"} for key in ("latest_revision", "replacement_id", "ersetzt_durch", "reissued_as")),
    {"superseded_by": {"id": 72}},
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("named", [1, "1"])
def test_an_invoice_that_the_first_of_all_replaced_does_not_count(
    kind: InvoiceKind, named: Any
) -> None:
    assert asked(kind, bill(kind, 1), bill(kind, 2, superseded_by=named)) == ("119.00", True)
    assert asked(kind, bill(kind, 2, superseded_by=named)) == ("119.00", False)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", EARLIER, ids=json.dumps)
def test_an_invoice_that_names_what_it_replaces_makes_the_two_unsure_if_that_counts(
    kind: InvoiceKind, said: Any
) -> None:
    anew = bill(kind, 72, **said)
    assert asked(kind, bill(kind, 71), anew) == ("238.00", False)
    # Stripe voids what was revised, and then the revision alone asks for 119.00.
    assert asked(kind, bill(kind, 71, status="void"), anew) == ("119.00", True)
    assert asked(kind, anew) == ("119.00", True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", LATER, ids=json.dumps)
def test_an_invoice_that_says_what_took_its_place_does_not_count_beside_that(
    kind: InvoiceKind, said: Any
) -> None:
    old, anew = bill(kind, 71, **said), bill(kind, 72)
    assert asked(kind, old, anew) == ("119.00", True)
    assert [one.counts for one in listed(kind, old, anew).rows] == [False, True]
    assert asked(kind, old, anew | {"replaces": 71, "revision_of": 71}) == ("119.00", True)
    # What is void, or not there, took nobody's place for certain.
    assert asked(kind, old, anew | {"status": "draft"}) == ("119.00", True)
    assert asked(kind, old) == ("119.00", False)
    # What was paid is not asked for no more.
    assert asked(kind, old | {"status": "paid"}, anew) == ("238.00", False)


@pytest.mark.parametrize("kind", KINDS)
def test_of_versions_in_turn_the_last_counts_and_of_each_other_all_do(kind: InvoiceKind) -> None:
    def chain(*later: int | None) -> list[Any]:
        return [bill(kind, 71 + n, superseded_by=one) for n, one in enumerate(later)]

    assert asked(kind, *chain(72, 73, None)) == ("119.00", True)
    assert asked(kind, *chain(73, 73, None)) == ("119.00", True)
    assert asked(kind, *chain(72, 73, 71)) == ("357.00", False)


def test_a_credit_of_an_invoice_that_was_replaced_may_be_in_the_new_one() -> None:
    # 119.00 - 11.90 = 107.10, if the new one does not have the credit in it.
    kind = InvoiceKind.LEGAL
    old, anew = bill(kind, 71, superseded_by=72), bill(kind, 72)
    credit = bill(kind, 73, type="CREDIT", amount=-1190, ref_id=71)
    assert asked(kind, old, anew, credit) == ("107.10", False)


@pytest.mark.parametrize(
    "said",
    [
        *({"previous_invoice_id": 71}, {"next_invoice": 71}, {"version": 71}, {"revision": 71}),
        *({"revision_id": 71}, {"revised_at": "2026-11-03T00:00:00Z"}, {"version_number": 71}),
        *({"amended_by": {"id": 71, "name": "Jane"}}, {"customer_id": 71}, {"revised": False}),
    ],
)
def test_what_names_no_other_version_leaves_both_as_they_are(said: Any) -> None:
    kind = InvoiceKind.LEGAL
    september = bill(kind, 71, document_date="2026-10-02")
    assert asked(kind, september, bill(kind, 72, **said), period=None) == ("238.00", True)


def test_what_comes_before_an_invoice_of_the_same_month_may_be_another_version_of_it() -> None:
    for key in ("previous_invoice_id", "copy_of", "next_invoice_number"):
        kind = InvoiceKind.LEGAL
        named: Any = "RE-71" if key.endswith("number") else 71
        assert asked(kind, bill(kind, 71), bill(kind, 72, **{key: named})) == ("238.00", False)


def test_what_took_the_place_of_an_invoice_of_another_month_leaves_both_counted() -> None:
    # Whose id it is, an invoice's or a person's, nothing says.
    kind = InvoiceKind.LEGAL
    september = bill(kind, 71, document_date="2026-10-02", amended_by=72)
    assert asked(kind, september, bill(kind, 72), period=None) == ("238.00", False)


def test_an_invoice_that_is_read_alone_says_what_the_list_says_of_its_place() -> None:
    kind = InvoiceKind.LEGAL
    old, anew = bill(kind, 71, superseded_by=72), bill(kind, 72)
    alone = one_invoice.invoice(ORG, kind, "71", json.dumps(bill(kind, 71)).encode())
    body = json.dumps([old, anew]).encode()
    listing = one_invoice.beside_list(ORG, kind, alone, body)
    assert ([one.counts for one in listing.rows], listing.gaps) == ([False], ())
    assert listing.notes == ("invoice 71 says that 72 took its place, and does not count",)
