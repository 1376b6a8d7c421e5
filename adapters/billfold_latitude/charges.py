"""What the lines of a cycle mean: from wire shapes to charges. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from billfold.model import Category, Charge, Check, Usage
from billfold.money import Money, exact, plain
from billfold.period import Period, utc_text
from billfold_latitude import wire

SERVICE = "Latitude.sh"


def twins(name: str, price: Money | None, amount: Money | None) -> tuple[Money | None, tuple[Check, ...]]:
    """Prefer the first of two fields that should be equal; a failed check shows the second (section 2.4, G3)."""
    if price is None or amount is None or price == amount:
        return amount if price is None else price, ()
    return price, (Check(name, price, amount),)


def prefix(bill: Usage) -> str:
    """Begin the ids of a project's cycle."""
    return f"{bill.sub_account_id}/{utc_text(bill.covers.start)}"


def line(bill: Usage, code: str, item: wire.Product) -> tuple[Charge, tuple[Check, ...]]:
    """Read one line; costs keep the provider's sign, and nothing is recomputed from quantity and unit price (section 2.2)."""
    cents = (item.price, item.amount, item.unit_price, item.unit_amount, item.amount_without_discount)
    price, amount, unit_price, unit_amount, listed = (None if c is None else Money.minor(c, code) for c in cents)
    name = item.id or item.name or item.description or "line"
    cost, checks = twins(f"{name}: price = amount", price, amount)
    one, more = twins(f"{name}: unit_price = unit_amount", unit_price, unit_amount)
    metadata = item.metadata or wire.Metadata()
    kind, resource, label = _resource(metadata)
    category = _category(item, cost)
    charge = Charge(
        id=_ident(bill, item, category, resource),
        provider=bill.provider,
        account=bill.account,
        category=category,
        period=_span(item, bill.covers),
        service=item.resource or SERVICE,
        cost=cost,
        billing_account_id=bill.billing_account_id,
        billing_account_name=bill.billing_account_name,
        sub_account_id=bill.sub_account_id,
        sub_account_name=bill.sub_account_name,
        description=item.description or item.name,
        resource_id=resource,
        resource_name=label,
        resource_type=kind,
        quantity=item.quantity,
        unit=item.unit,
        unit_price=one,
        list_cost=listed,
        reason="the provider states neither price nor amount of this line" if cost is None else None,
        tags=_tags(item, metadata),
    )
    return charge, (*checks, *more)


def _category(item: wire.Product, cost: Money | None) -> Category:
    """Sort a line; a negative proration is unused time given back (section 2.2)."""
    if item.proration and cost is not None and cost < Money.zero(cost.currency):
        return Category.CREDIT
    return Category.PURCHASE if item.usage_type == "licensed" else Category.USAGE


def _ident(bill: Usage, item: wire.Product, category: Category, resource: str | None) -> str:
    """Make an id of what stays: no description, which may count the quantity up, and no end, which comes later.

    The cycle is in it because an item may keep its start from cycle to cycle; name and credit are, because the two lines of
    a change of plan may share item and start.
    """
    item_id = item.id or "/".join(part for part in (item.resource, resource) if part)
    parts = (prefix(bill), item_id, item.name, "credit" if category is Category.CREDIT else None)
    described = parts if item_id or item.name else (*parts, item.description or "line")
    return f"{'/'.join(part for part in described if part)}@{utc_text(item.start or bill.covers.start)}"


def _span(item: wire.Product, cycle: Period) -> Period:
    """Tell when: a line still running ends with the cycle, one of no length gets a second, one out of order the cycle."""
    start, end = item.start or cycle.start, item.end or cycle.end
    if start < end:
        return Period(start, end)
    return Period(start, min(start + timedelta(seconds=1), cycle.end)) if start in cycle else cycle


def _servers(metadata: wire.Metadata) -> tuple[wire.Server, ...]:
    """List the servers of either shape."""
    flat = wire.Server(metadata.id, metadata.hostname, metadata.plan, metadata.tags)
    return metadata.servers or ((flat,) if flat.id or flat.hostname or flat.plan else ())


def _resource(metadata: wire.Metadata) -> tuple[str | None, str | None, str | None]:
    """Tell type, id and name of the one thing a line is about; several servers are in the tags instead."""
    servers = _servers(metadata)
    if len(servers) == 1:
        return "server", servers[0].id, servers[0].hostname
    if not servers and metadata.bucket is not None:
        return "bucket", metadata.bucket.id, metadata.bucket.name
    return None, None, None


def _tags(item: wire.Product, metadata: wire.Metadata) -> dict[str, str]:
    servers = _servers(metadata)
    several = servers if len(servers) > 1 else ()
    divisor = metadata.billing_unit_divisor
    ours = {
        "product": item.name,
        "usage_type": item.usage_type,
        "proration": None if item.proration is None else str(item.proration).lower(),
        "billing_unit_divisor": None if divisor is None else plain(exact(divisor)),
        "discounts": "; ".join(_discount(discount) for discount in item.discounts or ()),
        "plan": _joined(server.plan for server in servers),
        "servers": _joined(server.id for server in several),
        "hostnames": _joined(server.hostname for server in several),
        "bucket_location": metadata.bucket.location if metadata.bucket else None,
    }
    theirs = {tag: "true" for server in servers for tag in server.tags or () if tag}
    return theirs | {key: value for key, value in ours.items() if value}


def _joined(texts: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))


def _discount(discount: wire.Discount) -> str:
    value = None if discount.value is None else plain(exact(discount.value))
    return " ".join(part for part in (discount.description, value, discount.type) if part)
