"""What we ask Harmont, and what happens when it answers otherwise."""

import asyncio
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from attrs import evolve

from billfold import (
    Account,
    Answer,
    Billfold,
    CredentialsError,
    DeadlineError,
    DriftError,
    Money,
    NotFoundError,
    Period,
    Secret,
    State,
    TooLargeError,
    Usage,
)
from billfold.simulators import Simulation
from billfold.testing import Subject
from billfold.testing.laws import prove
from billfold_harmont import Harmont
from billfold_harmont.simulator import simulate
from support.hurried import hurried
from support.mocked import Mocked
from support.replies import reply

BASE = "https://api.harmont.dev/api/v0"
WINDOW = "from=2026-09-14T00:00:00Z&to=2026-09-17T00:00:00Z"
SEPTEMBER = Period.parse("2026-09-14..2026-09-17")


def harmont(name: str) -> bytes:
    return reply("harmont", name)


async def test_usage_asks_for_breakdown_and_summary_in_utc_with_seconds(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(
        f"{BASE}/billing/usage/tidewater-labs?{WINDOW}",
        body=harmont("get_billing_usage_three_days"),
    )
    mocked.get(
        f"{BASE}/billing/usage/tidewater-labs/breakdown?{WINDOW}",
        body=harmont("get_billing_usage_breakdown_three_days"),
    )
    async with fold_of("harmont", org="tidewater-labs") as fold:
        answer = await fold.usage(SEPTEMBER)
    assert answer.complete
    assert str(answer.totals()["USD"]) == "3.99 USD"
    assert all(sent["Authorization"].count("Bearer ") == 1 for sent in mocked.headers())


FAILED = [
    *({"status": word} for word in ("error", "ERROR", "fail", "failed", "failure", "timeout")),
    *({"status": "unavailable"}, {"state": "error"}, {"code": "internal"}),
]


@pytest.mark.parametrize("said", FAILED)
async def test_a_reply_that_says_that_it_failed_is_harmonts_error_not_an_empty_list(
    mocked: Mocked, fold_of, said: dict[str, str]
) -> None:
    body = {**said, "message": "ledger is down", "data": []}
    org = f"{BASE}/billing"
    mocked.get(f"{org}/usage/tidewater-labs?{WINDOW}", body=harmont("get_billing_usage_empty"))
    mocked.get(f"{org}/usage/tidewater-labs/breakdown?{WINDOW}", payload=body)
    mocked.get(re.compile(rf"{org}/transactions/tidewater-labs"), payload=body)
    mocked.get(f"{BASE}/organizations?limit=100", payload=body)
    async with fold_of("harmont", org="tidewater-labs") as fold:
        answers = [await fold.usage(SEPTEMBER), await fold.ledger(SEPTEMBER)]
    async with fold_of("harmont") as fold:
        answers.append(await fold.balances())
    for answer in answers:
        assert [failure.message for failure in answer.failures] == ["200 ledger is down"]
        assert [row.state for row in answer.coverage] == [State.FAILED]


@pytest.mark.parametrize(
    "status",
    [
        *("error", "failed", "timeout", "unavailable", "passed", "pending", "scheduled", "running"),
        *("cancelled", "void", "refunded"),
    ],
)
async def test_a_job_and_a_build_of_any_state_were_charged_all_the_same(
    mocked: Mocked, fold_of, status: str
) -> None:
    breakdown = msgspec.json.decode(harmont("get_billing_usage_breakdown_three_days"))
    for build in breakdown["data"]:
        build |= {"status": status, "state": status, "error_message": "exit 1"}
        build["jobs"] = [{**job, "status": status, "state": status} for job in build["jobs"]]
    org = f"{BASE}/billing/usage/tidewater-labs"
    mocked.get(f"{org}?{WINDOW}", body=harmont("get_billing_usage_three_days"))
    mocked.get(f"{org}/breakdown?{WINDOW}", payload={**breakdown, "status": "success"})
    async with fold_of("harmont", org="tidewater-labs") as fold:
        answer = await fold.usage(SEPTEMBER)
    assert answer.complete
    assert str(answer.totals()["USD"]) == "3.99 USD"


@pytest.mark.parametrize("is_of_build", [True, False])
async def test_what_voids_a_job_or_a_build_is_named_whatever_state_it_is_in(
    mocked: Mocked, fold_of, is_of_build: bool
) -> None:
    breakdown = msgspec.json.decode(harmont("get_billing_usage_breakdown_three_days"))
    build = breakdown["data"][0]
    row = build if is_of_build else build["jobs"][0]
    row |= {"state": "pending", "voided_at": "2026-09-30T00:00:00Z"}
    org = f"{BASE}/billing/usage/tidewater-labs"
    mocked.get(f"{org}?{WINDOW}", body=harmont("get_billing_usage_three_days"))
    mocked.get(f"{org}/breakdown?{WINDOW}", payload=breakdown)
    async with fold_of("harmont", org="tidewater-labs") as fold:
        answer = await fold.usage(SEPTEMBER)
    assert str(answer.totals(partial=True)["USD"]) == "3.99 USD"
    (coverage,) = answer.coverage
    place = "$.data[0].voided_at" if is_of_build else "$.data[0].jobs[0].voided_at"
    assert coverage.state is State.PARTIAL
    assert f"say that they do not count, and were read all the same: `{place}`" in str(
        coverage.detail
    )


async def test_without_an_organization_every_one_the_token_sees_is_asked(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(f"{BASE}/organizations?limit=100", body=harmont("list_organizations_first_page"))
    mocked.get(
        f"{BASE}/organizations?limit=100&cursor=b3JnLTIwMjYtMDMtMjktMDJmMWE",
        body=harmont("list_organizations_last_page"),
    )
    for org, name in (
        ("ines-okafor", "zero"),
        ("tidewater-labs", "positive"),
        ("quarry-9", "negative"),
    ):
        mocked.get(f"{BASE}/billing/balance/{org}", body=harmont(f"get_billing_balance_{name}"))
    async with fold_of("harmont") as fold:
        answer = await fold.balances()
    assert [(balance.scope_name, str(balance.amount)) for balance in answer] == [
        ("ines-okafor", "0.00 USD"),
        ("tidewater-labs", "482.13 USD"),
        ("quarry-9", "-11.87 USD"),
    ]
    assert str(answer.totals()["prepaid"]["USD"]) == "470.26 USD"


GAP = (
    "the list of organizations may not be complete: "
    "1 page without records, after which the list went on"
)


@pytest.mark.parametrize(
    ("stream", "replies"),
    [
        ("balances", {"balance/quarry-9": "get_billing_balance_negative"}),
        (
            "usage",
            {
                "usage/quarry-9": "get_billing_usage_empty",
                "usage/quarry-9/breakdown": "get_billing_usage_breakdown_empty",
            },
        ),
        ("ledger", {"transactions/quarry-9": "list_billing_transactions_empty"}),
    ],
)
async def test_a_hole_in_the_list_of_organizations_makes_the_answer_partial(
    mocked: Mocked, fold_of, stream: str, replies: dict[str, str]
) -> None:
    mocked.get(f"{BASE}/organizations?limit=100", payload={"data": [], "next_cursor": "b3Jn"})
    mocked.get(
        f"{BASE}/organizations?limit=100&cursor=b3Jn", body=harmont("list_organizations_last_page")
    )
    for path, name in replies.items():
        mocked.get(re.compile(rf"{BASE}/billing/{path}(\?.*)?$"), body=harmont(name))
    async with fold_of("harmont") as fold:
        answer = await getattr(fold, stream)()
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    assert [failure.message for failure in answer.failures] == [GAP]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"payload": {"data": [{"slug": "quarry-9"}], "next_cursor": "b"}}, "repeats a page's"),
        ({"payload": {"data": [5], "next_cursor": None}}, "does not fit its contract"),
        ({"body": "<html>"}, "the reply is HTML"),
        (
            {"status": 404, "payload": {"error": {"code": "gone", "message": "no route"}}},
            "404 no route",
        ),
    ],
)
async def test_organizations_of_a_list_that_breaks_off_are_read_and_the_account_is_partial(
    mocked: Mocked, fold_of, second: dict[str, Any], words: str
) -> None:
    first = {"data": [{"slug": "quarry-9", "name": "Quarry"}], "next_cursor": "b"}
    mocked.get(f"{BASE}/organizations?limit=100", payload=first)
    mocked.get(f"{BASE}/organizations?limit=100&cursor=b", **second)
    mocked.get(f"{BASE}/billing/balance/quarry-9", body=harmont("get_billing_balance_negative"))
    async with fold_of("harmont") as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["-11.87 USD"]
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    (failure,) = answer.failures
    assert failure.message.startswith("the list of organizations could not be read to its end: ")
    assert words in failure.message


