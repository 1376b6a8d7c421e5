"""Invoices and their lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from billfold.counted import counted
from billfold.model._validators import exact_or_none
from billfold.model.usage import Check
from billfold.money import Money
from billfold.one_line import names, one_line
from billfold.period import Period


class InvoiceKind(StrEnum):
    """Metering is the platform's own statement, legal the binding document.

    The same money, never added up.
    """

    METERING = "metering"
    LEGAL = "legal"


@frozen
class InvoiceLine:
    """One line of an invoice.

    ``cost`` is None, with a ``reason``, where the provider does not state it.
    """

    id: str
    cost: Money | None
    product_id: str | None = None
    product_name: str | None = None
    sub_account_id: str | None = None
    sub_account_name: str | None = None
    description: str | None = None
    quantity: Decimal | None = field(default=None, validator=exact_or_none)
    unit: str | None = None
    unit_price: Money | None = None
    reason: str | None = None


@frozen(repr=False)
class Invoice:
    """A bill.

    ``kind`` tells metering from legal; ``total`` is what it asks for, tax included where ``net`` is
    stated too. ``counts`` is False for a document that asks for no money of its own (a draft, an
    offer, a reminder, a void one): it is listed, and no view adds it up. ``cancelled_by`` is the id
    of the document that took it back; the two count or do not count together. ``corrects`` is the
    id of the document of which it gives money back, or whatever the correction names that one by
    where it is not listed; None for what corrects none, or does not say which.
    """

    provider: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
    id: str
    kind: InvoiceKind
    total: Money | None
    number: str | None = None
    type: str | None = None
    status: str | None = None
    period: Period | None = None
    issued_on: date | None = None
    due_on: date | None = None
    paid_on: date | None = None
    net: Money | None = None
    lines: tuple[InvoiceLine, ...] = ()
    checks: tuple[Check, ...] = ()
    reason: str | None = None
    billing_account_id: str | None = None
    counts: bool = True
    cancelled_by: str | None = None
    corrects: str | None = None

    def __repr__(self) -> str:
        return one_line(
            f"Invoice {names(self.account, self.kind, self.number or self.id, self.period)}",
            counted(len(self.lines), "line"),
            None if self.counts else "not counted",
            "not stated" if self.total is None else self.total.format(),
        )


_PAID = frozenset({"paid", "settled", "bezahlt", "beglichen", "ausgeglichen"})


def says_paid(status: str | None) -> bool:
    """Return whether a status says that an invoice was paid whole."""
    return (status or "").strip().casefold() in _PAID


def is_paid(invoice: Invoice) -> bool:
    """Return whether an invoice was paid whole, by its date of payment or by its status."""
    return invoice.paid_on is not None or says_paid(invoice.status)


def is_overdue(invoice: Invoice, today: date) -> bool:
    """Return whether an invoice asks for money that was to be paid before ``today``."""
    is_open = invoice.counts and invoice.cancelled_by is None and not is_paid(invoice)
    return (
        is_open
        and not _gives_back(invoice)
        and invoice.due_on is not None
        and invoice.due_on < today
    )


def _gives_back(invoice: Invoice) -> bool:
    return invoice.total is not None and invoice.total.amount < 0


def payment_text(invoice: Invoice, today: date) -> str | None:
    """Return what is to be paid until when, or that it asks for no money or was taken back.

    The provider's own word is there where nothing of that is known.
    """
    if not invoice.counts:
        return ", ".join(filter(None, [invoice.status, "not counted"]))
    if invoice.cancelled_by is not None:
        return "cancelled"
    if invoice.paid_on is not None:
        return f"paid {invoice.paid_on}"
    if invoice.due_on is None or is_paid(invoice) or _gives_back(invoice):
        return invoice.status
    return f"{'overdue since' if is_overdue(invoice, today) else 'due'} {invoice.due_on}"
