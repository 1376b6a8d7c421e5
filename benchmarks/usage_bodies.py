"""The replies that tell of usage, beside Latitude.sh's: leases, days, hours and rows.

As many as an account's name says, in the documented shapes, the same for every side.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from uuid import UUID, uuid5

from benchmarks.bodies import written

_SPACE = UUID("0c9d1b7e-52f4-4c1b-8a35-2f0e6d9a7b41")
# Leases and rows are of October 2026; Aether only has the month that is running.
OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
MONTH = datetime.now(UTC).date().replace(day=1)
JOBS = 5  # of each build


def _uuid(kind: str, number: int) -> str:
    return str(uuid5(_SPACE, f"{kind}-{number}"))


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def _job(org: str, number: int, of: int) -> dict[str, object]:
    begun = OCTOBER + timedelta(seconds=number * 2_600_000 // of, microseconds=number % 1_000_000)
    seconds = 17 + number * 13 % 1_900
    return {
        "job_id": _uuid(f"{org} job", number),
        "job_name": f"test {number % 40}",
        "step_key": f"step-{number % 12}",
        "vm_handle": f"vm-{number:06x}",
        "cpu_count": 2,
        "memory_gb": 4,
        "disk_gb": 20,
        "duration_seconds": seconds,
        "amount_cents": -(seconds // 24),
        "started_at": _text(begun),
        "finished_at": _text(begun + timedelta(seconds=seconds)),
    }


@cache
def breakdown(leases: int, org: str = "acme") -> bytes:
    """Build Harmont's breakdown of a month; what an organization ran is no other's."""
    builds = []
    for first in range(0, leases, JOBS):
        jobs = [_job(org, number, leases) for number in range(first, min(first + JOBS, leases))]
        builds.append(
            {
                "build_id": _uuid(f"{org} build", first),
                "build_number": first // JOBS,
                "build_external_id": _uuid(f"{org} external", first),
                "pipeline_id": _uuid("pipeline", first // JOBS % 50),
                "pipeline_name": f"pipeline {first // JOBS % 50}",
                "pipeline_slug": f"pipeline-{first // JOBS % 50}",
                "total_cents": sum(int(str(job["amount_cents"])) for job in jobs),
                "started_at": jobs[0]["started_at"],
                "finished_at": jobs[-1]["finished_at"],
                "job_count": len(jobs),
                "jobs": jobs,
            }
        )
    return written({"data": builds})


@cache
def summary(leases: int) -> bytes:
    """Build the total of the same month at today's rates."""
    cents = sum((17 + number * 13 % 1_900) // 24 for number in range(leases))
    return written(
        {
            "cpu_seconds": 0,
            "memory_gb_seconds": 0,
            "disk_gb_seconds": 0,
            "total_cents": cents,
        }
    )


@cache
def series(first: str, end: str) -> bytes:
    """Build a bucket for each day, that of the end too."""
    begun = date.fromisoformat(first)
    count = (date.fromisoformat(end) - begun).days + 1
    buckets = [
        {
            "date": str(begun + timedelta(days=number)),
            "cpu_seconds": 6_718,
            "memory_gb_seconds": 13_436,
            "disk_gb_seconds": 67_180,
            "total_cents": 0 if number == count - 1 else 141 + number,
        }
        for number in range(count)
    ]
    return written({"data": buckets})


@cache
def hours(org: str, records: int) -> bytes:
    """Build Aether's month to date: one fee, and autoscaling by the hour without prices."""
    begun = datetime.combine(MONTH, datetime.min.time(), UTC)
    items = [
        {
            "id": _uuid("item", number),
            "org_id": org,
            "cluster_id": _uuid("cluster", number % 8),
            "node_pool_id": _uuid("pool", number % 32),
            "resource_type": "node",
            "quantity": Decimal("2.5"),
            "unit": "node_hour",
            "recorded_at": _text(begun + timedelta(hours=number % 24)),
        }
        for number in range(records)
    ]
    fee = {"kind": "control_plane", "cluster_id": None, "node_pool_id": None, "name": "prod"}
    return written(
        {
            "org_id": org,
            "period_start": _text(begun),
            "total_eur": Decimal("83.03"),
            "items": items,
            "subscriptions": [{**fee, "amount_eur": Decimal("79.35")}],
        }
    )


@cache
def daily_spend() -> bytes:
    """Build the one day in which all of these records are."""
    point = {"date": str(MONTH), "amount_eur": Decimal("3.68")}
    return written({"points": [point], "total_eur": Decimal("3.68")})


@cache
def usage_rows(org: str, rows: int) -> bytes:
    """Build b'nerd's usage of October, a row for each product of each project."""
    end = OCTOBER + timedelta(days=31)
    return written(
        [
            {
                "organization_id": org,
                "subscription_id": _uuid("subscription", number),
                "project_id": _uuid("project", number % 50),
                "project_name": f"project-{number % 50}",
                "product_id": _uuid("product", number),
                "product_name": f"Compute {number % 20}",
                "unit": "hour",
                "quantity": 744,
                "unit_price": {"cents": "3.8125", "currency_iso": "EUR"},
                "total": {"cents": Decimal("2836.5"), "currency_iso": "EUR"},
                "from": f"{OCTOBER:%Y-%m-%dT%H:%M:%SZ}",
                "to": f"{end:%Y-%m-%dT%H:%M:%SZ}",
            }
            for number in range(rows)
        ]
    )
