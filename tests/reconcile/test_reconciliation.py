"""Views of the same money, compared; each gap has a named cause."""

import pytest
from attrs import evolve

from billfold import Answer, Balance, BalanceKind, Billfold, Check, Coverage, State, Stream
from billfold.model import Cause
from billfold.reconcile import Identity, Reconciliation, Views, ask, compare
from support.costs import OCTOBER, money
from support.reconciliation import NOON, coverage, used


@pytest.fixture
async def october(simulated) -> Reconciliation:
    fold: Billfold
    fold, _ = await simulated("harmont")
    return await ask(fold, OCTOBER)


def named(result: Reconciliation, name: str) -> Identity:
    (identity,) = [
        identity
        for identity in result.identities
        if (identity.account, identity.name) == ("ci", name)
    ]
    return identity


async def test_harmont_usage_is_what_the_ledger_took(october: Reconciliation) -> None:
    identity = named(october, "ledger debits vs. usage")
    assert (identity.cause, identity.gap.amount) == (None, 0)
    assert named(october, "balance of tidewater-labs vs. its ledger").cause is None


async def test_a_rate_card_that_changed_is_the_cause_named(october: Reconciliation) -> None:
    days = named(october, "daily costs vs. usage")
    (summary,) = [
        identity
        for identity in october.identities
        if identity.account == "ci" and identity.cause is Cause.RATE_CHANGE and identity != days
    ]
    assert days.cause is Cause.RATE_CHANGE
    assert summary.gap == days.gap
    assert not october.holds


def views_of(*states: State) -> Views:
    """Return views without items, and usage of one account per state."""
    coverage = tuple(
        Coverage(state.value, "harmont", Stream.USAGE, state, OCTOBER) for state in states
    )
    return Views(
        usage=Answer(Stream.USAGE, OCTOBER, (), coverage),
        daily=Answer(Stream.DAILY, OCTOBER, (), ()),
        ledger=Answer(Stream.LEDGER, OCTOBER, (), ()),
        balances=Answer(Stream.BALANCES, OCTOBER, (), ()),
        invoices=Answer(Stream.INVOICES, OCTOBER, (), ()),
    )


def test_every_hole_is_unread_or_not_offered_and_never_both() -> None:
    views = views_of(*State)
    result = compare(OCTOBER, views)
    not_offered = [row.state for row in result.not_offered]
    assert not_offered == [State.DIFFERENT_WINDOW, State.UNAVAILABLE]
    unread = [row.state for row in result.unread]
    assert unread == [State.PARTIAL, State.FAILED, State.TIMED_OUT]
    assert {*unread, *not_offered} == {row.state for row in views.usage.holes}


def test_a_stream_that_a_provider_does_not_have_is_left_out_of_the_coverage() -> None:
    result = compare(OCTOBER, views_of(State.COMPLETE, State.UNSUPPORTED))
    assert [row.state for row in result.coverage] == [State.COMPLETE]


def test_nothing_is_no_agreement_and_neither_is_something_unread() -> None:
    assert not compare(OCTOBER, views_of(State.COMPLETE)).holds
    check = Check("total vs. lines", money("1.00 EUR"), money("1.00 EUR"))
    usage = evolve(views_of(State.COMPLETE).usage, items=(evolve(used(), checks=(check,)),))
    rows = (Coverage("ci", "harmont", Stream.USAGE, State.COMPLETE, OCTOBER),)
    whole = evolve(views_of(), usage=evolve(usage, coverage=rows))
    assert compare(OCTOBER, whole).holds
    failed = (Coverage("ci", "harmont", Stream.LEDGER, State.FAILED),)
    assert not compare(OCTOBER, evolve(whole, ledger=evolve(whole.ledger, coverage=failed))).holds


def test_an_account_without_an_answer_for_the_period_is_named_beside_those_that_agree() -> None:
    check = Check("total vs. lines", money("1.00 EUR"), money("1.00 EUR"))
    rows = (
        Coverage("ci", "harmont", Stream.USAGE, State.COMPLETE, OCTOBER),
        Coverage("metal", "latitude", Stream.USAGE, State.UNAVAILABLE),
    )
    usage = Answer(Stream.USAGE, OCTOBER, (evolve(used(), checks=(check,)),), rows)
    result = compare(OCTOBER, evolve(views_of(), usage=usage))
    assert (result.holds, result.unanswered) == (True, ("metal",))


def test_balances_that_agree_are_no_agreement_about_a_period_that_nobody_answers_for() -> None:
    rows = tuple(coverage(State.COMPLETE, Stream.BALANCES, Stream.LEDGER))
    balance = Balance(
        money("0.00 USD"), BalanceKind.PREPAID, "acme", NOON, provider="harmont", account="ci"
    )
    ahead = evolve(
        views_of(),
        usage=Answer(Stream.USAGE, OCTOBER, (), tuple(coverage(State.UNAVAILABLE, Stream.USAGE))),
        balances=Answer(Stream.BALANCES, None, (balance,), rows[:1]),
        ledger=Answer(Stream.LEDGER, None, (), rows[1:]),
    )
    result = compare(OCTOBER, ahead)
    assert [identity.holds for identity in result.identities] == [True]
    assert (result.is_out_of_reach, result.holds) == (True, False)


def test_a_window_that_is_not_over_is_open() -> None:
    rows = (Coverage("ci", "harmont", Stream.USAGE, State.COMPLETE, known_until=OCTOBER.end),)
    views = evolve(views_of(), usage=Answer(Stream.USAGE, None, (), rows))
    assert compare(None, views).is_open
    assert not compare(OCTOBER, views_of(State.COMPLETE)).is_open
