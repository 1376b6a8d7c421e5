"""``billfold balances``: a total that misses something is marked, and how long money lasts."""

import json
from decimal import Decimal

import pytest


@pytest.mark.usefixtures("two_accounts")
def test_a_partial_table_marks_its_total_and_dims_the_hole(billfold) -> None:
    lines = billfold("balances").out.splitlines()
    assert lines[3].split() == ["good", "acme", "harmont", "prepaid", "unknown", "12.34", "USD"]
    assert lines[4].split() == ["bad", "failed", "*"]
    assert lines[6].split() == ["Total", "prepaid", "12.34", "USD", "*"]
    assert lines[-1] == (
        "* how long it lasts is not known: good acme (its costs of 30 days were not read in full)"
    )


def test_prepaid_money_lasts_at_the_average_cost_of_the_last_thirty_whole_days(ask) -> None:
    listed = json.loads(ask("--account", "ci", "balances", "--format", "json").out)
    (runway,), (balance,) = listed["runways"], listed["items"]
    days = json.loads(
        ask("-a", "ci", "daily", "-p", "2026-10-21..2026-11-20", "--format", "json").out
    )
    average = Decimal(days["totals"]["USD"]) / 30
    assert runway["days"] == int(Decimal(balance["amount"]["amount"]) / average) > 0
    assert f"{runway['days']} days to {runway['until']}" in ask("--account", "ci", "balances").out


def test_money_that_lasts_long_enough_is_0_and_a_day_less_is_3(ask) -> None:
    listed = json.loads(ask("--account", "ci", "balances", "--format", "json").out)
    days = listed["runways"][0]["days"]
    enough = ask("--account", "ci", "balances", "--fail-under", f"{days}d")
    short = ask("--account", "ci", "balances", "--fail-under", f"{days + 1}d")
    assert (enough.code, short.code) == (0, 3)
    assert f"less than {days + 1} days" in short.err


def test_overdrawn_money_is_not_enough_and_credit_is_not_judged(ask) -> None:
    overdrawn = ask("--account", "ci-legacy", "balances", "--fail-under", "1d")
    assert (overdrawn.code, "ci-legacy quarry-9: overdrawn" in overdrawn.err) == (3, True)
    credit = ask("--account", "metal", "balances", "--fail-under", "1d")
    assert (credit.code, "no account has prepaid money" in credit.err) == (4, True)


@pytest.mark.usefixtures("two_accounts")
def test_balances_that_were_not_read_are_named_and_are_not_called_none(billfold) -> None:
    alone = billfold("--account", "bad", "balances", "--fail-under", "1d")
    assert (alone.code, "not read: the balances of bad" in alone.err) == (4, True)
    assert "no account has prepaid money" not in alone.err
    both = billfold("balances", "--fail-under", "1d")
    assert (both.code, "not read: the balances of bad" in both.err) == (3, True)


@pytest.mark.usefixtures("two_accounts")
def test_what_nobody_knows_is_never_enough(billfold) -> None:
    done = billfold("--account", "good", "balances", "--fail-under", "1d")
    assert (done.code, "good acme: not known to last 1 day" in done.err) == (3, True)


@pytest.mark.parametrize("text", ["", "14", "0d", "-1d", "1.5d", "2w", "100000d"])
def test_what_is_no_number_of_days_is_wrong_use(billfold, text) -> None:
    assert billfold("balances", f"--fail-under={text}").code == 2
