"""The shapes of Acme's replies."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from billfold.wire import Time


class Balance(Struct, frozen=True, gc=False):
    """``GET /v1/balance``: whole units of a currency, prepaid."""

    amount: Decimal
    currency: str


class Line(Struct, frozen=True, gc=False):
    """One thing that was used, and what it cost."""

    id: str
    started_at: Time
    ended_at: Time
    product: str
    cost: Decimal
    hours: Decimal | None = None
    note: str | None = None


class Lines(Struct, frozen=True, gc=False):
    """``GET /v1/lines``: a page of the lines that started in a window, oldest first."""

    items: tuple[Line, ...]
    next: str | None = None


class Bill(Struct, frozen=True, gc=False):
    """``GET /v1/bill``: what a window costs in all."""

    total: Decimal
    currency: str


class Error(Struct, frozen=True, gc=False):
    """The body of every error; ``wait`` is in seconds."""

    code: str | None = None
    message: str | None = None
    wait: Decimal | None = None
