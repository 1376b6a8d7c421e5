"""``--limit`` shows fewer rows, and hides neither totals nor what programs read."""

import json
from collections.abc import Callable

from support.commands import Ended

DAILY = ("--account", "ci", "daily", "--period", "2026-10")


def test_a_table_has_so_many_rows_and_the_total_of_all(ask: Callable[..., Ended]) -> None:
    everything, some = ask(*DAILY).out, ask(*DAILY, "--limit", "3").out
    assert "and 28 more" in some  # of the 31 days of October
    totals = [
        line.split()
        for shown in (everything, some)
        for line in shown.splitlines()
        if line.startswith("Total")
    ]
    assert totals == [["Total", "146.16", "USD"]] * 2


def test_of_many_charges_so_many_are_listed(ask: Callable[..., Ended]) -> None:
    usage = ("--account", "ci", "usage", "--period", "2026-10", "--lines")
    shown = ask(*usage, "--limit", "2").out
    assert "2 of " in shown
    assert " charges shown" in shown
    assert len(shown.splitlines()) < 25 < len(ask(*usage).out.splitlines())


def test_programs_read_everything(ask: Callable[..., Ended]) -> None:
    written = json.loads(ask(*DAILY, "--limit", "3", "--format", "json").out)
    assert len(written["items"]) == 31
    assert len(ask(*DAILY, "--limit", "3", "--format", "csv").out.splitlines()) == 32


def test_a_limit_is_a_whole_number_above_zero(billfold: Callable[..., Ended]) -> None:
    ended = billfold("ledger", "--limit", "0")
    assert (ended.code, "'0' is no whole number from 1" in ended.err) == (2, True)


def test_balances_and_payment_methods_have_so_many_rows_and_the_totals_of_all(
    ask: Callable[..., Ended],
) -> None:
    everything, some = ask("balances").out, ask("balances", "--limit", "1").out
    totals = [
        [line.split() for line in shown.splitlines() if "Total" in line]
        for shown in (everything, some)
    ]
    assert totals[0] == totals[1] != []
    count = len(json.loads(ask("balances", "--limit", "1", "--format", "json").out)["items"])
    assert f"and {count - 1} more" in some
    assert "more" not in everything
    methods = json.loads(ask("payment-methods", "--format", "json").out)["items"]
    assert f"and {len(methods) - 2} more" in ask("payment-methods", "--limit", "2").out