async def test_days_over_a_hole_in_the_list_of_organizations_are_partial(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(f"{BASE}/organizations?limit=100", payload={"data": [], "next_cursor": "b3Jn"})
    mocked.get(
        f"{BASE}/organizations?limit=100&cursor=b3Jn", body=harmont("list_organizations_last_page")
    )
    mocked.get(
        f"{BASE}/billing/usage/quarry-9/series?{WINDOW}",
        body=harmont("get_billing_usage_series_three_days"),
    )
    async with fold_of("harmont") as fold:
        answer = await fold.daily(SEPTEMBER)
    assert [str(day.cost) for day in answer] == ["1.41 USD", "1.42 USD", "1.16 USD"]
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    assert [failure.message for failure in answer.failures] == [GAP]


async def test_an_organization_that_is_listed_twice_under_two_names_is_asked_once_and_no_hole(
    mocked: Mocked, fold_of
) -> None:
    twice = [
        {"slug": "quarry-9", "name": name, "created_at": "2026-01-01T00:00:00Z"}
        for name in ("Quarry", "Quarry Nine")
    ]
    mocked.get(f"{BASE}/organizations?limit=100", payload={"data": twice, "next_cursor": None})
    mocked.get(f"{BASE}/billing/balance/quarry-9", body=harmont("get_billing_balance_negative"))
    async with fold_of("harmont") as fold:
        answer = await fold.balances()
    assert answer.complete
    assert str(answer.totals()["prepaid"]["USD"]) == "-11.87 USD"


async def test_one_organization_failing_leaves_the_others_and_says_so(
    mocked: Mocked, fold_of
) -> None:
    listed = [
        {"slug": slug, "name": slug, "created_at": "2026-01-01T00:00:00Z"}
        for slug in ("gone", "quarry-9")
    ]
    mocked.get(f"{BASE}/organizations?limit=100", payload={"data": listed, "next_cursor": None})
    mocked.get(
        f"{BASE}/billing/balance/gone",
        status=404,
        body=harmont("error_org_not_found_no_organization"),
    )
    mocked.get(f"{BASE}/billing/balance/quarry-9", body=harmont("get_billing_balance_negative"))
    async with fold_of("harmont") as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["-11.87 USD"]
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    (failure,) = answer.failures
    assert isinstance(failure, NotFoundError)
    assert (failure.code, failure.request_id, failure.account, failure.part) == (
        "organization_not_found",
        "F9qM0c-7tYbQn3AAAB4K",
        "acct",
        "gone",
    )
    assert answer.coverage[0].part == "gone"


async def test_one_ledger_failing_halfway_keeps_its_pages_and_the_other_ledgers(
    mocked: Mocked, fold_of
) -> None:
    listed = [
        {"slug": slug, "name": slug, "created_at": "2026-01-01T00:00:00Z"}
        for slug in ("acme", "quarry-9")
    ]
    mocked.get(f"{BASE}/organizations?limit=100", payload={"data": listed, "next_cursor": None})
    mocked.get(
        f"{BASE}/billing/transactions/acme?limit=100",
        body=harmont("list_billing_transactions_over_the_first_of_the_month"),
    )
    mocked.get(
        f"{BASE}/billing/transactions/acme?limit=100&cursor=b2xkZXN0",
        status=404,
        body=harmont("error_org_not_found_no_organization"),
    )
    mocked.get(
        f"{BASE}/billing/transactions/quarry-9?limit=100",
        body=harmont("list_billing_transactions_last_page"),
    )
    async with fold_of("harmont") as fold:
        answer = await fold.ledger()
    assert [(entry.billing_account_id, str(entry.amount)) for entry in answer] == [
        ("acme", "-4.00 USD"),
        ("acme", "-8.00 USD"),
        ("quarry-9", "6.40 USD"),
    ]
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    assert [(type(failure), failure.part) for failure in answer.failures] == [
        (NotFoundError, "acme")
    ]


async def test_a_token_without_organizations_is_no_empty_success(mocked: Mocked, fold_of) -> None:
    mocked.get(f"{BASE}/organizations?limit=100", body=b'{"data": [], "next_cursor": null}')
    async with fold_of("harmont") as fold:
        answer = await fold.balances()
    assert not answer.answered
    assert [row.state for row in answer.coverage] == [State.FAILED]


async def test_the_ledger_walk_stops_at_the_page_of_the_first_older_entry(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(
        f"{BASE}/billing/transactions/acme?limit=100",
        body=harmont("list_billing_transactions_first_page"),
    )
    period = Period(datetime(2026, 9, 12, 18, 2, 9, 731006, UTC), datetime(2026, 9, 20, tzinfo=UTC))
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger(period)
    assert [entry.kind for entry in answer] == [
        "vm_lease_debit",
        "vm_lease_debit",
        "vm_lease_debit",
        "stripe_topup",
    ]
    assert len(mocked.sent()) == 1
    assert answer.complete


@pytest.mark.parametrize("source", ["refund", "admin_grant", "goodwill", "vm_lease_debit"])
async def test_whoever_made_the_entry_before_the_period_it_ends_the_ledger_walk(
    mocked: Mocked, fold_of, source: str
) -> None:
    first = harmont("list_billing_transactions_hand_made_last").replace(
        b'"refund"', f'"{source}"'.encode()
    )
    mocked.get(f"{BASE}/billing/transactions/acme?limit=100", body=first)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger(Period.month(2026, 11))
    assert answer.complete
    assert [str(entry.amount) for entry in answer] == ["-1.00 USD", "-2.00 USD"]
    assert len(mocked.sent()) == 1


async def test_an_older_entry_between_newer_ones_does_not_end_the_ledger_walk(
    mocked: Mocked, fold_of
) -> None:
    mocked.get(
        f"{BASE}/billing/transactions/acme?limit=100",
        body=harmont("list_billing_transactions_out_of_order"),
    )
    older = harmont("list_billing_transactions_over_the_first_of_the_month")
    mocked.get(f"{BASE}/billing/transactions/acme?limit=100&cursor=b2xkZXI", body=older)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger(Period.month(2026, 11))
    assert answer.complete
    assert {code: str(total) for code, total in answer.totals().items()} == {
        "USD": "-7.00 USD"
    }  # -1 - 2 - 4
    assert len(mocked.sent()) == 2


async def test_a_page_whose_times_do_not_descend_does_not_end_the_ledger_walk(
    mocked: Mocked, fold_of
) -> None:
    turned = msgspec.json.decode(harmont("list_billing_transactions_over_the_first_of_the_month"))
    early, late = turned["data"]
    first = {
        "data": [{**early, "id": "a"}, {**late, "id": "b"}, early, late],
        "next_cursor": "b2xkZXI",
    }
    mocked.get(f"{BASE}/billing/transactions/acme?limit=100", payload=first)
    rest = {"data": [{**early, "id": "c"}, {**late, "id": "d"}], "next_cursor": "b2xkZXN0"}
    mocked.get(f"{BASE}/billing/transactions/acme?limit=100&cursor=b2xkZXI", payload=rest)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger(Period.month(2026, 11))
    assert answer.complete
    assert [str(entry.amount) for entry in answer] == ["-4.00 USD"] * 3
    assert len(mocked.sent()) == 2


async def test_the_whole_ledger_is_every_page(mocked: Mocked, fold_of) -> None:
    cursor = "MjAyNi0wOS0wMVQyMzo1OTo1OS45OTk5OTlafGM5OGExNWY3"
    mocked.get(
        f"{BASE}/billing/transactions/acme?limit=100",
        body=harmont("list_billing_transactions_first_page"),
    )
    mocked.get(
        f"{BASE}/billing/transactions/acme?limit=100&cursor={cursor}",
        body=harmont("list_billing_transactions_last_page"),
    )
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger()
    assert len(answer) == 8
    # -0.78 - 0.38 + 0.00 + 173.50 + 27.50 + 19.90 - 4.25 + 6.40
    assert {code: str(total) for code, total in answer.totals().items()} == {"USD": "221.89 USD"}


async def test_a_cursor_that_the_server_ignores_ends_in_partial(mocked: Mocked, fold_of) -> None:
    page = harmont("list_billing_transactions_first_page")
    mocked.get(f"{BASE}/billing/transactions/acme?limit=100", body=page)
    cursor = "MjAyNi0wOS0wMVQyMzo1OTo1OS45OTk5OTlafGM5OGExNWY3"
    mocked.get(
        f"{BASE}/billing/transactions/acme?limit=100&cursor={cursor}", body=page, repeat=True
    )
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger()
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    assert isinstance(answer.failures[0], DriftError)
    assert len(answer) == 7
    assert len(mocked.sent()) == 2


async def test_a_long_window_is_asked_month_by_month(mocked: Mocked, fold_of) -> None:
    october = (
        b'{"data": [{"date": "2026-10-01", "total_cents": 5},'
        b' {"date": "2026-10-02", "total_cents": 0}]}'
    )
    series = {
        "from=2026-09-29T00:00:00Z&to=2026-10-01T00:00:00Z": october.replace(
            b"10-01", b"09-29"
        ).replace(b"10-02", b"09-30")
    }
    series["from=2026-10-01T00:00:00Z&to=2026-10-03T00:00:00Z"] = october
    for window, body in series.items():
        mocked.get(f"{BASE}/billing/usage/acme/series?{window}", body=body)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.daily(Period.parse("2026-09-29..2026-10-03"))
    assert len(mocked.sent()) == 2
    assert [(row.state, str(row.covers)) for row in answer.coverage] == [
        (State.COMPLETE, "2026-09-29..2026-10-03")
    ]
    assert [(str(day.date), str(day.cost)) for day in answer][::2] == [
        ("2026-09-29", "0.05 USD"),
        ("2026-10-01", "0.05 USD"),
    ]


async def test_a_month_ahead_is_neither_asked_for_nor_stated(mocked: Mocked, fold_of) -> None:
    path = f"{BASE}/billing/usage/acme"
    for month in ("2026-10", "2026-11"):
        mocked.get(f"{path}/breakdown?{MONTHS[month]}", payload={"data": []})
        mocked.get(f"{path}?{MONTHS[month]}", payload={"total_cents": 0})
    async with fold_of("harmont", org="acme") as fold:  # on 20 November
        answer = await fold.usage(Period.parse("2026-Q4"))
    assert answer.complete
    assert [str(usage.covers) for usage in answer] == ["2026-10", "2026-11"]
    assert len(mocked.sent()) == 4


async def test_a_day_without_a_bucket_is_a_hole_that_is_named(mocked: Mocked, fold_of) -> None:
    days = msgspec.json.decode(harmont("get_billing_usage_series_three_days"))["data"]
    mocked.get(
        f"{BASE}/billing/usage/acme/series?{WINDOW}",
        body=msgspec.json.encode({"data": [days[0], *days[2:]]}),
    )
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.daily(SEPTEMBER)
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, "no costs are given for 2026-09-15")
    ]
    assert len(answer) == 2


