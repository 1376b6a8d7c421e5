"""What legal invoices still ask for, as far as they state when they are due and were paid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from billfold.model.invoices import Invoice, InvoiceKind, is_paid
from billfold.money import Money, sum_by_currency


class OpenAmount(Struct, frozen=True):
    """What is to be paid in one currency, and how much of it was due before today.

    ``credits`` is what credits without a due date give back, which is not taken from it.
    """

    open: Money
    overdue: Money
    credits: Money | None = None


def open_amounts(invoices: Iterable[Invoice], today: date) -> tuple[OpenAmount, ...]:
    """Return what is to be paid per currency: a due date is stated, and no payment.

    What was taken back asks for nothing, nor does what takes it back. Partial payments are in no
    record, so an invoice is open whole or not at all. Of what credits leave open no more is overdue
    than that. What a credit without a due date gives back may have been paid out, and stands apart.
    """
    legal = [invoice for invoice in invoices if invoice.kind is InvoiceKind.LEGAL]
    settled = {(each.account, each.cancelled_by) for each in legal if each.cancelled_by}
    unpaid = [
        (each.total, each.due_on)
        for each in legal
        if each.total is not None
        and each.counts
        and not is_paid(each)
        and each.cancelled_by is None
        and (each.account, each.id) not in settled
    ]
    due = [(total, due_on) for total, due_on in unpaid if due_on is not None]
    undated = (total for total, due_on in unpaid if due_on is None and total.amount < 0)
    credits = sum_by_currency(undated)
    open_by_currency = sum_by_currency(total for total, _ in due)
    overdue = sum_by_currency(total for total, due_on in due if due_on < today)
    return tuple(
        OpenAmount(
            amount,
            min(overdue.get(currency, Money.zero(currency)), amount),
            credits.get(currency),
        )
        for currency, amount in open_by_currency.items()
    )
