"""What is read from Aether, and what happens when it answers otherwise."""

import asyncio
import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from billfold import (
    Account,
    Answer,
    Billfold,
    BillfoldError,
    ConfigError,
    CredentialsError,
    DayPart,
    DriftError,
    ForbiddenError,
    IncompleteError,
    Money,
    NotFoundError,
    Period,
    RateLimitedError,
    RequestError,
    Secret,
    State,
    TransientError,
    reconcile,
)
from billfold.model import Cause
from billfold_aether import Aether
from support.mocked import Mocked
from support.replies import reply

BASE = "https://api.aetherplatform.cloud/api/v1/organizations"
ORG = "7C1E55A9-04D3-4B8F-9A62-E3B70F18D4C6"
OTHER = "e8a6307c-b25f-4d19-a3e4-50f9c8d1726b"
NOVEMBER = Period.month(2026, 11)
NINTH = datetime(2026, 11, 9, 12, tzinfo=UTC)
TOTAL = Money(Decimal("482.16999999999996"), "EUR")
ONLY = "autoscaling only, flat fees are in usage"
Fold = Callable[..., Billfold]


def aether(name: str) -> bytes:
    return reply("aether", name)


def at(what: str, org: str = ORG) -> str:
    return f"{BASE}/{org}/billing/{what}"


def account(name: str, org: str | None) -> Account:
    return Account(name, Aether(org), Secret(f"token-of-{name}-1234567890"))


def fold_at(now: datetime) -> Billfold:
    """A Billfold whose own clock says ``now``, whatever the provider's does."""
    return Billfold(
        [Account("acct", Aether(ORG), Secret("token-of-a-test-1234567890"))], clock=lambda: now
    )


def answer_month(
    mocked: Mocked,
    usage: str = "get_usage_busy_month",
    daily: str = "get_daily_spend_ninth_of_month",
) -> None:
    mocked.get(at("usage"), body=aether(usage))
    mocked.get(at("daily-spend"), body=aether(daily))


def states(answer: Any) -> list[tuple[State, str | None]]:
    return [(row.state, None if row.covers is None else str(row.covers)) for row in answer.coverage]


async def test_usage_is_two_calls_for_the_organization_without_a_query(
    mocked: Mocked, fold_of: Fold
) -> None:
    answer_month(mocked)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    assert answer.complete
    assert answer.totals() == {"EUR": TOTAL}
    assert sorted(mocked.sent()) == [("GET", at("daily-spend")), ("GET", at("usage"))]
    assert all(sent["Authorization"].startswith("Bearer ") for sent in mocked.headers())
    assert (answer.items[0].requested, answer.items[0].covers) == (None, NOVEMBER)


async def test_both_calls_are_under_way_at_once(mocked: Mocked, fold_of: Fold) -> None:
    under_way = asyncio.Barrier(2)

    async def meet(url: Any, **_: Any) -> None:
        await asyncio.wait_for(under_way.wait(), 30)

    mocked.get(at("usage"), body=aether("get_usage_busy_month"), callback=meet)
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"), callback=meet)
    async with fold_of("aether", org=ORG) as fold:
        assert (await fold.usage()).complete


async def test_a_reply_that_is_too_large_is_not_told_to_ask_for_half_the_period(
    mocked: Mocked,
) -> None:
    answer_month(mocked)
    async with Billfold([account("acct", ORG)], max_body=500) as fold:
        answer = await fold.usage()
    assert states(answer) == [(State.FAILED, None)]
    assert [failure.message for failure in answer.failures] == [
        "the reply is over 0.000477 MiB, the most that is read at once; "
        "no period makes it smaller: give `Billfold` a larger `max_body`"
    ]


async def test_the_current_month_may_be_asked_for_by_name(mocked: Mocked, fold_of: Fold) -> None:
    answer_month(mocked)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage(NOVEMBER)
    assert states(answer) == [(State.COMPLETE, "2026-11")]
    assert answer.items[0].requested == NOVEMBER


@pytest.mark.parametrize(
    "text", ["2026-10", "2025-11", "2026-11-01..2026-11-15", "2026-10-15..2026-11-20"]
)
async def test_usage_of_a_period_without_all_of_the_month_is_unavailable_and_not_even_asked_for(
    mocked: Mocked, fold_of: Fold, text: str
) -> None:
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage(Period.parse(text))
    assert states(answer) == [(State.UNAVAILABLE, None)]
    assert (
        answer.coverage[0].detail
        == f"Aether answers only for its current UTC month, not for {text}"
    )
    assert len(answer) == 0
    assert mocked.sent() == []


@pytest.mark.parametrize("text", ["2026-10..2026-12", "2026-10-15..2026-12-01", "2026"])
async def test_usage_of_a_period_around_the_current_month_is_that_month(
    mocked: Mocked, fold_of: Fold, text: str
) -> None:
    answer_month(mocked)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage(Period.parse(text))
    assert states(answer) == [(State.DIFFERENT_WINDOW, "2026-11")]
    assert answer.coverage[0].detail == "only the current UTC month"
    assert answer.totals(partial=True) == {"EUR": TOTAL}
    assert answer.items[0].requested == Period.parse(text)


async def test_usage_of_a_period_around_a_month_read_in_part_says_so_of_the_rest(
    mocked: Mocked, fold_of: Fold
) -> None:
    mocked.get(at("usage"), body=aether("get_usage_busy_month"))
    mocked.get(at("daily-spend"), status=403, payload={"error": {"code": "forbidden"}})
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage(Period.parse("2026-10..2026-12"))
    assert states(answer) == [(State.PARTIAL, "2026-11")]
    only = "Aether answers only for its current UTC month, 2026-11, not for 2026-10"
    assert only in (answer.coverage[0].detail or "")


@pytest.mark.parametrize(
    ("ours", "requested", "state"),
    [
        (datetime(2026, 11, 1, 0, 0, 30, tzinfo=UTC), "2026-11", State.COMPLETE),
        (datetime(2026, 10, 31, 23, 59, 30, tzinfo=UTC), "2026-11", State.COMPLETE),
        (datetime(2026, 12, 1, 0, 0, 30, tzinfo=UTC), "2026-11", State.PARTIAL),
        (datetime(2026, 11, 1, 0, 0, 30, tzinfo=UTC), "2026-10", State.UNAVAILABLE),
        (datetime(2026, 12, 1, 0, 0, 30, tzinfo=UTC), "2026-12", State.UNAVAILABLE),
    ],
)
async def test_near_the_turn_of_a_month_the_provider_decides_which_is_current(
    mocked: Mocked, ours: datetime, requested: str, state: State
) -> None:
    month = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "total_eur": 0.46}
    mocked.get(at("usage"), payload={**month, "items": [], "subscriptions": []})
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_first_of_month"))
    async with fold_at(ours) as fold:
        answer = await fold.usage(Period.parse(requested))
    assert states(answer) == [(state, None if state is State.UNAVAILABLE else "2026-11")]
    assert len(answer) == (state is not State.UNAVAILABLE)
    assert len(mocked.sent()) == 2


async def test_a_month_that_rolls_over_between_the_calls_is_read_again(
    mocked: Mocked, fold_of: Fold
) -> None:
    october = aether("get_daily_spend_first_of_month").replace(b"2026-11-01", b"2026-10-31")
    mocked.get(at("usage"), body=aether("get_usage_busy_month"), repeat=True)
    mocked.get(at("daily-spend"), body=october)
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"))
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    assert answer.complete
    assert answer.totals() == {"EUR": TOTAL}
    assert len(mocked.sent()) == 4


async def test_organizations_of_two_months_are_not_one_month(mocked: Mocked) -> None:
    rows = [{"id": ORG, "name": "a"}, {"id": OTHER, "name": "b"}]
    mocked.get(f"{BASE}?limit=100", payload={"items": rows}, repeat=True)
    for org, month, last in ((ORG, "2026-11", 30), (OTHER, "2026-12", 1)):
        body = {"org_id": org, "period_start": f"{month}-01T00:00:00Z", "total_eur": last}
        mocked.get(at("usage", org), payload={**body, "items": [], "subscriptions": []})
        days = [{"date": f"{month}-{day:02}", "amount_eur": 1} for day in range(1, last + 1)]
        reply = {"points": days, "total_eur": last}
        mocked.get(at("daily-spend", org), payload=reply, repeat=True)
    now = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)
    account = Account("acct", Aether(), Secret("token-of-a-test-1234567890"))
    async with Billfold([account], clock=lambda: now) as fold:
        answers = [await fold.usage(), await fold.daily()]
    for answer in answers:
        assert [(row.state, row.part) for row in answer.coverage] == [(State.PARTIAL, ORG)]
        assert f"{OTHER}: this is 2026-12, and other" in (answer.coverage[0].detail or "")
        with pytest.raises(IncompleteError):
            answer.totals()


