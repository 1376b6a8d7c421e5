"""A fake of Aether: one organization in a busy month, one that idles.

Everything is a function of the date, so that two runs on one day give the same numbers: of today there is only the first
hour. Money is counted in integer cents; the noise of a server that adds up doubles is put into the text of the JSON
numbers, so that the busy month's total and its lines differ in the sixteenth digit.
"""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
from aiohttp import web
from attrs import frozen

from billfold.period import Period, midnight, utc_text
from billfold.simulators.faults import Habits, Handler, Pages
from billfold.simulators.simulation import Sample, Simulation, token_of

_JSON = msgspec.json.Encoder(decimal_format="number")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
Row = dict[str, object]
Ids = Mapping[str, str | None]

SAMPLES = (
    Sample("k8s", "aether_51000000000000000000000000000001"),
    Sample("k8s-sandbox", "aether_51000000000000000000000000000002"),
)


def _id(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(("aether", *parts)))).upper()


_PROD, _BATCH = _id("cluster", "prod-fra"), _id("cluster", "batch-ams")
_FEES: Sequence[tuple[str, Ids, str, int]] = (
    ("control_plane", {"cluster_id": _PROD, "node_pool_id": None}, "prod-fra", 7_935),
    (
        "node_pool",
        {"cluster_id": _PROD, "node_pool_id": _id("pool", "general")},
        "general-fixed",
        26_344,
    ),
    (
        "node_pool",
        {"cluster_id": _BATCH, "node_pool_id": _id("pool", "cache")},
        "cache-fixed",
        11_890,
    ),
    ("storage_commitment", {}, "archive tier", 24),
)
_BURST = {"cluster_id": _PROD, "node_pool_id": _id("pool", "burst")}
_NIGHTLY = {"cluster_id": _BATCH, "node_pool_id": _id("pool", "nightly")}
_SATURDAY, _SUNDAY = 5, 6


@frozen
class _Record:
    """An hour of autoscaling and what it costs, which only the provider knows."""

    at: datetime
    quantity: Decimal
    cents: int
    pool: Ids
    resource: str = "node"
    unit: str = "node_hour"

    def row(self, org: str) -> Row:
        """Write it as the provider does; on Tuesdays ids come in lower case."""
        ids: Row = {
            "id": _id(self.resource, utc_text(self.at), *map(str, self.pool.values())),
            "org_id": org,
            **self.pool,
        }
        if self.at.weekday() == 1:
            ids = {
                key: value.lower() if isinstance(value, str) else value
                for key, value in ids.items()
            }
        return {
            **ids,
            "resource_type": self.resource,
            "quantity": self.quantity,
            "unit": self.unit,
            "recorded_at": utc_text(self.at),
        }


@frozen
class _Org:
    listed: Row
    last_page: Row
    month: Period
    period_end: datetime
    today: date
    fees: Sequence[tuple[str, Ids, str, int]] = ()
    records: tuple[_Record, ...] = ()
    cards: tuple[Row, ...] = ()

    @property
    def id(self) -> str:
        return str(self.listed["id"])

    def days(self) -> dict[date, Decimal]:
        """Price every day through today; some amounts carry noise."""
        days: dict[date, Decimal] = {}
        day = self.month.start.date()
        while day <= self.today:
            cents = sum(record.cents for record in self.records if record.at.date() == day)
            days[day] = _eur(cents, ulps=2 * (day.day % 3) if cents else 0)
            day += timedelta(days=1)
        return days

    def usage(self) -> Row:
        cents = sum(fee[3] for fee in self.fees) + sum(record.cents for record in self.records)
        fees = [
            {"kind": kind, **ids, "name": name, "amount_eur": _eur(fee)}
            for kind, ids, name, fee in self.fees
        ]
        return {
            "org_id": self.id,
            "period_start": utc_text(self.month.start),
            "period_end": utc_text(self.period_end),
            "total_eur": _eur(cents, ulps=-4 if cents else 0),
            "items": [record.row(self.id) for record in self.records],
            "subscriptions": fees,
        }

    def daily_spend(self) -> Row:
        days = self.days()
        points = [{"date": str(day), "amount_eur": amount} for day, amount in days.items()]
        return {"points": points, "total_eur": sum(days.values(), Decimal(0))}

    def payment_methods(self) -> Row:
        return {"items": [{**card, "org_id": self.id} for card in self.cards]}