async def test_a_rejected_token_is_named_and_not_retried(mocked: Mocked, fold_of) -> None:
    mocked.get(
        f"{BASE}/billing/balance/acme",
        status=401,
        body=harmont("error_unauthorized_bad_token"),
        repeat=True,
    )
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.balances()
    assert isinstance(answer.failures[0], CredentialsError)
    assert len(mocked.sent()) == 1


async def test_check_names_the_owner_and_tries_the_organization(mocked: Mocked, fold_of) -> None:
    mocked.get(f"{BASE}/user", body=harmont("get_current_user_full"))
    mocked.get(f"{BASE}/billing/balance/acme", body=harmont("get_billing_balance_zero"))
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.check()
    assert [credential.subject for credential in answer] == ["Ines Okafor"]


@pytest.mark.parametrize("code", ["Usd", " USD", "", {"code": "USD", "name": "Dollar"}, 840, "$"])
async def test_a_currency_in_any_spelling_loses_no_money(
    mocked: Mocked, fold_of, code: object
) -> None:
    body = {"balance_cents": 640, "currency": code}
    mocked.get(f"{BASE}/billing/balance/acme", payload=body)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.balances()
    assert [str(balance.amount) for balance in answer] == ["6.40 USD"]
    assert [(row.state, row.detail) for row in answer.coverage] == [(State.COMPLETE, None)]


