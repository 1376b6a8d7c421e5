"""A fake of Harmont: two organizations, hundreds of leases, a ledger that adds up, and a price change last month.

Everything is a function of the date, so that two runs on one day give the same numbers. The rate card went up in the middle
of last month: the breakdown and the ledger keep what was debited, the summary and the series are recomputed (contract 3.3).
"""

from __future__ import annotations

import base64
import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from aiohttp import web
from attrs import define, field, frozen

from billfold.period import Period, midnight, utc_text
from billfold.simulators.faults import Habits, Pages
from billfold.simulators.simulation import Sample, Simulation, plain_json

_DAYS = 100
_OLD_RATE, _RATE = 40_000, 42_000  # micro-cents per second of the one machine shape
_STEPS = ("lint", "test-unit", "test-integration", "build-image")
_PIPELINES = (
    ("storefront-release", "Storefront release"),
    ("warehouse-sync", "Warehouse sync"),
    (None, None),
)

SAMPLES = (
    Sample("ci", "hm_simulated0000000000000000000000000000000001", {"org": "tidewater-labs"}),
    Sample("ci-legacy", "hm_simulated0000000000000000000000000000000002", {"org": "quarry-9"}),
)
HABITS = Habits(
    pages=(
        Pages(
            "/api/v0/billing/transactions/{org}", "data", "cursor", "limit", cursor="next_cursor"
        ),
        Pages(
            "/api/v0/organizations", "data", "cursor", "limit", cursor="next_cursor", ident="slug"
        ),
    )
)


@frozen
class _Lease:
    org: str
    build: int
    pipeline: int
    step: str
    started: datetime
    seconds: int
    debit: int
    deleted: bool

    @property
    def finished(self) -> datetime:
        return self.started + timedelta(seconds=self.seconds)

    @property
    def today(self) -> int:
        """Cents by today's rate card, rounded down per lease."""
        return self.seconds * _RATE // 1_000_000

    def id(self, what: str) -> str:
        return _uuid(self.org, what, str(self.build), self.step)


