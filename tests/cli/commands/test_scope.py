"""An answer over some of the accounts says how many, and names the others."""

import csv
import json

import pytest

SCOPE = "complete - 1 of 2 accounts; left out: bad"


@pytest.mark.usefixtures("two_accounts")
def test_a_table_of_some_accounts_names_the_others(billfold) -> None:
    ended = billfold("--account", "good", "balances")
    assert ended.code == 0
    assert SCOPE in ended.out


@pytest.mark.usefixtures("two_accounts")
def test_json_of_some_accounts_names_the_others(billfold) -> None:
    ended = billfold("-v", "--provider", "harmont", "balances", "--format", "json")
    written = json.loads(ended.out)
    assert written["complete"] is True
    assert written["asked"] == {"period": None, "accounts": ["good"], "left_out": ["bad"]}
    assert SCOPE in ended.err


@pytest.mark.usefixtures("two_accounts")
def test_csv_of_some_accounts_names_the_others_beside_it(billfold) -> None:
    ended = billfold("-v", "--account", "good", "balances", "--format", "csv")
    assert [row["account"] for row in csv.DictReader(ended.out.splitlines())] == ["good"]
    assert SCOPE in ended.err


@pytest.mark.usefixtures("two_accounts")
def test_nothing_is_said_of_accounts_where_all_are_asked(billfold) -> None:
    assert " of 2 accounts" not in billfold("balances").out