@pytest.mark.parametrize(
    ("stream", "name", "place"),
    [
        ("usage", "get_usage_busy_month", "$.org_id"),
        ("subscriptions", "get_usage_busy_month", "$.org_id"),
        ("payment_methods", "list_payment_methods_several", "$.items[0].org_id"),
    ],
)
async def test_a_reply_about_another_organization_is_drift(
    mocked: Mocked, fold_of: Fold, stream: str, name: str, place: str
) -> None:
    mocked.get(at("usage", OTHER), body=aether(name))
    mocked.get(at("payment-methods", OTHER), body=aether(name))
    mocked.get(at("daily-spend", OTHER), body=aether("get_daily_spend_ninth_of_month"))
    async with fold_of("aether", org=OTHER) as fold:
        answer = await getattr(fold, stream)()
    assert states(answer) == [(State.FAILED, None)]
    (error,) = answer.failures
    assert isinstance(error, DriftError)
    assert error.message == f"the reply is about another organization than requested - at `{place}`"


async def test_a_record_of_another_organization_is_drift_at_its_place(
    mocked: Mocked, fold_of: Fold
) -> None:
    written = f'"org_id": "{OTHER}",'
    third = f'"org_id": "{ORG.lower()}",'.encode()
    body = aether("get_usage_busy_month")
    assert body.count(third) == 1
    mocked.get(at("usage"), body=body.replace(third, written.encode()))
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"))
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    assert states(answer) == [(State.FAILED, None)]
    (error,) = answer.failures
    assert isinstance(error, DriftError)
    assert "$.items[2]" in error.message


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("{}", "$.items"),
        ("7", "$.items"),
        ('[{"id": "r", "org_id": null}]', "$.items[0]"),
        ('[{"id": "r"}]', "$.items[0]"),
    ],
)
async def test_records_that_do_not_fit_lose_no_bill_and_are_named(
    mocked: Mocked, fold_of: Fold, written: str, place: str
) -> None:
    body = json.loads(aether("get_usage_busy_month"))
    mocked.get(at("usage"), payload={**body, "items": json.loads(written)})
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"))
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    assert states(answer) == [(State.COMPLETE, "2026-11")]
    assert f"`{place}`" in str(answer.coverage[0].detail)
    assert {code: round(money.amount, 9) for code, money in answer.totals().items()} == {
        "EUR": Decimal("482.17")
    }


NO_RECORDS = "no records, so days are not shared over node pools - at `$.items`"
NO_FEES = "no fees, which may be in what the total has more - at `$.subscriptions`"


@pytest.mark.parametrize("null", [True, False], ids=["null", "absent"])
@pytest.mark.parametrize(
    ("lists", "notes"),
    [
        (("items",), NO_RECORDS),
        (("subscriptions",), NO_FEES),
        (("items", "subscriptions"), f"{NO_RECORDS}; {NO_FEES}"),
    ],
)
async def test_a_bill_whose_lists_are_absent_stands_by_its_total(
    mocked: Mocked, fold_of: Fold, lists: tuple[str, ...], notes: str, null: bool
) -> None:
    """3.00 of fees and 5.25 of autoscaling are 8.25, whether the lists are stated or not."""
    body = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "total_eur": 8.25}
    body |= {"items": [], "subscriptions": [{"name": "prod", "amount_eur": 3}]}
    for name in lists:
        if null:
            body[name] = None
        else:
            del body[name]
    mocked.get(at("usage"), payload=body, repeat=True)
    points = [{"date": "2026-11-05", "amount_eur": 5.25}]
    mocked.get(at("daily-spend"), payload={"points": points, "total_eur": 5.25})
    async with fold_of("aether", org=ORG) as fold:
        answer, fees = await fold.usage(), await fold.subscriptions()
    assert states(answer) == [(State.COMPLETE, "2026-11")]
    assert answer.totals() == {"EUR": Money.parse("8.25 EUR")}
    assert answer.coverage[0].detail == notes
    stated = "subscriptions" not in lists
    assert [str(fee.price) for fee in fees] == ["3 EUR"] * stated
    assert fees.coverage[0].state is (State.COMPLETE if stated else State.FAILED)


async def test_an_account_that_is_answered_with_anothers_money_does_not_count_it_again(
    mocked: Mocked,
) -> None:
    """A server that goes by the token alone, whatever organization the path names."""
    mocked.get(re.compile(rf"{BASE}/.*/usage$"), body=aether("get_usage_busy_month"), repeat=True)
    mocked.get(
        re.compile(rf"{BASE}/.*/daily-spend$"),
        body=aether("get_daily_spend_ninth_of_month"),
        repeat=True,
    )
    accounts = [
        Account(name, Aether(org), Secret("token-of-a-test-1234567890"))
        for name, org in (("a", ORG), ("b", OTHER))
    ]
    async with Billfold(accounts, clock=lambda: NINTH) as fold:
        answer = await fold.usage()
    assert [row.state for row in answer.coverage] == [State.COMPLETE, State.FAILED]
    assert answer.totals(partial=True) == {"EUR": TOTAL}


async def test_days_that_are_never_of_the_bills_month_leave_the_bill(
    mocked: Mocked, fold_of: Fold
) -> None:
    mocked.get(
        at("usage"),
        body=aether("get_usage_busy_month").replace(b"2026-11-01", b"2026-12-01"),
        repeat=True,
    )
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"), repeat=True)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    assert states(answer) == [(State.PARTIAL, "2026-12")]
    assert answer.totals(partial=True) == {"EUR": TOTAL}
    (error,) = answer.failures
    assert isinstance(error, DriftError)
    assert error.message == ("daily-spend is of 2026-11 and usage of 2026-12, also when read again")
    assert len(mocked.sent()) == 6


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"status": 503, "body": b""}, TransientError),
        ({"status": 403, "body": aether("error_forbidden_missing_scope")}, ForbiddenError),
        ({"body": b"<html></html>"}, DriftError),
        ({"body": b'{"points": [], "total_eur": 0}'}, DriftError),
        (
            {"body": b'{"points": [{"date": "2026-11-01", "amount_eur": 1e400}], "total_eur": 0}'},
            DriftError,
        ),
    ],
)
async def test_with_daily_spend_down_the_total_stands_and_autoscaling_is_derived(
    mocked: Mocked, fold_of: Fold, options: dict[str, Any], kind: type[BillfoldError]
) -> None:
    mocked.get(at("usage"), body=aether("get_usage_busy_month"))
    mocked.get(at("daily-spend"), repeat=True, **options)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    assert states(answer) == [(State.PARTIAL, "2026-11")]
    assert [(type(error), error.account, error.part) for error in answer.failures] == [
        (kind, "acct", ORG)
    ]
    assert answer.failures[0].message in (answer.coverage[0].detail or "")
    assert answer.totals(partial=True) == {"EUR": TOTAL}
    assert [str(charge.cost) for charge in answer.items[0].charges if charge.derived] == [
        "20.23999999999996 EUR"
    ]
    with pytest.raises(IncompleteError):
        answer.totals()


async def test_with_usage_down_the_account_fails(mocked: Mocked, fold_of: Fold) -> None:
    mocked.get(at("usage"), status=500, body=aether("error_server_error_internal"), repeat=True)
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"), repeat=True)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    assert states(answer) == [(State.FAILED, None)]
    assert len(answer) == 0
    assert [(error.status, error.code) for error in answer.failures] == [(500, "internal_error")]


