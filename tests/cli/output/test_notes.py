"""The notes beside the numbers: reasons, and what to do."""

from decimal import Decimal

import pytest

from billfold import (
    Answer,
    BillfoldError,
    Category,
    Charge,
    Coverage,
    Money,
    NotFoundError,
    Period,
    State,
    Stream,
    TransientError,
    UnreachableError,
    Usage,
)
from billfold.cli.output.notes import advice, answer_notes
from cli.output.rendering import eur, plain

OCTOBER = Period.month(2026, 10)


def test_markup_of_a_provider_is_text() -> None:
    row = Coverage(
        "[red]ci[/red]", "harmont", Stream.BALANCES, State.FAILED, detail="[link=x]y[/link]"
    )
    shown = plain(*answer_notes(Answer(Stream.BALANCES, None, (), (row,))))
    assert "[red]ci[/red] (harmont) failed: [link=x]y[/link]" in shown


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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnreachableError("x"), "Try: check the network and the account's base URL"),
        (NotFoundError("x"), "Try: check the account's settings, and the ids given"),
        (BillfoldError("x"), "Try: what the message says"),
        (TransientError("x", request_id="r-1"), "Try: run the command again (request id r-1)"),
    ],
)
def test_every_failure_says_what_to_do(error, said) -> None:
    assert advice(error) == said


@pytest.mark.parametrize(
    ("gap", "only_rounding"),
    [
        (eur("0.004999"), True),
        (eur("0.005"), False),
        (eur("-0.0049"), True),
        (Money(Decimal("0.49"), "JPY"), True),
        (Money(Decimal("0.0001"), "XAU"), False),
    ],
)
def test_less_than_half_the_smallest_unit_is_rounding_noise(gap, only_rounding) -> None:
    assert gap.is_rounding_noise() is only_rounding
