"""How commands end: exit codes, and messages that say what is wrong, where, and what to do."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from attrs import evolve

from billfold import Answer, TokenError
from billfold.adapter import find
from billfold.cli.run import run_to_end, stop_by_signals
from billfold.wire import Problem
from cli.conftest import BALANCE, RULES, STREAMS, TWO_ACCOUNTS
from support.commands import Ended
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
        (["sync", "--stored"], "--stored makes no request, and billfold sync is for nothing else"),
        (["sync", "--stored", "--as-of", "2026-11-01"], "sync is for nothing else: leave --stored"),
        (["rates", "update", "--stored"], "billfold rates update is for nothing else: leave"),
        (["init", "--stored", "--provider", "harmont"], "billfold init is for nothing else"),
        (["demo", "--stored"], "billfold demo is for nothing else"),
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


def test_every_mistake_in_the_file_is_named_before_any_request(billfold, tmp_path, mocked) -> None:
    (tmp_path / "billfold.toml").write_text(
        TWO_ACCOUNTS
        + """
        [[accounts]]
        name = "cloud"
        provider = "bnerd"
        [[accounts]]
        name = "file"
        provider = "harmont"
        token_evn = "X"
        """
    )
    done = billfold("balances")
    assert (done.code, done.out) == (2, "")
    assert "account 'cloud': bnerd needs org" in done.err
    assert "account 'file': unknown key 'token_evn'" in done.err
    assert all(line.startswith("billfold: ") for line in done.err.splitlines())
    assert mocked.sent() == []


THREE_ACCOUNTS = (
    TWO_ACCOUNTS
    + """