@pytest.mark.parametrize(
    ("quantity", "state", "detail"),
    [
        ("2", State.COMPLETE, "1 record repeated, counted once"),
        (
            "3",
            State.PARTIAL,
            "1 record in conflict with another of the same id, the first was kept: "
            "91f3d07e-2b68-4c5a-b7d1-08e6a42f95cb",
        ),
    ],
)
async def test_a_record_listed_twice_is_mentioned(
    mocked: Mocked, fold_of: Fold, quantity: str, state: State, detail: str
) -> None:
    body = aether("get_usage_repeated_items").replace(
        b'"quantity": 2,', f'"quantity": {quantity},'.encode()
    )
    mocked.get(at("usage"), body=body)
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"))
    async with fold_at(NINTH) as fold:
        answer = await fold.usage()
    assert [(row.state, row.detail) for row in answer.coverage] == [(state, detail)]


@pytest.mark.parametrize("period", [None, "2026-11"])
async def test_a_month_that_is_over_by_our_clock_and_still_answered_is_not_over_by_theirs(
    mocked: Mocked, period: str | None
) -> None:
    days = [{"date": f"2026-11-{day:02}", "amount_eur": 1} for day in range(1, 31)]
    body = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "total_eur": 30}
    body |= {"items": [], "subscriptions": []}
    mocked.get(at("usage"), payload=body, repeat=True)
    mocked.get(at("daily-spend"), payload={"points": days, "total_eur": 30}, repeat=True)
    for clock, state in (("2026-11-30T23:59:59", State.COMPLETE), ("2026-12-01", State.PARTIAL)):
        async with fold_at(datetime.fromisoformat(clock).replace(tzinfo=UTC)) as fold:
            answers = [await fold.usage(period), await fold.daily(period)]
        for answer in answers:
            (row,) = answer.coverage
            assert (row.state, str(row.covers)) == (state, "2026-11")
            assert ("by its clock that is not over" in (row.detail or "")) is not answer.complete
            assert answer.totals(partial=True) == {"EUR": Money.parse("30 EUR")}


async def test_a_month_that_is_over_and_still_answered_is_no_other_window(mocked: Mocked) -> None:
    month = {"period_start": "2026-11-01T00:00:00Z", "period_end": "2027-02-01T00:00:00Z"}
    mocked.get(at("usage"), payload={"org_id": ORG, **month, "total_eur": 5, "items": []})
    days = [{"date": f"2026-11-{day:02}", "amount_eur": 0} for day in range(1, 30)]
    days.append({"date": "2026-11-30", "amount_eur": 5})
    mocked.get(at("daily-spend"), payload={"points": days, "total_eur": 5}, repeat=True)
    async with fold_at(datetime(2026, 12, 1, 0, 10, tzinfo=UTC)) as fold:
        used = await fold.usage()
        spent = await fold.daily("2026-10-01..2026-12-01")
    still = "Aether still answers for 2026-11, so by its clock that is not over"
    for answer in (used, spent):
        assert states(answer) == [(State.PARTIAL, "2026-11")]
        assert answer.totals(partial=True) == {"EUR": Money.parse("5 EUR")}
        assert still in (answer.coverage[0].detail or "")
    only = "Aether answers only for its current UTC month, 2026-11, not for 2026-10"
    assert only in (spent.coverage[0].detail or "")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("2026-11-01T02:00:00Z", None),  # a midnight of the Americas is none of Europe's
        ("2026-11-05T00:00:00Z", "the reply says that it begins 2026-11-05T00:00:00Z - at "),
    ],
)
async def test_a_reply_that_says_that_it_begins_within_its_month_is_not_all_of_it(
    mocked: Mocked, start: str, said: str | None
) -> None:
    body = {"org_id": ORG, "period_start": start, "period_end": "2026-12-01T00:00:00Z"}
    body |= {"total_eur": 5.25, "items": [], "subscriptions": []}
    mocked.get(at("usage"), payload=body, repeat=True)
    points = [{"date": "2026-11-05", "amount_eur": 5.25}]
    mocked.get(at("daily-spend"), payload={"points": points, "total_eur": 5.25})
    async with fold_at(NINTH) as fold:
        answer, fees = await fold.usage(), await fold.subscriptions()
    for (row,) in (answer.coverage, fees.coverage):
        assert (row.state is State.PARTIAL) is (said is not None)
        assert (row.detail or "").startswith(said or "")
    assert answer.totals(partial=True) == {"EUR": Money.parse("5.25 EUR")}


@pytest.mark.parametrize(
    ("end", "state"),
    [
        ("2026-12-01T00:00:00Z", State.COMPLETE),
        ("2026-11-30T23:59:59Z", State.COMPLETE),
        ("2026-11-09T12:00:00Z", State.COMPLETE),
        ("2026-11-07T12:00:00Z", State.COMPLETE),  # two days, by which clocks may differ
        ("2026-11-07T11:59:59Z", State.PARTIAL),
        ("2026-10-31T00:00:00Z", State.COMPLETE),  # which is no end of this month
        (None, State.COMPLETE),
    ],
)
async def test_a_reply_that_says_that_it_ended_days_ago_is_not_the_month_to_date(
    mocked: Mocked, end: str | None, state: State
) -> None:
    month = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "period_end": end}
    fees = [{"kind": "control_plane", "name": "prod", "amount_eur": 5.25}]
    body = {**month, "total_eur": 5.25, "items": [], "subscriptions": fees}
    mocked.get(at("usage"), payload=body, repeat=True)
    mocked.get(
        at("daily-spend"),
        payload={"points": [{"date": "2026-11-05", "amount_eur": 0}], "total_eur": 0},
    )
    async with fold_at(NINTH) as fold:
        answers = [await fold.usage(), await fold.subscriptions()]
    said = f"the reply says that it ends {end} - at `$.period_end`"
    for answer in answers:
        (row,) = answer.coverage
        assert (row.state, row.detail) == (state, said if state is State.PARTIAL else None)
    assert answers[0].totals(partial=True) == {"EUR": Money.parse("5.25 EUR")}


@pytest.mark.parametrize(
    ("start", "end", "state"),
    [
        ("2026-11-01", "2026-12-01T00:00:00Z", State.COMPLETE),
        ("2026-11-01", "2026-12-01T23:59:59Z", State.COMPLETE),
        ("2026-11-01", "9999-12-31T23:59:59Z", State.DIFFERENT_WINDOW),
        ("2026-11-01", "2027-02-01T00:00:00Z", State.DIFFERENT_WINDOW),
        ("2026-11-05", "2026-12-05T00:00:00Z", State.DIFFERENT_WINDOW),
    ],
)
async def test_a_cycle_that_is_no_month_is_another_window(
    mocked: Mocked, start: str, end: str, state: State
) -> None:
    month = {"org_id": ORG, "period_start": f"{start}T00:00:00Z", "period_end": end}
    fees = [{"kind": "control_plane", "name": "prod", "amount_eur": 5.25}]
    body = {**month, "total_eur": 5.25, "items": [], "subscriptions": fees}
    mocked.get(at("usage"), payload=body, repeat=True)
    mocked.get(
        at("daily-spend"),
        payload={"points": [{"date": "2026-11-05", "amount_eur": 0}], "total_eur": 0},
    )
    async with fold_at(NINTH) as fold:
        answers = [await fold.usage(), await fold.subscriptions()]
    for answer in answers:
        (row,) = answer.coverage
        assert row.state is state
        assert (row.detail is None) is (state is State.COMPLETE)
    assert answers[0].totals(partial=True) == {"EUR": Money.parse("5.25 EUR")}


