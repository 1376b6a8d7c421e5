"""The notes beside the numbers: reasons, and what to do."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from billfold import (
    Answer,
    BillfoldError,
    Category,
    Charge,
    Check,
    ConfigError,
    Coverage,
    ForbiddenError,
    Money,
    NotFoundError,
    Period,
    State,
    Stream,
    TransientError,
    UnreachableError,
    Usage,
)
from billfold.cli.output.formats import needs_no_note
from billfold.cli.output.notes import advice, answer_notes, window_text
from billfold.errors import TokenError
from cli.output.rendering import eur, plain

OCTOBER = Period.month(2026, 10)


def test_markup_of_a_provider_is_text() -> None:
    row = Coverage(
        "[red]ci[/red]", "harmont", Stream.BALANCES, State.FAILED, detail="[link=x]y[/link]"
    )
    shown = plain(*answer_notes(Answer(Stream.BALANCES, None, (), (row,))))
    assert "[red]ci[/red] (harmont) failed: [link=x]y[/link]" in shown


def test_each_reason_for_having_no_such_thing_is_shown() -> None:
    about = Stream.BALANCES, State.UNSUPPORTED, None
    rows = (
        Coverage("metal", "latitude", *about, detail="the key sees no project"),
        Coverage("cloud", "bnerd", *about),
        Coverage("cloud-dev", "bnerd", *about, detail="not offered by the provider"),
    )
    shown = plain(*answer_notes(Answer(Stream.BALANCES, None, (), rows))).splitlines()
    assert [line.strip() for line in shown] == [
        "the key sees no project: metal",
        "not offered by the provider: cloud, cloud-dev",
        "* none of the chosen accounts answers for this",
    ]


def test_many_reasons_are_counted() -> None:
    charges = tuple(
        Charge(
            str(n),
            Category.USAGE,
            OCTOBER,
            f"service {n}",
            None,
            reason="no price",
            provider="p",
            account="a",
        )
        for n in range(5)
    )
    row = Coverage("a", "p", Stream.USAGE, State.PARTIAL, OCTOBER, "5 without a stated amount")
    shown = plain(
        *answer_notes(
            Answer(
                Stream.USAGE,
                OCTOBER,
                (Usage(OCTOBER, OCTOBER, charges, provider="p", account="a"),),
                (row,),
            )
        )
    )
    assert "service 2: no price" in shown
    assert "service 3" not in shown
    assert "and 2 more; see --format json" in shown


NOW = datetime(2026, 11, 28, 15, 54, tzinfo=UTC)
NOVEMBER, CYCLE = Period.month(2026, 11), Period.parse("2026-11-12..2026-12-12")


def open_row(account: str, covers: Period, known_until: datetime | None = NOW) -> Coverage:
    row = Coverage(account, "p", Stream.USAGE, State.COMPLETE, covers)
    return evolve(row, known_until=known_until)


def test_an_open_window_is_marked_with_the_moment_it_is_known_until() -> None:
    later = NOW + timedelta(seconds=9)  # what nobody is shown tells no accounts apart
    rows = (open_row("ci", NOVEMBER), open_row("metal", NOVEMBER, later))
    notes = plain(*answer_notes(Answer(Stream.USAGE, NOVEMBER, (), rows)))
    assert notes.strip() == "so far, until 2026-11-28 15:54 UTC: ci, metal"
    assert window_text(NOVEMBER, rows) == "2026-11, so far, until 2026-11-28 15:54 UTC"


def test_one_total_over_several_windows_says_so() -> None:
    rows = (open_row("ci", NOVEMBER), open_row("k8s", NOVEMBER), open_row("metal", CYCLE))
    notes = plain(*answer_notes(Answer(Stream.USAGE, None, (), rows)))
    assert "windows differ: 2026-11 (ci, k8s), 2026-11-12..2026-12-12 (metal)" in notes
    same = plain(*answer_notes(Answer(Stream.USAGE, None, (), rows[:2])))
    assert "windows differ" not in same


def test_the_windows_of_an_account_that_lacks_a_part_are_those_that_its_items_state() -> None:
    gone = Coverage("metal", "p", Stream.USAGE, State.PARTIAL, None, "404", "p2")
    read = Usage(None, CYCLE, (), account="metal", provider="p")
    answered = Answer(Stream.USAGE, None, (read,), (open_row("ci", NOVEMBER), gone))
    notes = plain(*answer_notes(answered))
    assert "windows differ: 2026-11 (ci), 2026-11-12..2026-12-12 (metal)" in notes
    assert "incomplete: metal p2 (p) partial: 404" in notes


def test_what_an_incomplete_account_covers_is_in_days_as_windows_are_everywhere() -> None:
    cycle = Period(NOW, NOW + timedelta(days=30))
    rows = (Coverage("metal", "p", Stream.USAGE, State.DIFFERENT_WINDOW, cycle, "cycles alone"),)
    notes = plain(*answer_notes(Answer(Stream.USAGE, NOVEMBER, (), rows)))
    assert "covers 2026-11-28..12-28: cycles alone" in " ".join(notes.split())


def test_parts_with_one_reason_and_several_windows_share_a_note() -> None:
    first = Coverage(
        "metal", "p", Stream.USAGE, State.DIFFERENT_WINDOW, CYCLE, "whole cycles alone", part="p1"
    )
    rows = (first, evolve(first, part="p2"), evolve(first, part="p3", covers=NOVEMBER))
    notes = plain(*answer_notes(Answer(Stream.USAGE, NOVEMBER, (), rows)))
    assert [line.strip() for line in notes.splitlines()] == [
        "* incomplete: metal (p) different window: whole cycles alone",
        "metal p1, metal p2: covers 2026-11-12..2026-12-12",
        "metal p3: covers 2026-11",
    ]


def failed(*errors: BillfoldError) -> Answer[Usage]:
    """An answer of accounts that each failed by an error."""
    rows = [
        Coverage(str(error.account), "p", Stream.USAGE, State.FAILED, None, error.message)
        for error in errors
    ]
    return Answer(Stream.USAGE, NOVEMBER, (), tuple(rows), errors)


def lines(answer: Answer[Usage]) -> list[str]:
    return [line.strip() for line in plain(*answer_notes(answer)).splitlines()]


def test_projects_that_fail_for_one_reason_share_a_note_that_names_them() -> None:
    refused = ForbiddenError("403 No", account="metal")
    a, b = refused.about("project a"), refused.about("project b")
    assert lines(failed(a, b, NotFoundError("404 Gone", account="metal"))) == [
        "* incomplete: metal (p) failed: 403 No",
        "about project a, project b",
        "Try: give the token the permission, or use another token",
        "Try: check the account's settings, and the ids given",
        "* incomplete: metal (p) failed: 404 Gone",
        "Try: give the token the permission, or use another token",
        "Try: check the account's settings, and the ids given",
    ]
    assert lines(failed(a))[0] == "* incomplete: metal (p) failed: 403 No (project a)"


def test_what_a_provider_says_in_parentheses_is_not_what_a_failure_is_about() -> None:
    words = [f"403 No ({said})" for said in ("see docs", "ask the owner")]
    notes = lines(failed(*(ForbiddenError(each, account="ci") for each in words)))
    assert [line for line in notes if line.startswith("*")] == [
        "* incomplete: ci (p) failed: 403 No (see docs)",
        "* incomplete: ci (p) failed: 403 No (ask the owner)",
    ]


def test_accounts_that_were_tried_for_other_times_share_a_note() -> None:
    errors = [TransientError("502 Bad Gateway", account=name) for name in ("a", "b", "c")]
    for error, times, seconds in zip(errors, (5, 5, 4), (3.44, 2.31, 6.0), strict=True):
        error.give_up(times, seconds)
    assert " ".join(lines(failed(*errors))) == (
        "* incomplete: a, b, c (p) failed: 502 Bad Gateway (tried 4 to 5 times over 2.3 to 6.0 s) "
        "Try: run the command again"
    )
    told = " ".join(lines(failed(errors[0].about("project a"))))
    assert "502 Bad Gateway (tried 5 times over 3.4 s) (project a) Try" in told


def test_a_window_that_is_over_needs_no_note() -> None:
    rows = (open_row("ci", NOVEMBER, None),)
    assert answer_notes(Answer(Stream.USAGE, NOVEMBER, (), rows)) == []


def test_an_answer_that_needs_no_note_has_none_and_one_with_a_note_needs_it() -> None:
    over, running = open_row("ci", NOVEMBER, None), open_row("ci", NOVEMBER)
    gap = Check("total vs. lines", eur("1.00"), eur("0.50"))
    odd = Usage(NOVEMBER, NOVEMBER, (), checks=(gap,), provider="p", account="ci")
    tried = [
        Answer(Stream.USAGE, NOVEMBER, (), (over,)),
        Answer(Stream.USAGE, NOVEMBER, (), (over, evolve(over, account="metal"))),
        Answer(Stream.USAGE, NOVEMBER, (), (running,)),
        Answer(Stream.USAGE, None, (), (over, evolve(over, covers=CYCLE))),
        Answer(Stream.USAGE, NOVEMBER, (), (evolve(over, detail="one repeated"),)),
        Answer(Stream.USAGE, NOVEMBER, (), (evolve(over, state=State.PARTIAL),)),
        Answer(Stream.USAGE, NOVEMBER, (), (over, evolve(over, state=State.UNSUPPORTED))),
        Answer(Stream.USAGE, NOVEMBER, (), (over,), left_out=("k8s",)),
        Answer(Stream.USAGE, NOVEMBER, (odd,), (over,)),
        Answer(Stream.USAGE, NOVEMBER, (), ()),
    ]
    assert [needs_no_note(answer) for answer in tried] == [True, True, *[False] * 8]
    assert [answer_notes(answer) == [] for answer in tried] == [True, True, *[False] * 8]


def test_of_many_accounts_that_are_left_out_a_few_are_named() -> None:
    row, names = open_row("ci", NOVEMBER, None), tuple(f"a{number}" for number in range(12))
    answer = Answer(Stream.USAGE, NOVEMBER, (), (row,), accounts=("ci",), left_out=names)  # type: ignore[var-annotated]
    assert " ".join(plain(*answer_notes(answer)).split()) == (
        "! complete - 1 of 13 accounts; left out: a0, a1, a2, a3, a4, a5, a6, a7, a8, a9 and 2 more"
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnreachableError("x"), "Try: check the network and the account's base URL"),
        (NotFoundError("x"), "Try: check the account's settings, and the ids given"),
        (BillfoldError("x"), "Try: what the message says"),
        (
            TokenError("x"),
            "Try: correct where the token is kept; billfold accounts shows where that is",
        ),
        (ConfigError("x"), "Try: correct the account's configuration"),
        (TransientError("x", request_id="r-1"), "Try: run the command again (request id r-1)"),
    ],
)
def test_every_failure_says_what_to_do(error, said) -> None:
    assert advice(error) == said


@pytest.mark.parametrize(
    ("gap", "only_rounding"),
    [
        (eur("0.005"), True),
        (eur("0.005001"), False),
        (eur("-0.0049"), True),
        (Money(Decimal("0.5"), "JPY"), True),
        (Money(Decimal("0.0001"), "XAU"), False),
    ],
)
def test_at_most_half_the_smallest_unit_is_rounding_noise(gap, only_rounding) -> None:
    assert gap.is_rounding_noise() is only_rounding
