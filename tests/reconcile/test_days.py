"""Daily costs compared with usage; sides and causes are written by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from billfold import Category, Charge, Check, DailyCost, DayPart, Period, State, Stream, Usage
from billfold.model import Cause
from billfold.reconcile._days import day_identities
from billfold.reconcile._rate_change import DayCosts, is_rate_change
from billfold.reconcile._usage import check_identities
from support.costs import OCTOBER, charge, money
from support.reconciliation import (
    HOUR,
    NOON,
    account_views,
    coverage,
    daily,
    lease,
    not_compared,
    only,
    used,
)

DAY = timedelta(days=1)


def leases(*costs: str) -> list[Charge]:
    """Return a lease on each day from 2026-10-09 on."""
    return [
        lease(cost, NOON + (number - 1) * DAY, f"lease-{number}")
        for number, cost in enumerate(costs)
    ]


def test_days_are_compared_with_charges_and_uneven_days_named() -> None:
    usage = used(lease("1.00 USD", NOON), lease("2.00 USD", NOON + 24 * HOUR))
    days = daily("0.00 USD", "1.00 USD", "2.50 USD")
    identity = only(day_identities(account_views(usages=(usage,), days=days)))
    assert (identity.name, identity.cause) == ("daily costs vs. usage", Cause.UNKNOWN)
    assert (str(identity.stated), str(identity.computed)) == ("3.50 USD", "3.00 USD")
    assert identity.evidence == ("2026-10-11: 2.50 USD by day, 2.00 USD in charges",)


def test_days_that_differ_do_not_agree_by_adding_up() -> None:
    views = account_views(
        usages=(used(*leases("1.00 USD", "2.00 USD")),), days=daily("1.01 USD", "1.99 USD")
    )
    identity = only(day_identities(views))
    assert (str(identity.gap), identity.cause, identity.holds) == ("0.00 USD", Cause.UNKNOWN, False)
    assert identity.evidence == (
        "2026-10-09: 1.01 USD by day, 1.00 USD in charges",
        "2026-10-10: 1.99 USD by day, 2.00 USD in charges",
    )


@pytest.mark.parametrize(
    ("days", "cause", "holds"),
    [
        (("1.004 USD", "1.996 USD"), Cause.ROUNDING, True),
        (("1.004 USD", "2.000 USD"), Cause.ROUNDING, True),
        (("1.004 USD", "2.004 USD"), Cause.UNKNOWN, False),
        (("1.005 USD", "2.000 USD"), Cause.ROUNDING, True),
        (("1.006 USD", "2.000 USD"), Cause.UNKNOWN, False),
    ],
)
def test_noise_of_every_day_that_adds_up_to_more_is_no_noise(
    days: tuple[str, str], cause: Cause, holds: bool
) -> None:
    views = account_views(usages=(used(*leases("1.00 USD", "2.00 USD")),), days=daily(*days))
    identity = only(day_identities(views))
    assert (identity.cause, identity.holds) == (cause, holds)


def test_a_day_that_is_not_there_is_zero_where_days_were_answered_in_full() -> None:
    usage = used(*leases("1.00 USD", "2.00 USD"))
    identity = only(day_identities(account_views(usages=(usage,), days=daily("1.00 USD"))))
    assert (str(identity.gap), identity.cause) == ("-2.00 USD", Cause.UNKNOWN)
    none = only(day_identities(account_views(usages=(usage,))))
    assert (str(none.stated), str(none.gap)) == ("0 USD", "-3.00 USD")
    assert none.cause is Cause.UNKNOWN
    idle = only(day_identities(account_views(usages=(used(),), days=daily("3.00 USD"))))
    assert str(idle.gap) == "3.00 USD"


@pytest.mark.parametrize(
    ("stream", "state", "reason"),
    [
        (Stream.DAILY, State.PARTIAL, "daily partial"),
        (Stream.DAILY, State.FAILED, "daily failed"),
        (Stream.USAGE, State.TIMED_OUT, "usage timed out"),
        (Stream.DAILY, State.UNAVAILABLE, "daily unavailable"),
    ],
)
def test_days_or_usage_that_were_not_read_in_full_are_not_compared(
    stream: Stream, state: State, reason: str
) -> None:
    other = Stream.USAGE if stream is Stream.DAILY else Stream.DAILY
    rows = (*coverage(state, stream), *coverage(State.COMPLETE, other))
    views = account_views(
        usages=(used(*leases("1.00 USD")),), days=daily("1.00 USD"), coverage=rows
    )
    assert not_compared(day_identities(views)) == [("1.00 USD", reason)]


def test_without_days_or_without_usage_in_the_api_there_is_nothing_to_compare() -> None:
    usage = used(*leases("1.00 USD"))
    rows = (*coverage(State.UNSUPPORTED, Stream.DAILY), *coverage(State.COMPLETE, Stream.USAGE))
    assert list(day_identities(account_views(usages=(usage,), coverage=rows))) == []
    assert list(day_identities(account_views(usages=(usage,), coverage=()))) == []


NAME = "daily costs vs. usage, autoscaling alone"


def autoscaling(*costs: str) -> tuple[DailyCost, ...]:
    return tuple(evolve(day, part=DayPart.AUTOSCALING) for day in daily(*costs))


def with_fees(*charges: Charge, **fields: Any) -> Usage:
    """Return charges beside a fee of the month, and what a stated total has more than both."""
    fee = charge("100.00 EUR", id="fee", category=Category.PURCHASE)
    rest = charge("7.00 EUR", id="rest", category=Category.ADJUSTMENT, derived=True)
    return used(fee, rest, *charges, **fields)


def test_days_of_which_a_part_is_given_are_compared_with_that_part() -> None:
    usage = with_fees(lease("0.30 EUR", NOON - DAY), lease("0.10 EUR", NOON - DAY + HOUR, "b"))
    identity = only(day_identities(account_views(usages=(usage,), days=autoscaling("0.40 EUR"))))
    assert (identity.name, str(identity.stated), str(identity.computed)) == (
        NAME,
        "0.40 EUR",
        "0.40 EUR",
    )
    assert identity.holds


def test_where_there_is_no_day_a_fee_is_missing_from_none() -> None:
    fee = charge("342.79 EUR", id="fee", category=Category.PURCHASE)
    assert list(day_identities(account_views(usages=(used(fee),)))) == []
    usage = used(fee, lease("0.30 EUR", NOON))
    identity = only(day_identities(account_views(usages=(usage,))))
    assert (str(identity.gap), identity.cause) == ("-0.30 EUR", Cause.UNKNOWN)
    assert identity.evidence == ("2026-10-10: 0 EUR by day, 0.30 EUR in charges",)


def test_a_part_of_a_day_that_differs_is_named_by_its_day() -> None:
    costs = ("3.68 EUR", "1.84 EUR", "5.52 EUR")
    usage = with_fees(*leases(*costs))
    views = account_views(usages=(usage,), days=autoscaling("3.68 EUR", "1.84 EUR", "0 EUR"))
    identity = only(day_identities(views))
    assert (str(identity.gap), identity.cause) == ("-5.52 EUR", Cause.UNKNOWN)
    assert identity.evidence == ("2026-10-11: 0 EUR by day, 5.52 EUR in charges",)


def test_a_part_of_today_that_grew_between_two_readings_is_timing() -> None:
    rows = coverage(known_until=NOON + DAY)  # the 11th
    usage = with_fees(*leases("3.68 EUR", "1.84 EUR", "4.14 EUR"))
    days = autoscaling("3.68 EUR", "1.84 EUR", "4.60 EUR")
    identity = only(day_identities(account_views(usages=(usage,), days=days, coverage=rows)))
    assert (str(identity.gap), identity.cause) == ("0.46 EUR", Cause.TIMING)


def test_days_that_the_daily_costs_do_not_cover_are_not_compared() -> None:
    november = Period.month(2026, 11)
    rows = (*coverage(State.COMPLETE, Stream.DAILY, covers=november), *coverage())
    rows = tuple(row for row in rows if row.stream is not Stream.DAILY or row.covers)
    day = DailyCost(date(2026, 11, 1), money("0.50 EUR"), DayPart.AUTOSCALING)
    usage = with_fees(*leases("3.68 EUR", "1.84 EUR"))
    findings = day_identities(account_views(usages=(usage,), days=(day,), coverage=rows))
    assert not_compared(findings) == [
        ("5.52 EUR", "no daily costs were read for its day"),
        ("0.50 EUR", "no usage was read for it"),
    ]


def test_a_day_that_the_window_cuts_is_not_compared() -> None:
    # from noon of the 9th: its lease at 11:00 is not asked for, its day costs 1.79 in all
    window = Period(datetime(2026, 10, 9, 12, tzinfo=UTC), datetime(2026, 10, 11, tzinfo=UTC))
    usage = used(lease("0.38 USD", window.start + 3 * HOUR), lease("2.00 USD", NOON), covers=window)
    views = account_views(usages=(usage,), days=daily("1.79 USD", "2.00 USD"))
    identity, cut = day_identities(views)
    assert (str(identity.stated), identity.holds) == ("2.00 USD", True)  # type: ignore[union-attr]
    assert not_compared([cut]) == [("0.38 USD", "the window holds only a part of its day")]


def test_a_charge_that_began_before_the_window_is_not_compared() -> None:
    fee = charge("30.00 USD", id="fee", period=Period.parse("2026-09-25..2026-10-12"))
    views = account_views(usages=(used(fee, *leases("1.00 USD")),), days=daily("1.00 USD"))
    identity, outside = day_identities(views)
    assert (str(identity.stated), identity.holds) == ("1.00 USD", True)  # type: ignore[union-attr]
    assert not_compared([outside]) == [("30.00 USD", "it did not begin inside the window")]


def test_a_day_beyond_the_usage_is_not_compared() -> None:
    november = DailyCost(date(2026, 11, 3), money("9.00 USD"))
    views = account_views(usages=(used(*leases("1.00 USD")),), days=(*daily("1.00 USD"), november))
    identity, beyond = day_identities(views)
    assert (str(identity.stated), identity.holds) == ("1.00 USD", True)  # type: ignore[union-attr]
    assert not_compared([beyond]) == [("9.00 USD", "no usage was read for it")]


def test_a_charge_of_many_days_is_compared_with_all_of_them() -> None:
    fee = charge("30.00 USD", period=Period.parse("2026-10-09..2026-10-12"))
    days = daily("10.00 USD", "10.00 USD", "10.00 USD", "1.00 USD")
    agreed = used(fee, lease("1.00 USD", NOON + 2 * DAY))
    assert only(day_identities(account_views(usages=(agreed,), days=days))).cause is None
    # 31.00 in all, but the 12th, which the fee does not span, costs 1.00 and was charged 0.50
    uneven = used(fee, lease("0.50 USD", NOON), lease("0.50 USD", NOON + 2 * DAY))
    identity = only(day_identities(account_views(usages=(uneven,), days=days)))
    assert (str(identity.gap), identity.holds) == ("0.00 USD", False)


@pytest.mark.parametrize(
    ("costs", "holds", "why"),
    [
        (("10.00", "10.00", "10.00"), True, "30.00 of the fee, in equal parts"),
        (("30.00", "0.00", "0.00"), True, "all of the fee on its first day"),
        (("-5.00", "10.00", "25.00"), False, "no part of a fee of 30.00 is less than nothing"),
        (("31.00", "-1.00", "0.00"), False, "nor more than all of it"),
    ],
)
def test_days_of_a_longer_charge_do_not_agree_by_adding_up(
    costs: tuple[str, ...], holds: bool, why: str
) -> None:
    fee = charge("30.00 USD", period=Period.parse("2026-10-09..2026-10-12"))
    days = daily(*(f"{cost} USD" for cost in costs))
    identity = only(day_identities(account_views(usages=(used(fee),), days=days)))
    assert (str(identity.gap), identity.holds) == ("0.00 USD", holds), why


def test_two_longer_charges_do_not_lend_each_other_money() -> None:
    first = charge("20.00 USD", id="1", period=Period.parse("2026-10-09..2026-10-11"))
    second = charge("20.00 USD", id="2", period=Period.parse("2026-10-11..2026-10-13"))
    for costs, holds in (
        (("10.00 USD", "10.00 USD", "5.00 USD", "15.00 USD"), True),
        (("10.00 USD", "9.00 USD", "11.00 USD", "10.00 USD"), False),  # 19.00 and 21.00
    ):
        views = account_views(usages=(used(first, second),), days=daily(*costs))
        identity = only(day_identities(views))
        assert (str(identity.gap), identity.holds) == ("0.00 USD", holds)


def test_a_lease_of_more_than_a_day_is_compared_with_the_day_that_it_counts_in() -> None:
    period = Period(NOON - 2 * DAY, NOON)
    counted = charge("7.00 USD", id="long", period=period, day=None)
    on_the_tenth = evolve(counted, day=date(2026, 10, 10))
    days = daily("0.00 USD", "7.00 USD")
    for lease_of_days, usage_days in ((on_the_tenth, days), (counted, days)):
        views = account_views(usages=(used(lease_of_days),), days=usage_days)
        assert only(day_identities(views)).holds
    views = account_views(usages=(used(on_the_tenth),), days=daily("7.00 USD", "0.00 USD"))
    assert not only(day_identities(views)).holds


def test_checks_of_several_causes_show_none_of_them() -> None:
    checks = (
        Check("a", money("1.10 USD"), money("1.00 USD"), cause="rate change"),
        Check("b", money("1.10 USD"), money("1.00 USD"), cause="timing"),
    )
    usage = used(lease("1.00 USD", NOON), checks=checks)
    views = account_views(usages=(usage,), days=daily("0.00 USD", "1.20 USD"))
    assert only(day_identities(views)).cause is Cause.UNKNOWN


def test_organizations_that_differ_do_not_agree_by_adding_up() -> None:
    usages = tuple(
        used(lease(cost, NOON, org), billing_account_id=org)
        for org, cost in (("acme", "1.00 USD"), ("beta", "2.00 USD"))
    )
    days = tuple(
        DailyCost(date(2026, 10, 10), money(cost), billing_account_id=org)
        for org, cost in (("acme", "1.01 USD"), ("beta", "1.99 USD"))
    )
    found = day_identities(account_views(usages=usages, days=days))
    assert [(row.part, str(row.gap), row.holds) for row in found] == [  # type: ignore[union-attr]
        ("acme", "0.01 USD", False),
        ("beta", "-0.01 USD", False),
    ]


def test_days_that_do_not_say_whose_they_are_are_compared_as_a_whole() -> None:
    usages = tuple(
        used(lease("1.00 USD", NOON, org), billing_account_id=org) for org in ("acme", "beta")
    )
    identity = only(
        day_identities(account_views(usages=usages, days=daily("0.00 USD", "2.00 USD")))
    )
    assert (identity.part, identity.cause) == (None, None)


def test_one_organization_that_failed_leaves_the_other_compared() -> None:
    usages = tuple(
        used(lease("1.00 USD", NOON, org), billing_account_id=org) for org in ("acme", "beta")
    )
    day = DailyCost(date(2026, 10, 10), money("1.00 USD"), billing_account_id="acme")
    rows = (*coverage()[:1], *coverage(State.PARTIAL, Stream.DAILY, part="beta"))
    acme, beta = day_identities(account_views(usages=usages, days=(day,), coverage=rows))
    assert (acme.part, acme.holds) == ("acme", True)  # type: ignore[union-attr]
    assert not_compared([beta]) == [("1.00 USD", "daily partial")]


def test_days_in_a_currency_without_charges_are_not_passed_over() -> None:
    usage = used(lease("1.00 USD", NOON))
    views = account_views(usages=(usage,), days=daily("0.00 USD", "7.00 EUR"))
    euros, dollars = day_identities(views)
    assert [str(euros.stated), str(euros.computed)] == ["7.00 EUR", "0 EUR"]  # type: ignore[union-attr]
    assert [str(dollars.stated), str(dollars.computed)] == ["0.00 USD", "1.00 USD"]  # type: ignore[union-attr]


def test_days_before_a_date_that_differ_by_one_ratio_show_a_rate_change() -> None:
    # one cent more for every twenty up to the 11th, and the same from the 12th on
    charged = ("1.00 USD", "2.00 USD", "4.00 USD", "3.00 USD")
    recomputed = ("1.05 USD", "2.10 USD", "4.20 USD", "3.00 USD")
    summary = Check("summary vs. lines", money("10.35 USD"), money("10.00 USD"))
    usage = used(*leases(*charged), checks=(summary,))
    views = account_views(usages=(usage,), days=daily(*recomputed))
    identity = only(day_identities(views))
    assert (str(identity.gap), identity.cause) == ("0.35 USD", Cause.RATE_CHANGE)
    checked = only(check_identities(views))
    assert (str(checked.gap), checked.cause) == ("0.35 USD", Cause.RATE_CHANGE)
    assert checked.evidence == identity.evidence


@pytest.mark.parametrize(
    ("charged", "recomputed", "why"),
    [
        (("1.00", "2.00"), ("1.05", "2.00"), "one day has some ratio, whatever the cause"),
        (("1.00", "2.00"), ("1.05", "2.60"), "5 % and 30 % are no one ratio"),
        (("1.00", "2.00", "4.00"), ("1.05", "2.00", "4.20"), "the day in between did not change"),
        (("1.00", "2.00"), ("1.01", "2.01"), "a cent is lost to rounding"),
        (("1.00", "0.00"), ("1.05", "2.10"), "nothing was charged for the 10th"),
        (("-1.00", "-2.00"), ("-1.05", "-2.10"), "credits have no rate"),
    ],
)
def test_days_that_differ_otherwise_show_no_rate_change(
    charged: tuple[str, ...], recomputed: tuple[str, ...], why: str
) -> None:
    days = [
        DayCosts(money(f"{stated} USD"), money(f"{cost} USD"), int(cost != "0.00"))
        for stated, cost in zip(recomputed, charged, strict=True)
    ]
    assert not is_rate_change(days), why


def test_a_summary_that_the_days_do_not_explain_is_unknown() -> None:
    summary = Check("summary vs. lines", money("3.40 USD"), money("3.00 USD"))
    usage = used(*leases("1.00 USD", "2.00 USD"), checks=(summary,))
    views = account_views(usages=(usage,), days=daily("1.05 USD", "2.10 USD"))
    assert only(check_identities(views)).cause is Cause.UNKNOWN


def test_days_have_the_cause_that_an_adapter_knows_of_the_very_same_gap() -> None:
    summary = Check("summary vs. lines", money("1.20 USD"), money("1.00 USD"), cause="rate change")
    usage = used(lease("1.00 USD", NOON), checks=(summary,))
    views = account_views(usages=(usage,), days=daily("0.00 USD", "1.20 USD"))
    assert only(day_identities(views)).cause is Cause.RATE_CHANGE


@pytest.mark.parametrize(
    ("known_until", "cause"),
    [
        (datetime(2026, 10, 11, 9, tzinfo=UTC), Cause.TIMING),
        (datetime(2026, 10, 13, 9, tzinfo=UTC), Cause.UNKNOWN),
        (None, Cause.UNKNOWN),
    ],
)
def test_a_lease_that_came_between_two_readings_is_timing_while_the_window_is_open(
    known_until: datetime | None, cause: Cause
) -> None:
    rows = (
        *coverage(State.COMPLETE, Stream.USAGE, covers=OCTOBER, known_until=known_until),
        *coverage(State.COMPLETE, Stream.DAILY),
    )
    usage = used(lease("1.00 USD", NOON - DAY), lease("2.00 USD", NOON))
    views = account_views(usages=(usage,), days=daily("1.00 USD", "1.50 USD"), coverage=rows)
    identity = only(day_identities(views))
    assert (str(identity.gap), identity.cause) == ("-0.50 USD", cause)
