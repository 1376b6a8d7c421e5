"""What a month of Aether costs: fees, days and hours that add up to the stated total. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from attrs import evolve, frozen

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
from billfold.money import Money
from billfold.period import Period, between
from billfold.wire import (
    LOOKED_AT,
    DriftError,
    Steps,
    in_slices,
    letting_go,
    parse_at,
    parse_rows,
    stepwise,
)
from billfold_aether import pools, wire
from billfold_aether.daily_spend import Spend
from billfold_aether.parse import CURRENCY, Records, billed_month, eur

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
    called = pools.names(bill)
    read = yield from pools.hours(records.kept, called)
    used_days = yield from in_slices(read, _days_of, LOOKED_AT)
    days = {} if spend is None else _days(org, set(used_days), spend, spend_request)
    shared = yield from pools.by_pool(days, bill, read, called)
    carried = _Carried(org, month, rest_id, days, shared, f"{bill_request}#/items")
    hours = yield from in_slices(read, carried.charges)
    yield from letting_go(read)
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


def _days_of(hours: Iterable[pools.Hour]) -> set[date | None]:
    return {hour.day for hour in hours}


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


@frozen
class _Carried:
    """What all hours of a bill share, which makes each a charge that is included in another one.

    Such a charge carries no money, so that nothing odd in it loses the bill.
    """

    org: wire.Organization
    month: Period
    rest_id: str
    days: Mapping[date, Charge]
    shared: Mapping[date, Mapping[pools.Pool, Charge]]
    source: str

    def charges(self, hours: Iterable[pools.Hour]) -> list[Charge]:
        """Return hours as charges."""
        ids = f"{self.org.id.lower()}/item/"
        return [self._charge(ids, hour) for hour in hours]

    def _charge(self, ids: str, hour: pools.Hour) -> Charge:
        item, place, recorded_at = hour.item, hour.place, hour.item.recorded_at
        # By position, as there are many hours.
        return make_charge(
            f"{ids}{item.id.lower()}",
            _USAGE,
            # Whether the time is the hour's start or its end is not documented (section 3.1).
            self.month if recorded_at is None else between(recorded_at, recorded_at + _HOUR),
            AUTOSCALING,
            None,
            self.org.id,
            self.org.name,
            place.cluster_id,
            place.cluster_name,
            None,
            place.resource_id,
            place.resource_name,
            item.resource_type,
            hour.quantity,
            item.unit,
            included_in=self._carrier(hour.day, place.pool),
            reason="Aether prices autoscaling by the day, not by the record",
            tags={**place.tags},
            source=f"{self.source}/{hour.position}",
        )

    def _carrier(self, day: date | None, pool: pools.Pool) -> str:
        """Return the id of the charge over a pool's day, over all of the day, or over the rest."""
        whole = None if day is None else self.days.get(day)
        if day is None or whole is None:
            return self.rest_id
        return self.shared.get(day, {}).get(pool, whole).id


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