@pytest.mark.parametrize(
    ("text", "state", "covers", "days"),
    [
        (None, State.COMPLETE, "2026-11", range(1, 10)),
        ("2026-11", State.COMPLETE, "2026-11", range(1, 10)),
        ("2026-11-03..2026-11-06", State.COMPLETE, "2026-11-03..2026-11-06", range(3, 6)),
        ("2026-10-20..2026-11-03", State.DIFFERENT_WINDOW, "2026-11-01..2026-11-03", range(1, 3)),
        ("2026-11-08..2026-12-08", State.DIFFERENT_WINDOW, "2026-11-08..2026-12-01", range(8, 10)),
        (
            "2026-11-02T12:00Z..2026-11-04T12:00Z",
            State.DIFFERENT_WINDOW,
            "2026-11-02..2026-11-05",
            range(2, 5),
        ),
        (
            "2026-11-02T12:00Z..2026-11-02T18:00Z",
            State.DIFFERENT_WINDOW,
            "2026-11-02..2026-11-03",
            [2],
        ),
    ],
)
async def test_daily_answers_whole_days_of_the_current_month(
    mocked: Mocked, text: str | None, state: State, covers: str | None, days: Iterable[int]
) -> None:
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"))
    async with fold_at(NINTH) as fold:
        answer = await fold.daily(None if text is None else Period.parse(text))
    assert states(answer) == [(state, covers)]
    assert [day.date.day for day in answer] == list(days)
    assert {day.part for day in answer} <= {DayPart.AUTOSCALING}
    assert answer.coverage[0].detail
    assert mocked.sent() == [("GET", at("daily-spend"))]


@pytest.mark.parametrize("text", ["2026-10", "2026-12", "2026-01-01..2026-10-31"])
async def test_daily_of_a_period_that_cannot_touch_the_month_is_not_asked_for(
    mocked: Mocked, fold_of: Fold, text: str
) -> None:
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.daily(Period.parse(text))
    assert states(answer) == [(State.UNAVAILABLE, None)]
    assert mocked.sent() == []


async def test_a_day_that_is_left_out_makes_the_days_partial(mocked: Mocked, fold_of: Fold) -> None:
    body = (
        b'{"points": [{"date": "2026-11-01", "amount_eur": 1},'
        b' {"date": "2026-11-03", "amount_eur": 1}], "total_eur": 2}'
    )
    mocked.get(at("daily-spend"), body=body)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.daily()
    assert states(answer) == [(State.PARTIAL, "2026-11")]
    assert "no point for 2026-11-02" in (answer.coverage[0].detail or "")


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        ("2026-11-09T00:30+00:00", ""),
        ("2026-11-10T00:04+00:00", ""),  # their clock may not have come to the tenth
        ("2026-11-10T23:59+00:00", "2026-11-10"),
        ("2026-11-11T00:00+00:00", "2026-11-10"),
        ("2026-11-12T01:00+02:00", "2026-11-10, 2026-11-11"),  # still the eleventh in UTC
        ("2026-12-01T00:30+00:00", ", ".join(f"2026-11-{day}" for day in range(10, 31))),
    ],
)
async def test_days_that_have_begun_and_have_no_point_are_missing(
    mocked: Mocked, now: str, missing: str
) -> None:
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"))
    async with fold_at(datetime.fromisoformat(now)) as fold:
        answer = await fold.daily()
    (row,) = answer.coverage
    assert row.state is (State.PARTIAL if missing else State.COMPLETE)
    still = "; Aether still answers for 2026-11, so by its clock that is not over"
    over = still if now.startswith("2026-12") else ""
    assert row.detail == ONLY + over + (f"; no point for {missing}" if missing else "")


SECOND_MISSING = "; no point for 2026-11-02"


def sums(total: str, days: str) -> str:
    return f"; the stated total is {total} EUR, its days add up to {days} EUR"


@pytest.mark.parametrize(
    ("text", "days", "total", "state", "detail"),
    [
        # What the total has beyond the days may be the second's, whether that is requested or not.
        (None, "1 3", "20", State.PARTIAL, SECOND_MISSING + sums("20", "2")),
        ("2026-11-03", "1 3", "20", State.COMPLETE, SECOND_MISSING + sums("20", "2")),
        ("2026-11-03", "1 3", "2", State.COMPLETE, ""),
        # No day is missing, or the days already add up to too much.
        (None, "1 2 3", "20", State.PARTIAL, sums("20", "3")),
        ("2026-11-03", "1 2 3", "20", State.PARTIAL, sums("20", "3")),
        ("2026-11-03", "1 3", "1", State.PARTIAL, SECOND_MISSING + sums("1", "2")),
        (None, "1 2 3", "3.03", State.PARTIAL, sums("3.03", "3")),
        (None, "1 2 3", "2.97", State.PARTIAL, sums("2.97", "3")),
        # Three days that were each rounded to the cent are up to two cents from their total, which was rounded, too.
        (None, "1 2 3", "3.02", State.COMPLETE, sums("3.02", "3")),
        (None, "1 2 3", "2.98", State.COMPLETE, sums("2.98", "3")),
        (None, "1 3", "2.01", State.PARTIAL, SECOND_MISSING + sums("2.01", "2")),
        ("2026-11-03", "1 3", "2.01", State.COMPLETE, sums("2.01", "2")),
        # At most half a cent is the noise of a server that adds doubles up.
        (None, "1 2 3", "3.0000000000000004", State.COMPLETE, ""),
    ],
)
async def test_days_that_do_not_add_up_to_the_stated_total_are_named(
    mocked: Mocked, text: str | None, days: str, total: str, state: State, detail: str
) -> None:
    points = ", ".join(f'{{"date": "2026-11-0{day}", "amount_eur": 1}}' for day in days.split())
    mocked.get(at("daily-spend"), body=f'{{"points": [{points}], "total_eur": {total}}}'.encode())
    async with fold_at(datetime(2026, 11, 3, 12, tzinfo=UTC)) as fold:
        answer = await fold.daily(None if text is None else Period.parse(f"{text}..2026-11-04"))
    assert [(row.state, row.detail) for row in answer.coverage] == [(state, ONLY + detail)]


@pytest.mark.parametrize(
    ("costs", "total", "summed", "state"),
    [
        ("0 3.68 1.84 0 0.92 2.76 5.52 1.38 4.14", "20.25", "20.24", State.COMPLETE),
        ("0 3.68 1.84 0 0.92 2.76 5.52 1.38 4.14", "20.28", "20.24", State.COMPLETE),
        ("0 3.68 1.84 0 0.92 2.76 5.52 1.38 4.14", "20.29", "20.24", State.PARTIAL),
        # Days without money were not rounded, and the total of one day is that day's.
        ("0 0 0 0 0 0 0 0 0", "0.05", "0", State.PARTIAL),
        ("0 0 0 0 12.34 0 0 0 0", "12.35", "12.34", State.PARTIAL),
        ("0 0 0 0 12.34 0 0 7.9 0", "20.25", "20.24", State.COMPLETE),
        ("0 0 0 0 12.34 0 0 7.9 0", "20.26", "20.24", State.PARTIAL),
        # A day finer than a cent was not rounded to it.
        ("0 3.681 1.839 0 0.92 2.76 5.52 1.38 4.14", "20.25", "20.240", State.PARTIAL),
    ],
)
async def test_days_that_were_rounded_one_by_one_are_all_there(
    mocked: Mocked, costs: str, total: str, summed: str, state: State
) -> None:
    """Days with money that add up to 20.24 are each half a cent off at most, as is their total."""
    points = ", ".join(
        f'{{"date": "2026-11-0{day}", "amount_eur": {cost}}}'
        for day, cost in enumerate(costs.split(), 1)
    )
    body = f'{{"points": [{points}], "total_eur": {total}}}'
    mocked.get(at("daily-spend"), body=body.encode())
    async with fold_at(NINTH) as fold:
        answer = await fold.daily()
    assert states(answer) == [(state, "2026-11")]
    assert answer.coverage[0].detail == ONLY + sums(total, summed)


async def test_days_that_may_have_been_rounded_are_no_agreement_with_their_total(
    mocked: Mocked,
) -> None:
    """Nodes at 0.92 and 0.46 an hour make whole cents unrounded, and 0.04 may be an hour, too."""
    points = [
        {"date": f"2026-11-0{day}", "amount_eur": cost}
        for day, cost in enumerate((0, 3.68, 1.84, 0, 0.92, 2.76, 5.52, 1.38, 4.14), 1)
    ]
    month = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "total_eur": 49.28}
    fee = {"kind": "control_plane", "name": "prod", "amount_eur": 29}
    mocked.get(at("usage"), payload={**month, "items": [], "subscriptions": [fee]}, repeat=True)
    mocked.get(at("daily-spend"), payload={"points": points, "total_eur": 20.28}, repeat=True)
    async with fold_at(NINTH) as fold:
        assert (await fold.daily()).complete
        found = await reconcile.ask(fold)
    assert [(row.name, str(row.gap), row.cause) for row in found.identities] == [
        ("daily-spend total vs. its days", "0.04 EUR", Cause.UNKNOWN),
        ("usage total vs. fees and autoscaling by day", "0.04 EUR", Cause.MISSING_USAGE),
        ("daily costs vs. usage, autoscaling alone", "0.00 EUR", None),
    ]
    assert not found.holds