@pytest.mark.parametrize("beside", [{"currency": "EUR"}, {"billing_currency": {"iso": "eur"}}])
async def test_a_balance_that_says_another_currency_makes_its_account_partial(
    mocked: Mocked, fold_of, beside: dict[str, object]
) -> None:
    mocked.get(f"{BASE}/billing/balance/acme", payload={"balance_cents": 640} | beside)
    async with fold_of("harmont", org="acme") as fold:
        (row,) = (await fold.balances()).coverage
    assert row.state is State.PARTIAL
    place = f"`$.{next(iter(beside))}` in /api/v0/billing/balance/acme"
    assert row.detail == f"{place} says EUR, and the money was read as USD"


async def test_an_entry_that_says_another_currency_makes_its_ledger_partial(
    mocked: Mocked, fold_of
) -> None:
    entry = {"id": "1", "amount_cents": 5, "created_at": "2026-10-01T00:00:00Z", "currency": "EUR"}
    mocked.get(f"{BASE}/billing/transactions/acme?limit=100", payload={"data": [entry]})
    async with fold_of("harmont", org="acme") as fold:
        (row,) = (await fold.ledger()).coverage
    assert row.state is State.PARTIAL
    assert "`$.data[0].currency`" in (row.detail or "")


@pytest.mark.parametrize(
    ("status", "body"), [(404, harmont("error_org_not_found_no_organization")), (200, b"{}")]
)
async def test_check_names_the_organization_whose_balance_fails(
    mocked: Mocked, fold_of, status: int, body: bytes
) -> None:
    mocked.get(f"{BASE}/user", body=harmont("get_current_user_full"))
    mocked.get(f"{BASE}/billing/balance/acme", status=status, body=body)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.check()
    assert [failure.part for failure in answer.failures] == ["acme"]
    assert "acme" in {row.part for row in answer.coverage}


async def test_a_slug_may_have_any_length(mocked: Mocked, fold_of) -> None:
    slug = "tidewater-labs-" * 20 + "2"
    listed = {"slug": slug, "name": "Tidewater", "created_at": "2026-01-01T00:00:00Z"}
    mocked.get(f"{BASE}/organizations?limit=100", payload={"data": [listed], "next_cursor": None})
    mocked.get(f"{BASE}/billing/balance/{slug}", body=harmont("get_billing_balance_positive"))
    async with fold_of("harmont") as fold:
        answer = await fold.balances()
    assert [balance.billing_account_id for balance in answer] == [slug]


async def test_an_organization_is_quoted_in_the_path(mocked: Mocked, fold_of) -> None:
    mocked.get(f"{BASE}/billing/balance/a%2Fb%3Fc", body=harmont("get_billing_balance_zero"))
    async with fold_of("harmont", org="a/b?c") as fold:
        answer = await fold.balances()
    assert [balance.amount for balance in answer] == [Money.zero("USD")]


OCTOBER_AND_NOVEMBER = Period.parse("2026-10..2026-12")
MONTHS = {
    "2026-10": "from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z",
    "2026-11": "from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z",
}


def leases(*starts_and_cents: tuple[str, int]) -> dict[str, object]:
    """Return a breakdown of one build for each lease."""
    shape = {"cpu_count": 2, "memory_gb": 4, "disk_gb": 20, "duration_seconds": 60}
    return {
        "data": [
            {
                "total_cents": -cents,
                "started_at": at,
                "jobs": [{**shape, "amount_cents": -cents, "started_at": at}],
            }
            for at, cents in starts_and_cents
        ]
    }


async def test_a_reply_that_ignores_the_window_gives_each_lease_once(
    mocked: Mocked, fold_of
) -> None:
    everything = leases(("2026-10-01T09:00:00Z", 700), ("2026-11-19T21:00:00Z", 40))
    for window in MONTHS.values():
        path = f"{BASE}/billing/usage/acme"
        mocked.get(f"{path}/breakdown?{window}", payload=everything)
        mocked.get(f"{path}?{window}", payload={"total_cents": 740})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(OCTOBER_AND_NOVEMBER)
    assert answer.complete
    assert [str(usage.stated_total) for usage in answer] == ["7.00 USD", "0.40 USD"]
    assert answer.totals() == {"USD": Money(Decimal("7.40"), "USD")}
    assert answer.coverage[0].detail == (
        "not final from 2026-11-18 on: a lease is stated once its job has ended; "
        "leases that began outside of the window asked are left out: "
        "1 (0.40 USD) in the reply for 2026-10, 1 (7.00 USD) in the reply for 2026-11"
    )


@pytest.mark.parametrize(
    ("starts", "state", "total"),
    [
        # The last thirty days, whatever was asked: 20.00 of October are not there.
        (["2026-10-30T09:00:00Z", "2026-11-19T09:00:00Z"], State.PARTIAL, "0.40"),
        (["2026-11-02T09:00:00Z"], State.PARTIAL, "0"),
        (["2026-09-20T09:00:00Z"], State.PARTIAL, "0"),  # the month before, out of a cache
        # Bounds that were rounded, and all there is.
        (["2026-10-15T09:00:00Z", "2026-11-01T00:30:00Z"], State.COMPLETE, "0.40"),
        (["2026-09-20T09:00:00Z", "2026-11-19T09:00:00Z"], State.COMPLETE, "0"),
    ],
)
async def test_a_reply_of_another_window_is_never_all_of_the_one_asked(
    mocked: Mocked, fold_of, starts: list[str], state: State, total: str
) -> None:
    path = f"{BASE}/billing/usage/acme"
    mocked.get(
        f"{path}/breakdown?{MONTHS['2026-10']}", payload=leases(*((at, 40) for at in starts))
    )
    mocked.get(f"{path}?{MONTHS['2026-10']}", payload={"total_cents": 40 if total == "0.40" else 0})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.totals(partial=True) == {"USD": Money.parse(f"{total} USD")}
    doubts = [row for row in answer.coverage if "another window" in (row.detail or "")]
    assert [row.state for row in doubts] == ([] if state is State.COMPLETE else [state])
    assert answer.complete == (state is State.COMPLETE)


