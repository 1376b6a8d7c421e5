"""What we ask Harmont, and what happens when it answers otherwise."""

import re
from datetime import UTC, datetime

import msgspec
import pytest

from billfold import CredentialsError, DriftError, Money, NotFoundError, Period, State
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
    "1 pages without records, after which the list went on"
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
    assert [str(failure) for failure in answer.failures] == [GAP]


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
    assert [str(failure) for failure in answer.failures] == [GAP]


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
