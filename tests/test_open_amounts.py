"""What invoices still ask for; the sums are written by hand."""

from datetime import date
from decimal import Decimal

from attrs import evolve

from billfold.model import (
    Invoice,
    InvoiceKind,
    OpenAmount,
    is_overdue,
    open_amounts,
    payment_text,
)
from billfold.money import Money

TODAY = date(2026, 11, 20)


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


def invoice(ident: str, total: str, due: date | None, paid: date | None = None) -> Invoice:
    return Invoice(ident, InvoiceKind.LEGAL, eur(total), due_on=due, paid_on=paid, account="cloud")


LATE = invoice("1", "119.00", date(2026, 11, 19))
DUE = invoice("2", "59.50", TODAY)
PAID = invoice("3", "1000.00", date(2026, 10, 1), date(2026, 9, 30))


def test_what_is_not_paid_is_open_and_overdue_from_the_day_after() -> None:
    assert open_amounts([LATE, DUE, PAID], TODAY) == (OpenAmount(eur("178.50"), eur("119.00")),)
    assert open_amounts([DUE], TODAY) == (OpenAmount(eur("59.50"), eur("0.00")),)
    assert open_amounts([PAID], TODAY) == ()


def test_what_its_status_says_was_paid_is_not_open() -> None:
    for status in ("paid", " PAID ", "settled", "bezahlt"):
        paid = evolve(LATE, status=status)
        assert open_amounts([paid], TODAY) == ()
        assert not is_overdue(paid, TODAY)
        assert payment_text(paid, TODAY) == status
    for status in ("unpaid", "partially_paid", "open", None):
        assert is_overdue(evolve(LATE, status=status), TODAY)


def test_a_credit_note_takes_from_what_is_open() -> None:
    credit = evolve(invoice("4", "-19.00", date(2026, 11, 30)), type="CREDIT")
    assert open_amounts([LATE, credit], TODAY) == (OpenAmount(eur("100.00"), eur("100.00")),)
    assert open_amounts([LATE, DUE, credit], TODAY) == (OpenAmount(eur("159.50"), eur("119.00")),)


def test_a_credit_note_without_a_due_date_is_stated_beside_what_is_open() -> None:
    # 2.38 of 8.85 were given back: 6.47 are to be paid where they were not paid out.
    bill = invoice("1", "8.85", date(2026, 11, 30))
    credit = evolve(invoice("2", "-2.38", None), type="CREDIT")
    credited = OpenAmount(eur("8.85"), eur("0.00"), eur("-2.38"))
    assert open_amounts([bill, credit], TODAY) == (credited,)
    assert open_amounts([bill, evolve(credit, status="paid")], TODAY)[0].credits is None
    assert open_amounts([bill, evolve(credit, counts=False)], TODAY)[0].credits is None


def test_what_gives_money_back_is_never_due() -> None:
    for status in ("DONE", None):
        credit = evolve(invoice("4", "-19.00", date(2026, 11, 1)), type="CREDIT", status=status)
        assert not is_overdue(credit, TODAY)
        assert payment_text(credit, TODAY) == status


def test_what_was_taken_back_and_what_takes_it_back_ask_for_nothing() -> None:
    cancelled = evolve(LATE, cancelled_by="9")
    storno = evolve(invoice("9", "-119.00", date(2026, 11, 30)), type="STORNO")
    assert open_amounts([cancelled, storno, DUE], TODAY) == (OpenAmount(eur("59.50"), eur("0")),)
    # another account's invoice of that id is another invoice
    other = evolve(storno, account="other", total=eur("7.00"))
    (found,) = open_amounts([cancelled, other], TODAY)
    assert found.open == eur("7.00")


def test_what_states_no_due_date_no_total_or_counts_nothing_is_not_added_up() -> None:
    silent = [
        evolve(LATE, due_on=None),
        evolve(LATE, total=None),
        evolve(LATE, counts=False),
        evolve(LATE, kind=InvoiceKind.METERING),
    ]
    assert open_amounts(silent, TODAY) == ()


def test_currencies_are_apart() -> None:
    dollars = evolve(DUE, total=Money(Decimal("10.00"), "USD"))
    assert open_amounts([dollars, LATE], TODAY) == (
        OpenAmount(eur("119.00"), eur("119.00")),
        OpenAmount(Money(Decimal("10.00"), "USD"), Money(Decimal(0), "USD")),
    )
