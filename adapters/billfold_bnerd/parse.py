"""What b'nerd's replies mean: from wire shapes to the model. Pure; invoices have their own module."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from msgspec import Raw

from billfold.errors import ConfigError, DriftError, PeriodError, RateLimitedError, RequestError
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
from billfold.money import Money
from billfold.period import Period, utc_text
from billfold.secret import Secret
from billfold.wire import Problem, decode, decode_or_none
from billfold_bnerd import wire
from billfold_bnerd.lists import PAGED, Listing, is_others, listed, ours
from billfold_bnerd.usage_decoder import UsageReply, UsageRow
from billfold_bnerd.untyped import moment

PROVIDER = "bnerd"
SERVICE = "b'nerd Cloud"
_DAY = timedelta(days=1)


def problem(body: bytes) -> Problem:
    """Read an error body, in the envelope or outside of it; any other says nothing (section 1.4)."""
    try:
        reply = decode(body, wire.ErrorReply)
    except DriftError:
        return Problem()
    codes = [_text(item.code) for item in reply.errors]
    said = [sentence for item in reply.errors if (sentence := _sentence(item))]
    # A limit may come under any status; the code alone makes it worth waiting for (section 4).
    kind = RateLimitedError if "rate_limited" in codes else None
    message = "; ".join(said) or _text(reply.error)
    return Problem(next(filter(None, codes), None), message, _text(reply.request_id), kind=kind)


def _sentence(item: wire.ErrorItem) -> str:
    meta, field = decode_or_none(item.meta, wire.ErrorMeta), _text(item.field)
    fields = (meta and meta.validation_errors) or {}
    wrong = [f"{name} {' and '.join(said)}" for name, said in fields.items()] or (
        [field] if field else []
    )
    return " ".join(
        [
            _text(item.message) or _text(item.code) or "",
            *([f"({'; '.join(wrong)})"] if wrong else []),
        ]
    ).strip()


def _text(field: Raw) -> str | None:
    return decode_or_none(field, str)


def asked(window: Period) -> tuple[str, str]:
    """Write a half-open window as the API takes it: whole UTC seconds with ``Z``, the last one included (section 3, Window).

    Raises RequestError for a fraction of a second, which cannot be asked for.
    """
    for bound in (window.start, window.end):
        if bound.microsecond:
            raise RequestError(
                f"b'nerd counts whole seconds; ask for a period without the fraction of {utc_text(bound)}"
            )
    return utc_text(window.start), utc_text(window.end - timedelta(seconds=1))


def usage(
    account: str,
    org: str,
    requested: Period | None,
    window: Period,
    reply: UsageReply,
    request: str = "",
) -> Listing[Usage]:
    """Read one month's rows as charges; a total stated over them all decides, and a difference becomes visible.

    ``request`` is what was sent for them.
    """
    mine = ours(Listing(reply.rows, (PAGED,) if reply.more else ()), org)
    charges = number_duplicates(
        qualify_ids(mine.each(partial(charge, account, org, window, request)).rows, _start)
    )
    total, unused = _total(org, reply, len(mine.rows) < len(reply.rows))
    month = Usage(requested, window, charges, billing_account_id=org, stated_total=total)
    residual = f"{org}/{window.start:%Y-%m}/residual"
    settled = with_residual(
        month,
        check="stated total = rows",
        residual_id=residual,
        service=SERVICE,
        source=f"{request}#/total",
    )
    return Listing((settled,), mine.gaps, (*mine.notes, *unused))


def _total(org: str, reply: UsageReply, shared: bool) -> tuple[Money | None, tuple[str, ...]]:
    """Take the total stated over the rows where it is ours alone; else why it is not used."""
    why = reply.total.reason
    if reply.total.money is not None and (shared or is_others(reply.organization_id, org)):
        why = "other organizations' rows are in it"
    return (
        (None, (f"the total over the rows is not used: {why}",)) if why else (reply.total.money, ())
    )


def charge(account: str, org: str, window: Period, request: str, row: UsageRow) -> Charge:
    """Read a row; without times of its own it stands for the window. Tags keep what of it was not understood."""
    cost, credit = row.cost.money, row.cost.money is not None and row.cost.money.amount < 0
    return Charge(
        id=_charge_id(org, window, row, credit),
        category=Category.CREDIT if credit else Category.USAGE,
        period=row.period or window,
        service=row.product.name or row.product.id or SERVICE,
        cost=cost,
        billing_account_id=org,
        sub_account_id=row.project.id or row.project.name,
        sub_account_name=row.project.name,
        resource_id=row.subscription_id,
        resource_type="subscription" if row.subscription_id else None,
        quantity=row.quantity,
        unit=row.unit,
        unit_price=row.unit_price,
        reason=row.cost.reason,
        tags={**row.rest, **_tags(window, row)},
        source=request if row.pointer is None else f"{request}#{row.pointer}",
    )


def _charge_id(org: str, window: Period, row: UsageRow, credit: bool) -> str:
    """Make an id of what is charged in which month.

    The server cuts a row's bounds to the window asked, so only a time that no window cuts is part of it.
    """
    stamp = (
        row.period
        if row.stamped and row.period is not None and row.period.end - row.period.start <= _DAY
        else None
    )
    parts = (
        org,
        f"{window.start:%Y-%m}",
        row.project.id or row.project.name or "-",
        row.product.id or row.product.name or "-",
        row.subscription_id,
        row.id,
        "credit" if credit else None,
        stamp and f"@{utc_text(stamp.start)}",
    )
    return "/".join(part for part in parts if part)


def _start(charge: Charge) -> str:
    """Tell charges that share an id qualify_ids, as the days of one product do."""
    return f"@{utc_text(charge.period.start)}"


def _tags(window: Period, row: UsageRow) -> dict[str, str]:
    # Whether the API counts the second it is sent as the end is not documented: the window as sent stays with the number.
    tags = {"asked": "/".join(asked(window))}
    return tags if row.product.id is None else {"product_id": row.product.id, **tags}


def subscriptions(account: str, org: str, body: bytes) -> Listing[Subscription]:
    """Read the organization's subscriptions: ids and dates, no price (section 2.2)."""
    return ours(listed(body, tuple[wire.Subscription, ...], "subscriptions"), org).each(
        partial(subscription, account)
    )


