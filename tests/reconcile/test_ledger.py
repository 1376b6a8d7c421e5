"""A ledger compared with usage; sides and causes are written by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from billfold import Balance, BalanceKind, LedgerEntry, Period, State, Stream, Usage
from billfold.model import Cause
from billfold.reconcile import Identity
from billfold.reconcile._ledger import debit_identities
from support.costs import OCTOBER, charge, money
from support.reconciliation import (
    HOUR,
    NOON,
    account_views,
    coverage,
    debit,
    identities,
    lease,
    not_compared,
    only,
    used,
)

EARLY, LAST, LATE = OCTOBER.start + HOUR, OCTOBER.end - HOUR, OCTOBER.end + HOUR


def compared(usage: Usage, *ledger: LedgerEntry) -> list[Identity]:
    return identities(debit_identities(account_views(usages=(usage,), ledger=ledger)))


def test_every_debit_has_its_lease() -> None:
    usage = used(lease("1.00 USD", NOON), lease("1.00 USD", NOON + HOUR))
    identity = only(compared(usage, debit("-1.00 USD", NOON + HOUR), debit("-1.00 USD", NOON)))
    assert (identity.name, identity.cause) == ("ledger debits vs. usage", None)
    assert (str(identity.stated), str(identity.computed)) == ("2.00 USD", "2.00 USD")


@pytest.mark.parametrize(
    ("leases", "debits", "cause", "evidence"),
    [
        ([("1.00 USD", LATE)], [("-1.00 USD", LATE)], Cause.TIMING, "no debit inside the window"),
        ([], [("-1.00 USD", EARLY)], Cause.TIMING, "of no lease that began inside"),
        ([("1.00 USD", NOON)], [], Cause.UNKNOWN, "no debit"),
        ([("1.00 USD", LAST)], [], Cause.LATE_DATA, "no debit"),
        ([], [("-1.00 USD", NOON)], Cause.MISSING_USAGE, "of no lease"),
        ([("1.00 USD", NOON)], [("-2.00 USD", NOON)], Cause.UNKNOWN, "no debit"),
        (
            [("1.00 USD", NOON)],
            [("-1.00 USD", NOON + 25 * HOUR), ("-3.00 USD", NOON)],
            Cause.UNKNOWN,
            "no debit",
        ),
        (
            [("1.00 USD", NOON)],
            [("-1.00 USD", NOON + HOUR), ("-3.00 USD", NOON)],
            Cause.MISSING_USAGE,
            "debit: 3.00 USD, of no lease",
        ),
    ],
)
def test_what_has_no_pair_is_timing_at_the_edges_and_else_late_missing_or_unknown(
    leases: list[tuple[str, datetime]],
    debits: list[tuple[str, datetime]],
    cause: Cause,
    evidence: str,
) -> None:
    usage = used(lease("5.00 USD", NOON), *(lease(cost, end) for cost, end in leases))
    ledger = [debit("-5.00 USD", NOON), *(debit(amount, at) for amount, at in debits)]
    identity = only(compared(usage, *ledger))
    assert identity.cause is cause
    assert evidence in identity.evidence[0]


@pytest.mark.parametrize("at", [NOON, EARLY])
def test_a_lease_that_is_debited_twice_within_seconds_is_no_usage_that_is_missing(
    at: datetime,
) -> None:
    """5.00 was leased and 10.00 debited: 5.00 too much, or a twin of the lease is not listed."""
    first = debit("-5.00 USD", at, "first")
    second = debit("-5.00 USD", at + timedelta(seconds=3), "second")
    identity = only(compared(used(lease("5.00 USD", at)), first, second))
    assert (str(identity.gap), identity.cause) == ("5.00 USD", Cause.UNKNOWN)
    assert identity.evidence == (
        "second: 5.00 USD, a second one beside first, and of no other lease that began inside the "
        "window",
    )


@pytest.mark.parametrize(
    ("leases", "debits", "gap", "cause", "why"),
    [
        (["00:30-06:00"], ["05:10", "06:10"], "1.50", Cause.TIMING, "23:50 to 00:05 before it"),
        (["00:01-05:06"], ["05:01", "05:06", "05:07"], "3.00", Cause.TIMING, "two at 23:59:5x"),
        (["00:01-05:06"], ["05:07", "05:10"], "1.50", Cause.UNKNOWN, "one that long began inside"),
        (["10:00-20:00"], ["21:00", "22:00"], "1.50", Cause.UNKNOWN, "or taken twice"),
    ],
    ids=str,
)
def test_a_second_debit_beside_a_leases_own_is_timing_where_one_as_long_began_before_the_window(
    leases: list[str], debits: list[str], gap: str, cause: Cause, why: str
) -> None:
    """Leases of 1.50 in the first minutes of the month; times are minutes and seconds."""

    def at(text: str) -> datetime:
        minutes, seconds = text.split(":")
        return OCTOBER.start + timedelta(minutes=int(minutes), seconds=int(seconds))

    own = [charge("1.50 USD", id=text, period=Period(*map(at, text.split("-")))) for text in leases]
    identity = only(compared(used(*own), *(debit("-1.50 USD", at(each), each) for each in debits)))
    assert (str(identity.gap), identity.cause) == (f"{gap} USD", cause)


@pytest.mark.parametrize(
    ("leases", "debits", "gap", "cause", "why"),
    [
        ([], [("-7.00", 26)], "7.00", Cause.UNKNOWN, "of a lease of 30 hours, begun before"),
        ([], [("-7.00", 167)], "7.00", Cause.UNKNOWN, "or of nearly a week"),
        ([], [("-7.00", 168)], "7.00", Cause.MISSING_USAGE, "not of one of a week"),
        ([("9.00", 744.1)], [("-7.00", 26), ("-9.00", 744.1)], "-2.00", Cause.UNKNOWN, "both"),
        (
            [("0.50", 744.1)],
            [("-0.09", 276), ("-0.50", 744.1)],
            "-0.41",
            Cause.UNKNOWN,
            "an orphan",
        ),
        ([], [("-0.09", 276), ("-0.50", 1)], "0.59", Cause.UNKNOWN, "0.09 of it missing, 0.50 not"),
        (
            [],
            [("0.09", 276)],
            "-0.09",
            Cause.UNKNOWN,
            "given back: there is more usage than debits",
        ),
        ([("0.50", 744.1)], [("-0.09", 1), ("-0.50", 744.1)], "-0.41", Cause.TIMING, "both edges"),
        ([("0.50", 743)], [("-0.09", 1)], "-0.41", Cause.LATE_DATA, "both edges, one still open"),
    ],
)
def test_missing_usage_is_only_what_debits_without_a_lease_make_up(
    leases: list[tuple[str, float]],
    debits: list[tuple[str, float]],
    gap: str,
    cause: Cause,
    why: str,
) -> None:
    """Hours are since the start of October, which has 744."""
    start = OCTOBER.start
    usage = used(*(lease(f"{cost} USD", start + hour * HOUR) for cost, hour in leases))
    ledger = [debit(f"{amount} USD", start + hour * HOUR, amount) for amount, hour in debits]
    identity = only(compared(usage, *ledger))
    assert (str(identity.gap), identity.cause) == (f"{gap} USD", cause), why


def test_a_lease_that_costs_nothing_needs_no_debit_and_top_ups_are_none() -> None:
    usage = used(lease("5.00 USD", NOON), lease("0.00 USD", NOON))
    paid = debit("-5.00 USD", NOON)
    topup = evolve(paid, id="t", amount=money("50.00 USD"), kind="stripe_topup", for_usage=False)
    assert only(compared(usage, paid, topup)).cause is None
    assert list(debit_identities(account_views(ledger=(topup,)))) == []


def test_usage_without_any_debit_is_a_gap_where_the_ledger_was_read_to_its_end() -> None:
    identity = only(compared(used(lease("5.00 USD", NOON))))
    assert (str(identity.stated), str(identity.gap)) == ("0 USD", "-5.00 USD")
    assert (identity.cause, identity.evidence) == (Cause.UNKNOWN, ("lease: 5.00 USD, no debit",))
    assert compared(used()) == []


@pytest.mark.parametrize("state", [State.PARTIAL, State.FAILED, State.TIMED_OUT])
def test_usage_beside_a_ledger_that_was_not_read_is_not_compared(state: State) -> None:
    rows = (*coverage(State.COMPLETE, Stream.USAGE), *coverage(state, Stream.LEDGER))
    views = account_views(usages=(used(lease("5.00 USD", NOON)),), coverage=rows)
    reason = f"ledger {state.replace('_', ' ')}"
    assert not_compared(debit_identities(views)) == [("5.00 USD", reason)]


def test_debits_beside_usage_that_was_not_read_are_not_compared() -> None:
    rows = (*coverage(State.FAILED, Stream.USAGE), *coverage(State.COMPLETE, Stream.LEDGER))
    ledger = (debit("-5.00 USD", NOON), debit("-7.00 USD", LATE, "november"))
    views = account_views(ledger=ledger, coverage=rows, requested=OCTOBER)
    assert not_compared(debit_identities(views)) == [("5.00 USD", "usage failed")]


def test_a_debit_of_an_unknown_kind_counts_where_it_is_a_leases() -> None:
    usage = used(lease("1.00 USD", NOON), lease("2.00 USD", NOON + HOUR, "b"))
    renamed = evolve(debit("-2.00 USD", NOON + HOUR, "b"), kind="vm_debit_v2", for_usage=False)
    identity = only(compared(usage, debit("-1.00 USD", NOON), renamed))
    assert (str(identity.stated), identity.cause) == ("3.00 USD", None)


def test_a_debit_of_an_unknown_kind_that_is_no_leases_is_named() -> None:
    usage = used(lease("1.00 USD", NOON))
    other = evolve(debit("-4.25 USD", NOON, "c"), kind="chargeback", for_usage=False)
    ledger = (debit("-1.00 USD", NOON), other, evolve(other, id="n", at=LATE))
    agreed, named = debit_identities(account_views(usages=(usage,), ledger=ledger))
    assert isinstance(agreed, Identity)
    assert agreed.holds
    reason = "nothing says what debits of kind 'chargeback' pay for"
    assert not_compared([named]) == [("4.25 USD", reason)]


def test_debits_and_leases_that_differ_do_not_agree_by_adding_up() -> None:
    usage = used(lease("1.00 USD", NOON), lease("2.00 USD", NOON + 24 * HOUR, "b"))
    debits = debit("-1.01 USD", NOON), debit("-1.99 USD", NOON + 24 * HOUR, "b")
    identity = only(compared(usage, *debits))
    assert (str(identity.gap), identity.holds) == ("0.00 USD", False)
    assert identity.evidence[0] == "lease: 1.00 USD, no debit"


def test_debits_that_add_up_by_day_alone_say_that_they_were_not_compared_one_by_one() -> None:
    # One debit for both leases, or two that are wrong by a cent each: nothing tells them apart.
    leases = lease("1.00 USD", NOON), lease("2.00 USD", NOON, "b")
    day = "add up to 3.00 USD, and were not compared one by one"
    for debits, said in (
        ([debit("-3.00 USD", NOON)], f"2026-10-10: 2 leases and 1 debit {day}"),
        (
            [debit("-1.01 USD", NOON), debit("-1.99 USD", NOON, "d")],
            f"2026-10-10: 2 leases and 2 debits {day}",
        ),
    ):
        identity = only(compared(used(*leases), *debits))
        assert (str(identity.gap), identity.cause, identity.holds) == ("0.00 USD", None, True)
        assert identity.evidence == (said,)
    paired = [debit("-2.00 USD", NOON), debit("-1.00 USD", NOON, "d")]
    assert only(compared(used(*leases), *paired)).evidence == ()


@pytest.mark.parametrize(
    ("amounts", "holds", "why"),
    [
        (("-3.00", "-4.00"), True, "the long lease's 7.00, in two debits"),
        (("-8.00", "1.00"), False, "more than the lease, and some of it back"),
        (("-10.00", "3.00"), False, "nor is it debited twice"),
    ],
)
def test_debits_of_a_longer_lease_do_not_agree_by_adding_up(
    amounts: tuple[str, str], holds: bool, why: str
) -> None:
    long = charge("7.00 USD", id="long", period=Period(NOON - 48 * HOUR, NOON))
    debits = [
        debit(f"{amount} USD", NOON + number * 24 * HOUR, f"d{number}")
        for number, amount in enumerate(amounts)
    ]
    identity = only(compared(used(long), *debits))
    assert (str(identity.gap), identity.holds) == ("0.00 USD", holds), why
    assert not holds or identity.evidence == ("long: 7.00 USD, compared in sums alone",)


def test_a_debit_that_is_missing_where_the_ledger_went_on_is_not_late() -> None:
    usage = used(lease("5.00 USD", LAST))
    late = only(compared(usage, debit("-1.00 USD", OCTOBER.end + 12 * HOUR, "next")))
    assert late.cause is Cause.LATE_DATA
    missing = only(compared(usage, debit("-1.00 USD", OCTOBER.end + 24 * HOUR, "next")))
    assert (str(missing.gap), missing.cause) == ("-5.00 USD", Cause.UNKNOWN)


@pytest.mark.parametrize(
    ("days", "cause"), [(1, Cause.LATE_DATA), (2, Cause.UNKNOWN), (28, Cause.UNKNOWN)]
)
def test_a_debit_that_is_missing_where_the_ledger_was_read_long_after_is_not_late(
    days: int, cause: Cause
) -> None:
    usage = used(lease("5.00 USD", NOON), lease("3.00 USD", LAST, "last"))
    read = Balance(
        money("-5.00 USD"), BalanceKind.PREPAID, "organization:acme", LAST + timedelta(days)
    )
    views = account_views(usages=(usage,), ledger=(debit("-5.00 USD", NOON),), balances=(read,))
    identity = only(debit_identities(views))
    assert (str(identity.gap), identity.cause) == ("-3.00 USD", cause)
    assert identity.evidence == ("last: 3.00 USD, no debit",)


def test_a_lease_that_was_debited_in_two_halves_agrees_with_them() -> None:
    halves = debit("-0.50 USD", NOON), debit("-0.50 USD", NOON, "b")
    assert only(compared(used(lease("1.00 USD", NOON)), *halves)).cause is None


MIDNIGHT = datetime(2026, 10, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "hours",
    [HOUR / 10, HOUR, 6 * HOUR, 19 * HOUR, 24 * HOUR - HOUR / 60],
)
def test_a_debit_that_is_posted_late_over_midnight_is_its_leases(hours: timedelta) -> None:
    """Contract 3.2: about the job's end; 3.3: an abandoned build is swept after six hours."""
    end = MIDNIGHT - HOUR / 20  # 23:57
    usage = used(lease("1.00 USD", end), lease("0.03 USD", NOON, "other"))
    debits = debit("-1.00 USD", end + hours), debit("-0.03 USD", NOON, "b")
    identity = only(compared(usage, *debits))
    assert (str(identity.stated), str(identity.computed)) == ("1.03 USD", "1.03 USD")
    assert (identity.cause, identity.evidence) == (None, ())


