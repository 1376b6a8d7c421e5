"""What tells records apart is the same for ever: a store holds it, and compares by it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from billfold import Money, Stream
from billfold.model import (
    Balance,
    BalanceKind,
    DailyCost,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    Subscription,
)
from billfold.store.records import blocks
from store.world import OCTOBER, charge, entry, usage

AT = datetime(2026, 10, 5, 12, 30, tzinfo=UTC)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


STATED: dict[Stream, tuple[Any, list[str]]] = {
    Stream.USAGE: (
        usage(charge("c1", "1.50", tags={"team": "a", "b": "c"}, quantity=Decimal(2))),
        ['6ea812b9df["acme",null,"2026-10-01T00:00:00Z"]', "20dbbcea51c1"],
    ),
    Stream.DAILY: (
        DailyCost(date=date(2026, 10, 5), cost=eur("0.75"), billing_account_id="acme"),
        ['0177965af4["acme","2026-10-05","all","EUR"]'],
    ),
    Stream.LEDGER: (entry("e1", "-3", AT), ["59574885a2e1"]),
    Stream.INVOICES: (
        Invoice(
            id="i1",
            kind=InvoiceKind.LEGAL,
            total=eur("11.90"),
            billing_account_id="acme",
            lines=(InvoiceLine(id="l1", cost=eur("10")),),
        ),
        ['a2a68db253["legal","i1"]', 'c76557ac40["legal","i1"]l1'],
    ),
    Stream.BALANCES: (
        Balance(
            amount=eur("5"),
            kind=BalanceKind.PREPAID,
            scope="acme",
            billing_account_id="acme",
            as_of=AT,
        ),
        ['31c7b3aa41["acme","prepaid","acme","EUR"]'],
    ),
    Stream.SUBSCRIPTIONS: (
        Subscription(
            id="s1", kind="server", name="web", price=eur("20"), billing_account_id="acme"
        ),
        ['a94e39cf86["acme","s1"]'],
    ),
}


def test_what_a_correction_is_of_tells_it_from_what_an_older_store_holds_of_it() -> None:
    stated, marks = STATED[Stream.INVOICES]
    (header, _) = blocks(Stream.INVOICES, (evolve(stated, corrects="i0"),), OCTOBER, AT)
    assert header.marks != marks[:1]


@pytest.mark.parametrize("stream", STATED, ids=str)
def test_a_record_has_the_mark_that_stores_hold_of_it(stream: Stream) -> None:
    stated, marks = STATED[stream]
    read = blocks(stream, (stated,), OCTOBER, AT)
    assert [mark for block in read for mark in block.marks] == marks