A, B = "2026-10-31T23:00:00Z", "2026-11-01T01:00:00Z"


@pytest.mark.parametrize(
    ("months", "total"),
    [
        # The total of both leases beside one: 1.20 + 1.20 of October, 1.20 of November.
        ({"2026-10": ([A], 240), "2026-11": ([B], 240)}, "3.60"),
        # Both leases, and totals of those asked for, one of them with 0.05 more.
        ({"2026-10": ([A, B], 125), "2026-11": ([A, B], 120)}, "2.40"),
    ],
)
async def test_a_total_with_money_of_nobody_knows_which_month_makes_the_organization_partial(
    mocked: Mocked, fold_of, months: dict[str, tuple[list[str], int]], total: str
) -> None:
    for month, (starts, cents) in months.items():
        path, jobs = f"{BASE}/billing/usage/acme", leases(*((at, 120) for at in starts))["data"]
        rows: Any = [job for build in jobs for job in build["jobs"]]  # type: ignore[attr-defined]
        build = {"build_id": "b", "total_cents": -cents, "started_at": A, "jobs": rows}
        mocked.get(f"{path}/breakdown?{MONTHS[month]}", payload={"data": [build]})
        mocked.get(f"{path}?{MONTHS[month]}", payload={"total_cents": cents})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(OCTOBER_AND_NOVEMBER)
    assert answer.totals(partial=True) == {"USD": Money(Decimal(total), "USD")}
    (row,) = answer.coverage
    assert (row.state, row.part) == (State.PARTIAL, "acme")
    assert row.detail.startswith(
        "maybe money of this window or of another beyond the leases, which alone count: "
        "`$.data[0].total_cents`"
    )


@pytest.mark.parametrize(
    ("second", "state", "note"),
    [
        (700, State.COMPLETE, "1 build repeated, counted once"),
        (
            800,
            State.PARTIAL,
            "1 build in conflict with another of the same id, the first was kept: b",
        ),
    ],
)
async def test_a_build_that_comes_twice_counts_once(
    mocked: Mocked, fold_of, second: int, state: State, note: str
) -> None:
    at = "2026-10-02T09:00:00Z"
    rows: Any = leases((at, 700), (at, second))["data"]
    reply = {"data": [{**row, "build_id": "b"} for row in rows]}
    path, window = f"{BASE}/billing/usage/acme", MONTHS["2026-10"]
    mocked.get(f"{path}/breakdown?{window}", payload=reply)
    mocked.get(f"{path}?{window}", payload={"total_cents": 700})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.totals(partial=True) == {"USD": Money(Decimal("7.00"), "USD")}
    assert [(row.state, row.detail) for row in answer.coverage] == [(state, note)]


@pytest.mark.parametrize("other", ["c", "B", None])
async def test_a_job_of_two_builds_is_in_doubt(mocked: Mocked, fold_of, other: str | None) -> None:
    at = "2026-10-02T09:00:00Z"
    rows: Any = leases((at, 700), (at, 700))["data"]
    data = [
        {**row, "build_id": build, "jobs": [{**job, "job_id": "j"} for job in row["jobs"]]}
        for row, build in zip(rows, ("b", other), strict=True)
    ]
    path, window = f"{BASE}/billing/usage/acme", MONTHS["2026-10"]
    mocked.get(f"{path}/breakdown?{window}", payload={"data": data})
    mocked.get(f"{path}?{window}", payload={"total_cents": 700})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, "1 job in several builds, counted in each")
    ]


@pytest.mark.parametrize("source", ['"source": null, ', '"source": [], ', ""])
async def test_an_entry_that_does_not_say_what_it_is_for_keeps_its_money(
    mocked: Mocked, fold_of, source: str
) -> None:
    body = (
        f'{{"data": [{{"id": "e", {source}"amount_cents": -700, '
        '"created_at": "2026-10-02T09:10:05Z"}], "next_cursor": null}'
    )
    mocked.get(f"{BASE}/billing/transactions/acme?limit=100", body=body.encode())
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger(Period.month(2026, 10))
    assert answer.complete
    assert [(entry.kind, str(entry.amount), entry.for_usage) for entry in answer] == [
        ("unknown", "-7.00 USD", False)
    ]


async def test_days_outside_the_window_are_named_and_counted_once(mocked: Mocked, fold_of) -> None:
    days = [{"date": f"2026-10-{day:02}", "total_cents": 1} for day in range(1, 32)]
    days += [{"date": f"2026-11-{day:02}", "total_cents": 2} for day in range(1, 21)]
    for window in MONTHS.values():
        mocked.get(f"{BASE}/billing/usage/acme/series?{window}", payload={"data": days})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.daily(OCTOBER_AND_NOVEMBER)
    assert answer.complete
    assert answer.totals() == {"USD": Money(Decimal("0.71"), "USD")}  # 31 x 0.01 and 20 x 0.02
    assert answer.coverage[0].detail == (
        "not final from 2026-11-18 on: a lease is stated once its job has ended; "
        "days outside of the window asked are left out: "
        "20 (0.40 USD) in the reply for 2026-10, 31 (0.31 USD) in the reply for 2026-11"
    )


async def test_a_month_of_leases_whose_signs_or_numbers_do_not_fit_is_in_doubt(
    mocked: Mocked, fold_of
) -> None:
    """A reply with plus signs: what was 1.00 reads as -1.00, so the sum is no complete one."""
    (row,) = leases(("2026-10-02T09:00:00Z", -100))["data"]
    path, window = f"{BASE}/billing/usage/acme", MONTHS["2026-10"]
    mocked.get(f"{path}/breakdown?{window}", payload={"data": [{**row, "job_count": 2}]})
    mocked.get(f"{path}?{window}", payload={"total_cents": 100})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.totals(partial=True) == {"USD": Money(Decimal("-1.00"), "USD")}
    assert [(row.state, row.part, row.detail) for row in answer.coverage] == [
        (
            State.PARTIAL,
            "acme",
            "above zero, where a debit is below (a refund, or a sign that is not known): "
            "`$.data[0].total_cents`, `$.data[0].jobs[0].amount_cents`; "
            "more jobs counted than listed: `$.data[0].job_count`",
        )
    ]


