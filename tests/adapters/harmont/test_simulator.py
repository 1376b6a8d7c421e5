"""The simulator of Harmont keeps the contract, and its numbers agree with each other."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from billfold import Billfold, Period
from billfold.simulators import serving
from billfold.simulators.faults import Fault, status
from billfold_harmont.simulator import SAMPLES, simulate
from billfold_harmont.simulator_data import organizations
from support.contract import operations, violations

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WINDOW = "?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z"
USAGE = "/api/v0/billing/usage"
REQUESTS = {
    "/api/v0/user": "/api/v0/user",
    "/api/v0/organizations": "/api/v0/organizations?limit=1",
    "/api/v0/billing/balance/{org}": "/api/v0/billing/balance/quarry-9",
    "/api/v0/billing/transactions/{org}": "/api/v0/billing/transactions/tidewater-labs?limit=100",
    f"{USAGE}/{{org}}": f"{USAGE}/tidewater-labs{WINDOW}",
    f"{USAGE}/{{org}}/series": f"{USAGE}/tidewater-labs/series{WINDOW}",
    f"{USAGE}/{{org}}/breakdown": f"{USAGE}/tidewater-labs/breakdown{WINDOW}",
}


def test_every_operation_of_the_slice_is_simulated() -> None:
    assert {("GET", path) for path in REQUESTS} == operations("harmont")


@pytest.mark.parametrize("path", REQUESTS)
@pytest.mark.parametrize("code", [200, 401, 429, 500])
async def test_every_reply_is_as_the_slice_says(path: str, code: int) -> None:
    simulation = simulate(NOW)
    headers = {"Authorization": f"Bearer {SAMPLES[0].token}"} if code != 401 else {}
    if code > 401:
        simulation.faults.append(Fault(status(code)))
    async with (
        serving(simulation) as url,
        aiohttp.ClientSession(headers=headers) as session,
        session.get(url + REQUESTS[path]) as response,
    ):
        assert response.status == code
        assert (
            violations("harmont", "GET", path, code, response.content_type, await response.read())
            == []
        )


@pytest.mark.parametrize(
    "query", ["", "?from=2026-10-01&to=2026-10-02", WINDOW.replace("2026-11", "2026-10")]
)
async def test_windows_the_real_server_refuses_are_refused(query: str) -> None:
    async with (
        serving(simulate(NOW)) as url,
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {SAMPLES[0].token}"}) as session,
        session.get(f"{url}/api/v0/billing/usage/quarry-9{query}") as response,
    ):
        assert response.status == 422


async def test_its_views_of_the_same_money_agree(simulated) -> None:
    fold: Billfold
    fold, _ = await simulated("harmont")
    october = Period.month(2026, 10)
    usage, daily, ledger = await fold.usage(october), await fold.daily(october), await fold.ledger()
    balances = await fold.balances()
    assert {"prepaid": ledger.totals()} == balances.totals()
    assert min(balance.amount for balance in balances).amount < 0
    checks = [check for used in usage for check in used.checks]
    summaries = [check.stated for check in checks if check.name == "usage summary vs. build totals"]
    assert daily.totals()["USD"] == summaries[0] + summaries[1]
    # Debits follow the leases: until 03:40 of the next month's first day.
    debited = Period(*(bound + timedelta(hours=4) for bound in (october.start, october.end)))
    debits = [
        entry.amount for entry in ledger if entry.kind == "vm_lease_debit" and entry.at in debited
    ]
    assert usage.totals()["USD"] == -sum(debits[1:], debits[0])
    failed = {check.name for check in checks if not check.holds}
    assert failed == {"usage summary vs. build totals"}


async def read(path: str) -> Any:
    headers = {"Authorization": f"Bearer {SAMPLES[0].token}"}
    async with (
        serving(simulate(NOW)) as url,
        aiohttp.ClientSession(headers=headers) as session,
        session.get(url + path) as response,
    ):
        return await response.json()


async def test_deleted_jobs_leave_neither_names_nor_machines() -> None:
    builds = (await read(f"{USAGE}/tidewater-labs/breakdown{WINDOW}"))["data"]
    (deleted,) = [build for build in builds if build["build_id"] is None]
    assert len(deleted["jobs"]) > 1
    for key in ("job_id", "job_name", "step_key", "vm_handle"):
        assert {job[key] for job in deleted["jobs"]} == {None}


async def test_a_running_lease_counts_nowhere_before_it_has_a_debit() -> None:
    (running,) = [
        lease for lease in organizations(NOW)["tidewater-labs"].leases if lease.seconds is None
    ]
    assert (running.started, running.debits) == (datetime(2026, 11, 20, tzinfo=UTC), ())
    today = "?from=2026-11-20T00:00:00Z&to=2026-11-20T12:00:00Z"
    zeros = {"cpu_seconds": 0, "memory_gb_seconds": 0, "disk_gb_seconds": 0, "total_cents": 0}
    assert await read(f"{USAGE}/tidewater-labs{today}") == zeros
    assert await read(f"{USAGE}/tidewater-labs/series{today}") == {
        "data": [{"date": "2026-11-20", **zeros}]
    }
    assert await read(f"{USAGE}/tidewater-labs/breakdown{today}") == {"data": []}


def test_a_lease_over_the_end_of_a_month_is_stated_of_that_month_once_it_is_finished() -> None:
    """18,000 s at 42,000 millionths of a cent are 7.56; 7.20 at the 40,000 of September."""
    moments = [datetime(2026, 11, 1, 3, minute, tzinfo=UTC) for minute in (39, 40)]
    running, finished = (organizations(moment)["quarry-9"] for moment in moments)
    before, after = (
        [job for build in org.breakdown(Period.month(2026, 10))["data"] for job in build["jobs"]]
        for org in (running, finished)
    )
    (job,) = [job for job in after if job not in before]
    assert (job["started_at"], job["finished_at"], job["amount_cents"]) == (
        "2026-10-31T22:40:00Z",
        "2026-11-01T03:40:00Z",
        -756,
    )
    newest = finished.entries[0]
    assert (newest["created_at"], newest["amount_cents"]) == ("2026-11-01T03:40:00Z", -756)
    day = Period.day(date(2026, 10, 31))
    costs = [org.series(day)["data"][0]["total_cents"] for org in (running, finished)]
    assert costs[1] - costs[0] == 756
    (september,) = [
        entry for entry in finished.entries if entry["created_at"] == "2026-10-01T03:40:00Z"
    ]
    assert september["amount_cents"] == -720


async def test_one_lease_has_two_debits_and_both_count(simulated) -> None:
    fold: Billfold
    fold, _ = await simulated("harmont")
    yesterday = Period.day(date(2026, 11, 19))
    used, *_ = (await fold.usage(yesterday)).items
    charges = {charge.id: charge for charge in used.charges}
    (second,) = [charge for charge in used.charges if charge.id.endswith("#2")]
    first = charges[second.id.removesuffix("#2")]
    assert (str(first.cost), str(second.cost)) == ("0.39 USD", "0.39 USD")
    assert first.resource_id == second.resource_id
    assert all(check.holds for check in used.checks)
    entries = await fold.ledger(yesterday)
    assert [str(entry.amount) for entry in entries if entry.at == first.period.end] == [
        "-0.39 USD"
    ] * 2


@pytest.mark.parametrize(
    "later", [NOW.replace(month=12, day=23), datetime(2028, 4, 16, tzinfo=UTC)]
)
def test_what_was_leased_keeps_its_ids_and_amounts_whenever_asked(later: datetime) -> None:
    then, now = (organizations(moment)["tidewater-labs"] for moment in (NOW, later))
    assert now.entries[-len(then.entries) :] == then.entries
    for month in (8, 9, 10):
        assert now.breakdown(Period.month(2026, month)) == then.breakdown(Period.month(2026, month))
    # 1,873 s at 42,000 millionths of a cent are 78 cents, debited by halves.
    builds = now.breakdown(Period.day(date(2026, 11, 19)))["data"]
    halves = [job for build in builds for job in build["jobs"] if job["amount_cents"] == -39]
    assert [job["duration_seconds"] for job in halves] == [1873, 1873]
