"""What Harmont's replies mean; the money is written by hand from the replies in this folder."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billfold import BalanceKind, DriftError, Money, Period
from billfold.wire import decode
from billfold_harmont import parse, wire
from support.replies import reply

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEPTEMBER = Period.parse("2026-09-14..2026-09-17")


def usd(text: str) -> Money:
    return Money(Decimal(text), "USD")


@pytest.mark.parametrize(
    ("name", "amount"), [("negative", "-11.87"), ("positive", "482.13"), ("zero", "0.00")]
)
def test_a_balance_is_prepaid_dollars_and_may_be_negative(name: str, amount: str) -> None:
    balance = parse.balance(
        "acme", decode(reply("harmont", f"get_billing_balance_{name}"), wire.Balance), NOW
    )
    assert (balance.amount, balance.kind, balance.scope, balance.billing_account_id) == (
        usd(amount),
        BalanceKind.PREPAID,
        "organization:acme",
        "acme",
    )


def test_a_balance_far_above_32_bits_is_exact() -> None:
    balance = parse.balance(
        "acme", decode(b'{"balance_cents": 922337203685477580712345}', wire.Balance), NOW
    )
    assert balance.amount == usd("9223372036854775807123.45")


@pytest.mark.parametrize("cents", [Decimal("NaN"), Decimal("1e45")])
def test_a_balance_that_no_model_can_hold_names_its_place(cents: Decimal) -> None:
    with pytest.raises(DriftError, match=r"at `\$\.balance_cents`"):
        parse.balance("acme", wire.Balance(cents), NOW)


def test_the_zero_day_after_a_midnight_end_is_dropped() -> None:
    series = decode(reply("harmont", "get_billing_usage_series_three_days"), wire.Series)
    days = parse.daily_costs("tidewater-labs", series, SEPTEMBER)
    assert [(day.date, day.cost) for day in days] == [
        (date(2026, 9, 14), usd("1.41")),
        (date(2026, 9, 15), usd("1.42")),
        (date(2026, 9, 16), usd("1.16")),
    ]


def series(*days: tuple[str, int]) -> wire.Series:
    rows = ", ".join(f'{{"date": "{day}", "total_cents": {cents}}}' for day, cents in days)
    return decode(f'{{"data": [{rows}]}}'.encode(), wire.Series)


def test_a_day_that_comes_twice_alike_counts_once_and_is_named() -> None:
    twice = series(("2026-09-14", 141), ("2026-09-13", 9), ("2026-09-13", 9), ("2026-09-14", 141))
    days = parse.daily_costs("acme", twice, SEPTEMBER)
    assert [(day.date, str(day.cost)) for day in days] == [(date(2026, 9, 14), "1.41 USD")]
    assert parse.repeated_days(twice, SEPTEMBER) == (date(2026, 9, 14),)
    assert parse.repeated_days(series(("2026-09-14", 141)), SEPTEMBER) == ()


def test_a_day_that_comes_twice_with_two_costs_is_drift() -> None:
    twice = series(("2026-09-14", 141), ("2026-09-14", 1))
    with pytest.raises(DriftError, match=r"the day 2026-09-14 comes twice - at `\$\.data\[1\]`"):
        parse.daily_costs("acme", twice, SEPTEMBER)


def test_days_outside_the_window_are_left_out_with_their_costs() -> None:
    wider = series(("2026-09-13", 900), ("2026-09-14", 141), ("2026-09-16", 116), ("2026-09-17", 7))
    days = parse.daily_costs("acme", wider, SEPTEMBER)
    assert [(day.date.day, day.cost) for day in days] == [(14, usd("1.41")), (16, usd("1.16"))]
    assert parse.costs_outside(wider, SEPTEMBER) == (usd("9.00"), usd("0.07"))
    assert parse.missing_days(days, SEPTEMBER, NOW) == (date(2026, 9, 15),)


def test_days_that_have_not_begun_are_not_missing() -> None:
    first = datetime(2026, 9, 15, 0, 4, 59, tzinfo=UTC)  # clocks differ by minutes
    days = parse.daily_costs("acme", series(("2026-09-14", 0)), SEPTEMBER)
    assert parse.missing_days(days, SEPTEMBER, first) == ()
    assert parse.missing_days((), SEPTEMBER, first) == (date(2026, 9, 14),)
    assert parse.missing_days(days, SEPTEMBER, first.replace(minute=5)) == (date(2026, 9, 15),)


def test_many_days_are_listed_as_a_few() -> None:
    days = [date(2026, 9, number) for number in range(1, 10)]
    assert parse.listed(days[:2]) == "2026-09-01, 2026-09-02"
    assert parse.listed(days).endswith("2026-09-06 and 3 more")


def test_the_ledger_keeps_signs_and_unknown_kinds() -> None:
    page = decode(reply("harmont", "list_billing_transactions_first_page"), wire.Transactions)
    entries = parse.ledger_entries("tidewater-labs", page.data, None)
    assert [(entry.kind, str(entry.amount)) for entry in entries] == [
        ("vm_lease_debit", "-0.78 USD"),
        ("vm_lease_debit", "-0.38 USD"),
        ("vm_lease_debit", "0.00 USD"),
        ("stripe_topup", "173.50 USD"),
        ("coupon_redemption", "27.50 USD"),
        ("refund", "19.90 USD"),
        ("chargeback", "-4.25 USD"),
    ]
    assert "AUTUMN" not in repr(entries)


def test_the_window_of_a_ledger_is_half_open() -> None:
    page = decode(reply("harmont", "list_billing_transactions_first_page"), wire.Transactions)
    start, end = (
        datetime(2026, 9, 12, 17, 55, 46, 250000, UTC),
        datetime(2026, 9, 16, 10, 28, 42, 300127, UTC),
    )
    entries = parse.ledger_entries("tidewater-labs", page.data, Period(start, end))
    assert [entry.kind for entry in entries] == [
        "vm_lease_debit",
        "stripe_topup",
        "coupon_redemption",
    ]


@pytest.mark.parametrize(
    ("name", "code", "request_id"),
    [
        ("error_unauthorized_bad_token", "unauthorized", "F9qLw2-0aXkZr7AAAB1C"),
        ("error_bad_window_date_only", "billing_usage_window_invalid", None),
        ("error_server_error_framework", None, None),
    ],
)
def test_error_bodies_in_every_shape(name: str, code: str | None, request_id: str | None) -> None:
    problem = parse.problem(reply("harmont", name))
    assert (problem.code, problem.request_id) == (code, request_id)
    assert problem.message


def test_an_error_body_that_is_no_json_says_nothing() -> None:
    assert parse.problem(b"<html>Bad gateway</html>").message is None


def test_an_amount_that_no_money_can_hold_names_its_path() -> None:
    page = decode(
        b'{"next_cursor": null, "data": [{"id": "a", "amount_cents": 1e400, "source": "x",'
        b' "created_at": "2026-09-20T04:15:30Z"}]}',
        wire.Transactions,
    )
    with pytest.raises(DriftError, match=r"at `\$\.data\[0\]`"):
        parse.ledger_entries("acme", page.data, None)


def test_only_what_pays_for_leases_is_marked_so() -> None:
    page = decode(reply("harmont", "list_billing_transactions_first_page"), wire.Transactions)
    assert all(
        entry.for_usage == (entry.kind == "vm_lease_debit")
        for entry in parse.ledger_entries("acme", page.data, None)
    )
