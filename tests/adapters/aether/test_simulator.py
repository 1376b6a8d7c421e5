"""The simulator of Aether keeps the contract, and its numbers agree with each other."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from billfold import Billfold, Category, Money, Period, State
from billfold.simulators import serving
from billfold.simulators.faults import Fault, status
from billfold_aether.simulator import SAMPLES, refuse, simulate
from support.contract import operations, violations

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BUSY, IDLE = (sample.token for sample in SAMPLES)
LIST = "/api/v1/organizations"
BILLING = f"{LIST}/{{orgID}}/billing"
PATHS = [LIST, f"{BILLING}/usage", f"{BILLING}/daily-spend", f"{BILLING}/payment-methods"]
# An organization of one's own is never missing from the list, so the slice has no 404 there.
REPLIES = [
    (path, code)
    for path in PATHS
    for code in (200, 401, 403, 404, 422, 429, 500, 502, 503)
    if (path, code) != (LIST, 404)
]


async def get(url: str, token: str | None) -> tuple[int, str, bytes]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as response:
        return response.status, response.content_type, await response.read()


async def org_of(url: str, token: str) -> str:
    org: str = json.loads((await get(url + LIST, token))[2])["items"][0]["id"]
    return org


async def read(now: datetime, what: str, token: str = BUSY) -> dict[str, Any]:
    async with serving(simulate(now)) as url:
        reply = await get(f"{url}{LIST}/{await org_of(url, token)}/billing/{what}", token)
    body: dict[str, Any] = json.loads(reply[2], parse_float=Decimal)
    return body


def test_every_operation_of_the_slice_is_simulated() -> None:
    routes = {
        (route.method, route.path.replace("{org}", "{orgID}")) for route in simulate(NOW).routes
    }
    assert routes == operations("aether") == {("GET", path) for path in PATHS}


@pytest.mark.parametrize("token", [BUSY, IDLE])
@pytest.mark.parametrize(("path", "code"), REPLIES)
async def test_every_reply_is_as_the_slice_says(path: str, code: int, token: str) -> None:
    simulation = simulate(NOW)
    async with serving(simulation) as url:
        org = await org_of(url, token)
        if code > 401:
            simulation.faults.append(Fault(status(code)))
        got, media_type, body = await get(
            url + path.replace("{orgID}", org), token if code != 401 else None
        )
    assert got == code
    assert violations("aether", "GET", path, code, media_type, body) == []


@pytest.mark.parametrize(
    ("path", "code", "fields"),
    [
        (f"{LIST}/7C1E55A9-04D3-4B8F-9A62-E3B70F18D4C6/billing/usage", 404, []),
        (f"{LIST}/nordlicht-verlag/billing/daily-spend", 422, ["orgID"]),
        (f"{LIST}?limit=many", 422, ["limit"]),
        (f"{LIST}?limit=0&cursor=made-up", 422, ["limit", "cursor"]),
        ("/api/v1/clusters", 404, []),
    ],
)
async def test_what_the_real_server_would_refuse_is_refused(
    path: str, code: int, fields: list[str]
) -> None:
    async with serving(simulate(NOW)) as url:
        got, _, body = await get(url + path, BUSY)
    assert (got, [detail["field"] for detail in json.loads(body)["error"].get("details", [])]) == (
        code,
        fields,
    )


async def test_a_page_is_capped_at_a_hundred_rows() -> None:
    async with serving(simulate(NOW)) as url:
        pages = [await get(f"{url}{LIST}?limit={limit}", BUSY) for limit in (100, 101, 10**9)]
    assert pages[0][0] == 200
    assert pages == [pages[0]] * 3


def test_any_other_refusal_has_the_envelope_too() -> None:
    body = refuse(405).body
    assert isinstance(body, bytes)
    assert json.loads(body)["error"]["code"] == "bad_request"


async def test_a_token_sees_its_own_organization_alone_in_any_letter_case() -> None:
    async with serving(simulate(NOW)) as url:
        busy, idle = await org_of(url, BUSY), await org_of(url, IDLE)
        assert busy != idle
        assert (await get(f"{url}{LIST}/{busy.swapcase()}/billing/usage", BUSY))[0] == 200
        assert (await get(f"{url}{LIST}/{busy}/billing/usage", IDLE))[0] == 404


async def test_the_last_page_has_no_cursor_or_a_null_one_and_nothing_follows_it() -> None:
    async with serving(simulate(NOW)) as url:
        pages = [json.loads((await get(url + LIST, token))[2]) for token in (BUSY, IDLE)]
        beyond = json.loads(
            (await get(f"{url}{LIST}?cursor={pages[0]['items'][0]['id']}", BUSY))[2]
        )
    assert "next_cursor" not in pages[0]
    assert pages[1]["next_cursor"] is None
    assert beyond["items"] == []


async def test_its_views_of_the_same_money_agree(simulated: Any) -> None:
    fold: Billfold
    fold, _ = await simulated("aether")
    usage, daily, fees = await fold.usage(), await fold.daily(), await fold.subscriptions()
    assert usage.complete
    assert daily.complete
    busy, idle = usage.items
    by_category = {
        category: sum(
            (c.cost.amount for c in busy.charges if c.cost is not None and c.category is category),
            Decimal(0),
        )
        for category in (Category.PURCHASE, Category.USAGE)
    }
    assert (
        by_category[Category.PURCHASE]
        == sum(fee.price.amount for fee in fees if fee.price is not None)
        == Decimal("461.93")
    )
    assert by_category[Category.USAGE] == daily.totals()["EUR"].amount
    assert [(check.name, check.holds) for check in busy.checks] == [
        ("daily-spend total vs. its days", True),
        ("usage total vs. fees and autoscaling by day", False),
    ]
    assert abs(busy.checks[1].gap.amount) < Decimal("1e-12")
    assert (idle.charges, idle.totals()) == ((), {"EUR": Money.zero("EUR")})
    assert len(daily) == 2 * 20


async def test_the_demo_s_accounts_answer_every_stream(simulated: Any) -> None:
    fold: Billfold
    fold, _ = await simulated("aether")
    assert [credential.subject for credential in await fold.check()] == [
        "Nordlicht Verlag",
        "Kelpie Sandbox",
    ]
    assert [method.last4 for method in await fold.payment_methods()] == ["0093", None, None]
    assert {row.state for row in (await fold.usage(Period.month(2026, 10))).coverage} == {
        State.UNAVAILABLE
    }


async def test_a_busy_month_has_the_odd_cases_of_the_contract() -> None:
    usage = await read(NOW, "usage")
    ids = [item["id"] for item in usage["items"]]
    assert len(ids) == len({ident.lower() for ident in ids}) > 100
    assert any(ident.islower() for ident in ids)
    assert any(ident.isupper() for ident in ids)
    assert any("cluster_id" not in item for item in usage["items"])
    assert any("cluster_id" in item and item["cluster_id"] is None for item in usage["items"])
    assert {fee["kind"] for fee in usage["subscriptions"]} == {
        "control_plane",
        "node_pool",
        "storage_commitment",
    }
    assert usage["total_eur"] != round(usage["total_eur"], 2)


@pytest.mark.parametrize(
    ("token", "end"), [(BUSY, "2026-12-01T00:00:00Z"), (IDLE, "2026-11-20T00:00:00Z")]
)
async def test_the_end_of_the_period_has_more_than_one_reading(token: str, end: str) -> None:
    assert (await read(NOW, "usage", token))["period_end"] == end


async def test_two_runs_on_one_day_are_the_same_and_yesterday_stays_as_it_was() -> None:
    morning, evening = [await read(NOW.replace(hour=hour), "usage") for hour in (0, 23)]
    assert morning == evening
    tomorrow = await read(NOW.replace(day=21), "usage")
    assert {item["id"] for item in morning["items"]} < {item["id"] for item in tomorrow["items"]}


@pytest.mark.parametrize(
    "today", ["2026-06-01", "2026-11-01", "2026-12-31", "2028-02-29", "2027-01-04"]
)
async def test_on_any_day_the_points_run_through_today_and_no_record_is_of_the_future(
    today: str,
) -> None:
    now = datetime.fromisoformat(f"{today}T00:00:00Z")
    usage, spend = await read(now, "usage"), await read(now, "daily-spend")
    assert [point["date"] for point in spend["points"]] == [
        f"{today[:8]}{day:02}" for day in range(1, now.day + 1)
    ]
    assert all(item["recorded_at"] <= f"{today}T00:00:00Z" for item in usage["items"])
    assert abs(usage["total_eur"] - spend["total_eur"] - Decimal("461.93")) < Decimal("1e-12")
    assert usage["period_start"] == f"{today[:8]}01T00:00:00Z"
