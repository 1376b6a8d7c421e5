"""The fake of Latitude.sh keeps the contract, and its own numbers agree with each other."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import aiohttp
import pytest

from billfold import (
    Account,
    Answer,
    Balance,
    Billfold,
    Category,
    DeadlineError,
    Money,
    Period,
    Secret,
    State,
)
from billfold.money import sum_by_currency
from billfold.simulators import Simulation, serving
from billfold.simulators.faults import Fault, status, throttled_in_body
from billfold_latitude import Latitude
from billfold_latitude.simulator import SAMPLES, simulate
from billfold_latitude.simulator_data import TEAMS
from support.contract import operations, violations
from support.hurried import hurried

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BUSY, IDLE = "proj_Kx81mQvZ3bTnY", "proj_Pe4jD9uXo6RsA"
REQUESTS = {
    "/team": "/team",
    "/projects": "/projects?page[size]=100&page[number]=1&stats[total]=count",
    "/projects/{id_or_slug}": f"/projects/{BUSY}",
    "/billing/usage": f"/billing/usage?filter[project]={BUSY}",
}
KEY = {"Authorization": f"Bearer {SAMPLES[0].token}"}
DAYS = [
    datetime(2026, month, day, tzinfo=UTC)
    for month in (1, 2, 11, 12)
    for day in (1, 2, 3, 5, 6, 12, 19, 20, 28)
]


async def answered(
    simulation: Simulation,
    path: str,
    token: str = SAMPLES[0].token,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, str, bytes]:
    sent = {"Authorization": f"Bearer {token}"} if headers is None else headers
    async with (
        serving(simulation) as url,
        aiohttp.ClientSession(headers=sent) as session,
        session.get(url + path) as response,
    ):
        assert response.headers.get("X-Request-Id") or response.content_type == "text/html"
        return response.status, response.content_type, await response.read()


async def data(path: str, now: datetime = NOW, token: str = SAMPLES[0].token) -> Any:
    code, _, body = await answered(simulate(now), path, token)
    assert code == 200
    return json.loads(body, parse_float=Decimal)


def test_every_operation_of_the_slice_is_simulated() -> None:
    assert {("GET", path) for path in REQUESTS} == operations("latitude")


@pytest.mark.parametrize("path", REQUESTS)
@pytest.mark.parametrize("code", [200, 401, 403, 429, 500, 502, 503])
async def test_every_reply_is_as_the_slice_says(path: str, code: int) -> None:
    simulation = simulate(NOW)
    if code > 401:
        simulation.faults.append(Fault(status(code)))
    got, media_type, body = await answered(
        simulation, REQUESTS[path], headers={} if code == 401 else None
    )
    assert got == code
    assert violations("latitude", "GET", path, code, media_type, body) == []


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/projects", "?sort=price", 400),
        ("/projects", "?page[size]=0", 400),
        ("/projects", "?page[number]=one", 400),
        ("/projects/{id_or_slug}", "/proj_Ch2nU5iGz0LwE", 404),
        ("/billing/usage", "?filter[project]=proj_Ch2nU5iGz0LwE", 404),
        ("/billing/usage", "", 422),
    ],
)
async def test_what_the_real_server_refuses_is_refused(path: str, query: str, code: int) -> None:
    got, media_type, body = await answered(
        simulate(NOW), path.removesuffix("/{id_or_slug}") + query
    )
    assert got == code
    assert violations("latitude", "GET", path, code, media_type, body) == []


async def test_a_locked_resource_answers_in_plain_json() -> None:
    simulation = simulate(NOW)
    simulation.faults.append(Fault(status(423)))
    code, media_type, body = await answered(simulation, REQUESTS["/billing/usage"])
    assert (code, media_type) == (423, "application/json")
    assert violations("latitude", "GET", "/billing/usage", code, media_type, body) == []


async def test_the_wait_of_a_throttled_key_is_in_the_body() -> None:
    simulation = simulate(NOW)
    simulation.faults.append(Fault(throttled_in_body(7)))
    code, media_type, body = await answered(simulation, "/team")
    assert (code, json.loads(body)["errors"][0]["meta"]) == (429, {"retry_after": 7})
    assert violations("latitude", "GET", "/team", code, media_type, body) == []


async def test_now_and_then_the_wait_is_in_a_header_too_which_the_providers_clients_read() -> None:
    simulation = simulate(NOW)
    simulation.faults.append(Fault(throttled_in_body(7)))
    async with serving(simulation) as url, aiohttp.ClientSession(headers=KEY) as session:
        waits = []
        for _ in range(6):
            async with session.get(f"{url}/team") as response:
                waits.append(response.headers.get("retry-after-ms"))
    assert waits == [None, None, "7000"] * 2


async def test_an_unknown_path_is_refused_in_the_providers_shape() -> None:
    code, _, body = await answered(simulate(NOW), "/invoices")
    assert (code, json.loads(body)["errors"][0]["code"]) == (404, "not_found")


@pytest.mark.parametrize("sample", range(2))
@pytest.mark.parametrize("now", DAYS[::7])
async def test_every_project_keeps_the_slice_on_any_day(sample: int, now: datetime) -> None:
    token = SAMPLES[sample].token
    for project in TEAMS[sample].projects:
        _, media_type, body = await answered(
            simulate(now), f"/billing/usage?filter[project]={project.id}", token
        )
        assert violations("latitude", "GET", "/billing/usage", 200, media_type, body) == []


async def test_pages_are_clamped_without_a_word_and_each_key_sees_its_own_team() -> None:
    pages = [
        await data(f"/projects?page[size]=100&page[number]={number}&stats[total]=count")
        for number in (1, 2, 3, 4)
    ]
    assert [len(page["data"]) for page in pages] == [2, 2, 1, 0]
    assert [page["meta"] for page in pages] == [{"stats": {"total": {"count": 5}}}] * 4
    other = await data("/projects", token=SAMPLES[1].token)
    assert [row["attributes"]["name"] for row in other["data"]] == ["Plain Teal Harbor"]
    assert other["meta"] == {}
    (team,) = (await data("/team", token=SAMPLES[1].token))["data"]
    assert (team["attributes"]["name"], team["attributes"]["currency"]) == ("Porto Azul", "BRL")


async def test_projects_can_be_filtered_and_named_by_slug() -> None:
    (row,) = (await data("/projects?filter[name]=Dim%20Ochre%20Valley"))["data"]
    assert row["id"] == IDLE
    assert (await data("/projects/dim-ochre-valley"))["data"]["id"] == IDLE
    assert (await data("/billing/usage?filter[project]=dim-ochre-valley"))["data"]["attributes"][
        "project"
    ]["id"] == IDLE


async def test_an_idle_project_is_empty_in_the_providers_way() -> None:
    usage = (await data(f"/billing/usage?filter[project]={IDLE}"))["data"]
    attributes = usage["attributes"]
    assert (usage["id"], attributes["products"], attributes["threshold"], attributes["price"]) == (
        "",
        [],
        None,
        0,
    )


@pytest.mark.parametrize(
    ("query", "items"),
    [
        ("&filter[plan]=v2.micro", ["si_Lc6uWp39oFa"]),
        (
            "&filter[products][]=si_Zi8aUn17eVb&filter[products][]=si_Bg1eMz84tRh",
            ["si_Bg1eMz84tRh", "si_Zi8aUn17eVb"],
        ),
        ("&filter[products][]=sv_Hq2mB8wYd", []),
    ],
)
async def test_filters_leave_lines_out_of_the_price(query: str, items: list[str]) -> None:
    attributes = (await data(REQUESTS["/billing/usage"] + query))["data"]["attributes"]
    assert [line["id"] for line in attributes["products"]] == items
    assert attributes["price"] == sum(line["price"] for line in attributes["products"])


@pytest.mark.parametrize("day", DAYS)
def test_a_cycle_contains_the_moment_and_no_line_leaves_it(day: datetime) -> None:
    now = day + timedelta(hours=13)
    for project in [project for team in TEAMS for project in team.projects]:
        cycle, lines = project.billed(now)
        assert now in cycle
        assert timedelta(days=28) <= cycle.end - cycle.start <= timedelta(days=31)
        for line in lines:
            assert cycle.start <= datetime.fromisoformat(line["start"]) < cycle.end
            # Nothing is counted yet on the day that a cycle begins.
            assert line["quantity"] > 0 or cycle.start >= day


def test_cycles_follow_each_other_without_a_gap_whenever_they_are_asked_for() -> None:
    for project in [project for team in TEAMS for project in team.projects]:
        before, _ = project.billed(datetime(2026, 10, 10, tzinfo=UTC))
        for hours in range(0, 24 * 60, 7):
            cycle, _ = project.billed(datetime(2026, 10, 10, tzinfo=UTC) + timedelta(hours=hours))
            assert cycle == before or cycle.start == before.end
            before = cycle


async def test_the_time_of_day_changes_nothing() -> None:
    early, late = (simulate(NOW.replace(hour=hour)) for hour in (0, 23))
    assert await answered(early, REQUESTS["/billing/usage"]) == await answered(
        late, REQUESTS["/billing/usage"]
    )


async def test_its_views_of_the_same_money_agree(simulated) -> None:
    fold: Billfold
    fold, simulation = await simulated("latitude")
    usage, balances, check = await fold.usage(), await fold.balances(), await fold.check()
    assert usage.complete
    stated = sum_by_currency(
        cycle.stated_total for cycle in usage if cycle.stated_total is not None
    )
    assert usage.totals() == stated
    assert set(stated) == {"USD", "BRL"}
    failed = [
        (cycle.sub_account_name, check.gap)
        for cycle in usage
        for check in cycle.checks
        if not check.holds
    ]
    assert failed == [("Loud Quartz Harbor", Money(Decimal("1.3725"), "USD"))]
    assert [(balance.scope_name, str(balance.amount)) for balance in balances] == [
        ("Copper Works", "-418.75 USD"),
        ("Porto Azul", "64.20 BRL"),
    ]
    assert [credential.subject for credential in check] == ["Copper Works", "Porto Azul"]
    assert all(request.headers["API-Version"] == "2023-06-01" for request in simulation.seen)


async def test_its_lines_are_worth_a_look(simulated) -> None:
    fold: Billfold
    fold, _ = await simulated("latitude")
    usage = await fold.usage()
    charges = [charge for cycle in usage for charge in cycle.charges]
    assert {charge.category for charge in charges} == {
        Category.PURCHASE,
        Category.USAGE,
        Category.CREDIT,
        Category.ADJUSTMENT,
    }
    assert len({charge.id for charge in charges}) == len(charges)
    by_hand = {charge.description: charge.cost for charge in charges}
    # 14 days, 2 hours and 29 minutes at 11.9375 cents an hour, by the half: 338.0 hours
    assert by_hand["338.0 hour × v2.micro (at $0.119375 / hour)"] == Money(
        Decimal("40.34875"), "USD"
    )
    assert by_hand["2 × x9.metal.mid (at $319.00 / month)"] == Money(Decimal("590.15"), "USD")
    negative = [
        cycle.sub_account_name
        for cycle in usage
        if cycle.stated_total is not None and cycle.stated_total.amount < 0
    ]
    assert negative == ["Slow Amber Field"]


async def test_a_calendar_month_is_another_window_than_the_cycles(simulated) -> None:
    fold: Billfold
    fold, _ = await simulated("latitude")
    november, august = (
        await fold.usage(Period.month(2026, 11)),
        await fold.usage(Period.month(2026, 8)),
    )
    assert {row.state for row in november.coverage} == {State.DIFFERENT_WINDOW}
    assert {row.state for row in august.coverage} == {State.UNAVAILABLE}
    assert len(august) == 0


def test_the_credit_that_was_read_is_kept_when_the_deadline_ends_a_long_team() -> None:
    """At twelve requests a minute, the list and the first projects are read, and not the others."""

    async def main() -> Answer[Balance]:
        async with serving(simulate(NOW)) as url:
            token = Secret(SAMPLES[0].token)
            metal = Account("metal", Latitude(), token, url, requests_per_minute=12)
            async with Billfold([metal], clock=lambda: NOW) as fold:
                return await fold.balances(deadline=1)

    answer = hurried(main)
    assert [str(balance.amount) for balance in answer] == ["-418.75 USD"]
    assert {row.state for row in answer.coverage} == {State.PARTIAL}  # a row per project
    assert {type(failure) for failure in answer.failures} == {DeadlineError}