async def test_a_day_that_costs_less_than_nothing_is_in_doubt(mocked: Mocked, fold_of) -> None:
    days = [{"date": f"2026-10-{day:02}", "total_cents": 1} for day in range(1, 32)]
    days[4]["total_cents"] = -50
    window = MONTHS["2026-10"]
    mocked.get(f"{BASE}/billing/usage/acme/series?{window}", payload={"data": days})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.daily(Period.month(2026, 10))
    assert answer.totals(partial=True) == {"USD": Money(Decimal("-0.20"), "USD")}  # 30 - 50
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, "below zero, as no cost is: 2026-10-05")
    ]


async def test_a_day_that_comes_again_counts_once_and_is_a_hole(mocked: Mocked, fold_of) -> None:
    """31 days of a cent, of which the fifth cost 50 and comes again: 30 + 50 cents."""
    days = [{"date": f"2026-10-{day:02}", "total_cents": 1} for day in range(1, 32)]
    days[4]["total_cents"] = 50
    window = MONTHS["2026-10"]
    mocked.get(
        f"{BASE}/billing/usage/acme/series?{window}", payload={"data": [*days, days[4], days[4]]}
    )
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.daily(Period.month(2026, 10))
    assert answer.totals(partial=True) == {"USD": Money(Decimal("0.80"), "USD")}
    assert [(row.state, row.detail) for row in answer.coverage] == [
        (State.PARTIAL, "given twice, counted once: 2026-10-05")
    ]


async def test_days_that_have_not_come_are_not_zero(mocked: Mocked) -> None:
    days = [{"date": f"2026-11-{day:02}", "total_cents": 0} for day in range(1, 31)]
    days[8]["total_cents"] = 42
    mocked.get(
        f"{BASE}/billing/usage/acme/series?{MONTHS['2026-11']}",
        payload={"data": [*days, {"date": "2026-12-01", "total_cents": 0}]},
    )
    ninth = datetime(2026, 11, 9, 12, tzinfo=UTC)
    account = Account("acct", Harmont("acme"), Secret("token-of-a-test-1234567890"))
    async with Billfold([account], clock=lambda: ninth) as fold:
        answer = await fold.daily(Period.month(2026, 11))
    assert answer.complete
    assert [(str(day.date), str(day.cost)) for day in answer][7:] == [
        ("2026-11-08", "0.00 USD"),
        ("2026-11-09", "0.42 USD"),
    ]


async def test_days_that_the_window_cuts_are_whole_and_it_says_so(mocked: Mocked, fold_of) -> None:
    """A day in Berlin that lasts for 25 hours; the reply has a day too many."""
    window = "from=2026-10-24T00:00:00Z&to=2026-10-26T00:00:00Z"
    costs = ((24, 100), (25, 7), (26, 9))
    days = [{"date": f"2026-10-{day}", "total_cents": cents} for day, cents in costs]
    mocked.get(f"{BASE}/billing/usage/acme/series?{window}", payload={"data": days})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.daily(
            Period.parse("2026-10-25T00:00:00+02:00..2026-10-26T00:00:00+01:00")
        )
    assert [(str(day.date), str(day.cost)) for day in answer] == [
        ("2026-10-24", "1.00 USD"),
        ("2026-10-25", "0.07 USD"),
    ]
    assert [(row.state, str(row.covers), row.detail) for row in answer.coverage] == [
        (
            State.DIFFERENT_WINDOW,
            "2026-10-24..2026-10-26",
            "whole UTC days only: 2026-10-24T22:00:00Z..2026-10-25T23:00:00Z cuts a day; "
            "days outside of the window asked are left out: 1 (0.09 USD) in the reply for "
            "2026-10-24..2026-10-26",
        )
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"status": 404, "body": harmont("error_org_not_found_no_organization")}, "404"),
        ({"status": 401, "body": harmont("error_unauthorized_bad_token")}, "not accepted"),
        ({"status": 500, "body": harmont("error_server_error_framework")}, "500"),
        ({"body": b"<html></html>"}, "is HTML"),
        ({"body": b'{"total_cents": "1_0"}'}, "$.total_cents"),
        ({"body": b'{"total_cents": 1e45}'}, "$.total_cents"),
    ],
)
async def test_a_summary_that_cannot_be_read_loses_a_check_and_no_money(
    mocked: Mocked, fold_of, options: dict[str, Any], told: str
) -> None:
    path, window = f"{BASE}/billing/usage/acme", MONTHS["2026-10"]
    mocked.get(f"{path}/breakdown?{window}", payload=leases(("2026-10-02T09:00:00Z", 700)))
    mocked.get(f"{path}?{window}", repeat=True, **options)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(Period.month(2026, 10))
    assert answer.complete
    assert answer.failures == ()
    assert answer.totals() == {"USD": Money(Decimal("7.00"), "USD")}
    detail = answer.coverage[0].detail or ""
    assert detail.startswith("the summary could not be read: ")
    assert told in detail
    (usage,) = answer.items
    assert [check.name for check in usage.checks] == ["build totals vs. lease charges"]
    assert usage.unchecked == ("usage summary vs. build totals",)


async def test_one_month_failing_leaves_the_others_and_is_named(mocked: Mocked, fold_of) -> None:
    path = f"{BASE}/billing/usage/acme"
    good, bad = leases(("2026-10-02T09:00:00Z", 700)), leases(("2026-11-02T09:00:00Z", 40))
    bad["data"][0]["jobs"][0]["amount_cents"] = "forty"  # type: ignore[index]
    for body, window in zip((good, bad), MONTHS.values(), strict=True):
        mocked.get(f"{path}/breakdown?{window}", payload=body)
        mocked.get(f"{path}?{window}", payload={"total_cents": 700})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(OCTOBER_AND_NOVEMBER)
    assert [(row.state, str(row.covers)) for row in answer.coverage] == [(State.PARTIAL, "2026-10")]
    assert answer.totals(partial=True) == {"USD": Money(Decimal("7.00"), "USD")}
    (failure,) = answer.failures
    assert failure.part == "acme"
    assert failure.message.endswith("at `$.data[0].jobs[0].amount_cents` (2026-11)")