async def test_usage_over_days_that_lack_most_of_their_total_carries_the_rest_visibly(
    mocked: Mocked,
) -> None:
    mocked.get(at("usage"), body=aether("get_usage_busy_month"))
    mocked.get(
        at("daily-spend"),
        body=b'{"points": [{"date": "2026-11-01", "amount_eur": 1}], "total_eur": 20.24}',
    )
    async with fold_at(NINTH) as fold:
        answer = await fold.usage()
    assert answer.totals() == {"EUR": TOTAL}
    (usage,) = answer.items
    # 482.16999999999996 - 461.93 of fees - 1
    assert [str(charge.cost) for charge in usage.charges if charge.derived] == [
        "19.23999999999996 EUR"
    ]
    assert [str(check.gap) for check in usage.checks] == ["19.24 EUR", "19.23999999999996 EUR"]


@pytest.mark.parametrize("cursor", ["", ', "next_cursor": null', ', "next_cursor": ""'])
async def test_without_an_organization_every_one_on_every_page_is_asked(
    mocked: Mocked, fold_of: Fold, cursor: str
) -> None:
    last = f'{{"items": [{{"id": "{ORG}", "name": "Nordlicht Verlag"}}]{cursor}}}'
    mocked.get(f"{BASE}?limit=100", body=aether("list_organizations_several"))
    mocked.get(f"{BASE}?limit=100&cursor=E8A6307C-B25F-4D19-A3E4-50F9C8D1726B", body=last.encode())
    robotics = "2D90B4F7-6E1A-47C3-8F05-B1C4A7D93E28"
    for org, methods in ((robotics, "none"), (OTHER, "none"), (ORG, "several")):
        mocked.get(at("payment-methods", org), body=aether(f"list_payment_methods_{methods}"))
    async with fold_of("aether") as fold:
        answer = await fold.payment_methods()
    assert answer.complete
    assert [(card.billing_account_id, card.last4) for card in answer] == [
        (ORG, "0093"),
        (ORG, None),
        (ORG, None),
    ]
    assert len(mocked.sent()) == 5


async def test_an_organization_on_two_pages_counts_once_and_is_mentioned(
    mocked: Mocked, fold_of: Fold
) -> None:
    rows = [{"id": ORG, "name": "Nordlicht Verlag"}]
    mocked.get(f"{BASE}?limit=100", payload={"items": rows, "next_cursor": OTHER})
    mocked.get(f"{BASE}?limit=100&cursor={OTHER}", payload={"items": rows})
    answer_month(mocked)
    async with fold_of("aether") as fold:
        answer = await fold.usage()
    assert answer.complete
    assert answer.totals() == {"EUR": TOTAL}
    said = "the list of organizations: 1 record repeated over pages, counted once"
    assert said in (answer.coverage[0].detail or "")


@pytest.mark.parametrize("nameless", [{}, {"id": None}, {"id": ""}, {"id": []}])
async def test_an_organization_without_an_id_is_named_and_takes_no_other_along(
    mocked: Mocked, fold_of: Fold, nameless: dict[str, Any]
) -> None:
    rows = [{"name": "Unknown", **nameless}, {"id": ORG, "name": "Nordlicht Verlag"}]
    mocked.get(f"{BASE}?limit=100", payload={"items": rows})
    answer_month(mocked)
    async with fold_of("aether") as fold:
        answer = await fold.usage()
    assert answer.totals(partial=True) == {"EUR": TOTAL}
    assert [row.state for row in answer.coverage] == [State.PARTIAL]
    assert "1 record without an id left out (the first is 1 of page 1)" in answer.missing()


@pytest.mark.parametrize(("total", "state"), [(1, State.COMPLETE), (3, State.PARTIAL)])
async def test_a_total_of_a_list_without_money_counts_its_rows(
    mocked: Mocked, fold_of: Fold, total: int, state: State
) -> None:
    mocked.get(f"{BASE}?limit=100", payload={"items": [{"id": ORG}], "total": total})
    cards = {"items": [{"id": "c1", "org_id": ORG}], "total": total}
    mocked.get(at("payment-methods"), payload=cards, repeat=True)
    async with fold_of("aether") as every, fold_of("aether", org=ORG) as one:
        answers = await every.payment_methods(), await one.payment_methods()
    for answer in answers:
        assert [card.id for card in answer] == ["c1"]
        assert {row.state for row in answer.coverage} == {state}


async def test_a_method_that_says_what_it_is_is_no_card(mocked: Mocked, fold_of: Fold) -> None:
    rows = [{"id": "c1", "org_id": ORG}, {"id": "c2", "org_id": ORG, "type": "sepa_debit"}]
    mocked.get(at("payment-methods"), payload={"items": rows})
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.payment_methods()
    assert [method.kind for method in answer] == ["card", "sepa_debit"]


@pytest.mark.parametrize(("last4", "state"), [("4242", State.COMPLETE), ("0001", State.PARTIAL)])
async def test_a_card_that_is_listed_twice_is_one(
    mocked: Mocked, fold_of: Fold, last4: str, state: State
) -> None:
    cards = [{"id": "c1", "org_id": ORG, "card_last4": each} for each in ("4242", last4)]
    mocked.get(at("payment-methods"), payload={"items": cards})
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.payment_methods()
    assert [card.last4 for card in answer] == ["4242"]
    assert [row.state for row in answer.coverage] == [state]
    assert "repeated" in (answer.coverage[0].detail or "")


@pytest.mark.parametrize("nameless", [{}, {"id": None}, {"id": ""}, {"id": []}])
async def test_a_card_without_an_id_is_left_out_by_its_place(
    mocked: Mocked, fold_of: Fold, nameless: dict[str, Any]
) -> None:
    cards = [{"id": "c1", "org_id": ORG}, {"org_id": ORG, "card_last4": "0093", **nameless}]
    mocked.get(at("payment-methods"), payload={"items": cards})
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.payment_methods()
    assert [card.id for card in answer] == ["c1"]
    (row,) = answer.coverage
    assert row.state is State.PARTIAL
    assert row.detail is not None
    assert row.detail.startswith("left out, as they have no id: `$.items[1]`")


@pytest.mark.parametrize(
    ("stream", "replies"),
    [
        (
            "usage",
            {"usage": "get_usage_busy_month", "daily-spend": "get_daily_spend_ninth_of_month"},
        ),
        ("daily", {"daily-spend": "get_daily_spend_ninth_of_month"}),
        ("subscriptions", {"usage": "get_usage_busy_month"}),
        ("payment_methods", {"payment-methods": "list_payment_methods_several"}),
    ],
)
async def test_a_hole_in_the_list_of_organizations_makes_the_answer_partial(
    mocked: Mocked, fold_of: Fold, stream: str, replies: dict[str, str]
) -> None:
    mocked.get(f"{BASE}?limit=100", payload={"items": [], "next_cursor": ORG})
    mocked.get(f"{BASE}?limit=100&cursor={ORG}", body=aether("list_organizations_single"))
    for path, name in replies.items():
        mocked.get(re.compile(rf"{BASE}/{ORG}/billing/{path}$", re.IGNORECASE), body=aether(name))
    async with fold_of("aether") as fold:
        answer = await getattr(fold, stream)()
    assert len(answer.items)
    assert {row.state for row in answer.coverage} == {State.PARTIAL}
    (failure,) = answer.failures
    assert failure.message.startswith(
        "the list of organizations may not be complete: 1 page without records"
    )


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"payload": {"items": [{"id": ORG}], "next_cursor": "b"}}, "repeats a page's cursor"),
        ({"payload": {"items": None, "next_cursor": None}}, "does not fit its contract"),
        ({"body": "<html>"}, "the reply is HTML"),
        (
            {"status": 404, "payload": {"error": {"code": "not_found", "message": "no route"}}},
            "404 no route",
        ),
    ],
)
async def test_organizations_of_a_list_that_breaks_off_are_read_and_the_account_is_partial(
    mocked: Mocked, fold_of: Fold, second: dict[str, Any], words: str
) -> None:
    first = {"items": [{"id": ORG, "name": "Acme"}], "next_cursor": "b"}
    mocked.get(f"{BASE}?limit=100", payload=first, repeat=True)
    mocked.get(f"{BASE}?limit=100&cursor=b", repeat=True, **second)
    cards = aether("list_payment_methods_several")
    mocked.get(re.compile(rf"{BASE}/{ORG}/billing/payment-methods$", re.I), body=cards)
    async with fold_of("aether") as fold:
        answer, checked = await fold.payment_methods(), await fold.check()
    assert [card.last4 for card in answer] == ["0093", None, None]
    for each in (answer, checked):
        assert [row.state for row in each.coverage] == [State.PARTIAL]
        (failure,) = each.failures
        assert failure.message.startswith(
            "the list of organizations could not be read to its end: "
        )
        assert words in failure.message


