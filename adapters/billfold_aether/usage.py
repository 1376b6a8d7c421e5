"""What a month of Aether costs: fees, days and hours that add up to the stated total. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from attrs import evolve

from billfold.model import Category, Charge, Check, Subscription, Usage, with_residual
from billfold.money import Money
from billfold.period import Period, utc
from billfold.wire import parse_at, parse_rows
from billfold_aether import wire
from billfold_aether.parse import CURRENCY, Spend, billed_month, eur, records

FEES = "Aether subscriptions"
AUTOSCALING = "Aether autoscaling"


def usage(
    org: wire.Organization,
    requested: Period | None,
    bill: wire.Usage,
    spend: Spend | None,
    bill_request: str = "",
    spend_request: str = "",
) -> Usage:
    """Return a month to date: flat fees, autoscaling by UTC day, and the unpriced hours of it.

    An hour is included in its day or, where that has no amount, in a derived charge over what the
    total has beyond fees and days. Without ``spend`` that is all of autoscaling (section 5.3).
    """
    month = billed_month(bill)
    rest_id = f"{org.id.lower()}/autoscaling@{month}"
    total_source = f"{bill_request}#/total_eur"
    days = {} if spend is None else _days(org, bill, spend, spend_request)
    hour = partial(_hour, org, days, rest_id, bill_request)
    # Repeated records are parsed too: so the path in an error is their place in the reply.
    hours = parse_rows("$.items", enumerate(bill.items), hour)
    counted = [hours[position] for position in records(bill.items).positions]
    with parse_at("$.total_eur"):
        total = eur(bill.total_eur)
    used = Usage(
        requested,
        month,
        (*_fees(org, bill, bill_request), *days.values(), *counted),
        org.id,
        org.name,
        stated_total=total,
    )
    if spend is not None:
        days_check = Check("daily-spend total vs. its days", spend.total, spend.sum_of_days)
        used = with_residual(
            evolve(used, checks=(days_check,)),
            check="usage total vs. fees and autoscaling by day",
            residual_id=rest_id,
            service=AUTOSCALING,
            source=total_source,
        )
    return _with_rest(used, total, rest_id, total_source)


def _with_rest(used: Usage, total: Money, rest_id: str, source: str) -> Usage:
    """Add what the total has beyond its lines; a zero too, where hours are included in it."""
    gap = total - used.totals()[CURRENCY]
    needed = gap.amount != 0 or any(charge.included_in == rest_id for charge in used.charges)
    if not needed or any(charge.id == rest_id for charge in used.charges):
        return used
    rest = Charge(
        rest_id,
        Category.USAGE,
        used.covers,
        AUTOSCALING,
        gap,
        used.billing_account_id,
        used.billing_account_name,
        description="Autoscaling on days without a stated amount",
        derived=True,
        reason="what the stated total has beyond the flat fees and the days with a stated amount",
        source=source,
    )
    return evolve(used, charges=(*used.charges, rest))


def _fees(org: wire.Organization, bill: wire.Usage, request: str = "") -> tuple[Charge, ...]:
    month, keys = billed_month(bill), _fee_keys(bill.subscriptions)

    def fee(numbered: tuple[int, wire.Subscription]) -> Charge:
        index, row = numbered
        return Charge(
            f"{org.id.lower()}/{keys[index]}@{month}",
            Category.PURCHASE,
            month,
            FEES,
            eur(row.amount_eur),
            org.id,
            org.name,
            sub_account_id=row.cluster_id or None,
            description=row.name,
            resource_id=row.node_pool_id or row.cluster_id or None,
            resource_name=row.name,
            resource_type=row.kind,
            source=f"{request}#/subscriptions/{index}",
        )

    return parse_rows("$.subscriptions", enumerate(bill.subscriptions), fee)


def _fee_keys(rows: Sequence[wire.Subscription]) -> list[str]:
    """Return a key for each fee: what it is for, numbered by name and amount (section 3.1)."""
    keys = [_fee_key(row) for row in rows]
    seen: Counter[str] = Counter()
    for index in sorted(range(len(rows)), key=lambda i: (rows[i].name, rows[i].amount_eur)):
        key = keys[index]
        seen[key] += 1
        if seen[key] > 1:
            keys[index] = f"{key}#{seen[key]}"
    return keys


def _fee_key(row: wire.Subscription) -> str:
    ids = [part.lower() for part in (row.cluster_id, row.node_pool_id) if part]
    # A name can change: it only counts for a fee that is neither a pool's nor a control plane's.
    identified = row.node_pool_id or (row.cluster_id and row.kind == "control_plane")
    return "/".join([row.kind, *ids, *([] if identified else [row.name])])


def _days(
    org: wire.Organization, bill: wire.Usage, spend: Spend, request: str
) -> dict[date, Charge]:
    """Return charges of the days that cost something or have hours; others would be empty lines."""
    dates = parse_rows("$.items", bill.items, lambda item: utc(item.recorded_at).date())
    used = {dates[position] for position in records(bill.items).positions}
    return {
        day: Charge(
            f"{org.id.lower()}/autoscaling@{day}",
            Category.USAGE,
            Period.day(day),
            AUTOSCALING,
            cost,
            org.id,
            org.name,
            description="Autoscaling of one UTC day",
            source=f"{request}#/points/{index}",
        )
        for index, (day, cost) in enumerate(spend.days.items())
        if cost.amount or day in used
    }


def _hour(
    org: wire.Organization,
    days: Mapping[date, Charge],
    rest_id: str,
    request: str,
    numbered: tuple[int, wire.UsageItem],
) -> Charge:
    """Return a record as a charge; it is included in its day's, or in the rest."""
    index, item = numbered
    day = days.get(utc(item.recorded_at).date())
    tags = {"cluster": item.cluster_id, "pool": item.node_pool_id}
    return Charge(
        f"{org.id.lower()}/item/{item.id.lower()}",
        Category.USAGE,
        # Whether the time is the hour's start or its end is not documented (section 3.1).
        Period(item.recorded_at, item.recorded_at + timedelta(hours=1)),
        AUTOSCALING,
        None,
        org.id,
        org.name,
        sub_account_id=item.cluster_id or None,
        resource_id=item.node_pool_id or item.cluster_id or None,
        resource_type=item.resource_type,
        quantity=item.quantity,
        unit=item.unit,
        included_in=rest_id if day is None else day.id,
        reason="Aether prices autoscaling by the day, not by the record",
        tags={key: value for key, value in tags.items() if value},
        source=f"{request}#/items/{index}",
    )


def subscriptions(org: wire.Organization, bill: wire.Usage) -> tuple[Subscription, ...]:
    """Return the flat fees as subscriptions; when one began or ends is not stated (section 3.1)."""
    month = billed_month(bill)
    return tuple(
        Subscription(
            id=fee.id.removesuffix(f"@{month}"),
            kind=fee.resource_type,
            name=fee.resource_name,
            sub_account_id=fee.sub_account_id,
            price=fee.cost,
            period=month,
            billing_account_id=org.id,
        )
        for fee in _fees(org, bill)
    )
