"""``billfold allocate``: rules are tried on hand-computed numbers, which test_costs.py explains."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import RULES
from support.mocked import Mocked

OCTOBER = ("--period", "2026-10")


BOTH = ("--account", "ci", "--account", "cloud")


EURO = ("--in", "EUR", "--constant", "USD=1.25")


@pytest.fixture
def asked(ask: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command that writes JSON and give what it wrote."""

    def go(*arguments: object, code: int = 0) -> Any:
        ended = ask(*arguments, "--format", "json")
        assert ended.code == code, ended.err
        return json.loads(ended.out)

    return go


def test_rules_are_tried_and_what_nobody_gets_is_shown(
    asked: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    whole = asked(*BOTH, "allocate", "--check", "rules.toml", *OCTOBER)
    assert whole["schema"] == "billfold.allocation/1"
    centres = {row["keys"]["cost_centre"]: row["native"] for row in whole["rows"]}
    assert centres == {
        "(unallocated)": {"EUR": "320.00445"},  # 354.43445 - 34.43
        "platform": {"EUR": "11.48", "USD": "64.20"},  # a third of 34.43, and 142.82 - 78.62
        "shop": {"EUR": "22.95", "USD": "78.62"},
    }
    assert [(rule["for"], rule["lines"]) for rule in whole["rules"]] == [
        ("shop", 178),
        ("platform", 141),
        ("shared shop 2 : platform 1", 1),
        ("nobody", 0),
    ]
    assert {row["keys"]["service"] for row in whole["unallocated"]} >= {
        "Compute M",
        "Start-up credit",
    }


def test_a_rule_that_matches_nothing_is_a_warning(ask: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    asked = (*BOTH, "allocate", "--check", "rules.toml", *OCTOBER)
    warning = "warning: rule 4 matches nothing that earlier rules leave: service = Discontinued"
    for form in ("table", "json", "csv"):
        ended = ask(*asked, "--format", form)
        assert (ended.code, warning in ended.err, warning in ended.out) == (0, True, False)
        if form == "json":
            assert json.loads(ended.out)["unused_rules"] == [4]


def test_a_rule_that_matches_nothing_is_a_warning_wherever_rules_are_used(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    warning = "warning: rule 4 matches nothing that earlier rules leave: service = Discontinued"
    by_centre = ("--by", "cost_centre", "--rules", "rules.toml")
    for command in (
        ("costs", *OCTOBER, *by_centre, "--format", "csv"),
        ("trend", "--months", 2, *by_centre, "--spread"),
        ("report", *OCTOBER, "--out", "page.html", "--rules", "rules.toml", *EURO),
    ):
        ended = ask(*BOTH, *command)
        assert (ended.code, ended.err.count("matches nothing"), warning in ended.err) == (
            (0, 1, True)
        ), command
    assert "matches nothing" not in ask(*BOTH, "costs", *OCTOBER).err


@pytest.fixture
def unstated(
    billfold: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mocked: Mocked
) -> Callable[..., Any]:
    """Run a command over a month of 100.00 for Compute, and of GPU, whose cost nobody states.

    Rule 1 takes the GPU, so that rules 2 and 3 have nothing; rule 4 takes the Compute.
    """
    monkeypatch.setenv("CLOUD", "token")
    (tmp_path / "billfold.toml").write_text(
        '[[accounts]]\nname = "cloud"\nprovider = "bnerd"\ntoken_env = "CLOUD"\n'
        'org = "83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4"\nbase_url = "https://bnerd.example"\n'
    )
    (tmp_path / "rules.toml").write_text(
        '[[rule]]\nmatch = { service = "GPU" }\ncost_centre = "lab"\n'
        '[[rule]]\nmatch = { service = "G*" }\ncost_centre = "lab"\n'
        '[[rule]]\nmatch = { service = "Discontinued" }\ncost_centre = "nobody"\n'
        '[[rule]]\nmatch = "*"\ncost_centre = "rest"\n'
    )
    rows = [
        {"product": "Compute", "total": {"cents": 10000, "currency_iso": "EUR"}},
        {"product": "GPU", "total": None},
    ]
    at = r"https://bnerd\.example"
    mocked.add(re.compile(rf"{at}/billing/usage\?.*"), payload=rows, repeat=True)
    mocked.add(re.compile(rf"{at}/organizations/.*"), payload=[], repeat=True)
    mocked.add(re.compile(rf"{at}/invoices.*"), payload=[], repeat=True)
    return lambda *arguments: billfold("--config", "billfold.toml", *arguments)


def test_a_rule_that_matches_a_charge_without_a_stated_cost_alone_is_used(
    unstated: Callable[..., Any],
) -> None:
    check = ("allocate", "--check", "rules.toml", *OCTOBER)
    by_centre = ("--by", "cost_centre", "--rules", "rules.toml")
    for command in (
        check,
        (*check, "--format", "json"),
        ("costs", *OCTOBER, *by_centre, "--allow-partial"),
        ("costs", *OCTOBER, *by_centre, "--allow-partial", "--format", "json"),
        ("trend", "--months", 2, *by_centre, "--spread"),
        ("report", *OCTOBER, "--out", "p.html", "--rules", "rules.toml", "--allow-partial"),
    ):
        ended = unstated(*command)
        unused = re.findall(r"rule (\d) matches nothing that earlier rules leave", ended.err)
        assert (ended.code, unused) == (3, ["2", "3"]), command
    whole = json.loads(unstated(*check, "--format", "json").out)
    assert whole["unused_rules"] == [2, 3]
    assert [rule["lines"] for rule in whole["rules"]] == [0, 0, 0, 1]
    assert whole["totals"]["native"] == {"EUR": "100.00"}


def test_what_cannot_be_shared_without_a_rate_is_said_and_with_one_it_is_shared(
    asked: Callable[..., Any], ask: Callable[..., Any], tmp_path: Path
) -> None:
    by_usage = RULES.replace(
        "share = { shop = 2, platform = 1 }", 'share_by_usage = ["shop", "platform"]'
    )
    (tmp_path / "rules.toml").write_text(by_usage)
    check = (*BOTH, "allocate", "--check", "rules.toml", *OCTOBER)
    reason = "shop has costs in USD alone: convert, by --in"
    assert f"warning: rule 3 cannot share 34.43 EUR by usage: {reason}" in ask(*check).err
    whole = asked(*check)
    assert whole["rules"][2]["not_shared"] == [{"reason": reason, "native": {"EUR": "34.43"}}]
    converted = asked(*check, *EURO)
    assert converted["rules"][2]["not_shared"] == []
    shared = {each["cost_centre"]: each["shared"] for each in converted["chargeback"]}
    # 34.43 by 78.62 : 64.20, which 142.82 is
    assert shared == {None: {}, "platform": {"EUR": "15.48"}, "shop": {"EUR": "18.95"}}


def test_where_nobody_answered_nothing_is_said_to_be_allocated(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    asked = "--account", "metal", "allocate", "--check", "rules.toml", "--period", "2020-01"
    table = ask(*asked)
    assert table.code == 4
    assert "Nothing is unallocated." not in table.out
    assert "No costs were read to be allocated." in table.out


def test_allocation_for_people_and_for_spreadsheets(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(
        RULES + '[[rule]]\nmatch = { account = ["cloud"] }\nshare_by_usage = ["shop", "platform"]\n'
    )
    table = ask(*BOTH, "allocate", "--check", "rules.toml", *OCTOBER, *EURO)
    assert table.code == 0
    assert "shared by the costs of shop, platform" in table.out
    assert "Nothing is unallocated." in table.out
    assert "estimated" in table.out
    hole = ("--account", "k8s")  # Aether, which answers for no past month
    over_a_hole = ask(*BOTH, *hole, "allocate", "--check", "rules.toml", *OCTOBER, *EURO)
    assert over_a_hole.code == 3
    assert "Nothing that was read is unallocated." in over_a_hole.out
    (tmp_path / "rules.toml").write_text(RULES)
    unallocated = ask(*BOTH, "allocate", "--check", "rules.toml", *OCTOBER).out
    assert "Unallocated" in unallocated
    assert "0.00 USD" not in unallocated  # all of it is allocated
    rows = ask(
        "--account", "ci", "allocate", "--check", "rules.toml", *OCTOBER, "--format", "csv"
    ).out.splitlines()
    assert rows[1:] == ["shop,78.62,USD,,,178,false,,true", "platform,64.20,USD,,,141,false,,true"]


def test_rules_over_a_hole_are_shown_and_the_exit_code_says_so(
    ask: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(RULES)
    ended = ask(
        "--account", "ci", "--account", "k8s", "allocate", "--check", "rules.toml", *OCTOBER
    )
    assert ended.code == 3
    assert "shop" in ended.out
