"""The shapes of Aether's replies (CONTRACT.md, sections 1 to 3)."""

import datetime
from decimal import Decimal

from msgspec import Struct

from billfold.wire import Cosmetic, Time


class Organization(Struct, frozen=True):
    """An organization that can be requested; the slug can change, so it is no key (section 2)."""

    id: str
    name: str | None = None
    created_at: Time | None = None


class ListedOrganization(Struct, frozen=True):
    """One row of ``GET /organizations``; one without an id is named by the list."""

    id: Cosmetic[str] = None
    name: Cosmetic[str] = None
    created_at: Cosmetic[Time] = None


class Organizations(Struct, frozen=True):
    """A page of organizations; on the last one the cursor is absent, null or empty."""

    items: tuple[ListedOrganization, ...]
    next_cursor: str | int | None = None


# gc=False for what comes by the thousand.
class UsageItem(Struct, frozen=True, gc=False):
    """One autoscaling record of one hour, without a price (section 3.1)."""

    id: str
    org_id: str
    recorded_at: Cosmetic[Time] = None
    quantity: Cosmetic[Decimal] = None
    unit: Cosmetic[str] = None
    resource_type: Cosmetic[str] = None
    cluster_id: Cosmetic[str] = None
    node_pool_id: Cosmetic[str] = None


class Subscription(Struct, frozen=True):
    """A flat fee: euros for the whole month, whenever it began in it (section 4).

    That a reply names the organization here, as its records do, is not documented.
    """

    amount_eur: Decimal
    org_id: Cosmetic[str] = None
    kind: Cosmetic[str] = None
    name: Cosmetic[str] = None
    cluster_id: Cosmetic[str] = None
    node_pool_id: Cosmetic[str] = None


class Usage(Struct, frozen=True):
    """``GET /billing/usage``: euros, month to date (sections 3.1 and 5.6).

    ``period_end`` may be the month's, or the moment of the reply. A list may be null or absent, as
    an empty one is with some servers. The records have no money: each that does not fit is left
    out, and None stands in its place.
    """

    org_id: str
    period_start: Time
    total_eur: Decimal
    items: Cosmetic[tuple[Cosmetic[UsageItem], ...]] = None
    subscriptions: tuple[Subscription, ...] | None = None
    period_end: Cosmetic[Time] = None


class DailyPoint(Struct, frozen=True):
    """The autoscaling spend of one UTC day: euros."""

    date: datetime.date
    amount_eur: Decimal


class DailySpend(Struct, frozen=True):
    """``GET /billing/daily-spend``: the month's days through today, which grows (section 3.2).

    That it names the organization, as the usage does, is not documented.
    """

    points: tuple[DailyPoint, ...] | None
    total_eur: Decimal
    org_id: Cosmetic[str] = None


class PaymentMethod(Struct, frozen=True):
    """A stored card; one without an id is named by its place.

    That a method which is no card has a ``type`` is not documented.
    """

    org_id: str
    id: Cosmetic[str] = None
    type: Cosmetic[str] = None
    is_default: Cosmetic[bool] = None
    created_at: Cosmetic[Time] = None
    card_brand: Cosmetic[str] = None
    card_last4: Cosmetic[str] = None
    card_exp_month: Cosmetic[int] = None
    card_exp_year: Cosmetic[int] = None


class PaymentMethods(Struct, frozen=True):
    """``GET /billing/payment-methods``: all on one page (section 3.3)."""

    items: tuple[PaymentMethod, ...]


class Detail(Struct, frozen=True):
    """What is wrong with one field of a request."""

    field: Cosmetic[str] = None
    message: Cosmetic[str] = None


class ErrorBody(Struct, frozen=True):
    """The inside of an error; ``details`` comes with validation failures (section 1.2)."""

    code: Cosmetic[str] = None
    message: Cosmetic[str] = None
    details: Cosmetic[tuple[Detail, ...]] = None


class ErrorReply(Struct, frozen=True):
    """``{"error": {...}}``."""

    error: ErrorBody
