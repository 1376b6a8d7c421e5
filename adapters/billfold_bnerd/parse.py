"""What b'nerd's replies mean, but for the invoices, which are in ``invoices``. Pure."""

from datetime import datetime, timedelta
from functools import partial

from msgspec import Raw

from billfold.model import (
    Category,
    Charge,
    PaymentMethod,
    Subscription,
    Usage,
    number_duplicates,
    qualify_ids,
    with_residual,
)
from billfold.period import Period, utc_text
from billfold.wire import Problem, decode_or_none, parse_rows
from billfold_bnerd import wire
from billfold_bnerd.lists import PAGED, Listing, decode_list, is_foreign, parse_own
from billfold_bnerd.usage import UsageReply, UsageRow
from billfold_bnerd.values import moment, unfit

SERVICE = "b'nerd Cloud"


def problem(body: bytes) -> Problem:
    """Return what an error body says, in the envelope or outside of it (section 1.4)."""
    reply = _error_reply(body)
    codes = filter(None, [_text(item.code) for item in reply.errors])
    message = "; ".join(filter(None, map(_sentence, reply.errors))) or _text(reply.error)
    return Problem(next(codes, None), message, _text(reply.request_id))


def is_rate_limited(body: bytes) -> bool:
    """Return whether an error body names a rate limit, which may come under any status."""
    return any(_text(item.code) == "rate_limited" for item in _error_reply(body).errors)


def _error_reply(body: bytes) -> wire.ErrorReply:
    return decode_or_none(Raw(body), wire.ErrorReply) or wire.ErrorReply()


def _sentence(item: wire.ErrorItem) -> str:
    message = _text(item.message) or _text(item.code) or ""
    meta = decode_or_none(item.meta, wire.ErrorMeta) or wire.ErrorMeta()
    wrong = (meta.validation_errors or {}).items()
    fields = "; ".join(f"{name} {' and '.join(messages)}" for name, messages in wrong)
    fields = fields or _text(item.field) or ""
    return f"{message} ({fields})".strip() if fields else message.strip()


def _text(field: Raw) -> str | None:
    return decode_or_none(field, str)


def window_bounds(window: Period) -> tuple[str, str]:
    """Return the bounds as they are sent; the last second stands for the end (section 3.9)."""
    return utc_text(window.start), utc_text(window.end - timedelta(seconds=1))


def usage(
    org: str, requested: Period | None, window: Period, reply: UsageReply, request: str = ""
) -> Listing[Usage]:
    """Return one month's rows as a usage; ``request`` is what was sent for them."""
    listing = parse_own(
        Listing(reply.rows, (PAGED,) if reply.more else ()),
        org,
        lambda row, _: charge(org, window, request, row),
    )
    total, reason = reply.total.money, reply.total.reason
    is_shared = len(listing.rows) < len(reply.rows) or is_foreign(reply.organization_id, org)
    if total is not None and is_shared:
        total, reason = None, "other organizations' rows are in it"
    notes = (f"the total over the rows is not used: {reason}",) if reason else ()
    # The days of one product differ by their start.
    dated = qualify_ids(listing.rows, lambda charge: f"@{utc_text(charge.period.start)}")
    charges = number_duplicates(dated)
    month = with_residual(
        Usage(requested, window, charges, billing_account_id=org, stated_total=total),
        check="stated total vs. rows",
        residual_id=f"{org}/{window.start:%Y-%m}/residual",
        service=SERVICE,
        source=f"{request}#/total",
    )
    return Listing([month], listing.gaps, (*listing.notes, *notes))


def charge(org: str, window: Period, request: str, row: UsageRow) -> Charge:
    """Return a row as a charge; without a time of its own it is for the window."""
    cost = row.cost.money
    category = Category.CREDIT if cost is not None and cost.amount < 0 else Category.USAGE
    product = {} if row.product.id is None else {"product_id": row.product.id}
    return Charge(
        _charge_id(org, window, row, category),
        category,
        row.period or window,
        row.product.name or row.product.id or SERVICE,
        cost,
        org,
        sub_account_id=row.project.id or row.project.name,
        sub_account_name=row.project.name,
        resource_id=row.subscription_id,
        resource_type="subscription" if row.subscription_id else None,
        quantity=row.quantity,
        unit=row.unit,
        unit_price=row.unit_price,
        reason=row.cost.reason,
        # Whether the API counts the last second is not documented (section 3.9).
        tags={**row.rest, **product, "asked": "/".join(window_bounds(window))},
        source=request if row.pointer is None else f"{request}#{row.pointer}",
    )


def _charge_id(org: str, window: Period, row: UsageRow, category: Category) -> str:
    """Return an id made of what is charged in which month.

    The server cuts a row's bounds to the window requested, so only a time that no window cuts is
    part of it: an hour's or a day's.
    """
    stamp = None
    if row.stamped and row.period and row.period.end - row.period.start <= timedelta(days=1):
        stamp = f"@{utc_text(row.period.start)}"
    parts = (
        org,
        f"{window.start:%Y-%m}",
        row.project.id or row.project.name or "-",
        row.product.id or row.product.name or "-",
        row.subscription_id,
        row.id,
        "credit" if category is Category.CREDIT else None,
        stamp,
    )
    return "/".join(filter(None, parts))


def subscriptions(org: str, body: bytes) -> Listing[Subscription]:
    """Return the organization's subscriptions: ids and dates, no price (section 2.2)."""
    listing = decode_list(body, tuple[wire.Subscription, ...], "subscriptions")
    return parse_own(listing, org, subscription)


def subscription(row: wire.Subscription, path: str = "$") -> Subscription:
    """Return one subscription, which stands at ``path``; one without an end is active."""
    return Subscription(
        row.id,
        product_id=row.product_id,
        sub_account_id=row.project_id,
        start=_moment(row.start_date, f"{path}.start_date"),
        end=None if row.end_date is None else _moment(row.end_date, f"{path}.end_date"),
        billing_account_id=row.organization_id,
    )


def _moment(value: str, path: str) -> datetime:
    time = moment(value)
    if time is None:
        raise unfit("neither a date nor a time with its offset", path)
    return time


def payment_methods(org: str, body: bytes) -> Listing[PaymentMethod]:
    """Return the stored payment methods (section 2.6)."""
    listing = decode_list(body, tuple[wire.PaymentMethod, ...], "payment_methods")
    methods = parse_rows(listing.path, listing.rows, partial(payment_method, org))
    return Listing(methods, listing.gaps)


def payment_method(org: str, row: wire.PaymentMethod) -> PaymentMethod:
    """Return one payment method; digits are text, and fewer than four lost their leading zeros."""
    return PaymentMethod(
        row.id,
        row.payment_type,
        row.default,
        row.brand,
        None if row.last4 in (None, "") else str(row.last4)[-4:].zfill(4),
        _integer_or_none(row.exp_month),
        _integer_or_none(row.exp_year),
        row.iban,
        billing_account_id=org,
    )


def _integer_or_none(value: str | int | None) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def attached(org: str, body: bytes) -> PaymentMethod | None:
    """Return what attaching answers, None for anything else: the change is made (section 2.7)."""
    row = decode_or_none(Raw(body), wire.PaymentMethod)
    return None if row is None else payment_method(org, row)
