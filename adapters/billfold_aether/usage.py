"""What a month of Aether costs: its fees, days and hours as charges that add up to the stated total. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count

from attrs import evolve

from billfold.model import Category, Charge, Check, Subscription, Usage, with_residual
from billfold.money import Money
from billfold.period import Period, utc
from billfold.wire import parse_rows
from billfold_aether import wire
from billfold_aether.parse import CURRENCY, Spend, billed_in, eur, once, total

FEES = "Aether subscriptions"
AUTOSCALING = "Aether autoscaling"
CONTROL_PLANE = "control_plane"
TOTAL_CHECK = "usage total = fees + autoscaling by day"
POINTS_CHECK = "daily-spend total = its points"


def usage(
    account: str,
    org: wire.Organization,
    requested: Period | None,
    reply: wire.Usage,
    spent: Spend | None,
    asked: str = "",
    asked_days: str = "",
) -> Usage:
    """Read a month to date: flat fees, autoscaling by UTC day, and the hours it is made of, which have no price (section 3).

    An hour is included in its day or, where no amount is stated for that day, in a derived charge over what the total has
    beyond everything stated. Without ``spent`` that charge is all of autoscaling, and there is nothing to check it by.
    ``asked`` and ``asked_days`` are the two requests.
    """
    month, first = billed_in(reply), {id(item) for item in once(reply.items)[0]}
    rest = f"{org.id.lower()}/autoscaling@{month}"
    rows = tuple(zip(count(), reply.items, parse_rows("$.items", reply.items, _day), strict=False))
    used = {day for _, item, day in rows if id(item) in first}
    days = {} if spent is None else _days(account, org, spent, used, asked_days)

    def hour(row: tuple[int, wire.UsageItem, date]) -> Charge:
        index, item, day = row
        return _hour(
            account, org, item, days[day].id if day in days else rest, f"{asked}#/items/{index}"
        )

    # Repeats are read, too: an error counts them, so that its path is the reply's own.
    hours = tuple(
        charge
        for charge, row in zip(parse_rows("$.items", rows, hour), rows, strict=True)
        if id(row[1]) in first
    )
    whole = Usage(
        requested,
        month,
        (*_fees(account, org, reply, asked), *days.values(), *hours),
        billing_account_id=org.id,
        billing_account_name=org.name,
        stated_total=total("$.total_eur", reply.total_eur),
    )
    total_at = f"{asked}#/total_eur"
    if spent is not None:
        points = Check(POINTS_CHECK, spent.total, spent.added_up)
        whole = with_residual(
            evolve(whole, checks=(points,)),
            check=TOTAL_CHECK,
            residual_id=rest,
            service=AUTOSCALING,
            source=total_at,
        )
    return _with_rest(whole, org, rest, total_at)


def _with_rest(whole: Usage, org: wire.Organization, rest: str, total_at: str) -> Usage:
    """Add what the total has beyond its lines, and at zero too where hours refer to it."""
    assert whole.stated_total is not None
    gap = whole.stated_total - whole.totals()[CURRENCY]
    needed = gap.amount != 0 or any(charge.included_in == rest for charge in whole.charges)
    if not needed or any(charge.id == rest for charge in whole.charges):
        return whole
    charge = evolve(
        _charge(whole.account, org, rest, Category.USAGE, whole.covers, AUTOSCALING, gap),
        description="Autoscaling on days without a stated amount",
        derived=True,
        reason="what the stated total has beyond the flat fees and the days with a stated amount",
        source=total_at,
    )
    return evolve(whole, charges=(*whole.charges, charge))


def _charge(
    account: str,
    org: wire.Organization,
    ident: str,
    category: Category,
    period: Period,
    service: str,
    cost: Money | None,
) -> Charge:
    return Charge(
        id=ident,
        category=category,
        period=period,
        service=service,
        cost=cost,
        billing_account_id=org.id,
        billing_account_name=org.name,
    )


def _keys(rows: Sequence[wire.Subscription]) -> list[str]:
    """Key fees by what they are for: they have no id. Twins are numbered by name and amount, wherever they stand."""
    keys = [_key(row) for row in rows]
    seen: Counter[str] = Counter()
    for index in sorted(range(len(rows)), key=lambda at: (rows[at].name, rows[at].amount_eur)):
        key = keys[index]
        seen[key] += 1
        if seen[key] > 1:
            keys[index] = f"{key}#{seen[key]}"
    return keys


def _key(row: wire.Subscription) -> str:
    # A name can be changed, so it counts only where no pool, nor being its cluster's one control plane, tells the fee apart.
    known = row.node_pool_id or (row.cluster_id and row.kind == CONTROL_PLANE)
    ids = [part.lower() for part in (row.cluster_id, row.node_pool_id) if part]
    return "/".join([row.kind, *ids, *([] if known else [row.name])])


def _fees(
    account: str, org: wire.Organization, reply: wire.Usage, asked: str = ""
) -> tuple[Charge, ...]:
    month = billed_in(reply)

    def fee(placed: tuple[int, wire.Subscription, str]) -> Charge:
        index, row, key = placed
        ident = f"{org.id.lower()}/{key}@{month}"
        return evolve(
            _charge(account, org, ident, Category.PURCHASE, month, FEES, eur(row.amount_eur)),
            sub_account_id=row.cluster_id or None,
            description=row.name,
            resource_id=row.node_pool_id or row.cluster_id or None,
            resource_name=row.name,
            resource_type=row.kind,
            source=f"{asked}#/subscriptions/{index}",
        )

    return each(
        "$.subscriptions",
        zip(count(), reply.subscriptions, _keys(reply.subscriptions), strict=False),
        fee,
    )


def _days(
    account: str, org: wire.Organization, spent: Spend, used: set[date], asked: str
) -> dict[date, Charge]:
    """Make charges of the days that cost something or were used; the others would be empty lines.

    Every day is one point of the reply, in its order.
    """
    return {
        day: evolve(
            _charge(
                account,
                org,
                f"{org.id.lower()}/autoscaling@{day}",
                Category.USAGE,
                Period.day(day),
                AUTOSCALING,
                cost,
            ),
            description="Autoscaling of one UTC day",
            source=f"{asked}#/points/{index}",
        )
        for index, (day, cost) in enumerate(spent.days.items())
        if cost.amount or day in used
    }


def _day(item: wire.UsageItem) -> date:
    return utc(item.recorded_at).date()


def _hour(
    account: str, org: wire.Organization, item: wire.UsageItem, carrier: str, source: str
) -> Charge:
    """Read one record; whether its time is the hour's start or end is not documented, so it is read as the start."""
    tags = {"cluster": item.cluster_id, "pool": item.node_pool_id}
    period = Period(item.recorded_at, item.recorded_at + timedelta(hours=1))
    return evolve(
        _charge(
            account,
            org,
            f"{org.id.lower()}/item/{item.id.lower()}",
            Category.USAGE,
            period,
            AUTOSCALING,
            None,
        ),
        sub_account_id=item.cluster_id or None,
        resource_id=item.node_pool_id or item.cluster_id or None,
        resource_type=item.resource_type,
        quantity=item.quantity,
        unit=item.unit,
        included_in=carrier,
        reason="Aether prices autoscaling by the day, not by the record",
        tags={key: value for key, value in tags.items() if value},
        source=source,
    )


def subscriptions(
    account: str, org: wire.Organization, reply: wire.Usage
) -> tuple[Subscription, ...]:
    """Read the flat fees as what they pay for; when it began or ends is not stated (section 3.1)."""
    month = billed_in(reply)
    return tuple(
        Subscription(
            fee.id.removesuffix(f"@{month}"),
            fee.resource_type,
            fee.resource_name,
            sub_account_id=fee.sub_account_id,
            price=fee.cost,
            period=month,
            billing_account_id=org.id,
        )
        for fee in _fees(account, org, reply)
    )
