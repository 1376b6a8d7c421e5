"""What Aether's simulated organizations used and owe: one in a busy month, one that idles.

It is a function of the date; of today there is only the first hour. The noise of a server that adds
up doubles is put into the text of some numbers.
"""

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from attrs import frozen

from billfold.period import Period, midnight, utc_text

Row = dict[str, object]
Ids = Mapping[str, str | None]

_TUESDAY, _FRIDAY, _SATURDAY, _SUNDAY = 1, 4, 5, 6


def _id(*parts: str) -> str:
    """Return a UUID in upper case, as the documentation's samples are (CONTRACT.md, section 1)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("aether", *parts)))).upper()


def _pool(cluster: str, pool: str | None = None) -> Ids:
    pool_id = None if pool is None else _id("pool", pool)
    return {"cluster_id": _id("cluster", cluster), "node_pool_id": pool_id}


# Kind, ids, name and cents of a flat fee; a kind that is not documented has no ids.
_Fee = tuple[str, Ids, str, int]

_FEES: Sequence[_Fee] = (
    ("control_plane", _pool("prod-fra"), "prod-fra", 7_935),
    ("node_pool", _pool("prod-fra", "general"), "general-fixed", 26_344),
    ("node_pool", _pool("batch-ams", "cache"), "cache-fixed", 11_890),
    ("storage_commitment", {}, "archive tier", 24),
)
_BURST = _pool("prod-fra", "burst")
_NIGHTLY = _pool("batch-ams", "nightly")
_NO_POOL: Ids = {"cluster_id": None, "node_pool_id": None}
_BUSY: Row = {
    "id": _id("org", "nordlicht-verlag"),
    "name": "Nordlicht Verlag",
    "slug": "nordlicht-verlag",
    "billing_email": "rechnungen@nordlicht.example",
    "vat_id": "XX483920175",
    "plan": "standard",
    "created_at": "2024-01-20T08:41:12Z",
    "updated_at": "2024-10-02T16:05:47Z",
}
_IDLE: Row = {
    "id": _id("org", "kelpie-sandbox").lower(),
    "name": "Kelpie Sandbox",
    "slug": "kelpie-sandbox",
    "billing_email": None,
    "plan": "trial",
    "created_at": "2024-05-17T11:00:03Z",
    "updated_at": "2024-06-01T00:00:00Z",
}
_CARD: Row = {"card_brand": "mastercard", "card_last4": "0093"}
_CARD |= {"card_exp_month": 4, "card_exp_year": 2031}
_CARDS: Sequence[Row] = (
    {**_CARD, "created_at": "2024-01-20T08:52:40Z"},
    {**dict.fromkeys(_CARD), "created_at": "2024-07-31T13:18:09Z"},
    {"created_at": "2024-09-14T07:00:00Z"},
)


@frozen
class _Record:
    """An hour of autoscaling and what it costs, which usage does not say (section 3.1)."""

    at: datetime
    quantity: Decimal
    cents: int
    pool: Ids
    resource: str = "node"
    unit: str = "node_hour"

    def row(self, org: str) -> Row:
        # On Tuesdays ids come in lower case.
        record_id = _id(self.resource, utc_text(self.at), *map(str, self.pool.values()))
        ids = {"id": record_id, "org_id": org, **self.pool}
        if self.at.weekday() == _TUESDAY:
            ids = {key: value.lower() if value else value for key, value in ids.items()}
        return {
            **ids,
            "resource_type": self.resource,
            "quantity": self.quantity,
            "unit": self.unit,
            "recorded_at": utc_text(self.at),
        }


@frozen
class SimulatedOrganization:
    """One organization in the current month; ``row`` is it in the list of organizations."""

    row: Row
    last_page: Row
    period_end: datetime
    today: date
    fees: Sequence[_Fee] = ()
    records: Sequence[_Record] = ()
    cards: Sequence[Row] = ()

    @property
    def id(self) -> str:
        """The UUID."""
        return str(self.row["id"])

    def usage(self) -> Row:
        """Return the month to date (section 3.1)."""
        cents = sum(fee[-1] for fee in self.fees) + sum(record.cents for record in self.records)
        return {
            "org_id": self.id,
            "period_start": utc_text(midnight(self.today.replace(day=1))),
            "period_end": utc_text(self.period_end),
            "total_eur": _eur(cents, ulps=-4 if cents else 0),
            "items": [record.row(self.id) for record in self.records],
            "subscriptions": [
                {"kind": kind, **ids, "name": name, "amount_eur": _eur(cents)}
                for kind, ids, name, cents in self.fees
            ],
        }

    def daily_spend(self) -> Row:
        """Return what autoscaling cost by day, through today; some amounts carry noise."""
        days: dict[date, Decimal] = {}
        for day in _days_through(self.today):
            cents = sum(record.cents for record in self.records if record.at.date() == day)
            days[day] = _eur(cents, ulps=2 * (day.day % 3) if cents else 0)
        points = [{"date": str(day), "amount_eur": amount} for day, amount in days.items()]
        return {"points": points, "total_eur": sum(days.values(), Decimal(0))}

    def payment_methods(self) -> Row:
        """Return the stored cards (section 3.3)."""
        rows = [
            {"id": _id("card", str(number)), "org_id": self.id, "is_default": number == 1, **card}
            for number, card in enumerate(self.cards, 1)
        ]
        return {"items": rows}


def _eur(cents: int, *, ulps: int = 0) -> Decimal:
    """Return cents as euros, plus ``ulps`` of the last of a double's seventeen digits."""
    exact = Decimal(cents).scaleb(-2) + Decimal(ulps).scaleb(len(str(cents // 100)) - 17)
    return Decimal(format(exact, "f").rstrip("0").rstrip("."))


def _days_through(today: date) -> Iterator[date]:
    return (today.replace(day=number) for number in range(1, today.day + 1))


def _records(day: date) -> Iterator[_Record]:
    dice, start = random.Random(f"aether {day}"), midnight(day)
    if day.weekday() == _SUNDAY:
        return
    if day.weekday() == _SATURDAY:  # a node that lived under a quarter of an hour is free
        yield _Record(start + timedelta(hours=10), Decimal("0.0"), 0, _BURST)
        return
    nodes = dice.randint(1, 2)
    yield _Record(start, Decimal(f"{nodes}.0"), nodes * 92, _NIGHTLY)
    for hour in range(8, 19):
        nodes = dice.randint(0, 3)
        if nodes:
            yield _Record(start + timedelta(hours=hour), Decimal(f"{nodes}.0"), nodes * 46, _BURST)
    if day.weekday() == 0:  # pools that are gone leave no ids
        yield _Record(start + timedelta(hours=19), Decimal("3.0"), 138, {})
    if day.weekday() == _FRIDAY:
        yield _Record(
            start + timedelta(hours=23), Decimal("37.625"), 113, _NO_POOL, "egress", "gib"
        )


def organizations(now: datetime) -> tuple[SimulatedOrganization, SimulatedOrganization]:
    """Return the busy organization and the idle one; their pages and period ends differ."""
    today, month = now.date(), Period.month_of(now)
    every = (record for day in _days_through(today) for record in _records(day))
    records = tuple(record for record in every if record.at <= midnight(today))
    busy = SimulatedOrganization(_BUSY, {}, month.end, today, _FEES, records, _CARDS)
    return busy, SimulatedOrganization(_IDLE, {"next_cursor": None}, midnight(today), today)
