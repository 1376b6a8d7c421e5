"""What is written on standard error: nothing by a success that nobody watches."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from billfold import Answer, Check, Period, Stream, Usage
from billfold.cli.output.notes import answer_notes
from billfold.cli.verbosity import Verbosity, saying
from cli.output.rendering import eur, plain
from support.commands import Ended

Ask = Callable[..., Ended]

OCTOBER = ("--period", "2026-10")
SUCCESSES = [
    ("subscriptions", "--format", "json"),
    ("usage", *OCTOBER, "--format", "csv"),
    ("costs", *OCTOBER, "--in", "EUR", "--constant", "USD=1.25", "--format", "csv"),
    ("report", *OCTOBER, "--out", "page.html"),
    ("export", "focus", *OCTOBER, "--out", "focus"),
]


@pytest.mark.parametrize("command", SUCCESSES)
def test_a_success_without_a_terminal_is_silent(ask: Ask, command: tuple[str, ...]) -> None:
    ended = ask("--account", "cloud-dev", *command)
    assert (ended.code, ended.err) == (0, "")


def test_what_is_missing_is_said_without_a_terminal_and_quietly(ask: Ask) -> None:
    ended = ask("-q", "--account", "k8s", "usage", *OCTOBER, "--format", "json")
    assert ended.code == 4
    assert "incomplete: k8s (aether) unavailable" in ended.err


def test_every_request_is_a_line_with_its_account_status_time_and_attempt(
    ask: Ask, world: Path
) -> None:
    ended = ask("balances", "--account", "ci", "--format", "json", "--verbose")
    line = r"ci: GET /api/v0/billing/balance/[\w-]+: 200 in \d+\.\d\d s, attempt 1"
    assert re.search(f"^{line}$", ended.err, re.MULTILINE)
    assert ask("balances", "--account", "ci", "--format", "json").err == ""  # and only where asked


def test_rounding_is_a_remark_for_who_wants_every_detail() -> None:
    october, noise = Period.month(2026, 10), Check("total", eur("0.001"), eur("0"))
    usage = Usage(october, october, (), checks=(noise,), provider="p", account="a")
    answer = Answer(Stream.USAGE, october, (usage,), ())
    with saying(Verbosity.VERBOSE):
        assert "a: total: rounding difference of 0.001 EUR" in plain(*answer_notes(answer))
    assert "rounding" not in plain(*answer_notes(answer))


def test_more_and_less_exclude_each_other(billfold: Ask) -> None:
    ended = billfold("-v", "-q", "balances")
    assert (ended.code, "choose one" in ended.err) == (2, True)
