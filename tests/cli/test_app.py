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


def test_alone_it_greets_and_says_how_to_begin_and_whether_it_is_configured(
    billfold, sandbox, monkeypatch
) -> None:
    greeted = billfold()
    assert (greeted.code, greeted.err) == (0, "")
    assert all(f"billfold {name} " in greeted.out for name in ("demo", "costs"))
    assert "Configuration: none found." in greeted.out
    monkeypatch.setenv("HARMONT_TOKEN", "abc")
    assert "Configuration: the environment, 1 account." in billfold().out
    assert f"Configuration: {sandbox}, 8 accounts." in billfold("--config", sandbox).out


def test_a_configuration_that_cannot_be_used_is_named_by_the_greeting(billfold, tmp_path) -> None:
    (tmp_path / "billfold.toml").write_text("[[accounts")
    greeted = billfold()
    assert greeted.code == 0
    assert "Configuration: billfold.toml cannot be used: " in greeted.out


def test_options_without_a_command_are_wrong_use(billfold) -> None:
    ended = billfold("--account", "ci")
    assert (ended.code, "Missing command." in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "having"),
    [
        (("usage", "--by", "day"), "--by. It belongs to billfold costs, billfold trend"),
        (("--lines", "usage"), "--lines. It belongs to billfold usage"),
    ],
)
def test_an_option_of_another_command_names_that_command(billfold, words, having) -> None:
    ended = billfold(*words)
    said = " ".join(ended.err.replace("│", " ").split())
    assert (ended.code, f"No such option here: {having}" in said) == (2, True)


def test_the_version_is_one_line(billfold) -> None:
    assert billfold("--version").out == f"billfold {version('billfold')}\n"
