"""The shapes of Aether's replies, as the provider documents them (contract sections 1 to 3)."""

from __future__ import annotations

import datetime
from decimal import Decimal

from msgspec import Struct

from billfold.wire import Time


class Organization(Struct, frozen=True, gc=False):
    """One row of ``GET /organizations``; the slug is changeable and therefore no key."""

    id: str
    name: str | None = None


class Organizations(Struct, frozen=True, gc=False):
    """A page of organizations; the cursor of the last one is absent, null or empty."""

    items: tuple[Organization, ...]
    next_cursor: str | None = None


class UsageItem(Struct, frozen=True, gc=False):
    """One autoscaling record of one hour, without a price."""

    id: str
    org_id: str
    resource_type: str
    quantity: Decimal
    unit: str
    recorded_at: Time
    cluster_id: str | None = None
    node_pool_id: str | None = None


class Subscription(Struct, frozen=True, gc=False):
    """A flat fee: euros for the whole month, whenever it began in it."""

    kind: str
    name: str
    amount_eur: Decimal
    cluster_id: str | None = None
    node_pool_id: str | None = None


class Usage(Struct, frozen=True, gc=False):
    """``GET /billing/usage``: euros, month to date. Its ``period_end`` has three readings and is left out."""

    org_id: str
    period_start: Time
    total_eur: Decimal
    items: tuple[UsageItem, ...]
    subscriptions: tuple[Subscription, ...]


class DailyPoint(Struct, frozen=True, gc=False):
    """The autoscaling spend of one UTC day: euros."""

    date: datetime.date
    amount_eur: Decimal


class DailySpend(Struct, frozen=True, gc=False):
    """``GET /billing/daily-spend``: every day of the current month through today, which is still growing."""

    points: tuple[DailyPoint, ...]
    total_eur: Decimal


class PaymentMethod(Struct, frozen=True, gc=False):
    """A stored card."""

    id: str
    org_id: str
    is_default: bool
    created_at: Time
    card_brand: str | None = None
    card_last4: str | None = None
    card_exp_month: int | None = None
    card_exp_year: int | None = None


class PaymentMethods(Struct, frozen=True, gc=False):
    """``GET /billing/payment-methods``: not paginated."""

    items: tuple[PaymentMethod, ...]


class Detail(Struct, frozen=True, gc=False):
    """What is wrong with one field of a request."""

    field: str
    message: str


class ErrorBody(Struct, frozen=True, gc=False):
    """The inside of the envelope; ``details`` comes with validation failures."""

    code: str | None = None
    message: str | None = None
    details: tuple[Detail, ...] | None = None


class ErrorReply(Struct, frozen=True, gc=False):
    """``{"error": {...}}``."""

    error: ErrorBody
