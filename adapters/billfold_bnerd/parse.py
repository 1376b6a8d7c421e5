"""What b'nerd says of subscriptions and payment methods. Pure."""

from datetime import datetime
from functools import partial
from typing import TypeVar

from msgspec import Raw

from billfold.model import PaymentMethod, Subscription
from billfold.wire import decode_or_none
from billfold_bnerd import wire
from billfold_bnerd.fields import Fields
from billfold_bnerd.lenient import Lenient
from billfold_bnerd.lists import (
    Listing,
    decode_list,
    decode_row,
    parse_own,
)
from billfold_bnerd.marks import mark
from billfold_bnerd.moments import moment
from billfold_bnerd.repeats import conflict, counted_once
from billfold_bnerd.unread import unread
from billfold_bnerd.values import Node, node_of, text, word_set, words, yes_or_no

# What says that a method is the default, or that a subscription is no more.
_DEFAULT = (("default",), ("default", "payment", "method"), ("default", "method"))
_ENDED = word_set("canceled cancelled ended terminated expired")
_KEPT = "the first reading was kept"
Identified = TypeVar("Identified", Subscription, PaymentMethod)


def _judged(listing: Listing[Identified], read: Lenient) -> Listing[Identified]:
    """Return each record once, and what else there is that nobody read: nothing here has a cost.

    Of two contents the first is kept.
    """
    first: dict[str, Identified] = {}
    for row in listing.rows:
        first.setdefault(row.id, row)
    again = [row for row in listing.rows if first[row.id] is not row]
    gaps, notes = map(list, read.unread.gaps_and_notes(beside_a_total=True))
    conflicts = [row.id for row in again if first[row.id] != row]
    gaps += conflict(conflicts, _KEPT)
    notes += counted_once(len(again) - len(conflicts))
    notes += read.notes()
    whole = Listing(list(first.values()), listing.gaps, listing.notes, listing.path)
    return whole.noting(*notes).missing(*gaps)


def subscriptions(org: str, body: bytes) -> Listing[Subscription]:
    """Return the organization's subscriptions: ids and dates, no price (section 2.2)."""
    read, rows = Lenient(), decode_list(body, "subscriptions")
    return _judged(parse_own(rows, org, partial(subscription, org, read)), read)


def subscription(org: str, read: Lenient, raw: Raw, path: str = "$") -> Subscription:
    """Return one subscription, which stands at ``path``; one without an end is active."""
    row, fields = decode_row(raw, wire.Subscription, path), Fields(node_of(raw))
    read.unread.add(path, unread(fields, wire.Subscription.__struct_fields__, ()))
    product, project = fields.ref("product"), fields.ref("project")
    return Subscription(
        row.id,
        name=product.name,
        product_id=read.text(row.product_id, f"{path}.product_id") or product.id,
        sub_account_id=read.text(row.project_id, f"{path}.project_id") or project.id,
        start=read.moment(row.start_date, f"{path}.start_date"),
        end=read.moment(row.end_date, f"{path}.end_date") or _ended(fields.node, read, path),
        billing_account_id=read.text(row.organization_id, f"{path}.organization_id") or org,
    )


def _ended(node: Node, read: Lenient, path: str) -> datetime | None:
    """Return when a subscription ended that says that it did, and not when under ``end_date``.

    Without a time of that its status is named.
    """
    status = next((key for key in ("status", "state") if key in node), "status")
    if _ENDED.isdisjoint(words((text(node.get(status)) or "").lower())):
        return None
    keys = (key for key in node if not _ENDED.isdisjoint(words(key)))
    ended = next(filter(None, (moment(node[key]) for key in keys)), None)
    if ended is None:
        read.odd.append(f"{path}.{status}")
    return ended


def payment_methods(org: str, body: bytes) -> Listing[PaymentMethod]:
    """Return the stored payment methods (section 2.6)."""
    read, rows = Lenient(), decode_list(body, "payment_methods")
    return _judged(parse_own(rows, org, partial(payment_method, org, read)), read)


def payment_method(org: str, read: Lenient, raw: Raw, path: str = "$") -> PaymentMethod:
    """Return one payment method; digits are text, and fewer than four lost their leading zeros."""
    row, node = decode_row(raw, wire.PaymentMethod, path), node_of(raw)
    read.unread.add(path, unread(Fields(node), wire.PaymentMethod.__struct_fields__, ()))
    marked = any(yes_or_no(node[key]) for key in node if mark(key) in _DEFAULT)
    last4 = read.text(row.last4, f"{path}.last4")
    return PaymentMethod(
        row.id,
        row.payment_type,
        read.yes_or_no(row.default, f"{path}.default") or marked,
        read.text(row.brand, f"{path}.brand"),
        None if last4 is None else last4[-4:].zfill(4),
        read.small_number(row.exp_month, f"{path}.exp_month"),
        read.small_number(row.exp_year, f"{path}.exp_year"),
        read.text(row.iban, f"{path}.iban"),
        billing_account_id=org,
    )


def attached(org: str, body: bytes) -> PaymentMethod | None:
    """Return what attaching answers, None for anything else: the change is made (section 2.7)."""
    is_method = decode_or_none(Raw(body), wire.PaymentMethod) is not None
    return payment_method(org, Lenient(), Raw(body)) if is_method else None
