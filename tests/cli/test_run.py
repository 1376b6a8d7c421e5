"""How commands end: exit codes, and messages that say what is wrong, where, and what to do."""

import signal
import sys

import pytest

from billfold import (
    Answer,
)
from cli.conftest import BALANCE, TWO_ACCOUNTS
from support.signalled import when


@pytest.mark.usefixtures("two_accounts")
@pytest.mark.parametrize("command", ["balances", "check"])
def test_some_answers_are_3_and_none_are_4(billfold, command) -> None:
    assert billfold("--account", "good", command).code == 0
    some = billfold(command)
    none = billfold("--account", "bad", command)
    assert (some.code, none.code) == (3, 4)
    for done in (some, none):
        assert "* incomplete: bad (latitude) failed: 401" in done.out
        assert "Try: replace the token" in done.out


@pytest.mark.usefixtures("two_accounts")
def test_a_stream_nobody_has_answers_nothing(billfold) -> None:
    done = billfold("--account", "good", "invoices")
    assert done.code == 4
    assert "not offered by the provider: good" in done.out


@pytest.mark.usefixtures("two_accounts")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--account", "god", "balances"],
            "no account is named 'god'; did you mean 'good'? there are: bad, good",
        ),
        (
            ["--provider", "bnerd", "balances"],
            "no account has the provider 'bnerd'; there are: harmont, latitude",
        ),
        (
            ["--config", "nowhere.toml", "balances"],
            "nowhere.toml: cannot be read: No such file or directory",
        ),
        (["usage", "--period", "October"], "--period: 'October' is not a period; write 2026-10"),
        (["usage", "--period", "2026-10-02..2026-10-01"], "--period: the period is empty"),
        (["daily", "-p", "9999-12-31"], "--period: there is no day after 9999-12-31"),
        (["invoice", "nobody", "1"], "no account is named 'nobody'"),
        (["--deadline", "0", "balances"], "more than 0 seconds"),
        (["--deadline", "-1", "balances"], "more than 0 seconds"),
        (["--deadline", "nan", "balances"], "more than 0 seconds"),
        (["--deadline", "inf", "balances"], "more than 0 seconds"),
        (["--deadline", "soon", "balances"], "--deadline"),
        (["balances", "--format", "xml"], "--format"),
        (["invoices", "--kind", "paper"], "--kind"),
        (["payments"], "payments"),
        (["sandbox", "--port", "70000"], "--port"),
        (["invoice", "good"], "ID"),
    ],
)
def test_wrong_use_is_2_and_says_what_is_wrong(billfold, mocked, arguments, said) -> None:
    done = billfold(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.split())
    assert "Traceback" not in done.err
    assert mocked.sent() == []


def test_everything_that_is_missing_is_named_before_any_request(billfold, tmp_path, mocked) -> None:
    (tmp_path / "billfold.toml").write_text(
        TWO_ACCOUNTS
        + """
        [[accounts]]
        name = "cloud"
        provider = "bnerd"
        [[accounts]]
        name = "file"
        provider = "harmont"
        token_file = "gone.token"
        """
    )
    done = billfold("balances")
    assert (done.code, done.out) == (2, "")
    assert "account 'good': the environment variable GOOD is not set" in done.err
    assert "account 'bad': the environment variable BAD is not set" in done.err
    assert "account 'cloud': bnerd needs org" in done.err
    assert "gone.token cannot be read" in done.err
    assert all(line.startswith("billfold: ") for line in done.err.splitlines())
    assert mocked.sent() == []


def test_the_environment_is_a_configuration(billfold, monkeypatch, mocked) -> None:
    monkeypatch.setenv("HARMONT_TOKEN", "abc")
    monkeypatch.setenv("HARMONT_ORG", "acme")
    monkeypatch.setenv("BNERD_TOKEN", "abc")
    monkeypatch.delenv("BNERD_ORG_ID", raising=False)
    mocked.add(BALANCE, payload={"balance_cents": 1}, repeat=True)
    assert billfold("--provider", "harmont", "balances").code == 0
    refused = billfold("balances")
    assert refused.code == 2
    assert "BNERD_ORG_ID" in refused.err


def test_nothing_configured_says_how_to_begin(billfold) -> None:
    done = billfold("balances")
    assert done.code == 2
    assert "billfold.toml" in done.err
    assert "HARMONT_TOKEN" in done.err


def test_tokens_that_take_too_long_to_read_end_at_the_deadline(billfold, tmp_path) -> None:
    (tmp_path / "billfold.toml").write_text(
        '[[accounts]]\nname = "slow"\nprovider = "harmont"\n'
        'token_command = ["sh", "-c", "sleep 20"]\n'
    )
    done = billfold("--deadline", "0.1", "balances")
    assert done.code == 2
    assert "could not be read within 0.1 seconds" in done.err


@pytest.mark.usefixtures("two_accounts")
def test_a_bug_is_raised_and_not_dressed_up(billfold, mocked) -> None:
    mocked.clear()
    mocked.add(BALANCE, exception=RuntimeError("a bug"))
    with pytest.raises(ExceptionGroup) as raised:
        billfold("--account", "good", "balances")
    assert raised.group_contains(RuntimeError, match="a bug")


def test_a_deadline_is_passed_on(billfold, sandbox) -> None:
    done = billfold(
        "--config", sandbox, "--deadline", "20", "--account", "ci", "balances", "--format", "json"
    )
    assert Answer.from_json(done.out).complete


@pytest.mark.parametrize("package", ["typer", "rich"])
def test_without_the_extra_it_says_what_to_install(billfold, monkeypatch, package) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    done = billfold("balances")
    assert (done.code, done.out) == (2, "")
    assert "pip install 'billfold[cli]'" in done.err


def test_ctrl_c_is_130(billfold, tmp_path) -> None:
    (tmp_path / "billfold.toml").write_text(
        '[[accounts]]\nname = "slow"\nprovider = "harmont"\n'
        'token_command = ["sh", "-c", "touch began; sleep 20"]\n'
    )
    with when((tmp_path / "began").exists, signal.SIGINT):
        done = billfold("balances")
    assert (done.code, done.out, done.err) == (130, "", "")
