"""What the lines of a cycle mean: from wire shapes to charges. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from billfold.model import Category, Charge, Check, Usage
from billfold.money import Money, plain
from billfold.period import Period, utc_text
from billfold_latitude import wire

SERVICE = "Latitude.sh"
_NO_METADATA = wire.Metadata()


def twins(
    name: str, price: Money | None, amount: Money | None
) -> tuple[Money | None, tuple[Check, ...]]:
    """Prefer the first of two fields that should be equal; a failed check shows the second (section 2.4, G3)."""
    if price is None or amount is None or price == amount:
        return amount if price is None else price, ()
    return price, (Check(name, price, amount),)


def prefix(bill: Usage) -> str:
    """Begin the ids of a project's cycle."""
    return f"{bill.sub_account_id}/{utc_text(bill.covers.start)}"


def line(
    bill: Usage, ahead: str, code: str, place: str, placed: tuple[int, wire.Product]
) -> Charge:
    """Read one line and its number; its id begins with ``ahead``, its source with ``place``.

    Costs keep the provider's sign, and nothing is recomputed from quantity and unit price (section 2.2).
    """
    number, item = placed
    cost = _first(item.price, item.amount, code)
    metadata = item.metadata or _NO_METADATA
    servers = _servers(metadata)
    kind, resource, label = _resource(servers, metadata.bucket)
    category = _category(item, cost)
    # By position: there are many lines, and so many keywords take half as long again.
    return Charge(
        _ident(bill, ahead, item, category, resource),
        category,
        _span(item, bill.covers),
        item.resource or SERVICE,
        cost,
        bill.billing_account_id,
        bill.billing_account_name,
        bill.sub_account_id,
        bill.sub_account_name,
        item.description or item.name,
        resource,
        label,
        kind,
        item.quantity,
        item.unit,
        _first(item.unit_price, item.unit_amount, code),
        _money(item.amount_without_discount, code),
        reason="the provider states neither price nor amount of this line"
        if cost is None
        else None,
        tags=_tags(item, metadata, servers),
        source=f"{place}/products/{number}",
    )


def _first(cents: Decimal | None, twin: Decimal | None, code: str) -> Money | None:
    """Read the first of two fields that should be equal; :func:`differing` tells where they are not."""
    return _money(twin if cents is None else cents, code)


def _money(cents: Decimal | None, code: str) -> Money | None:
    return None if cents is None else Money.minor(cents, code)


def differing(code: str, item: wire.Product) -> tuple[Check, ...]:
    """Compare a line's two pairs of twins, which are equal nearly always (section 2.4, G3)."""
    if item.price == item.amount and item.unit_price == item.unit_amount:
        return ()
    name = item.id or item.name or item.description or "line"
    _, price = twins(f"{name}: price = amount", _money(item.price, code), _money(item.amount, code))
    _, unit = twins(
        f"{name}: unit_price = unit_amount",
        _money(item.unit_price, code),
        _money(item.unit_amount, code),
    )
    return (*price, *unit)


def _category(item: wire.Product, cost: Money | None) -> Category:
    """Sort a line; a negative proration is unused time given back (section 2.2)."""
    if item.proration and cost is not None and cost < Money.zero(cost.currency):
        return Category.CREDIT
    return Category.PURCHASE if item.usage_type == "licensed" else Category.USAGE


def _ident(
    bill: Usage, ahead: str, item: wire.Product, category: Category, resource: str | None
) -> str:
    """Make an id of what stays: no description, which may count the quantity up, and no end, which comes later.

    The cycle is in it because an item may keep its start from cycle to cycle; name and credit are, because the two lines of
    a change of plan may share item and start.
    """
    item_id = item.id or "/".join(filter(None, (item.resource, resource)))
    last = None if item_id or item.name else item.description or "line"
    credit = "credit" if category is Category.CREDIT else None
    parts = "/".join(filter(None, (ahead, item_id, item.name, credit, last)))
    return f"{parts}@{utc_text(item.start or bill.covers.start)}"


def tier(line: Charge) -> str | None:
    """Tell the tiers of one item, which are lines of one id, apart: by unit price."""
    if line.unit_price is None:
        return None
    price = plain(line.unit_price.amount)
    return price.rstrip("0").rstrip(".") if "." in price else price


def _span(item: wire.Product, cycle: Period) -> Period:
    """Tell when: a line still running ends with the cycle, one of no length gets a second, one out of order the cycle."""
    start, end = item.start or cycle.start, item.end or cycle.end
    if start == cycle.start and end == cycle.end:
        return cycle
    if start < end:
        return Period(start, end)
    return Period(start, min(start + timedelta(seconds=1), cycle.end)) if start in cycle else cycle


def _servers(metadata: wire.Metadata) -> tuple[wire.Server, ...]:
    """List the servers of either shape."""
    if metadata.servers:
        return metadata.servers
    if metadata.id or metadata.hostname or metadata.plan:
        return (wire.Server(metadata.id, metadata.hostname, metadata.plan, metadata.tags),)
    return ()


def _resource(
    servers: tuple[wire.Server, ...], bucket: wire.Bucket | None
) -> tuple[str | None, str | None, str | None]:
    """Tell type, id and name of the one thing a line is about; several servers are in the tags instead."""
    if len(servers) == 1:
        return "server", servers[0].id, servers[0].hostname
    if not servers and bucket is not None:
        return "bucket", bucket.id, bucket.name
    return None, None, None


def _tags(
    item: wire.Product, metadata: wire.Metadata, servers: tuple[wire.Server, ...]
) -> dict[str, str]:
    tags = {tag: "true" for server in servers for tag in server.tags or () if tag}
    if item.name:
        tags["product"] = item.name
    if item.usage_type:
        tags["usage_type"] = item.usage_type
    if item.proration is not None:
        tags["proration"] = "true" if item.proration else "false"
    if metadata.billing_unit_divisor is not None:
        tags["billing_unit_divisor"] = plain(metadata.billing_unit_divisor)
    if item.discounts and (discounts := "; ".join(map(_discount, item.discounts))):
        tags["discounts"] = discounts
    if metadata.bucket is not None and metadata.bucket.location:
        tags["bucket_location"] = metadata.bucket.location
    if plan := _joined([server.plan for server in servers]):
        tags["plan"] = plan
    if len(servers) > 1:
        several = {
            "servers": _joined([server.id for server in servers]),
            "hostnames": _joined([s.hostname for s in servers]),
        }
        tags |= {key: value for key, value in several.items() if value}
    return tags


def _joined(texts: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(filter(None, texts)))


def _discount(discount: wire.Discount) -> str:
    value = None if discount.value is None else plain(discount.value)
    return " ".join(part for part in (discount.description, value, discount.type) if part)
