"""What a day of autoscaling cost each node pool: an estimate by node hours (section 5.7). Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Context, Decimal
from functools import partial
from operator import attrgetter

from attrs import define, evolve, field, frozen
from msgspec import Struct

from billfold.model import Charge
from billfold.money import Money, exact_or_unstated, split
from billfold.wire import LOOKED_AT, Steps, in_slices, slices
from billfold_aether import wire
from billfold_aether.parse import day_of

_ZERO = Decimal(0)
_WIDE = Context(prec=200)  # in which a sum of hours, of eighty digits each, is exact

# A cluster and a pool, in lower case; either may be empty.
Pool = tuple[str, str]

# What a kind of fee is the name of.
_NAMED = {"control_plane": attrgetter("cluster_id"), "node_pool": attrgetter("node_pool_id")}


@frozen
class Names:
    """What clusters and pools are called, by their ids in lower case.

    Only fees state names: a control plane's is taken for its cluster's. What several fees call
    differently has no name.
    """

    _by_id: Mapping[str, str]

    def of(self, ident: str | None) -> str | None:
        """Return what a cluster or a pool is called, None where the reply does not say."""
        return self._by_id.get(ident.lower()) if ident else None


def names(bill: wire.Usage) -> Names:
    """Return what the fees of a bill call their clusters and pools."""
    stated: dict[str, set[str]] = {}
    for fee in bill.subscriptions or ():
        named = _NAMED.get((fee.kind or "").lower())
        ident = None if named is None else named(fee)
        if ident and fee.name:
            stated.setdefault(ident.lower(), set()).add(fee.name)
    return Names({ident: name for ident, (name, *others) in stated.items() if not others})


class Place(Struct, frozen=True):
    """What hours of one pool share: its ids as they write them, what those are called, tags."""

    pool: Pool
    cluster_id: str | None
    cluster_name: str | None
    resource_id: str | None
    resource_name: str | None
    tags: Mapping[str, str]


# gc=False for what comes by the thousand.
class Hour(Struct, frozen=True, gc=False):
    """A record that counts, with what several steps use of it, worked out once.

    ``position`` is its place in the reply; ``quantity`` is None for one that nobody can hold.
    """

    position: int
    item: wire.UsageItem
    day: date | None
    place: Place
    quantity: Decimal | None


def hours(kept: Mapping[int, wire.UsageItem], called: Names) -> Steps[list[Hour]]:
    """Return the records of a bill that count; each pool is looked at once."""
    places: dict[tuple[str | None, str | None], Place] = {}

    def read(some: Iterable[tuple[int, wire.UsageItem]]) -> Iterable[Hour]:
        for position, item in some:
            ids = item.cluster_id, item.node_pool_id
            place = places.get(ids)
            if place is None:
                place = places[ids] = _place(*ids, called)
            yield Hour(position, item, day_of(item), place, exact_or_unstated(item.quantity))

    return (yield from in_slices(kept.items(), read, LOOKED_AT))


def _place(cluster_id: str | None, pool_id: str | None, called: Names) -> Place:
    """Return what records of a pool share; UUIDs are compared without case."""
    resource_id = pool_id or cluster_id or None
    tags = {"cluster": cluster_id, "pool": pool_id}
    return Place(
        ((cluster_id or "").lower(), (pool_id or "").lower()),
        cluster_id or None,
        called.of(cluster_id),
        resource_id,
        called.of(resource_id),
        {key: value for key, value in tags.items() if value},
    )


def _spelling(bill: wire.Usage) -> Steps[Mapping[str, str]]:
    """Return how ids are written, by their lower case: as fees do, if they do.

    Of several spellings the first by the alphabet counts, as the order of a reply means nothing.
    """
    in_items = yield from in_slices(bill.items or (), _ids, LOOKED_AT)
    written = set(in_items), _ids(bill.subscriptions or ())
    return {ident.lower(): ident for ids in written for ident in sorted(ids, reverse=True)}


def _ids(rows: Iterable[wire.UsageItem | wire.Subscription | None]) -> set[str]:
    return {ident for row in rows if row for ident in (row.cluster_id, row.node_pool_id) if ident}


def by_pool(
    days: Mapping[date, Charge],
    bill: wire.Usage,
    hours: Iterable[Hour],
    called: Names,
) -> Steps[dict[date, dict[Pool, Charge]]]:
    """Return the days whose node hours are stated as a charge per pool, which add up to the day's.

    They are ``derived``: nodes differ in size and no reply says what one costs, so that hours alone
    are an estimate. A day stays whole where it cost nothing, a record of it has no quantity that
    counts, units or resources differ, or no record names a cluster or pool; all days do where some
    record cannot be read.
    """
    if bill.items is None or None in bill.items:
        return {}
    of_day: dict[date, _NodeHours] = {}
    costly = {day for day, charge in days.items() if charge.cost is not None and charge.cost.amount}
    for some in slices(hours):
        if of_day:
            yield
        for hour in some:
            if hour.day in costly:
                assert hour.day is not None
                used = of_day.get(hour.day)
                if used is None:
                    used = of_day[hour.day] = _NodeHours()
                used.add(hour)
    of_pools = {day: used.of_pools() for day, used in of_day.items()}
    share = partial(_share, (yield from _spelling(bill)), called)
    return {day: _shares(days[day], pools, share) for day, pools in of_pools.items() if pools}


@define
class _NodeHours:
    """The node hours of a day so far, by the ids of their pool."""

    is_measure: bool = True
    kinds: set[tuple[str | None, str | None]] = field(factory=set)
    hours: dict[Pool, Decimal] = field(factory=dict)

    def add(self, hour: Hour) -> None:
        """Add a record's."""
        quantity, item = hour.quantity, hour.item
        if quantity is None or quantity < _ZERO or not item.unit:
            self.is_measure = False
            return
        self.kinds.add((item.resource_type, item.unit))
        pool = hour.place.pool
        self.hours[pool] = _WIDE.add(self.hours.get(pool, _ZERO), quantity)

    def of_pools(self) -> dict[Pool, Decimal] | None:
        """Return the hours of each pool; None where they are no measure of the day's cost."""
        hours = {pool: self.hours[pool] for pool in sorted(self.hours)}
        readable = all(exact_or_unstated(count) is not None for count in hours.values())
        known = readable and len(self.kinds) == 1 and any(hours.values()) and any(map(any, hours))
        return hours if known and self.is_measure else None


