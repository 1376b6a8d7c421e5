"""What a reconciliation says of the parts of an account that could not be read."""

import pytest

from billfold import Coverage, NotFoundError, State, Stream
from billfold.cli.options import OutputFormat
from billfold.cli.output.reconciliation import write_reconciliation
from billfold.reconcile import Identity, Reconciliation
from support.costs import OCTOBER, money


@pytest.mark.parametrize("form", list(OutputFormat))
def test_an_organization_that_failed_is_named_in_every_format(
    capsys: pytest.CaptureFixture[str], form: OutputFormat
) -> None:
    row = Coverage(
        "harmont", "harmont", Stream.USAGE, State.PARTIAL, OCTOBER, "404 no route", "beta"
    )
    error = NotFoundError("404 no route").locate(provider="harmont", account="harmont", part="beta")
    write_reconciliation(Reconciliation(OCTOBER, (), (row,), (error,)), form)
    written = capsys.readouterr()
    notes = written.out if form is OutputFormat.TABLE else written.err
    assert "not compared: harmont beta (harmont) usage partial: 404 no route" in notes
    assert "    harmont beta: Try: " in notes


@pytest.mark.parametrize(
    ("states", "headline"),
    [
        ([], "all 2 agree"),
        ([State.UNAVAILABLE], "2 agree, 1 account without an answer for the period"),
        ([State.UNAVAILABLE] * 2, "2 agree, 2 accounts without an answer for the period"),
    ],
)
def test_all_agree_only_where_every_account_has_an_answer(
    capsys: pytest.CaptureFixture[str], states: list[State], headline: str
) -> None:
    agreed = Identity("ci", "harmont", "a", OCTOBER, money("1.00 USD"), money("1.00 USD"))
    rows = [
        Coverage(f"metal-{number}", "latitude", Stream.USAGE, state)
        for number, state in enumerate(states)
    ]
    read = Coverage("ci", "harmont", Stream.USAGE, State.COMPLETE, OCTOBER)
    result = Reconciliation(OCTOBER, (agreed, agreed), (read, *rows), ())
    write_reconciliation(result, OutputFormat.TABLE)
    assert f"2026-10  {headline}\n" in capsys.readouterr().out


def test_what_agrees_in_the_sums_of_its_days_alone_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    usd, said = money("3.00 USD"), "2026-10-10: 2 leases and 1 debit add up to 3.00 USD"
    agreed = Identity("ci", "harmont", "debits", OCTOBER, usd, usd, evidence=(said,))
    result = Reconciliation(
        OCTOBER, (agreed,), (Coverage("ci", "harmont", Stream.USAGE, State.COMPLETE, OCTOBER),), ()
    )
    write_reconciliation(result, OutputFormat.TABLE)
    written = capsys.readouterr().out
    assert "agree by day" in written
    assert f"ci: debits: agree by day\n    {said}" in written
