"""What we ask Latitude.sh, and what happens when it answers otherwise."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from billfold import (
    Account,
    Billfold,
    ConfigError,
    CredentialsError,
    DriftError,
    ForbiddenError,
    NotFoundError,
    Period,
    ProviderError,
    RateLimitedError,
    RequestError,
    Secret,
    State,
    TransientError,
)
from billfold.accounts._settings import build_adapter
from billfold_latitude import Latitude
from support.mocked import Mocked
from support.replies import reply

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BASE = "https://api.latitude.sh"
BUSY, IDLE, OLDER = "proj_Kx81mQvZ3bTnY", "proj_Pe4jD9uXo6RsA", "proj_Ch2nU5iGz0LwE"
BUSY_CYCLE = Period.parse("2026-11-05T16:03:27Z..2026-12-05T16:03:27Z")
NO_PROJECT = "the key sees no project, and only projects have billing cycles and state a credit"
CODE = 'currency is a code of ISO 4217 like "USD"'
USD_TEAM = {"id": "team_A", "name": "A", "currency": {"code": "USD"}}


def latitude(name: str) -> bytes:
    return reply("latitude", name)


def page(number: int) -> str:
    return f"{BASE}/projects?page[size]=100&page[number]={number}&stats[total]=count"


def billing(project: str) -> str:
    return f"{BASE}/billing/usage?filter[project]={project}"


def listed(*ids: str, total: int | None = None, team: object = USD_TEAM) -> bytes:
    """Write a page of projects of one team."""
    rows = [{"id": ident, "attributes": {"name": ident, "team": team}} for ident in ids]
    return json.dumps(
        {"data": rows, "meta": {} if total is None else {"stats": {"total": {"count": total}}}}
    ).encode()


def cycle(price: object = 100, credit: object = 0) -> bytes:
    period = {"start": "2026-11-05T16:03:27Z", "end": "2026-12-05T16:03:27Z"}
    return json.dumps(
        {
            "data": {
                "attributes": {"period": period, "price": price, "available_credit_balance": credit}
            }
        }
    ).encode()


def billed(mocked: Mocked, ids: Iterable[str]) -> None:
    for ident in ids:
        mocked.get(billing(ident), body=cycle())


def requests_to(mocked: Mocked, path: str) -> int:
    return sum(path in url for _, url in mocked.sent())


async def test_every_project_is_found_and_its_cycle_read(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=latitude("get_projects_two_projects"), repeat=True)
    mocked.get(page(2), body=latitude("get_projects_empty"), repeat=True)
    mocked.get(billing(BUSY), body=latitude("get_billing_usage_busy_cycle"))
    mocked.get(billing(IDLE), body=latitude("get_billing_usage_idle"))
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert answer.complete
    assert [(usage.sub_account_name, str(usage.covers.start.day)) for usage in answer] == [
        ("Brisk Copper Meadow", "5"),
        ("Dim Ochre Valley", "28"),
    ]
    # 590.15 + 25.4865625 - 86.40 + 14.336 + 36.50, and nothing
    assert {code: str(total) for code, total in answer.totals().items()} == {
        "USD": "580.0725625 USD"
    }
    assert requests_to(mocked, "/team") == 0


@pytest.mark.parametrize(
    "said", [{"status": "error"}, {"status": "failed"}, {"state": "unavailable"}, {"status": 503}]
)
async def test_a_list_of_projects_that_says_that_it_failed_is_an_error_not_an_empty_one(
    mocked: Mocked, fold_of, said: dict[str, object]
) -> None:
    mocked.get(page(1), payload={**said, "message": "projects are down", "data": [], "meta": {}})
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [failure.message for failure in answer.failures] == ["200 projects are down"]
    assert [row.state for row in answer.coverage] == [State.FAILED]


@pytest.mark.parametrize("status", ["error", "unavailable", "maintenance", "degraded", "active"])
async def test_the_status_of_a_project_or_a_server_says_nothing_of_the_reply(
    mocked: Mocked, fold_of, status: str
) -> None:
    projects = json.loads(listed(BUSY, total=1))
    projects["data"][0] |= {"status": status}
    projects["data"][0]["attributes"] |= {"status": status, "error_message": "a fan is down"}
    bill = json.loads(latitude("get_billing_usage_busy_cycle"))
    for product in bill["data"]["attributes"]["products"]:
        product["status"] = status
        for server in (product.get("metadata") or {}).get("servers", ()):
            server["status"] = status
    mocked.get(page(1), payload=projects)
    mocked.get(billing(BUSY), body=json.dumps(bill).encode())
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert answer.complete
    assert str(answer.totals()["USD"]) == "580.0725625 USD"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        *((word, None) for word in ("running", "maintenance", "degraded", "unavailable")),
        ("failed", '/billing/usage has errors beside its data: `$.data{}.status` "failed"'),
        ("processing", "/billing/usage says that it is not ready: `$.data{}.status`"),
    ],
)
@pytest.mark.parametrize("at", ["", ".attributes"])
async def test_the_status_of_a_cycle_is_its_own_unless_it_failed_or_is_not_ready(
    mocked: Mocked, fold_of, status: str, said: str | None, at: str
) -> None:
    bill = json.loads(latitude("get_billing_usage_busy_cycle"))
    (bill["data"]["attributes"] if at else bill["data"])["status"] = status
    mocked.get(page(1), body=listed(BUSY, total=1))
    mocked.get(billing(BUSY), body=json.dumps(bill).encode())
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert str(answer.totals(partial=True)["USD"]) == "580.0725625 USD"
    assert [row.detail for row in answer.coverage if row.detail] == (
        [] if said is None else [said.format(at)]
    )
    assert answer.complete == (said is None)


async def test_a_cycle_that_is_too_large_fails_its_project_and_is_not_told_to_ask_for_half(
    mocked: Mocked,
) -> None:
    mocked.get(page(1), body=listed("p", total=1))
    mocked.get(billing("p"), body=latitude("get_billing_usage_busy_cycle"))
    account = Account("metal", Latitude(), Secret("token-of-a-test-1234567890"))
    async with Billfold([account], max_body=1000) as fold:
        answer = await fold.usage()
    (failure,) = answer.failures
    assert (failure.part, failure.message) == (
        "p",
        "the reply is over 0.000954 MiB, the most that is read at once; "
        'no period makes it smaller: give `Billfold` a larger `max_body` (project p "p")',
    )


@pytest.mark.parametrize(
    ("attributes", "state"),
    [
        ({}, State.PARTIAL),
        ({"price": None, "amount": None, "products": None}, State.PARTIAL),
        ({"products": []}, State.PARTIAL),
        ({"products": [], "total_price": 0}, State.PARTIAL),
        ({"products": [{"price": 0}]}, State.COMPLETE),
        ({"price": 0}, State.COMPLETE),
        ({"amount": 0, "products": None}, State.COMPLETE),
    ],
)
async def test_a_cycle_that_states_neither_price_nor_lines_is_not_idle(
    mocked: Mocked, fold_of, attributes, state: State
) -> None:
    mocked.get(page(1), body=listed("p", total=1))
    mocked.get(
        billing("p"),
        payload={
            "data": {
                "attributes": {
                    **json.loads(cycle())["data"]["attributes"],
                    "price": None,
                    **attributes,
                }
            }
        },
    )
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    detail = 'project "p": neither a price nor lines are stated' if state is State.PARTIAL else None
    assert [(row.state, row.detail) for row in answer.coverage] == [(state, detail)]


async def test_every_request_carries_one_bearer_the_version_and_the_media_types(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(page(1), body=listed("p", total=1), repeat=True)
    billed(mocked, ["p"])
    async with fold_of("latitude") as fold:
        await fold.usage()
    assert len(mocked.headers()) == 2
    for sent in mocked.headers():
        assert sent["Authorization"] == "Bearer token-that-tests-send-0123456789"
        assert sent["API-Version"] == "2023-06-01"
        assert sent["Accept"] == "application/vnd.api+json, application/json;q=0.9, */*;q=0.1"
    assert all(url.startswith("https://api.latitude.sh/") for _, url in mocked.sent())


async def test_plain_http_is_refused_before_any_request(mocked: Mocked, fold_of) -> None:
    with pytest.raises(ConfigError, match="unencrypted"):
        async with fold_of("latitude", "http://api.latitude.sh"):
            pytest.fail("opened")
    assert mocked.sent() == []


async def test_pages_end_at_the_stated_total_not_at_a_short_page(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=listed("p1", "p2", total=5), repeat=True)
    mocked.get(page(2), body=listed("p3", "p4", total=5), repeat=True)
    mocked.get(page(3), body=listed("p5", total=5), repeat=True)
    billed(mocked, ["p1", "p2", "p3", "p4", "p5"])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [usage.sub_account_id for usage in answer] == ["p1", "p2", "p3", "p4", "p5"]
    assert str(answer.totals()["USD"]) == "5.00 USD"
    assert requests_to(mocked, "/projects") == 6  # and once more, to see that nothing moved


async def test_without_a_total_only_an_empty_page_ends_the_list(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=listed("p1", "p2"), repeat=True)
    mocked.get(page(2), body=listed("p3"), repeat=True)
    mocked.get(page(3), body=b'{"data": null}', repeat=True)
    billed(mocked, ["p1", "p2", "p3"])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert (len(answer), answer.complete) == (3, True)


async def test_fewer_projects_than_the_provider_counts_is_a_hole(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=listed("p1", "p2", total=4), repeat=True)
    mocked.get(page(2), body=listed("p3", total=4), repeat=True)
    mocked.get(page(3), body=listed(total=4), repeat=True)
    billed(mocked, ["p1", "p2", "p3"])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert len(answer) == 3
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, "the provider counts 4 projects and lists 3")
    ]


async def test_a_project_that_slips_onto_a_page_already_read_is_not_lost(
    mocked: Mocked, fold_of
) -> None:
    """While p1 goes, p3 moves to the first page and p4 alone is left on the second."""
    mocked.get(page(1), body=listed("p1", "p2", total=4))
    mocked.get(page(2), body=listed("p4", total=3))
    mocked.get(page(1), body=listed("p2", "p3", total=3), repeat=True)
    mocked.get(page(2), body=listed("p4", total=3), repeat=True)
    billed(mocked, ["p1", "p2", "p3", "p4"])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [usage.sub_account_id for usage in answer] == ["p1", "p2", "p4", "p3"]
    assert (
        answer.complete,
        requests_to(mocked, "/projects"),
        requests_to(mocked, "/billing/usage"),
    ) == (
        True,
        6,
        4,
    )


async def test_a_project_that_comes_while_paging_leaves_no_hole_once_the_list_stands_still(
    mocked: Mocked, fold_of
) -> None:
    """While p0 comes, p2 moves to the second page and is listed twice: four projects in all."""
    mocked.get(page(1), body=listed("p1", "p2", total=3))
    mocked.get(page(2), body=listed("p2", "p3", total=4))
    mocked.get(page(3), body=listed(total=4))
    mocked.get(page(1), body=listed("p0", "p1", total=4), repeat=True)
    mocked.get(page(2), body=listed("p2", "p3", total=4), repeat=True)
    billed(mocked, ["p0", "p1", "p2", "p3"])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [usage.sub_account_id for usage in answer] == ["p1", "p2", "p3", "p0"]
    assert [(row.state, row.detail) for row in answer.coverage] == [(State.COMPLETE, None)]


async def test_a_list_that_never_stands_still_is_a_hole(mocked: Mocked, fold_of) -> None:
    for number in range(3):
        mocked.get(page(1), body=listed(f"p{number}", total=2))
        mocked.get(page(2), body=listed(f"q{number}", total=2))
    billed(mocked, [f"{name}{number}" for number in range(3) for name in "pq"])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert len(answer) == 6
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, "the list of projects changed each of the 3 times it was read")
    ]


async def test_a_project_deleted_while_paging_still_ends_the_list(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=listed("p1", "p2", total=3))
    mocked.get(page(2), body=listed("p3", total=1))
    mocked.get(page(3), body=listed(total=1))
    mocked.get(page(1), body=listed("p3", total=1))
    billed(mocked, ["p1", "p2", "p3"])
    async with fold_of("latitude") as fold:
        assert (await fold.usage()).complete


async def test_a_page_that_repeats_ends_in_partial_with_what_was_read(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(page(1), body=listed("p1", "p2"), repeat=True)
    mocked.get(page(2), body=listed("p1", "p2"), repeat=True)
    billed(mocked, ["p1", "p2"])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [usage.sub_account_id for usage in answer] == ["p1", "p2"]
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    assert isinstance(answer.failures[0], DriftError)


@pytest.mark.parametrize(
    ("asks", "state"),
    [
        (None, State.COMPLETE),
        (Period.month(2026, 11), State.DIFFERENT_WINDOW),
        (Period.month(2026, 8), State.UNAVAILABLE),
    ],
)
async def test_a_project_listed_twice_counts_once_and_is_mentioned(
    mocked: Mocked, fold_of, asks: Period | None, state: State
) -> None:
    mocked.get(page(1), body=listed("p1", "p2", total=3), repeat=True)
    mocked.get(page(2), body=listed("p2", "p3", total=3), repeat=True)
    billed(mocked, ["p1", "p2", "p3"])
    async with fold_of("latitude") as fold:
        answer = await fold.usage(asks)
    (row,) = answer.coverage
    assert row.state is state
    assert "1 record repeated over pages, counted once" in str(row.detail)
    assert requests_to(mocked, "/billing/usage") == 3


async def test_a_project_that_changed_between_pages_makes_it_partial(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(page(1), body=listed("p1", "p2", total=3), repeat=True)
    mocked.get(
        page(2),
        body=listed("p3", "p2", total=3).replace(b'"name": "p2"', b'"name": "renamed"'),
        repeat=True,
    )
    billed(mocked, ["p1", "p2", "p3"])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, "1 record changed between pages, the first reading was kept: p2")
    ]


async def test_configured_projects_are_read_by_id_for_their_teams_currency(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(f"{BASE}/projects/{BUSY}", body=latitude("get_project_one"))
    mocked.get(billing(BUSY), body=latitude("get_billing_usage_busy_cycle"))
    async with fold_of("latitude", projects=(BUSY,)) as fold:
        answer = await fold.usage()
    assert str(answer.totals()["USD"]) == "580.0725625 USD"
    assert [usage.billing_account_name for usage in answer] == ["Copper Works"]


async def test_an_id_and_a_slug_of_one_project_count_its_cents_once(
    mocked: Mocked, fold_of
) -> None:
    for name in (BUSY, "brisk-copper-meadow"):
        mocked.get(f"{BASE}/projects/{name}", body=latitude("get_project_one"))
    mocked.get(billing(BUSY), body=latitude("get_billing_usage_busy_cycle"))
    async with fold_of("latitude", projects=(BUSY, "brisk-copper-meadow")) as fold:
        answer = await fold.usage()
    assert str(answer.totals()["USD"]) == "580.0725625 USD"


async def test_a_configured_project_is_quoted_in_the_path(mocked: Mocked, fold_of) -> None:
    mocked.get(f"{BASE}/projects/a%2Fb%3Fc", body=latitude("get_project_one"))
    mocked.get(
        billing(BUSY), body=latitude("get_billing_usage_idle").replace(IDLE.encode(), BUSY.encode())
    )
    async with fold_of("latitude", projects=("a/b?c",)) as fold:
        assert (await fold.usage()).complete


async def test_one_project_gone_leaves_the_others_and_says_so(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=listed("p1", "gone", "p3", total=3), repeat=True)
    billed(mocked, ["p1", "p3"])
    mocked.get(
        billing("gone"),
        status=404,
        body=latitude("error_not_found_lower_case_code"),
        headers={"X-Request-Id": "0d8f5a17"},
    )
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [usage.sub_account_id for usage in answer] == ["p1", "p3"]
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    (failure,) = answer.failures
    assert isinstance(failure, NotFoundError)
    assert (failure.status, failure.code, failure.request_id, failure.account) == (
        404,
        "not_found",
        "0d8f5a17",
        "acct",
    )
    assert failure.part == "gone"


@pytest.mark.parametrize(("others", "state"), [((), State.FAILED), ((BUSY,), State.PARTIAL)])
async def test_a_configured_project_that_is_gone_is_named_as_a_failure(
    mocked: Mocked, fold_of, others: tuple[str, ...], state: State
) -> None:
    mocked.get(
        f"{BASE}/projects/gone",
        status=404,
        body=latitude("error_not_found_lower_case_code"),
        repeat=True,
    )
    mocked.get(f"{BASE}/projects/{BUSY}", body=latitude("get_project_one"), repeat=True)
    mocked.get(billing(BUSY), body=latitude("get_billing_usage_busy_cycle"), repeat=True)
    async with fold_of("latitude", projects=("gone", *others)) as fold:
        for answer in (await fold.usage(), await fold.balances()):
            assert [row.state for row in answer.coverage] == [state]
            assert [type(failure) for failure in answer.failures] == [NotFoundError]
            assert [failure.part for failure in answer.failures] == ["gone"]
            assert len(answer) == len(others)


@pytest.mark.parametrize(
    ("asks", "state"),
    [
        (None, State.COMPLETE),
        (Period.month(2026, 11), State.COMPLETE),
        (Period.month(2026, 10), State.UNAVAILABLE),
    ],
)
async def test_a_team_without_projects_used_nothing_now_and_says_so(
    mocked: Mocked, fold_of, asks: Period | None, state: State
) -> None:
    mocked.get(page(1), body=listed(total=0), repeat=True)
    async with fold_of("latitude") as fold:
        answer = await fold.usage(asks)
    assert [(row.state, row.detail) for row in answer.coverage] == [(state, NO_PROJECT)]
    assert (answer.items, answer.failures) == ((), ())


async def test_a_team_without_projects_states_no_credit_and_makes_no_hole(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(page(1), body=listed(total=0), repeat=True)
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert [(row.state, row.detail) for row in answer.coverage] == [(State.UNSUPPORTED, NO_PROJECT)]
    assert (answer.complete, answer.holes, answer.failures) == (False, (), ())


async def test_a_list_that_is_null_is_no_team_without_projects(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=b'{"data": null, "meta": {}}', repeat=True)
    async with fold_of("latitude") as fold:
        for answer in (await fold.usage(), await fold.balances()):
            assert [row.state for row in answer.coverage] == [State.FAILED]
            assert [type(failure) for failure in answer.failures] == [DriftError]
            assert "`$.data`" in answer.failures[0].message


async def test_exactly_the_cycle_is_complete_for_its_own_project_only(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(page(1), body=latitude("get_projects_two_projects"), repeat=True)
    mocked.get(page(2), body=latitude("get_projects_empty"), repeat=True)
    mocked.get(billing(BUSY), body=latitude("get_billing_usage_busy_cycle"))
    mocked.get(billing(IDLE), body=latitude("get_billing_usage_idle"))
    async with fold_of("latitude") as fold:
        answer = await fold.usage(BUSY_CYCLE)
    assert {row.state: row.covers for row in answer.coverage} == {
        State.COMPLETE: BUSY_CYCLE,
        State.DIFFERENT_WINDOW: Period.parse("2026-10-28T05:47:09Z..2026-11-28T05:47:09Z"),
    }
    assert [usage.requested for usage in answer] == [BUSY_CYCLE, BUSY_CYCLE]


async def test_a_period_that_overlaps_the_cycle_gets_all_of_it_and_a_detail(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(f"{BASE}/projects/{BUSY}", body=latitude("get_project_one"))
    mocked.get(billing(BUSY), body=latitude("get_billing_usage_busy_cycle"))
    async with fold_of("latitude", projects=(BUSY,)) as fold:
        answer = await fold.usage(Period.month(2026, 11))
    (row,) = answer.coverage
    assert (row.state, row.covers) == (State.DIFFERENT_WINDOW, BUSY_CYCLE)
    assert row.detail == "Latitude.sh only has each project's whole current billing cycle"
    assert str(answer.totals(partial=True)["USD"]) == "580.0725625 USD"


async def test_a_period_beyond_the_cycle_is_unavailable_and_empty(mocked: Mocked, fold_of) -> None:
    mocked.get(f"{BASE}/projects/{BUSY}", body=latitude("get_project_one"))
    mocked.get(billing(BUSY), body=latitude("get_billing_usage_busy_cycle"))
    async with fold_of("latitude", projects=(BUSY,)) as fold:
        answer = await fold.usage(Period.month(2026, 9))
    assert [(row.state, row.covers) for row in answer.coverage] == [(State.UNAVAILABLE, None)]
    assert (len(answer), answer.failures, answer.answered) == (0, (), False)


async def test_a_junk_code_is_looked_up_at_the_team_once(mocked: Mocked, fold_of) -> None:
    team = {"id": "team_A", "name": "A", "currency": {"code": "R$"}}
    mocked.get(page(1), body=listed("p1", "p2", total=3, team=team), repeat=True)
    mocked.get(page(2), body=listed("p3", total=3, team=team), repeat=True)
    mocked.get(
        f"{BASE}/team", body=b'{"data": [{"id": "team_A", "attributes": {"currency": "BRL"}}]}'
    )
    billed(mocked, ["p1", "p2", "p3"])
    async with fold_of("latitude", currency="USD") as fold:
        answer = await fold.usage()
    assert {code: str(total) for code, total in answer.totals().items()} == {"BRL": "3.00 BRL"}
    assert requests_to(mocked, "/team") == 1


@pytest.mark.parametrize(
    ("status", "body"), [(200, "get_team_no_currency"), (403, "error_forbidden_symbolic_status")]
)
async def test_the_configured_currency_is_used_where_no_team_says(
    mocked: Mocked, fold_of, status: int, body: str
) -> None:
    mocked.get(page(1), body=latitude("get_projects_team_without_currency"))
    mocked.get(f"{BASE}/team", status=status, body=latitude(body))
    mocked.get(billing(OLDER), body=latitude("get_billing_usage_older_shape"))
    async with fold_of("latitude", currency="BRL") as fold:
        answer = await fold.usage()
    assert {code: str(total) for code, total in answer.totals().items()} == {"BRL": "7.334082 BRL"}


async def test_without_any_currency_the_account_fails_once_with_the_remedy(
    mocked: Mocked, fold_of
) -> None:
    team = {"id": "team_Ro1gV7LeM4x", "name": "Porto Azul", "currency": {}}
    mocked.get(page(1), body=listed("p1", "p2", total=2, team=team), repeat=True)
    mocked.get(f"{BASE}/team", body=latitude("get_team_no_currency"), repeat=True)
    for ident in ("p1", "p2"):
        mocked.get(billing(ident), body=cycle(), repeat=True)
    async with fold_of("latitude") as fold:
        for answer in (await fold.usage(), await fold.balances()):
            assert [row.state for row in answer.coverage] == [State.FAILED]
            (failure,) = answer.failures
            assert isinstance(failure, ConfigError)
            assert 'set currency = "USD"' in failure.message
            assert failure.message.startswith("team Porto Azul states no usable currency")
            assert (failure.provider, failure.account) == ("latitude", "acct")
            assert failure.part == "team_Ro1gV7LeM4x"


LIMITS = {"bare_metal": 12, "virtual_machine": None, "database": 3}
EVERY_FIELD_OF_A_TEAM = {
    "name": "A",
    "slug": "a",
    "description": "ours",
    "address": "street=1",
    "status": "verified",
    "feature_flags": ["traffic"],
    "limits": LIMITS,
}
EVERY_FIELD_OF_A_PROJECT = {
    "name": "Brisk Meadow",
    "slug": "brisk-meadow",
    "description": "",
    "tags": [{"id": "tag_1", "name": "prod", "description": "", "color": "#ffffff"}],
    "billing_type": "Monthly",
    "billing_method": "95th percentile",
    "cost": "12.50",
    "bandwidth_alert": True,
    "environment": "Production",
    "provisioning_type": "on_demand",
    "billing": {"subscription_id": "sub_1", "type": "Monthly", "method": "Normal"},
    "stats": {"servers": 3, "storages": 1},
    "created_at": "2026-03-05T16:03:20+00:00",
    "updated_at": "2026-11-11T02:31:55+00:00",
    "last_renewal_date": "2026-11-05T16:03:27+00:00",
    "next_renewal_date": "2026-12-05T16:03:27+00:00",
}
CURRENCY = {"id": "cur_1", "code": "USD", "name": "United States Dollar", "currency_id": 1}


@pytest.mark.parametrize(
    "listed_project",
    [
        {"id": "p1", "cost": "12.50"},
        {"id": "p1", **EVERY_FIELD_OF_A_PROJECT},
        {"id": "p1", "type": "projects", "attributes": EVERY_FIELD_OF_A_PROJECT},
    ],
)
@pytest.mark.parametrize("currency", [CURRENCY, None])
async def test_every_documented_field_of_team_and_project_is_no_hole(
    mocked: Mocked, fold_of, listed_project: dict[str, object], currency: object
) -> None:
    """The bill is 1.00; a team without a currency in its projects is read by ``/team``."""
    named = {"id": "team_A", **EVERY_FIELD_OF_A_TEAM, "currency": currency}
    project = {**EVERY_FIELD_OF_A_PROJECT, "team": named}
    body = {"data": [{"id": "p1", "type": "projects", "attributes": project}]}
    mocked.get(page(1), payload={**body, "meta": {"stats": {"total": {"count": 1}}}}, repeat=True)
    user = {"id": "user_1", "email": "a@example.org", "created_at": "2024-01-01T00:00:00.000Z"}
    team = {
        **EVERY_FIELD_OF_A_TEAM,
        "currency": "USD",
        "enforce_mfa": True,
        "users": [user],
        "projects": [listed_project],
        "owner": user,
        "billing": {"id": 7, "customer_billing_id": "cus_1"},
    }
    rows = [{"id": "team_A", "type": "teams", "attributes": team}]
    mocked.get(f"{BASE}/team", payload={"data": rows, "meta": {}}, repeat=True)
    mocked.get(billing("p1"), body=cycle(credit=500), repeat=True)
    async with fold_of("latitude") as fold:
        used, credit, checked = await fold.usage(), await fold.balances(), await fold.check()
    assert str(used.totals()["USD"]) == "1.00 USD"
    assert [str(balance.amount) for balance in credit] == ["5.00 USD"]
    for answer in (used, credit, checked):
        assert [(row.state, row.detail) for row in answer.coverage] == [(State.COMPLETE, None)]


async def test_without_team_or_currency_every_project_fails_with_the_remedy(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(page(1), body=listed("p1", "p2", total=2, team=None), repeat=True)
    mocked.get(f"{BASE}/team", body=b'{"data": []}')
    billed(mocked, ["p1", "p2"])
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [failure.part for failure in answer.failures] == ["p1", "p2"]
    assert {failure.message[:35] for failure in answer.failures} == {
        "the team states no usable currency;"
    }


async def test_credit_that_repeats_for_every_project_is_one_balance(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(page(1), body=listed("p1", "p2", total=2), repeat=True)
    mocked.get(billing("p1"), body=cycle(credit=-41875))
    mocked.get(billing("p2"), body=cycle(credit=-41875))
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert [(str(balance.amount), balance.scope, balance.as_of) for balance in answer] == [
        ("-418.75 USD", "team:team_A", NOW)
    ]
    assert answer.complete
    assert requests_to(mocked, "/billing/usage") == 2


async def test_two_teams_are_two_balances_each_in_its_currency(mocked: Mocked, fold_of) -> None:
    teams = (USD_TEAM, {"id": "team_B", "name": "B", "currency": {"code": "BRL"}})
    rows = [
        row for team in teams for row in json.loads(listed(f"p_{team['id']}", team=team))["data"]
    ]
    mocked.get(
        page(1),
        body=json.dumps({"data": rows, "meta": {"stats": {"total": {"count": 2}}}}).encode(),
    )
    for team, credit in (("team_A", 0), ("team_B", 6420.5)):
        mocked.get(billing(f"p_{team}"), body=cycle(credit=credit))
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert {balance.scope_name: str(balance.amount) for balance in answer} == {
        "A": "0.00 USD",
        "B": "64.205 BRL",
    }


@pytest.mark.parametrize("status", [403, 404, 423])
async def test_when_one_project_is_refused_the_next_tells_the_teams_credit(
    mocked: Mocked, fold_of, status: int
) -> None:
    mocked.get(page(1), body=listed("p1", "p2", total=2), repeat=True)
    mocked.get(billing("p1"), status=status, body=latitude("error_locked_null_code"))
    mocked.get(billing("p2"), body=cycle(credit=640))
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["6.40 USD"]
    assert [(row.state, row.part) for row in answer.coverage] == [(State.PARTIAL, "p1")]
    assert [failure.part for failure in answer.failures] == ["p1"]
    message = answer.failures[0].message
    assert message.startswith(f"{status} Try again later")
    assert message.endswith('(project p1 "p1")')


async def test_when_one_project_does_not_state_the_credit_the_next_does(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(page(1), body=listed("p1", "p2", "p3", total=4))
    mocked.get(page(2), body=listed("p4", total=4))
    mocked.get(page(1), body=listed("p1", "p2", "p3", total=4))
    mocked.get(page(2), body=listed("p4", total=4))
    mocked.get(billing("p1"), body=cycle(credit=None))
    mocked.get(billing("p2"), body=b'{"data": {"attributes": {}}}')
    mocked.get(billing("p3"), body=cycle(credit=None))
    mocked.get(billing("p4"), body=cycle(credit=-500))
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert answer.complete
    assert [str(balance.amount) for balance in answer] == ["-5.00 USD"]


async def test_when_every_project_is_refused_the_credit_is_a_failure(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(page(1), body=listed("p1", "p2", total=2), repeat=True)
    for ident in ("p1", "p2"):
        mocked.get(billing(ident), status=403, body=latitude("error_forbidden_symbolic_status"))
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert [(row.state, row.part) for row in answer.coverage] == [
        (State.FAILED, "p1"),
        (State.FAILED, "p2"),
    ]
    assert isinstance(answer.failures[0], ForbiddenError)


async def test_a_team_refused_on_one_page_may_answer_on_the_next(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=listed("p1", total=3), repeat=True)
    mocked.get(page(2), body=listed("p2", total=3), repeat=True)
    mocked.get(page(3), body=listed("p3", total=3), repeat=True)
    mocked.get(billing("p1"), status=404, body=latitude("error_not_found_lower_case_code"))
    mocked.get(billing("p2"), body=cycle(credit=640))
    mocked.get(billing("p3"), status=423, body=latitude("error_locked_null_code"))
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["6.40 USD"]
    assert [failure.part for failure in answer.failures] == ["p1", "p3"]


async def test_the_credit_known_before_the_list_breaks_is_kept(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=listed("p1", total=3), repeat=True)
    mocked.get(page(2), body=b"<html>")
    mocked.get(billing("p1"), body=cycle(credit=640))
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["6.40 USD"]
    assert [row.state for row in answer.coverage] == [State.PARTIAL]


async def test_credit_that_is_not_stated_is_a_hole_not_zero(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=listed("p1", total=1), repeat=True)
    mocked.get(billing("p1"), body=cycle(credit=None))
    async with fold_of("latitude") as fold:
        answer = await fold.balances()
    assert len(answer) == 0
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.UNAVAILABLE, "team A: no credit balance is stated")
    ]


async def test_check_names_the_team_with_one_request(mocked: Mocked, fold_of) -> None:
    mocked.get(f"{BASE}/team", body=latitude("get_team_one"))
    async with fold_of("latitude") as fold:
        answer = await fold.check()
    assert [credential.subject for credential in answer] == ["Copper Works"]
    assert len(mocked.sent()) == 1


@pytest.mark.parametrize("status", [403, 404])
async def test_check_of_a_key_that_may_not_read_the_team_names_it_as_projects_do(
    mocked: Mocked, fold_of, status: int
) -> None:
    mocked.get(f"{BASE}/team", status=status, body=latitude("error_forbidden_symbolic_status"))
    mocked.get(page(1), body=listed("p1", "p2", total=2), repeat=True)
    async with fold_of("latitude") as fold:
        answer = await fold.check()
    assert answer.complete
    assert [credential.subject for credential in answer] == ["A"]


async def test_check_of_a_key_that_may_read_nothing_fails(mocked: Mocked, fold_of) -> None:
    forbidden = latitude("error_forbidden_symbolic_status")
    mocked.get(f"{BASE}/team", status=403, body=forbidden)
    mocked.get(page(1), status=403, body=forbidden)
    async with fold_of("latitude") as fold:
        answer = await fold.check()
    assert [type(error) for error in answer.failures] == [ForbiddenError]


@pytest.mark.parametrize(
    ("status", "name", "kind"),
    [
        (400, "bad_request_parameter", RequestError),
        (400, "bad_request_code_and_message", RequestError),
        (401, "unauthorized_code_and_message", CredentialsError),
        (401, "unauthorized_bare_list", CredentialsError),
        (403, "forbidden_symbolic_status", ForbiddenError),
        (404, "not_found_lower_case_code", NotFoundError),
        (422, "unprocessable_no_status", RequestError),
        (423, "locked_null_code", RequestError),
    ],
)
async def test_a_refusal_is_sorted_by_its_http_status_and_not_retried(
    mocked: Mocked, fold_of, status: int, name: str, kind: type[ProviderError]
) -> None:
    mocked.get(page(1), status=status, body=latitude(f"error_{name}"), repeat=True)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    (failure,) = answer.failures
    assert type(failure) is kind
    assert failure.status == status
    assert len(mocked.sent()) == 1


@pytest.mark.parametrize(
    ("header", "body", "wait"),
    [
        (None, "error_rate_limited_wait_in_body", 17),
        ("9", "error_rate_limited_wait_in_body", 9),
        ("9", None, 9),
        ("86400", "error_rate_limited_wait_in_body", 86400),
    ],
)
async def test_the_wait_is_the_headers_or_else_the_bodys(
    mocked: Mocked, fold_of, header: str | None, body: str | None, wait: int
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    mocked.get(
        page(1), status=429, body=latitude(body) if body else b"", headers=headers, repeat=True
    )
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    (failure,) = answer.failures
    assert isinstance(failure, RateLimitedError)
    assert failure.retry_at == NOW + timedelta(seconds=wait)
    assert len(mocked.sent()) == 1


async def test_a_wait_in_milliseconds_goes_before_every_other(mocked: Mocked, fold_of) -> None:
    body = latitude("error_rate_limited_wait_in_body")
    headers = {"retry-after-ms": "125500", "Retry-After": "9"}
    mocked.get(page(1), status=429, body=body, headers=headers)
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [failure.retry_at for failure in answer.failures] == [NOW + timedelta(seconds=125.5)]


async def test_a_short_wait_in_the_body_is_waited_for(mocked: Mocked, fold_of) -> None:
    mocked.get(
        page(1), status=429, body=latitude("error_rate_limited_wait_in_body").replace(b"17", b"0")
    )
    mocked.get(page(1), body=listed("p1", total=1), repeat=True)
    billed(mocked, ["p1"])
    async with fold_of("latitude") as fold:
        assert (await fold.usage()).complete


async def test_html_from_the_edge_is_weather_under_502_and_drift_under_200(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(
        page(1),
        status=502,
        body=b"<!DOCTYPE html><html>Bad gateway</html>",
        content_type="text/html",
        repeat=True,
    )
    mocked.get(
        f"{BASE}/team",
        body=b"<!DOCTYPE html><html>Checking your browser</html>",
        content_type="text/html",
    )
    async with fold_of("latitude") as fold:
        usage, check = await fold.usage(), await fold.check()
    assert isinstance(usage.failures[0], TransientError)
    assert requests_to(mocked, "/projects") == 5
    assert isinstance(check.failures[0], DriftError)
    assert "browser" not in str(check.failures[0])
    assert requests_to(mocked, "/team") == 1


async def test_the_media_type_does_not_matter(mocked: Mocked, fold_of) -> None:
    mocked.get(
        f"{BASE}/team",
        body=latitude("get_team_one"),
        content_type="application/json; charset=utf-8",
    )
    async with fold_of("latitude") as fold:
        assert (await fold.check()).complete


async def test_the_cycle_of_another_project_is_never_counted(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=listed("p1", total=1), repeat=True)
    mocked.get(billing("p1"), body=latitude("get_billing_usage_busy_cycle"))
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert (len(answer), [row.state for row in answer.coverage]) == (0, [State.FAILED])
    assert isinstance(answer.failures[0], DriftError)


async def test_a_line_without_a_cost_makes_the_answer_partial(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=listed("proj_Odd", total=1), repeat=True)
    mocked.get(billing("proj_Odd"), body=latitude("get_billing_usage_odd_lines"))
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, "1 without a stated amount")
    ]


async def test_a_reply_without_data_is_drift_not_an_empty_list(mocked: Mocked, fold_of) -> None:
    mocked.get(page(1), body=b"{}")
    async with fold_of("latitude") as fold:
        answer = await fold.usage()
    assert isinstance(answer.failures[0], DriftError)


def test_settings_are_read_as_the_file_has_them() -> None:
    assert build_adapter(Latitude, {"projects": ["proj_a"], "currency": "BRL"}) == Latitude(
        ("proj_a",), "BRL"
    )


def test_a_currency_may_be_written_in_small_letters() -> None:
    assert build_adapter(Latitude, {"currency": "usd"}) == Latitude(currency="USD")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"projects": []}, "projects lists project ids; leave it out to ask for every project"),
        ({"projects": [""]}, "projects lists project ids; leave it out to ask for every project"),
        ({"projects": ["a", " "]}, "projects lists project ids; leave it out to ask for every"),
        ({"currency": "us$"}, f"{CODE}, not 'us$'"),
        ({"currency": "\u0131dr"}, f"{CODE}, not '\u0131dr'"),
        ({"currency": "ZZZ"}, f"{CODE}, not 'ZZZ'"),
        ({"currency": ""}, f"{CODE}, not ''"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(
    settings: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        build_adapter(Latitude, settings)
    assert message in str(refused.value)