@pytest.mark.parametrize("hours", [-HOUR, 24 * HOUR, 48 * HOUR])
def test_a_debit_before_its_lease_or_a_day_after_is_not_its_own(hours: timedelta) -> None:
    usage = used(lease("1.00 USD", MIDNIGHT))
    identity = only(compared(usage, debit("-1.00 USD", MIDNIGHT + hours)))
    assert (str(identity.gap), identity.cause) == ("0.00 USD", Cause.UNKNOWN)


def test_a_late_debit_is_not_taken_from_the_lease_that_ended_then() -> None:
    """Of three leases of a dollar the first was debited four hours late, the last never."""
    ends = [MIDNIGHT - HOUR, MIDNIGHT + HOUR, MIDNIGHT + 30 * HOUR]
    usage = used(*(lease("1.00 USD", end, f"l{n}") for n, end in enumerate(ends)))
    debits = debit("-1.00 USD", ends[1], "own"), debit("-1.00 USD", MIDNIGHT + 3 * HOUR, "late")
    identity = only(compared(usage, *debits))
    assert (str(identity.gap), identity.evidence) == ("-1.00 USD", ("l2: 1.00 USD, no debit",))


@pytest.mark.parametrize(("late", "why"), [(2, "over midnight"), (6, "swept"), (23, "a day")])
def test_equal_leases_that_are_all_debited_late_agree(late: int, why: str) -> None:
    """Forty hours of five cents each: a debit is posted when a later lease ends, not for it."""
    ends = [NOON + hour * HOUR for hour in range(40)]
    usage = used(*(lease("0.05 USD", end, f"l{n}") for n, end in enumerate(ends)))
    debits = [debit("-0.05 USD", end + late * HOUR, f"d{n}") for n, end in enumerate(ends)]
    identity = only(compared(usage, *debits))
    assert (str(identity.stated), identity.cause, identity.evidence) == ("2.00 USD", None, ()), why
    other = debit("-0.03 USD", NOON, "other")
    identity = only(compared(usage, *debits[:-1], other))
    assert (str(identity.gap), identity.cause) == ("-0.02 USD", Cause.UNKNOWN)
    assert identity.evidence == (
        "l39: 0.05 USD, no debit",
        "other: 0.03 USD, of no lease that began inside the window",
    )