def _shares(
    whole: Charge,
    hours: Mapping[Pool, Decimal],
    share: Callable[[Charge, Pool, Money, str], Charge],
) -> dict[Pool, Charge]:
    assert whole.cost is not None  # as every day's is stated
    costs = split(whole.cost, list(hours.values()))
    reason = f"a share by node hours of {whole.cost}, which is stated for the whole day"
    return {pool: share(whole, pool, cost, reason) for pool, cost in zip(hours, costs, strict=True)}


def _share(
    ids: Mapping[str, str], called: Names, whole: Charge, pool: Pool, cost: Money, reason: str
) -> Charge:
    """Return a day's charge as that of one pool."""
    cluster_id, pool_id = (ids.get(ident) for ident in pool)
    start, _, day = whole.id.rpartition("@")
    named = {"cluster": cluster_id, "pool": pool_id}
    return evolve(
        whole,
        id=f"{start}/{pool[0] or '-'}/{pool[1] or '-'}@{day}",
        cost=cost,
        sub_account_id=cluster_id,
        sub_account_name=called.of(cluster_id),
        description="Autoscaling of one UTC day, by node hours",
        resource_id=pool_id or cluster_id,
        resource_name=called.of(pool_id or cluster_id),
        resource_type="node_pool" if pool_id else "cluster" if cluster_id else None,
        derived=True,
        reason=reason,
        tags={key: ident for key, ident in named.items() if ident},
    )
