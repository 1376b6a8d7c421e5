"""The lines of a cycle as charges (CONTRACT.md, section 2.2). Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from attrs import evolve, field, frozen
from msgspec import structs

from billfold.model import Charge, Check, make_charge, redact_tags
from billfold.money import Money, exact, plain
from billfold.period import Period, utc_text
from billfold_latitude import proration, wire
from billfold_latitude.quantity import divided

SERVICE = "Latitude.sh"
LEFT_OUT = "a quantity, unit price or time is beyond any bill and left out"
# What makes money of cents, in the currency of a project.
Scale = Callable[[Decimal], Money]
_UNSTATED = "the provider states neither price nor amount of this line"
_NO_METADATA = wire.Metadata()
_NUMERALS = re.compile(r"\d[\d.,]*")
_BESIDE_THE_PRICE: Mapping[str, Any] = dict.fromkeys(
    ("amount_without_discount", "end", "quantity", "start", "unit_amount", "unit_price")
)


@frozen
class Lines:
    """What the lines of a project's cycle share, which reads each of them.

    ``whose`` are the ids and names of payer and project. ``ids`` and ``source`` are the beginnings
    of each line's id and source, ``since`` is when the cycle begins, as text. ``left_out`` are the
    numbers of the lines that were read without a value that no bill can have. ``_known_tags`` are
    those that people gave servers, without secrets.
    """

    covers: Period
    since: str
    whose: tuple[str | None, str | None, str, str | None]
    ids: str
    scale: Scale
    source: str
    left_out: list[int] = field(factory=list, init=False)
    _known_tags: dict[tuple[str | None, ...], Mapping[str, str]] = field(factory=dict, init=False)

    def charge(self, numbered: tuple[int, wire.Product]) -> Charge:
        """Return one numbered line as a charge.

        Nothing is recomputed from quantity and unit price (section 2.4, G3). Quantities and times
        that no bill can have lose no price: they are left out, and ``reason`` says so.
        """
        number, product = numbered
        try:
            return self._charge(number, product)
        except (ValueError, ArithmeticError):  # as all errors about money and periods are
            self.left_out.append(number)
            line = self._charge(number, structs.replace(product, **_BESIDE_THE_PRICE))
            return evolve(line, reason="; ".join(filter(None, (line.reason, LEFT_OUT))))

    def _charge(self, number: int, product: wire.Product) -> Charge:
        scale, covers = self.scale, self.covers
        price = product.amount if product.price is None else product.price
        unit_price = product.unit_amount if product.unit_price is None else product.unit_price
        list_price = product.amount_without_discount
        cost = None if price is None else scale(price)
        list_cost = None if list_price is None else scale(list_price)
        unit_cost = None if unit_price is None else scale(unit_price)
        metadata, quantity = product.metadata or _NO_METADATA, product.quantity
        if quantity is not None:
            divisor = metadata.billing_unit_divisor
            known = cost, list_cost
            quantity = (
                exact(quantity) if divisor is None else divided(quantity, divisor, unit_cost, known)
            )
        servers = _servers(metadata)
        resource_type, resource_id, resource_name = _resource(servers, metadata.bucket)
        category = proration.category(product, cost)
        start = product.start
        since = self.since if start is None or start == covers.start else utc_text(start)
        payer_id, payer_name, project_id, project_name = self.whose
        # By position: there are many lines, and so many keywords take half as long again.
        return make_charge(
            proration.line_id(self.ids, product, resource_id, since),
            category,
            proration.period(product, covers),
            product.resource or SERVICE,
            cost,
            payer_id,
            payer_name,
            project_id,
            project_name,
            product.description or product.name,
            resource_id,
            resource_name,
            resource_type,
            quantity,
            product.unit,
            unit_cost,
            list_cost,
            reason=_UNSTATED if cost is None else None,
            tags=self._tags(product, metadata, servers),
            source=f"{self.source}/products/{number}",
        )

    def _tags(
        self, product: wire.Product, metadata: wire.Metadata, servers: tuple[wire.Server, ...]
    ) -> dict[str, str]:
        tags: dict[str, str] = {}
        for server in servers:
            if server.tags:
                tags |= self._written_by_people(server.tags)
        if name := product.name:
            tags["product"] = name
        if usage_type := product.usage_type:
            tags["usage_type"] = usage_type
        prorated = product.proration
        if prorated is not None:
            tags["proration"] = "true" if prorated else "false"
        if metadata.billing_unit_divisor is not None:
            tags["billing_unit_divisor"] = _text(metadata.billing_unit_divisor)
        if product.discounts and (text := _discounts(product.discounts)):
            tags["discounts"] = text
        bucket = metadata.bucket
        if bucket is not None and bucket.location:
            tags["bucket_location"] = bucket.location
        if len(servers) == 1:
            if plan := servers[0].plan:
                tags["plan"] = plan
        elif servers:
            several = {
                "plan": _joined([server.plan for server in servers]),
                "servers": _joined([server.id for server in servers]),
                "hostnames": _joined([server.hostname for server in servers]),
            }
            tags |= {key: value for key, value in several.items() if value}
        return tags

    def _written_by_people(self, tags: tuple[str | None, ...]) -> Mapping[str, str]:
        """Return a server's tags; most have the same as others, and a look for secrets is long."""
        known = self._known_tags.get(tags)
        if known is None:
            known = redact_tags(dict.fromkeys(filter(None, tags), "true"))
            self._known_tags[tags] = known
        return known