def test_a_lease_that_may_be_debited_late_after_the_window_is_not_said_to_have_no_debit() -> None:
    """The debit of 00:20 may as well be that of a lease of November, which was not read."""
    usage = used(lease("1.00 USD", OCTOBER.end - HOUR))
    late = debit("-1.00 USD", OCTOBER.end + HOUR / 3)
    topup = evolve(late, id="t", at=late.at + 240 * HOUR, kind="stripe_topup", for_usage=False)
    topup = evolve(topup, amount=money("50.00 USD"))
    for ledger in ([late], [late, topup]):
        identity = only(compared(usage, *ledger))
        assert (str(identity.gap), identity.cause) == ("-1.00 USD", Cause.TIMING)
    assert identity.evidence == ("lease: 1.00 USD, no debit inside the window",)


@pytest.mark.parametrize("order", [1, -1])
def test_of_many_alike_around_midnight_each_debit_is_the_nearest_leases(order: int) -> None:
    # 23:56, 00:00 and 00:04, a cent each, debited half a minute later: nothing differs on any day
    midnight = datetime(2026, 10, 11, tzinfo=UTC)
    ends = [midnight + minutes * HOUR / 60 for minutes in (-4, 0, 4)]
    usage = used(*(lease("0.01 USD", end, f"l{end}") for end in ends))
    debits = [debit("-0.01 USD", end + HOUR / 120, f"d{end}") for end in ends]
    identity = only(compared(usage, *debits[::order]))
    assert (str(identity.stated), identity.cause) == ("0.03 USD", None)


