"""JSON: the answer alone, whatever the outcome, and nothing that a terminal would obey."""

import json

import pytest

from billfold import (
    Answer,
    Coverage,
    State,
    Stream,
)
from billfold.cli.options import OutputFormat
from billfold.cli.output.answers import write_answer
from billfold.cli.output.cost_view import write_costs
from billfold.cli.output.formats import document_json
from billfold.cli.output.reconciliation import write_reconciliation
from billfold.costs import cost_view, priced_lines
from billfold.reconcile import Reconciliation
from cli.conftest import STREAMS, stream_command
from support.toys import OCTOBER, usage


@pytest.mark.parametrize("stream", STREAMS)
def test_json_is_the_answer_alone_and_is_complete(ask, stream) -> None:
    done = ask(*stream_command(stream), "--format", "json")
    assert done.code == 0
    answer = Answer.from_json(done.out)
    assert answer.stream.value == stream.replace("-", "_")
    assert answer.complete
    assert answer.items
    written = json.loads(done.out)
    written.pop("runways", None)  # stand beside balances
    assert json.loads(answer.to_json()) == written


@pytest.mark.usefixtures("two_accounts")
def test_json_is_printed_even_when_nothing_could_be_answered(billfold) -> None:
    done = billfold("--account", "bad", "balances", "--format", "json")
    assert done.code == 4
    written = json.loads(done.out)
    assert (written["complete"], written["items"]) == (False, [])
    assert [row["error"] for row in written["failures"]] == ["CredentialsError"]
    assert "* incomplete: bad (latitude) failed: 401" in done.err


def test_json_escapes_what_a_terminal_might_obey() -> None:
    row = Coverage("a\x9b\x7f\x1b", "p", Stream.BALANCES, State.COMPLETE)
    answer: Answer[object] = Answer(Stream.BALANCES, None, (), (row,))
    text = document_json(answer.to_dict())
    assert '"a\\u009b\\u007f\\u001b"' in text
    assert Answer.from_json(text) == answer


def test_what_the_library_gives_is_what_the_command_line_prints(
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = Coverage("a1", "toy", Stream.USAGE, State.COMPLETE, OCTOBER, detail="\x9b and \u202e")
    answer = Answer(Stream.USAGE, OCTOBER, (usage("1.105", None),), (row,))
    view = cost_view(answer, priced_lines(answer), by="account", currency=None)
    compared = Reconciliation(OCTOBER, (), (row,), ())
    write_answer(answer, OutputFormat.JSON)
    assert capsys.readouterr().out == answer.to_json(indent=2) + "\n"
    write_costs(view, answer, None, OutputFormat.JSON)
    assert capsys.readouterr().out == view.to_json(indent=2) + "\n"
    write_reconciliation(compared, OutputFormat.JSON)
    assert capsys.readouterr().out == compared.to_json(indent=2) + "\n"
    assert json.loads(answer.to_json()) == answer.to_dict()