def order(line: Charge) -> tuple[object, ...]:
    """Return what lines that share an id are numbered by: tiers, above all.

    Tiers differ by nothing but their unit price. What is free is used first and then, as a rule,
    the dearest: a later tier, which comes when the one before is used up, takes no number away.
    Prorated lines have no tiers: a credit that is restated to nothing stays behind its charge. A
    description may count a quantity up, so its numbers come last; a line's end says nothing, as it
    comes later.
    """
    unit = Decimal(0) if line.unit_price is None else line.unit_price.amount
    cost = Decimal(0) if line.cost is None else line.cost.amount
    words = line.description or ""
    said = _NUMERALS.sub("", words)
    about = (
        line.unit or "",
        line.resource_id or "",
        line.resource_name or "",
        line.tags.get("servers", ""),
    )
    prorated = line.tags.get("proration") == "true"
    first = (said, False, False) if prorated else ("", line.unit_price is None, unit != 0)
    return *first, -unit, *about, said, words, line.cost is None and not prorated, cost


def mismatch(name: str, price: Money | None, amount: Money | None) -> tuple[Check, ...]:
    """Return a failed check where two fields that should be equal are not (section 2.4, G3)."""
    if price is None or amount is None or price == amount:
        return ()
    return (Check(name, price, amount),)


def mismatches(scale: Scale, product: wire.Product) -> tuple[Check, ...]:
    """Return a failed check for each of a line's two pairs of equal fields that is not equal."""
    if product.price == product.amount and product.unit_price == product.unit_amount:
        return ()  # nearly always
    name = product.id or product.name or product.description or "line"
    price, amount = money(product.price, scale), money(product.amount, scale)
    failed = mismatch(f"{name}: price vs. amount", price, amount)
    try:
        unit_price, unit_amount = (
            money(product.unit_price, scale),
            money(product.unit_amount, scale),
        )
    except ValueError:  # which was left out
        return failed
    return *failed, *mismatch(f"{name}: unit_price vs. unit_amount", unit_price, unit_amount)


def money(cents: Decimal | None, scale: Scale) -> Money | None:
    """Return cents as money."""
    return None if cents is None else scale(cents)


def _servers(metadata: wire.Metadata) -> tuple[wire.Server, ...]:
    servers = metadata.servers or ()
    if None in servers:
        servers = tuple(server for server in servers if server is not None)
    if servers:
        return cast("tuple[wire.Server, ...]", servers)
    if metadata.id or metadata.hostname or metadata.plan:
        return (wire.Server(metadata.id, metadata.hostname, metadata.plan, metadata.tags),)
    return ()


def _resource(
    servers: tuple[wire.Server, ...], bucket: wire.Bucket | None
) -> tuple[str | None, str | None, str | None]:
    """Return type, id and name of the only thing a line is about; several servers become tags."""
    if len(servers) == 1:
        return "server", servers[0].id, servers[0].hostname
    if not servers and bucket is not None:
        return "bucket", bucket.id, bucket.name
    return None, None, None


def _joined(texts: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(filter(None, texts)))


def _discounts(stated: Iterable[wire.Discount | None]) -> str:
    return "; ".join(filter(None, map(_discount, filter(None, stated))))


def _discount(discount: wire.Discount) -> str:
    value = None if discount.value is None else _text(discount.value)
    return " ".join(filter(None, (discount.description, value, discount.type)))


def _text(number: Decimal) -> str:
    """Return a number in plain notation, or as it is where that would fill pages."""
    try:
        return plain(number)
    except ValueError:  # as every error about money is
        return str(number)
