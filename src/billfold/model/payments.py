"""Subscriptions, stored ways to pay, and credentials that work."""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from billfold.money import Money
from billfold.period import Period, utc_or_none
from billfold.secret_numbers import last_four, mask_iban


@frozen
class Subscription:
    """A standing order of a product.

    ``price`` is the fee of ``period`` where the provider states one; ``end`` None: active.
    """

    provider: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
    id: str
    kind: str | None = None
    name: str | None = None
    product_id: str | None = None
    sub_account_id: str | None = None
    start: datetime | None = field(default=None, converter=utc_or_none)
    end: datetime | None = field(default=None, converter=utc_or_none)
    price: Money | None = None
    period: Period | None = None
    billing_account_id: str | None = None


@frozen
class PaymentMethod:
    """A stored way to pay.

    Only the card's last four digits are kept, and an IBAN only masked, here and everywhere after.
    """

    provider: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
    id: str
    kind: str
    default: bool
    brand: str | None = None
    last4: str | None = field(default=None, converter=last_four)
    exp_month: int | None = None
    exp_year: int | None = None
    iban: str | None = field(default=None, converter=mask_iban)
    created_at: datetime | None = field(default=None, converter=utc_or_none)
    billing_account_id: str | None = None


@frozen
class Credential:
    """A token that was tried and works.

    ``subject`` is whom or what the provider says it belongs to.
    """

    provider: str = field(default="", kw_only=True)
    account: str = field(default="", kw_only=True)
    subject: str
