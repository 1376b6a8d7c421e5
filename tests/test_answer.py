"""An answer's total refuses holes, and says which."""

import pickle
from datetime import UTC, datetime

import pytest
from attrs import evolve

from billfold import (
    Answer,
    Balance,
    BalanceKind,
    Coverage,
    IncompleteError,
    Invoice,
    InvoiceKind,
    Money,
    NotFoundError,
    State,
    Stream,
    Subscription,
    TransientError,
    Usage,
)
from support.toys import OCTOBER, eur, usage


def answer(*states: State) -> Answer[Usage]:
    rows = tuple(
        Coverage(f"a{number}", "toy", Stream.USAGE, state) for number, state in enumerate(states, 1)
    )
    return Answer(Stream.USAGE, OCTOBER, (usage("1.10"), usage("2.20")), rows)


HOLES = [State.PARTIAL, State.DIFFERENT_WINDOW, State.UNAVAILABLE, State.FAILED, State.TIMED_OUT]


@pytest.mark.parametrize(
    "states",
    [(State.COMPLETE,), (State.COMPLETE, State.UNSUPPORTED), (State.COMPLETE, State.COMPLETE)],
)
def test_complete_is_every_account_that_has_the_stream(states: tuple[State, ...]) -> None:
    assert answer(*states).complete
    assert answer(*states).holes == ()
    assert answer(*states).totals() == {"EUR": eur("3.30")}


@pytest.mark.parametrize("state", HOLES)
def test_a_total_over_a_hole_raises_until_it_is_accepted(state: State) -> None:
    holed = answer(State.COMPLETE, state, State.UNSUPPORTED)
    assert not holed.complete
    assert [row.account for row in holed.holes] == ["a2"]
    with pytest.raises(
        IncompleteError, match=f"the usage total is not complete: a2 is {state}; partial=True"
    ):
        holed.totals()
    assert holed.totals(partial=True) == {"EUR": eur("3.30")}


@pytest.mark.parametrize(
    "states", [(), (State.UNSUPPORTED,), (State.UNSUPPORTED, State.UNSUPPORTED)]
)
def test_when_nobody_has_the_stream_nothing_was_answered(states: tuple[State, ...]) -> None:
    nothing = answer(*states)
    assert not nothing.complete
    assert not nothing.answered
    with pytest.raises(IncompleteError, match="no account has this stream"):
        nothing.totals()


def test_accounts_that_miss_for_one_reason_share_it() -> None:
    holed = answer(State.COMPLETE, State.FAILED, State.TIMED_OUT, State.FAILED)
    assert holed.missing() == "a2, a4 are failed, a3 is timed_out"


def test_an_account_with_holes_in_two_stretches_of_time_is_named_once() -> None:
    holed = answer(State.PARTIAL)
    assert evolve(holed, coverage=holed.coverage * 2).missing() == "a1 is partial"


def test_what_was_tried_for_other_times_is_one_reason_and_what_it_is_about_is_listed() -> None:
    down = [TransientError("502 Bad Gateway", account=name) for name in ("a2", "a3", "a4")]
    for error, seconds in zip(down, (3.44, 2.31, 6.0), strict=True):
        error.give_up(5, seconds)
    failures = (down[0].about("project x"), down[1].about("project y"), down[2])
    holed = answer(*[State.FAILED] * 4)
    rows = (
        evolve(row, detail=error.message)
        for row, error in zip(holed.coverage[1:], failures, strict=True)
    )
    said = evolve(holed, coverage=(holed.coverage[0], *rows), failures=failures).missing()
    assert said == (
        "a1 is failed, a2, a3, a4 are failed (502 Bad Gateway (tried 5 times over 2.3 to 6.0 s), "
        "about project x, project y)"
    )


def test_what_a_failure_is_about_stands_beside_it_and_not_behind_what_is_said_of_others() -> None:
    gone = NotFoundError("404 no project", account="a1").about('project p2 "Two"')
    holed = answer(State.PARTIAL)
    detail = f"{gone.message}; p1 is already counted in account one"
    row = evolve(holed.coverage[0], part="p2", detail=detail)
    said = evolve(holed, coverage=(row,), failures=(gone,)).missing()
    assert said == (
        'a1 p2 is partial (404 no project (project p2 "Two"); p1 is already counted in account one)'
    )


def test_an_answer_is_itself_where_it_has_no_hole_and_else_raises_with_its_coverage() -> None:
    whole, holed = answer(State.COMPLETE), answer(State.COMPLETE, State.FAILED)
    assert whole.raise_for_holes() is whole
    assert whole.missing() == ""
    with pytest.raises(IncompleteError, match="usage is not complete: a2 is failed") as caught:
        holed.raise_for_holes()
    assert caught.value.coverage == holed.coverage
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again, again.coverage) == (caught.value, holed.coverage)


