"""What Harmont's replies mean; the money is written by hand from the replies in this folder."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest

from billfold import BalanceKind, Category, DriftError, Money, Period
from billfold.money import sum_by_currency
from billfold.wire import decode
from billfold_harmont import parse, wire
from support.replies import reply

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEPTEMBER = Period.parse("2026-09-14..2026-09-17")


def usd(text: str) -> Money:
    return Money(Decimal(text), "USD")


@pytest.fixture
def three_days() -> parse.Usage:
    breakdown = decode(reply("harmont", "get_billing_usage_breakdown_three_days"), wire.Breakdown)
    summary = decode(reply("harmont", "get_billing_usage_three_days"), wire.Summary)
    return parse.usage("ci", "tidewater-labs", SEPTEMBER, SEPTEMBER, breakdown, summary)


@pytest.mark.parametrize(
    ("name", "amount"), [("negative", "-11.87"), ("positive", "482.13"), ("zero", "0.00")]
)
def test_a_balance_is_prepaid_dollars_and_may_be_negative(name: str, amount: str) -> None:
    balance = parse.balance(
        "ci", "acme", decode(reply("harmont", f"get_billing_balance_{name}"), wire.Balance), NOW
    )
    assert (balance.amount, balance.kind, balance.scope) == (
        usd(amount),
        BalanceKind.PREPAID,
        "organization:acme",
    )


def test_a_balance_far_above_32_bits_is_exact() -> None:
    balance = parse.balance(
        "ci", "acme", decode(b'{"balance_cents": 922337203685477580712345}', wire.Balance), NOW
    )
    assert balance.amount == usd("9223372036854775807123.45")


def test_leases_become_positive_charges_that_add_up(three_days: parse.Usage) -> None:
    assert three_days.totals() == {"USD": usd("3.99")}
    costs = [str(charge.cost) for charge in three_days.charges]
    assert costs == [
        "0.78 USD",
        "0.38 USD",
        "0.00 USD",
        "0.27 USD",
        "1.15 USD",
        "1.39 USD",
        "0.02 USD",
    ]
    assert all(charge.category is Category.USAGE for charge in three_days.charges)
    assert all(check.holds for check in three_days.checks)


def test_a_lease_says_what_it_was(three_days: parse.Usage) -> None:
    charge = three_days.charges[0]
    assert charge.id == "tidewater-labs/vm-4kq7z1@2026-09-16T10:13:36.551020Z"
    assert charge.sub_account_name == "Storefront release"
    assert charge.tags["step"] == "test-integration"
    assert (charge.tags["vcpu"], charge.tags["memory_gb"], charge.tags["disk_gb"]) == (
        "2",
        "4",
        "20",
    )
    assert (str(charge.quantity), charge.unit) == ("1873", "second")
    assert charge.period == Period(
        datetime(2026, 9, 16, 10, 13, 36, 551020, UTC),
        datetime(2026, 9, 16, 10, 44, 49, 970993, UTC),
    )


def test_deleted_builds_keep_stable_ids(three_days: parse.Usage) -> None:
    deleted = [charge for charge in three_days.charges if "build" not in charge.tags]
    assert [charge.id for charge in deleted] == [
        "tidewater-labs/vm-3np8qa@2026-09-14T06:02:18.445900Z",
        "tidewater-labs/vm-6ty0fe@2026-09-14T19:33:07Z",
    ]
    assert all(charge.sub_account_id is None for charge in deleted)


def test_a_reply_with_only_the_required_keys_is_read() -> None:
    breakdown = decode(reply("harmont", "get_billing_usage_breakdown_sparse"), wire.Breakdown)
    usage = parse.usage(
        "ci", "acme", None, SEPTEMBER, breakdown, wire.Summary(breakdown.data[0].total_cents * -1)
    )
    (charge,) = usage.charges
    assert charge.cost == usd("0.07")
    assert charge.id == "acme/lease:0.07@2026-09-20T04:15:30Z"
    assert charge.quantity is None


def test_leases_that_nothing_tells_apart_are_numbered() -> None:
    body = reply("harmont", "get_billing_usage_breakdown_sparse")
    (build,) = decode(body, wire.Breakdown).data
    twice = wire.Build(build.total_cents * 2, build.started_at, build.jobs * 2)
    usage = parse.usage(
        "ci",
        "acme",
        None,
        SEPTEMBER,
        wire.Breakdown((twice,)),
        wire.Summary(build.total_cents * -2),
    )
    assert [charge.id for charge in usage.charges] == [
        "acme/lease:0.07@2026-09-20T04:15:30Z",
        "acme/lease:0.07@2026-09-20T04:15:30Z#2",
    ]
    assert sum_by_currency(charge.cost for charge in usage.charges if charge.cost is not None) == {
        "USD": usd("0.14")
    }


def test_recomputed_rates_fail_a_check_and_change_no_charge(three_days: parse.Usage) -> None:
    breakdown = decode(reply("harmont", "get_billing_usage_breakdown_three_days"), wire.Breakdown)
    summary = decode(b'{"total_cents": 420, "cpu_seconds": 0}', wire.Summary)
    usage = parse.usage("ci", "tidewater-labs", SEPTEMBER, SEPTEMBER, breakdown, summary)
    (failed,) = [check for check in usage.checks if not check.holds]
    assert (failed.name, failed.gap) == ("usage summary = builds", usd("0.21"))
    assert usage.charges == three_days.charges


def test_a_build_that_is_not_its_leases_gets_a_derived_charge() -> None:
    body = reply("harmont", "get_billing_usage_breakdown_sparse").replace(
        b'"total_cents": -7', b'"total_cents": -10'
    )
    usage = parse.usage(
        "ci",
        "acme",
        None,
        SEPTEMBER,
        decode(body, wire.Breakdown),
        decode(b'{"total_cents": 10}', wire.Summary),
    )
    derived = usage.charges[-1]
    assert (derived.derived, derived.cost, derived.category) == (
        True,
        usd("0.03"),
        Category.ADJUSTMENT,
    )
    assert usage.totals() == {"USD": usd("0.10")}
    assert [check.holds for check in usage.checks] == [False, True]


def test_the_zero_day_after_a_midnight_end_is_dropped() -> None:
    series = decode(reply("harmont", "get_billing_usage_series_three_days"), wire.Series)
    days = parse.daily("ci", "tidewater-labs", series, SEPTEMBER)
    assert [(day.date, day.cost) for day in days] == [
        (date(2026, 9, 14), usd("1.41")),
        (date(2026, 9, 15), usd("1.42")),
        (date(2026, 9, 16), usd("1.16")),
    ]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (b"2026-09-14", "the day 2026-09-14 comes twice - at `$.data[1]`"),
        (b"2026-09-13", "the day 2026-09-13 is not in 2026-09-14..2026-09-17 - at `$.data[1]`"),
        (b"2026-09-18", "the day 2026-09-18 is not in 2026-09-14..2026-09-17 - at `$.data[1]`"),
    ],
)
def test_a_day_that_would_be_counted_too_much_is_drift(day: bytes, told: str) -> None:
    body = reply("harmont", "get_billing_usage_series_three_days").replace(b"2026-09-15", day)
    with pytest.raises(DriftError) as caught:
        parse.daily("ci", "tidewater-labs", decode(body, wire.Series), SEPTEMBER)
    assert str(caught.value).endswith(told)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (b'"total_cents": -7', b'"total_cents": 1e45', "$.data[0].total_cents"),
        (b'"amount_cents": -7', b'"amount_cents": -1e45', "$.data[0].jobs[0]"),
    ],
)
def test_an_amount_that_no_model_can_hold_is_drift_at_its_place(
    old: bytes, new: bytes, place: str
) -> None:
    body = reply("harmont", "get_billing_usage_breakdown_sparse").replace(old, new)
    with pytest.raises(DriftError, match=re.escape(f"at `{place}`")):
        parse.usage(
            "ci", "acme", None, SEPTEMBER, decode(body, wire.Breakdown), wire.Summary(Decimal(7))
        )


@pytest.mark.parametrize("total", [Decimal("NaN"), Decimal("1e45")])
def test_totals_that_no_model_can_hold_name_their_place(total: Decimal) -> None:
    with pytest.raises(DriftError, match=r"at `\$\.total_cents`"):
        parse.usage("ci", "acme", None, SEPTEMBER, wire.Breakdown(()), wire.Summary(total))
    with pytest.raises(DriftError, match=r"at `\$\.balance_cents`"):
        parse.balance("ci", "acme", wire.Balance(total), NOW)


def test_a_lease_beyond_the_calendar_is_drift_at_its_place() -> None:
    body = reply("harmont", "get_billing_usage_breakdown_sparse").replace(
        b'"duration_seconds": null', b'"duration_seconds": 1e12'
    )
    with pytest.raises(
        DriftError, match=r"the lease ends after the year 9999 - at `\$\.data\[0\]\.jobs\[0\]`"
    ):
        parse.usage(
            "ci", "acme", None, SEPTEMBER, decode(body, wire.Breakdown), wire.Summary(Decimal(7))
        )


def test_a_build_at_the_end_of_the_calendar_is_drift_at_its_place() -> None:
    (build,) = decode(reply("harmont", "get_billing_usage_breakdown_sparse"), wire.Breakdown).data
    last = msgspec.structs.replace(
        build, started_at=datetime.max.replace(tzinfo=UTC), total_cents=Decimal(-1)
    )  # differs from its lease's
    with pytest.raises(DriftError, match=r"at `\$\.data\[0\]\.started_at`"):
        parse.usage(
            "ci", "acme", None, SEPTEMBER, wire.Breakdown((last,)), wire.Summary(Decimal(1))
        )


def test_leases_of_two_builds_that_nothing_tells_apart_are_numbered() -> None:
    (build,) = decode(reply("harmont", "get_billing_usage_breakdown_sparse"), wire.Breakdown).data
    usage = parse.usage(
        "ci", "acme", None, SEPTEMBER, wire.Breakdown((build, build)), wire.Summary(Decimal(14))
    )
    assert [charge.id for charge in usage.charges] == [
        "acme/lease:0.07@2026-09-20T04:15:30Z",
        "acme/lease:0.07@2026-09-20T04:15:30Z#2",
    ]


def test_leases_without_a_machine_keep_their_ids_whatever_the_order_and_whatever_comes_later() -> (
    None
):
    one, other = decode(
        reply("harmont", "get_billing_usage_breakdown_nameless_twins"), wire.Breakdown
    ).data
    turned = msgspec.structs.replace(other, jobs=other.jobs[::-1])

    def named(*builds: wire.Build) -> dict[str, tuple[object, ...]]:
        usage = parse.usage(
            "ci", "acme", None, SEPTEMBER, wire.Breakdown(builds), wire.Summary(Decimal(24))
        )
        return {
            charge.id: (charge.tags["build"][:4], charge.description, str(charge.cost))
            for charge in usage.charges
        }

    both = {
        "acme/lease:0.05:120@2026-09-20T04:15:30Z": ("6e0a", "lint", "0.05 USD"),
        "acme/lease:0.07:170@2026-09-20T04:15:30Z": ("6e0a", "unit", "0.07 USD"),
        "acme/lease:0.07:170@2026-09-20T04:15:30Z#2": ("c95b", "unit", "0.07 USD"),
        "acme/lease:0.05:130@2026-09-20T04:15:30Z": ("c95b", "lint", "0.05 USD"),
    }
    assert named(one, other) == named(turned, one) == both
    assert named(one) == {ident: lease for ident, lease in both.items() if lease[0] == "6e0a"}


def test_numbered_leases_stay_in_the_order_of_the_reply() -> None:
    one, other = decode(
        reply("harmont", "get_billing_usage_breakdown_nameless_twins"), wire.Breakdown
    ).data
    usage = parse.usage(
        "ci", "acme", None, SEPTEMBER, wire.Breakdown((other, one)), wire.Summary(Decimal(24))
    )
    assert [charge.source for charge in usage.charges] == [
        f"#/data/{build}/jobs/{job}" for build in (0, 1) for job in (0, 1)
    ]


def test_the_ledger_keeps_signs_and_unknown_kinds() -> None:
    page = decode(reply("harmont", "list_billing_transactions_first_page"), wire.Transactions)
    entries = parse.ledger("ci", "tidewater-labs", page.data, None)
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
    entries = parse.ledger("ci", "tidewater-labs", page.data, Period(start, end))
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


def test_an_amount_of_the_wrong_type_names_its_path() -> None:
    with pytest.raises(DriftError, match=r"\$\.data\[0\]\.jobs\[0\]\.amount_cents"):
        decode(
            b'{"data": [{"total_cents": 0, "started_at": "2026-09-20T04:15:30Z", "job_count": 1, "jobs": '
            b'[{"cpu_count": 2, "memory_gb": 4, "disk_gb": 20, "amount_cents": [], "started_at": "2026-09-20T04:15:30Z"}]}]}',
            wire.Breakdown,
        )


@pytest.mark.parametrize("duration", ['"NaN"', '"-Infinity"', "1e30", "1e400"])
def test_a_duration_that_is_no_time_names_its_path(duration: str) -> None:
    body = reply("harmont", "get_billing_usage_breakdown_sparse")
    body = body.replace(b'"duration_seconds": null', b'"duration_seconds": ' + duration.encode())
    breakdown = decode(body, wire.Breakdown)
    assert breakdown.data[0].jobs[0].duration_seconds is not None
    with pytest.raises(DriftError, match=r"at `\$\.data\[0\]\.jobs\[0\]`"):
        parse.usage(
            "ci",
            "acme",
            None,
            SEPTEMBER,
            breakdown,
            wire.Summary(breakdown.data[0].total_cents * -1),
        )


def test_an_amount_that_no_money_can_hold_names_its_path() -> None:
    page = decode(
        b'{"next_cursor": null, "data": '
        b'[{"id": "a", "amount_cents": 1e400, "source": "x", "created_at": "2026-09-20T04:15:30Z"}]}',
        wire.Transactions,
    )
    with pytest.raises(DriftError, match=r"at `\$\.data\[0\]`"):
        parse.ledger("ci", "acme", page.data, None)


def test_a_difference_says_which_total_it_was_computed_from() -> None:
    body = reply("harmont", "get_billing_usage_breakdown_sparse").replace(
        b'"total_cents": -7', b'"total_cents": -10'
    )
    read = decode(body, wire.Breakdown), decode(b'{"total_cents": 10}', wire.Summary)
    usage = parse.usage("ci", "acme", None, SEPTEMBER, *read, "GET /breakdown")
    assert [charge.source for charge in usage.charges] == [
        "GET /breakdown#/data/0/jobs/0",
        "GET /breakdown#/data/0/total_cents",
    ]


def test_only_what_pays_for_leases_is_marked_so() -> None:
    page = decode(reply("harmont", "list_billing_transactions_first_page"), wire.Transactions)
    assert all(
        entry.for_usage == (entry.kind == "vm_lease_debit")
        for entry in parse.ledger("ci", "acme", page.data, None)
    )