def test_organizations_that_differ_do_not_agree_by_adding_up() -> None:
    usages = tuple(
        used(lease(cost, NOON, org), billing_account_id=org)
        for org, cost in (("acme", "1.00 USD"), ("beta", "2.00 USD"))
    )
    ledger = tuple(
        evolve(debit(amount, NOON, org), billing_account_id=org)
        for org, amount in (("acme", "-1.01 USD"), ("beta", "-1.99 USD"))
    )
    found = identities(debit_identities(account_views(usages=usages, ledger=ledger)))
    assert [(row.part, str(row.gap), row.holds) for row in found] == [
        ("acme", "0.01 USD", False),
        ("beta", "-0.01 USD", False),
    ]


def test_a_lease_that_is_not_debited_yet_is_timing_while_the_window_is_open() -> None:
    known = NOON + HOUR
    rows = (*coverage(), *coverage(State.COMPLETE, Stream.USAGE, known_until=known))
    usage = used(lease("1.00 USD", NOON))
    identity = only(debit_identities(account_views(usages=(usage,), coverage=rows)))
    assert (str(identity.gap), identity.cause) == ("-1.00 USD", Cause.TIMING)


@pytest.mark.parametrize(
    ("posted", "cause"),
    [
        (timedelta(seconds=2), Cause.TIMING),
        (timedelta(minutes=5), Cause.TIMING),
        (timedelta(minutes=6), Cause.MISSING_USAGE),
    ],
)
def test_a_debit_posted_as_the_running_usage_was_read_is_timing(
    posted: timedelta, cause: Cause
) -> None:
    """A job that ends between the two requests is in the ledger alone."""
    known = NOON + HOUR
    rows = (*coverage(), *coverage(State.COMPLETE, Stream.USAGE, known_until=known))
    ledger = (debit("-1.00 USD", NOON), debit("-0.42 USD", known - posted, "new"))
    views = account_views(usages=(used(lease("1.00 USD", NOON)),), ledger=ledger, coverage=rows)
    identity = only(debit_identities(views))
    assert (str(identity.gap), identity.cause) == ("0.42 USD", cause)