def _uuid(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


@define
class _World:
    now: datetime
    leases: dict[str, list[_Lease]] = field(factory=dict)
    ledger: dict[str, list[dict[str, object]]] = field(factory=dict)


def _leases(org: str, now: datetime, builds_a_day: int) -> Iterator[_Lease]:
    today = midnight(now.date())
    raised = Period.month_of(today).previous_month().start + timedelta(days=14)
    number = 400
    for back in range(_DAYS, 0, -1):
        day = today - timedelta(days=back)
        dice = random.Random(f"{org} {day.day} {day.month}")
        for nth in range(builds_a_day):
            number += 1
            started = day + timedelta(
                hours=8 + 3 * nth,
                seconds=dice.randrange(3000),
                microseconds=dice.randrange(1_000_000),
            )
            pipeline = dice.choice((0, 0, 0, 1, 1, 2))
            for step in _STEPS[: dice.randint(1, 4)]:
                seconds = dice.choice((17, 61, 412, 905, 1873, 3311))
                rate = _OLD_RATE if started < raised else _RATE
                deleted = pipeline == 1 and dice.random() < 0.2
                yield _Lease(
                    org,
                    number,
                    pipeline,
                    step,
                    started,
                    seconds,
                    seconds * rate // 1_000_000,
                    deleted,
                )


def _ledger(org: str, leases: list[_Lease], now: datetime, topup: int) -> list[dict[str, object]]:
    entries: list[tuple[datetime, int, str, str | None, str]] = [
        (lease.finished, -lease.debit, "vm_lease_debit", "VM lease debit", lease.id("debit"))
        for lease in leases
    ]
    first = Period.month_of(now - timedelta(days=_DAYS))
    entries.append(
        (
            first.start + timedelta(hours=9),
            topup,
            "stripe_topup",
            "Stripe top-up",
            _uuid(org, "topup"),
        )
    )
    entries.append(
        (
            first.start + timedelta(hours=10),
            2750,
            "coupon_redemption",
            "Coupon AUTUMN-K7Q2 redeemed",
            _uuid(org, "coupon"),
        )
    )
    month = Period.month_of(now)
    entries.append(
        (month.start + timedelta(hours=8, minutes=20), 1990, "refund", None, _uuid(org, "refund"))
    )
    entries.append(
        (month.start + timedelta(seconds=1), -425, "chargeback", None, _uuid(org, "chargeback"))
    )
    entries.sort(key=lambda entry: (entry[0], entry[4]), reverse=True)
    return [
        {
            "id": ident,
            "amount_cents": cents,
            "source": source,
            "description": text,
            "created_at": utc_text(at),
        }
        for at, cents, source, text, ident in entries
        if at <= now
    ]


def _job(lease: _Lease) -> dict[str, object]:
    return {
        "job_id": None if lease.deleted else lease.id("job"),
        "job_name": None if lease.deleted or lease.step == "lint" else lease.step.replace("-", " "),
        "step_key": None if lease.deleted else lease.step,
        "vm_handle": f"vm-{lease.id('vm')[:6]}",
        "cpu_count": 2,
        "memory_gb": 4,
        "disk_gb": 20,
        "duration_seconds": lease.seconds,
        "amount_cents": -lease.debit,
        "started_at": utc_text(lease.started),
        "finished_at": utc_text(lease.finished),
    }


def _builds(leases: list[_Lease]) -> list[dict[str, object]]:
    groups: dict[int | None, list[_Lease]] = {}
    for lease in leases:
        groups.setdefault(None if lease.deleted else lease.build, []).append(lease)
    builds = [_build(number, group) for number, group in groups.items()]
    return sorted(builds, key=lambda build: str(build["started_at"]), reverse=True)


def _build(number: int | None, leases: list[_Lease]) -> dict[str, object]:
    first = min(leases, key=lambda lease: lease.started)
    slug, name = _PIPELINES[first.pipeline] if number is not None else (None, None)
    return {
        "build_id": None if number is None else _uuid(first.org, "build", str(number)),
        "build_number": number,
        "build_external_id": None if number is None else _uuid(first.org, "external", str(number)),
        "pipeline_id": None if slug is None else _uuid(first.org, slug),
        "pipeline_name": name,
        "pipeline_slug": slug,
        "total_cents": -sum(lease.debit for lease in leases),
        "started_at": utc_text(first.started),
        "finished_at": utc_text(max(lease.finished for lease in leases)),
        "job_count": len(leases),
        "jobs": [_job(lease) for lease in sorted(leases, key=lambda lease: lease.started)],
    }


def _figures(leases: list[_Lease]) -> dict[str, int]:
    seconds = sum(lease.seconds for lease in leases)
    return {
        "cpu_seconds": 2 * seconds,
        "memory_gb_seconds": 4 * seconds,
        "disk_gb_seconds": 20 * seconds,
        "total_cents": sum(lease.today for lease in leases),
    }


def refuse(code: int) -> web.Response:
    """Answer with one of the provider's error bodies (contract section 1.5)."""
    known = {
        401: ("unauthorized", "unauthorized", "The bearer token was not accepted."),
        404: (
            "not_found",
            "organization_not_found",
            "There is no organization with this slug for you.",
        ),
        422: (
            "validation_failed",
            "billing_usage_window_invalid",
            "The window could not be read or has no length.",
        ),
        429: ("rate_limited", "rate_limited", "Too many requests, slow down."),
        500: ("server_error", "internal", "Something failed on our side."),
    }
    if code not in known:
        return plain_json(
            {"errors": {"detail": "Not Found" if code < 500 else "Internal Server Error"}},
            status=code,
        )
    kind, name, message = known[code]
    request_id = f"F9q-{code}-simulated"
    error = {"type": kind, "code": name, "message": message, "request_id": request_id}
    return plain_json({"error": error}, status=code, headers={"x-request-id": request_id})


def _page(request: web.Request, rows: list[dict[str, object]]) -> web.Response:
    """Answer with a page as the server does: limits are clamped, a cursor it cannot read is ignored."""
    try:
        limit = min(max(int(request.query.get("limit", "50")), 1), 100)
    except ValueError:
        limit = 50
    try:
        start = int(base64.urlsafe_b64decode(request.query.get("cursor", "") + "=="))
    except ValueError:
        start = 0
    end = start + limit
    following = (
        base64.urlsafe_b64encode(str(end).encode()).decode().rstrip("=")
        if end < len(rows)
        else None
    )
    return plain_json({"data": rows[start:end], "next_cursor": following})


def _window(request: web.Request) -> Period:
    bounds = [request.query.get(name, "") for name in ("from", "to")]
    try:
        if any(len(bound) < len("2026-01-01T00:00:00Z") for bound in bounds):
            raise ValueError("an offset and seconds are mandatory")
        return Period(*(datetime.fromisoformat(bound) for bound in bounds))
    except ValueError:
        raise web.HTTPUnprocessableEntity from None


def simulate(now: datetime) -> Simulation:
    """Make the fake as it is at a time."""
    world = _World(now)
    for org, builds, topup in (("tidewater-labs", 4, 48_213), ("quarry-9", 1, 3_000)):
        world.leases[org] = list(_leases(org, now, builds))
        world.ledger[org] = _ledger(org, world.leases[org], now, topup)

    def org_of(request: web.Request) -> str:
        org = request.match_info["org"]
        if org not in world.leases:
            raise web.HTTPNotFound
        return org

    def inside(request: web.Request) -> list[_Lease]:
        org, window = org_of(request), _window(request)
        return [lease for lease in world.leases[org] if lease.started in window]

    async def user(request: web.Request) -> web.Response:
        ident = _uuid("user")
        return plain_json(
            {
                "uuid": ident,
                "email": "ines@example.com",
                "name": "Ines Okafor",
                "personal_org_slug": None,
            }
        )

    async def organizations(request: web.Request) -> web.Response:
        rows: list[dict[str, object]] = [
            {
                "slug": org,
                "name": org.replace("-", " ").title(),
                "url": None,
                "created_at": "2026-03-29T09:48:01.000000Z",
            }
            for org in world.leases
        ]
        return _page(request, rows)

    async def balance(request: web.Request) -> web.Response:
        return plain_json(
            {
                "balance_cents": sum(
                    int(str(row["amount_cents"])) for row in world.ledger[org_of(request)]
                )
            }
        )

    async def transactions(request: web.Request) -> web.Response:
        return _page(request, world.ledger[org_of(request)])

    async def usage(request: web.Request) -> web.Response:
        return plain_json(_figures(inside(request)))

    async def series(request: web.Request) -> web.Response:
        leases, window = inside(request), _window(request)
        days = Period(
            midnight(window.start.date()), midnight(window.end.date()) + timedelta(days=1)
        ).split_days()
        return plain_json(
            {
                "data": [
                    {
                        "date": f"{day.start:%Y-%m-%d}",
                        **_figures([lease for lease in leases if lease.started in day]),
                    }
                    for day in days
                ]
            }
        )

    async def breakdown(request: web.Request) -> web.Response:
        return plain_json({"data": _builds(inside(request))})

    usage_path = "/api/v0/billing/usage/{org}"
    return Simulation(
        "harmont",
        SAMPLES,
        [
            web.get("/api/v0/user", user),
            web.get("/api/v0/organizations", organizations),
            web.get("/api/v0/billing/balance/{org}", balance),
            web.get("/api/v0/billing/transactions/{org}", transactions),
            web.get(usage_path, usage),
            web.get(f"{usage_path}/series", series),
            web.get(f"{usage_path}/breakdown", breakdown),
        ],
        refuse,
        HABITS,
    )