def _eur(cents: int, *, ulps: int = 0) -> Decimal:
    """Write cents as euros, ``ulps`` counted in the last of the seventeen digits a double is written with."""
    exact = Decimal(cents).scaleb(-2) + Decimal(ulps).scaleb(len(str(cents // 100)) - 17)
    return Decimal(format(exact, "f").rstrip("0").rstrip("."))


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
    if day.weekday() == 4:
        nobody: Ids = {"cluster_id": None, "node_pool_id": None}
        yield _Record(start + timedelta(hours=23), Decimal("37.625"), 113, nobody, "egress", "gib")


def _busy(month: Period, today: date) -> _Org:
    days = [month.start.date() + timedelta(days=n) for n in range(today.day)]
    listed: Row = {
        "id": _id("org", "nordlicht-verlag"),
        "name": "Nordlicht Verlag",
        "slug": "nordlicht-verlag",
        "billing_email": "rechnungen@nordlicht.example",
        "vat_id": "XX483920175",
        "plan": "standard",
        "created_at": "2024-01-20T08:41:12Z",
        "updated_at": "2024-10-02T16:05:47Z",
    }
    cards: tuple[Row, ...] = (
        {"id": _id("card", "1"), "is_default": True, "created_at": "2024-01-20T08:52:40Z", "card_brand": "mastercard",
         "card_last4": "0093", "card_exp_month": 4, "card_exp_year": 2031},
        {"id": _id("card", "2"), "is_default": False, "created_at": "2024-07-31T13:18:09Z", "card_brand": None,
         "card_last4": None, "card_exp_month": None, "card_exp_year": None},
        {"id": _id("card", "3"), "is_default": False, "created_at": "2024-09-14T07:00:00Z"},
    )  # fmt: skip
    records = tuple(
        record for day in days for record in _records(day) if record.at <= midnight(today)
    )
    return _Org(listed, {}, month, month.end, today, _FEES, records, cards)


def _idle(month: Period, today: date) -> _Org:
    listed: Row = {
        "id": _id("org", "kelpie-sandbox").lower(),
        "name": "Kelpie Sandbox",
        "slug": "kelpie-sandbox",
        "billing_email": None,
        "plan": "trial",
        "created_at": "2024-05-17T11:00:03Z",
        "updated_at": "2024-06-01T00:00:00Z",
    }
    return _Org(listed, {"next_cursor": None}, month, midnight(today), today)


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(body=_JSON.encode(value), status=status, content_type="application/json")


def _invalid(*details: tuple[str, str, str]) -> web.Response:
    told = [dict(zip(("field", "code", "message"), detail, strict=True)) for detail in details]
    error = {
        "code": "validation_error",
        "message": "The request cannot be accepted.",
        "details": told,
    }
    return _json({"error": error}, 422)


def refuse(code: int) -> web.Response:
    """Answer with one of the provider's error bodies, or a proxy's page (contract section 1)."""
    if code == 422:
        return _invalid(("orgID", "invalid_format", "Expected a UUID."))
    if code > 500:
        page = "<!doctype html><html><body><h1>Upstream unavailable</h1></body></html>"
        return web.Response(status=code, text=page, content_type="text/html")
    known = {
        401: ("unauthorized", "This token is not valid."),
        403: ("forbidden", "This token may not read billing data."),
        404: ("not_found", "No such organization."),
        429: ("rate_limited", "Request quota used up."),
        500: ("internal_error", "Unexpected failure."),
    }
    name, message = known.get(code, ("bad_request", "The request cannot be accepted."))
    return _json({"error": {"code": name, "message": message}}, code)


def simulate(now: datetime) -> Simulation:
    """Make the fake as it is at a time."""
    month, today = Period.month_of(now), now.date()
    orgs = dict(
        zip(
            (sample.token for sample in SAMPLES),
            (_busy(month, today), _idle(month, today)),
            strict=True,
        )
    )

    async def organizations(request: web.Request) -> web.Response:
        org, limit, cursor = (
            orgs[token_of(request)],
            request.query.get("limit", "50"),
            request.query.get("cursor"),
        )
        wrong = []
        if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit) <= 100:
            wrong.append(("limit", "out_of_range", "Expected 1 to 100."))
        if cursor is not None and cursor.lower() != org.id.lower():
            wrong.append(("cursor", "invalid_cursor", "This cursor is not from a previous page."))
        return (
            _invalid(*wrong)
            if wrong
            else _json({"items": [] if cursor else [org.listed], **org.last_page})
        )

    def billing(view: Callable[[_Org], Row]) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            org, asked = orgs[token_of(request)], request.match_info["org"]
            if not _UUID.fullmatch(asked):
                return refuse(422)
            return _json(view(org)) if asked.lower() == org.id.lower() else refuse(404)

        return answer

    path = "/api/v1/organizations/{org}/billing"
    return Simulation(
        "aether",
        SAMPLES,
        [
            web.get("/api/v1/organizations", organizations),
            web.get(f"{path}/usage", billing(_Org.usage)),
            web.get(f"{path}/daily-spend", billing(_Org.daily_spend)),
            web.get(f"{path}/payment-methods", billing(_Org.payment_methods)),
        ],
        refuse,
        Habits(
            pages=(
                Pages("/api/v1/organizations", "items", "cursor", "limit", cursor="next_cursor"),
            )
        ),
    )
