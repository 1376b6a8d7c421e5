"""The help, the version and completion of the whole program."""

from importlib.metadata import version

import pytest

from cli.conftest import STREAMS


def test_help_names_every_command_and_the_exit_codes(billfold) -> None:
    text = billfold("--help").out
    for command in (*STREAMS, "invoice", "accounts", "providers", "demo", "sandbox", "Exit codes"):
        assert command in text


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("billfold payment", ["payment-methods"]),
        ("billfold usage --format ", ["table", "json", "csv"]),
        ("billfold --account ci-", ["ci-legacy"]),
        ("billfold --provider la", ["latitude"]),
        ("billfold usage --period th", ["this-month"]),
    ],
)
def test_completion_knows_commands_formats_and_what_is_configured(
    billfold, sandbox, monkeypatch, words, offered
) -> None:
    monkeypatch.setenv("_BILLFOLD_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    monkeypatch.setenv("BILLFOLD_CONFIG", str(sandbox))
    assert billfold().out.split() == offered


def test_completion_of_accounts_is_silent_without_a_configuration(billfold, monkeypatch) -> None:
    monkeypatch.setenv("_BILLFOLD_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "billfold --account x")
    monkeypatch.setenv("COMP_CWORD", "2")
    done = billfold()
    assert (done.out.strip(), done.err) == ("", "")


def test_the_version_is_one_line(billfold) -> None:
    assert billfold("--version").out == f"billfold {version('billfold')}\n"