[[accounts]]
name = "cloud"
provider = "bnerd"
org = "0f0f0f0f-1234-4abc-8def-0123456789ab"
token_env = "CLOUD"
"""
)
HARMONTS = ("daily", "ledger", "balances")  # b'nerd has no such streams
EVERY_COMMAND = (
    *STREAMS,
    "costs",
    "reconcile",
    "report --period 2026-10 --in EUR --out report.html",
    "costs --period 2026-10 --compare previous",
    "explain 1.00",
    "export focus --period 2026-10 --out focus",
    "allocate --check rules.toml",
)


def told(done: Ended, folder: Path) -> str:
    """Return all that was said, in one line of text; a report says it on its page."""
    page = folder / "report.html"
    text = page.read_text() if page.exists() else ""
    return " ".join((done.out + done.err + text).split())


@pytest.mark.parametrize("command", EVERY_COMMAND)
def test_without_any_token_a_command_is_wrong_use_and_names_them_all(
    billfold, tmp_path, mocked, command
) -> None:
    (tmp_path / "three.toml").write_text(THREE_ACCOUNTS)
    (tmp_path / "rules.toml").write_text(RULES)
    done = billfold("--config", "three.toml", *command.split())
    assert (done.code, done.out, mocked.sent()) == (2, "", [])
    assert done.err.splitlines() == [
        f"billfold: account {name.lower()!r}: the environment variable {name} is not set; "
        "it should hold the token"
        for name in ("GOOD", "BAD", "CLOUD")
    ]


@pytest.mark.parametrize("command", [each for each in EVERY_COMMAND if each not in HARMONTS])
def test_a_token_that_cannot_be_read_silences_no_other_account(
    billfold, tmp_path, monkeypatch, mocked, command
) -> None:
    (tmp_path / "three.toml").write_text(THREE_ACCOUNTS)
    (tmp_path / "rules.toml").write_text(RULES)
    monkeypatch.setenv("GOOD", "good-token")
    mocked.add(re.compile(r"https://api\.harmont\.dev/.*"), status=404, repeat=True)
    done = billfold("--config", "three.toml", *command.split())
    assert done.code in (3, 4)
    assert "the environment variable CLOUD is not set" in told(done, tmp_path)


@pytest.mark.usefixtures("two_accounts")
def test_the_failure_of_an_unread_token_is_in_the_json(billfold, monkeypatch) -> None:
    monkeypatch.delenv("BAD")
    done = billfold("balances", "--format", "json")
    assert done.code == 3
    answer = Answer.from_json(done.out)
    assert answer.failures[0] == TokenError(
        "the environment variable BAD is not set; it should hold the token",
        provider="latitude",
        account="bad",
    )


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
    assert "billfold init" in done.err
    assert "HARMONT_TOKEN" in done.err


def test_tokens_that_take_too_long_to_read_end_at_the_deadline(billfold, tmp_path) -> None:
    (tmp_path / "billfold.toml").write_text(
        '[[accounts]]\nname = "slow"\nprovider = "harmont"\n'
        'token_command = ["sh", "-c", "sleep 20"]\n'
    )
    done = billfold("--config", "billfold.toml", "--deadline", "0.1", "balances")
    assert done.code == 4
    assert "slow (harmont) timed out: the deadline ended the work" in done.out


@pytest.mark.usefixtures("two_accounts")
def test_a_bug_is_raised_and_not_dressed_up(billfold, monkeypatch) -> None:
    def buggy(*_: object) -> Problem:
        raise RuntimeError("a bug")

    adapter = find("latitude")
    monkeypatch.setattr(adapter, "declares", evolve(adapter.declares, problem=buggy))
    with pytest.raises(ExceptionGroup) as raised:
        billfold("--account", "bad", "balances")
    assert raised.group_contains(RuntimeError, match="a bug")


def test_a_deadline_is_passed_on(ask) -> None:
    done = ask("--deadline", "20", "--account", "ci", "balances", "--format", "json")
    assert Answer.from_json(done.out).complete


@pytest.mark.parametrize("package", ["typer", "rich"])
def test_without_the_extra_it_says_what_to_install(billfold, monkeypatch, package) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    done = billfold("balances")
    assert (done.code, done.out) == (2, "")
    assert re.search(r'pip install "platformdirs>=.*"rich>=.*"typer', done.err)


def test_ctrl_c_is_130(billfold, tmp_path) -> None:
    (tmp_path / "billfold.toml").write_text(
        '[[accounts]]\nname = "slow"\nprovider = "harmont"\n'
        'token_command = ["sh", "-c", "touch began; sleep 20"]\n'
    )
    with when((tmp_path / "began").exists, signal.SIGINT):
        done = billfold("--config", "billfold.toml", "balances")
    assert (done.code, done.out, done.err) == (130, "", "")


def test_ctrl_c_inside_a_callback_of_the_loop_breaks_nothing_in_it(caplog) -> None:
    async def interrupted_as_it_connects() -> None:
        loop = asyncio.get_running_loop()
        connected = loop.create_future()

        def connect() -> None:  # asyncio's own callbacks look first, and set then
            assert not connected.done()
            signal.raise_signal(signal.SIGINT)
            connected.set_result(None)

        loop.call_soon(connect)
        await connected
        await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt):
        run_to_end(interrupted_as_it_connects())
    assert caplog.messages == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_ends_work_that_does_not_let_go() -> None:
    async def stubborn() -> None:
        signal.raise_signal(signal.SIGINT)
        try:
            await asyncio.Event().wait()
        finally:
            signal.raise_signal(signal.SIGINT)
            await asyncio.Event().wait()

    with pytest.raises(KeyboardInterrupt):
        run_to_end(stubborn())


def test_ctrl_c_as_the_work_ends_is_not_lost() -> None:
    async def finished() -> str:
        signal.raise_signal(signal.SIGINT)
        return "done"

    with pytest.raises(KeyboardInterrupt):
        run_to_end(finished())


def test_ctrl_c_as_what_is_left_is_closed_leaves_no_loop_open() -> None:
    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            signal.raise_signal(signal.SIGINT)

    async def one_of(left: AsyncIterator[int]) -> int:
        return await anext(left)

    left = numbers()
    with pytest.raises(KeyboardInterrupt):
        run_to_end(one_of(left))


@pytest.mark.parametrize("handles", [False, True], ids=["by itself", "by a handler of the loop"])
def test_ctrl_c_that_the_caller_ignores_stays_ignored(handles: bool) -> None:
    async def undisturbed() -> str:
        if handles:
            stop_by_signals(asyncio.current_task().cancel)
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(0)
        return "done"

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert run_to_end(undisturbed()) == "done"
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_command_may_run_in_a_thread() -> None:
    async def answer() -> str:
        stop_by_signals(asyncio.current_task().cancel)
        return "done"

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(run_to_end, answer()).result() == "done"