async def test_months_that_all_fail_alike_are_one_failure(mocked: Mocked, fold_of) -> None:
    refused = {"status": 401, "body": harmont("error_unauthorized_bad_token"), "repeat": True}
    mocked.get(re.compile(f"{BASE}/billing/usage/acme.*"), **refused)
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.usage(OCTOBER_AND_NOVEMBER)
    (failure,) = answer.failures
    assert (type(failure), "2026" in failure.message) == (CredentialsError, False)


async def test_a_ledger_whose_first_page_fails_leaves_the_others(mocked: Mocked, fold_of) -> None:
    listed = [{"slug": slug, "name": {"en": slug}} for slug in ("gone", "broken", "quarry-9")]
    mocked.get(f"{BASE}/organizations?limit=100", payload={"data": listed, "next_cursor": None})
    path = f"{BASE}/billing/transactions"
    mocked.get(f"{path}/gone?limit=100", status=404, body=b"{}")
    mocked.get(f"{path}/broken?limit=100", body=b'{"data": [{"amount_cents": []}]}')
    mocked.get(f"{path}/quarry-9?limit=100", body=harmont("list_billing_transactions_last_page"))
    async with fold_of("harmont") as fold:
        answer = await fold.ledger()
    assert [str(entry.amount) for entry in answer] == ["6.40 USD"]
    assert [(type(failure), failure.part) for failure in answer.failures] == [
        (NotFoundError, "gone"),
        (DriftError, "broken"),
    ]


def breakdown_and_summary(mocked: Mocked) -> None:
    usage = f"{BASE}/billing/usage/tidewater-labs"
    mocked.get(f"{usage}?{WINDOW}", body=harmont("get_billing_usage_three_days"))
    mocked.get(
        f"{usage}/breakdown?{WINDOW}", body=harmont("get_billing_usage_breakdown_three_days")
    )


PIPELINES = f"{BASE}/organizations/tidewater-labs/pipelines?limit=100"


async def test_charges_are_tagged_with_the_repository_of_their_pipeline(
    mocked: Mocked, fold_of
) -> None:
    breakdown_and_summary(mocked)
    mocked.get(PIPELINES, body=harmont("list_pipelines_first_page"))
    mocked.get(f"{PIPELINES}&cursor=cGlwZQ", body=harmont("list_pipelines_last_page"))
    async with fold_of("harmont", org="tidewater-labs", repositories=True) as fold:
        answer = await fold.usage(SEPTEMBER)
    assert answer.complete
    (used,) = answer
    assert {
        (charge.sub_account_name, charge.tags.get("repository")) for charge in used.charges
    } == {
        ("Storefront release", "https://git.example.com/tidewater/storefront"),
        (None, None),
    }
    assert str(answer.totals()["USD"]) == "3.99 USD"


async def test_repositories_that_cannot_be_read_cost_their_tags_alone(
    mocked: Mocked, fold_of
) -> None:
    breakdown_and_summary(mocked)
    mocked.get(PIPELINES, status=404, body=harmont("error_org_not_found_unknown_route"))
    async with fold_of("harmont", org="tidewater-labs", repositories=True) as fold:
        answer = await fold.usage(SEPTEMBER)
    assert answer.coverage[0].state is State.PARTIAL
    assert str(answer.totals(partial=True)["USD"]) == "3.99 USD"
    assert "charges lack their repository: " in str(answer.coverage[0].detail)


async def test_a_list_of_pipelines_is_read_once_for_all_months(mocked: Mocked, fold_of) -> None:
    usage = f"{BASE}/billing/usage/tidewater-labs"
    for name, body in (("", "empty"), ("/breakdown", "breakdown_empty")):
        url = re.compile(rf"{re.escape(usage + name)}\?")
        mocked.get(url, body=harmont(f"get_billing_usage_{body}"), repeat=True)
    mocked.get(PIPELINES, body=harmont("list_pipelines_last_page"), repeat=True)
    async with fold_of("harmont", org="tidewater-labs", repositories=True) as fold:
        answer = await fold.usage(Period.parse("2026-07..2026-09"))  # to the end of August
    assert answer.complete
    paths = [url.split("?")[0].removeprefix(BASE) for _, url in mocked.sent()]
    assert sorted(paths) == [
        *["/billing/usage/tidewater-labs"] * 2,
        *["/billing/usage/tidewater-labs/breakdown"] * 2,
        "/organizations/tidewater-labs/pipelines",
    ]


async def test_nobody_who_does_not_want_them_asks_for_repositories(mocked: Mocked, fold_of) -> None:
    breakdown_and_summary(mocked)
    async with fold_of("harmont", org="tidewater-labs") as fold:
        await fold.usage(SEPTEMBER)
    assert len(mocked.sent()) == 2


@pytest.mark.parametrize("law", ["failing", "announced-pages", "secret", "fault same-cursor"])
def test_with_repositories_the_laws_of_lists_are_kept(law: str) -> None:
    def simulated(now: datetime) -> Simulation:
        simulation = simulate(now)
        samples = [
            evolve(sample, settings={**sample.settings, "repositories": True})
            for sample in simulation.samples
        ]
        return evolve(simulation, samples=tuple(samples))

    prove(Subject(Harmont, simulated), law)


async def test_a_cursor_that_is_a_number_leads_to_the_next_page(mocked: Mocked, fold_of) -> None:
    """Page one has a top-up of 50.00, and page two a debit of 2.00."""
    url = f"{BASE}/billing/transactions/acme?limit=100"
    entry = {"id": "t2", "amount_cents": 5000, "created_at": "2026-10-20T00:00:00Z"}
    older = {"id": "t1", "amount_cents": -200, "created_at": "2026-10-10T00:00:00Z"}
    mocked.get(url, payload={"data": [entry], "next_cursor": 5})
    mocked.get(f"{url}&cursor=5", payload={"data": [older], "next_cursor": None})
    async with fold_of("harmont", org="acme") as fold:
        answer = await fold.ledger()
    assert answer.totals() == {"USD": Money.parse("48.00 USD")}


def leased(cents: int, *starts: str, padding: int = 0) -> dict[str, Any]:
    """Return a breakdown of one build, whose leases cost the same, so many bytes larger."""
    jobs = [
        {
            "job_id": start,
            "cpu_count": 2,
            "memory_gb": 4,
            "disk_gb": 20,
            "duration_seconds": 60,
            "amount_cents": -cents,
            "started_at": start,
            "finished_at": start.replace(":00:00Z", ":01:00Z"),
        }
        for start in starts
    ]
    total = -cents * len(jobs)
    build = {"build_id": "b", "total_cents": total, "started_at": starts[0], "jobs": jobs}
    return {"data": [build], "padding": "x" * padding}


