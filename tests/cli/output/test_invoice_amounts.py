"""What is said below invoices."""

from datetime import UTC, date, datetime
from decimal import Decimal

from attrs import evolve

from billfold.answer import Answer
from billfold.cli.clock import going_by
from billfold.cli.output.invoice_amounts import open_line, tax_line
from billfold.model import Invoice, InvoiceKind, Stream
from billfold.money import Money


def eur(text: str) -> Money:
    return Money(Decimal(text), "EUR")


BILL = Invoice("7", InvoiceKind.LEGAL, eur("119.00"), number="RE-7", net=eur("100.00"))


def answer(*invoices: Invoice) -> Answer[Invoice]:
    return Answer(Stream.INVOICES, None, invoices, ())


def test_what_is_to_be_paid_and_overdue_is_said_per_currency() -> None:
    late = evolve(BILL, due_on=date(2026, 11, 1))
    soon = evolve(BILL, id="8", total=Money(Decimal("10.5"), "USD"), due_on=date(2026, 12, 1))
    with going_by(lambda: datetime(2026, 11, 20, tzinfo=UTC)):
        said = str(open_line(answer(late, soon)))
        assert said == "To be paid: 119.00 EUR, 119.00 of it overdue; 10.50 USD"
        back = evolve(late, id="4", total=Money(Decimal("-2.38"), "EUR"), due_on=None)
        said = str(open_line(answer(late, back)))
        assert said.endswith("119.00 of it overdue, credits of 2.38 not taken off")
        assert open_line(answer(BILL)) == ""


def test_tax_is_what_the_total_has_beyond_the_net_amount_where_both_are_stated() -> None:
    said = str(tax_line(answer(BILL, evolve(BILL, net=None), evolve(BILL, total=None))))
    assert said == "RE-7: net 100.00, tax 19.00, total 119.00 EUR"


def test_a_difference_that_can_be_no_tax_is_none() -> None:
    less = evolve(BILL, total=Money(Decimal(90), "EUR"))
    said = str(tax_line(answer(less, evolve(BILL, total=BILL.net))))
    assert said.splitlines() == [
        "RE-7: net 100.00, no tax but a difference of -10.00, total 90.00 EUR",
        "RE-7: net 100.00, tax 0.00, total 100.00 EUR",
    ]