async def test_a_token_without_organizations_is_no_empty_success(
    mocked: Mocked, fold_of: Fold
) -> None:
    mocked.get(f"{BASE}?limit=100", body=aether("list_organizations_null_cursor"))
    async with fold_of("aether") as fold:
        answer = await fold.usage()
    assert states(answer) == [(State.FAILED, None)]
    assert isinstance(answer.failures[0], NotFoundError)


async def test_one_organization_failing_leaves_the_others(mocked: Mocked, fold_of: Fold) -> None:
    listed = [{"id": OTHER, "name": "Gone"}, {"id": ORG, "name": "Nordlicht Verlag"}]
    mocked.get(f"{BASE}?limit=100", payload={"items": listed})
    answer_month(mocked)
    for what in ("usage", "daily-spend"):
        mocked.get(at(what, OTHER), status=404, body=aether("error_not_found_unknown_organization"))
    async with fold_of("aether") as fold:
        answer = await fold.usage()
    assert states(answer) == [(State.PARTIAL, None)]  # of the one that failed
    assert [str(usage.covers) for usage in answer] == ["2026-11"]
    assert [usage.billing_account_name for usage in answer] == ["Nordlicht Verlag"]
    assert [(type(error), error.code, error.part) for error in answer.failures] == [
        (NotFoundError, "not_found", OTHER)
    ]
    assert answer.coverage[0].part == OTHER


async def test_subscriptions_are_read_from_usage_alone(mocked: Mocked, fold_of: Fold) -> None:
    mocked.get(at("usage"), body=aether("get_usage_busy_month"))
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.subscriptions()
    assert [fee.name for fee in answer] == [
        "prod-fra",
        "general-fixed",
        "cache-fixed",
        "archive tier",
    ]
    assert mocked.sent() == [("GET", at("usage"))]


async def test_check_names_the_organizations_of_the_token(mocked: Mocked, fold_of: Fold) -> None:
    mocked.get(f"{BASE}?limit=100", body=aether("list_organizations_single"))
    async with fold_of("aether") as fold:
        answer = await fold.check()
    assert [credential.subject for credential in answer] == ["Nordlicht Verlag"]
    assert len(mocked.sent()) == 1


async def test_check_tries_the_configured_organization(mocked: Mocked, fold_of: Fold) -> None:
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_first_of_month"))
    mocked.get(at("daily-spend"), status=404, body=aether("error_not_found_unknown_organization"))
    async with fold_of("aether", org=ORG) as fold:
        assert [credential.subject for credential in await fold.check()] == [ORG]
        failed = await fold.check()
    assert [(type(error), error.part) for error in failed.failures] == [(NotFoundError, ORG)]


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (401, aether("error_unauthorized_bad_token"), CredentialsError, "unauthorized"),
        (
            401,
            aether("error_validation_failed_two_details").replace(
                b"validation_error", b"unauthorized"
            ),
            CredentialsError,
            "unauthorized",
        ),
        (403, aether("error_forbidden_missing_scope"), ForbiddenError, "forbidden"),
        (404, aether("error_not_found_unknown_organization"), NotFoundError, "not_found"),
        (422, aether("error_validation_failed_two_details"), RequestError, "validation_error"),
        (200, b"<html><body>Sign in</body></html>", DriftError, None),
    ],
)
async def test_what_another_try_cannot_mend_is_raised_at_once(
    mocked: Mocked,
    fold_of: Fold,
    status: int,
    body: bytes,
    kind: type[BillfoldError],
    code: str | None,
) -> None:
    mocked.get(at("payment-methods"), status=status, body=body, repeat=True)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.payment_methods()
    assert [(type(error), error.code) for error in answer.failures] == [(kind, code)]
    assert len(mocked.sent()) == 1


@pytest.mark.parametrize(
    "weather",
    [
        {"status": 429, "body": aether("error_rate_limited_slow_down")},
        {"status": 429, "headers": {"Retry-After": "0"}},
        {"status": 502, "body": b"<!doctype html><html></html>"},
        {"status": 503, "body": b""},
    ],
)
async def test_weather_is_tried_again(
    mocked: Mocked, fold_of: Fold, weather: dict[str, Any]
) -> None:
    mocked.get(at("payment-methods"), **weather)
    mocked.get(at("payment-methods"), body=aether("list_payment_methods_none"))
    async with fold_of("aether", org=ORG) as fold:
        assert (await fold.payment_methods()).complete
    assert len(mocked.sent()) == 2


@pytest.mark.parametrize("wait", ["86400", "Sat, 21 Nov 2026 12:00:00 GMT"])
async def test_a_wait_of_a_day_is_reported_and_not_waited_for(
    mocked: Mocked, fold_of: Fold, wait: str
) -> None:
    limited = {
        "status": 429,
        "body": aether("error_rate_limited_slow_down"),
        "headers": {"Retry-After": wait},
    }
    mocked.get(at("payment-methods"), repeat=True, **limited)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.payment_methods()
    (error,) = answer.failures
    assert isinstance(error, RateLimitedError)
    assert (error.code, error.retry_at) == ("rate_limited", datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert len(mocked.sent()) == 1


@pytest.mark.parametrize(
    "org", ["nordlicht-verlag", "", ORG[:-1], f"{{{ORG}}}", ORG.replace("-", ""), f"{ORG}\n"]
)
def test_an_organization_that_is_no_uuid_is_refused(org: str) -> None:
    with pytest.raises(ConfigError, match="UUID"):
        Aether(org)


@pytest.mark.parametrize("org", [ORG, OTHER, None])
def test_a_uuid_in_any_case_or_none_is_kept_as_written(org: str | None) -> None:
    assert Aether(org).org == org


def test_the_provider_s_limit_is_declared() -> None:
    assert Aether.declares.requests_per_minute == 100


async def test_days_that_have_not_come_are_neither_zero_nor_missing(mocked: Mocked) -> None:
    filled = [{"date": f"2026-11-{day:02}", "amount_eur": int(day == 9)} for day in range(1, 31)]
    mocked.get(at("daily-spend"), payload={"points": filled, "total_eur": 1})
    async with fold_at(NINTH) as fold:
        answer = await fold.daily(Period.parse("2026-11-08..2026-12-01"))
    assert [(day.date.day, str(day.cost)) for day in answer] == [(8, "0 EUR"), (9, "1 EUR")]
    assert answer.complete
    assert answer.coverage[0].known_until == NINTH


async def test_a_record_that_is_stamped_at_the_end_of_its_hour_hides_no_money(
    mocked: Mocked,
) -> None:
    """Whether a record's time is its hour's start or end is not documented (section 3.1).

    342.79 of fees and 20.24 of days are the total, and the record is part of one day's amount.
    """
    hour = {"id": "a", "org_id": ORG, "recorded_at": "2026-11-09T13:00:00Z", "quantity": 1}
    fee = {"kind": "node_pool", "name": "a", "amount_eur": 342.79}
    month = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "total_eur": 363.03}
    days = [*((f"2026-11-0{day}", 0) for day in range(1, 9)), ("2026-11-09", 20.24)]
    points = [{"date": day, "amount_eur": cost} for day, cost in days]
    mocked.get(at("usage"), payload={**month, "items": [hour], "subscriptions": [fee]})
    mocked.get(at("daily-spend"), payload={"points": points, "total_eur": 20.24})
    async with fold_at(NINTH) as fold:  # 12:00, in the middle of the hour, or at its start
        answer = await fold.usage()
    assert states(answer) == [(State.COMPLETE, "2026-11")]
    assert answer.totals() == {"EUR": Money.parse("363.03 EUR")}