@pytest.mark.parametrize("state", State)
def test_answered_is_anything_read_at_all(state: State) -> None:
    assert answer(state).answered is (
        state in {State.COMPLETE, State.PARTIAL, State.DIFFERENT_WINDOW}
    )


def test_the_hole_is_told_with_its_reason() -> None:
    rows = (Coverage("ci", "toy", Stream.USAGE, State.PARTIAL, None, "2 without a stated amount"),)
    with pytest.raises(IncompleteError, match=r"ci is partial \(2 without a stated amount\)"):
        Answer(Stream.USAGE, None, (), rows).totals()


def test_iterating_gives_the_items() -> None:
    given = answer(State.COMPLETE)
    assert list(given) == list(given.items)
    assert len(given) == 2


def test_invoices_add_up_per_kind_and_never_together() -> None:
    bills = (
        Invoice("1", InvoiceKind.METERING, eur("10.00"), provider="p", account="a"),
        Invoice("2", InvoiceKind.METERING, Money.minor(300, "USD"), provider="p", account="a"),
        Invoice("3", InvoiceKind.LEGAL, eur("11.90"), provider="p", account="a"),
        Invoice("4", InvoiceKind.LEGAL, None, provider="p", account="a"),
    )
    given: Answer[Invoice] = Answer(
        Stream.INVOICES,
        None,
        bills,
        (Coverage("a", "p", Stream.INVOICES, State.COMPLETE),),
        (NotFoundError("x"),),
    )
    assert given.totals() == {
        "metering": {"EUR": eur("10"), "USD": Money.minor(300, "USD")},
        "legal": {"EUR": eur("11.90")},
    }


def test_a_document_that_asks_for_no_money_is_listed_and_not_added_up() -> None:
    bills = (
        Invoice("1", InvoiceKind.LEGAL, eur("100.00"), provider="p", account="a"),
        Invoice("2", InvoiceKind.LEGAL, eur("999.00"), type="OFFER", counts=False),
    )
    rows = (Coverage("a", "p", Stream.INVOICES, State.COMPLETE),)
    given: Answer[Invoice] = Answer(Stream.INVOICES, None, bills, rows)
    assert given.totals() == {"legal": {"EUR": eur("100.00")}}
    assert len(given) == 2


def test_prepaid_money_and_credit_are_never_added_up() -> None:
    now = datetime(2026, 10, 1, tzinfo=UTC)
    stated = (
        Balance(Money.minor(5000, "USD"), BalanceKind.PREPAID, "organization:acme", now),
        Balance(Money.minor(250, "USD"), BalanceKind.PREPAID, "organization:beta", now),
        Balance(Money.minor(-12000, "USD"), BalanceKind.CREDIT, "team:t1", now),
    )
    rows = (Coverage("a", "p", Stream.BALANCES, State.COMPLETE),)
    given: Answer[Balance] = Answer(Stream.BALANCES, None, stated, rows)
    assert given.totals() == {
        "prepaid": {"USD": Money.minor(5250, "USD")},
        "credit": {"USD": Money.minor(-12000, "USD")},
    }
    assert given.to_dict()["totals"] == {
        "prepaid": {"USD": "52.50"},
        "credit": {"USD": "-120.00"},
    }


def test_an_answer_says_which_accounts_were_asked_and_which_left_out() -> None:
    rows = (Coverage("ci", "p", Stream.USAGE, State.COMPLETE),)
    given: Answer[Usage] = Answer(
        Stream.USAGE, OCTOBER, (), rows, accounts=("ci",), left_out=("metal", "k8s")
    )
    assert given.to_dict()["asked"] == {
        "period": {"start": "2026-10-01T00:00:00Z", "end": "2026-11-01T00:00:00Z"},
        "accounts": ["ci"],
        "left_out": ["metal", "k8s"],
    }
    assert Answer.from_json(given.to_json()) == given


def test_what_is_no_money_adds_up_to_nothing() -> None:
    rows = (Coverage("a", "p", Stream.SUBSCRIPTIONS, State.COMPLETE),)
    assert (
        Answer(
            Stream.SUBSCRIPTIONS,
            None,
            (Subscription("1", price=eur("5"), provider="p", account="a"),),
            rows,
        ).totals()
        == {}
    )  # type: ignore[misc]


def test_an_answer_is_true_also_without_items() -> None:
    assert Answer(Stream.USAGE, None, (), ())


@pytest.mark.parametrize("state", State)
def test_a_hole_is_every_state_but_complete_and_unsupported(state: State) -> None:
    row = Coverage("a", "p", Stream.USAGE, state)
    assert row.is_hole is (state not in (State.COMPLETE, State.UNSUPPORTED))
    assert Answer(Stream.USAGE, None, (), (row,)).holes == ((row,) if row.is_hole else ())