def subscription(account: str, row: wire.Subscription) -> Subscription:
    """Read one subscription; an end that is not stated means active."""
    return Subscription(
        row.id,
        product_id=row.product_id,
        sub_account_id=row.project_id,
        start=_moment(row.start_date, "start_date"),
        end=None if row.end_date is None else _moment(row.end_date, "end_date"),
        billing_account_id=row.organization_id,
    )


def _moment(value: str, key: str) -> datetime:
    read = moment(value)
    if read is None:
        raise PeriodError(f"{key} is neither a date nor a time with its offset")
    return read


def payment_methods(account: str, org: str, body: bytes) -> Listing[PaymentMethod]:
    """Read the stored payment methods (section 2.6)."""
    return listed(body, tuple[wire.PaymentMethod, ...], "payment_methods").each(
        partial(payment_method, account, org)
    )


def payment_method(account: str, org: str, row: wire.PaymentMethod) -> PaymentMethod:
    """Read one payment method; digits are text, and a number of fewer than four lost its leading zeros."""
    return PaymentMethod(
        row.id,
        row.payment_type,
        row.default,
        row.brand,
        None if row.last4 in (None, "") else str(row.last4)[-4:].zfill(4),
        _whole(row.exp_month),
        _whole(row.exp_year),
        row.iban,
        billing_account_id=org,
    )


def _whole(value: str | int | None) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def attached(account: str, org: str, body: bytes) -> PaymentMethod | None:
    """Read what attaching answers; the change is made whatever the body says (section 2.7)."""
    try:
        return payment_method(account, org, decode(body, wire.PaymentMethod))
    except DriftError:
        return None


def client_secret(body: bytes) -> Secret:
    """Read the secret of a set-up intent."""
    try:
        return Secret(decode(body, wire.SetupIntent).client_secret)
    except ConfigError:
        raise DriftError(
            "the reply does not fit its contract: the secret is empty or not sendable - at `$.client_secret`"
        ) from None