async def test_a_day_of_a_time_ahead_counts_and_is_named_by_its_place(mocked: Mocked) -> None:
    """The month's fee, which is for days ahead as well, has begun; a record has no money."""
    fee = {"kind": "node_pool", "name": "a", "amount_eur": 5}
    times = [f"2026-11-{day}T07:00:00Z" for day in ("09", "10")]
    hours = [{"id": at, "org_id": ORG, "recorded_at": at, "quantity": 1} for at in times]
    month = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "total_eur": 8.5}
    days = [("2026-11-09", 1.5), ("2026-11-10", 2)]
    points = [{"date": day, "amount_eur": cost} for day, cost in days]
    mocked.get(at("usage"), payload={**month, "items": hours, "subscriptions": [fee]})
    mocked.get(at("daily-spend"), payload={"points": points, "total_eur": 3.5})
    async with fold_at(NINTH) as fold:
        answer = await fold.usage()
    assert states(answer) == [(State.PARTIAL, "2026-11")]
    assert answer.totals(partial=True) == {"EUR": Money.parse("8.50 EUR")}
    said = "1 line not begun yet, counted all the same: `daily-spend#/points/1`"
    assert answer.coverage[0].detail == said


async def test_days_wholly_ahead_are_unavailable_and_not_asked_for(mocked: Mocked) -> None:
    async with fold_at(NINTH) as fold:
        answer = await fold.daily(Period.parse("2026-11-20..2026-11-22"))
    assert states(answer) == [(State.UNAVAILABLE, None)]
    assert mocked.sent() == []


@pytest.mark.parametrize(
    ("now", "state"),
    [
        # What is over and still answered may have grown since, or be a copy of some day within it.
        ("2026-12-04T12:00+00:00", State.PARTIAL),
        ("2027-11-09T12:00+00:00", State.PARTIAL),
        ("2026-10-09T12:00+00:00", State.DIFFERENT_WINDOW),
    ],
)
async def test_a_month_that_is_not_the_current_one_is_never_complete(
    mocked: Mocked, now: str, state: State
) -> None:
    moment = datetime.fromisoformat(now)
    answer_month(mocked)
    mocked.get(at("usage"), body=aether("get_usage_busy_month"))
    async with fold_at(moment) as fold:
        used, fees = await fold.usage(), await fold.subscriptions()
        mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"))
        days = await fold.daily()
    why = f"the reply is about 2026-11, and it is {now[:10]}"
    assert states(used) == [(state, "2026-11")]
    assert [(row.state, row.detail) for row in (*used.coverage, *fees.coverage)] == [
        (state, why)
    ] * 2
    assert not days.complete
    assert why in (days.coverage[0].detail or "")


async def test_records_of_another_month_are_left_out_and_counted(
    mocked: Mocked, fold_of: Fold
) -> None:
    body = aether("get_usage_busy_month").replace(b"2026-11-05T09:00:00Z", b"2026-10-31T23:59:59Z")
    mocked.get(at("usage"), body=body)
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"))
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    assert answer.complete
    assert answer.coverage[0].detail == "1 record of another month left out"
    assert answer.totals() == {"EUR": TOTAL}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"name": "general-fixed"', '"name": null'),
        ('"name": "general-fixed"', '"name": {"en": "general"}'),
        ('"quantity": 37.625', '"quantity": "1_0"'),
        ('"quantity": 37.625', '"quantity": []'),
        ('"unit": "gib"', '"unit": 7'),
        ('"unit": "gib"', '"unit": null'),
        ('"resource_type": "egress"', '"resource_type": []'),
        ('"period_end": "2026-12-01T00:00:00Z"', '"period_end": 5'),
    ],
)
async def test_an_odd_word_loses_no_bill(mocked: Mocked, fold_of: Fold, old: str, new: str) -> None:
    body = aether("get_usage_busy_month")
    assert body.count(old.encode()) == 1
    mocked.get(at("usage"), body=body.replace(old.encode(), new.encode()))
    mocked.get(at("daily-spend"), body=aether("get_daily_spend_ninth_of_month"))
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    assert answer.complete
    assert answer.totals() == {"EUR": TOTAL}


async def test_a_month_without_records_has_all_of_its_money(mocked: Mocked, fold_of: Fold) -> None:
    body = b"""{"org_id": "%s", "period_start": "2026-11-01T00:00:00Z", "total_eur": 12.50,
    "items": null, "subscriptions": [{"kind": "node_pool", "name": 7, "amount_eur": 10}]}"""
    mocked.get(at("usage"), body=body % ORG.encode())
    spend = {"points": [{"date": "2026-11-01", "amount_eur": 2.5}], "total_eur": 2.5}
    mocked.get(at("daily-spend"), payload=spend)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    assert answer.complete
    assert [(charge.description, str(charge.cost)) for charge in answer.items[0].charges] == [
        ("7", "10 EUR"),
        ("Autoscaling of one UTC day", "2.5 EUR"),
    ]


async def test_odd_words_lose_no_card(mocked: Mocked, fold_of: Fold) -> None:
    card = {"id": "c", "org_id": ORG, "is_default": 1, "created_at": "yesterday", "card_last4": 93}
    card |= {"card_exp_month": "4", "card_exp_year": 2031.0, "card_brand": []}
    mocked.get(at("payment-methods"), payload={"items": [card]})
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.payment_methods()
    assert answer.complete
    assert [
        (each.default, each.created_at, each.last4, each.exp_month, each.exp_year, each.brand)
        for each in answer
    ] == [(True, None, "0093", 4, 2031, None)]
    assert "$.items[0].card_brand" in (answer.coverage[0].detail or "")


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59.9999999-08:00"]
)
async def test_a_time_that_utc_does_not_have_silences_no_other_account(
    mocked: Mocked, moment: str
) -> None:
    card = {"id": "c", "org_id": ORG, "is_default": True, "created_at": moment}
    mocked.get(at("payment-methods"), payload={"items": [card]})
    other = "E8A6307C-B25F-4D19-A3E4-50F9C8D1726B"
    theirs = {**card, "org_id": other, "created_at": "2026-01-20T08:52:40Z"}
    mocked.get(at("payment-methods", other), payload={"items": [theirs]})
    fold = Billfold([account("a", ORG), account("b", other)], clock=lambda: NINTH)
    async with fold:
        answer = await fold.payment_methods()
    assert [(each.account, each.created_at and each.created_at.year) for each in answer] == [
        ("a", None),
        ("b", 2026),
    ]
    assert Answer.from_json(answer.to_json()) == answer


@pytest.mark.parametrize("points", [[], None])
async def test_no_points_and_no_money_are_an_idle_month(mocked: Mocked, points: Any) -> None:
    """Every day has a point (section 3.2), so that daily costs lack them; no money is missing."""
    month = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "total_eur": 0}
    mocked.get(at("usage"), payload={**month, "items": None, "subscriptions": None})
    mocked.get(at("daily-spend"), payload={"points": points, "total_eur": 0}, repeat=True)
    async with fold_at(datetime(2026, 11, 2, 12, tzinfo=UTC)) as fold:
        checked, used, days = await fold.check(), await fold.usage(), await fold.daily()
    assert checked.complete
    assert states(used) == [(State.COMPLETE, "2026-11")]
    assert used.totals() == {"EUR": Money.parse("0 EUR")}
    assert states(days) == [(State.PARTIAL, "2026-11")]
    assert days.coverage[0].detail == ONLY + "; no point for 2026-11-01, 2026-11-02"


