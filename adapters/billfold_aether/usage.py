"""What a month of Aether costs: fees, days and hours that add up to the stated total. Pure."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from attrs import evolve

from billfold.model import (
    Category,
    Charge,
    Check,
    Subscription,
    Usage,
    make_charge,
    number_duplicates,
    settling,
)
from billfold.money import Money, exact_or_unstated
from billfold.period import Period, between
from billfold.wire import (
    LOOKED_AT,
    DriftError,
    Steps,
    in_slices,
    parse_at,
    parse_rows,
    stepwise,
)
from billfold_aether import pools, wire
from billfold_aether.daily_spend import Spend
from billfold_aether.parse import CURRENCY, Records, billed_month, day_of, eur

FEES = "Aether subscriptions"
AUTOSCALING = "Aether autoscaling"

_HOUR = timedelta(hours=1)
_USAGE = Category.USAGE  # Python 3.11 looks members up slowly, and there are many hours

# Signs that have a meaning in our ids.
_ESCAPED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "%/#@"})


@stepwise
def usage(
    org: wire.Organization,
    requested: Period | None,
    bill: wire.Usage,
    records: Records,
    spend: Spend | None,
    bill_request: str = "",
    spend_request: str = "",
) -> Steps[Usage]:
    """Return a month to date: flat fees, autoscaling by UTC day, and the unpriced hours of it.

    A day is shared over its node pools where their hours are stated. An hour is included in its
    pool's share, in its day or, where that has no amount, in a derived charge over what the
    total has beyond fees and days. Without ``spend`` that is all of autoscaling (section 5.3).
    ``records`` are those of the bill that count.
    """
    month = billed_month(bill)
    rest_id = f"{org.id.lower()}/autoscaling@{month}"
    total_source = f"{bill_request}#/total_eur"
    kept, called = records.kept, pools.names(bill)
    used_days = yield from in_slices(kept.values(), _days_of, LOOKED_AT)
    days = {} if spend is None else _days(org, set(used_days), spend, spend_request)
    shared = yield from pools.by_pool(days, bill, kept.values(), called)

    def hour(at: tuple[int, wire.UsageItem]) -> Charge:
        position, item = at
        day = day_of(item)
        of_pool = shared.get(day, {}).get(pools.pool_of(item)) if day else None
        carrier = of_pool or (days.get(day) if day else None)
        source = f"{bill_request}#/items/{position}"
        return _hour(org, month, rest_id if carrier is None else carrier.id, called, source, item)

    hours = yield from in_slices(kept.items(), lambda some: [hour(at) for at in some])
    autoscaling = [
        charge
        for day, whole in days.items()
        for charge in (shared[day].values() if day in shared else (whole,))
    ]
    with parse_at("$.total_eur"):
        total = eur(bill.total_eur)
    fees = [evolve(fee, id=f"{fee.id}@{month}") for fee in _fees(org, bill, bill_request)]
    used = Usage(
        requested,
        month,
        (*fees, *autoscaling, *hours),
        org.id,
        org.name,
        stated_total=total,
    )
    if spend is not None:
        days_check = Check("daily-spend total vs. its days", spend.total, spend.sum_of_days)
        used = yield from settling(
            evolve(used, checks=(days_check,)),
            check="usage total vs. fees and autoscaling by day",
            residual_id=rest_id,
            service=AUTOSCALING,
            source=total_source,
        )
    return (yield from _with_rest(used, total, rest_id, total_source))


def _with_rest(used: Usage, total: Money, rest_id: str, source: str) -> Steps[Usage]:
    """Return all with what the total has beyond its lines.

    A zero too, where hours are included in it.
    """
    gap = total - (yield from used.adding_up())[CURRENCY]
    of_rest = yield from in_slices(used.charges, partial(_of_rest, rest_id), LOOKED_AT)
    needed = gap.amount != 0 or any(charge.included_in == rest_id for charge in of_rest)
    if not needed or any(charge.id == rest_id for charge in of_rest):
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


def _of_rest(rest_id: str, charges: Iterable[Charge]) -> list[Charge]:
    """Return the charges that are the rest itself, or included in it."""
    return [each for each in charges if each.included_in == rest_id or each.id == rest_id]


def _fees(org: wire.Organization, bill: wire.Usage, request: str = "") -> tuple[Charge, ...]:
    """Return the fees, under ids that hold in every month.

    Fees that differ in nothing but the amount are numbered by it.
    """
    month, called = billed_month(bill), pools.names(bill)

    def fee(numbered: tuple[int, wire.Subscription]) -> Charge:
        index, row = numbered
        return Charge(
            f"{org.id.lower()}/{_fee_key(row)}",
            Category.PURCHASE,
            month,
            FEES,
            eur(row.amount_eur),
            org.id,
            org.name,
            sub_account_id=row.cluster_id or None,
            sub_account_name=called.of(row.cluster_id),
            description=row.name,
            resource_id=row.node_pool_id or row.cluster_id or None,
            resource_name=row.name,
            resource_type=row.kind,
            source=f"{request}#/subscriptions/{index}",
        )

    fees = parse_rows("$.subscriptions", enumerate(bill.subscriptions or ()), fee)
    return number_duplicates(fees, order=_amount_and_content)


def _amount_and_content(fee: Charge) -> tuple[Decimal, str]:
    assert fee.cost is not None
    return fee.cost.amount, repr(evolve(fee, source=None))


def _fee_key(row: wire.Subscription) -> str:
    """Return all that tells a fee from others, whichever others there are (section 3.1)."""
    ids = [part.lower() for part in (row.cluster_id, row.node_pool_id) if part]
    names = [name.translate(_ESCAPED) for name in (row.kind or "unknown", row.name or "")]
    return "/".join(filter(None, [names[0], *ids, names[1]]))


def _days_of(items: Iterable[wire.UsageItem]) -> set[date | None]:
    return set(map(day_of, items))


def _days(
    org: wire.Organization, used: Collection[date | None], spend: Spend, request: str
) -> dict[date, Charge]:
    """Return charges of the days that cost something or have hours; others would be empty lines."""
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
    month: Period,
    carrier_id: str,
    called: pools.Names,
    source: str,
    item: wire.UsageItem,
) -> Charge:
    """Return a record as a charge that is included in another one.

    It carries no money, so that nothing odd in it loses the bill.
    """
    recorded_at = item.recorded_at
    tags = {"cluster": item.cluster_id, "pool": item.node_pool_id}
    return make_charge(
        f"{org.id.lower()}/item/{item.id.lower()}",
        _USAGE,
        # Whether the time is the hour's start or its end is not documented (section 3.1).
        month if recorded_at is None else between(recorded_at, recorded_at + _HOUR),
        AUTOSCALING,
        None,
        org.id,
        org.name,
        sub_account_id=item.cluster_id or None,
        sub_account_name=called.of(item.cluster_id),
        resource_id=item.node_pool_id or item.cluster_id or None,
        resource_name=called.of(item.node_pool_id or item.cluster_id),
        resource_type=item.resource_type,
        quantity=exact_or_unstated(item.quantity),
        unit=item.unit,
        included_in=carrier_id,
        reason="Aether prices autoscaling by the day, not by the record",
        tags={key: value for key, value in tags.items() if value},
        source=source,
    )


def subscriptions(org: wire.Organization, bill: wire.Usage) -> tuple[Subscription, ...]:
    """Return the flat fees as subscriptions; when one began or ends is not stated (section 3.1)."""
    month = billed_month(bill)
    if bill.subscriptions is None and bill.total_eur:
        raise DriftError(
            "the total may be made of fees, and no list states them - at `$.subscriptions`"
        )
    return tuple(
        Subscription(
            id=fee.id,
            kind=fee.resource_type,
            name=fee.resource_name,
            sub_account_id=fee.sub_account_id,
            price=fee.cost,
            period=month,
            billing_account_id=org.id,
        )
        for fee in _fees(org, bill)
    )
