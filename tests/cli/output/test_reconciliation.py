"""What a reconciliation says of the parts of an account that could not be read."""

import pytest

from billfold import Coverage, NotFoundError, State, Stream
from billfold.cli.options import OutputFormat
from billfold.cli.output.reconciliation import write_reconciliation
from billfold.reconcile import Reconciliation
from support.costs import OCTOBER


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