@pytest.mark.parametrize(
    ("ours", "theirs", "state"),
    [
        (datetime(2026, 11, 30, 23, 59, 40, tzinfo=UTC), "2026-12", State.COMPLETE),
        (datetime(2026, 12, 1, 0, 0, 30, tzinfo=UTC), "2026-11", State.PARTIAL),
    ],
)
async def test_an_idle_month_without_points_is_the_bills_whatever_our_clock_says(
    mocked: Mocked, ours: datetime, theirs: str, state: State
) -> None:
    fees = [{"kind": "control_plane", "name": "prod", "amount_eur": 342.79}]
    month = {"org_id": ORG, "period_start": f"{theirs}-01T00:00:00Z", "items": []}
    mocked.get(at("usage"), payload={**month, "total_eur": 342.79, "subscriptions": fees})
    mocked.get(at("daily-spend"), payload={"points": [], "total_eur": 0})
    async with fold_at(ours) as fold:
        answer = await fold.usage()
    assert states(answer) == [(state, theirs)]
    assert answer.failures == ()
    assert answer.totals(partial=True) == {"EUR": Money.parse("342.79 EUR")}
    assert len(mocked.sent()) == 2


async def test_no_points_of_the_next_month_are_read_again_beside_a_bill_with_days(
    mocked: Mocked,
) -> None:
    """The bill of 20.24 was made before the month rolled over, and the days after it."""
    fee = {"kind": "control_plane", "name": "prod", "amount_eur": 10}
    body = {"org_id": ORG, "items": [], "subscriptions": [fee]}
    november = {**body, "period_start": "2026-11-01T00:00:00Z", "total_eur": 20.24}
    december = {**body, "period_start": "2026-12-01T00:00:00Z", "total_eur": 10}
    mocked.get(at("usage"), payload=november)
    mocked.get(at("usage"), payload=december)
    mocked.get(at("daily-spend"), payload={"points": [], "total_eur": 0}, repeat=True)
    async with fold_at(datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC)) as fold:
        answer = await fold.usage()
    assert states(answer) == [(State.COMPLETE, "2026-12")]
    assert answer.totals() == {"EUR": Money.parse("10 EUR")}
    assert len(mocked.sent()) == 4


@pytest.mark.parametrize("details", ['[{"field": 7}]', '"plain"', "null", "[null]"])
async def test_odd_details_of_an_error_lose_neither_code_nor_message(
    mocked: Mocked, fold_of: Fold, details: str
) -> None:
    body = f'{{"error": {{"code": "validation_error", "message": "No.", "details": {details}}}}}'
    mocked.get(at("usage"), status=422, body=body.encode(), repeat=True)
    mocked.get(at("daily-spend"), status=422, body=body.encode(), repeat=True)
    async with fold_of("aether", org=ORG) as fold:
        answer = await fold.usage()
    (error,) = answer.failures
    assert (error.code, error.status, error.part) == ("validation_error", 422, ORG)
    assert "No." in error.message


PAID = {"org_id": ORG, "period_start": "2026-11-01T00:00:00Z", "items": []}
FEE = {"kind": "node_pool", "amount_eur": 10}
DAY = {"date": "2026-11-01", "amount_eur": 2}


@pytest.mark.parametrize(
    ("stream", "bill", "fee", "day", "place"),
    [
        ("usage", {"currency": "USD"}, {}, {}, "`$.currency` in"),
        ("usage", {"currency": {"iso": "usd"}}, {}, {}, "`$.currency` in"),
        ("usage", {"meta": {"version": 2, "currency": "USD"}}, {}, {}, "`$.meta.currency` in"),
        ("usage", {}, {"currency_code": " usd"}, {}, "`$.subscriptions[0].currency_code` in"),
        ("usage", {}, {}, {"currency": {"code": "USD"}}, "`$.points[0].currency` in"),
        ("daily", {}, {}, {"currency": "USD"}, "`$.points[0].currency` in"),
        ("subscriptions", {}, {"currency": "Usd"}, {}, "`$.subscriptions[0].currency` in"),
    ],
)
async def test_a_reply_that_names_another_currency_than_euros_makes_its_account_partial(
    mocked: Mocked, stream: str, bill: Any, fee: Any, day: Any, place: str
) -> None:
    paid = PAID | {"total_eur": 12, "subscriptions": [FEE | fee]} | bill
    mocked.get(at("usage"), payload=paid)
    mocked.get(at("daily-spend"), payload={"points": [DAY | day], "total_eur": 2})
    async with fold_at(datetime(2026, 11, 1, 12, tzinfo=UTC)) as fold:
        (row,) = (await getattr(fold, stream)()).coverage
    assert row.state is State.PARTIAL
    assert place in (row.detail or "")
    assert (row.detail or "").endswith(" says USD, and the money was read as EUR")


@pytest.mark.parametrize(
    "code",
    [
        *("eur", "EUR", " Eur", {"code": "Eur"}, {"name": "Euro", "iso": "EUR"}),
        *(None, "", "\u20ac", "Euro", "US dollars", 978, 9.78, True, [], {}, {"code": None}),
    ],
)
async def test_euros_in_any_spelling_and_what_is_no_code_change_nothing(
    mocked: Mocked, code: object
) -> None:
    paid = PAID | {"total_eur": 12, "subscriptions": [FEE | {"currency": code}], "currency": code}
    mocked.get(at("usage"), payload=paid)
    mocked.get(at("daily-spend"), payload={"points": [DAY | {"currency": code}], "total_eur": 2})
    async with fold_at(datetime(2026, 11, 1, 12, tzinfo=UTC)) as fold:
        answer = await fold.usage()
    assert [(row.state, row.detail) for row in answer.coverage] == [(State.COMPLETE, None)]
    assert str(answer.totals()["EUR"]) == "12 EUR"


@pytest.mark.parametrize(
    ("fee", "spend", "place"),
    [
        ({"org_id": OTHER}, {}, "$.subscriptions[0].org_id"),
        ({}, {"org_id": OTHER}, "$.org_id"),
    ],
)
async def test_fees_and_days_that_name_another_organization_are_not_counted(
    mocked: Mocked, fee: Any, spend: Any, place: str
) -> None:
    paid = PAID | {"total_eur": 12, "subscriptions": [FEE | fee]}
    mocked.get(at("usage"), payload=paid)
    mocked.get(at("daily-spend"), payload={"points": [DAY], "total_eur": 2} | spend)
    async with fold_at(datetime(2026, 11, 1, 12, tzinfo=UTC)) as fold:
        answer = await fold.usage()
    assert not answer.complete
    assert [failure.part for failure in answer.failures] == [ORG]
    assert f"another organization than requested - at `{place}`" in answer.failures[0].message


async def test_one_record_that_cannot_be_read_takes_no_other_with_it(mocked: Mocked) -> None:
    hour = {"id": "i", "org_id": ORG, "recorded_at": "2026-11-01T08:00:00Z", "quantity": 1}
    paid = PAID | {"total_eur": 2, "subscriptions": [], "items": [{"quantity": 1}, hour]}
    mocked.get(at("usage"), payload=paid)
    mocked.get(at("daily-spend"), payload={"points": [DAY], "total_eur": 2})
    async with fold_at(datetime(2026, 11, 1, 12, tzinfo=UTC)) as fold:
        answer = await fold.usage()
    (row,) = answer.coverage
    assert (row.state, (row.detail or "")[-14:]) == (State.COMPLETE, ": `$.items[0]`")
    (used,) = answer
    assert [charge.id.rpartition("/")[2] for charge in used.charges] == [
        "autoscaling@2026-11-01",
        "i",
    ]
    assert str(answer.totals()["EUR"]) == "2 EUR"


async def test_of_another_month_the_list_says_of_which_organizations_it_is_not_to_be_had(
    mocked: Mocked,
) -> None:
    listed = [{"id": name, "created_at": "2026-05-17T11:00:03Z"} for name in (ORG, OTHER)]
    mocked.get(f"{BASE}?limit=100", body=json.dumps({"items": listed}))
    async with Billfold([account("acct", None)], clock=lambda: NINTH) as fold:
        answer = await fold.usage(Period.month(2026, 10))
    (row,) = answer.coverage
    said = f"{ORG}, {OTHER}: Aether answers only for its current UTC month, not for 2026-10"
    assert (row.state, row.detail) == (State.UNAVAILABLE, said)
    assert mocked.sent() == [("GET", f"{BASE}?limit=100")]