def answer_usage(mocked: Mocked, window: str, breakdown: dict[str, Any]) -> None:
    start, end = window.split("..")
    query = f"from={start}T00:00:00Z&to={end}T00:00:00Z"
    cents = -sum(build["total_cents"] for build in breakdown["data"])
    mocked.get(f"{BASE}/billing/usage/acme/breakdown?{query}", payload=breakdown, repeat=True)
    mocked.get(f"{BASE}/billing/usage/acme?{query}", payload={"total_cents": cents}, repeat=True)


FIFTH, FIFTEENTH, SIXTEENTH = (f"2026-10-{day}T10:00:00Z" for day in ("05", "15", "16"))


async def october_of(mocked: Mocked, deadline: float = 30) -> Answer[Usage]:
    account = Account("acct", Harmont("acme"), Secret("token-of-a-test-1234567890"))
    later = datetime(2026, 11, 20, tzinfo=UTC)
    async with Billfold([account], max_body=2_000, clock=lambda: later) as fold:
        return await fold.usage(Period.month(2026, 10), deadline=deadline)


async def test_a_month_whose_reply_is_too_large_is_read_in_halves(mocked: Mocked) -> None:
    """Three leases of 7 cents; the first half is too large, too, and its own halves are not."""
    large = leased(7, FIFTH, FIFTEENTH, SIXTEENTH, padding=2_000)
    answer_usage(mocked, "2026-10-01..2026-11-01", large)
    answer_usage(mocked, "2026-10-01..2026-10-16", leased(7, FIFTH, FIFTEENTH, padding=2_000))
    answer_usage(mocked, "2026-10-01..2026-10-08", leased(7, FIFTH))
    # The build is listed with a lease of before, which counts in its own window alone.
    answer_usage(mocked, "2026-10-08..2026-10-16", leased(7, FIFTH, FIFTEENTH))
    answer_usage(mocked, "2026-10-16..2026-11-01", leased(7, SIXTEENTH))
    answer = await october_of(mocked)
    assert answer.complete
    assert answer.totals() == {"USD": Money(Decimal("0.21"), "USD")}
    assert [str(usage.covers) for usage in answer] == [
        "2026-10-01..2026-10-08",
        "2026-10-08..2026-10-16",
        "2026-10-16..2026-11-01",
    ]
    assert [str(row.covers) for row in answer.coverage if row.covers] == ["2026-10"]
    assert len({charge.id for usage in answer for charge in usage.charges}) == 3


async def test_a_lease_that_only_the_reply_for_the_other_half_has_is_a_hole(mocked: Mocked) -> None:
    answer_usage(mocked, "2026-10-01..2026-11-01", leased(7, FIFTH, padding=2_000))
    answer_usage(mocked, "2026-10-01..2026-10-16", leased(7, FIFTH))
    answer_usage(mocked, "2026-10-16..2026-11-01", leased(7, FIFTEENTH, SIXTEENTH))
    answer = await october_of(mocked)
    assert not answer.complete
    assert answer.totals(partial=True) == {"USD": Money(Decimal("0.14"), "USD")}
    details = " ".join(row.detail or "" for row in answer.coverage)
    assert "they count in neither: 0.07 USD of 2026-10-15T10:00:00Z" in details


async def test_a_day_that_is_too_large_leaves_the_others_and_is_named(mocked: Mocked) -> None:
    for end in ("11-01", "10-16", "10-08", "10-04", "10-02"):
        answer_usage(mocked, f"2026-10-01..2026-{end}", leased(7, FIFTH, padding=2_000))
    answer_usage(mocked, "2026-10-02..2026-10-04", leased(0, "2026-10-02T10:00:00Z"))
    answer_usage(mocked, "2026-10-04..2026-10-08", leased(7, FIFTH))
    answer_usage(mocked, "2026-10-08..2026-10-16", leased(7, FIFTEENTH))
    answer_usage(mocked, "2026-10-16..2026-11-01", leased(7, SIXTEENTH))
    answer = await october_of(mocked)
    assert [(row.state, str(row.covers)) for row in answer.coverage] == [
        (State.PARTIAL, "2026-10-02..2026-11-01")
    ]
    assert answer.totals(partial=True) == {"USD": Money(Decimal("0.21"), "USD")}
    (failure,) = answer.failures
    assert isinstance(failure, TooLargeError)
    assert failure.part == "acme"
    assert failure.message == (
        "a day alone is too large; ask for some hours of it at a time, or give `Billfold` a larger "
        "`max_body`: the reply is over 0.00191 MiB, the most that is read at once; half the period "
        "has a smaller one (2026-10-01..2026-10-02)"
    )
    asked = [url for _, url in mocked.sent() if "breakdown" in url]
    assert len(asked) == 9


async def test_a_half_that_fails_leaves_the_other_and_is_named(mocked: Mocked) -> None:
    answer_usage(mocked, "2026-10-01..2026-11-01", leased(7, FIFTH, padding=2_000))
    answer_usage(mocked, "2026-10-01..2026-10-16", leased(7, FIFTH, FIFTEENTH))
    second = "from=2026-10-16T00:00:00Z&to=2026-11-01T00:00:00Z"
    mocked.get(f"{BASE}/billing/usage/acme/breakdown?{second}", payload={"data": 7}, repeat=True)
    mocked.get(f"{BASE}/billing/usage/acme?{second}", payload={"total_cents": 0}, repeat=True)
    answer = await october_of(mocked)
    assert [(row.state, str(row.covers)) for row in answer.coverage] == [
        (State.PARTIAL, "2026-10-01..2026-10-16")
    ]
    assert answer.totals(partial=True) == {"USD": Money(Decimal("0.14"), "USD")}
    (failure,) = answer.failures
    assert failure.part == "acme"
    assert failure.message.endswith("(2026-10-16..2026-11-01)")


def test_the_halves_that_were_read_are_kept_when_the_deadline_ends_the_next(
    mocked: Mocked,
) -> None:
    async def hang(*_: Any, **__: Any) -> None:
        await asyncio.sleep(60)

    answer_usage(mocked, "2026-10-01..2026-11-01", leased(7, FIFTH, padding=2_000))
    answer_usage(mocked, "2026-10-01..2026-10-16", leased(7, FIFTH, FIFTEENTH))
    mocked.get(re.compile(r".*from=2026-10-16.*"), callback=hang, repeat=True)
    answer = hurried(lambda: october_of(mocked, deadline=30), idle=0)
    assert [(row.state, str(row.covers)) for row in answer.coverage] == [
        (State.PARTIAL, "2026-10-01..2026-10-16")
    ]
    assert answer.totals(partial=True) == {"USD": Money(Decimal("0.14"), "USD")}
    assert [type(failure) for failure in answer.failures] == [DeadlineError]
