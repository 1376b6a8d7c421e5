"""The shapes of Acme's replies.

What carries neither money nor identity nor time is ``Cosmetic``: an odd value there loses no bill.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from billfold.wire import Cosmetic, Time


class WireBalance(Struct, frozen=True, gc=False):
    """``GET /v1/balance``: whole units of a currency, prepaid."""

    amount: Decimal
    currency: str


class WireLine(Struct, frozen=True, gc=False):
    """One thing that was used, and what it cost."""

    id: str
    started_at: Time
    ended_at: Time
    product: str
    cost: Decimal
    hours: Cosmetic[Decimal] = None
    note: Cosmetic[str] = None


class WireLines(Struct, frozen=True, gc=False):
    """``GET /v1/lines``: a page of the lines that started in a window, oldest first."""

    items: tuple[WireLine, ...]
    next: str | None = None


class WireBill(Struct, frozen=True, gc=False):
    """``GET /v1/bill``: what a window costs in all."""

    total: Decimal
    currency: str


class WireDay(Struct, frozen=True, gc=False):
    """What a UTC day costs."""

    date: date
    cost: Decimal


class WireDays(Struct, frozen=True, gc=False):
    """``GET /v1/days``: the days of a window of whole days, as far as they have begun."""

    days: tuple[WireDay, ...]
    currency: str


class WireMovement(Struct, frozen=True, gc=False):
    """A movement on the balance; what was paid in is positive."""

    id: str
    at: Time
    amount: Decimal
    currency: str
    kind: str


class WireMovements(Struct, frozen=True, gc=False):
    """``GET /v1/movements``: a numbered page of all movements, newest first.

    ``pages`` is how many pages there are.
    """

    movements: tuple[WireMovement, ...]
    pages: int


class WireInvoiceLine(Struct, frozen=True, gc=False):
    """A line of an invoice."""

    id: str
    product: str
    cost: Decimal


class WireInvoice(Struct, frozen=True, gc=False):
    """``GET /v1/invoices/{id}``; the list has no lines.

    ``binding`` is whether the law asks for it to be paid, ``status`` an open set of words.
    """

    id: str
    number: str
    binding: bool
    status: str
    total: Decimal
    currency: str
    month: str | None = None
    issued_on: date | None = None
    lines: tuple[WireInvoiceLine, ...] = ()


class WireInvoices(Struct, frozen=True, gc=False):
    """``GET /v1/invoices``: every invoice of the account."""

    invoices: tuple[WireInvoice, ...]


class WireError(Struct, frozen=True, gc=False):
    """The body of every error; ``wait`` is in seconds."""

    code: Cosmetic[str] = None
    message: Cosmetic[str] = None
    wait: Cosmetic[Decimal] = None