def test_a_debit_posted_as_a_month_was_read_seconds_after_its_end_is_timing() -> None:
    end = OCTOBER.end
    ledger = (debit("-0.42 USD", end - timedelta(seconds=2), "new"),)
    as_of = end + timedelta(seconds=3)
    read = Balance(money("0 USD"), BalanceKind.PREPAID, "account", as_of)
    views = account_views(usages=(used(),), ledger=ledger, balances=(read,))
    identity = only(debit_identities(views))
    assert (str(identity.gap), identity.cause) == ("0.42 USD", Cause.TIMING)


@pytest.mark.parametrize("idle", [used(), used(stated_total=money("0 USD"))])
def test_what_was_taken_while_nothing_was_used_is_missing_usage(idle: Usage) -> None:
    identity = only(compared(idle, debit("-100 USD", NOON)))
    assert (str(identity.gap), identity.cause) == ("100 USD", Cause.MISSING_USAGE)
    assert identity.evidence == ("debit: 100 USD, of no lease that began inside the window",)


def test_debits_in_a_currency_without_usage_are_not_passed_over() -> None:
    usage = used(lease("100 USD", NOON))
    euros, dollars = compared(usage, debit("-100 USD", NOON), debit("-70 EUR", NOON, "e"))
    assert (str(euros.gap), euros.cause, dollars.cause) == ("70 EUR", Cause.MISSING_USAGE, None)
    assert euros.evidence == ("e: 70 EUR, of no lease that began inside the window",)


def test_usage_that_is_only_computed_is_compared_with_its_debits() -> None:
    usage = used(charge("100 USD", id="total", derived=True))
    assert only(compared(usage, debit("-100 USD", NOON))).cause is None
    identity = only(compared(usage, debit("-100 USD", LATE)))
    assert (str(identity.gap), identity.cause) == ("-100 USD", Cause.UNKNOWN)
    assert identity.evidence == (
        "total: 100 USD, computed from a stated total, so no debit is its own",
    )


def test_long_evidence_is_cut_and_counted() -> None:
    usage = used(*(lease("1.00 USD", NOON, f"lease-{number}") for number in range(25)))
    identity = only(compared(usage, debit("-9.00 USD", NOON - 100 * HOUR)))
    assert (len(identity.evidence), identity.evidence[-1]) == (21, "and 6 more")
